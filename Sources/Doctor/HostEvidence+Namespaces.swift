import Confinement
import Text

extension HostEvidence {
  var appArmor: HostAnswer {
    guard line("/sys/module/apparmor/parameters/enabled") == "Y" else { return .ok("not enabled") }
    let profile: Text = line("/proc/self/attr/current") ?? "unknown"
    guard profile != "unconfined" else { return .ok("enabled; this process is unconfined") }
    return .information("enabled; this process has the profile \(profile.shown)")
  }

  var seLinux: HostAnswer {
    switch line("/sys/fs/selinux/enforce") {
    case nil: .ok("not enabled")
    case "1": .information("enforcing, as \((line("/proc/self/attr/current") ?? "unknown").shown)")
    case .some: .ok("permissive")
    }
  }

  /// Whether there is a prepared net namespace, and what `--net-namespace=auto` does with it: the rehearsal's child has
  /// tried.
  var preparedNetNamespace: HostAnswer {
    let path = PreparedNetNamespace.usualPath.shown
    guard names("/run/brig")?.contains("net") ?? false else {
      return .ok("none at \(path): --net-namespace=auto makes one of the tender's own")
    }
    guard user == 0 else {
      return .information("one at \(path), which root's tenders join: an ordinary user's makes its own")
    }
    switch rehearsal.netNamespace {
    case .prepared(let inode):
      return .ok("\(path): net namespace \(inode), which is empty: --net-namespace=auto joins it")
    case .own(let reason?):
      return .missing(
        "\(path): \(reason.shown)",
        Loss(
          .limited,
          "--net-namespace=auto makes one of the tender's own, which takes longer, and --net-namespace=\(path) refuses",
          fix: rehearsal.netNamespaceRemedy ?? "brig net-namespace remove, then make"))
    case .own(nil), nil: return .unknown("not tried: the rehearsal ended before")
    }
  }
}
