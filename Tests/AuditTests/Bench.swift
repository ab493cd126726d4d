import CLinux
import Glibc
import Listing

/// What a test of a running tender needs.
enum Bench {
  /// The repository's directory.
  static let root = String(#filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined())
  /// A guest that runs until it is killed.
  static let guest = "\(root)/bin/guests/x86_64/spin.hvt"

  /// Whether the tender is there that leaves out steps.
  static var hasPartial: Bool { unsafe access("\(root)/bin/brig-partial", X_OK) == 0 }

  /// What a sealed tender lacks here, as its receipt has it.
  static func lacking(_ receipt: ReceiptRecord) -> Set<String> {
    Set(receipt.steps.filter { $0.unavailable != nil }.map(\.name))
  }

  /// Whether a process may serve a file system.
  static var servesFiles: Bool { unsafe access("/dev/fuse", R_OK | W_OK) == 0 && geteuid() == 0 }

  /// Whether it is all there.
  static var isPossible: Bool {
    let files = [("/dev/kvm", R_OK | W_OK), ("\(root)/bin/brig-hvt", X_OK), (guest, R_OK)]
    return geteuid() == 0 && files.allSatisfy { unsafe access($0.0, $0.1) == 0 }
  }
}
