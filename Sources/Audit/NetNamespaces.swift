import CLinux
import Confinement
import Glibc
import Host
import Procfs
import Receipts
import Text

/// Whether a process's net namespace is its own, or a prepared one with nothing in it.
///
/// Its own is owned by its user namespace. Any other was made before it: that one is looked at from inside, and has to
/// be known as prepared, by its inode number, unless nobody else is in it.
enum NetNamespaces {
  /// Tells one from the other for each task.
  ///
  /// - Parameters:
  ///   - evidence: what the audit has gathered.
  ///   - other: whose namespace it isn't in, for people.
  /// - Returns: what it is.
  /// - Throws: what else it is, or what it would take to tell.
  static func answer(_ evidence: ProcessEvidence, than other: String) throws(Doubt) -> Detail {
    let subject = evidence.subject
    var prepared: UInt64?
    for task in try evidence.tasks.get().own {
      let folder = subject.path("task/\(task.id)/ns")
      let file = try open("\(folder)/net")
      let net = try status(of: file)
      let claimed = evidence.receipt.record?.netNamespace
      if let inode = claimed?.inode, inode != net.inode {
        throw .refuted("net namespace \(net.inode), and the receipt says \(inode)")
      }
      let owner = try owner(of: file)
      let own = try status("/proc/self/ns/user")
      if let owner, owner.isSame(as: try status("\(folder)/user")), !owner.isSame(as: own) { continue }
      guard let owner, owner.isSame(as: own) else {
        throw .unseen("an auditor in the user namespace that owns net namespace \(net.inode)")
      }
      let interfaces = try interfaces(of: file)
      do throws(PreparedNetNamespace.Unfit) { try PreparedNetNamespace.checkIsEmpty(interfaces) } catch {
        throw .refuted("net namespace \(net.inode), which it didn't make: \(String(error.reason))")
      }
      let usual = try? FileStatus(at: PreparedNetNamespace.usualPath)
      if claimed?.inode != nil || usual.map({ $0.isSame(as: net) }) ?? false {
        prepared = net.inode
      } else if let neighbour = try neighbour(of: subject, "\(folder)/net") {
        throw .refuted(
          "net namespace \(net.inode), which process \(neighbour) is in, too, and nobody says that it was prepared")
      }
    }
    guard let prepared else { return "another than \(other)" }
    return "prepared: net namespace \(prepared), which is empty, another than \(other)"
  }

  private static func open(_ path: Text) throws(Doubt) -> Descriptor {
    do throws(SystemError) { return try Descriptor.open(path, O_RDONLY) } catch {
      throw Doubt(error.code, reading: "ns")
    }
  }

  private static func status(of file: borrowing Descriptor) throws(Doubt) -> FileStatus {
    do throws(SystemError) { return try FileStatus(of: file.raw) } catch { throw Doubt(error.code, reading: "ns") }
  }

  private static func status(_ path: Text) throws(Doubt) -> FileStatus {
    do throws(SystemError) { return try FileStatus(at: path) } catch { throw Doubt(error.code, reading: "ns") }
  }

  /// The user namespace that owns a net namespace; nil for one that is outside of this process's.
  private static func owner(of namespace: borrowing Descriptor) throws(Doubt) -> FileStatus? {
    let raw = Kernel.raw(.ioctl, Int(namespace.raw), 0xb701)  // NS_GET_USERNS (linux/nsfs.h)
    guard raw != -Int(EPERM) else { return nil }
    guard raw >= 0 else { throw .unseen("a kernel that says who owns a namespace") }
    return try status(of: Descriptor(owning: Int32(raw)))
  }

  /// Has a child list the interfaces, by system calls alone, inside a namespace that root of this process's user
  /// namespace owns: whoever else is there has no capability over it.
  private static func interfaces(of namespace: borrowing Descriptor) throws(Doubt) -> [Interface] {
    let raw = namespace.raw
    let answer = unsafe LinkMessages.request.withUnsafeBytes { request in
      BoundedChild.run(keeping: raw) { output in
        let entered = Kernel.raw(.setns, Int(raw), Int(CLONE_NEWNET))
        guard entered == 0 else { return output.say(0, entered) }
        let socket = Kernel.raw(.socket, Int(AF_NETLINK), Int(CLINUX_SOCK_DGRAM), 0)
        // SAFETY: the kernel reads the request, which outlives the child, and writes at most as much as there is room
        // for.
        let sent = Kernel.raw(.write, socket, Int(bitPattern: request.baseAddress), request.count)
        guard sent == request.count else { return output.say(0, min(sent, -Int(EPROTO))) }
        // All of the answer is there before it is asked for.
        while case let count = Kernel.raw(receive, socket, output.buffer, BoundedChild.Output.room, dontWait), count > 0
        {
          output.say(1, count)
        }
      }
    }
    guard let answer, answer.isWhole else { throw .unseen("resources of the auditor's own") }
    if let error = answer.pieces.first(where: { $0.error != 0 })?.error {
      guard error != EPERM else { throw .unseen("root with CAP_SYS_ADMIN, to look into its net namespace") }
      throw .unseen("its interfaces: \(String(SystemError.reason(of: error)))")
    }
    var messages = LinkMessages()
    do throws(SystemError) { for piece in answer.pieces { try messages.take(piece.bytes) } } catch {
      throw .unseen("its interfaces: \(String(error.message))")
    }
    guard messages.isComplete else { throw .unseen("its interfaces, all of them") }
    return messages.interfaces
  }

  private static let receive = SystemCall("recvfrom", Int32(SYS_recvfrom))
  private static let dontWait = 0x40  // MSG_DONTWAIT

  /// Another process in the same namespace, as far as `/proc` shows; nil for none.
  private static func neighbour(of subject: Subject, _ path: Text) throws(Doubt) -> Int32? {
    guard let link = Directory.link(path) else { throw Doubt(errno, reading: "ns") }
    var census = Census(except: subject.process)
    while case let people = try census.next(), !people.isEmpty {
      for (task, process) in people where Directory.link("/proc/\(process)/task/\(task)/ns/net") == link {
        return process
      }
    }
    return nil
  }
}
