import ArgumentParser
import Glibc
import Host
import Review
import Tender
import Text

/// `brig run`: the tender, found and started.
///
/// The tender takes this process's place, so signals and status are its own.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs a unikernel in the tender, brig-hvt.",
    usage: "brig run [--emulate] [--show-seal] [TENDER OPTION ...] [--] IMAGE [GUEST ARGUMENT ...]",
    discussion: """
      All other options before IMAGE are the tender's; `brig-hvt --help` lists them. --show-seal tells on standard error, \
      once the tender is sealed, what the seal consists of. The tender is looked for beside brig, then in PATH. \
      --emulate needs no /dev/kvm: it boots an emulated machine of the image's architecture, slow and without networks, \
      and runs the sealed tender in it; output, complaints, signals, disks and status are passed on. Status: the tender's; \
      2 for wrong input, before the tender starts; with --emulate 130 after an interrupt.
      """)

  @Argument(parsing: .captureForPassthrough, help: "Options of the tender, IMAGE, arguments for the guest.")
  var arguments: [String] = []

  func run() throws {
    var words = RunWords(arguments)
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
        let emulation = try Emulation(line, unikernel)
        var receipt = line.receipt?.place
        if words.showsSeal { receipt = try SealWatcher.start(receipt, isEmulated: true) ?? receipt }
        try emulation.become(arguments: words.guest, receipt: receipt)
      }
      if words.showsSeal, let place = try SealWatcher.start(line.receipt?.place, isEmulated: false) {
        words.setReceipt(place)
      }
    }
    try TenderProgram.become(arguments: words.all)
  }
}

/// The words after `brig run`: its own options, the tender's options, and IMAGE with the guest's arguments.
struct RunWords {
  private(set) var showsSeal = false, emulates = false, asksForHelp = false
  /// The tender's options, without `--`.
  private(set) var options: [String] = []
  private var image: [String] = []

  init(_ arguments: [String]) {
    var rest = arguments[...]
    while let word = rest.first, word.hasPrefix("-") {
      rest.removeFirst()
      if word == "--" { break }
      switch word {
      case "--show-seal": showsSeal = true
      case "--emulate": emulates = true
      case "-h", "--help": asksForHelp = true
      default: options.append(word)
      }
    }
    image = Array(rest)
  }

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
