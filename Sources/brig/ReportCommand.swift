import ArgumentParser
import Glibc
import Host
import Review

/// `brig policy report`: the policy as a page.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Writes the policy as one page of HTML that needs no other file.")

  @Option(help: "The directory for index.html; made if it isn't there.") var out: String

  func run() throws {
    let origin = ReportOrigin(version: Brig.release, directory: ".", seconds: Int(time(nil)))
    let html = try Report(origin).html
    try Files.makeDirectory(out)
    try Files.write(Array(html.utf8), to: "\(out)/index.html")
    try Files.print("\(out)/index.html\n")
  }
}
