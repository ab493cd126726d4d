import Text

/// Reads the members of a JSON object that must have exactly those of a schema.
///
/// Its complaints say which member is wrong.
struct ListingReader {
  private let members: [(key: String, value: JSONValue)]
  /// The file, and the object's place in it.
  private let place: String

  /// - Parameters:
  ///   - value: the value, which must be an object.
  ///   - place: the beginning of each complaint.
  ///   - required: the members that it must have.
  ///   - optional: those that it may have.
  /// - Throws: `Complaint` if the value isn't an object, and for a member that is missing, unknown, or there twice.
  init(
    _ value: JSONValue, at place: String, required: [String], optional: [String] = []
  ) throws(Complaint) {
    guard case .object(let members) = value else { throw Complaint("\(place): not an object") }
    for (index, member) in members.enumerated() {
      guard required.contains(member.key) || optional.contains(member.key) else {
        throw Complaint("\(place): a member `\(member.key)` that the schema doesn't have")
      }
      guard !members[..<index].contains(where: { $0.key == member.key }) else {
        throw Complaint("\(place): a second member `\(member.key)`")
      }
    }
    for key in required where !members.contains(where: { $0.key == key }) {
      throw Complaint("\(place): no member `\(key)`")
    }
    self.members = members
    self.place = place
  }

  /// Whether an optional member is there.
  func has(_ key: String) -> Bool { members.contains { $0.key == key } }

  /// A complaint about a member.
  func failure(_ key: String, _ problem: String) -> Complaint { Complaint("\(place).\(key): \(problem)") }

  private func value(_ key: String) -> JSONValue { members.first { $0.key == key }?.value ?? .null }

  /// A string that isn't blank.
  func string(_ key: String) throws(Complaint) -> String {
    guard let text = value(key).string, text.contains(where: { !$0.isWhitespace }) else {
      throw failure(key, "not a string, or blank")
    }
    return text
  }

  /// A string that is one of several.
  func string(_ key: String, oneOf words: [String]) throws(Complaint) -> String {
    let text = try string(key)
    guard words.contains(text) else { throw failure(key, "`\(text)`, not \(words.joined(separator: " or "))") }
    return text
  }

  /// A SHA-256 digest in hexadecimal digits.
  func digest(_ key: String) throws(Complaint) -> String {
    let text = try string(key)
    guard text.utf8.count == 64, text.allSatisfy({ $0.isHexDigit && !$0.isUppercase }) else {
      throw failure(key, "not 64 hexadecimal digits")
    }
    return text
  }

  /// A number in a range.
  func number(_ key: String, in range: ClosedRange<Int64>) throws(Complaint) -> Int64 {
    guard let number = value(key).number, range.contains(number) else {
      throw failure(key, "not a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A number of 64 bits, which the schema writes as a string of `0x` and hexadecimal digits.
  func word(_ key: String) throws(Complaint) -> UInt64 {
    guard value(key).string != nil, let word = value(key).unsigned else {
      throw failure(key, "not a string of 0x and up to 16 hexadecimal digits")
    }
    return word
  }

  /// An object with exactly the members named.
  func object(
    _ key: String, required: [String], optional: [String] = []
  ) throws(Complaint) -> ListingReader {
    try ListingReader(value(key), at: "\(place).\(key)", required: required, optional: optional)
  }

  /// An array of objects with exactly the members named.
  func objects(
    _ key: String, required: [String], optional: [String] = []
  ) throws(Complaint) -> [ListingReader] {
    guard case .array(let values) = value(key) else { throw failure(key, "not an array") }
    var objects: [ListingReader] = []
    for (index, value) in values.enumerated() {
      objects.append(
        try ListingReader(value, at: "\(place).\(key)[\(index)]", required: required, optional: optional))
    }
    return objects
  }
}
