/// The text of a policy file, with the name that errors give it.
package struct Source: Sendable {
  /// The file's name, as in `console.policy`.
  package let name: StaticString
  /// The file's bytes, expected to be printable ASCII in lines.
  package let bytes: [UInt8]

  package init(name: StaticString, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  /// The file that `@include constants` names.
  package static var constants: Source {
    Source(name: "constants.policy", bytes: PackageResources.constants_policy)
  }

  /// The shipped file that an `@include` names without its extension, or nil if there is none.
  static func included(_ name: Word) -> Source? {
    name.spells("constants") ? constants : nil
  }
}
