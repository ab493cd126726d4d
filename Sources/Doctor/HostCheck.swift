import Confinement
import Procfs
import Text

/// What the doctor asks of the host, in the order of its answers: a question by its name, or one for each row of a
/// table.
enum HostCheck: String, CaseIterable {
  case hypervisor
  case pageSize = "page-size"
  case clock, container
  case userMap = "user-map"
  case rootDirectory = "root-directory"
  /// `ProcessorFlaw.all`.
  case processorFlaws
  case shadowStack = "shadow-stack"
  case virtualisation
  case kvmDevice = "kvm-device"
  /// `Capability.all`, but for what is taken from the guest.
  case capabilities
  /// What is taken from the guest of `Capability.all`.
  case restrictions
  /// `Restrictor.all`.
  case restrictors
  case appArmor = "apparmor"
  case seLinux = "selinux"
  case preparedNetNamespace = "prepared-net-namespace"
  case outerFilter = "outer-filter"
  case noNewPrivileges = "no-new-privileges"
  /// `SeccompSurvey.Wanted`.
  case seccompActions
  case seccompSynchronises = "seccomp-TSYNC"
  case personality
  case addressSpace = "address-space"
  /// `ResourceLimit.all`.
  case resourceLimits
  case rehearsal
  /// `Step.allCases`, but for those that no rehearsal takes.
  case steps
  case tunDevice = "tun-device"
  case tapInterfaces = "tap-interfaces"
}

extension HostCheck {
  /// What it is about.
  var group: HostFinding.Group {
    switch self {
    case .hypervisor, .pageSize, .clock, .container, .userMap, .rootDirectory, .processorFlaws, .shadowStack: .host
    case .virtualisation, .kvmDevice, .capabilities: .kvm
    case .restrictions: .guest
    case .restrictors, .appArmor, .seLinux, .preparedNetNamespace: .namespaces
    case .outerFilter, .noNewPrivileges, .seccompActions, .seccompSynchronises, .personality, .addressSpace,
      .resourceLimits:
      .process
    case .rehearsal, .steps: .seal
    case .tunDevice, .tapInterfaces: .devices
    }
  }

  /// Asks it of a host.
  func findings(_ evidence: HostEvidence) -> [HostFinding] {
    answers(evidence).map { HostFinding(group, $0.name, evidence.settled($0.answer)) }
  }

  private func answers(_ evidence: HostEvidence) -> [(name: String, answer: HostAnswer)] {
    func one(_ answer: HostAnswer) -> [(name: String, answer: HostAnswer)] { [(rawValue, answer)] }
    return switch self {
    case .hypervisor: one(evidence.hypervisor)
    case .pageSize: one(evidence.pages)
    case .clock: one(evidence.clock)
    case .container: one(evidence.container)
    case .userMap: one(evidence.userMap)
    case .rootDirectory: one(evidence.rootDirectory)
    case .processorFlaws: ProcessorFlaw.all.map { ($0.name, evidence.flaw($0)) }
    case .shadowStack: one(evidence.shadowStack)
    case .virtualisation: one(evidence.virtualisation)
    case .kvmDevice: one(evidence.kvmDevice)
    case .capabilities: evidence.capabilities
    case .restrictions: evidence.restrictions
    case .restrictors: Restrictor.all.map { ($0.name, $0.answer(evidence)) }
    case .appArmor: one(evidence.appArmor)
    case .seLinux: one(evidence.seLinux)
    case .preparedNetNamespace: one(evidence.preparedNetNamespace)
    case .outerFilter: one(evidence.outerFilter)
    case .noNewPrivileges: one(evidence.noNewPrivileges)
    case .seccompActions: SeccompSurvey.Wanted.allCases.map { ("seccomp-\($0.rawValue)", evidence.action($0)) }
    case .seccompSynchronises: one(evidence.synchronises)
    case .personality: one(evidence.executionDomain)
    case .addressSpace: one(evidence.addressSpace)
    case .resourceLimits: ResourceLimit.all.map { ($0.name, $0.answer(evidence)) }
    case .rehearsal: one(evidence.rehearsed)
    case .steps: Step.allCases.compactMap { step in evidence.answer(step).map { ("\(step.description.name)", $0) } }
    case .tunDevice: one(evidence.tunDevice)
    case .tapInterfaces: one(evidence.tapInterfaces)
    }
  }
}

extension HostEvidence {
  /// What the tender's own code has just done without isn't missing, whatever a table says of it.
  fileprivate func settled(_ answer: HostAnswer) -> HostAnswer {
    guard answer.loss?.effect == .refused, rehearsal.isComplete else { return answer }
    return .information("\(answer.detail), and a child was sealed all the same")
  }
}
