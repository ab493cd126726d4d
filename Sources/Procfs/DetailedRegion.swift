package import Text

/// One mapping by `/proc/PID/smaps`: a line as in `maps`, and its flags in the kernel's two letters.
package struct DetailedRegion: Equatable, Sendable {
  package let region: MapRegion
  package fileprivate(set) var flags: [Text] = []

  /// Whether mseal(2) keeps it from being unmapped, mapped anew or given another protection.
  package var isSealed: Bool { flags.contains("sl") }

  /// All mappings; nil if a line doesn't parse.
  package static func all(_ text: Text) -> [DetailedRegion]? {
    var all: [DetailedRegion] = []
    for line in text.lines {
      if let region = MapRegion(line) {
        all.append(DetailedRegion(region: region))
        continue
      }
      // Every other line is a name, a colon and a value, and belongs to a mapping.
      guard !all.isEmpty, line.has(UInt8(ascii: ":")) else { return nil }
      if let flags = line.after("VmFlags:") { all[all.count - 1].flags = flags.words }
    }
    return all
  }
}
