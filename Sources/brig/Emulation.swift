import Glibc
import Host
import Image
import Listing
import Tender
import Text

/// An emulated machine with KVM, for one unikernel in a sealed tender.
///
/// `Tests/Machines/run` of the repository that this program was built in boots it.
struct Emulation {
  /// The command line of the script.
  private(set) var words: [String]

  /// What the machine has to have for a tender's command line.
  ///
  /// - Parameters:
  ///   - line: the command line, taken apart.
  ///   - arguments: the same as it was given.
  ///   - receipt: where the receipt goes if the command line doesn't say.
  /// - Throws: `Complaint` for what an emulated machine doesn't have.
  init(_ line: Tender.CommandLine, arguments: [String], receipt: String?) throws(Complaint) {
    if let malformed = line.malformed { throw Complaint("run: \(String(malformed.message))") }
    let image = try Unikernel(reading: String(line.kernel))
    let processor = image.machine == .x86_64 ? "x86_64" : "aarch64"
    var machine = [try Self.script(), processor, "--guest", try Self.tender(processor)]
    var options: [String] = []
    var receipt = receipt
    var disks = 0
    for (text, option) in line.options {
      switch option {
      case .block(let name, .name(let path)):
        machine += ["--disk", try Self.disk(String(path), isReadOnly: line.isReadOnly(name))]
        guard disks < Self.mostDisks else {
          throw Complaint("run: --emulate has room for \(Self.mostDisks) disks: use a host with /dev/kvm")
        }
        options.append("--block:\(String(name))=/dev/vd\(Unicode.Scalar(UInt8(ascii: "a") + UInt8(disks)))")
        disks += 1
      case .block: throw Complaint("run: --emulate takes a disk by its path, not by \(String(text))")
      case .net, .netAddress:
        throw Complaint("run: --emulate has no networks (\(String(text))): use a host with /dev/kvm")
      case .receipt(.name(let path)): receipt = String(path)
      case .receipt(.descriptor(let number)): receipt = "@\(number)"
      default: options.append(String(text))
      }
    }
    // The kernel, BusyBox and the emulated pages' tables besides; a size that is too large is the tender's to refuse.
    machine += ["--memory", "\(min(line.mebibytes, 4096) + 512)", "--add", "\(image.path):unikernel"]
    if let receipt { machine += ["--receipt", receipt] }
    words = machine + ["--"] + options + ["--", "unikernel"] + Self.guestArguments(arguments)
  }

  /// What stands behind IMAGE.
  private static func guestArguments(_ arguments: [String]) -> ArraySlice<String> {
    var index = 0
    while index < arguments.count, arguments[index].hasPrefix("-") {
      index += 1
      if arguments[index - 1] == "--" { break }
    }
    return arguments.dropFirst(index + 1)
  }

  /// What `/dev/vda` to `/dev/vdp` name.
  private static let mostDisks = 16

  /// A disk in the script's words: the machine's drives are made of sectors, which the file must fill.
  private static func disk(_ path: String, isReadOnly: Bool) throws(Complaint) -> String {
    if let reason = Files.refusal(path, isReadOnly ? R_OK : R_OK | W_OK) {
      throw Complaint("run: Could not open block device: \(path): \(reason)")
    }
    return isReadOnly ? "\(path):ro" : path
  }

  /// The script.
  private static func script() throws(Complaint) -> String {
    let directory = try Program.directory()
    let path = "\(directory)/../Tests/Machines/run"
    guard Files.isExecutable(path) else {
      throw Complaint("run: --emulate needs \(path): call brig in the repository that it was built in")
    }
    return path
  }

  /// The tender for a processor.
  private static func tender(_ processor: String) throws(Complaint) -> String {
    let directory = try Program.directory()
    var places = ["\(directory)/\(processor)/brig-hvt"]
    #if arch(x86_64)
      if processor == "x86_64" { places.insert("\(directory)/brig-hvt", at: 0) }
    #else
      if processor == "aarch64" { places.insert("\(directory)/brig-hvt", at: 0) }
    #endif
    for path in places where Files.isExecutable(path) { return path }
    throw Complaint("run: no tender for \(processor) in \(places[0]): make ARCH=\(processor)")
  }

  /// Boots the machine in this process's place.
  func become() throws(Complaint) -> Never {
    let code = Program.execute(words[0], words)
    throw Complaint("\(words[0]): \(String(SystemError.reason(of: code)))")
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
