/// One line of `/proc/PID/maps`.
struct MapRegion {
  let range: Range<UInt64>
  let permissions: String
  /// The file or the kernel's name for the region; empty for memory without one.
  let name: String

  /// Reads a line, or nil where it isn't one.
  init?(_ line: Substring) {
    let fields = line.split(separator: " ", maxSplits: 5)
    guard fields.count >= 5 else { return nil }
    let bounds = fields[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
    guard bounds.count == 2, bounds[0] < bounds[1] else { return nil }
    range = bounds[0]..<bounds[1]
    permissions = String(fields[1])
    name = fields.count > 5 ? fields[5].trimmed : ""
  }
}
