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
}
