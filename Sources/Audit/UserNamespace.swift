import CLinux
import Glibc
import Host
import Listing
import Text

/// What the user namespace of a process allows.
enum UserNamespace {
  /// How many user namespaces may be made in a process's own.
  ///
  /// The kernel answers for the namespace of whoever asks, so a child enters it for the question.
  static func maximum(of subject: Subject) -> Result<String, Complaint> {
    guard subject.hasOwn(namespace: "user")?.verdict == true else {
      return (try? Files.read("/proc/sys/user/max_user_namespaces")).map {
        .success(String(decoding: $0.dropLast(), as: UTF8.self))
      } ?? .failure(Complaint("/proc/sys/user"))
    }
    let needed = Complaint("root, to enter its user namespace")
    guard let namespace = try? Descriptor.open(Text(subject.path("ns/user")), O_RDONLY) else { return .failure(needed) }
    var ends: [Int32] = [0, 0]
    // SAFETY: the kernel writes the two descriptors, and below the status, into variables of their types.
    guard unsafe pipe(&ends) == 0 else { return .failure(Complaint("a pipe")) }
    defer { _ = close(ends[0]) }
    let child = Kernel.raw(.clone, Int(SIGCHLD))
    if child == 0 {
      if Kernel.raw(SystemCall("setns", Int32(SYS_setns)), Int(namespace.raw), 0) == 0,
        let bytes = try? Files.read("/proc/sys/user/max_user_namespaces")
      {
        try? Descriptor.write(Text(bytes: bytes), to: ends[1])
      }
      Process.exit(0)
    }
    _ = close(ends[1])
    guard child > 0 else { return .failure(Complaint("a child process")) }
    let bytes = try? Files.read("/proc/self/fd/\(ends[0])")
    var status: Int32 = 0
    unsafe waitpid(Int32(child), &status, 0)
    guard let bytes, !bytes.isEmpty else { return .failure(needed) }
    return .success(String(decoding: bytes.dropLast(), as: UTF8.self))
  }
}
