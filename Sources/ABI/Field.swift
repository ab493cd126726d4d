/// A field of an ABI structure: an integer of type `Value`, little-endian, at a fixed offset.
package struct Field<Value: FixedWidthInteger & BitwiseCopyable & Sendable>: Sendable {
  /// The place of the field's first byte, from the start of its structure.
  package let offset: Int

  /// Makes a field at an offset.
  package init(at offset: Int) { self.offset = offset }

  /// The place after the field's last byte, from the start of its structure.
  package var end: Int { offset + MemoryLayout<Value>.size }

  /// Reads the field out of a structure's bytes, or nothing if they end before it does.
  package func read(from structure: RawSpan) -> Value? { structure.read(Value.self, at: offset) }

  /// Writes the field into a structure's bytes, and nothing else.
  ///
  /// - Precondition: `structure` is as long as the structure the field belongs to.
  package func write(_ value: Value, to structure: inout MutableRawSpan) {
    structure.storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self)
  }
}
