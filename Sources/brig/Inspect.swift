import ArgumentParser
import Host
import Review
import Text

/// `brig inspect`: what a unikernel is and what it would be given.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows what a unikernel is: ABI version, devices, segments, digest, and the system calls it would get.")

  @Argument(help: "The unikernel's file.") var image: String
  @OptionGroup var output: OutputOptions

  func run() throws {
    let inspection = try Inspection(of: image)
    try output.print(inspection.text, json: inspection.json)
  }
}
