import CLinux
import Foundation
import Host
import Testing
import Text

@testable import Tender

/// To add one: a function that makes a disk by `withFile`, and asks for the `problem` with it.
@Suite("disks")
struct DiskTests {
  /// The image that is run, a file that is none of the disks.
  private static var image: FileStatus { get throws { try FileStatus(at: "/") } }

  /// A file of its own for one test, gone from its directory when the test ends.
  private func withFile(_ size: Int, _ body: (Text) throws -> Void) throws {
    let path = NSTemporaryDirectory() + "/brig-" + UUID().uuidString
    try Data(count: size).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(Text(bytes: Array(path.utf8)))
  }

  /// What is wrong with a disk; nil where nothing is.
  private func problem(
    _ place: Place, _ mode: BlockMode, _ others: [(name: Text, disk: Disk)] = [], image: FileStatus? = nil
  ) -> String? {
    guard let image = image ?? (try? Self.image) else { return "no image" }
    do throws(Failure) {
      _ = try Disk.open(place, mode: mode, others: others, image: image)
      return nil
    } catch {
      return String(decoding: error.message.bytes, as: UTF8.self)
    }
  }

  /// A descriptor of a file whose open file description has a lock on all of it.
  private func locked(_ path: Text, _ type: Int32) throws -> Descriptor {
    let file = try Descriptor.open(path, O_RDWR)
    var lock = flock()
    lock.l_type = Int16(type)
    let setLock: Int32 = 37
    let result = unsafe withUnsafePointer(to: &lock) {
      // SAFETY: the kernel reads the structure during the call.
      Kernel.raw(.fcntl, Int(file.raw), Int(setLock), Int(bitPattern: $0))
    }
    #expect(result == 0)
    return file
  }

  @Test("a file's size is its capacity, and a disk is attached once to be written")
  func measures() throws {
    try withFile(1536) { path in
      let disk = try Disk.open(.name(path), mode: .readWrite, others: [], image: try Self.image)
      #expect(disk.capacity == 1536 && disk.warning == nil && !disk.hasLostLock)
      #expect(problem(.name(path), .readOnly, [("a", disk)])?.contains("attached as `a'") == true)
    }
  }

  @Test("a lock that isn't this process's is in the way, and whose it is is said")
  func locks() throws {
    try withFile(512) { path in
      let file = try locked(path, F_WRLCK)
      for mode in [BlockMode.readOnly, .readWrite] {
        #expect(problem(.name(path), mode)?.contains("locked by an open file description") == true)
        #expect(problem(.descriptor(file.raw), mode)?.contains("by this very descriptor") == true)
      }
    }
    try withFile(512) { path in
      let file = try locked(path, F_RDLCK)
      #expect(problem(.name(path), .readOnly) == nil && problem(.descriptor(file.raw), .readOnly) == nil)
      #expect(problem(.name(path), .readWrite)?.contains("locked by an open file description") == true)
    }
  }

  @Test("a lock is gone when any descriptor of the file is closed, and that is noticed")
  func loses() throws {
    try withFile(512) { path in
      let disk = try Disk.open(.name(path), mode: .readOnly, others: [], image: try Self.image)
      #expect(!disk.hasLostLock)
      _ = try FileBytes.read(path)
      #expect(disk.hasLostLock)
    }
  }

  @Test("readers share a disk under two names")
  func shares() throws {
    try withFile(512) { path in
      let disk = try Disk.open(.name(path), mode: .readOnly, others: [], image: try Self.image)
      #expect(problem(.name(path), .readOnly, [("a", disk)]) == nil)
      #expect(problem(.name(path), .readWrite, [("a", disk)])?.contains("attached as `a'") == true)
    }
  }

  @Test("the image is a disk only to be read, and a path to a descriptor is none")
  func image() throws {
    try withFile(512) { path in
      let image = try FileStatus(at: path)
      #expect(problem(.name(path), .readWrite, image: image)?.contains("it is the image") == true)
      #expect(problem(.name(path), .synchronous, image: image)?.contains("it is the image") == true)
      #expect(problem(.name(path), .readOnly, image: image) == nil)
      let file = try Descriptor.open(path, O_RDWR)
      #expect(problem(.name("/dev/fd/\(file.raw)"), .readOnly)?.contains("by @ and its number") == true)
    }
  }

  @Test("a descriptor must be open for what the mode asks")
  func adopts() throws {
    try withFile(512) { path in
      let cases: [(Int32, BlockMode, Bool)] = [
        (O_RDONLY, .readOnly, true), (O_RDONLY, .readWrite, false), (O_WRONLY, .readWrite, false),
        (O_WRONLY, .readOnly, false), (O_RDWR, .readWrite, true), (O_RDWR | O_APPEND, .readWrite, false),
        (O_RDWR, .synchronous, false), (O_RDWR | O_DSYNC, .synchronous, true), (CLINUX_O_PATH, .readOnly, false),
      ]
      for (flags, mode, good) in cases {
        let file = try Descriptor.open(path, flags)
        #expect((problem(.descriptor(file.raw), mode) == nil) == good, "\(flags) \(mode.name)")
      }
    }
  }

  @Test("what standard output goes to is no disk", arguments: [1, 2] as [Int32])
  func console(_ descriptor: Int32) async {
    await #expect(processExitsWith: .exitCode(0)) { [descriptor] in
      let path = Text(bytes: Array((NSTemporaryDirectory() + "/brig-" + UUID().uuidString).utf8))
      let file = try Descriptor.open(path, O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
      let image = try FileStatus(at: "/")
      defer { unsafe unlink(String(decoding: path.bytes, as: UTF8.self)) }
      guard (try? Disk.open(.name(path), mode: .readWrite, others: [], image: image)) != nil else { exit(1) }
      for place in [Place.name(path), .descriptor(descriptor)] {
        // A refusal takes standard error away from the file.
        dup2(file.raw, descriptor)
        do throws(Failure) {
          _ = try Disk.open(place, mode: .readWrite, others: [], image: image)
          exit(2)
        } catch {
          guard String(decoding: error.message.bytes, as: UTF8.self).contains("text would be written") else { exit(3) }
        }
      }
      exit(0)
    }
  }
}
