import Glibc
import Host

/// What was made for a tender.
package struct Created: Sendable {
  var disks: [CreatedDisk] = []
  var taps: [CreatedTap] = []
  /// The tender's options.
  package internal(set) var options: [String] = []

  /// Takes back what would stay when this process ends.
  package func remove() { for disk in disks { disk.remove() } }

  /// Lets the program that this process becomes have it.
  package func handOver() {
    for descriptor in disks.map(\.descriptor) + taps.map(\.descriptor) {
      _ = Kernel.raw(.fcntl, Int(descriptor), Int(F_SETFD), 0)
    }
  }
}
