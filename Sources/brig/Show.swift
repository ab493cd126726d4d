import ArgumentParser
import Filters
import Host
import Review
import Text

/// `brig policy show`: the filter of a selection, in one of five formats.
struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows the filter of a selection of devices, or that of a tender by its receipt.")

  /// The formats.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, json, pseudo, asm, bpf
  }

  @OptionGroup var options: SelectionOptions
  @Option(help: "table (if not given), json, pseudo, asm, or bpf, the program byte for byte.") var format: Format?
  @OptionGroup var output: OutputOptions
  @Option(help: "A tender's receipt, whose values are taken in place of a selection's.") var receipt: String?

  func run() throws {
    let (listing, name) = try PolicyListing.of(options, receipt: receipt, command: "show")
    guard !output.json || format == nil || format == .json else {
      throw Complaint("show: --json and --format \(format?.rawValue ?? "") are two formats: give one of them")
    }
    switch output.json ? .json : format ?? .table {
    case .table: try Files.print(listing.table)
    case .json: try Files.print(listing.json.bytes)
    case .pseudo: try Files.print(listing.pseudo)
    case .asm: try Files.print(listing.program.assembly(name: name))
    case .bpf: try Files.print(listing.program.bytes)
    }
  }
}
