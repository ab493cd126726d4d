import CLinux
import Glibc

/// A program that the shell starts, and that is killed at the end of the test.
struct Shell {
  let process: Int32

  /// Starts a command, which must begin with the program itself, and gives its standard streams to /dev/null.
  ///
  /// - Parameters:
  ///   - command: the command.
  ///   - ready: how long to wait for it to get going, in microseconds.
  init?(_ command: String, ready: UInt32 = 300_000) {
    let output = Self.output("(\(command)) >/dev/null 2>&1 & echo $!")
    guard let process = Int32(output.filter(\.isNumber)) else { return nil }
    self.process = process
    usleep(ready)
  }

  /// What a command writes to standard output.
  static func output(_ command: String) -> String {
    guard let stream = unsafe popen(command, "r") else { return "" }
    var bytes: [UInt8] = []
    while true {
      let byte = unsafe fgetc(stream)
      guard byte != EOF else { break }
      bytes.append(UInt8(truncatingIfNeeded: byte))
    }
    _ = unsafe pclose(stream)
    return String(decoding: bytes, as: UTF8.self)
  }

  func kill() { _ = Glibc.kill(process, SIGKILL) }
}
