import CLinux
import Glibc
import Host
package import Text

/// A disk that was made, open for reading and writing; it is full of zeros, and takes no room until something is
/// written.
package struct CreatedDisk: Sendable {
  package let request: DiskRequest
  /// The descriptor, which a program that this process becomes doesn't get yet.
  package let descriptor: Int32
  /// Where it is, for people.
  private let place: String

  /// Makes a disk.
  ///
  /// - Parameters:
  ///   - request: what is asked for.
  ///   - synchronous: whether what is written is to be on the medium (`O_DSYNC`).
  /// - Throws: `Complaint`; nothing is left of it then.
  package init(_ request: DiskRequest, synchronous: Bool) throws(Complaint) {
    let flags = O_RDWR | (synchronous ? O_DSYNC : 0)
    self.request = request
    do throws(SystemError) {
      if let path = request.path {
        descriptor = try Self.named(path, flags, request.size)
        place = path
      } else {
        (descriptor, place) = try Self.unnamed(flags, request.size)
      }
    } catch {
      let name = request.path?.shown ?? request.device
      let reason =
        error.code == EEXIST
        ? "it is there already: attach it by --block:\(request.device)=\(name), or remove it" : String(error.reason)
      throw Complaint("run: --create-disk: \(name): \(reason)")
    }
  }

  /// What becomes of it, for people.
  package var sentence: String {
    request.path == nil
      ? "the disk `\(request.device)' of \(request.size) bytes has no name, and is gone when the tender ends (\(place.shown))"
      : "made the disk \(place.shown) of \(request.size) bytes, which stays when the tender ends"
  }

  /// Takes its name away, unless another file has it by now.
  package func remove() {
    guard let path = request.path, let own = try? FileStatus(of: descriptor),
      let there = try? FileStatus(at: Text(path), following: false), there.isSame(as: own)
    else { return }
    try? Files.remove(path)
  }

  private static func named(_ path: String, _ flags: Int32, _ size: UInt64) throws(SystemError) -> Int32 {
    // Whatever has the name is kept, a link that leads nowhere too.
    let file = try Descriptor.open(Text(path), flags | O_CREAT | O_EXCL, mode: 0o600)
    do throws(SystemError) { try Kernel.call(.ftruncate, Int(file.raw), Int(size)) } catch {
      try? Files.remove(path)
      throw error
    }
    return file.disarm()
  }

  /// In a directory for files that don't last, on a file system that has files without a name; else in memory.
  private static func unnamed(_ flags: Int32, _ size: UInt64) throws(SystemError) -> (Int32, place: String) {
    for directory in directories {
      guard let file = try? Descriptor.open(Text(directory), flags | temporary, mode: 0o600),
        Kernel.raw(.ftruncate, Int(file.raw), Int(size)) == 0
      else { continue }
      return (file.disarm(), "in \(directory)")
    }
    let file = try Files.unnamed("disk", isInherited: false)
    try Kernel.call(.ftruncate, Int(file.raw), Int(size))
    // It was opened without the flags.
    return (try Descriptor.open("/proc/self/fd/\(file.raw)", flags).disarm(), "in memory")
  }

  private static var directories: [String] {
    // SAFETY: the environment's strings are terminated, and nothing here changes them.
    let own = unsafe getenv("TMPDIR").map {
      unsafe String(raw: Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))))
    }
    return (own.map { [$0] } ?? []) + ["/var/tmp", "/tmp"]
  }

  /// `O_TMPFILE` (open(2)): a file without a name, in a directory; and nobody can give it one.
  private static let temporary = 0o20_000_000 | O_DIRECTORY | O_EXCL
}
