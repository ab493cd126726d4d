@testable import Audit
import CLinux
import Filters
import Glibc
import Host
import Receipts
import Review
import Testing
import Text

/// To add one: a `Launched` in `all`: the tender's options, and a guest that runs until it is killed.
@Suite(
  "what brig policy show --receipt shows", .serialized,
  .enabled(if: Bench.isPossible, "needs root, /dev/kvm, bin/brig-hvt and the test guests"))
struct ReceiptTests {
  /// A tender's devices and guest, which runs until it is killed.
  struct Launched: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var options = ""
    let guest: String
  }

  static let disk = "--block:storage=disk"
  static let tap = "--net:service=tap0"
  static let all: [Launched] = [
    Launched(testDescription: "console", guest: "sleep.hvt 100000000000"),
    Launched(testDescription: "console, report", options: "--seccomp=report", guest: "sleep.hvt 100000000000"),
    Launched(testDescription: "block", options: disk, guest: "bench-blk.hvt 100000000 read"),
    Launched(
      testDescription: "block:ro", options: "--block-mode:storage=ro \(disk)", guest: "bench-blk.hvt 100000000 read"),
    Launched(
      testDescription: "block, sync", options: "--block-mode:storage=sync \(disk)",
      guest: "bench-blk.hvt 100000000 read"),
    Launched(testDescription: "net", options: tap, guest: "sleep-net.hvt 100000000000"),
    Launched(testDescription: "block and net", options: "\(disk) \(tap)", guest: "soak.hvt"),
  ]

  /// Starts a tender in a network namespace with a TAP, and gives its process and its receipt to a test.
  private func run(_ launched: Launched, _ body: (Int32, ReceiptRecord) throws -> Void) throws {
    let directory = Shell.output("mktemp -d").filter { $0 != "\n" }
    defer { _ = Shell.output("rm -rf \(directory)") }
    _ = Shell.output("truncate --size=1M \(directory)/disk")
    let command =
      "echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6; ip tuntap add tap0 mode tap; ip link set tap0 up; cd \(directory); exec \(Bench.root)/bin/brig-hvt --mem=6 "
      + "--receipt=receipt \(launched.options) \(Bench.root)/bin/guests/x86_64/\(launched.guest)"
    let shell = try #require(Shell(tender: "exec unshare -n sh -c '\(command)'"))
    defer { shell.kill() }
    try body(shell.process, ReceiptRecord(reading: "\(directory)/receipt"))
  }

  @Test("is byte for byte the program that the kernel has for the tender", arguments: all)
  func bytes(_ launched: Launched) throws {
    try run(launched) { process, receipt in
      let listing = try PolicyListing(of: receipt)
      #expect(listing.program.digest == receipt.programDigest)
      let subject = try Subject(process)
      let installed = try InstalledFilters.stacks(of: subject, Tasks(of: subject))
      #expect(installed.map { $0.programs.map(\.bytes) } == [[listing.program.bytes]])
    }
  }

  @Test("is nothing where the receipt's values make another program, or are none")
  func forged() throws {
    let directory = Shell.output("mktemp -d").filter { $0 != "\n" }
    defer { _ = Shell.output("rm -rf \(directory)") }
    let tender = "\(Bench.root)/bin/brig-hvt --mem=2 --receipt=\(directory)/receipt"
    _ = Shell.output("\(tender) \(Bench.root)/bin/guests/x86_64/hello.hvt")
    let text = String(decoding: try Files.read("\(directory)/receipt"), as: UTF8.self)
    func listing(_ text: String) throws -> PolicyListing {
      try PolicyListing(of: ReceiptRecord(parsing: Array(text.utf8), path: "forged"))
    }
    _ = try listing(text)
    for (from, to) in [
      ("\"fixed_block\": 1", "\"fixed_block\": 2"), ("\"window\": 2097152", "\"window\": 4194304"),
      ("\"vcpu_descriptor\": ", "\"vcpu_descriptor\": 1"), ("\"run_area\": 1", "\"run_area\": 2"),
      ("\"run_area_size\": ", "\"run_area_size\": 1"), ("\"mode\": \"kill\"", "\"mode\": \"report\""),
      ("\"mode\": \"kill\"", "\"mode\": \"whatever\""),
      ("\"devices\": [", "\"devices\": [{ \"name\": \"x\", \"descriptor\": 9, \"type\": \"GPU\" }"),
    ] {
      #expect(text.contains(from))
      #expect(throws: Complaint.self, "\(to)") { try listing(text.replacing(from, with: to)) }
    }
  }
}
