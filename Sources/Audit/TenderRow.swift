import Confinement
import Procfs
package import Receipts
package import Text

/// A tender that runs: what is known of it, and on whose word.
package struct TenderRow: Sendable {
  /// How far its seal was seen.
  package enum Sight: String, Sendable {
    /// The installed filter was read, and is equal to the policy of its receipt.
    case proved
    /// Its own receipt says that it is sealed; the filter may not be read by the caller.
    case claims
    /// The installed filter was read, and is another than the receipt says.
    case refuted
    /// No receipt is its own.
    case notSeen = "not seen"
  }

  package let process: Int32
  /// The name of its program.
  package let program: Text
  /// Its label, as the kernel has it; nil for none.
  package let name: Text?
  /// The name of its receipt's file without `.json`; nil without a receipt.
  package let file: Text?
  package let sight: Sight
  /// The receipt, if it is this process's.
  package let receipt: ReceiptRecord?

  /// Looks at a process.
  ///
  /// - Parameters:
  ///   - process: its id.
  ///   - receipts: those that may be its own, by their files' names.
  /// - Throws: `Complaint` where it ends meanwhile.
  init(_ process: Int32, among receipts: [(file: Text, receipt: ReceiptRecord)]) throws(Complaint) {
    let subject = try Subject(process)
    let tasks = try? Tasks(of: subject)
    let own = receipts.first { ReceiptOwner($0.receipt, of: subject, tasks).record != nil }
    self.process = process
    let name = subject.name ?? Text()
    program = RunningTenders.program(of: process) ?? name
    self.name = name == program ? nil : name
    (file, receipt) = (own?.file, own?.receipt)
    guard let own else {
      sight = .notSeen
      return
    }
    let audit = try Audit(of: subject, receipt: own.receipt)
    sight =
      switch (audit.verdict(on: .filter), audit.verdict(on: .receipt)) {
      case (.no, _), (_, .no): .refuted
      case (.yes, _): .proved
      case (.unseen, _): .claims
      }
  }
}
