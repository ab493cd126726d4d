import Glibc
import Host
import Text

/// A file that results go to, opened before there are any: who can't write it is told at once.
///
/// Until then it says that there are none, so that nobody takes an earlier run's results for those of one that was
/// ended.
struct ResultsFile {
  private let path: String
  private let descriptor: Int32
  /// Whether what was written can be replaced, as that of a pipe can't.
  private let isReplaceable: Bool

  /// - Parameters:
  ///   - path: the file, or a pipe.
  ///   - placeholder: what it has until there are results.
  /// - Throws: `Complaint` where it can't be written.
  init(_ path: String, placeholder: [UInt8]) throws(Complaint) {
    self.path = path
    do throws(SystemError) {
      // It stays open until the program ends.
      descriptor = try Descriptor.open(Text(path), O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644).disarm()
    } catch {
      throw Complaint("\(path): \(String(error.reason))")
    }
    isReplaceable = Kernel.raw(.lseek, Int(descriptor), 0, Int(SEEK_SET)) == 0
    if isReplaceable { try write(placeholder) }
  }

  /// Writes results in place of what the file holds.
  func write(_ bytes: [UInt8]) throws(Complaint) {
    do throws(SystemError) {
      if isReplaceable {
        try Kernel.call(.lseek, Int(descriptor), 0, Int(SEEK_SET))
        // Devices, as /dev/full, have no length.
        _ = Kernel.raw(.ftruncate, Int(descriptor), 0)
      }
      try Descriptor.write(Text(bytes: bytes), to: descriptor)
    } catch {
      throw Complaint("\(path): \(String(error.reason))")
    }
  }
}
