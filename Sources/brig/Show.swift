import ArgumentParser
import Listing
import Text

/// `brig policy show`: the filter of a selection, in one of five formats.
struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Shows the filter of a selection of devices.")

  /// The formats.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, json, pseudo, asm, bpf
  }

  @OptionGroup var options: SelectionOptions
  @Option(help: "table, json, pseudo, asm, or bpf, the program byte for byte.") var format = Format.table

  func run() throws {
    let selection = try options.selection()
    let listing = try PolicyListing(selection.launch, selection: selection.short)
    switch format {
    case .table: try Files.print(listing.table)
    case .json: try Files.print(listing.json.bytes)
    case .pseudo: try Files.print(listing.pseudo)
    case .asm: try Files.print(listing.program.assembly(name: selection.short))
    case .bpf: try Files.print(listing.program.bytes)
    }
  }
}
