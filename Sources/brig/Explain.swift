import ArgumentParser
import Host
import Review

/// `brig policy explain`: what a call is for.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explains a system call, a hypercall or a rule: what for, where, and what is left to an attacker.")

  @Argument(help: "A system call (ppoll), a hypercall (POLL) or a rule (wait).") var word: String
  @OptionGroup var output: OutputOptions

  func run() throws {
    let explanation = try Explanation(of: word)
    try output.print(explanation.text, json: explanation.json)
  }
}
