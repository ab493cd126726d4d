import Host
package import Policy
package import Text

/// Raw filters in files: instructions of 8 bytes in the order of the host, as the kernel takes them.
package enum ProgramFile {
  /// Reads a program.
  ///
  /// - Throws: `Complaint` for a file that is empty, too long, or no whole number of instructions.
  package static func read(_ path: String) throws(Complaint) -> Program {
    try program(Files.read(path), name: path)
  }

  /// Makes a program of its bytes.
  package static func program(_ bytes: [UInt8], name: String) throws(Complaint) -> Program {
    guard !bytes.isEmpty else { throw Complaint("\(name): empty: no filter") }
    guard bytes.count % 8 == 0 else {
      throw Complaint(
        "\(name):\(bytes.count / 8 * 8): \(bytes.count % 8) bytes after the last whole instruction of 8: truncated, or no filter"
      )
    }
    guard bytes.count <= 8 * 4096 else {
      throw Complaint("\(name): \(bytes.count / 8) instructions, the kernel takes 4096")
    }
    var instructions: [Instruction] = []
    for start in stride(from: 0, to: bytes.count, by: 8) {
      var operand: UInt32 = 0
      for index in 0..<4 { operand |= UInt32(bytes[start + 4 + index]) << UInt32(8 * index) }
      let code = UInt16(bytes[start]) | UInt16(bytes[start + 1]) << 8
      instructions.append(
        Instruction(code: code, skipTrue: bytes[start + 2], skipFalse: bytes[start + 3], operand: operand))
    }
    return Program(instructions: instructions)
  }
}

extension Program {
  /// The program as the kernel takes it, byte for byte.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for instruction in instructions {
      bytes += [UInt8(truncatingIfNeeded: instruction.code), UInt8(instruction.code >> 8)]
      bytes += [instruction.skipTrue, instruction.skipFalse]
      for index in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: instruction.operand >> UInt32(8 * index))) }
    }
    return bytes
  }
}
