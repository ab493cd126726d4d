import ArgumentParser
import Filters
import Host
import Review
import Text

/// `brig policy verify`: the proof.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Proves that programs do what their policies say, for all calls there are.",
    discussion: "Status: 0 proved, 1 refuted, with a call on which the two differ, 2 neither shown.")

  @OptionGroup var options: SelectionOptions
  @Flag(
    help:
      "0, 1, 2 and 8 devices of each kind with each other, and \(Bounds.devices) devices; both architectures and modes."
  )
  var all = false
  @Option(help: "A program to verify, a .bpf file; needs --against.") var bpf: String?
  @Option(help: "The policy it is to be equal to: a selection, a .json listing, or REVISION:LISTING.") var against:
    String?

  func run() throws {
    do throws(any Error) {
      guard bpf != nil || against != nil else { return try verifySelections() }
      try verifyFile()
    } catch let failure as VerificationError {
      Files.complain("\(failure.message)\n")
      (failure.isRefuted ? ExitStatus.no : .unanswered).exit()
    }
  }

  private func verifyFile() throws {
    guard let bpf, let against, !all, options.isEmpty else {
      throw Complaint("verify: --bpf FILE and --against POLICY go together, and with nothing else")
    }
    guard let policy = try NamedFilter(against).policy() else {
      throw Complaint("\(against): a program is no policy: name a selection or a listing")
    }
    try Files.print(Verification(ProgramFile.read(bpf), against: policy, name: bpf).text)
  }

  private func verifySelections() throws {
    guard all else { return try Files.print(Verification(options.selection()).text) }
    guard options.isEmpty else { throw Complaint("verify: --all takes no selection") }
    let start = Stopwatch.now
    let selections = Verification.combinations
    for selection in selections { try Files.print(Verification(selection).text) }
    try Files.print("\(selections.count) programs proved in \((Stopwatch.now - start) / 1_000_000) ms\n")
  }
}
