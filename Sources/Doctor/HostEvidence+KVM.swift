import Procfs
import Text

extension HostEvidence {
  var kvmDevice: HostAnswer {
    let words = words(kvmNode)
    guard let refusal = kvm.refusal else { return .ok("opened, speaks version 12; \(words)") }
    return .missing(
      "\(refusal) (\(words))", Loss(.refused, "brig-hvt doesn't start: no machine can be made", fix: machineRemedy))
  }

  var virtualisation: HostAnswer {
    let modules = machineModules
    let flags = processor("flags").filter { $0 == "vmx" || $0 == "svm" }
    let words = modules.map(\.shown) + flags.map { "processor flag \($0.shown)" }
    let nested = processor("flags").contains("hypervisor") ? "nested: " : ""
    if modules.contains("kvm_pvm") {
      return .information("PVM (\(words.joined(separator: ", "))): guests run without VMX or SVM, some of them slowly")
    }
    if !words.isEmpty { return .ok("\(nested)\(words.joined(separator: ", "))") }
    // aarch64's KVM is part of the kernel, and its processors have no flag for it.
    if isARM { return .ok("part of the kernel (aarch64)") }
    return .information("no vendor module and neither vmx nor svm: hidden here, or switched off in the firmware")
  }

  /// What the kernel answers for each capability that isn't taken from the guest.
  var capabilities: [(name: String, answer: HostAnswer)] {
    Capability.all.compactMap { capability in
      let loss: Loss
      let use: String?
      switch capability.need {
      case .required(let words):
        loss = Loss(.refused, "brig-hvt doesn't start: it \(words)", fix: Self.otherKVM)
        use = words
      case .helps(let cost): (loss, use) = (Loss(.limited, cost, fix: Self.otherKVM), nil)
      case .narrows: return nil
      }
      guard let number = kvm.answers[capability.name] else {
        return (capability.name, .unknown("/dev/kvm can't be asked"))
      }
      guard capability.isThere(number) else {
        return (capability.name, .missing("the kernel answers \(number)", loss))
      }
      return (capability.name, .ok(use.map { "\(number): \($0)" } ?? "\(number)"))
    }
  }

  private static let otherKVM = "use a newer kernel, or the host's own KVM"

  // MARK: What is taken from the guest

  /// Whether the guest is kept from each thing that a capability lets it be kept from.
  var restrictions: [(name: String, answer: HostAnswer)] {
    Capability.all.compactMap { capability in
      guard case .narrows(let name) = capability.need else { return nil }
      return (name, restriction(name, capability))
    }
  }

  private func restriction(_ name: String, _ capability: Capability) -> HostAnswer {
    let words = kvm.answers[capability.name].map { "KVM_CAP_\(capability.name) is \($0)" }
    // What the rehearsal's machine really got counts; without a machine, what the kernel offers.
    let record = rehearsal.restrictions.first { $0.name == name }
    let offers = kvm.answers[capability.name].map(capability.isThere)
    guard let isThere = record.map({ $0.unavailable == nil }) ?? offers else {
      return .unknown("/dev/kvm can't be asked")
    }
    if isThere { return .ok("\(words ?? "in force")") }
    return .missing(
      "\([record?.unavailable?.shown, words].compactMap { $0 }.joined(separator: ": "))",
      Loss(.weaker, Self.restrictionCosts[name] ?? "the guest is given more of KVM", fix: Self.restrictionFix(name)))
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

  // MARK: The host's KVM

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
