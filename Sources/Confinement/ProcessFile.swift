import CLinux
import Host
import Text

/// A file under `/proc` that is read or written whole.
enum ProcessFile {
  static func write(_ path: Text, _ value: Text) throws(SystemError) {
    try Descriptor.open(path, O_WRONLY).write(value)
  }

  /// Writes a line to a file and reads it again, without looking for the file twice: its name may have many before it
  /// in the kernel's tables.
  ///
  /// - Returns: whether the file holds that line now.
  static func set(_ path: Text, _ value: Text) throws(SystemError) -> Bool {
    let file = try Descriptor.open(path, O_RDWR)
    try file.write(value)
    return try file.read(most: 32, at: 0) == value.bytes + [UInt8(ascii: "\n")]
  }

  /// Reads what a file holds, up to a number of bytes.
  static func read(_ path: Text, most: Int = 32) throws(SystemError) -> [UInt8] {
    try Descriptor.open(path, O_RDONLY).read(most: most)
  }

  /// Whether bytes are in a file below `/proc` that is the kernel's own: nothing is mounted over it or on the way to
  /// it.
  ///
  /// A file of procfs's can lie there, too, that says what a process has chosen, or another process's. So the way
  /// begins at the root of a procfs, goes over no mount (openat2(2), Linux 5.6), and where it goes by `self`, that is
  /// this very process.
  ///
  /// It is read to its end, a piece at a time: the groups, of which a process can have 65,536 (`NGROUPS_MAX`), are a
  /// line of it.
  ///
  /// - Throws: `ENOSYS` where `/proc` is no procfs, or a filter has answered; else what the kernel said.
  static func own(_ path: StaticString, has wanted: [UInt8]) throws(SystemError) -> Bool {
    let root = try Descriptor.open("/proc", CLINUX_O_PATH | O_DIRECTORY)
    guard root.raw > 0, try isProcessRoot(root) else { throw SystemError(call: "open", code: ENOSYS) }
    // `struct open_how` (linux/openat2.h): flags, mode, and RESOLVE_NO_XDEV with RESOLVE_NO_MAGICLINKS.
    let how: InlineArray<3, UInt64> = [UInt64(O_RDONLY | O_CLOEXEC), 0, 0b11]
    let raw = unsafe withUnsafePointer(to: how) { how in
      // SAFETY: a literal is terminated; the kernel reads the three words of the structure during the call.
      unsafe Kernel.raw(
        .openat2, Int(root.raw), Int(bitPattern: path.utf8Start), Int(bitPattern: how),
        MemoryLayout<InlineArray<3, UInt64>>.size)
    }
    guard raw > 0 else { throw SystemError(call: "openat2", code: raw < 0 ? Int32(-raw) : ENOSYS) }
    let file = Descriptor(owning: Int32(raw))
    var seen: [UInt8] = []
    for _ in 0..<mostPieces {
      let piece = try file.read(most: pieceSize)
      guard !piece.isEmpty else { break }
      // What is sought may begin in one piece and end in the next.
      seen = seen.suffix(wanted.count - 1) + piece
      if seen.contains(wanted) { return true }
    }
    return false
  }

  /// Whether a directory is the root of a procfs (`PROC_SUPER_MAGIC` of linux/magic.h, `PROC_ROOT_INO` of
  /// linux/proc_fs.h).
  private static func isProcessRoot(_ directory: borrowing Descriptor) throws(SystemError) -> Bool {
    var status = statfs()
    let result = unsafe withUnsafeMutablePointer(to: &status) {
      // SAFETY: the kernel writes its `struct statfs`, which is the C library's on both architectures.
      Kernel.raw(.fstatfs, Int(directory.raw), Int(bitPattern: $0))
    }
    guard result == 0, Int(status.f_type) == 0x9fa0 else { return false }
    return try FileStatus(of: directory.raw).inode == 1
  }

  private static let pieceSize = 4096
  /// 65,536 groups have ten digits each and a space; a piece may be shorter than was asked for.
  private static let mostPieces = 512
}

extension [UInt8] {
  /// Whether the bytes hold others.
  func contains(_ text: [UInt8]) -> Bool {
    guard count >= text.count else { return false }
    return (0...count - text.count).contains { self[$0...].starts(with: text) }
  }
}
