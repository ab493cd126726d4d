/// A kind of JSON document that Brig's programs write.
///
/// Its name is that of the schema in `packaging/schemas`. `Tests/Check/kinds` compares these rows with the schemas and
/// with the pages that describe the members.
package enum DocumentKind: CaseIterable, Sendable {
  case attack, attackList, audit, doctor, image, netNamespace, policy, policyAnswer, policyCoverage, policyDifference
  case policyExplanation, policyLint, policyListings, policyProof, receipt, tenders

  /// The kind's name, and the version of its members.
  package var row: (name: StaticString, version: Int) {
    switch self {
    case .attack: ("brig-attack", 1)
    case .attackList: ("brig-attack-list", 1)
    case .audit: ("brig-audit", 2)
    case .doctor: ("brig-doctor", 1)
    case .image: ("brig-image", 1)
    case .netNamespace: ("brig-net-namespace", 1)
    case .policy: ("brig-policy", 1)
    case .policyAnswer: ("brig-policy-answer", 1)
    case .policyCoverage: ("brig-policy-coverage", 1)
    case .policyDifference: ("brig-policy-difference", 1)
    case .policyExplanation: ("brig-policy-explanation", 1)
    case .policyLint: ("brig-policy-lint", 1)
    case .policyListings: ("brig-policy-listings", 1)
    case .policyProof: ("brig-policy-proof", 1)
    case .receipt: ("brig-receipt", 1)
    case .tenders: ("brig-tenders", 1)
    }
  }

  /// The bytes that each document of the kind begins with, whatever its version.
  package var beginning: Text { "{\n  \"schema\": \"\(row.name)\"" }
}
