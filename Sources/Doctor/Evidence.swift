import Audit
import CLinux
import Confinement
import Host
import Listing
import Machine
package import Tender
import Text

/// All that the doctor's checks rest on: plain values, so that tests can make a host of their own.
package struct Evidence: Sendable {
  /// What a file holds, nil where it can't be read.
  package var read: @Sendable (String) -> String?
  /// The names in a directory, nil where it can't be read.
  package var names: @Sendable (String) -> [String]?
  package var user: UInt32 = 0
  package var groups: [UInt32] = []
  package var kvm = KVMSurvey()
  package var kvmNode = DeviceNode.missing("No such file or directory")
  package var tunNode = DeviceNode.missing("No such file or directory")
  /// Why `/dev/net/tun` can't be opened, nil where it can.
  package var tunRefusal: String?
  /// The TAPs of this network namespace, by name.
  package var taps: [String: LinkInformation.Attachable] = [:]
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
  package init(read: @escaping @Sendable (String) -> String?, names: @escaping @Sendable (String) -> [String]?) {
    self.read = read
    self.names = names
  }

  /// Looks at this host and rehearses the seal.
  package init() {
    self.init(
      read: { path in (try? Files.read(path)).map { String(decoding: $0, as: UTF8.self) } },
      names: { path in Directory.names(path) })
    let owner = try? Identity.owner()
    user = owner?.user ?? 0
    groups = owner.map { [$0.group] + $0.groups } ?? []
    kvm = KVMSurvey.asked()
    kvmNode = DeviceNode("/dev/kvm")
    tunNode = DeviceNode("/dev/net/tun")
    tunRefusal = Self.refusal { () throws(SystemError) in
      _ = try Descriptor.open("/dev/net/tun", O_RDWR | O_NONBLOCK)
    }
    for name in interfaces { taps[name] = LinkInformation.tap(Text(name)) }
    seccomp = SeccompSurvey.asked()
    pageSize = Mapping.pageSize
    windowRefusal = Self.refusal { () throws(SystemError) in
      _ = try Mapping.window(1 << 32, tail: GuestMemory.longestTransfer)
    }
    let personality = Kernel.raw(.personality, 0xffff_ffff)
    self.personality = personality < 0 ? nil : personality
    hasClockPage = getauxval(UInt(AT_SYSINFO_EHDR)) != 0
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

extension Evidence {
  /// The first line of a file.
  package func line(_ path: String) -> String? {
    read(path).map { String($0.prefix { $0 != "\n" }) }
  }

  /// A number that is all that a file holds, such as a sysctl's.
  package func number(_ path: String) -> Int? { line(path).flatMap { Int($0) } }

  /// A field of this process's status.
  package func status(_ field: String) -> String? {
    for line in (read("/proc/self/status") ?? "").split(separator: "\n") where line.hasPrefix("\(field):") {
      return String(line.dropFirst(field.count + 1).drop { $0 == " " || $0 == "\t" })
    }
    return nil
  }

  /// The words of a line of `/proc/cpuinfo` that occurs for every processor, of the first one.
  package func processor(_ field: String) -> [Substring] {
    for line in (read("/proc/cpuinfo") ?? "").split(separator: "\n") {
      let halves = line.split(separator: ":", maxSplits: 1)
      guard halves.count == 2, halves[0].prefix(while: { $0 != "\t" }) == field else { continue }
      return halves[1].split(separator: " ")
    }
    return []
  }

  /// A soft limit as `/proc/self/limits` has it; nil for none and where it can't be read.
  package func limit(_ name: String) -> UInt64? {
    for line in (read("/proc/self/limits") ?? "").split(separator: "\n") where line.hasPrefix(name) {
      return line.dropFirst(name.count).split(separator: " ").first.flatMap { UInt64($0) }
    }
    return nil
  }

  /// A user's name, or its number where `/etc/passwd` doesn't have it.
  package func name(ofUser id: UInt32) -> String { entry("/etc/passwd", id) ?? "\(id)" }

  /// A group's name, or its number where `/etc/group` doesn't have it.
  package func name(ofGroup id: UInt32) -> String { entry("/etc/group", id) ?? "\(id)" }

  private func entry(_ path: String, _ id: UInt32) -> String? {
    for line in (read(path) ?? "").split(separator: "\n") {
      let fields = line.split(separator: ":", omittingEmptySubsequences: false)
      if fields.count > 2, fields[2] == "\(id)" { return String(fields[0]) }
    }
    return nil
  }
}
