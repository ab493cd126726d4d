import Confinement
import Procfs
import Text

/// What the audit asks of a process.
enum AuditCheck: Hashable, Sendable {
  /// Whether a step of the seal is in force.
  case step(Step)
  /// Something that no single step of the seal gives.
  case trait(Trait)

  /// What a sealed tender has besides its steps, by the name that people read.
  enum Trait: String, CaseIterable, Sendable {
    case groups
    case oneThread = "one-thread"
    case notTraced = "not-traced"
    case environment
    case writableCode = "writable-code"
    case mappings
    case processorFlaws = "processor-flaws"
    case seccomp
    case fewSystemCalls = "few-system-calls"
    case argumentsPinned = "arguments-pinned"
    case foreignCallsRefused = "foreign-calls-refused"
    case forbiddenCallsKill = "forbidden-calls-kill"
  }

  /// The name that people read.
  var name: String {
    switch self {
    case .step(let step): "\(step.description.name)"
    case .trait(let trait): trait.rawValue
    }
  }

  /// How it is asked, and how much it counts.
  var question: AuditQuestion {
    switch self {
    case .step(let step): step.question
    case .trait(let trait): trait.question
    }
  }

  /// Every check: first those whose place is chosen, then all others, as those of steps that only a receipt tells of.
  static let all: [AuditCheck] = {
    let others = Trait.allCases.map { trait($0) } + Step.allCases.map { step($0) }
    return order + others.filter { !order.contains($0) }
  }()

  private static let order: [AuditCheck] = [
    // Who it is and what it holds.
    .step(.capabilities), .step(.user), .trait(.groups), .trait(.oneThread), .trait(.notTraced),
    .step(.standardDescriptors), .step(.strayDescriptors), .step(.virtualMachine), .trait(.environment),
    // Where it is.
    .step(.userNamespace), .step(.mountNamespace), .step(.netNamespace), .step(.ipcNamespace), .step(.utsNamespace),
    .step(.cgroupNamespace), .step(.nestedNamespaces), .step(.emptyRoot),
    // What it gave up.
    .step(.dumpable), .step(.noNewPrivileges), .trait(.writableCode), .trait(.mappings), .step(.memorySeal),
    .step(.speculation), .trait(.processorFlaws), .step(.coreScheduling), .step(.memoryMerging), .step(.oomScore),
    .step(.scheduling), .step(.pollDeadlines), .step(.signals),
    // What it may use up.
    .step(.coreLimit), .step(.processLimit), .step(.descriptorLimit), .step(.fileSizeLimit),
    // What it may ask of the kernel.
    .trait(.seccomp), .trait(.fewSystemCalls), .trait(.argumentsPinned), .trait(.foreignCallsRefused),
    .trait(.forbiddenCallsKill), .step(.filter), .step(.receipt),
  ]
}

extension AuditCheck {
  /// This machine, which doesn't change while the audit runs.
  private static let machine = Mitigations { Subject.text($0) }

  /// Asks it of a process.
  func finding(_ evidence: ProcessEvidence) -> AuditFinding {
    let question = question
    var answer = Result { () throws(Doubt) in try question.answer(evidence) }
    var cause = AuditCause(isTender: evidence.isTender, machine: Self.machine)
    if case .foreign = evidence.receipt { cause.isForeignReceipt = true }
    if case .step(let step) = self, case .own(let receipt, _) = evidence.receipt {
      let word = ReceiptWord(of: "\(step.description.name)", in: receipt)
      answer = word.settled(answer, isConclusive: question.isConclusive)
      if case .unavailable(let reason) = word { cause.reason = reason }
    }
    if self == .trait(.processorFlaws), case .failure = answer {
      cause.flaws = ProcessorFlaws.open { Subject.text($0) }
    }
    return AuditFinding(check: self, cause: cause, weight: question.weight, answer: answer)
  }
}
