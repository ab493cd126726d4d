import Procfs
import Receipts
import Text

/// The process that a receipt belongs to.
enum ReceiptOwner: Sendable {
  /// There is no receipt.
  case none
  /// The receipt is the audited process's; with a note for the answer.
  case own(ReceiptRecord, note: String)
  /// The receipt is another process's and earns nothing; with the reason.
  case foreign(String)

  /// Compares a receipt with a process.
  ///
  /// Processes may have the same number one after another.
  init(_ receipt: ReceiptRecord?, of subject: Subject, _ tasks: Tasks?) {
    guard let receipt else {
      self = .none
      return
    }
    guard let process = receipt.process else {
      self = .foreign("the receipt doesn't say whose it is")
      return
    }
    // A process sees its number in its own PID namespace, the innermost of those that the kernel names.
    let leader = tasks?.all.first { $0.id == subject.process }
    let inner = leader?.status["NSpid"]?.words.last?.integer ?? Int(subject.process)
    guard process == Int64(inner) else {
      self = .foreign("the receipt is process \(process)'s, as that process saw itself")
      return
    }
    guard receipt.saysStart else {
      self = .own(receipt, note: ", an older one: without start_time it may be an earlier process's of this number")
      return
    }
    self =
      receipt.start.map { subject.startsSeenByItself.contains($0) } ?? false
      ? .own(receipt, note: "")
      : .foreign("the receipt is an earlier process's of this number: its start_time is another")
  }

  /// The receipt, if it is the audited process's.
  var record: ReceiptRecord? {
    if case .own(let receipt, _) = self { return receipt }
    return nil
  }
}
