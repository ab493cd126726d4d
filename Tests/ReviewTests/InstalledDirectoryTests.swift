import Testing

/// To add one: a row of `commands`: a command, and the directory that it reads without being given one.
@Suite("a directory that no command line gives")
struct InstalledDirectoryTests {
  private static let root = String(#filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined())

  static let commands = [
    ("lint", "policies", "policies", "policies/*.policy"),
    ("listings --check", "security/filters", "filters", "security/filters/*"),
  ]

  /// What a command that is installed in a directory of its own says, with its status behind, where there is no repository.
  private func said(_ command: String, _ usual: String, sharing name: String?, _ files: String) -> String {
    let root = Command.quoted(Self.root)
    let copies = name.map { "mkdir -p opt/share/brig/\($0); cp \(root)/\(files) opt/share/brig/\($0)/;" } ?? ""
    return Command.output(
      "d=$(mktemp -d); cd $d; mkdir -p opt/bin; cp \(root)/.build/debug/brig opt/bin/; \(copies) "
        + "./opt/bin/brig policy \(command) 2>&1 | sed \"s=$d==\"; "
        + "./opt/bin/brig policy \(command) >here 2>&1; echo $?; "
        + "mkdir -p \(usual); ./opt/bin/brig policy \(command) 2>&1 | grep -c installed; rm -r $d")
  }

  @Test("is the installed one where the working directory has none, and that is said", arguments: commands)
  func installed(_ row: (command: String, usual: String, name: String, files: String)) {
    let said = said(row.command, row.usual, sharing: row.name, row.files)
    #expect(said == "brig: no \(row.usual) here: these are the installed ones, /opt/share/brig/\(row.name)\n0\n0\n")
    let none = self.said(row.command, row.usual, sharing: nil, row.files)
    let words = "neither it nor /opt/share/brig/\(row.name) is there: name the directory, or install brig-hvt"
    #expect(none == "brig: \(row.usual): \(words)\n2\n0\n", "\(none)")
  }

  @Test("is never the installed one where something is written, or history is asked for")
  func repository() {
    let row = Self.commands[1]
    for command in ["listings", "listings --check --history", "listings --check --base HEAD"] {
      let said = said(command, row.1, sharing: row.2, row.3)
      #expect(!said.contains("installed"), "\(command): \(said)")
    }
  }
}
