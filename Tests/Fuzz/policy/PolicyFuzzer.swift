import FuzzInput
import Host
import Policy
import Text

/// A policy file, as any bytes: refused with its place, or bound, compiled and proved.
///
/// Whatever the language accepts has to compile to a program that the proof accepts: everything else is a mistake of the
/// language's, the compiler's or the proof's.
///
/// To add one: a `require` in `check` or `compile`; an input, a file NAME.policy in Tests/Fuzz/corpus/policy.
@main
enum PolicyFuzzer: Fuzzer {
  static func main() {
    unsafe drive {
      PolicyFuzzer.run(unsafe Input($0, $1)); return 0
    }
  }

  /// Every parameter that the shipped files name.
  private static let bindings =
    Launch(
      vcpu: 9, runArea: 0x7f13_0000_0000, runAreaSize: 0x3000, fixedBlock: 0x7f11_0000_0000, memory: 0x7f12_0000_0000,
      window: 0x2000_0000,
      devices: [
        Launch.Device(name: "disk", descriptor: 5, kind: .block(capacity: 0x1_2345_6001, writable: true)),
        Launch.Device(name: "net", descriptor: 6, kind: .net),
      ]
    ).values
  /// The proof's work grows with the product of rules for one call.
  private static let mostRules = 12

  static func run(_ input: Input) {
    let file: PolicyFile
    do throws(PolicyError) {
      file = try PolicyFile(Source(name: "f.policy", bytes: input.bytes))
    } catch {
      check(error, input.bytes)
      return
    }
    for architecture in Architecture.allCases {
      for mode in [Policy.Mode.kill, .report] { compile(file, architecture, mode, input.bytes) }
    }
  }

  /// A message has a place that is there.
  private static func check(_ error: PolicyError, _ bytes: [UInt8]) {
    require(!error.problem.bytes.isEmpty && !error.advice.bytes.isEmpty, "refused without a word")
    guard Text(error.file) == "f.policy" else { return }
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    require((1...lines.count).contains(error.position.line), "line \(error.position.line) of \(lines.count)")
    let columns = lines[error.position.line - 1].count
    require((1...columns + 1).contains(error.position.column), "column \(error.position.column) of \(columns)")
  }

  private static func compile(_ file: PolicyFile, _ architecture: Architecture, _ mode: Policy.Mode, _ bytes: [UInt8]) {
    let policy: Policy
    do throws(PolicyError) {
      policy = try Policy(files: [(file, [])], common: bindings, architecture: architecture, mode: mode)
    } catch {
      check(error, bytes)
      return
    }
    guard policy.rules.count <= mostRules else { return }
    let program: Program
    do throws(SystemError) {
      program = try Program(compiling: policy)
    } catch {
      find("the language accepts what doesn't compile: \(String(decoding: error.message.bytes, as: UTF8.self))")
    }
    do throws(Refutation) {
      _ = try Proof(of: program, against: policy)
    } catch {
      find("the language accepts what isn't proved: \(String(decoding: error.message.bytes, as: UTF8.self))")
    }
  }
}
