import CLinux
import Foundation
import Host
import Testing
import Text

/// A directory of its own for one test.
func withDirectory(_ body: (String) throws -> Void) throws {
  let path = NSTemporaryDirectory() + "/brig-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  try body(path)
}

func text(_ string: String) -> Text { Text(bytes: Array(string.utf8)) }

/// To add one: a function with `@Test` that works on files in `withDirectory`.
@Suite("descriptors and files")
struct DescriptorTests {
  /// Whether a number still refers to a file; another test may have got the number in the meantime.
  private func refers(_ raw: Int32, to file: FileStatus) -> Bool {
    guard let status = try? FileStatus(of: raw) else { return false }
    return status.inode == file.inode && status.device == file.device
  }

  @Test("a descriptor is closed when its owner goes, unless it was disarmed")
  func closes() throws {
    try withDirectory { directory in
      let path = text(directory + "/file")
      var raw: Int32 = -1
      var status: FileStatus?
      do {
        let file = try Descriptor.open(path, O_RDWR | O_CREAT, mode: 0o600)
        raw = file.raw
        status = try FileStatus(of: raw)
        #expect(refers(raw, to: try #require(status)))
      }
      #expect(!refers(raw, to: try #require(status)))
      let kept = try Descriptor.open(path, O_RDWR).disarm()
      #expect(refers(kept, to: try #require(status)))
      #expect(Kernel.raw(.fcntl, Int(kept), Int(F_GETFD)) == Int(FD_CLOEXEC))
      #expect(Kernel.raw(.close, Int(kept)) == 0)
    }
  }

  @Test("what the kernel says of a missing file is thrown, with the call's name")
  func missing() {
    do throws(SystemError) {
      _ = try FileBytes.read("/nonexistent/file")
      Issue.record("it was read")
    } catch {
      #expect(error.code == ENOENT && error.message == "open: No such file or directory")
    }
  }

  @Test("all bytes of a text are written")
  func writes() throws {
    try withDirectory { directory in
      let long = String(repeating: "0123456789", count: 100_000)
      try Descriptor.open(text(directory + "/file"), O_WRONLY | O_CREAT, mode: 0o600).write(text(long))
      #expect(try String(contentsOfFile: directory + "/file", encoding: .utf8) == long)
    }
  }

  @Test("a regular file is read whole", arguments: [0, 1, 4095, 4096, 4097, 1_000_000])
  func reads(_ count: Int) throws {
    try withDirectory { directory in
      let content = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) })
      try content.write(to: URL(fileURLWithPath: directory + "/file"))
      let file = try FileBytes.read(text(directory + "/file"))
      #expect(file.count == count)
      // SAFETY: the buffer is used while it is lent.
      let read = file.withSpan { span in unsafe span.withUnsafeBytes { unsafe Data($0) } }
      #expect(read == content)
    }
  }

  @Test("what isn't a regular file is refused, without waiting for a pipe's writer")
  func irregular() throws {
    try withDirectory { directory in
      let status = unsafe mkfifo(directory + "/pipe", 0o600)
      #expect(status == 0)
      for (path, code) in [(directory, EISDIR), (directory + "/pipe", EINVAL), ("/dev/null", EINVAL)] {
        do throws(SystemError) {
          _ = try FileBytes.read(text(path))
          Issue.record("\(path) was read")
        } catch {
          #expect(error.code == code)
        }
      }
    }
  }

  @Test("a file's kind, size and identity are what they are")
  func status() throws {
    try withDirectory { directory in
      try Data(count: 513).write(to: URL(fileURLWithPath: directory + "/file"))
      try FileManager.default.linkItem(atPath: directory + "/file", toPath: directory + "/other")
      let file = try Descriptor.open(text(directory + "/file"), O_RDONLY)
      let other = try Descriptor.open(text(directory + "/other"), O_RDONLY)
      let null = try Descriptor.open("/dev/null", O_RDONLY)
      let folder = try Descriptor.open(text(directory), O_RDONLY)
      let (first, second) = (try FileStatus(of: file.raw), try FileStatus(of: other.raw))
      #expect(first.kind == .regular && first.size == 513 && first.inode == second.inode && first.deviceNumber == 0)
      #expect(try FileStatus(of: null.raw).kind == .characterDevice && FileStatus(of: null.raw).deviceNumber == 0x103)
      #expect(try FileStatus(of: folder.raw).kind == .directory)
      #expect(first.isSame(as: second))
      #expect(try !first.isSame(as: FileStatus(of: folder.raw)) && !first.isSame(as: FileStatus(of: null.raw)))
    }
  }
}
