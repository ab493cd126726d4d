import CLinux
import Confinement
import Host
import Text

/// A file that is a net namespace, or is to become one.
struct NetNamespaceFile {
  let path: String
  private var name: Text { Text(path) }

  /// - Throws: a complaint where whoever runs this isn't root.
  init(_ path: String) throws(Complaint) {
    do throws(SystemError) {
      guard try Identity.owner().user == 0 else { throw SystemError(call: "net-namespace", code: EPERM) }
    } catch {
      throw Complaint("net-namespace: \(String(error.reason)): be root")
    }
    self.path = path
  }

  /// Checks it as a tender does, and joins it: this process is in it afterwards.
  ///
  /// - Returns: its inode number.
  /// - Throws: what is wrong with it.
  func check() throws(PreparedNetNamespace.Unfit) -> UInt64 {
    let namespace = try PreparedNetNamespace.opened(name)
    try namespace.join()
    return namespace.inode
  }

  /// Makes one, unless there is one that is fit.
  ///
  /// - Returns: its inode number.
  /// - Throws: a complaint about what is there, or about what can't be done; nothing is left of it then.
  func make() throws(Complaint) -> UInt64 {
    if (try? FileStatus(at: name, following: false)) != nil {
      do throws(PreparedNetNamespace.Unfit) { return try check() } catch {
        throw Complaint("\(path): it is there, and not fit: \(String(error.reason)): remove it, or name another file")
      }
    }
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    if !folder.isEmpty { try Files.makeDirectory(folder) }
    do throws(SystemError) { _ = try Descriptor.open(name, O_RDONLY | O_CREAT | O_EXCL, mode: 0o444) } catch {
      throw Complaint("\(path): \(String(error.reason))")
    }
    do throws(Complaint) { return try fill() } catch {
      try? Mounts.detach(name)
      try? Files.remove(path)
      throw error
    }
  }

  /// Makes a namespace, mounts it on the file, and checks that file.
  private func fill() throws(Complaint) -> UInt64 {
    do throws(SystemError) {
      let own: Text = "/proc/thread-self/ns/net"
      let home = try Descriptor.open(own, O_RDONLY)
      try Kernel.call(.unshare, Int(CLONE_NEWNET))
      try Mounts.bind(own, on: name)
      // A tender may not join the namespace that it is started in.
      try Kernel.call(.setns, Int(home.raw), Int(CLONE_NEWNET))
    } catch {
      let advice = error.code == EPERM ? ": start with CAP_SYS_ADMIN, outside of containers" : ""
      throw Complaint("\(path): \(String(error.message))\(advice)")
    }
    do throws(PreparedNetNamespace.Unfit) { return try check() } catch {
      throw Complaint("\(path): a new one isn't fit: \(String(error.reason)): \(String(error.remedy))")
    }
  }

  /// Removes it, whatever is in it.
  ///
  /// - Throws: a complaint where it isn't a mounted net namespace: nothing is removed then.
  func remove() throws(Complaint) {
    let isNetNamespace: Bool
    do throws(SystemError) {
      let file = try PreparedNetNamespace.open(name)
      isNetNamespace = PreparedNetNamespace.isNetNamespace(file.raw)
    } catch {
      throw Complaint("\(path): \(String(error.reason))")
    }
    guard isNetNamespace else { throw Complaint("\(path): it is no net namespace, and stays") }
    do throws(SystemError) { try Mounts.detach(name) } catch {
      throw Complaint("\(path): it isn't mounted here, and stays: \(String(error.message))")
    }
    try Files.remove(path)
  }
}
