import Filters
import Policy
import Procfs
import Receipts
import Text

/// All that the checks look at, gathered once.
struct ProcessEvidence: Sendable {
  let subject: Subject
  let tasks: Result<Tasks, Doubt>
  let descriptors: Result<[OpenDescriptor], Doubt>
  let regions: Result<[MapRegion], Doubt>
  let filters: Result<[InstalledFilters.Stack], Doubt>
  /// What each of the filters' stacks allows.
  let allowed: [Result<AllowedCalls, Doubt>]
  let receipt: ReceiptOwner
  /// Whether the process is a tender, by its receipt or by the name of its program.
  let isTender: Bool
  /// The values that the process's policy is made of: what its receipt says, or else what the installed program pins.
  let claimed: Result<Launch, Doubt>
  /// The same, once they were found to be so in the process.
  let launch: Result<Launch, Doubt>

  init(_ subject: Subject, receipt: ReceiptRecord?) {
    self.subject = subject
    // The filters are asked first. What the process has changes as long as they let it, and never after the audit has
    // seen it.
    let before = Result { () throws(Doubt) in try Tasks(of: subject) }
    let filters = Result { () throws(Doubt) in try InstalledFilters.stacks(of: subject, try before.get()) }
    let tasks = Result { () throws(Doubt) in
      let tasks = try Tasks(of: subject)
      guard let before = try? before.get(), (try? filters.get()) == nil || before.areSame(as: tasks) else {
        throw .refuted("its threads come and go: they never stay the same for a moment")
      }
      return tasks
    }
    let descriptors = Result { () throws(Doubt) in try DescriptorTable.of(subject, try tasks.get()) }
    let regions = Result { () throws(Doubt) in try Self.regions(of: subject) }
    (self.tasks, self.descriptors, self.regions, self.filters) = (tasks, descriptors, regions, filters)
    allowed = ((try? filters.get()) ?? []).map { stack in
      Result { () throws(Doubt) in
        do throws(Complaint) {
          return try AllowedCalls(of: stack.programs, name: "the installed program")
        } catch { throw Doubt(error) }
      }
    }
    let owner = ReceiptOwner(receipt, of: subject, try? tasks.get())
    self.receipt = owner
    isTender = owner.record != nil || RunningTenders.program(of: subject.process) != nil
    let claimed = Result { () throws(Doubt) in
      guard let receipt = owner.record else {
        return try ObservedLaunch.launch(try descriptors.get(), try filters.get())
      }
      do throws(Complaint) { return try receipt.launch() } catch { throw Doubt(error) }
    }
    self.claimed = claimed
    launch = Result { () throws(Doubt) in
      let launch = try claimed.get()
      try ObservedLaunch.confirm(launch, try descriptors.get(), try regions.get())
      return launch
    }
  }

  private static func regions(of subject: Subject) throws(Doubt) -> [MapRegion] {
    let map = try subject.file("maps")
    guard !map.isEmpty else { throw .unseen(Detail(Doubt.needed("maps"))) }
    guard let regions = MapRegion.all(map) else { throw .refuted("a line of /proc/PID/maps can't be taken apart") }
    return regions
  }
}
