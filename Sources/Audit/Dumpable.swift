import CLinux
import Host
import Text

/// Whether a process may be traced by its own user and leaves core dumps.
enum Dumpable {
  /// The kernel gives the files of a process that isn't dumpable to root.
  static func answer(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    guard let leader = try evidence.tasks.get().all.first(where: { $0.id == evidence.subject.process }),
      let owner = (try? FileStatus(at: evidence.subject.path("environ")))?.owner
    else { throw .unseen("a process of this host") }
    let user = try leader.ids("Uid")[1]
    guard user != 0 else { throw .unseen("a process of another user than root: the owner of its files tells") }
    guard owner != user else {
      if isBelowNamespace(of: user, evidence.subject) {
        throw .unseen("a process whose user isn't root of a user namespace: the owner of its files tells")
      }
      throw .refuted("dumpable: its user may trace it")
    }
    return "its files belong to root"
  }

  /// `NS_GET_PARENT` (`linux/nsfs.h`).
  private static let getParent = 0xb702

  /// Whether a user made a namespace that a process's own is in, as a container that one starts without being root.
  ///
  /// The root to whom the kernel gives the files is that of the namespace that the program was executed in, and may be
  /// that user.
  private static func isBelowNamespace(of user: UInt32, _ subject: Subject) -> Bool {
    guard var namespace = try? Descriptor.open(subject.path("ns/user"), O_RDONLY),
      let own = try? FileStatus(at: "/proc/self/ns/user")
    else { return false }
    // The kernel nests them 32 deep at most.
    for _ in 0..<33 {
      let parent = Kernel.raw(.ioctl, Int(namespace.raw), getParent, 0)
      guard parent >= 0 else { return false }
      namespace = Descriptor(owning: Int32(parent))
      guard let status = try? FileStatus(of: namespace.raw), status.inode != own.inode else { return false }
      if UserNamespace.owner(namespace) == user { return true }
    }
    return false
  }
}
