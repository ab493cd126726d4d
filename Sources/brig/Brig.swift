import ArgumentParser
import CStart
import Host
import Tender
import Text

/// `brig`: runs unikernels, and shows and checks what confines them.
@main
struct Brig: ParsableCommand {
  /// The release, which is the tender's too.
  static let release = "\(Usage.release)"

  static let configuration = CommandConfiguration(
    commandName: "brig",
    abstract: "Runs unikernels in a sealed tender, and shows and checks what confines them.",
    discussion: """
      Statuses: 0 for yes, 1 for no, 2 for wrong input or something that could not be tried, 3 where \
      `policy diff` finds that more is allowed.
      """,
    version: "brig \(release)",
    subcommands: [
      Run.self, Inspect.self, PolicyCommand.self, AttackCommand.self, AuditCommand.self, ProcessStatus.self,
      DoctorCommand.self,
      NetNamespaceCommand.self, ReceiptCommand.self, WatchSeal.self,
    ])

  /// Parses and runs.
  ///
  /// Wrong input ends in one sentence on standard error and status 2.
  static func main() {
    do {
      let words = ProgramArguments.words
      // Swift reads them from /proc, and a program has its own name at least.
      if words.isEmpty { cstart_demand_proc() }
      var command = try parseAsRoot(Array(words.dropFirst()))
      if let command = command as? any PolicyReader { command.warnOfOtherPolicies() }
      try command.run()
    } catch let complaint as Complaint {
      Files.complain("brig: \(complaint.message)\n")
      ExitStatus.unanswered.exit()
    } catch {
      // Help and the version are no errors; whatever the parser refuses has to be put right, by whichever status it
      // says.
      let text = fullMessage(for: error)
      guard exitCode(for: error) == .success else {
        Files.complain("\(text)\n")
        ExitStatus.unanswered.exit()
      }
      do {
        try Files.print("\(text)\n")
      } catch {
        ExitStatus.unanswered.exit()
      }
      ExitStatus.yes.exit()
    }
  }
}
