import ArgumentParser
import CLinux
import Host
import Listing
import Tender
import Text

/// `brig run`: the tender, found and started.
///
/// The tender takes this process's place, so signals and status are its own.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs a unikernel in the tender, brig-hvt.",
    usage: "brig run [--emulate] [--show-seal] [TENDER OPTION ...] IMAGE [GUEST ARGUMENT ...]",
    discussion: """
      All other options are the tender's; `brig-hvt --help` lists them. --show-seal tells on standard error, once the \
      tender is sealed, what the seal consists of. The tender is looked for beside brig, then in PATH. --emulate needs \
      no /dev/kvm: it boots an emulated machine of the image's architecture, slow and without networks, and runs the \
      sealed tender in it; output, complaints, signals, disks and status are passed on.
      """)

  @Argument(parsing: .captureForPassthrough, help: "Options of the tender, IMAGE, arguments for the guest.")
  var arguments: [String] = []

  func run() throws {
    var arguments = arguments
    var showsSeal = false, emulates = false
    while let first = arguments.first, ["--show-seal", "--emulate"].contains(first) {
      if first == "--show-seal" { showsSeal = true } else { emulates = true }
      arguments.removeFirst()
    }
    let request = CommandLine.parse([Array("brig-hvt".utf8)] + arguments.map { Array($0.utf8) })
    switch request {
    case .help where !showsSeal && !emulates: return try Files.print(Brig.helpMessage(for: Run.self) + "\n")
    case .missingKernel: throw Complaint("run: no IMAGE: name the unikernel's file after the options")
    case .help, .version: break
    case .run(let line): _ = try Unikernel(reading: String(line.kernel))
    }
    if emulates, case .run(let line) = request {
      let receipt = showsSeal ? "@\(try SealWatcher.start())" : nil
      try Emulation(line, arguments: arguments, receipt: receipt).become()
    }
    let tender = try Tender.path()
    if showsSeal, case .run = request { arguments.insert("--receipt=@\(try SealWatcher.start())", at: 0) }
    try Tender.become(tender, arguments: arguments)
  }

  /// Where the tender is and how it is started.
  private enum Tender {
    private static let name = "brig-hvt"

    /// The tender beside this program, else in PATH.
    static func path() throws -> String {
      var candidates = try [Program.directory()]
      if let path = unsafe getenv("PATH") {
        // SAFETY: the environment's strings are terminated, and nothing here changes them.
        candidates += unsafe String(cString: path).split(separator: ":").map(String.init)
      }
      for directory in candidates {
        let path = "\(directory)/\(name)"
        if Files.isExecutable(path) { return path }
      }
      throw Complaint("run: no \(name) beside brig and none in PATH: build it by `make bin/brig-hvt`")
    }

    static func become(_ path: String, arguments: [String]) throws -> Never {
      let code = Program.execute(path, [name] + arguments)
      throw Complaint("\(path): \(String(SystemError.reason(of: code)))")
    }
  }
}
