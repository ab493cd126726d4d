import ArgumentParser
import Host
import Receipts

/// `brig receipt`: what a tender's receipt says, for people.
struct ReceiptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "receipt", abstract: "Tells what a receipt says that the tender wrote (brig-hvt --receipt=PATH).")

  @Argument(help: "The receipt's file.") var file: String

  func run() throws { try Files.print(ReceiptRecord(reading: file).summary) }
}
