import ABI
import Tender
import Testing
import Text

/// A manifest of devices after the reserved entry, as a unikernel's note has it.
func manifest(_ devices: [(name: String, type: UInt32)]) throws -> Manifest {
  func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  var bytes = little(1) + little(UInt32(devices.count + 1))
  for (name, type) in [("", 1 << 30)] + devices {
    bytes += Array(name.utf8) + Array(repeating: 0, count: 68 - name.utf8.count) + little(type)
    bytes += Array(repeating: 0, count: 32)
  }
  // SAFETY: the bytes of a span of integers are initialised.
  return try Manifest(unsafe bytes.span.bytes)
}

/// To add one: a function about the `settings` or the `message` of options; of `--mem`, a row of `sizes` or `refuses`.
@Suite("settings")
struct SettingsTests {
  private static func settings(_ options: [String]) throws -> Settings {
    guard case .run(let line) = CommandLine.parse(arguments(["t"] + options + ["k"])) else {
      throw Failure("no kernel")
    }
    return try Settings(line, manifest: manifest([("disk", 1), ("service", 2), ("disk", 2)]))
  }

  private func message(_ options: [String]) -> String? {
    do {
      _ = try Self.settings(options)
      return nil
    } catch {
      return (error as? Failure).map { String(decoding: $0.message.bytes, as: UTF8.self) }
    }
  }

  @Test("without options there are 512 MiB and nothing is attached")
  func defaults() throws {
    let settings = try Self.settings([])
    #expect(settings.mebibytes == 512 && !settings.reportsCalls && settings.user == nil)
    #expect(settings.devices.count == 4)
    for device in settings.devices { #expect(device.place == nil && device.sectorSize == nil) }
  }

  @Test("the last option of a kind wins")
  func lastWins() throws {
    let settings = try Self.settings([
      "--mem=1", "--block:disk=a", "--mem=2", "--block:disk=b", "--seccomp=report", "--seccomp=kill",
      "--block-sector-size:disk=512", "--block-sector-size:disk=4096",
    ])
    #expect(settings.mebibytes == 2 && !settings.reportsCalls)
    guard case .name("b") = settings.devices[1].place else {
      Issue.record("not the last place")
      return
    }
    #expect(settings.devices[1].sectorSize == 4096 && settings.devices[1].text == "--block:disk=b")
  }

  @Test("a name is looked up together with its type")
  func types() throws {
    let settings = try Self.settings(["--net:disk=tap1", "--net-mac:service=2:0:0:0:0:1", "--block:disk=file"])
    guard case .name("file") = settings.devices[1].place, case .name("tap1") = settings.devices[3].place else {
      Issue.record("the wrong entries")
      return
    }
    #expect(settings.devices[2].place == nil && settings.devices[2].address?[5] == 1)
  }

  @Test(
    "what the manifest doesn't declare is named, with the option",
    arguments: [
      ("--block:service=x", "service"), ("--net:other=x", "other"), ("--net-mac:x=1:2:3:4:5:6", "x"),
      ("--block-mode:Disk=ro", "Disk"), ("--block-sector-size:service=512", "service"),
    ])
  func undeclared(_ option: String, _ name: String) {
    #expect(message([option]) == "Resource not declared in manifest: '\(name)'\nInvalid option: `\(option)'")
  }

  @Test("the first thing that is wrong is reported, from left to right")
  func order() {
    #expect(message(["--mem=x", "--net:other=x"]) == "Malformed argument to --mem")
    #expect(message(["--net:other=x", "--mem=x"])?.hasPrefix("Resource not declared in manifest: 'other'") == true)
  }

  @Test("every device that isn't attached is named")
  func unattached() throws {
    let devices = try manifest([("disk", 1), ("service", 2), ("odd", 9), ("none", 1 << 30 + 1)])
    guard case .run(let line) = CommandLine.parse(arguments(["t", "--block:disk=a", "k"])) else { return }
    let settings = try Settings(line, manifest: devices)
    do throws(Failure) {
      try settings.checkAttached(devices)
      Issue.record("nothing was missed")
    } catch {
      #expect(
        error.message == """
          Device 'service' of type NET_BASIC declared but not attached.
          Device 'odd' of type <undefined type> declared but not attached.
          All declared devices must be attached. See --help for syntax.
          """)
      #expect(error.advice == "No option attaches 'odd': its type is unknown\nAdd --net:service=INTERFACE")
    }
  }

