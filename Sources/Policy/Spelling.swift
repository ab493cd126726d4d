import Text

extension StaticString {
  /// The literal's bytes; none if it is a single Unicode scalar kept by value.
  var span: Span<UInt8> {
    @_lifetime(immortal) get {
      guard hasPointerRepresentation else { return Span() }
      // SAFETY: a literal's bytes live as long as the program, and there are `utf8CodeUnitCount` of them.
      let bytes = unsafe Span(_unsafeStart: utf8Start, count: utf8CodeUnitCount)
      return unsafe _overrideLifetime(bytes, copying: ())
    }
  }
}

extension Text {
  /// Says whether the text consists of exactly a literal's bytes.
  func spells(_ literal: StaticString) -> Bool {
    let expected = literal.span
    guard bytes.count == expected.count else { return false }
    for index in expected.indices where bytes[index] != expected[index] { return false }
    return true
  }
}
