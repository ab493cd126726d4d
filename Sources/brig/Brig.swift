import ArgumentParser
import Host
import Listing

/// `brig`: runs unikernels, and shows and checks what confines them.
@main
struct Brig: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "brig",
    abstract: "Runs unikernels in a sealed tender, and shows and checks what confines them.",
    discussion: "Statuses: 0 for yes, 1 for no, 2 for input that has to be put right.",
    subcommands: [
      Run.self, Inspect.self, PolicyCommand.self, AttackCommand.self, AuditCommand.self, DoctorCommand.self,
      Receipt.self,
    ])

  /// Parses and runs; whatever has to be put right ends in one sentence on standard error and status 2.
  static func main() {
    do {
      // Swift reads them from /proc, and a program has its own name at least.
      guard !CommandLine.arguments.isEmpty else { throw Complaint("the arguments can't be read: mount /proc") }
      var command = try parseAsRoot()
      try command.run()
    } catch let complaint as Complaint {
      Files.complain("brig: \(complaint.message)\n")
      Process.exit(2)
    } catch {
      let status = exitCode(for: error)
      guard status == .validationFailure else { exit(withError: error) }
      Files.complain("\(fullMessage(for: error))\n")
      Process.exit(2)
    }
  }
}
