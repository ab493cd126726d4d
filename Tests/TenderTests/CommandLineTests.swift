import Confinement
import Host
import Tender
import Testing
import Text

func arguments(_ words: [String]) -> [[UInt8]] { words.map { Array($0.utf8) } }

/// To add one: a row of `wellFormed`, an option and what is read; a refused one, in `malformedCore` or `invalid`.
@Suite("the command line")
struct CommandLineTests {
  private func parse(_ words: [String]) -> CommandLine.FirstPass { CommandLine.parse(arguments(words)) }

  private func line(_ words: [String]) throws -> Tender.CommandLine {
    guard case .run(let line) = parse(words) else { throw Failure("no command to run") }
    return line
  }

  @Test(
    "the first argument without a hyphen is KERNEL, and what follows is the guest's",
    arguments: [
      (["t", "k"], "k", "", 0),
      (["t", "--mem=1", "k", "--mem=2", "x"], "k", "--mem=2 x", 1),
      (["t", "--mem=1", "--", "k", "--", "--help"], "k", "-- --help", 1),
      (["t", "--", "-k"], "-k", "", 0),
      (["t", ""], "", "", 0),
      (["t", "k", "", "a b", ""], "k", " a b ", 0),
      (["t", "--", "--"], "--", "", 0),
      (["t", "k", "--version"], "k", "--version", 0),
    ] as [([String], String, String, Int)])
  func operands(_ words: [String], _ kernel: String, _ guest: String, _ options: Int) throws {
    let line = try line(words)
    #expect(String(decoding: line.kernel.bytes, as: UTF8.self) == kernel)
    #expect(String(decoding: line.guestArguments, as: UTF8.self) == guest)
    #expect(line.options.count == options && line.malformed == nil)
  }

  @Test("help and version act at once, whichever is first, whatever is wrong before them")
  func helpAndVersion() {
    guard case .help = parse(["t", "--bogus", "--help", "--version", "k"]) else {
      Issue.record("not help")
      return
    }
    guard case .version = parse(["t", "--mem=x", "--version", "--help"]) else {
      Issue.record("not version")
      return
    }
    guard case .run = parse(["t", "--", "--help"]) else {
      Issue.record("not a kernel")
      return
    }
  }

  @Test(
    "without an operand there is no kernel",
    arguments: [[], ["t"], ["t", "--mem=1"], ["t", "--"], ["t", "--mem=1", "--"]])
  func missing(_ words: [String]) {
    guard case .missingKernel = parse(words) else {
      Issue.record("a kernel in \(words)")
      return
    }
  }

  @Test("options after the first malformed one aren't read")
  func malformed() throws {
    let line = try line(["t", "--mem=3", "--bogus", "--mem=x", "k"])
    #expect(line.options.count == 1)
    #expect(line.malformed?.message == "Invalid option: `--bogus'" && line.malformed?.showsUsage == true)
  }

  @Test(
    "the program's name is the last component of its path",
    arguments: [("/usr/bin/solo5-hvt", "solo5-hvt"), ("solo5-hvt.2", "solo5-hvt.2"), ("a/", ""), ("", ""), ("/", "")])
  func program(_ path: String, _ name: String) {
    #expect(CommandLine.programName(Array(path.utf8)).bytes == Array(name.utf8))
  }

  @Test("descriptors that options name are found, of every kind of option")
  func named() throws {
    let line = try line([
      "t", "--block:a=@5", "--net:b=@7", "--receipt=@9", "--block:c=/x@11", "--net:d=tap0", "--block:a=@6", "--log=@4",
      "k",
    ])
    #expect(line.namedDescriptors == [5, 7, 9, 6, 4])
    #expect(line.usedDescriptors == [7, 9, 6, 4])
  }

  @Test("the last receipt counts, whatever else is malformed, and whether there is a unikernel or not")
  func receipts() throws {
    func name(_ words: [String]) -> String? {
      let place: ReceiptPlace?
      switch parse(words) {
      case .run(let line): place = line.receipt
      case .missingKernel(let receipt): place = receipt
      case .help, .version: place = nil
      }
      return place.map { receipt in
        switch receipt.place {
        case .name(let path): String(decoding: path.bytes, as: UTF8.self)
        case .descriptor(let raw): "@\(raw)"
        }
      }
    }
    #expect(name(["t", "--receipt=a", "--bogus", "--receipt=b", "k"]) == "b")
    #expect(name(["t", "--mem=x", "--receipt=@5"]) == "@5")
    #expect(name(["t", "--receipt=a", "--receipt=", "k"]) == "a")
    #expect(name(["t", "--mem=3", "k", "--receipt=a"]) == nil)
    #expect(name(["t", "--receipt=a", "--", "--receipt=b"]) == "a")
  }

