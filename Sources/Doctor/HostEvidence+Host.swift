import CLinux
import Procfs
import Text

extension HostEvidence {
  var hypervisor: HostAnswer {
    // aarch64 has no such flag.
    guard processor("flags").contains("hypervisor") else { return .ok("none that the processor tells of") }
    return .information("this host is a virtual machine itself")
  }

  var pages: HostAnswer {
    guard pageSize > 4096 else { return .ok("\(pageSize) bytes") }
    return .missing(
      "\(pageSize) bytes",
      Loss(
        .limited, "guests whose segments lie closer together are refused",
        fix: "link guests with -z max-page-size=\(pageSize)"))
  }

  var container: HostAnswer {
    let signs = Self.containerSigns.filter { read($0.path) != nil }.map(\.name)
    guard !signs.isEmpty else { return .ok("no sign of one") }
    return .information("in one, as it seems: \(signs.joined(separator: ", "))")
  }

  private static let containerSigns =
    [
      ("/.dockerenv", "Docker"), ("/run/.containerenv", "Podman"),
      ("/run/systemd/container", "systemd-nspawn or another that systemd knows"),
    ] as [(path: Text, name: String)]

  var userMap: HostAnswer {
    guard let map = line("/proc/self/uid_map") else { return .unknown("/proc/self/uid_map: mount /proc") }
    let words = map.words
    guard words != ["0", "0", "4294967295"] else { return .ok("every user of the host's is mapped") }
    return .information("in a user namespace that maps \(words.map(\.shown).joined(separator: " "))")
  }

  var rootDirectory: HostAnswer {
    // The root directory was changed by chroot where it is no mount point.
    guard let mounts = read("/proc/self/mountinfo").flatMap({ Mount.all($0) }) else {
      return .unknown("/proc/self/mountinfo: mount /proc")
    }
    guard mounts.contains(where: { $0.point == "/" }) else {
      return .information("changed by chroot, where the kernel allows no user namespace")
    }
    return .ok("a mount point, not changed by chroot")
  }

  /// Clock sources that the vDSO reads without a system call (`vdso_clock_mode`,
  /// arch/*/include/asm/vdso/clocksource.h).
  private static let quickClocks: [Text] = [
    "tsc", "kvm-clock", "hyperv_clocksource_tsc_page", "arch_sys_counter",
  ]

  var clock: HostAnswer {
    let path: Text = "/sys/devices/system/clocksource/clocksource0/current_clocksource"
    guard let source = line(path) else { return .unknown("\(path.shown) can't be read") }
    let name = source.shown
    if Self.quickClocks.contains(source), hasClockPage { return .ok("\(name), read without a system call") }
    return .missing(
      hasClockPage ? "\(name)" : "\(name), and no vDSO",
      Loss(
        .limited, "each WALLTIME of a guest takes a system call, which the policy has a rule for",
        fix: hasClockPage ? "boot with clocksource=tsc where the counter is stable" : "boot without vdso=0"))
  }
}
