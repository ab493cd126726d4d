import CLinux
import Filters
import Policy
import Procfs
import Receipts
import Text

/// Questions to the programs that the kernel has for a process.
enum FilterChecks {
  /// The most system calls that a tender needs, with devices of each kind.
  private static let few = PolicyCall.allCases.count

  /// Asks about each thread's filters; the worst answer counts.
  private static func ask(
    _ evidence: ProcessEvidence, _ body: (InstalledFilters.Stack, Program, Int) throws(Doubt) -> Detail
  ) throws(Doubt) -> Detail {
    var answer: Detail?
    var unseen: Doubt?
    for (index, stack) in try evidence.filters.get().enumerated() {
      guard let program = stack.programs.last else { throw .refuted("thread \(stack.task) has no filter") }
      do throws(Doubt) {
        answer = try body(stack, program, index)
      } catch {
        guard case .unseen = error else { throw error }
        unseen = error
      }
    }
    if let unseen { throw unseen }
    guard let answer else { throw .unseen("a process that doesn't end meanwhile") }
    return answer
  }

  /// Asks about what each thread's filters allow together.
  private static func ask(
    _ evidence: ProcessEvidence, _ body: (AllowedCalls) throws(Doubt) -> Detail
  ) throws(Doubt) -> Detail {
    try ask(evidence) { _, _, index throws(Doubt) in try body(try evidence.allowed[index].get()) }
  }

  /// Whether each task has a filter.
  static func everywhere(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    let tasks = try evidence.tasks.get().all
    for task in tasks where try task.field("Seccomp") != "2" {
      throw .refuted("no filter on task \(task.id), one of \(tasks.count)")
    }
    return "a filter on every one of \(tasks.count) tasks"
  }

  static func few(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    try ask(evidence) { allowed throws(Doubt) in
      let names = Set(allowed.entries.map(\.name)).sorted()
      if allowed.isCut { throw .refuted("more than can be listed") }
      let words: Detail = "\(names.count): \(list: names)"
      guard names.count <= few else { throw .refuted(words) }
      return words
    }
  }

  static func pinned(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    try ask(evidence) { _, program, index throws(Doubt) in
      let allowed = try evidence.allowed[index].get()
      if allowed.isCut { throw .refuted("more calls are allowed than can be listed") }
      let free = allowed.entries.filter(isFree)
      guard free.isEmpty else {
        // Large memory and large disks are ranges that no filter makes smaller, and the proof knows them.
        if !free.contains(where: isWhollyFree), (try? proved(evidence, program)) != nil {
          return "every argument of every call, as large as memory and disks are"
        }
        throw .refuted(
          "\(free.count) of \(allowed.entries.count) calls leave an argument open: \(list: free.map(\.name))")
      }
      return "every argument of every call"
    }
  }

  /// As many values as half of what 32 bits can say, of all that an argument may have: whoever leaves out a few of them
  /// has pinned nothing.
  private static let openShare = 1.0 / Double(UInt64(1) << 33)

  /// How many arguments a call takes; six for a number of which Brig doesn't know that.
  private static func arguments(of entry: AllowedCall) -> Int {
    let known = PolicyCall.allCases.first { "\($0.row.name)" == entry.name }?.row.arguments.count
    return known ?? ArgumentCounts.count(of: entry.name) ?? 6
  }

  /// Whether some argument that the call takes may have so many values that it is as good as open.
  private static func isFree(_ entry: AllowedCall) -> Bool {
    entry.isCut || entry.shares.prefix(arguments(of: entry)).contains { $0 >= openShare }
  }

  /// Whether some argument that the call takes may be anything.
  private static func isWhollyFree(_ entry: AllowedCall) -> Bool {
    entry.shares.prefix(arguments(of: entry)).contains(1)
  }

  static func foreign(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    try ask(evidence) { allowed throws(Doubt) in
      guard !allowed.hasForeign else { throw .refuted("calls of another architecture are allowed") }
      return "calls of other architectures are refused"
    }
  }

  /// What all programs together may answer a call with but death or leave, and who then acts in the caller's place.
  private static let milder: [(action: UInt32, words: String)] = [
    (UInt32(SECCOMP_RET_TRAP), "TRAP: a handler of the process's own runs, as with --seccomp=report"),
    (UInt32(SECCOMP_RET_USER_NOTIF), "USER_NOTIF: another process answers it"),
    (UInt32(SECCOMP_RET_TRACE), "TRACE: a tracer may make it all the same"),
  ]

  /// What an earlier filter hands to others counts unless a later one kills: the strictest answer does.
  static func deadly(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    try ask(evidence) { allowed throws(Doubt) in
      if let (_, words) = milder.first(where: { allowed.actions.contains($0.action) }) {
        throw .refuted("a call gets \(words)")
      }
      // A call that the last program allows isn't forbidden, whoever else has it noted.
      if allowed.lastActions.contains(UInt32(SECCOMP_RET_LOG)) {
        throw .refuted("a forbidden call gets LOG: it is made, and noted")
      }
      guard !allowed.isCut else { throw .refuted("more calls are allowed than can be listed") }
      return "no call is handled, traced or answered by another process, and none that is forbidden is made and noted"
    }
  }

  static func proved(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    try ask(evidence) { _, program, _ throws(Doubt) in try proved(evidence, program) }
  }

  private static func proved(_ evidence: ProcessEvidence, _ program: Program) throws(Doubt) -> Detail {
    let launch: Launch
    do throws(Doubt) {
      launch = try evidence.launch.get()
    } catch {
      guard case .refuted(let problem) = error else { throw error }
      throw .refuted("no policy to prove it against: \(problem)")
    }
    let source = evidence.receipt.record == nil ? "descriptors and maps" : "the receipt"
    return try proved(program, launch, source)
  }

  private static func proved(_ program: Program, _ launch: Launch, _ source: String) throws(Doubt) -> Detail {
    do {
      let proof = try Verification(program, against: launch.policy(), name: "installed program")
      let mode = launch.mode == .report ? " that reports (--seccomp=report)" : ""
      let size = "\(proof.instructions) instructions, \(proof.paths) paths"
      return "the installed program is the policy\(mode) for \(source): \(size)"
    } catch let failure as VerificationError {
      throw .refuted(Detail(Text(failure.message).lines.map { String($0.trimmed) }.joined(separator: "; ")))
    } catch let problem as Complaint {
      throw Doubt(problem)
    } catch {
      throw .refuted("\(error)")
    }
  }

  static func receipt(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    let (receipt, note): (ReceiptRecord, String)
    switch evidence.receipt {
    case .none: throw .unseen("--receipt FILE, which the tender wrote")
    case .foreign(let reason): throw .refuted(Detail(reason))
    case .own(let record, let words): (receipt, note) = (record, words)
    }
    return try ask(evidence) { _, program, _ throws(Doubt) in
      guard program.digest == receipt.programDigest else {
        throw .refuted("the installed program has another digest")
      }
      _ = try evidence.launch.get()
      // A sealed tender keeps its name, and nobody else can give it another.
      if let name = receipt.name, evidence.subject.name != Text(name) {
        throw .refuted("the process has another name than \(name)")
      }
      try Descriptors.checkLog(of: receipt, evidence)
      return "digest, descriptors and addresses agree\(note)"
    }
  }
}
