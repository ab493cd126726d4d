import CLinux
import Glibc
import Host
import Procfs
import Text

/// What the user namespace of a process allows.
///
/// The kernel answers for the namespace of whoever asks, so a child enters it for the question. A process inside that
/// has capabilities there may then do to the child what they allow: stop it, say, but not trace it. For the child isn't
/// dumpable, which only capabilities over the namespace that this program was started in overcome
/// (`__ptrace_may_access`); and it has become the namespace's owner, so there is nothing to be had from it.
enum UserNamespace {
  /// Whether no user or no group has an id in a process's own: the kernel lets nobody who has none make a further one.
  static func isWithoutIDs(_ subject: Subject) throws(Doubt) -> Bool {
    for file in ["uid_map", "gid_map"] as [Text] where try subject.file(file).trimmed.isEmpty { return true }
    return false
  }

  /// How many user namespaces may be made in a process's own.
  static func maximum(of subject: Subject) throws(Doubt) -> UInt64 {
    guard let theirs = Directory.link(subject.path("ns/user")), let own = Directory.link("/proc/self/ns/user") else {
      throw Doubt(errno, reading: "ns")
    }
    guard theirs != own else {
      guard let number = Subject.text("/proc/sys/user/max_user_namespaces").flatMap({ number($0) }) else {
        throw .unseen("/proc/sys/user")
      }
      return number
    }
    guard let namespace = try? Descriptor.open(subject.path("ns/user"), O_RDONLY), let owner = owner(namespace)
    else { throw .unseen("root, to enter its user namespace") }
    // Then whoever changes its user may be traced by that user, until it has forbidden that.
    guard Subject.text("/proc/sys/fs/suid_dumpable")?.trimmed != "1" else {
      throw .unseen("fs.suid_dumpable other than 1: who enters could be traced")
    }
    // Whoever enters has to be the owner, or to have a capability outside.
    guard owner != 0 else {
      throw .unseen("another owner of its user namespace than root: nothing of root's goes in there")
    }
    guard let number = try ask(namespace, as: owner) else { throw .unseen("root, to enter its user namespace") }
    return number
  }

  private static func number(_ text: Text) -> UInt64? { text.trimmed.number(radix: 10) }

  /// The uid of who made a user namespace.
  static func owner(_ namespace: borrowing Descriptor) -> UInt32? {
    var owner: UInt32 = 0
    let raw = namespace.raw
    let result = unsafe withUnsafeMutablePointer(to: &owner) {
      // SAFETY: the kernel writes the four bytes of a uid during the call (NS_GET_OWNER_UID, `linux/nsfs.h`).
      Kernel.raw(.ioctl, Int(raw), 0xb704, Int(bitPattern: $0))
    }
    return result == 0 ? owner : nil
  }

  /// What a child reads inside, or nil where it may not enter.
  ///
  /// - Throws: a child that was kept from answering, as by a process of the owner's that kills it.
  private static func ask(_ namespace: borrowing Descriptor, as owner: UInt32) throws(Doubt) -> UInt64? {
    let raw = Int(namespace.raw)
    let isRoot = geteuid() == 0
    let answer = PathTable(["/proc/sys/user/max_user_namespaces"]).withPaths { path in
      BoundedChild.run(keeping: namespace.raw) { output in
        guard becomes(owner, isRoot: isRoot), Kernel.raw(.setns, raw, Int(CLONE_NEWUSER)) == 0 else { return }
        let file = Kernel.raw(.openat, Int(AT_FDCWD), path(0), Int(O_RDONLY))
        output.say(0, Kernel.raw(.read, file, output.buffer, BoundedChild.Output.room))
      }
    }
    guard let answer else { throw .unseen("resources of the auditor's own") }
    guard answer.isWhole else { throw .refuted("who asks in its user namespace is kept from answering") }
    return answer.pieces.first.flatMap { number(Text(bytes: $0.bytes)) }
  }

  /// Who is in no group that anything belongs to.
  private static let nogroup = 65534

  /// In the child: whether it has given up everything that the namespace's owner doesn't have, and can't be traced.
  private static func becomes(_ owner: UInt32, isRoot: Bool) -> Bool {
    let user = Int(owner)
    guard Kernel.raw(.prctl, Int(PR_SET_DUMPABLE), 0) == 0 else { return false }
    if isRoot {
      guard Kernel.raw(.setgroups, 0, 0) == 0, Kernel.raw(.setresgid, nogroup, nogroup, nogroup) == 0 else {
        return false
      }
    }
    guard Kernel.raw(.setresuid, user, user, user) == 0 else { return false }
    // Another user makes the kernel set that as fs.suid_dumpable says; entering a namespace of one's own doesn't.
    return Kernel.raw(.prctl, Int(PR_SET_DUMPABLE), 0) == 0 && Kernel.raw(.prctl, Int(PR_GET_DUMPABLE)) == 0
  }
}