  @Test("a later option of the same purpose replaces a descriptor, be it by a name")
  func replaced() throws {
    let line = try line([
      "t", "--net:a=@5", "--block:a=@6", "--net:a=x", "--receipt=@7", "--receipt=@8", "--receipt=y", "--log=@9",
      "--log=z", "k",
    ])
    #expect(line.namedDescriptors == [5, 6, 7, 8, 9])
    #expect(line.usedDescriptors == [6])
  }
}

@Suite("options")
struct OptionTests {
  private func parse(_ word: String) throws(Failure) -> Tender.Option {
    try Option.parse(Text(bytes: Array(word.utf8)))
  }

  /// An option in words that tell it from every other.
  private func describe(_ option: Tender.Option) -> String {
    func words(_ text: Text) -> String { String(decoding: text.bytes, as: UTF8.self) }
    func place(_ place: Place) -> String {
      switch place {
      case .name(let name): words(name)
      case .descriptor(let raw): "fd \(raw)"
      }
    }
    switch option {
    case .memory(let mebibytes): return "memory \(mebibytes)"
    case .noNetRing: return "no-net-ring"
    case .block(let name, let where_): return "block \(words(name)) \(place(where_))"
    case .blockSectorSize(let name, let size): return "sector \(words(name)) \(size)"
    case .blockMode(let name, let mode): return "mode \(words(name)) \(mode.name)"
    case .net(let name, let where_): return "net \(words(name)) \(place(where_))"
    case .netAddress(let name, let octets): return "mac \(words(name)) \(octets.indices.map { octets[$0] })"
    case .confine(let confinement): return "confine \(confinement.name)"
    case .user(.automatic): return "user auto"
    case .user(.given(let user, let group)): return "user \(user) \(group)"
    case .receipt(let where_): return "receipt \(place(where_))"
    case .imageDigest(let digest): return "digest \(words(digest.text).prefix(4))"
    case .seccomp(let report): return "report \(report)"
    case .hugePages(let pages): return "huge pages \(pages)"
    case .keepOOMScore: return "keep-oom-score"
    case .log(let where_): return "log \(place(where_))"
    case .name(let label): return "name \(label.map { words($0) } ?? "none")"
    case .netNamespace(.own): return "net namespace own"
    case .netNamespace(.automatic): return "net namespace auto"
    case .netNamespace(.place(let where_)): return "net namespace \(place(where_))"
    }
  }

  private static let name67 = String(repeating: "n", count: 67)
  private static let digest = String(repeating: "aB", count: 32)

  @Test(
    "what is well formed",
    arguments: [
      ("--mem=1", "memory 1"), ("--mem=0512", "memory 512"),
      ("--mem=18446744073709551615", "memory 18446744073709551615"),
      ("--no-net-ring", "no-net-ring"),
      ("--block:a=b", "block a b"), ("--block:A9z=/dev/x y=z", "block A9z /dev/x y=z"),
      ("--block:a=@3", "block a fd 3"),
      ("--block:a=@2147483647", "block a fd 2147483647"), ("--block:a=./@3", "block a ./@3"),
      ("--block:\(name67)=x", "block \(name67) x"),
      ("--block-sector-size:a=512", "sector a 512"), ("--block-sector-size:a=32768", "sector a 32768"),
      ("--block-mode:a=ro", "mode a ro"), ("--block-mode:a=rw", "mode a rw"), ("--block-mode:a=sync", "mode a sync"),
      ("--net:service=tap0", "net service tap0"), ("--net:service=@0", "net service fd 0"),
      ("--net-mac:a=02:00:00:Aa:bB:ff", "mac a [2, 0, 0, 170, 187, 255]"),
      ("--net-mac:a=1:2:3:4:5:f", "mac a [1, 2, 3, 4, 5, 15]"),
      ("--confine=full", "confine full"), ("--confine=fallback", "confine fallback"),
      ("--user=auto", "user auto"), ("--user=7", "user 7 7"), ("--user=7:8", "user 7 8"),
      ("--user=4294967294:1", "user 4294967294 1"),
      ("--receipt=r.json", "receipt r.json"), ("--receipt=@4", "receipt fd 4"),
      ("--image-sha256=\(digest)", "digest abab"), ("--seccomp=kill", "report false"),
      ("--seccomp=report", "report true"), ("--huge-pages=auto", "huge pages automatic"),
      ("--huge-pages=on", "huge pages on"), ("--huge-pages=off", "huge pages off"),
      ("--keep-oom-score", "keep-oom-score"), ("--net-namespace=own", "net namespace own"),
      ("--net-namespace=auto", "net namespace auto"), ("--net-namespace=/run/brig/net", "net namespace /run/brig/net"),
      ("--net-namespace=./own", "net namespace ./own"), ("--net-namespace=@7", "net namespace fd 7"),
      ("--log=a b", "log a b"), ("--log=@5", "log fd 5"), ("--log=@2", "log fd 2"),
      ("--name=w", "name w"), ("--name=Web_1.eu-2.Z9-_", "name Web_1.eu-2.Z9-_"), ("--name=-", "name -"),
      ("--try-name=web", "name web"), ("--try-name=a b", "name none"),
      ("--try-name=0123456789abcde", "name 0123456789abcde"), ("--try-name=0123456789abcdef", "name none"),
    ] as [(String, String)])
  func wellFormed(_ word: String, _ expected: String) throws {
    #expect(describe(try parse(word)) == expected)
  }

