import Glibc
import Host
import Image
import Policy
import Review
import Tender
import Text

/// An emulated machine with KVM, for one unikernel in a sealed tender.
///
/// The script `machines/run` boots it.
struct Emulation {
  /// The command line of the script, up to the tender's.
  private let machine: [String]
  /// The tender's options as they are in the machine.
  private let options: [String]

  /// Makes the machine's command line for a tender's.
  ///
  /// The tender's own checks come first, so nothing is written to what the tender would refuse.
  ///
  /// - Throws: `Complaint` for what the tender refuses, and for what an emulated machine doesn't have.
  init(_ line: Tender.CommandLine, _ image: Unikernel) throws(Complaint) {
    let processor = image.machine == .x86_64 ? "x86_64" : "aarch64"
    var machine = [
      try InstalledParts.find("machines/run", of: Self.package), processor, "--guest", try Self.tender(processor),
    ]
    var options: [String] = []
    var disks = 0
    for (text, option) in line.options {
      switch option {
      case .block(let name, .name(let path)):
        machine += ["--disk", line.isReadOnly(name) ? "\(String(path)):ro" : String(path)]
        guard disks < Self.mostDisks else {
          throw Complaint("run: --emulate has room for \(Self.mostDisks) disks: use a host with /dev/kvm")
        }
        options.append("--block:\(String(name))=/dev/vd\(Unicode.Scalar(UInt8(ascii: "a") + UInt8(disks)))")
        disks += 1
      case .block: throw Complaint("run: --emulate takes a disk by its path, not by \(String(text))")
      case .net, .netAddress:
        throw Complaint("run: --emulate has no networks (\(String(text))): use a host with /dev/kvm")
      case .receipt: continue
      case .log:
        throw Complaint("run: --emulate has no log (\(String(text))): the tender's complaints are on standard error")
      default: options.append(String(text))
      }
    }
    do throws(Failure) { try Opened.rehearse(line, manifest: image.image.manifest) } catch {
      let lines = "\(String(error.message))\n\(String(error.advice))".split(separator: "\n")
      throw Complaint("run: \(lines.joined(separator: ": "))")
    }
    // The kernel, BusyBox and the emulated pages' tables besides.
    machine += ["--memory", "\(min(line.mebibytes, Bounds.memory >> 20) + 512)", "--add", "\(image.path):unikernel"]
    self.machine = machine
    self.options = options
  }

  /// The most disks: `/dev/vda` to `/dev/vdp`.
  private static let mostDisks = 16

  /// The package that has the script, and the tenders for other processors.
  private static let package = "brig"

  /// The tender for a processor, which has no folder of its own if it is this machine's.
  private static func tender(_ processor: String) throws(Complaint) -> String {
    processor == "\(Architecture.native.name)"
      ? try InstalledParts.find("brig-hvt", of: "brig-hvt")
      : try InstalledParts.find("\(processor)/brig-hvt", of: package)
  }

  /// Boots the machine in this process's place.
  ///
  /// - Parameters:
  ///   - arguments: the guest's.
  ///   - receipt: where the tender's receipt goes.
  /// - Throws: why it can't be done.
  func become(arguments: [String], receipt: Place?) throws(Complaint) -> Never {
    let receipt = receipt.map { ["--receipt", String($0.text)] } ?? []
    let words = machine + receipt + ["--"] + options + ["--", "unikernel"] + arguments
    throw Complaint("\(words[0]): \(String(ChildProcess.execute(words[0], words).reason))")
  }
}

extension Tender.CommandLine {
  /// Whether the last mode that is given for a disk is `ro`.
  fileprivate func isReadOnly(_ disk: Text) -> Bool {
    var isReadOnly = false
    for (_, option) in options {
      guard case .blockMode(let name, let mode) = option, name == disk else { continue }
      if case .readOnly = mode { isReadOnly = true } else { isReadOnly = false }
    }
    return isReadOnly
  }
}
