package import Confinement
package import Host
package import Text

/// One option of the command line, its argument parsed.
package enum Option {
  /// `--mem=N`, in MiB.
  case memory(mebibytes: UInt64)
  /// `--no-net-ring`: accepted and without effect, because no ring is offered.
  case noNetRing
  /// `--block:NAME=PATH|@N`
  case block(name: Text, Place)
  /// `--block-sector-size:NAME=N`
  case blockSectorSize(name: Text, UInt16)
  /// `--block-mode:NAME=ro|rw|sync`
  case blockMode(name: Text, BlockMode)
  /// `--net:NAME=IFACE|@N`
  case net(name: Text, Place)
  /// `--net-mac:NAME=aa:bb:cc:dd:ee:ff`
  case netAddress(name: Text, InlineArray<6, UInt8>)
  /// `--confine=full|fallback`
  case confine(Confinement)
  /// `--user=auto|UID[:GID]`
  case user(User)
  /// `--receipt=PATH|@N`
  case receipt(Place)
  /// `--log=PATH|@N`
  case log(Place)
  /// `--image-sha256=HEX`
  case imageDigest(Digest)
  /// `--seccomp=kill|report`
  case seccomp(report: Bool)
  /// `--huge-pages=auto|on|off`
  case hugePages(HugePages)
  /// `--keep-oom-score`
  case keepOOMScore
  /// `--net-namespace=own|auto|FILE|@N`
  case netNamespace(NetNamespaceChoice)
  /// `--name=NAME`, and `--try-name=NAME`, which has none if NAME doesn't fit.
  case name(Text?)

  /// What it names something for, and what that is; nil where it names nothing.
  ///
  /// Of one purpose the last counts.
  var use: (purpose: Text, place: Place)? {
    switch self {
    case .block(let name, let place): ("block:\(name)", place)
    case .net(let name, let place): ("net:\(name)", place)
    case .receipt(let place): ("receipt", place)
    case .log(let place): ("log", place)
    // Where the last one names nothing, what an earlier one names isn't used.
    case .netNamespace(let choice): ("net-namespace", choice.place ?? .name(Text()))
    default: nil
    }
  }
}

/// What an option names: a path or interface, or a descriptor that the launcher opened.
package enum Place: Sendable {
  case name(Text)
  case descriptor(Int32)

  /// The text on the command line.
  package var text: Text {
    switch self {
    case .name(let name): name
    case .descriptor(let raw): "@\(raw)"
    }
  }

  /// The launcher's descriptor that it is.
  var descriptor: Int32? { if case .descriptor(let raw) = self { raw } else { nil } }

  /// Whether it is a path to whatever has a descriptor number when it is opened, which may be this program's own file
  /// by then.
  var namesDescriptor: Bool {
    guard case .name(let name) = self else { return false }
    return ["/dev/fd/", "/proc/self/fd/", "/dev/std"].contains { name.bytes.starts(with: ($0 as Text).bytes) }
  }

  static var adviceForDescriptor: Text { "hand over a descriptor by @ and its number" }
}

/// Whether the kernel may back memory by huge pages; these cost memory if a guest touches little of each.
package enum HugePages: Sendable {
  /// As the host does by default, if the guest has much memory; else none.
  case automatic
  case on, off

  /// From how many MiB of guest memory on `automatic` leaves it to the host.
  private static var much: UInt64 { 1024 }

  /// Whether none are used at all, for a guest of this size in MiB.
  func areForbidden(mebibytes: UInt64) -> Bool {
    switch self {
    case .automatic: mebibytes < Self.much
    case .on: false
    case .off: true
    }
  }
}

/// How a disk may be used.
package enum BlockMode: Sendable {
  /// Opened read-only; no call that writes is allowed.
  case readOnly
  /// Reads and writes.
  case readWrite
  /// Reads and writes; a write that was acknowledged is on the medium (`O_DSYNC`).
  case synchronous

  package var name: StaticString {
    switch self {
    case .readOnly: "ro"
    case .readWrite: "rw"
    case .synchronous: "sync"
    }
  }
}

extension Option {
  /// An option's name, how its argument is read, and what is said of an argument that can't be.
  private struct Form {
    let name: StaticString
    let hasResource: Bool
    let problem: StaticString?
    let read: (Text, inout ArgumentScanner) -> Option?
  }