  @Test(
    "a malformed core option is reported alone",
    arguments: [
      "--mem=", "--mem=0", "--mem=x", "--mem=8x", "--mem=-1", "--mem=+1", "--mem= 8", "--mem=1.5",
      "--mem=18446744073709551616", "--mem=99999999999999999999999",
      "--confine=", "--confine=none", "--confine=fullx", "--user=", "--user=0", "--user=0:1", "--user=1:0", "--user=1:",
      "--user=root", "--user=autox", "--user=4294967295", "--user=4294967296", "--user=1:2:3", "--user=-1",
      "--receipt=", "--receipt=@", "--receipt=@x", "--receipt=@1x", "--receipt=@2147483648", "--receipt=@-1",
      "--image-sha256=", "--image-sha256=ab", "--image-sha256=\(digest)0", "--seccomp=", "--seccomp=trap",
      "--huge-pages=", "--huge-pages=yes", "--net-namespace=", "--net-namespace=@", "--net-namespace=@x",
      "--net-namespace=@2147483648", "--try-name=", "--log=", "--log=@", "--log=@x", "--name=",
      "--name=0123456789abcdef",
      "--name=a b", "--name=a/b", "--name=ä",
      "--name=a\n", "--name=a)", "--name=@3",
    ])
  func malformedCore(_ word: String) {
    let name = word.prefix { $0 != "=" }
    do throws(Failure) {
      Issue.record("\(describe(try parse(word))) was accepted")
    } catch {
      #expect(!error.showsUsage)
      #expect(String(decoding: error.message.bytes, as: UTF8.self).hasPrefix("Malformed argument to \(name)"))
    }
  }

  @Test(
    "the last label counts, and one that doesn't fit is none",
    arguments: [
      ([], nil), (["--name=a"], "a"), (["--name=a", "--try-name=b"], "b"), (["--try-name=b", "--name=a"], "a"),
      (["--name=a", "--try-name=b:c"], "a"), (["--try-name=b:c"], nil),
    ] as [([String], String?)])
  func label(_ options: [String], _ label: String?) throws {
    guard case .run(let line) = CommandLine.parse(arguments(["t"] + options + ["k"])) else {
      throw Failure("no kernel")
    }
    #expect(line.name == label.map { Text(bytes: Array($0.utf8)) })
  }

  @Test(
    "anything else is an invalid option, with the usage",
    arguments: [
      ("-", ""), ("--", ""), ("---", ""), ("-h", ""), ("--mem", ""), ("--memory=1", ""), ("--no-net-ring=1", ""),
      ("--keep-oom-score=1", ""),
      ("--MEM=1", ""), ("--x-exec-heap", ""), ("--net=tap0", ""), ("--disk=a", ""), ("--block", ""), ("--block:", ""),
      ("--block:=x", ""), ("--block:a", ""), ("--block:a=", ""), ("--block:a-b=x", ""), ("--block:a=@", ""),
      ("--block:a=@9999999999", ""), ("--net:a=@-1", ""), ("--block:\(name67)n=x", ""), ("--net:a=", ""),
      ("--net:a=@9999999999", ""),
      ("--net-mac:a=", ""), ("--net-mac:a=1:2:3:4:5", ""), ("--net-mac:a=1:2:3:4:5:6:7", ""),
      ("--net-mac:a=01:02:03:04:05:006", ""), ("--net-mac:a=01-02-03-04-05-06", ""), ("--net-mac:a=0x:1:2:3:4:5", ""),
      ("--block-sector-size:a=", "Block size must be a multiple of 2 greater than or equal 512\n"),
      ("--block-sector-size:a=256", "Block size must be a multiple of 2 greater than or equal 512\n"),
      ("--block-sector-size:a=513", "Block size must be a multiple of 2 greater than or equal 512\n"),
      ("--block-sector-size:a=65536", "Block size must be a multiple of 2 greater than or equal 512\n"),
      ("--block-sector-size:a=512x", "Block size must be a multiple of 2 greater than or equal 512\n"),
      ("--block-mode:a=w", "Block mode must be ro, rw or sync\n"),
    ] as [(String, String)])
  func invalid(_ word: String, _ problem: String) {
    do throws(Failure) {
      Issue.record("\(describe(try parse(word))) was accepted")
    } catch {
      #expect(error.showsUsage)
      #expect(String(decoding: error.message.bytes, as: UTF8.self) == "\(problem)Invalid option: `\(word)'")
    }
  }
}
