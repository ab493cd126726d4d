package import ABI
package import Text

/// What an image declares and which option gives it, for a person whose command line doesn't fit the image.
///
/// It is a line behind the complaint, whose own words are Solo5's and which launchers know.
package enum DeviceAdvice {
  /// The most devices in a line; of more it says how many there are.
  private static var most: Int { 10 }

  /// What to add for devices that no option attaches.
  ///
  /// - Parameters:
  ///   - handles: theirs.
  ///   - manifest: the image's.
  /// - Returns: one line or more.
  static func adding(_ handles: [Int], of manifest: Manifest) -> Text {
    var attachable: [Text] = []
    var lines: [Text] = []
    for handle in handles {
      if let reason = reason(handle, manifest) {
        lines.append("No option attaches '\(manifest.entries[handle].name.printable)': \(reason)")
      } else {
        attachable.append(option(manifest.entries[handle]))
      }
    }
    var advice = lines.count > most ? Text("No option attaches \(lines.count) of them") : joined(lines, by: "\n")
    guard !attachable.isEmpty else { return advice }
    if !lines.isEmpty { advice.append("\n") }
    advice.append("Add \(list(attachable))")
    return advice
  }

  /// What an image declares, for an option that names something else.
  package static func declared(by manifest: Manifest) -> Text {
    var devices: [Text] = []
    for handle in manifest.entries.indices
    where !manifest.entries[handle].device.type.isReserved && reason(handle, manifest) == nil {
      devices.append(option(manifest.entries[handle]))
    }
    return devices.isEmpty
      ? "The image declares no device that an option attaches"
      : "What the image declares is attached by \(list(devices))"
  }

  private static func option(_ entry: Manifest.Entry) -> Text {
    entry.device.type == .block ? "--block:\(entry.name)=FILE" : "--net:\(entry.name)=INTERFACE"
  }

  /// Why no option can attach a device; nil if one can.
  private static func reason(_ handle: Int, _ manifest: Manifest) -> Text? {
    let (name, type) = (manifest.entries[handle].name, manifest.entries[handle].device.type)
    guard type == .block || type == .net else { return "its type is unknown" }
    var scanner = ArgumentScanner(name.bytes)
    guard !name.bytes.isEmpty, scanner.resourceName() == name else { return "its name isn't letters and digits" }
    guard manifest.handle(of: name, type: type) != handle else { return nil }
    return "the image declares another of its name and type first"
  }

  private static func list(_ words: [Text]) -> Text {
    var list = joined(Array(words.prefix(most)), by: ", ")
    if words.count > most { list.append(" and \(words.count - most) more") }
    return list
  }

  private static func joined(_ texts: [Text], by separator: Text) -> Text {
    var whole = Text()
    for (index, text) in texts.enumerated() {
      if index > 0 { whole.append(separator) }
      whole.append(text)
    }
    return whole
  }
}
