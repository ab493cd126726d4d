package import Text

/// One line of `/proc/PID/maps`.
package struct MapRegion: Equatable, Sendable {
  package let range: Range<UInt64>
  /// Four letters, such as `rw-p`.
  ///
  /// The last is `s` for a shared mapping.
  package let permissions: Text
  /// The mapped file's device, such as `fe:00`, and its inode; zeros for memory without a file.
  package let device: Text
  package let inode: UInt64
  /// The file's path or the kernel's name for the region; empty for memory without one.
  package let name: Text

  package var isShared: Bool { permissions.bytes[3] == UInt8(ascii: "s") }
  package var isWritable: Bool { permissions.bytes[1] == UInt8(ascii: "w") }
  package var isExecutable: Bool { permissions.bytes[2] == UInt8(ascii: "x") }
  /// Whether the mapping is one of a file, or of something that the kernel treats as a file.
  package var hasFile: Bool { inode != 0 || device != "00:00" }
  /// Whether it is private memory without a name.
  package var isPlain: Bool { !isShared && !hasFile && name.isEmpty }

  /// Reads a line, or nil where it isn't one.
  package init?(_ line: Text) {
    // The name is all that stands behind the blanks after the inode, blanks of its own included.
    let fields = line.fields(UInt8(ascii: " "), atMost: 6)
    guard fields.count >= 5 else { return nil }
    let bounds = fields[0].fields(UInt8(ascii: "-")).map { $0.number(radix: UInt64(16)) }
    guard bounds.count == 2, let start = bounds[0], let end = bounds[1], start < end,
      let inode = fields[4].number(radix: UInt64(10)), fields[2].number(radix: UInt64(16)) != nil,
      Self.isPermissions(fields[1].bytes)
    else { return nil }
    range = start..<end
    permissions = fields[1]
    device = fields[3]
    self.inode = inode
    name = fields.count > 5 ? fields[5].trimmed : Text()
  }

  private static func isPermissions(_ bytes: [UInt8]) -> Bool {
    let letters: [[UInt8]] = [Array("r-".utf8), Array("w-".utf8), Array("x-".utf8), Array("ps".utf8)]
    return bytes.count == 4 && zip(letters, bytes).allSatisfy { $0.contains($1) }
  }

  /// All lines of a map; nil if one of them doesn't parse, because that line may hide anything.
  package static func all(_ text: Text) -> [MapRegion]? {
    let lines = text.lines
    let regions = lines.compactMap { MapRegion($0) }
    return regions.count == lines.count ? regions : nil
  }
}
