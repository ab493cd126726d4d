import CLinux
import Procfs
import Text

extension Checks {
  static let hostChecks: [HostCheck] = [
    HostCheck(.host, "hypervisor") { evidence in
      // aarch64 has no such flag.
      guard evidence.processor("flags").contains("hypervisor") else { return .ok("none that the processor tells of") }
      return .information("this host is a virtual machine itself")
    },
    HostCheck(.host, "page-size") { evidence in
      guard evidence.pageSize > 4096 else { return .ok("\(evidence.pageSize) bytes") }
      return .missing(
        "\(evidence.pageSize) bytes",
        Loss(
          .limited, "guests whose segments lie closer together are refused",
          fix: "link guests with -z max-page-size=\(evidence.pageSize)"))
    },
    HostCheck(.host, "clock") { evidence in clock(evidence) },
    HostCheck(.host, "container") { evidence in
      let signs = containerSigns.filter { evidence.read($0.path) != nil }.map(\.name)
      guard !signs.isEmpty else { return .ok("no sign of one") }
      return .information("in one, as it seems: \(signs.joined(separator: ", "))")
    },
    HostCheck(.host, "user-map") { evidence in
      guard let map = evidence.line("/proc/self/uid_map") else { return .unknown("/proc/self/uid_map: mount /proc") }
      let words = map.words
      guard words != ["0", "0", "4294967295"] else { return .ok("every user of the host's is mapped") }
      return .information("in a user namespace that maps \(words.map(\.shown).joined(separator: " "))")
    },
    HostCheck(.host, "root-directory") { evidence in
      switch evidence.isChrooted {
      case nil: .unknown("/proc/self/mountinfo: mount /proc")
      case .some(false): .ok("a mount point, not changed by chroot")
      case .some(true): .information("changed by chroot, where the kernel allows no user namespace")
      }
    },
  ]

  private static let containerSigns =
    [
      ("/.dockerenv", "Docker"), ("/run/.containerenv", "Podman"),
      ("/run/systemd/container", "systemd-nspawn or another that systemd knows"),
    ] as [(path: Text, name: String)]

  /// Clock sources that the vDSO reads without a system call (`vdso_clock_mode`, arch/*/include/asm/vdso/clocksource.h).
  private static let quickClocks: [Text] = [
    "tsc", "kvm-clock", "hyperv_clocksource_tsc_page", "arch_sys_counter",
  ]

  private static func clock(_ evidence: HostEvidence) -> HostAnswer {
    let path: Text = "/sys/devices/system/clocksource/clocksource0/current_clocksource"
    guard let source = evidence.line(path) else { return .unknown("\(path.shown) can't be read") }
    let name = source.shown
    if quickClocks.contains(source), evidence.hasClockPage { return .ok("\(name), read without a system call") }
    return .missing(
      evidence.hasClockPage ? name : "\(name), and no vDSO",
      Loss(
        .limited, "each WALLTIME of a guest takes a system call, which the policy has a rule for",
        fix: evidence.hasClockPage
          ? "boot with clocksource=tsc where the counter is stable" : "boot without vdso=0"))
  }
}

extension HostEvidence {
  /// Whether the root directory was changed by chroot, nil where that can't be told: it is no mount point then.
  var isChrooted: Bool? {
    guard let mounts = read("/proc/self/mountinfo").flatMap({ Mount.all($0) }) else { return nil }
    return !mounts.contains { $0.point == "/" }
  }
}
