import CLinux
import Host
import Text

/// A file or block device that is attached as a disk: opened, locked, measured.
struct Disk {
  let descriptor: Int32
  let capacity: UInt64
  let status: FileStatus
  let mode: BlockMode
  private let lock: FileLock
  /// As the option has it.
  private let name: Text

  /// What can't be promised of this disk, for standard error.
  var warning: Text? {
    guard case .missing(let error) = lock.state else { return nil }
    return "\(name): cannot be locked: \(error.reason): nothing keeps a second tender off it"
  }

  /// Whether its lock was held, and is no longer.
  var hasLostLock: Bool { if case .held = lock.state { FileLock.hasGone(descriptor) } else { false } }

  /// Opens a disk and locks it against every other tender.
  ///
  /// Readers share a disk, as a file or as a block device. A writer claims a block device that it opens, which its
  /// being mounted prevents too. One of the `others`, attached so far, is refused unless both are only read, and the
  /// image is refused unless it is only read.
  ///
  /// From here on no descriptor of the disk may be closed: that would give up the lock.
  ///
  /// - Throws: one line of what is wrong.
  static func open(
    _ place: Place, mode: BlockMode, others: [(name: Text, disk: Disk)], image: FileStatus
  ) throws(Failure) -> Disk {
    let name: Text
    let descriptor: Int32
    switch place {
    case .name(let path):
      name = path
      if place.namesDescriptor { throw problem(path, Place.adviceForDescriptor) }
      // A block device that this tender has claimed itself would only be said to be in use.
      if let status = try? FileStatus(at: path) { try checkAlone(status, name, mode, others) }
      do throws(SystemError) {
        descriptor = try Descriptor.open(path, flags(of: mode)).disarm()
      } catch {
        throw problem(path, error.code == EBUSY ? claimed : error.reason)
      }
    case .descriptor(let given):
      name = "@\(given)"
      descriptor = given
      try adopt(given, name, mode)
    }
    let status: FileStatus
    do throws(SystemError) { status = try FileStatus(of: descriptor) } catch { throw problem(name, error.reason) }
    guard status.kind == .regular || status.kind == .blockDevice else {
      throw problem(name, "Not a regular file or block device")
    }
    guard mode == .readOnly || !status.isSame(as: image) else { throw problem(name, "it is the image") }
    for console in 1...2 as ClosedRange<Int32> {
      guard let output = try? FileStatus(of: console), status.isSame(as: output) else { continue }
      // Not even the line that says so may go there.
      if console == 2 { _ = Kernel.raw(.dup3, 0, 2, 0) }
      throw problem(name, "standard output or standard error goes there: text would be written into the disk")
    }
    try checkAlone(status, name, mode, others)
    if case .descriptor = place, status.kind == .blockDevice, mode != .readOnly, BlockClaim.isOthers(descriptor) {
      throw problem(name, claimed)
    }
    let lock: FileLock
    do throws(Failure) {
      lock = try FileLock(descriptor, shared: mode == .readOnly)
    } catch {
      throw problem(name, error.message)
    }
    let end = Kernel.raw(.lseek, Int(descriptor), 0, Int(SEEK_END))
    guard end >= 0 else {
      throw Failure("\(name): Could not determine capacity: \(SystemError.reason(of: Int32(-end)))")
    }
    return Disk(descriptor: descriptor, capacity: UInt64(end), status: status, mode: mode, lock: lock, name: name)
  }

  /// Whether a file or device is this disk.
  func isSame(as other: FileStatus) -> Bool {
    status.isSame(as: other)
  }

  /// Without O_CREAT, O_EXCL claims a block device and means nothing for a file (open(2)); a pipe that is named by
  /// mistake must not hold the tender up.
  private static func flags(of mode: BlockMode) -> Int32 {
    switch mode {
    case .readOnly: O_RDONLY | O_NONBLOCK
    case .readWrite: O_RDWR | O_EXCL | O_NONBLOCK
    case .synchronous: O_RDWR | O_EXCL | O_NONBLOCK | O_DSYNC
    }
  }

  private static var claimed: Text { "in use: mounted, or claimed by another process" }

  private static func checkAlone(
    _ status: FileStatus, _ name: Text, _ mode: BlockMode, _ others: [(name: Text, disk: Disk)]
  ) throws(Failure) {
    for other in others where other.disk.isSame(as: status) && (mode != .readOnly || other.disk.mode != .readOnly) {
      throw problem(name, "the same disk is attached as `\(other.name)': attach each disk once, or all with ro")
    }
  }

  private static func problem(_ name: Text, _ reason: Text) -> Failure {
    Failure("Could not open block device: \(name): \(reason)")
  }

  /// Checks that a launcher's descriptor can do what the mode asks for.
  private static func adopt(_ descriptor: Int32, _ name: Text, _ mode: BlockMode) throws(Failure) {
    let flags = Kernel.raw(.fcntl, Int(descriptor), Int(F_GETFL))
    guard flags >= 0 else { throw problem(name, SystemError.reason(of: Int32(-flags))) }
    let access = Int32(flags) & CLINUX_O_ACCMODE
    guard flags & Int(CLINUX_O_PATH) == 0, access != O_WRONLY, mode == .readOnly || access == O_RDWR else {
      throw problem(name, "The descriptor is not open for what --block-mode asks: open it read-write, or use ro")
    }
    guard flags & Int(O_APPEND) == 0 else {
      throw problem(name, "The descriptor appends whatever the offset: open it without O_APPEND")
    }
    guard mode != .synchronous || flags & Int(O_DSYNC) == Int(O_DSYNC) else {
      throw problem(name, "The descriptor is not synchronous: open it with O_DSYNC")
    }
  }
}
