import Host
import Review

/// A command that answers by the compiled policies.
protocol PolicyReader {}

extension PolicyReader {
  /// Warns if the working directory has other policies, which a person may have edited and mean.
  func warnOfOtherPolicies() {
    for path in CompiledPolicies.differing(in: "policies") {
      Files.complain(
        "brig: warning: \(path) isn't the one that this brig was built with, which counts: build brig anew\n")
    }
  }
}

extension Show: PolicyReader {}
extension Explain: PolicyReader {}
extension Ask: PolicyReader {}
extension Verify: PolicyReader {}
extension Diff: PolicyReader {}
extension Listings: PolicyReader {}
extension ReportCommand: PolicyReader {}
extension Coverage: PolicyReader {}
