import Confinement
package import Text

/// The command line, taken apart in the two passes of the reference tender: `[OPTIONS] [--] KERNEL [ARGS]`.
///
/// The first pass finds KERNEL. An error in an option is reported only after KERNEL has proved to be a unikernel,
/// because launchers know that order.
package struct CommandLine {
  /// The program's name in messages: the last component of the first argument.
  package let program: Text
  /// KERNEL.
  package let kernel: Text
  /// The options up to the first that is malformed, with their texts.
  package let options: [(text: Text, option: Option)]
  /// What is wrong with the first malformed option.
  package let malformed: Failure?
  /// Where the receipt goes, if an option says.
  package let receipt: ReceiptPlace?
  /// ARGS, joined by single spaces.
  package let guestArguments: [UInt8]

  /// What the first pass came to.
  package enum FirstPass {
    case run(CommandLine)
    case help
    case version
    case missingKernel(receipt: ReceiptPlace?)
  }

  /// The last component of a path.
  package static func programName(_ path: [UInt8]) -> Text {
    guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return Text(bytes: path) }
    return Text(bytes: Array(path[(slash + 1)...]))
  }

  /// Takes the arguments apart; the first of them is the program's path.
  package static func parse(_ arguments: [[UInt8]]) -> FirstPass {
    var index = 1
    while index < arguments.count, arguments[index].first == UInt8(ascii: "-") {
      let argument = Text(bytes: arguments[index])
      index += 1
      if argument == "--" { break }
      if argument == "--help" { return .help }
      if argument == "--version" { return .version }
    }
    guard index < arguments.count else {
      return .missingKernel(receipt: ReceiptPlace(arguments.dropFirst(), kernel: nil))
    }
    let kernel = Text(bytes: arguments[index])
    var options: [(text: Text, option: Option)] = []
    var malformed: Failure?
    do throws(Failure) {
      for argument in arguments[1..<index] where Text(bytes: argument) != "--" {
        let text = Text(bytes: argument)
        options.append((text, try Option.parse(text)))
      }
    } catch {
      malformed = error
    }
    var joined: [UInt8] = []
    for (position, argument) in arguments[(index + 1)...].enumerated() {
      if position > 0 { joined.append(UInt8(ascii: " ")) }
      joined += argument
    }
    return .run(
      CommandLine(
        program: programName(arguments.first ?? []), kernel: kernel, options: options, malformed: malformed,
        receipt: ReceiptPlace(arguments[1..<index], kernel: kernel), guestArguments: joined))
  }

  /// The descriptors that options name by `@N`.
  package var namedDescriptors: [Int32] { options.compactMap { $0.option.use?.place.descriptor } }

  /// Those of them that no later option replaces.
  package var usedDescriptors: [Int32] {
    let uses = options.compactMap { $0.option.use }
    return uses.indices.compactMap { index in
      let isReplaced = uses[(index + 1)...].contains { $0.purpose == uses[index].purpose }
      return isReplaced ? nil : uses[index].place.descriptor
    }
  }

  /// What this start has, for which it makes calls that others don't.
  var parts: OuterFilter.Parts {
    var parts: OuterFilter.Parts = []
    // One that is merely preferred must not keep the tender from starting.
    if case .place = netNamespace { parts.insert(.preparedNetNamespace) }
    for (_, option) in options {
      switch option {
      case .net: parts.insert(.network)
      case .block(let name, _):
        let isReadOnly = options.contains {
          if case .blockMode(name, .readOnly) = $0.option { true } else { false }
        }
        if !isReadOnly { parts.insert(.disk) }
      default: continue
      }
    }
    return parts
  }

  /// Guest memory in MiB: the last size that an option gives, else Solo5's default.
  package var mebibytes: UInt64 {
    for (_, option) in options.reversed() {
      if case .memory(let mebibytes) = option { return mebibytes }
    }
    return MemorySize.usualMebibytes
  }

  /// Where complaints go: the last that an option gives; nil for standard error.
  var log: LogPlace? {
    for (_, option) in options.reversed() {
      if case .log(let place) = option { return LogPlace(place: place) }
    }
    return nil
  }

  /// The label of the tender: the last that an option gives.
  package var name: Text? {
    for (_, option) in options.reversed() {
      if case .name(let name?) = option { return name }
    }
    return nil
  }

  /// How much of the seal may be missing, where an option says.
  var confinement: Confinement? {
    for (_, option) in options.reversed() {
      if case .confine(let confinement) = option { return confinement }
    }
    return nil
  }

  /// Which net namespace the tender enters.
  package var netNamespace: NetNamespaceChoice {
    for (_, option) in options.reversed() {
      if case .netNamespace(let choice) = option { return choice }
    }
    return .automatic
  }

  /// Whether a launcher's exemption from the out-of-memory killer stays.
  var keepsOOMScore: Bool {
    options.contains { if case .keepOOMScore = $0.option { true } else { false } }
  }

  /// Which pages memory may have.
  var hugePages: HugePages {
    for (_, option) in options.reversed() {
      if case .hugePages(let pages) = option { return pages }
    }
    return .automatic
  }
}
