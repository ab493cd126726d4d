import ArgumentParser
import Creation
import Glibc
import Host
import Image
import Review
import Tender
import Text

/// `brig run`: the tender, found and started.
///
/// The tender takes this process's place, so signals and status are its own.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs a unikernel in the tender, brig-hvt.",
    usage:
      "brig run [--emulate] [--show-seal] [--create-disk DISK] [--create-tap TAP] [TENDER OPTION ...] [--] IMAGE [GUEST ARGUMENT ...]",
    discussion: """
      All other options before IMAGE are the tender's; `brig-hvt --help` lists them. --show-seal tells on standard error, \
      once the tender is sealed, what the seal consists of. The tender is looked for beside brig, then in PATH.

      --create-disk DEVICE=PATH:SIZE makes a disk for a device of the image, a new file full of zeros, which stays. \
      DEVICE=SIZE makes one without a name, which is gone when the tender ends. SIZE is in bytes, or with K, M or G.

      --create-tap NAME[=ADDRESS/LENGTH][,bridge=BRIDGE] makes the TAP interface NAME, up, with the host's address on it or \
      as a port of a bridge. It is for the network of --net:DEVICE=NAME, or for the only one that the image declares, and is \
      gone when the tender ends. It takes CAP_NET_ADMIN. Both options may be given again.

      --emulate needs no /dev/kvm: it boots an emulated machine of the image's architecture, slow and without networks, \
      and runs the sealed tender in it; output, complaints, signals, disks and status are passed on. Status: the tender's; \
      2 for wrong input, before the tender starts; with --emulate 130 after an interrupt.
      """)

  @Argument(parsing: .captureForPassthrough, help: "Options of the tender, IMAGE, arguments for the guest.")
  var arguments: [String] = []

  func run() throws {
    var words = try RunWords(arguments)
    if words.asksForHelp { return try Files.print(Brig.helpMessage(for: Run.self) + "\n") }
    switch CommandLine.parse([Array("brig-hvt".utf8)] + words.all.map(\.raw)) {
    case .missingKernel: throw Complaint("run: no IMAGE: name the unikernel's file after the options")
    case .help, .version: break
    case .run(let line):
      let unikernel = try Unikernel(reading: String(line.kernel))
      if line.malformed != nil {
        throw Complaint("run: \(OptionAdvice.sentence(for: words.options[line.options.count]))")
      }
      if words.emulates {
        if words.creates {
          throw Complaint(
            "run: --emulate makes neither disks nor TAPs: make a disk by truncate -s SIZE PATH, and attach it by --block"
          )
        }
        let emulation = try Emulation(line, unikernel)
        var receipt = line.receipt?.place
        if words.showsSeal { receipt = try SealWatcher.start(receipt, isEmulated: true) ?? receipt }
        try emulation.become(arguments: words.guest, receipt: receipt)
      }
      if words.creates { try become(words, line, unikernel) }
      if words.showsSeal, let place = try SealWatcher.start(line.receipt?.place, isEmulated: false) {
        words.setReceipt(place)
      }
    }
    try TenderProgram.become(arguments: words.all)
  }

  /// Becomes a tender for which something is made before.
  ///
  /// - Throws: `Complaint`; nothing that was made is left then.
  private func become(_ words: RunWords, _ line: Tender.CommandLine, _ unikernel: Unikernel) throws(Complaint) -> Never
  {
    var words = words
    let creation = try Creation(
      disks: words.disks, taps: words.taps, line: line, manifest: unikernel.image.manifest)
    guard unikernel.machine == .native else {
      throw Complaint("run: \(unikernel.path.shown): it is for another processor than this machine's")
    }
    try creation.check(unikernel.image, [unikernel.path] + words.guest)
    // The tender would find out when the disk is there.
    if let reason = Files.refusal("/dev/kvm", R_OK | W_OK) { throw Complaint("run: /dev/kvm: \(reason)") }
    _ = try TenderProgram.path()
    let created = try creation.make()
    do throws(Complaint) {
      words.setOptions(created.options)
      if words.showsSeal, let place = try SealWatcher.start(line.receipt?.place, isEmulated: false) {
        words.setReceipt(place)
      }
      created.handOver()
      try TenderProgram.become(arguments: words.all)
    } catch {
      created.remove()
      throw error
    }
  }
}

/// The words after `brig run`: its own options, the tender's options, and IMAGE with the guest's arguments.
struct RunWords {
  private(set) var showsSeal = false, emulates = false, asksForHelp = false
  /// The values of `--create-disk` and `--create-tap`.
  private(set) var disks: [String] = [], taps: [String] = []
  /// The tender's options, without `--`.
  private(set) var options: [String] = []
  private var image: [String] = []

  /// - Throws: `Complaint` about an option of brig's own without a value.
  init(_ arguments: [String]) throws(Complaint) {
    var rest = arguments[...]
    while let word = rest.first, word.hasPrefix("-") {
      rest.removeFirst()
      if word == "--" { break }
      if let value = try Self.value(of: "--create-disk", word, &rest) {
        disks.append(value)
        continue
      }
      if let value = try Self.value(of: "--create-tap", word, &rest) {
        taps.append(value)
        continue
      }
      switch word {
      case "--show-seal": showsSeal = true
      case "--emulate": emulates = true
      case "-h", "--help": asksForHelp = true
      default: options.append(word)
      }
    }
    image = Array(rest)
  }

  /// Reads an option with a value, behind `=` or as the next word; nil for another option.
  private static func value(
    of option: String, _ word: String, _ rest: inout ArraySlice<String>
  ) throws(Complaint) -> String? {
    if word.hasPrefix("\(option)=") { return String(word.dropFirst(option.count + 1)) }
    guard word == option else { return nil }
    guard let value = rest.popFirst() else { throw Complaint("run: \(option): its value is missing") }
    return value
  }

  /// Whether something is to be made for the tender.
  var creates: Bool { !disks.isEmpty || !taps.isEmpty }

  /// Puts other options in place of the tender's.
  mutating func setOptions(_ options: [String]) { self.options = options }

  /// The tender's whole command line.
  var all: [String] { options + (image.isEmpty ? [] : ["--"] + image) }

  /// The arguments for the guest.
  var guest: [String] { Array(image.dropFirst()) }

  /// Sends the receipt to one place, and to no other.
  mutating func setReceipt(_ place: Place) {
    options.removeAll { $0.hasPrefix("--receipt=") }
    options.append("--receipt=\(String(place.text))")
  }
}

/// The program `brig-hvt`: where it is and how it is started.
private enum TenderProgram {
  private static let name = "brig-hvt"

  /// The tender beside this program, else in PATH.
  static func path() throws(Complaint) -> String {
    var candidates = [try InstalledParts.directory()]
    if let path = unsafe getenv("PATH") {
      // SAFETY: the environment's strings are terminated, and nothing here changes them.
      let bytes = unsafe Array(UnsafeRawBufferPointer(start: path, count: strlen(path)))
      candidates += String(raw: bytes).split(separator: ":").map(String.init)
    }
    for directory in candidates {
      let path = "\(directory)/\(name)"
      if Files.isExecutable(path) { return path }
    }
    throw Complaint("run: no \(name) beside brig and none in PATH: install it there")
  }

  static func become(arguments: [String]) throws(Complaint) -> Never {
    let path = try path()
    throw Complaint("\(path): \(String(ChildProcess.execute(path, [name] + arguments).reason))")
  }
}
