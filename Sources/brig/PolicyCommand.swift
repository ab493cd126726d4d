import ArgumentParser

/// `brig policy`: everything about the filters.
struct PolicyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy", abstract: "Shows, explains, proves and compares the filters that the tender installs.",
    subcommands: [
      Show.self, Explain.self, Ask.self, Verify.self, Diff.self, LintCommand.self, Listings.self, ReportCommand.self,
      Coverage.self,
    ])
}
