package import Text

/// A unikernel's manifest: the devices it declares, and what the tender attached to them (`struct mft`).
///
/// A device's handle is the index of its entry. Entry 0 is reserved and never a device.
package struct Manifest: Equatable, Sendable {
  /// The only version there is (`MFT_VERSION`).
  package static var version: UInt32 { 1 }
  /// The most entries a manifest may have (`MFT_MAX_ENTRIES`), so that a set of handles fits 64 bits.
  package static var maximumCount: Int { 64 }
  /// The size in bytes of what precedes the entries.
  package static var headerSize: Int { 8 }

  /// The entries by handle; 1 to 64 of them.
  package private(set) var entries: [Entry]

  /// Decodes and validates the manifest of a unikernel, by the rules of Solo5's `mft_validate`.
  ///
  /// - Parameter bytes: the content of the MFT1 note, and nothing after it.
  /// - Throws: `ManifestError`, with the first rule that is broken.
  package init(_ bytes: RawSpan) throws(ManifestError) {
    guard let version = bytes.read(UInt32.self, at: 0), let count = bytes.read(UInt32.self, at: 4) else {
      throw .wrongSize
    }
    guard version == Self.version else { throw .unknownVersion }
    guard let count = Int(exactly: count), 1...Self.maximumCount ~= count else { throw .wrongCount }
    guard bytes.byteCount == Self.size(count: count) else { throw .wrongSize }
    var entries: [Entry] = []
    entries.reserveCapacity(count)
    for handle in 0..<count {
      let start = Self.size(count: handle)
      entries.append(try Entry(bytes.extracting(start..<start + Entry.size), handle: handle))
    }
    guard let first = entries.first, first.device == .other(DeviceType.firstReserved), first.name.bytes.isEmpty else {
      throw .firstNotReserved
    }
    self.entries = entries
  }

  /// The size in bytes of the encoded manifest.
  package var encodedSize: Int { Self.size(count: entries.count) }

  /// Returns the handle of the first entry with a name and a type, or nothing if there is none.
  package func handle(of name: Text, type: DeviceType) -> Int? {
    entries.firstIndex { $0.device.type == type && $0.name == name }
  }

  /// Sets the properties of a device and marks it as attached; a second time replaces the first.
  ///
  /// - Precondition: `handle` is an entry's index, and that entry is of the device's type.
  package mutating func attach(_ device: DeviceProperties, at handle: Int) {
    precondition(entries[handle].device.type == device.type, "the entry is of another type")
    entries[handle].device = device
    entries[handle].isAttached = true
  }

  /// Returns the guest's copy: the properties, what is attached, and zeros in every other place.
  ///
  /// The host's descriptor, for which an entry has a field, is the tender's affair: it is always 0.
  package func encode() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(encodedSize)
    bytes.append(littleEndian: Self.version)
    bytes.append(littleEndian: UInt32(truncatingIfNeeded: entries.count))
    for entry in entries { entry.encode(to: &bytes) }
    return bytes
  }

  private static func size(count: Int) -> Int { headerSize + count * Entry.size }
}

/// The rule of Solo5's `mft_validate` that a manifest breaks.
package enum ManifestError: Error, Equatable, Sendable {
  /// The size isn't exactly that of a header and the entries it announces.
  case wrongSize
  /// The version isn't 1.
  case unknownVersion
  /// The number of entries isn't in 1...64.
  case wrongCount
  /// Entry 0 has a name, or a type other than the first reserved one.
  case firstNotReserved
  /// The name of the entry with this handle has no terminator.
  case unterminatedName(handle: Int)
  /// The entry with this handle claims to be attached.
  case alreadyAttached(handle: Int)
}
