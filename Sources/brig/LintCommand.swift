import ArgumentParser
import Host
import Review

/// `brig policy lint`: what is wrong or superfluous in the policy files.
struct LintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint", abstract: "Says what is wrong or superfluous in the policy files.",
    discussion: "Status: 0 clean, 1 something found, 2 not in the language.")

  @Argument(help: "Where the policy files are: policies, or where that isn't there the installed ones, if not given.")
  var directory: String?
  @OptionGroup var output: OutputOptions

  func run() throws {
    let lint = try Lint(of: directory ?? InstalledParts.shared("policies", "policies"))
    try output.print(lint.findings.map { "\($0.text)\n" }.joined(), json: lint.json)
    if !lint.findings.isEmpty { ExitStatus.no.exit() }
  }
}
