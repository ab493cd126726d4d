package import Policy
package import Text

extension Program {
  /// The program with one instruction a line, and a label at each target of a jump.
  package func assembly(name: String) throws(Complaint) -> String {
    let steps = try instructions.indices.map { index throws(Complaint) in
      try ProgramStep(instructions, at: index, file: name)
    }
    var targets: Set<Int> = []
    for step in steps {
      switch step {
      case .jump(let target): targets.insert(target)
      case .branch(_, _, let whenTrue, let whenFalse): targets.formUnion([whenTrue, whenFalse])
      case .load, .number, .and, .finish: break
      }
    }
    var text = ""
    for (index, step) in steps.enumerated() {
      let label = targets.contains(index) ? "L\(index):" : ""
      text += "\(label.padded(to: 7))\(Self.line(step, at: index))\n"
    }
    return text
  }

  private static func line(_ step: ProgramStep, at index: Int) -> String {
    switch step {
    case .load(let word): return "ld    \(Self.word(word))"
    case .number(let value): return "ld    #\(String(hex: value))"
    case .and(let mask): return "and   #\(String(hex: mask))"
    case .jump(let target): return "ja    L\(target)"
    case .finish(let action): return "ret   \(Self.action(action))"
    case .branch(let comparison, let operand, let whenTrue, let whenFalse):
      let code =
        switch comparison {
        case .equal: "jeq"
        case .greater: "jgt"
        case .greaterOrEqual: "jge"
        case .anyBit: "jset"
        }
      return "\(code.padded(to: 6))#\(String(hex: operand)), L\(whenTrue), L\(whenFalse)"
    }
  }

  private static func word(_ word: Int) -> String {
    switch word {
    case 0: "number"
    case 1: "architecture"
    default: "argument\((word - 2) / 2).\(word % 2 == 0 ? "low" : "high")"
    }
  }

  private static func action(_ action: UInt32) -> String {
    guard let name = FilterAction.name(of: action & 0xffff_0000) else {
      return "\(String(hex: action))  ; unknown: kills the process"
    }
    return action & 0xffff == 0 ? name : "\(name) \(action & 0xffff)"
  }
}
