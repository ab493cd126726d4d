import CFuzzer

#if canImport(Glibc)
  import Glibc
#endif

/// What libFuzzer hands over, taken apart from front to back; past the end everything is 0.
package struct Input {
  package let bytes: [UInt8]
  private var position = 0

  /// Copies the bytes of one run.
  package init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
    // SAFETY: libFuzzer's bytes live through the run, and there are `count` of them.
    bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  }

  package var isAtEnd: Bool { position >= bytes.count }

  /// The next byte.
  package mutating func byte() -> UInt8 {
    guard position < bytes.count else { return 0 }
    defer { position += 1 }
    return bytes[position]
  }

  /// The next number, little-endian.
  package mutating func number<T: FixedWidthInteger & UnsignedInteger>(_ type: T.Type) -> T {
    var value: T = 0
    for shift in stride(from: 0, to: T.bitWidth, by: 8) { value |= T(truncatingIfNeeded: byte()) << T(shift) }
    return value
  }

  /// What is left.
  package mutating func rest() -> [UInt8] {
    defer { position = bytes.count }
    return position < bytes.count ? Array(bytes[position...]) : []
  }
}

/// Ends the run: libFuzzer keeps the input that led here.
package func find(_ what: String) -> Never { fatalError(what) }

/// Ends the run unless a condition holds.
package func require(_ condition: Bool, _ what: @autoclosure () -> String) {
  if !condition { find(what()) }
}

/// Something that is fuzzed; a conforming type is a program's `@main`.
package protocol Fuzzer {
  /// One run.
  static func run(_ input: Input)
}

extension Fuzzer {
  /// Does what libFuzzer's command line asks for.
  ///
  /// - Parameter body: hands over the bytes of each run.
  package static func drive(_ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt) -> Never {
    var count = CommandLine.argc
    // SAFETY: these are the C library's own arguments, which live as long as the program.
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe CommandLine.unsafeArgv
    unsafe exit(LLVMFuzzerRunDriver(&count, &arguments, body))
  }
}
