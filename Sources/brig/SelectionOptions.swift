import ArgumentParser
import Host
import Policy
import Review
import Text

/// The options that select devices and an architecture.
struct SelectionOptions: ParsableArguments {
  @Option(help: "A disk by name, read only with :ro after it; may be given again.") var block: [String] = []
  @Option(help: "A network interface by name; may be given again.") var net: [String] = []
  @Option(help: "A unikernel, whose manifest's devices are added.") var image: String?
  @Option(help: "x86_64 or aarch64; this machine's, or the image's, if not given.") var arch: String?
  @Flag(help: "The policy of --seccomp=report.") var report = false

  /// Whether nothing was selected.
  var isEmpty: Bool { block.isEmpty && net.isEmpty && image == nil && arch == nil && !report }

  /// The selection.
  func selection() throws -> Selection {
    var selection = Selection(mode: report ? .report : .kill)
    if let image {
      let unikernel = try Unikernel(reading: image)
      selection.architecture = unikernel.selection.architecture
      selection.devices = unikernel.selection.devices
    }
    if let arch { selection.architecture = try Self.architecture(arch) }
    for name in block {
      let isReadOnly = name.hasSuffix(":ro")
      try add(isReadOnly ? String(name.dropLast(3)) : name, isReadOnly ? .readOnlyBlock : .block, to: &selection)
    }
    for name in net { try add(name, .net, to: &selection) }
    return selection
  }

  /// What `--arch` names.
  static func architecture(_ name: String) throws(Complaint) -> Architecture {
    guard let architecture = Architecture(named: Text(name)) else {
      throw Complaint("--arch \(name): unknown architecture: write x86_64 or aarch64")
    }
    return architecture
  }

  private func add(_ name: String, _ use: SelectedDevice.Use, to selection: inout Selection) throws {
    guard (1...67).contains(name.utf8.count),
      name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
    else { throw Complaint("`\(name)`: a device's name has 1 to 67 letters, digits or _; :ro after it is for disks") }
    if let index = selection.devices.firstIndex(where: { $0.name == name }) {
      guard image != nil, (selection.devices[index].use == .net) == (use == .net) else {
        throw Complaint("two devices `\(name)`: give each a name of its own")
      }
      selection.devices[index] = SelectedDevice(name: name, use: use)
    } else {
      selection.devices.append(SelectedDevice(name: name, use: use))
    }
    guard selection.devices.count <= Bounds.devices else {
      throw Complaint("\(selection.devices.count) devices: a manifest has room for \(Bounds.devices)")
    }
  }
}
