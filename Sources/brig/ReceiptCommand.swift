import ArgumentParser
import Audit
import Host
import Receipts

/// `brig receipt`: what a tender's receipt says, for people.
struct ReceiptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "receipt", abstract: "Tells what a receipt says that the tender wrote (brig-hvt --receipt=PATH).")

  @Argument(help: "The receipt's file.") var file: String
  @OptionGroup var output: OutputOptions

  func run() throws {
    let receipt = try ReceiptRecord(reading: file)
    let hasEnded = !output.json && LivingProcesses()?.lack(receipt) == true
    try output.print(receipt.summary(hasEnded: hasEnded), json: receipt.document())
  }
}
