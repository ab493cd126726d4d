import CLinux
import Confinement
import Host
import Machine
import Procfs
package import Tender
package import Text

/// All that the doctor's checks rest on: plain values, so that tests can make a host of their own.
package struct HostEvidence: Sendable {
  /// What a file holds, nil where it can't be read.
  package var read: @Sendable (Text) -> Text?
  /// The names in a directory, nil where it can't be read.
  package var names: @Sendable (Text) -> [Text]?
  package var user: UInt32 = 0
  package var groups: [UInt32] = []
  package var kvm = KVMSurvey()
  package var kvmNode = DeviceNode.missing("No such file or directory")
  package var tunNode = DeviceNode.missing("No such file or directory")
  /// Why `/dev/net/tun` can't be opened, nil where it can.
  package var tunRefusal: String?
  /// The TAPs of this network namespace, by name.
  package var taps: [String: LinkInformation.Attachable] = [:]
  /// What an outer filter makes of a start's calls.
  package var filter = FilterSurvey()
  package var seccomp = SeccompSurvey()
  /// How the kernel counts pages, in bytes.
  package var pageSize = 4096
  /// Why the largest guest's window can't be reserved, nil where it can.
  package var windowRefusal: String?
  /// The execution domain (personality(2)), nil where it may not be asked.
  package var personality: Int?
  package var hasClockPage = true
  package var rehearsal = Rehearsal()

  /// A host of a test's own, on which nothing can be read.
  package init(read: @escaping @Sendable (Text) -> Text?, names: @escaping @Sendable (Text) -> [Text]?) {
    self.read = read
    self.names = names
  }

  /// Looks at this host and rehearses the seal.
  package init() {
    self.init(
      read: { path in
        guard let file = try? Descriptor.open(path, O_RDONLY) else { return nil }
        return (try? Files.readAll(file))?.map { Text(bytes: $0) }
      },
      names: { path in Directory.names(path) })
    var filter = FilterSurvey.asked(status("CapEff").flatMap { $0.number(radix: UInt64(16)) } ?? 0)
    let owner = try? Identity.owner()
    user = owner?.user ?? 0
    groups = owner.map { [$0.group] + $0.groups } ?? []
    kvm = filter.ask("/dev/kvm") { KVMSurvey.asked() } ?? KVMSurvey(refusal: "an outer filter ended the probe")
    kvmNode = DeviceNode("/dev/kvm")
    tunNode = DeviceNode("/dev/net/tun")
    tunRefusal = Self.refusal { () throws(SystemError) in
      _ = try Descriptor.open("/dev/net/tun", O_RDWR | O_NONBLOCK)
    }
    let interfaces = interfaces
    taps =
      filter.ask("networks") {
        interfaces.reduce(into: [:]) { taps, name in taps[name.shown] = LinkInformation.tap(name) }
      } ?? [:]
    seccomp = filter.ask("seccomp") { SeccompSurvey.asked() } ?? SeccompSurvey()
    pageSize = Mapping.pageSize
    windowRefusal =
      filter.ask("mmap") {
        Self.refusal { () throws(SystemError) in _ = try Mapping.window(Int(Bounds.memory), tail: Bounds.transfer) }
      } ?? "an outer filter ended the probe"
    let personality = filter.ask("personality") { Kernel.raw(.personality, 0xffff_ffff) } ?? -1
    self.personality = personality < 0 ? nil : personality
    hasClockPage = getauxval(UInt(AT_SYSINFO_EHDR)) != 0
    self.filter = filter
    rehearsal = Rehearsal.performed()
  }

  private static func refusal(_ body: () throws(SystemError) -> Void) -> String? {
    do throws(SystemError) {
      try body()
      return nil
    } catch {
      return String(error.reason)
    }
  }
}

// MARK: - Reading what the kernel says in text

extension HostEvidence {
  /// The lines of a file; none where it can't be read.
  func lines(_ path: Text) -> [Text] { read(path)?.lines ?? [] }

  /// The first line of a file.
  package func line(_ path: Text) -> Text? { read(path).map { $0.fields(0x0a, atMost: 2)[0] } }

  /// A field of this process's status.
  package func status(_ field: Text) -> Text? { read("/proc/self/status").flatMap { KeyedLines($0)[field] } }

  /// The words of a line of `/proc/cpuinfo` that occurs for every processor, of the first one.
  package func processor(_ field: Text) -> [Text] {
    read("/proc/cpuinfo").flatMap { KeyedLines($0)[field] }?.words ?? []
  }

  /// A limit as `/proc/self/limits` has it; nil where it can't be read.
  package func limit(_ name: Text) -> (soft: UInt64?, hard: UInt64?)? {
    read("/proc/self/limits").flatMap { LimitTable($0)[name] }
  }

  /// A user's name, or its number where `/etc/passwd` doesn't have it.
  package func name(ofUser id: UInt32) -> String { entry("/etc/passwd", id) ?? "\(id)" }

  /// A group's name, or its number where `/etc/group` doesn't have it.
  package func name(ofGroup id: UInt32) -> String { entry("/etc/group", id) ?? "\(id)" }

  /// Whether `/etc/group` has a name for a group, without which no tool adds users to it.
  func hasName(group id: UInt32) -> Bool { entry("/etc/group", id) != nil }

  /// Whether `/etc/group` has a group of a name.
  func hasGroup(named name: Text) -> Bool {
    lines("/etc/group").contains { $0.fields(UInt8(ascii: ":"), atMost: 2)[0] == name }
  }

  private func entry(_ path: Text, _ id: UInt32) -> String? {
    for line in lines(path) {
      let fields = line.fields(UInt8(ascii: ":"))
      if fields.count > 2, fields[2].number(radix: UInt32(10)) == id { return fields[0].shown }
    }
    return nil
  }
}
