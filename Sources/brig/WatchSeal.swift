import ArgumentParser
import Glibc
import Host
import Receipts
import Text

/// `brig watch-seal`: the watcher's own command line, which `brig run --show-seal` starts.
struct WatchSeal: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "watch-seal", shouldDisplay: false)

  @Option var tender: Int
  @Flag var emulated = false
  @Option var skip = 0
  @Option var copy: Int32?
  @Argument var receipt: String

  func run() throws {
    let before = Self.filters(of: "self")
    while isAlive && !isSealed(before) { usleep(3000) }
    guard let bytes = content(), let record = try? ReceiptRecord(parsing: bytes, path: "receipt") else { return }
    guard emulated || record.process == Int64(tender) else { return }
    if let copy { try? Descriptor.write(Text(bytes: bytes), to: copy) }
    Files.complain(record.summary)
  }

  private func content() -> [UInt8]? { (try? Files.read(receipt)).map { Array($0.dropFirst(skip)) } }

  /// Whether the tender, whose child this process is, is still there.
  private var isAlive: Bool { Kernel.raw(.getppid) == tender }

  /// Whether the tender has one filter more than at its start.
  ///
  /// In an emulated machine: whether the receipt is complete.
  private func isSealed(_ before: Int?) -> Bool {
    guard !emulated, let before else { return content()?.suffix(3).elementsEqual("\n}\n".utf8) == true }
    return (Self.filters(of: "\(tender)") ?? 0) > before
  }

  /// How many filters a process has; nil if the kernel doesn't say (before Linux 5.9).
  private static func filters(of process: String) -> Int? {
    guard let status = try? Files.read("/proc/\(process)/status") else { return nil }
    let line = String(raw: status).split(separator: "\n").first { $0.hasPrefix("Seccomp_filters:") }
    return line?.split(separator: "\t").last.flatMap { Int($0) }
  }
}
