@testable import Audit
import CLinux
import CSubject
import Glibc
import Host
import Procfs
import Receipts
import Testing
import Text

/// Devices under other names, and other files under theirs.
///
/// To add one: a function that starts a `Shell` with such a descriptor; of a console, a row of `consoles`.
@Suite("the audit knows devices by number", .serialized, .enabled(if: geteuid() == 0, "needs root"))
struct DeviceTests {
  private func withDirectory(_ body: (String) throws -> Void) rethrows {
    let directory = Shell.output("mktemp -d").filter { $0 != "\n" }
    defer { _ = Shell.output("rm -rf \(directory)") }
    try body(directory)
  }

  private func descriptor(_ number: Int32, of process: Int32) throws -> OpenDescriptor {
    let evidence = ProcessEvidence(try Subject(process), receipt: nil)
    return try #require(try evidence.descriptors.get().first { $0.number == number })
  }

  private static let strays = "exec 3<&- 4<&- 5<&- 6<&- 8<&- 9<&- </dev/null"

  @Test("/dev/kvm has another name, and is only written", arguments: ["<>", ">"])
  func machine(_ redirection: String) throws {
    try withDirectory { directory in
      let shell = try #require(
        Shell("mknod \(directory)/x c 10 232; exec 7\(redirection)\(directory)/x; exec sleep 20"))
      defer { shell.kill() }
      let findings = try Findings(shell.process)
      #expect(findings["virtual-machine"] == .no)
      #expect(findings["stray-descriptors"] == .no)
      #expect(findings.detail("stray-descriptors").contains("7 "))
    }
  }

  @Test("another file lies over a device", arguments: ["/dev/net/tun", "/dev/kvm"])
  func covered(_ device: String) throws {
    let shell = try #require(
      Shell("exec unshare -m sh -c 'mount --bind /etc/passwd \(device); exec 7<>\(device); exec sleep 20'"))
    defer { shell.kill() }
    let seen = try descriptor(7, of: shell.process)
    #expect(String(seen.target) == device)
    #expect(!seen.isInterface && !seen.isMachine)
    #expect(try Findings(shell.process)["virtual-machine"] == .yes)
  }

  @Test("/dev/net/tun without an interface is no network device")
  func unattached() throws {
    let shell = try #require(Shell("exec 7<>/dev/net/tun; exec sleep 20"))
    defer { shell.kill() }
    #expect(try !descriptor(7, of: shell.process).isInterface)
    #expect(try Findings(shell.process).detail("stray-descriptors").contains("7 /dev/net/tun"))
  }

  @Test("standard input is /dev/null by number")
  func null() throws {
    try withDirectory { directory in
      let other = try #require(Shell("mknod \(directory)/x c 1 3; exec <\(directory)/x; exec sleep 20"))
      defer { other.kill() }
      #expect(try Findings(other.process)["standard-descriptors"] == .yes)
      let covered = try #require(
        Shell("exec unshare -m sh -c 'mount --bind /etc/passwd /dev/null; exec </dev/null; exec sleep 20'"))
      defer { covered.kill() }
      #expect(try Findings(covered.process)["standard-descriptors"] == .no)
    }
  }

  @Test("a machine may not be a console, nor a directory")
  func console() throws {
    for target in ["</dev/kvm", "</"] {
      let shell = try #require(Shell("exec sh -c 'exec 1\(target); exec sleep 20'"))
      defer { shell.kill() }
      #expect(try Findings(shell.process).detail("stray-descriptors").contains("1 /"), "\(target)")
    }
  }

  @Test("a limit on descriptors leaves no number free")
  func limit() throws {
    // More are open than the limit says, and 3 to 5 are free.
    let others = (20..<30).map { "\($0)</dev/null" }.joined(separator: " ")
    let shell = try #require(
      Shell("exec bash -c 'exec 3<&- 4<&- 5<&- \(others); exec prlimit --nofile=6:6 sleep 20'"))
    defer { shell.kill() }
    let findings = try Findings(shell.process)
    #expect(findings["limit-nofile"] == .no)
    #expect(findings.detail("limit-nofile").contains("is free"))
  }

  @Test(
    "a console is a file, a pipe, a socket, a terminal or a device without power",
    arguments: [
      (1, 3, true), (1, 5, true), (1, 7, true), (1, 11, true), (5, 0, true), (136, 3, true), (1, 1, false),
      (1, 4, false),
      // vhost-net, vhost-vsock, TAP, KVM, another of the kernel's many
      (10, 238, false), (10, 241, false), (10, 200, false), (10, 232, false), (10, 1, false), (202, 0, false),
    ])
  func consoles(_ row: (major: UInt32, minor: UInt32, isConsole: Bool)) throws {
    let device = try Self.device(row.major, row.minor)
    #expect(device.canBeConsole == row.isConsole)
    // Nor is any a network device that is no TAP, nor a disk.
    #expect(!device.isInterface && ObservedLaunch.kind(of: device) == nil)
  }

  /// A character device that a process has open for reading and writing.
  private static func device(_ major: UInt32, _ minor: UInt32, isAttached: Bool = false) throws -> OpenDescriptor {
    var bytes = [UInt8](repeating: 0, count: FileFacts.size)
    func put(_ value: UInt32, at offset: Int) {
      for byte in 0..<4 { bytes[offset + byte] = UInt8(value >> (8 * byte) & 0xff) }
    }
    put(UInt32(FileFacts.mask), at: 0)
    put(UInt32(CLinux.S_IFCHR), at: 28)
    put(major, at: 128)
    put(minor, at: 132)
    let facts = try #require(FileFacts(bytes))
    return OpenDescriptor(
      number: 7, target: "/x", facts: facts, flags: O_RDWR, isAttached: isAttached, isPacketSocket: false)
  }

  @Test("drivers are read from what the kernel prints")
  func drivers() {
    let drivers = CharacterDrivers(
      devices:
        "Character devices:\n  1 mem\n 10 misc\n246 macvtap\n247 ipvtap\n248 xmacvtap\n\nBlock devices:\n  9 macvtap\n",
      terminals:
        "/dev/tty             /dev/tty        5       0 system:/dev/tty\nmy serial   /dev/ttyS       4 64-95 serial\nx\n"
    )
    #expect([9, 10, 246, 247, 248].filter { drivers.areTaps($0) } == [246, 247])
    #expect([1, 4, 5, 64, 246].filter { drivers.areTerminals($0) } == [4, 5])
    #expect(!CharacterDrivers(devices: "", terminals: "").areTaps(246))
  }

  @Test("a macvtap that is handed over is a network device", .enabled(if: Bench.isPossible, "needs a tender"))
  func macvtap() throws {
    try withDirectory { directory in
      // A network namespace and a /sys that shows it; the device is removed with the interface.
      let made = Shell.output(
        "exec 3>\(directory)/device; exec unshare -nm sh -c \"mount -t sysfs none /sys && ip tuntap add t0 mode tap && "
          + "ip link set t0 up && ip link add link t0 name m0 type macvtap && ip link set m0 up && "
          + "cat /sys/class/net/m0/macvtap/*/dev >&3; exec 3>&-; sleep 60 >/dev/null 2>&1 & echo \\$!\"")
      // Its last line: what goes wrong is said before it.
      let keeper = made.split(separator: "\n").last.flatMap { Int32($0) } ?? -1
      defer { if keeper > 0 { kill(keeper, SIGKILL) } }
      let numbers = String(decoding: try Files.read("\(directory)/device"), as: UTF8.self).split { !$0.isNumber }
      guard numbers.count == 2 else {
        // Only a kernel without macvtap may be without it.
        #expect(!Shell.output("cat /proc/devices").contains("macvtap"), "\(made)")
        return
      }
      _ = Shell.output("mknod \(directory)/tap c \(numbers[0]) \(numbers[1])")
      let path = "\(directory)/receipt"
      let process = unsafe csubject_with_tap(
        "\(directory)/tap",
        "exec \(Bench.root)/bin/brig-hvt --mem=6 --receipt=\(path) --net:service=@7 "
          + "\(Bench.root)/bin/guests/x86_64/sleep-net.hvt 100000000000 </dev/null >/dev/null 2>\(path).err")
      defer { End.kill(process) }
      for _ in 0..<500 where ((try? Files.read(path)) ?? []).isEmpty { usleep(10_000) }
      usleep(200_000)
      try #require(kill(process, 0) == 0 && (try? Subject(process)) != nil, "\(Shell.output("cat \(path).err"))")
      for receipt in [nil, try ReceiptRecord(reading: path)] {
        let findings = try Findings(process, receipt: receipt)
        for check in ["stray-descriptors", "seccomp-filter"] {
          #expect(findings[check] == .yes, "\(check): \(findings.detail(check))")
        }
      }
    }
  }

  @Test(
    "a tender's network device may be a packet socket",
    .enabled(if: Bench.isPossible, "needs a tender"),
    arguments: [(CLINUX_SOCK_SEQPACKET, true), (CLINUX_SOCK_DGRAM, true), (Int32(1), false)])
  func socket(_ row: (type: Int32, isDevice: Bool)) throws {
    try withDirectory { directory in
      guard row.isDevice else {
        let pair = unsafe csubject_with_socket(row.type, "exec sleep 20")
        defer { for process in [pair.inside, pair.server] { End.kill(process) } }
        Shell.wait(for: pair.inside, toBe: "sleep")
        #expect(try !descriptor(7, of: pair.inside).isInterface)
        return
      }
      let path = "\(directory)/receipt"
      let pair = unsafe csubject_with_socket(
        row.type,
        "exec \(Bench.root)/bin/brig-hvt --mem=6 --receipt=\(path) --net:service=@7 "
          + "\(Bench.root)/bin/guests/x86_64/sleep-net.hvt 100000000000 </dev/null >/dev/null 2>\(path).err")
      defer { for process in [pair.inside, pair.server] { End.kill(process) } }
      let process = pair.inside
      for _ in 0..<500 where ((try? Files.read(path)) ?? []).isEmpty { usleep(10_000) }
      usleep(200_000)
      try #require(kill(process, 0) == 0 && (try? Subject(process)) != nil, "\(Shell.output("cat \(path).err"))")
      let plain = try Findings(process)
      let told = try Findings(process, receipt: ReceiptRecord(reading: path))
      for findings in [plain, told] {
        for check in ["stray-descriptors", "seccomp-filter"] {
          #expect(findings[check] == .yes, "\(check): \(findings.detail(check))")
        }
      }
      #expect(told["receipt"] == .yes)
    }
  }
}
