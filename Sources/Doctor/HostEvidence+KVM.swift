import Procfs
import Text

extension Checks {
  static let kvmChecks: [HostCheck] =
    [
      HostCheck(.kvm, "virtualisation") { evidence in virtualisation(evidence) },
      HostCheck(.kvm, "kvm-device") { evidence in
        let words = evidence.words(evidence.kvmNode)
        guard let refusal = evidence.kvm.refusal else { return .ok("opened, speaks version 12; \(words)") }
        return .missing(
          "\(refusal) (\(words))",
          Loss(
            .refused, "brig-hvt doesn't start: no machine can be made",
            fix: evidence.machineRemedy))
      },
    ]
    + Capability.all.compactMap { capability in
      if case .narrows = capability.need { return nil }
      return HostCheck(.kvm, capability.name) { evidence in answer(capability, evidence) }
    }

  private static func answer(_ capability: Capability, _ evidence: HostEvidence) -> HostAnswer {
    guard let number = evidence.kvm.answers[capability.name] else { return .unknown("/dev/kvm can't be asked") }
    let loss: Loss
    switch capability.need {
    case .required(let use):
      if capability.isThere(number) { return .ok("\(number): \(use)") }
      loss = Loss(.refused, "brig-hvt doesn't start: it \(use)", fix: "use a newer kernel, or the host's own KVM")
    case .helps(let cost):
      if capability.isThere(number) { return .ok("\(number)") }
      loss = Loss(.limited, cost, fix: "use a newer kernel, or the host's own KVM")
    case .narrows: return .notApplicable("a restriction")
    }
    return .missing("the kernel answers \(number)", loss)
  }

  private static func virtualisation(_ evidence: HostEvidence) -> HostAnswer {
    let modules = evidence.machineModules
    let flags = evidence.processor("flags").filter { $0 == "vmx" || $0 == "svm" }
    let words = modules.map(\.shown) + flags.map { "processor flag \($0.shown)" }
    let nested = evidence.processor("flags").contains("hypervisor") ? "nested: " : ""
    if modules.contains("kvm_pvm") {
      return .information("PVM (\(words.joined(separator: ", "))): guests run without VMX or SVM, some of them slowly")
    }
    if !words.isEmpty { return .ok("\(nested)\(words.joined(separator: ", "))") }
    // aarch64's KVM is part of the kernel, and its processors have no flag for it.
    if evidence.isARM { return .ok("part of the kernel (aarch64)") }
    return .information("no vendor module and neither vmx nor svm: hidden here, or switched off in the firmware")
  }

  // MARK: What is taken from the guest

  static let guestChecks: [HostCheck] = Capability.all.compactMap { capability in
    guard case .narrows(let name) = capability.need else { return nil }
    return HostCheck(.guest, name) { evidence in restriction(name, capability, evidence) }
  }

  private static func restriction(_ name: String, _ capability: Capability, _ evidence: HostEvidence) -> HostAnswer {
    let words = evidence.kvm.answers[capability.name].map { "KVM_CAP_\(capability.name) is \($0)" }
    // What the rehearsal's machine really got counts; without a machine, what the kernel offers.
    let record = evidence.rehearsal.restrictions.first { $0.name == name }
    let offers = evidence.kvm.answers[capability.name].map(capability.isThere)
    guard let isThere = record.map({ $0.unavailable == nil }) ?? offers else {
      return .unknown("/dev/kvm can't be asked")
    }
    if isThere { return .ok(words ?? "in force") }
    return .missing(
      [record?.unavailable, words].compactMap { $0 }.joined(separator: ": "),
      Loss(.weaker, restrictionCosts[name] ?? "the guest is given more of KVM", fix: restrictionFix(name)))
  }

  private static let restrictionCosts = [
    "pmu": "the guest may use performance counters, which tell what else the core does",
    "bus-lock-exit": "a guest that locks the bus slows every processor of the host",
    "notify-exit": "a guest may keep its processor from taking interrupts for longer",
    "msr-filter": "the guest reaches every model-specific register that KVM emulates",
    "paravirtual": "the guest reaches KVM's paravirtual features though CPUID hides them",
  ]

  private static func restrictionFix(_ name: String) -> String {
    switch name {
    case "bus-lock-exit": "a processor with bus-lock detection, and a kernel that hands it to KVM (Linux 5.12)"
    case "notify-exit": "an Intel processor with notify VM exit, and Linux 6.0"
    case "pmu": "Linux 5.18, and a KVM that has performance counters to take away"
    default: "Linux 5.10"
    }
  }
}

extension HostEvidence {
  /// The loaded modules that give a processor's virtualisation to KVM: `kvm_amd` and the like.
  var machineModules: [Text] {
    (names("/sys/module") ?? []).filter { $0.begins(with: "kvm_") }.sorted { $0.shown < $1.shown }
  }

  /// Whether the processor is an aarch64 one, whose KVM is part of the kernel.
  var isARM: Bool { !processor("Features").isEmpty }

  /// The module to load for this processor's KVM.
  var module: String {
    processor("flags").contains("svm") || processor("vendor_id") == ["AuthenticAMD"] ? "kvm_amd" : "kvm_intel"
  }
}
