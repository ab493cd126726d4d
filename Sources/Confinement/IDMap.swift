import Text

/// Which ids a user namespace has, and what they are outside (`uid_map`, `gid_map`: user_namespaces(7)).
struct IDMap {
  /// A line of the map.
  private struct Line {
    /// The first id inside and outside.
    let first: UInt32
    let outside: UInt32
    let count: UInt32

    func has(_ id: UInt32) -> Bool { id >= first && id - first < count }
  }

  private var lines: [Line]

  /// Reads a map; nil where it can't be read, or isn't one.
  init?(at path: Text) {
    guard let bytes = try? ProcessFile.read(path, most: 1 << 14) else { return nil }
    lines = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let words = line.split(separator: UInt8(ascii: " "))
      guard words.count == 3, let first = Self.number(words[0]), let outside = Self.number(words[1]),
        let count = Self.number(words[2])
      else { return nil }
      lines.append(Line(first: first, outside: outside, count: count))
    }
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> UInt32? {
    var value: UInt32 = 0
    for digit in digits {
      guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(UInt32(digit - UInt8(ascii: "0")))
      guard !overflow, !carry else { return nil }
      value = sum
    }
    return value
  }

  /// Whether an id is mapped.
  func has(_ id: UInt32) -> Bool { lines.contains { $0.has(id) } }

  /// Whether nobody may change the supplementary groups in this user namespace (`userns_may_setgroups` of
  /// kernel/user_namespace.c): its `gid_map` isn't written, or its `setgroups` is `deny`; false where that can't be
  /// read.
  static var deniesGroups: Bool {
    if let groups = IDMap(at: "/proc/self/gid_map"), groups.lines.isEmpty { return true }
    return (try? ProcessFile.read("/proc/self/setgroups"))?.starts(with: [0x64, 0x65, 0x6e, 0x79]) ?? false
  }

  /// What an id is in the namespace outside, nil where it isn't mapped.
  func outside(of id: UInt32) -> UInt32? { lines.first { $0.has(id) }.map { $0.outside &+ (id - $0.first) } }

  /// An id from the upper half of the widest line, one for each number up to its length; never root's nor `nobody`'s.
  func upper(_ number: UInt32) -> UInt32? {
    guard let widest = lines.max(by: { $0.count < $1.count }), widest.count > 0 else { return nil }
    let half = widest.count / 2
    let id = widest.first &+ half &+ number % (widest.count - half)
    return id == 0 || id == 65534 ? nil : id
  }
}
