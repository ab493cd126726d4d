@testable import Audit
import CLinux
import Glibc
import Host
import Procfs
import Text

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
    if command.contains("exec sleep ") || command.hasSuffix("sleep 20") {
      Self.wait(for: process, toBe: "sleep")
    } else {
      usleep(ready)
    }
  }

  /// Waits until a process has executed a program of a name, and got going, for ten seconds at most.
  static func wait(for process: Int32, toBe name: Text) {
    for _ in 0..<1000 where Subject.text("/proc/\(process)/comm")?.trimmed != name { usleep(10_000) }
    // Its libraries are there once it waits.
    for _ in 0..<1000
    where Subject.text("/proc/\(process)/wchan")?.bytes.starts(with: "hrtimer_nanosleep".utf8) != true {
      usleep(1000)
    }
  }

  /// Starts a tender and waits until it is sealed, for ten seconds at most.
  ///
  /// - Parameters:
  ///   - command: the command, in which the tender takes the shell's place.
  ///   - receipt: the receipt of one that installs no filter; it is sealed once that is written.
  init?(tender command: String, receipt: String? = nil) {
    self.init(command, ready: 0)
    for _ in 0..<1000 {
      if let receipt {
        if (try? Files.read(receipt))?.isEmpty == false { return }
      } else if Self.filters(of: process) > Self.filters(of: getpid()) {
        return
      }
      usleep(10_000)
    }
    kill()
    return nil
  }

  /// How many seccomp filters a process has.
  private static func filters(of process: Int32) -> Int {
    Subject.text("/proc/\(process)/status").flatMap { KeyedLines($0)["Seccomp_filters"]?.integer } ?? 0
  }

  /// What a command writes to standard output.
  static func output(_ command: String) -> String {
    guard let run = try? ChildProcess.run(["bash", "-c", command]) else { return "" }
    return String(decoding: run.output, as: UTF8.self)
  }

  func kill() { _ = Glibc.kill(process, SIGKILL) }
}
