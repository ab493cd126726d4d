import Policy
import Text

/// The names that stand for values in a question about a call, and how values are written.
struct QuestionNames {
  private var values: [String: Set<UInt64>]

  private static let constants: [String: Set<UInt64>] = {
    // The policy has no constants of these names: no rule can ever allow what takes the first.
    var values: [String: Set<UInt64>] = ["AT_FDCWD": [0 &- 100], "NULL": [0]]
    for module in Module.allCases {
      // A file that can't be read has made no policy either.
      for constant in (try? PolicyFile(module.source).constants) ?? [] {
        values[String(constant.name), default: []].insert(constant.value)
      }
    }
    return values
  }()

  /// The parameters that only a launch with such a device has, what they are, and the option that selects one.
  private static let parameters: [(names: Set<String>, words: String, option: String)] = [
    ("net", "a network interface's", "--net"), ("block", "a disk's", "--block"),
  ].map { short, words, option in
    func names(_ short: String) -> Set<String> {
      Set((Selection(short: short)?.launch.values ?? []).map { "\($0.name)" })
    }
    return (names(short).subtracting(names("console")), words, option)
  }

  /// The names of a launch: the policy files' constants and parameters, each device's own name, and two of the
  /// kernel's.
  init(_ launch: Launch) {
    values = Self.constants
    for binding in launch.values { values["\(binding.name)", default: []].insert(binding.value) }
    for device in launch.devices where values[String(device.name)] == nil {
      values[String(device.name)] = [device.descriptor]
    }
  }

  /// The value of a number or a name, with a number added or subtracted or none, modulo 2^64.
  ///
  /// - Throws: `Complaint` for anything else.
  func value(of text: String) throws(Complaint) -> UInt64 {
    guard let sign = text.dropFirst().firstIndex(where: { $0 == "+" || $0 == "-" }) else { return try term(text) }
    let (left, right) = (try term(String(text[..<sign])), try term(String(text[text.index(after: sign)...])))
    return text[sign] == "+" ? left &+ right : left &- right
  }

  private func term(_ text: String) throws(Complaint) -> UInt64 {
    let text = text.filter { !$0.isWhitespace }
    if text.hasPrefix("-") { return 0 &- (try term(String(text.dropFirst()))) }
    if text.first?.isASCII == true, text.first?.isNumber == true {
      guard let number = Self.number(text) else {
        throw Complaint("\(text.shown): no number of 64 bits: write it decimal, as 0x1f, or octal as 017 or 0o17")
      }
      return number
    }
    guard let found = values[text] else {
      let names = values.keys.sorted().joined(separator: " ")
      if let device = Self.parameters.first(where: { $0.names.contains(text) }) {
        throw Complaint(
          "\(text.shown): \(device.words), and none is selected: add \(device.option) NAME, or take a tender's devices by "
            + "--receipt FILE; names here: \(names)")
      }
      throw Complaint(
        "\(text.shown): no number, and no name of the policy's: write _ for an argument that is left open, and select a "
          + "device (--block NAME, --net NAME, --receipt FILE) before you name it; names here: \(names)")
    }
    guard let value = found.first, found.count == 1 else {
      throw Complaint("\(text.shown): has a value for each device: write the device's name or the number")
    }
    return value
  }

  /// A number as C or a policy writes it, with K, M or G behind it or nothing; nil for none of 64 bits.
  static func number(_ text: String) -> UInt64? {
    var digits = text.filter { $0 != "_" }.lowercased()[...]
    var factor: UInt64 = 1
    if !digits.hasPrefix("0x"), let shift = ["k": 10, "m": 20, "g": 30][digits.last ?? " "] as UInt64? {
      factor = 1 << shift
      digits = digits.dropLast()
    }
    var radix = 10
    if digits.hasPrefix("0x") || digits.hasPrefix("0o") {
      radix = digits.hasPrefix("0x") ? 16 : 8
      digits = digits.dropFirst(2)
    } else if digits.count > 1, digits.hasPrefix("0") {
      radix = 8
      digits = digits.dropFirst()
    }
    guard digits.allSatisfy(\.isHexDigit), let value = UInt64(digits, radix: radix) else { return nil }
    let (product, isLost) = value.multipliedReportingOverflow(by: factor)
    return isLost ? nil : product
  }
}
