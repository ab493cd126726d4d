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

/// A word of a policy file: a piece of its bytes.
struct Word {
  private let bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  /// The word as a text of its own.
  var text: Text { Text(bytes: Array(bytes)) }

  /// Says whether the word consists of exactly a literal's bytes.
  func spells(_ literal: StaticString) -> Bool { bytes.spells(literal) }

  /// Says whether the word consists of exactly a text's bytes.
  func isSame(as text: Text) -> Bool { bytes == text.bytes[...] }
}

extension Text {
  /// Says whether the text consists of exactly a literal's bytes.
  func spells(_ literal: StaticString) -> Bool { bytes[...].spells(literal) }
}

extension ArraySlice<UInt8> {
  fileprivate func spells(_ literal: StaticString) -> Bool {
    let expected = literal.span
    guard count == expected.count else { return false }
    for index in expected.indices where self[startIndex + index] != expected[index] { return false }
    return true
  }
}
