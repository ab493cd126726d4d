import CLinux
import Host
import Text

/// A file or block device that is attached as a disk: opened, locked, measured.
struct Disk {
  let descriptor: Int32
  let capacity: UInt64
  let status: FileStatus
  let mode: BlockMode
  /// What can't be promised of this disk, for standard error.
  var warning: Text?

  /// Opens a disk and locks it against every other tender.
  ///
  /// A lock of the open file description is shared for a disk that is only read; a block device is claimed exclusively,
  /// which its being mounted prevents too. One of the `others`, attached so far, is refused unless both are only read, and
  /// the image is refused unless it is only read.
  ///
  /// - Throws: one line of what is wrong.
  static func open(
    _ place: Place, mode: BlockMode, others: [(name: Text, disk: Disk)], image: FileStatus
  ) throws(Failure) -> Disk {
    let name: Text
    let descriptor: Int32
    var known = false
    switch place {
    case .name(let path):
      name = path
      if place.namesDescriptor { throw problem(path, Place.adviceForDescriptor) }
      // A block device that this tender has claimed already can't be claimed again; whether it may be used twice is said below.
      known = (try? FileStatus(at: path)).map { status in others.contains { $0.disk.isSame(as: status) } } ?? false
      do throws(SystemError) {
        descriptor = try Descriptor.open(path, known ? flags(of: mode) & ~O_EXCL : flags(of: mode)).disarm()
      } catch {
        throw problem(
          path, error.code == EBUSY ? "in use: mounted, or claimed by another process" : error.reason)
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
    guard !known || others.contains(where: { $0.disk.isSame(as: status) }) else {
      throw problem(name, "has become another one while it was opened")
    }
    guard mode == .readOnly || !status.isSame(as: image) else { throw problem(name, "it is the image") }
    for console in 1...2 as ClosedRange<Int32> {
      guard let output = try? FileStatus(of: console), status.isSame(as: output) else { continue }
      // Not even the line that says so may go there.
      if console == 2 { _ = Kernel.raw(.dup3, 0, 2, 0) }
      throw problem(name, "standard output or standard error goes there: text would be written into the disk")
    }
    for other in others where other.disk.isSame(as: status) && (mode != .readOnly || other.disk.mode != .readOnly) {
      throw problem(name, "the same disk is attached as `\(other.name)': attach each disk once, or all with ro")
    }
    let warning = try lock(descriptor, name, mode)
    let end = Kernel.raw(.lseek, Int(descriptor), 0, Int(SEEK_END))
    guard end >= 0 else {
      throw Failure("\(name): Could not determine capacity: \(SystemError.reason(of: Int32(-end)))")
    }
    return Disk(descriptor: descriptor, capacity: UInt64(end), status: status, mode: mode, warning: warning)
  }

  /// Whether a file or device is this disk.
  func isSame(as other: FileStatus) -> Bool {
    status.isSame(as: other)
  }

  private static func flags(of mode: BlockMode) -> Int32 {
    // Without O_CREAT, O_EXCL claims a block device and means nothing for a file (open(2)); a pipe that is named by mistake
    // must not hold the tender up.
    switch mode {
    case .readOnly: O_RDONLY | O_EXCL | O_NONBLOCK
    case .readWrite: O_RDWR | O_EXCL | O_NONBLOCK
    case .synchronous: O_RDWR | O_EXCL | O_NONBLOCK | O_DSYNC
    }
  }

  private static func problem(_ name: Text, _ reason: Text) -> Failure {
    Failure("Could not open block device: \(name): \(reason)")
  }

  /// Checks that a launcher's descriptor can do what the mode asks for.
  private static func adopt(_ descriptor: Int32, _ name: Text, _ mode: BlockMode) throws(Failure) {
    let flags = Kernel.raw(.fcntl, Int(descriptor), Int(F_GETFL))
    guard flags >= 0 else { throw problem(name, SystemError.reason(of: Int32(-flags))) }
    let access = Int32(flags) & O_ACCMODE
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

  /// - Returns: a warning where the file system has no locks.
  private static func lock(_ descriptor: Int32, _ name: Text, _ mode: BlockMode) throws(Failure) -> Text? {
    var lock = flock()
    lock.l_type = Int16(mode == .readOnly ? F_RDLCK : F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    let result = unsafe withUnsafePointer(to: &lock) {
      // SAFETY: the kernel reads the structure during the call.
      Kernel.raw(.fcntl, Int(descriptor), Int(CLINUX_F_OFD_SETLK), Int(bitPattern: $0))
    }
    switch -result {
    case 0: return nil
    case Int(EAGAIN), Int(EACCES): throw problem(name, "in use: locked by another process, perhaps another tender")
    default:
      return
        "\(name): cannot be locked: \(SystemError.reason(of: Int32(-result))): nothing keeps a second tender off it"
    }
  }
}
