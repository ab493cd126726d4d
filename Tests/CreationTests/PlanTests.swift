import ABI
import Creation
import Tender
import Testing
import Text

/// To add one: a row of a TAP's values, options, and the device or the complaint.
@Suite("for which device something is made")
struct PlanTests {
  private static func manifest(_ devices: [(name: String, type: UInt32)]) throws -> Manifest {
    func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    var bytes = little(1) + little(UInt32(devices.count + 1))
    for (name, type) in [("", 1 << 30)] + devices {
      bytes += Array(name.utf8) + Array(repeating: 0, count: 68 - name.utf8.count) + little(type)
      bytes += Array(repeating: 0, count: 32)
    }
    // SAFETY: the bytes of a span of integers are initialised.
    return try Manifest(unsafe bytes.span.bytes)
  }

  private static func plan(_ disks: [String], _ taps: [String], _ options: [String]) throws -> [String] {
    guard case .run(let line) = CommandLine.parse((["t"] + options + ["k"]).map { Array($0.utf8) }) else { return [] }
    let manifest = try manifest([("disk", 1), ("one", 2), ("two", 2), ("other", 1)])
    return try Creation(disks: disks, taps: taps, line: line, manifest: manifest)
      .options(disks.indices.map(Int32.init), taps.indices.map(Int32.init))
  }

  @Test(
    "a TAP is for the device that names it, else for the only one that is left",
    arguments: [
      (["a"], ["--net:one=a"], ["--net:one=@0"]),
      (
        ["a"], ["--mem=4", "--net:two=a", "--net-mac:two=2:0:0:0:0:1"],
        ["--mem=4", "--net-mac:two=2:0:0:0:0:1", "--net:two=@0"]
      ),
      (["a"], ["--net:one=x"], ["--net:one=x", "--net:two=@0"]),
      (["b", "a"], ["--net:one=a"], ["--net:one=@0", "--net:two=@1"]),
      (["a", "b"], ["--net:two=b", "--net:one=a"], ["--net:two=@0", "--net:one=@1"]),
    ] as [([String], [String], [String])])
  func taps(_ taps: [String], _ options: [String], _ wanted: [String]) throws {
    #expect(try Self.plan([], taps, options) == wanted)
  }

  @Test("a disk is for its device")
  func disks() throws {
    #expect(
      try Self.plan(["disk=1M", "other=x:1M"], [], ["--mem=4"]) == ["--mem=4", "--block:disk=@0", "--block:other=@1"])
  }

  @Test(
    "what fits neither the image nor the other options is refused",
    arguments: [
      ([], ["a"], [], "the image declares one two: say which one by --net:one=a"),
      ([], ["a"], ["--net:one=x", "--net:two=y"], "another option attaches one two"),
      ([], ["a"], ["--net:one=a", "--net:one=x"], "leave out the others"),
      ([], ["a"], ["--net:one=a", "--net:two=a"], "leave out the others"),
      ([], ["a", "a"], ["--net:one=a"], "leave out the others"),
      ([], ["a"], ["--net:disk=a"], "declares no NET_BASIC of the name disk"),
      (
        ["one=1M"], [], [],
        "declares no BLOCK_BASIC of the name one: What the image declares is attached by --block:disk=FILE"
      ),
      (["disk=1M"], [], ["--block:disk=x"], "another option attaches `disk' too"),
      (["disk=1M", "disk=2M"], [], [], "another option attaches `disk' too"),
    ] as [([String], [String], [String], String)])
  func refused(_ disks: [String], _ taps: [String], _ options: [String], _ words: String) throws {
    do {
      Issue.record("\(try Self.plan(disks, taps, options)) was accepted")
    } catch let complaint as Complaint {
      #expect(complaint.message.contains(words), "\(complaint.message)")
    }
  }
}
