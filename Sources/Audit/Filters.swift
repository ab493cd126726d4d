import Listing
import Policy

/// Questions to the programs that the kernel has for a process.
enum Filters {
  /// The most system calls that a tender with a disk and a network interface needs.
  private static let few = 8

  /// Asks about each thread's filters; the worst answer counts.
  private static func ask(
    _ evidence: Evidence, _ body: (InstalledFilters.Stack, Program, Int) -> Check.Answer
  ) -> Check.Answer {
    if let problem = evidence.filters.problem { return .unseen(problem) }
    let answers = evidence.filters.stacks.enumerated().map { index, stack in
      guard let program = stack.programs.last else { return Check.Answer.no("thread \(stack.task) has no filter") }
      return body(stack, program, index)
    }
    for answer in answers { if case .no = answer { return answer } }
    for answer in answers { if case .unseen = answer { return answer } }
    return answers.first ?? .unseen("a process that doesn't end meanwhile")
  }

  /// Asks about what each thread's filters allow together.
  private static func ask(_ evidence: Evidence, _ body: (AllowedCalls) -> Check.Answer) -> Check.Answer {
    ask(evidence) { _, _, index in
      switch evidence.allowed[index] {
      case .success(let allowed): body(allowed)
      case .failure(let problem): .unseen(problem.message)
      }
    }
  }

  static func few(_ evidence: Evidence) -> Check.Answer {
    ask(evidence) { allowed in
      let names = Set(allowed.entries.map(\.name)).sorted()
      if allowed.isCut { return .no("more than can be listed") }
      let list = names.count <= 32 ? ": \(names.joined(separator: " "))" : ""
      return names.count <= few ? .yes("\(names.count)\(list)") : .no("\(names.count)\(list)")
    }
  }

  static func pinned(_ evidence: Evidence) -> Check.Answer {
    ask(evidence) { allowed in
      if allowed.isCut { return .no("more calls are allowed than can be listed") }
      func list(_ entries: [AllowedCalls.Entry]) -> String { entries.prefix(32).map(\.name).joined(separator: " ") }
      let free = allowed.entries.filter { isFree($0) == true }
      guard free.isEmpty else {
        return .no("\(free.count) of \(allowed.entries.count) calls leave an argument open: \(list(free))")
      }
      let unknown = allowed.entries.filter { isFree($0) == nil }
      guard unknown.isEmpty else { return .unseen("how many arguments these calls take: \(list(unknown))") }
      return .yes("every argument of every call")
    }
  }

  /// Whether some argument that the call takes may be anything; nil where that depends on how many it takes.
  private static func isFree(_ entry: AllowedCalls.Entry) -> Bool? {
    let known = SystemCall.allCases.first { "\($0.row.name)" == entry.name }?.row.arguments.count
    if let count = known ?? ArgumentCounts.count(of: entry.name) {
      return entry.boxes.contains { $0.prefix(count).contains { $0.isAll } }
    }
    return entry.boxes.contains { $0.contains { $0.isAll } } ? nil : false
  }

  static func foreign(_ evidence: Evidence) -> Check.Answer {
    ask(evidence) { allowed in
      let others = Set(allowed.entries.map(\.architecture)).filter { $0 != Architecture.native.rawValue }
      let x32 = allowed.entries.filter { $0.number & 0x4000_0000 != 0 }
      guard others.isEmpty, x32.isEmpty, !allowed.isCut else { return .no("calls of another architecture are allowed") }
      return .yes("calls of other architectures are refused")
    }
  }

  static func proved(_ evidence: Evidence) -> Check.Answer {
    ask(evidence) { _, program, _ in
      switch evidence.launch {
      case .failure(.unseen(let needed)): .unseen(needed)
      case .failure(.refuted(let problem)): .no("no policy to prove it against: \(problem)")
      case .success(let launch):
        proved(program, launch, evidence.receipt == nil ? "descriptors and maps" : "the receipt")
      }
    }
  }

  private static func proved(_ program: Program, _ launch: Launch, _ source: String) -> Check.Answer {
    do {
      let proof = try Verification(program, against: launch.policy(), name: "installed program")
      return .yes(
        "the installed program is the policy for \(source): \(proof.instructions) instructions, \(proof.paths) paths")
    } catch let failure as Verification.Failure {
      return .no(failure.message.split(separator: "\n").map(\.trimmed).joined(separator: "; "))
    } catch let problem as Complaint {
      return problem == .tooIrregular ? .unseen(problem.message) : .no(problem.message)
    } catch {
      return .no("\(error)")
    }
  }

  static func receipt(_ evidence: Evidence) -> Check.Answer {
    guard let receipt = evidence.receipt else { return .unseen("--receipt FILE, which the tender wrote") }
    guard receipt.process == Int64(evidence.subject.process) || receipt.process == nil else {
      return .no("the receipt is process \(receipt.process ?? 0)'s, as that process saw itself")
    }
    return ask(evidence) { _, program, _ in
      guard program.digest == receipt.programDigest else { return .no("the installed program has another digest") }
      switch evidence.launch {
      case .failure(.unseen(let needed)): return .unseen(needed)
      case .failure(.refuted(let problem)): return .no(problem)
      case .success: return .yes("digest, descriptors and addresses agree")
      }
    }
  }
}
