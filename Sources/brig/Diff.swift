import ArgumentParser
import Filters
import Host
import Review

/// `brig policy diff`: what one filter allows and another doesn't.
struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compares two filters over all calls there are.",
    discussion: """
      A and B are each a selection (console, block, block:ro, net, joined by +, with a count as in 8block, an \
      architecture as in net@aarch64, and a mode as in net,report), a .bpf file, a .json listing, or REVISION:LISTING \
      for a listing in security/filters/ at a git revision. Status: 0 the same, 1 B allows less, 3 B allows more \
      anywhere, 2 they can't be compared.
      """)

  @Argument(help: "The filter before.") var a: String
  @Argument(help: "The filter after.") var b: String
  @OptionGroup var output: OutputOptions

  func run() throws {
    let difference = try Difference(from: NamedFilter(a).subject(), to: NamedFilter(b).subject())
    try output.print(difference.text, json: difference.json(from: a, to: b))
    difference.status.exit()
  }
}
