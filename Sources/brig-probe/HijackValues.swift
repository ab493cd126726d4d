import Policy

/// What the hijacked tender tells the guest of itself, in the order in which it tells it.
struct HijackValues {
  private static var names: InlineArray<14, StaticString> {
    [
      "vcpu", "disk", "tap", "memory", "memory_size", "message", "time", "timeout", "polled", "register", "stack",
      "code", "last_offset", "run_area",
    ]
  }

  /// How many there are.
  static var count: Int { names.count }

  private var values = InlineArray<14, UInt64>(repeating: .max)

  init() {}

  /// Takes the first value of each name; one that this launch hasn't is all ones.
  init(_ bindings: [Binding]) {
    let names = Self.names
    for index in names.indices {
      for binding in bindings.reversed() where Self.same(binding.name, names[index]) { values[index] = binding.value }
    }
  }

  private static func same(_ left: StaticString, _ right: StaticString) -> Bool {
    guard left.utf8CodeUnitCount == right.utf8CodeUnitCount else { return false }
    // SAFETY: a literal has `utf8CodeUnitCount` bytes.
    for index in 0..<left.utf8CodeUnitCount where unsafe left.utf8Start[index] != right.utf8Start[index] {
      return false
    }
    return true
  }

  subscript(index: Int) -> UInt64 { values[index] }
}
