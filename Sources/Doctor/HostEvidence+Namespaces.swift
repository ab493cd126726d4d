import Text

extension Checks {
  static let namespaceChecks: [HostCheck] =
    Restrictor.all.map { restrictor in
      HostCheck(.namespaces, restrictor.name) { evidence in
        guard let value = evidence.line(restrictor.path) else { return .ok("this kernel has no such setting") }
        return restrictor.restricts(value) ? .information("\(value.shown): \(restrictor.meaning)") : .ok(value.shown)
      }
    } + [
      HostCheck(.namespaces, "apparmor") { evidence in
        guard evidence.line("/sys/module/apparmor/parameters/enabled") == "Y" else { return .ok("not enabled") }
        let profile: Text = evidence.line("/proc/self/attr/current") ?? "unknown"
        guard profile != "unconfined" else { return .ok("enabled; this process is unconfined") }
        return .information("enabled; this process has the profile \(profile.shown)")
      },
      HostCheck(.namespaces, "selinux") { evidence in
        switch evidence.line("/sys/fs/selinux/enforce") {
        case nil: .ok("not enabled")
        case "1": .information("enforcing, as \((evidence.line("/proc/self/attr/current") ?? "unknown").shown)")
        case .some: .ok("permissive")
        }
      },
    ]
}