  private static func advice(_ devices: [(name: String, type: UInt32)], _ options: [String]) throws -> Text? {
    let devices = try manifest(devices)
    guard case .run(let line) = CommandLine.parse(arguments(["t"] + options + ["k"])) else { return nil }
    do throws(Failure) {
      try Settings(line, manifest: devices).checkAttached(devices)
      return nil
    } catch {
      return error.advice
    }
  }

  @Test(
    "what no option can attach is said with the reason, and not advised",
    arguments: [
      ("", 1, "No option attaches '': its name isn't letters and digits"),
      ("a-b", 1, "No option attaches 'a-b': its name isn't letters and digits"),
      ("\u{1b}[m", 2, "No option attaches '\\x1b[m': its name isn't letters and digits"),
      ("first", 2, "No option attaches 'first': the image declares another of its name and type first"),
    ] as [(String, UInt32, String)])
  func unattachable(_ name: String, _ type: UInt32, _ line: String) throws {
    #expect(try Self.advice([("first", 2), (name, type)], ["--net:first=tap0"]) == Text(bytes: Array(line.utf8)))
    #expect(
      try Self.advice([("first", 2), (name, type)], [])
        == Text(bytes: Array("\(line)\nAdd --net:first=INTERFACE".utf8)))
  }

  @Test("an option that fits no device is told which ones the image declares")
  func declared() throws {
    #expect(try Self.advice([], ["--net:x=tap0"]) == "The image declares no device that an option attaches")
    #expect(try Self.advice([("a b", 1)], ["--net:x=tap0"]) == "The image declares no device that an option attaches")
    #expect(
      try Self.advice([("disk", 1), ("odd", 9), ("service", 2)], ["--block-mode:service=ro"])
        == "What the image declares is attached by --block:disk=FILE, --net:service=INTERFACE")
  }

  @Test("of a long list there are ten, and how many more")
  func long() throws {
    let advice = try Self.advice((1...63).map { ("d\($0)", 1) }, [])
    let shown = (1...10).map { "--block:d\($0)=FILE" }.joined(separator: ", ")
    #expect(advice == Text(bytes: Array("Add \(shown) and 53 more".utf8)))
    let unknown = try Self.advice((1...63).map { ("d\($0)", 9) }, [])
    #expect(unknown == "No option attaches 63 of them")
  }
}

@Suite("memory sizes")
struct MemorySizeTests {
  @Test(
    "sizes are rounded down to 2 MiB, at least to that",
    arguments: [
      (1, 2_097_152, true), (2, 2_097_152, false), (3, 2_097_152, true), (4, 4_194_304, false), (5, 4_194_304, true),
      (512, 536_870_912, false), (4095, 4_292_870_144, true), (4096, 4_294_967_296, false), (4097, 4_294_967_296, true),
    ] as [(UInt64, UInt64, Bool)])
  func sizes(_ mebibytes: UInt64, _ size: UInt64, _ adjusted: Bool) throws {
    let result = try MemorySize.bytes(mebibytes: mebibytes)
    #expect(result == (size, adjusted))
  }

  @Test(
    "more than 4 GiB is refused, whatever the number",
    arguments: [
      (4098, "4297064448 bytes"), (5000, "5242880000 bytes"), (1 << 44, "17592186044416 MB"),
      (.max, "18446744073709551615 MB"),
    ] as [(UInt64, String)])
  func refuses(_ mebibytes: UInt64, _ size: String) {
    do throws(Failure) {
      _ = try MemorySize.bytes(mebibytes: mebibytes)
      Issue.record("accepted")
    } catch {
      #expect(
        String(decoding: error.message.bytes, as: UTF8.self)
          == "guest memory size \(size) exceeds the max size 4294967296 bytes")
      #expect(!error.showsUsage)
    }
  }
}
