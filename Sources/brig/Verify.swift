import ArgumentParser
import Filters
import Host
import Policy
import Receipts
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
  @Option(help: "A program to verify, a .bpf file; needs --against or --receipt.") var bpf: String?
  @Option(help: "The policy it is to be equal to: a selection, a .json listing, or REVISION:LISTING.") var against:
    String?
  @Option(help: "A tender's receipt, whose policy it is to be equal to.") var receipt: String?

  @OptionGroup var output: OutputOptions

  func run() throws {
    let start = Stopwatch.now
    var proved: [Verification] = []
    do throws(any Error) {
      for subject in try subjects() {
        let proof = try subject()
        proved.append(proof)
        if !output.json { try Files.print(proof.text) }
      }
    } catch let failure as VerificationError {
      if output.json { try Files.print(Verification.json(proved, failure).bytes) }
      Files.complain("\(failure.message)\n")
      (failure.verdict == .refuted ? ExitStatus.no : .unanswered).exit()
    }
    let total = "\(proved.count) programs proved in \((Stopwatch.now - start) / 1_000_000) ms\n"
    try output.print(all ? total : "", json: Verification.json(proved, nil))
  }

  /// What a program is to be equal to; nil where not one of the two options names it.
  private func policy() throws -> Policy? {
    switch (against, receipt) {
    case (let against?, nil):
      guard let policy = try NamedFilter(against).policy() else {
        throw Complaint("\(against): a program is no policy: name a selection or a listing")
      }
      return policy
    case (nil, let receipt?): return try PolicyListing(of: ReceiptRecord(reading: receipt)).launch.policy()
    case (nil, nil), (_?, _?): return nil
    }
  }

  /// What is to be proved.
  private func subjects() throws -> [() throws -> Verification] {
    if bpf != nil || against != nil || receipt != nil {
      guard let bpf, !all, options.isEmpty, let policy = try policy() else {
        throw Complaint(
          "verify: --bpf FILE goes with --against POLICY or --receipt FILE, and these with it and with nothing else")
      }
      return [{ try Verification(ProgramFile.read(bpf), against: policy, name: bpf) }]
    }
    guard all else { return [{ try Verification(options.selection()) }] }
    guard options.isEmpty else { throw Complaint("verify: --all takes no selection") }
    return Verification.combinations.map { selection in { try Verification(selection) } }
  }
}
