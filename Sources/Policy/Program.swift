/// One instruction of a classic BPF program: `struct sock_filter` (`linux/filter.h`).
package struct Instruction: Equatable, Sendable {
  package var code: UInt16
  /// How many instructions to skip if a comparison holds.
  package var skipTrue: UInt8
  /// How many instructions to skip if it does not.
  package var skipFalse: UInt8
  package var operand: UInt32

  package init(code: UInt16, skipTrue: UInt8 = 0, skipFalse: UInt8 = 0, operand: UInt32 = 0) {
    self.code = code
    self.skipTrue = skipTrue
    self.skipFalse = skipFalse
    self.operand = operand
  }
}

/// A filter as the kernel takes it.
package struct Program: Equatable, Sendable {
  /// The instructions; their array has the layout that `struct sock_fprog` points to.
  package var instructions: [Instruction]

  package init(instructions: [Instruction]) { self.instructions = instructions }
}
