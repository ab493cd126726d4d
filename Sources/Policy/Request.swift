/// A system call as a filter sees it: `struct seccomp_data` (`linux/seccomp.h`) without the instruction pointer.
package struct Request: Sendable {
  /// The `AUDIT_ARCH_*` word of the entry that the call came through.
  package var architecture: UInt32
  package var number: UInt32
  package var arguments: InlineArray<6, UInt64>

  package init(architecture: UInt32, number: UInt32, arguments: InlineArray<6, UInt64> = .init(repeating: 0)) {
    self.architecture = architecture
    self.number = number
    self.arguments = arguments
  }

  /// How many 32-bit words a filter may load: number, architecture, and two for each argument, the low one first.
  package static let wordCount = 14

  /// The 32-bit words that a filter loads, in the order of `wordCount`.
  package subscript(word: Int) -> UInt32 {
    get {
      switch word {
      case 0: number
      case 1: architecture
      default: UInt32(truncatingIfNeeded: arguments[(word - 2) / 2] >> UInt64(word % 2 * 32))
      }
    }
    set {
      switch word {
      case 0: number = newValue
      case 1: architecture = newValue
      default:
        let shift = UInt64(word % 2 * 32)
        let others = arguments[(word - 2) / 2] & ~(0xffff_ffff << shift)
        arguments[(word - 2) / 2] = others | UInt64(newValue) << shift
      }
    }
  }
}
