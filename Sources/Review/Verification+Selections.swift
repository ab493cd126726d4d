package import Filters
import Host
import Policy
import Text

extension Verification {
  /// Verifies the program that libseccomp makes of a selection.
  package init(_ selection: Selection) throws {
    let start = Stopwatch.now
    let policy = try selection.launch.policy()
    let bound = Stopwatch.now
    let program = try policy.compiled()
    let compiled = Stopwatch.now
    try self.init(
      program, against: policy, name: selection.short,
      bound: bound - start, compiled: compiled - bound)
  }

  /// Every combination that is verified: none, one, several and the most devices of each kind, for both architectures
  /// and both modes.
  package static var combinations: [Selection] {
    let counts = [0, 1, 2, 8]
    let most = Bounds.devices
    var devices: [[(SelectedDevice.Use, Int)]] = []
    for writable in counts {
      for readOnly in counts {
        for net in counts { devices.append([(.block, writable), (.readOnlyBlock, readOnly), (.net, net)]) }
      }
    }
    devices += [
      [(.block, most)], [(.readOnlyBlock, most)], [(.net, most)],
      [(.block, most / 3), (.readOnlyBlock, most / 3), (.net, most / 3)],
    ]
    var selections: [Selection] = []
    for architecture in Architecture.allCases {
      for mode in [Policy.Mode.kill, .report] {
        for kinds in devices {
          let list = kinds.flatMap { kind, count in
            (0..<count).map { SelectedDevice(name: "\(kind)\($0)", use: kind) }
          }
          selections.append(Selection(architecture: architecture, mode: mode, devices: list))
        }
      }
    }
    return selections
  }
}