  private static var rows: [Form] {
    [
      Form(name: "--mem", hasResource: false, problem: "Malformed argument to --mem") { _, scanner in
        guard let value = scanner.decimal(), value > 0 else { return nil }
        return .memory(mebibytes: value)
      },
      Form(name: "--block", hasResource: true, problem: nil) { name, scanner in
        scanner.diskPlace().map { .block(name: name, $0) }
      },
      Form(
        name: "--block-sector-size", hasResource: true,
        problem: "Block size must be a multiple of 2 greater than or equal 512"
      ) { name, scanner in
        guard let size = scanner.decimal(), size >= 512, size <= 32768, size & (size - 1) == 0 else { return nil }
        return .blockSectorSize(name: name, UInt16(size))
      },
      Form(name: "--block-mode", hasResource: true, problem: "Block mode must be ro, rw or sync") { name, scanner in
        scanner.choice(["ro", "rw", "sync"]).map {
          .blockMode(name: name, [.readOnly, .readWrite, .synchronous][$0])
        }
      },
      Form(name: "--net", hasResource: true, problem: nil) { name, scanner in
        scanner.place().map { .net(name: name, $0) }
      },
      Form(name: "--net-mac", hasResource: true, problem: nil) { name, scanner in
        scanner.hardwareAddress().map { .netAddress(name: name, $0) }
      },
      Form(name: "--confine", hasResource: false, problem: "Malformed argument to --confine: full or fallback") {
        _, scanner in scanner.choice(["full", "fallback"]).map { .confine($0 == 0 ? .full : .fallback) }
      },
      Form(name: "--user", hasResource: false, problem: "Malformed argument to --user: auto or UID[:GID], neither 0") {
        _, scanner in scanner.user().map { .user($0) }
      },
      Form(name: "--receipt", hasResource: false, problem: "Malformed argument to --receipt: a path or @N") {
        _, scanner in scanner.place().map { .receipt($0) }
      },
      Form(name: "--log", hasResource: false, problem: "Malformed argument to --log: a path or @N") {
        _, scanner in scanner.place().map { .log($0) }
      },
      Form(
        name: "--image-sha256", hasResource: false,
        problem: "Malformed argument to --image-sha256: 64 hexadecimal digits"
      ) {
        _, scanner in Digest(hexadecimal: scanner.rest()).map { .imageDigest($0) }
      },
      Form(name: "--seccomp", hasResource: false, problem: "Malformed argument to --seccomp: kill or report") {
        _, scanner in scanner.choice(["kill", "report"]).map { .seccomp(report: $0 == 1) }
      },
      Form(name: "--huge-pages", hasResource: false, problem: "Malformed argument to --huge-pages: auto, on or off") {
        _, scanner in scanner.choice(["auto", "on", "off"]).map { .hugePages([.automatic, .on, .off][$0]) }
      },
      Form(
        name: "--net-namespace", hasResource: false,
        problem: "Malformed argument to --net-namespace: own, auto, a path or @N"
      ) {
        _, scanner in scanner.netNamespace().map { .netNamespace($0) }
      },
      Form(
        name: "--name", hasResource: false,
        problem: "Malformed argument to --name: 1 to 15 letters, digits, dots, underscores and hyphens"
      ) {
        _, scanner in scanner.label().map { .name($0) }
      },
      Form(name: "--try-name", hasResource: false, problem: "Malformed argument to --try-name: a name") { _, scanner in
        scanner.isAtEnd ? nil : .name(scanner.label())
      },
    ]
  }

  /// Reads one argument of the command line that starts with `-`.
  ///
  /// - Throws: what is wrong with it, with the texts of the reference tender where it has them.
  package static func parse(_ argument: Text) throws(Failure) -> Option {
    if argument == "--no-net-ring" { return .noNetRing }
    if argument == "--keep-oom-score" { return .keepOOMScore }
    for row in rows {
      var scanner = ArgumentScanner(argument.bytes)
      guard scanner.skip(row.name), scanner.skip(row.hasResource ? ":" : "=") else { continue }
      var name = Text()
      if row.hasResource {
        name = scanner.resourceName()
        guard !name.bytes.isEmpty, scanner.skip("=") else { throw invalid(argument, row) }
      }
      guard let option = row.read(name, &scanner), scanner.isAtEnd else { throw invalid(argument, row) }
      return option
    }
    throw invalid(argument, nil)
  }

  /// The reference reports a malformed core option alone, and a malformed device option, with its problem on a line of
  /// its own where it has one, by its sentence and the usage.
  private static func invalid(_ argument: Text, _ row: Form?) -> Failure {
    guard let row, let problem = row.problem else {
      return Failure("Invalid option: `\(argument)'", showsUsage: true)
    }
    guard row.hasResource else { return Failure("\(problem)") }
    return Failure("\(problem)\nInvalid option: `\(argument)'", showsUsage: true)
  }
}
