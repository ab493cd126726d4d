import ArgumentParser
import Host
import Policy
import Review

/// `brig policy explain`: what a call is for.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explains a system call, a hypercall or a rule: what for, where, and what is left to an attacker.")

  @Argument(help: "A system call (ppoll, or its number), a hypercall (POLL) or a rule (wait).") var word: String
  @Option(help: "x86_64 or aarch64: which of them has the number; this machine's if not given.") var arch: String?
  @OptionGroup var output: OutputOptions

  func run() throws {
    let architecture = try arch.map(SelectionOptions.architecture) ?? .native
    let explanation = try Explanation(of: word, on: architecture)
    try output.print(explanation.text, json: explanation.json)
  }
}
