import Listing
import Policy

/// Questions to the program that the kernel has for a process.
enum Filters {
  /// The most system calls that a tender with a disk and a network interface needs.
  private static let few = 8

  private static func allowed(_ evidence: Evidence) -> Result<AllowedCalls, Complaint>? {
    guard evidence.filters.problem == nil, !evidence.filters.programs.isEmpty else { return nil }
    return Result { () throws(Complaint) in
      try AllowedCalls(of: evidence.filters.programs, name: "the installed program")
    }
  }

  /// Asks about what the installed programs allow together; without a filter the answer is no.
  private static func ask(_ evidence: Evidence, _ body: (AllowedCalls) -> Check.Answer) -> Check.Answer {
    if let problem = evidence.filters.problem { return .unseen(problem) }
    guard let allowed = allowed(evidence) else { return .no("no filter is installed: every call is allowed") }
    switch allowed {
    case .success(let allowed): return body(allowed)
    case .failure(let problem): return .unseen(problem.message)
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
    if let problem = evidence.filters.problem { return .unseen(problem) }
    guard let program = evidence.filters.programs.last else { return .no("no filter is installed") }
    switch evidence.launch {
    case .failure(let problem): return .no("no policy to prove it against: \(problem.message)")
    case .success(let launch):
      do {
        let proof = try Verification(program, against: launch.policy(), name: "installed program")
        let source = evidence.receipt == nil ? "descriptors and maps" : "the receipt"
        return .yes(
          "the installed program is the policy for \(source): \(proof.instructions) instructions, \(proof.paths) paths")
      } catch let failure as Verification.Failure {
        return .no(failure.message.split(separator: "\n").map(\.trimmed).joined(separator: "; "))
      } catch let problem as Complaint {
        return .no(problem.message)
      } catch {
        return .no("\(error)")
      }
    }
  }

  static func receipt(_ evidence: Evidence) -> Check.Answer {
    guard let receipt = evidence.receipt else { return .unseen("--receipt FILE, which the tender wrote") }
    guard receipt.process == Int64(evidence.subject.process) || receipt.process == nil else {
      return .no("the receipt is process \(receipt.process ?? 0)'s, as that process saw itself")
    }
    if let problem = evidence.filters.problem { return .unseen(problem) }
    guard let program = evidence.filters.programs.last else { return .no("it speaks of a filter, and there is none") }
    guard program.digest == receipt.programDigest else { return .no("the installed program has another digest") }
    if let problem = Descriptors.disagreement(evidence) { return .no(problem) }
    return .yes("digest and descriptors agree")
  }
}
