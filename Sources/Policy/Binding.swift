/// The value that a policy parameter has for one launch.
package struct Binding: Sendable {
  /// The parameter's name without `$`; a window has two, `NAME` for its base and `NAME_size`.
  package let name: StaticString
  /// The value: a descriptor, an address, or a number of bytes or entries.
  package let value: UInt64

  package init(_ name: StaticString, _ value: UInt64) {
    self.name = name
    self.value = value
  }
}

/// A module that the guest's manifest and options enable, with bindings of its own.
///
/// A module that serves several devices is enabled once for each.
package struct Enabled: Sendable {
  package let module: Module
  /// The bindings of this module or device only; those common to all are given beside the list.
  package let bindings: [Binding]

  package init(_ module: Module, _ bindings: [Binding] = []) {
    self.module = module
    self.bindings = bindings
  }
}
