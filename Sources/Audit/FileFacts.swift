import CLinux
import Host
import Text

/// A device's number (makedev(3)).
struct DeviceNumber: Equatable, Sendable {
  let major: UInt32
  let minor: UInt32

  init(_ major: UInt32, _ minor: UInt32) {
    self.major = major
    self.minor = minor
  }

  /// Unpacks the two numbers from the kernel's one (`new_encode_dev`, `linux/kdev_t.h`).
  init(packed: UInt64) {
    major = UInt32(packed >> 8 & 0xfff)
    minor = UInt32(packed & 0xff | packed >> 12 & 0xfff00)
  }

  /// `Documentation/admin-guide/devices.txt`.
  static let null = DeviceNumber(1, 3)
  static let tun = DeviceNumber(10, 200)
  static let kvm = DeviceNumber(10, 232)
  /// `/dev/null`, `/dev/zero`, `/dev/full` and the kernel's log, `/dev/kmsg`.
  static let sinks = [null, DeviceNumber(1, 5), DeviceNumber(1, 7), DeviceNumber(1, 11)]
}

/// What a file is by statx(2), without asking a file system that would have to ask others.
struct FileFacts: Equatable, Sendable {
  enum InodeType: Equatable, Sendable {
    case regular, directory, fifo, socket
    case characterDevice(DeviceNumber)
    case blockDevice(DeviceNumber)
    /// A file without a kind, such as an anonymous inode.
    case other
  }

  let kind: InodeType
  let size: UInt64
  /// The file system's device and the inode, which tell files apart.
  let device: DeviceNumber
  let inode: UInt64
  /// The mount that it was reached by.
  let mount: UInt64

  /// Reads a `struct statx`; nil if the kernel filled in less than is needed.
  init?(_ bytes: [UInt8]) {
    func number(_ offset: Int, _ count: Int) -> UInt64 {
      (0..<count).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
    }
    guard bytes.count == Self.size, number(0, 4) & Self.wanted == Self.wanted else { return nil }
    let own = DeviceNumber(UInt32(number(128, 4)), UInt32(number(132, 4)))
    switch Int32(number(28, 2)) & S_IFMT {
    case S_IFREG: kind = .regular
    case S_IFDIR: kind = .directory
    case S_IFIFO: kind = .fifo
    case S_IFSOCK: kind = .socket
    case S_IFCHR: kind = .characterDevice(own)
    case S_IFBLK: kind = .blockDevice(own)
    default: kind = .other
    }
    size = number(40, 8)
    inode = number(32, 8)
    device = DeviceNumber(UInt32(number(136, 4)), UInt32(number(140, 4)))
    mount = number(144, 8)
  }

  /// The structure's size in bytes.
  static let size = 256
  /// `STATX_TYPE`, `STATX_MODE`, `STATX_INO`, `STATX_SIZE` (`linux/stat.h`).
  private static let wanted: UInt64 = 0x1 | 0x2 | 0x100 | 0x200
  /// The same and `STATX_MNT_ID`.
  static let mask = Int(wanted | 0x1000)
  /// `AT_STATX_DONT_SYNC` and `AT_NO_AUTOMOUNT`.
  static let flags = 0x4000 | 0x800

  /// Whether both are the same file.
  func isSame(as other: FileStatus) -> Bool {
    inode == other.inode && device == DeviceNumber(packed: other.device)
  }

  /// The facts of the files at some of a process's paths, in the same order.
  ///
  /// - Parameters:
  ///   - paths: the paths.
  ///   - name: the file's name below `/proc/PID`, for people.
  /// - Returns: the facts of each.
  /// - Throws: a doubt, if the facts of a file can't be read, or not in time.
  static func of(_ paths: [Text], reading name: String) throws(Doubt) -> [FileFacts] {
    let table = PathTable(paths)
    let answer = table.withPaths { path in
      BoundedChild.run { output in
        var index = 0
        while index < table.count {
          // The path ends in a zero byte, and the kernel writes a structure for which there is room.
          let result = Kernel.raw(.statx, Int(AT_FDCWD), path(index), flags, mask, output.buffer)
          output.say(index, result < 0 ? result : size)
          index += 1
        }
      }
    }
    guard let answer else { throw Doubt(EAGAIN, reading: name) }
    guard answer.isWhole else { throw Doubt(ETIMEDOUT, reading: name) }
    var all: [FileFacts] = []
    for piece in answer.pieces {
      guard piece.error == 0 else { throw Doubt(piece.error, reading: name) }
      guard let facts = FileFacts(piece.bytes) else { throw .refuted("/proc/PID/\(name) can't be told") }
      all.append(facts)
    }
    return all
  }
}
