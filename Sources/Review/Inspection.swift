import ABI
import Filters
import Host
import Image
package import Policy
package import Text

/// What a unikernel's file tells before it runs, for people and as JSON.
package struct Inspection: Sendable {
  package let unikernel: Unikernel
  package let policy: Policy

  /// Reads and examines a unikernel's file.
  package init(of path: String) throws(Complaint) {
    unikernel = try Unikernel(reading: path, digested: true)
    policy = try unikernel.selection.launch.policy()
  }

  /// A few lines for people.
  package var text: String {
    let image = unikernel.image
    let layout = unikernel.layout
    var rows: [(String, String)] = [
      ("image", unikernel.path.shown), ("sha256", digest), ("size", "\(unikernel.size) bytes"),
      ("architecture", "\(Architecture(unikernel.machine).name)"), ("ABI version", "\(image.abiVersion.rawValue)"),
      ("entry", String(hex: layout.entry.rawValue)),
    ]
    for (index, segment) in layout.segments.enumerated() {
      let range =
        "\(String(hex: segment.memory.lowerBound.rawValue))-\(String(hex: segment.memory.upperBound.rawValue))"
      rows.append(
        (
          index == 0 ? "segments" : "",
          "\(Self.letters(segment.permissions))  \(range)  \(segment.file.count) bytes of the file"
        ))
    }
    for (index, zeros) in unikernel.zeros.enumerated() {
      let end = String(hex: zeros.address &+ zeros.size)
      rows.append(
        (
          index == 0 ? "zeros only" : "",
          "\(Self.letters(zeros.permissions))  \(String(hex: zeros.address))-\(end)  not loaded, kept readable and writable"
        ))
    }
    if unikernel.devices.isEmpty { rows.append(("devices", "none")) }
    for (index, device) in unikernel.devices.enumerated() {
      rows.append((index == 0 ? "devices" : "", "\(device.entry.name.shown)  \(String(device.entry.device.type.name))"))
    }
    let calls = policy.calls.map { "\($0.row.name)" }
    rows.append(("system calls", "\(calls.count): \(calls.joined(separator: " "))"))
    rows.append(("policy", "brig policy show --image \(unikernel.path.shown)"))
    return rows.map { "\($0.0.padded(to: 14))\($0.1)\n" }.joined()
  }

  private var digest: String { unikernel.digest.map { String($0.text) } ?? "" }

  private static func letters(_ permissions: Segment.Permissions) -> String {
    (permissions.readable ? "r" : "-") + (permissions.writable ? "w" : "-") + (permissions.executable ? "x" : "-")
  }

  /// The inspection as JSON, described in `docs/tools.md`.
  package var json: Text {
    JSON.document(.image) { json in
      json.string("image", Text(unikernel.path))
      json.string("sha256", Text(digest))
      json.number("size", unikernel.size)
      json.string("architecture", "\(Architecture(unikernel.machine).name)")
      json.number("abi_version", unikernel.image.abiVersion.rawValue)
      json.number("entry", unikernel.layout.entry.rawValue)
      json.array("segments") { json in
        for segment in unikernel.layout.segments {
          json.object(compact: true) { json in
            json.number("address", segment.memory.lowerBound.rawValue)
            json.number("memory_size", segment.memory.upperBound.rawValue - segment.memory.lowerBound.rawValue)
            json.number("file_offset", segment.file.lowerBound)
            json.number("file_size", segment.file.count)
            json.string("permissions", Text(Self.letters(segment.permissions)))
          }
        }
      }
      json.array("zero_segments") { json in
        for zeros in unikernel.zeros {
          json.object(compact: true) { json in
            json.number("address", zeros.address)
            json.number("memory_size", zeros.size)
            json.string("permissions", Text(Self.letters(zeros.permissions)))
          }
        }
      }
      json.array("manifest") { json in
        for device in unikernel.devices {
          json.object(compact: true) { json in
            json.number("handle", device.handle)
            json.string("name", device.entry.name)
            json.string("type", device.entry.device.type.name)
          }
        }
      }
      json.array("system_calls", compact: true) { json in
        for call in policy.calls { json.string(nil, "\(call.row.name)") }
      }
      json.number("rules", policy.rules.count)
    }
  }
}
