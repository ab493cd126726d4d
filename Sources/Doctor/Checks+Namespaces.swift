import Confinement
import Text

extension Checks {
  static let namespaceChecks: [Check] =
    Restrictor.all.map { restrictor in
      Check(.namespaces, restrictor.name) { evidence in
        guard let value = evidence.line(restrictor.path) else { return .ok("this kernel has no such setting") }
        return restrictor.restricts(value) ? .information("\(value.shown): \(restrictor.meaning)") : .ok(value.shown)
      }
    } + [
      Check(.namespaces, "apparmor") { evidence in
        guard evidence.line("/sys/module/apparmor/parameters/enabled") == "Y" else { return .ok("not enabled") }
        let profile: Text = evidence.line("/proc/self/attr/current") ?? "unknown"
        guard profile != "unconfined" else { return .ok("enabled; this process is unconfined") }
        return .information("enabled; this process has the profile \(profile.shown)")
      },
      Check(.namespaces, "selinux") { evidence in
        switch evidence.line("/sys/fs/selinux/enforce") {
        case nil: .ok("not enabled")
        case "1": .information("enforcing, as \((evidence.line("/proc/self/attr/current") ?? "unknown").shown)")
        case .some: .ok("permissive")
        }
      },
      Check(.namespaces, "prepared-net-namespace") { evidence in prepared(evidence) },
    ]

  /// Whether there is a prepared net namespace, and what `--net-namespace=auto` makes of it: the rehearsal's child has tried.
  private static func prepared(_ evidence: Evidence) -> Answer {
    let path = PreparedNetNamespace.usualPath.shown
    guard evidence.names("/run/brig")?.contains("net") ?? false else {
      return .ok("none at \(path): --net-namespace=auto makes one of the tender's own")
    }
    guard evidence.user == 0 else {
      return .information("one at \(path), which root's tenders join: an ordinary user's makes its own")
    }
    switch evidence.rehearsal.netNamespace {
    case .prepared(let inode):
      return .ok("\(path): net namespace \(inode), which is empty: --net-namespace=auto joins it")
    case .own(let reason?):
      return .missing(
        "\(path): \(reason.shown)",
        Loss(
          .limited,
          "--net-namespace=auto makes one of the tender's own, which takes longer, and --net-namespace=\(path) refuses",
          fix: evidence.rehearsal.netNamespaceRemedy ?? "brig net-namespace remove, then make"))
    case .own(nil), nil: return .unknown("not tried: the rehearsal ended before")
    }
  }
}
