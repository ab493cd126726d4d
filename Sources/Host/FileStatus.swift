import CLinux
package import Text

/// What a descriptor or a path refers to (stat(2)).
package struct FileStatus: Sendable {
  /// A file's type.
  package enum FileType: Equatable, Sendable {
    case regular, directory, blockDevice, characterDevice, pipe, socket, other
  }

  package let kind: FileType
  /// The size in bytes; 0 for a device.
  package let size: UInt64
  /// The file system's device and the inode, which tell files apart; for a device its own number.
  package let device: UInt64
  package let inode: UInt64
  /// The number of the device that this is, 0 for others.
  package let deviceNumber: UInt64

  /// The user and the group that own it.
  package let owner: UInt32
  package let group: UInt32
  /// The permission bits, such as 0o660.
  package let permissions: UInt32
  /// When its content was last changed, in seconds since 1970.
  package let modified: Int64

  /// Whether both are one file, or one device under whatever names.
  package func isSame(as other: FileStatus) -> Bool {
    guard kind == other.kind else { return false }
    if kind == .blockDevice { return deviceNumber == other.deviceNumber }
    return device == other.device && inode == other.inode
  }

  /// Whether it is `/dev/null` (Documentation/admin-guide/devices.txt).
  package var isNull: Bool { kind == .characterDevice && deviceNumber == 1 << 8 | 3 }

  /// Asks the kernel about an open file.
  package init(of descriptor: Int32) throws(SystemError) {
    var status = stat()
    let result = unsafe withUnsafeMutablePointer(to: &status) {
      // SAFETY: the kernel writes its `struct stat`, which is the C library's on both architectures.
      Kernel.raw(.fstat, Int(descriptor), Int(bitPattern: $0))
    }
    guard result == 0 else { throw SystemError(call: "fstat", code: Int32(-result)) }
    try self.init(status, by: "fstat")
  }

  /// Asks the kernel about what a path leads to, without opening it.
  ///
  /// - Parameters:
  ///   - path: the file's name, without a terminator.
  ///   - following: whether that is what a symbolic link leads to, or the link itself.
  /// - Throws: what the kernel said when it refused.
  package init(at path: Text, following: Bool = true) throws(SystemError) {
    var status = stat()
    let terminated = path.bytes + [0]
    let result = unsafe terminated.withUnsafeBytes { name in
      unsafe withUnsafeMutablePointer(to: &status) {
        // SAFETY: the name ends in a zero byte and outlives the call; the kernel writes its `struct stat`.
        Kernel.raw(
          .newfstatat, Int(AT_FDCWD), Int(bitPattern: name.baseAddress), Int(bitPattern: $0),
          following ? 0 : Int(AT_SYMLINK_NOFOLLOW))
      }
    }
    guard result == 0 else { throw SystemError(call: "stat", code: Int32(-result)) }
    try self.init(status, by: "stat")
  }

  /// - Throws: `ENOSYS` where the kernel has written nothing: every file has a mode.
  private init(_ status: stat, by call: StaticString) throws(SystemError) {
    guard status.st_mode != 0 else { throw SystemError(call: call, code: ENOSYS) }
    switch Int32(bitPattern: status.st_mode) & S_IFMT {
    case S_IFREG: kind = .regular
    case S_IFDIR: kind = .directory
    case S_IFBLK: kind = .blockDevice
    case S_IFCHR: kind = .characterDevice
    case S_IFIFO: kind = .pipe
    case S_IFSOCK: kind = .socket
    default: kind = .other
    }
    size = UInt64(max(status.st_size, 0))
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    deviceNumber = UInt64(status.st_rdev)
    owner = status.st_uid
    group = status.st_gid
    permissions = status.st_mode & 0o7777
    modified = Int64(status.st_mtim.tv_sec)
  }
}
