package import Text

/// What this host gives for running `brig-hvt` with a full seal.
package struct Doctor: Sendable {
  /// The kernel's release, nil where it doesn't tell.
  package let kernel: String?
  /// Whom the findings are true of: by number, and by name.
  package let user: (id: UInt32, name: String)
  package let findings: [HostFinding]

  /// Examines the host as the user who runs this program.
  package init() { self.init(HostEvidence()) }

  /// Concludes from what was seen.
  package init(_ evidence: HostEvidence) {
    kernel = evidence.line("/proc/sys/kernel/osrelease")?.shown
    user = (evidence.user, evidence.name(ofUser: evidence.user))
    findings = HostCheck.allCases.flatMap { $0.findings(evidence) }
  }

  package var verdict: HostVerdict { HostVerdict(findings) }

  /// The architecture that this program was built for.
  package static var architecture: String {
    #if arch(x86_64)
      "x86_64"
    #else
      "aarch64"
    #endif
  }

  /// What is missing, and what that costs.
  package func missing(_ effect: Loss.Effect) -> [HostFinding] {
    findings.filter { $0.state == .missing && $0.effect == effect }
  }

  /// The status to end with.
  ///
  /// - Parameter strict: whether what is best effort counts too.
  /// - Returns: 0 where `brig-hvt` runs with a full seal, else 1.
  package func status(strict: Bool) -> Int32 {
    verdict == .full && !(strict && !missing(.weaker).isEmpty) ? 0 : 1
  }

  /// The findings as JSON; `docs/doctor.md` describes it.
  package var json: Text {
    JSON.document(.doctor) { json in
      json.string("kernel", Text(kernel ?? ""))
      json.string("architecture", Text(Self.architecture))
      json.number("uid", user.id)
      json.string("verdict", Text(verdict.rawValue))
      json.object("missing", compact: true) { json in
        json.number("refused", missing(.refused).count)
        json.number("fallback", missing(.fallback).count)
        json.number("weaker", missing(.weaker).count)
        json.number("limited", missing(.limited).count)
      }
      json.array("findings") { json in
        for finding in findings {
          json.object(compact: true) { json in
            json.string("group", Text(finding.group.rawValue))
            json.string("name", Text(finding.name))
            json.string("state", Text(finding.state.rawValue))
            json.string("effect", Text(finding.effect.rawValue))
            json.string("detail", Text(finding.detail))
            json.string("cost", Text(finding.cost))
            json.string("fix", Text(finding.fix))
          }
        }
      }
    }
  }
}
