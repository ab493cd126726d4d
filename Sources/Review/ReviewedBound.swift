import Policy
import Text

/// The most that a rule may grant of one argument, as it was reviewed.
///
/// A policy file states its own bounds, so they can't be checked against that file.
enum ReviewedBound: Sendable {
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

  private static let transfer: [(String, ReviewedBound)] = [
    ("buf", .window("memory", 4 << 30)), ("count", .range("chunk", 1 << 20)),
  ]
  private static let disk: [(String, ReviewedBound)] =
    [("fd", .bound("disk"))] + transfer + [("offset", .range("last_offset", 0x7fff_ffff_ffff_ffff))]
  private static let frame: [(String, ReviewedBound)] = [
    ("fd", .bound("tap")), ("buf", .window("memory", 4 << 30)), ("count", .range("frame", 64 << 10)),
  ]

  /// The one table, by the rule's name: a bound for each argument.
  static let table: [String: [(argument: String, bound: ReviewedBound)]] = [
    "enter_guest": [("fd", .bound("vcpu")), ("op", .only(0xae80)), ("arg", .only(0))],
    "read_register": [("fd", .bound("vcpu")), ("op", .only(0x4010_aeab)), ("arg", .bound("register"))],
    "diagnose": [("fd", .only(2)), ("buf", .bound("message")), ("count", .range("message_capacity", 4 << 10))],
    "print": [("fd", .only(1))] + transfer,
    "read_clock": [("clockid", .only(0)), ("tp", .bound("time"))],
    "read_deadline": [("clockid", .only(1)), ("tp", .bound("time"))],
    "wait": [
      ("fds", .bound("polled")), ("nfds", .range("polled_count", 64)), ("tmo_p", .bound("timeout")),
      ("sigmask", .only(0)), ("sigsetsize", .only(0)),
    ],
    "end": [("status", .upTo(255))],
    "read_block": disk,
    "write_block": disk,
    "receive": frame,
    "send": frame,
  ]

  /// Whether a file's grant is within this bound.
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
