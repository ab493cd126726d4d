import Listing
import Policy

/// All that the checks look at, gathered once.
struct Evidence: Sendable {
  let subject: Subject
  let filters: InstalledFilters
  let receipt: ReceiptRecord?
  /// The values that the process's policy is made of, from the receipt or from its descriptors and maps; or why not.
  let launch: Result<Launch, Complaint>

  init(_ subject: Subject, receipt: ReceiptRecord?) throws(Complaint) {
    self.subject = subject
    self.receipt = receipt
    filters = InstalledFilters(of: subject.process)
    let filters = filters
    launch = Result { () throws(Complaint) in
      if let receipt { return try receipt.launch() }
      return try ObservedLaunch.launch(of: subject, filters)
    }
  }
}
