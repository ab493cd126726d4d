import Procfs
import Text

extension HostEvidence {
  /// Whether the kernel mitigates a flaw of the processor that concerns guests.
  func flaw(_ flaw: ProcessorFlaw) -> HostAnswer {
    guard let line = line(flaw.path) else { return .unknown("this kernel doesn't know it, nor mitigate it") }
    switch ProcessorFlaw.Exposure(line) {
    case .closed: return .ok("\(line.shown)")
    case .unknown: return .unknown("\(line.shown)")
    case .open: return .missing("\(line.shown)", Loss(.weaker, flaw.cost, fix: flaw.fix(Mitigations(read))))
    }
  }

  var shadowStack: HostAnswer {
    let flags = processor("flags") + processor("Features")
    guard flags.contains("user_shstk") || flags.contains("gcs") else {
      return .notApplicable("this processor or this kernel has none for programs")
    }
    return .information("processor and kernel have one for programs; brig-hvt doesn't use it")
  }
}
