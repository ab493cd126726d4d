import CLinux
import Glibc
import Receipts

/// What a test of a running tender needs.
enum Bench {
  /// The repository's directory, under a name that a shell doesn't split: its own, or a link's that goes with this process.
  static let root: String = {
    let root = String(#filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined())
    guard !root.utf8.allSatisfy(isPlain) else { return root }
    let link = "/tmp/brig-audit-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    guard unsafe symlink(root, link) == 0 else { return root }
    atexit { _ = unsafe unlink(Bench.root) }
    return link
  }()

  private static func isPlain(_ byte: UInt8) -> Bool {
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    return letters.contains(byte | 0x20) || "0123456789/._-".utf8.contains(byte)
  }

  private static let guests = "\(root)/bin/guests/x86_64"
  /// A guest that sleeps until it is killed, and leaves the processors to the audit; and its argument.
  static let guest = "\(guests)/sleep.hvt \(Int64.max)"
  /// One that never leaves its vCPU.
  static let busyGuest = "\(guests)/spin.hvt"

  /// Whether the tender is there that leaves out steps.
  static var hasPartial: Bool { unsafe access("\(root)/bin/brig-partial", X_OK) == 0 }

  /// What a sealed tender lacks here, as its receipt and the machine's kernel have it.
  static func lacking(_ receipt: ReceiptRecord) -> Set<String> {
    let isLeaky = !Shell.output(
      "grep -li vulnerable $(ls /sys/devices/system/cpu/vulnerabilities/* | grep -v 'store_bypass\\|meltdown\\|spectre_v1\\|microcode')"
    ).isEmpty
    // Where no core runs two threads, nobody needs a cookie that the kernel hasn't got.
    let isAlone = Shell.output("cat /sys/devices/system/cpu/smt/active") == "0\n"
    let steps = receipt.steps.filter { $0.unavailable != nil && !(isAlone && $0.name == "core-scheduling") }
    return Set(steps.map(\.name) + (isLeaky ? ["processor-flaws"] : []))
  }

  /// Whether a process may serve a file system.
  static var servesFiles: Bool { unsafe access("/dev/fuse", R_OK | W_OK) == 0 && geteuid() == 0 }

  /// Whether it is all there.
  static var isPossible: Bool {
    let files = [("/dev/kvm", R_OK | W_OK), ("\(root)/bin/brig-hvt", X_OK), (busyGuest, R_OK)]
    return geteuid() == 0 && files.allSatisfy { unsafe access($0.0, $0.1) == 0 }
  }
}
