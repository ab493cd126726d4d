import Procfs
import Text

extension Checks {
  /// The processor's flaws that concern guests, and what it could give besides.
  static let processorChecks: [HostCheck] =
    ProcessorFlaw.all.map { flaw in HostCheck(.host, flaw.name) { evidence in answer(flaw, evidence) } } + [
      HostCheck(.host, "shadow-stack") { evidence in
        let flags = evidence.processor("flags") + evidence.processor("Features")
        guard flags.contains("user_shstk") || flags.contains("gcs") else {
          return .notApplicable("this processor or this kernel has none for programs")
        }
        return .information("processor and kernel have one for programs; brig-hvt doesn't use it")
      }
    ]

  private static func answer(_ flaw: ProcessorFlaw, _ evidence: HostEvidence) -> HostAnswer {
    guard let line = evidence.line(flaw.path) else { return .unknown("this kernel doesn't know it, nor mitigate it") }
    switch ProcessorFlaw.State(line) {
    case .closed: return .ok(line.shown)
    case .unknown: return .unknown(line.shown)
    case .open: return .missing(line.shown, Loss(.weaker, flaw.cost, fix: flaw.fix))
    }
  }
}
