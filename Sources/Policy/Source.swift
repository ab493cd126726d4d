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

  /// The file that `@include constants` names, as compiled into the program.
  package static var constants: Source {
    Source(name: "constants.policy", bytes: PackageResources.constants_policy)
  }
}
