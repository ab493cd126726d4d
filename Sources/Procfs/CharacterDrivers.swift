package import Text

/// The drivers of character devices, by `/proc/devices` and, for terminals, `/proc/tty/drivers`.
package struct CharacterDrivers: Equatable, Sendable {
  private let drivers: [(major: UInt32, name: Text)]
  /// The major numbers of terminals.
  private let terminals: Set<UInt32>

  package init(devices: Text, terminals: Text) {
    var drivers: [(major: UInt32, name: Text)] = []
    for line in devices.lines {
      if line == "Block devices:" { break }
      let words = line.words
      guard words.count == 2, let major = words[0].number(radix: UInt32(10)) else { continue }
      drivers.append((major, words[1]))
    }
    self.drivers = drivers
    self.terminals = Set(
      terminals.lines.compactMap { line in
        // The driver's name, its nodes below /dev, the major number.
        let words = line.words
        guard let node = words.lastIndex(where: { $0.begins(with: "/dev/") }), node + 1 < words.count else {
          return nil
        }
        return words[node + 1].number(radix: UInt32(10))
      })
  }

  /// Whether devices of a major number are taps of an interface (`macvtap`, `ipvtap`), whose frames they hand over.
  package func areTaps(_ major: UInt32) -> Bool {
    drivers.contains { $0.major == major && ($0.name == "macvtap" || $0.name == "ipvtap") }
  }

  /// Whether devices of a major number are terminals.
  package func areTerminals(_ major: UInt32) -> Bool { terminals.contains(major) }

  package static func == (left: CharacterDrivers, right: CharacterDrivers) -> Bool {
    left.terminals == right.terminals && left.drivers.elementsEqual(right.drivers) { $0 == $1 }
  }
}
