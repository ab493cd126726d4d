import Listing
import Policy

/// All that the checks look at, gathered once.
struct Evidence: Sendable {
  let subject: Subject
  let descriptors: Result<[OpenDescriptor], Complaint>
  let filters: InstalledFilters
  /// What each of the filters' stacks allows.
  let allowed: [Result<AllowedCalls, Complaint>]
  let receipt: ReceiptRecord?
  /// The values that the process's policy is made of: what the receipt says, or else what the installed program pins.
  let claimed: Result<Launch, Doubt>
  /// The same, once they were found to be so in the process.
  let launch: Result<Launch, Doubt>

  init(_ subject: Subject, receipt: ReceiptRecord?) {
    self.subject = subject
    self.receipt = receipt
    descriptors = subject.descriptors
    filters = InstalledFilters(of: subject)
    allowed = filters.stacks.map { stack in
      Result { () throws(Complaint) in try AllowedCalls(of: stack.programs, name: "the installed program") }
    }
    let (descriptors, filters) = (descriptors, filters)
    claimed = Result { () throws(Doubt) in
      guard let receipt else { return try ObservedLaunch.launch(of: subject, try descriptors.doubted(), filters) }
      do throws(Complaint) { return try receipt.launch() } catch { throw Doubt(error) }
    }
    let claimed = claimed
    launch = Result { () throws(Doubt) in
      let launch = try claimed.get()
      try ObservedLaunch.confirm(launch, of: subject, try descriptors.doubted())
      return launch
    }
  }
}

extension Result where Failure == Complaint {
  /// The value; where it may not be seen, that is the doubt.
  func doubted() throws(Doubt) -> Success {
    switch self {
    case .success(let value): return value
    case .failure(let needed): throw .unseen(needed.message)
    }
  }
}
