import Policy
import Text

/// The most that a rule may grant of one argument, as it was reviewed.
///
/// A policy file states its own bounds, so it can't be what they are checked against.
package enum ReviewedBound: Sendable {
  /// This value alone.
  case only(UInt64)
  /// Whatever value the parameter is bound to, and no other.
  case bound(String)
  /// Values up to this one.
  case upTo(UInt64)
  /// Values up to what the parameter is bound to, which is at most this.
  case range(String, UInt64)
  /// The window of the parameter, of at most so many bytes.
  case window(String, UInt64)

  /// Whether what a file grants is no more.
  func covers(_ grant: Grant) -> Bool {
    func isParameter(_ name: String) -> Bool { grant.operand == .parameter(Text(name)) }
    func isLiteral(_ upTo: UInt64) -> Bool {
      if case .literal(let value) = grant.operand { value <= upTo } else { false }
    }
    switch self {
    case .only(let value): return grant.shape == .equal && grant.operand == .literal(value)
    case .bound(let name): return grant.shape == .equal && isParameter(name)
    case .upTo(let most): return (grant.shape == .equal || grant.shape == .atMost) && isLiteral(most)
    case .range(let name, let most):
      guard grant.shape == .atMost else { return grant.shape == .equal && isLiteral(most) }
      return isLiteral(most) || (isParameter(name) && grant.limit <= most)
    case .window(let name, let most): return grant.shape == .window && isParameter(name) && grant.limit <= most
    }
  }

  /// The bound in words.
  var words: String {
    switch self {
    case .only(let value): String(hex: value)
    case .bound(let name): "$\(name)"
    case .upTo(let most): "at most \(Launch.size(most))"
    case .range(let name, let most): "at most $\(name), and that at most \(Launch.size(most))"
    case .window(let name, let most): "in $\(name), and that at most \(Launch.size(most))"
    }
  }
}
