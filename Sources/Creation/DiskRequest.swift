import Host
package import Text

/// A disk that is to be made: `DEVICE=PATH:SIZE`, or `DEVICE=SIZE` for one without a name.
package struct DiskRequest: Equatable, Sendable {
  /// The device's name in the manifest.
  package let device: String
  /// The file; nil for none that has a name.
  package let path: String?
  /// The size in bytes.
  package let size: UInt64

  /// Reads the value of `--create-disk`.
  ///
  /// What has a colon has a path, up to the last colon.
  ///
  /// - Throws: `Complaint` with what the option takes.
  package init(parsing words: String) throws(Complaint) {
    let bytes = words.raw
    guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")), Self.isDeviceName(bytes[..<equals]) else {
      throw Self.problem(words)
    }
    device = String(raw: Array(bytes[..<equals]))
    let value = bytes[(equals + 1)...]
    let colon = value.lastIndex(of: UInt8(ascii: ":"))
    path = colon.map { String(raw: Array(value[..<$0])) }
    guard path?.isEmpty != true else { throw Self.problem(words) }
    guard let size = Self.size(colon.map { value[($0 + 1)...] } ?? value) else { throw Self.problem(words) }
    guard size > 0, size.isMultiple(of: 512), size <= Bounds.offset else {
      throw Complaint(
        "run: --create-disk \(words.shown): SIZE is a multiple of 512 bytes, at least one and less than 8E")
    }
    self.size = size
  }

  /// Whether an option of the tender can name a device so: 1 to 67 ASCII letters and digits.
  private static func isDeviceName(_ bytes: ArraySlice<UInt8>) -> Bool {
    1...67 ~= bytes.count && bytes.allSatisfy { $0.isLetterOrDigit }
  }

  private static func problem(_ words: String) -> Complaint {
    Complaint(
      """
      run: --create-disk \(words.shown): takes DEVICE=PATH:SIZE, or DEVICE=SIZE for a disk that is gone at the end, with \
      SIZE in bytes or with K, M or G, as in --create-disk storage=disk.img:64M
      """)
  }

  /// Decimal digits, and perhaps a letter for a power of 1024; more than fits is the greatest number.
  private static func size(_ bytes: ArraySlice<UInt8>) -> UInt64? {
    var digits = bytes
    var factor: UInt64 = 1
    if let letter = bytes.last, let power = Array("KMG".utf8).firstIndex(of: letter) {
      factor <<= UInt64(10 * (power + 1))
      digits.removeLast()
    }
    guard !digits.isEmpty else { return nil }
    var value: UInt64 = 0
    for byte in digits {
      guard let digit = byte.digit else { return nil }
      let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tenfold.addingReportingOverflow(UInt64(digit))
      value = overflow || carry ? .max : sum
    }
    let (size, overflow) = value.multipliedReportingOverflow(by: factor)
    return overflow ? .max : size
  }
}
