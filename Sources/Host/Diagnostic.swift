import CLinux

/// A line for standard error, put together in the fixed block without allocation.
///
/// The sealed tender writes no other messages. A line that is longer than the block's capacity is cut.
package struct Diagnostic {
  private let block: FixedBlock
  private var count = 0

  /// Starts a line with the program's name: `brig-hvt: `.
  package init(_ block: FixedBlock) {
    self.block = block
    for index in 0..<block.programCount { append(byte: block.programByte(index)) }
    append(": ")
  }

  /// Starts a line without the program's name.
  package init(bare block: FixedBlock) { self.block = block }

  package mutating func append(byte: UInt8) {
    // The last byte is kept for the line's end.
    guard count < Bounds.message - 1 else { return }
    block.setMessageByte(count, byte)
    count += 1
  }

  package mutating func append(_ literal: StaticString) {
    // SAFETY: a literal's bytes live as long as the program, and there are `utf8CodeUnitCount` of them.
    for index in 0..<literal.utf8CodeUnitCount { unsafe append(byte: literal.utf8Start[index]) }
  }

  /// Appends a number in decimal digits.
  package mutating func append(decimal value: Int64) {
    if value < 0 { append(byte: UInt8(ascii: "-")) }
    append(value.magnitude, radix: 10)
  }

  /// Appends a number in decimal digits.
  package mutating func append(decimal value: UInt64) { append(value, radix: 10) }

  /// Appends a number in hexadecimal digits, with `0x` before them.
  package mutating func append(hexadecimal value: UInt64) {
    append("0x")
    append(value, radix: 16)
  }

  private mutating func append(_ value: UInt64, radix: UInt64) {
    var divisor: UInt64 = 1
    while value / divisor >= radix { divisor *= radix }
    while divisor > 0 {
      let digit = UInt8(truncatingIfNeeded: value / divisor % radix)
      append(byte: digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      divisor /= radix
    }
  }

  /// Appends what the C library says of an error number.
  package mutating func append(errorNumber code: Int32) {
    guard let words = unsafe clinux_error_description(code) else {
      append("Unknown error ")
      return append(decimal: Int64(code))
    }
    unsafe append(terminated: words)
  }

  /// Appends a string of C's.
  package mutating func append(terminated words: UnsafePointer<CChar>) {
    var words = unsafe words
    // SAFETY: whoever calls has it from a table of terminated strings that are never freed.
    while unsafe words.pointee != 0 {
      unsafe append(byte: UInt8(bitPattern: words.pointee))
      unsafe words += 1
    }
  }

  /// Writes what there is as a line's beginning to standard error, by one call; the caller writes the rest.
  package func writeBeginning() { _ = Kernel.raw(.write, 2, Int(block.places[.message]), count) }

  /// Writes the line to standard error; what standard error doesn't take within a second is lost.
  ///
  /// A guest that goes on waits for that second once, and not again for further lines until there is room.
  package mutating func write() { write(patience: block.errorIsStuck ? 0 : 1) }

  private mutating func write(patience seconds: UInt64) {
    // A launcher that has stopped reading must not keep the tender from ending; where ppoll itself is refused, the line
    // is better tried than lost.
    block.errorIsStuck = block.awaitOutput(2, seconds: seconds) == 0
    guard !block.errorIsStuck else { return }
    block.setMessageByte(count, UInt8(ascii: "\n"))
    _ = Kernel.raw(.write, 2, Int(block.places[.message]), count + 1)
  }

  /// Writes the line, which is the last one.
  package mutating func writeLast() { write(patience: 1) }

  /// Writes the line and ends the process.
  package mutating func end(status: Int32 = 1) -> Never {
    writeLast()
    Process.exit(status)
  }
}
