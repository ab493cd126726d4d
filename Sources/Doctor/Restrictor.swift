import Confinement
import Text

/// A setting of the kernel's that may keep processes from having namespaces.
struct Restrictor: Sendable {
  let name: String
  /// Whether a value forbids what the seal needs.
  let restricts: @Sendable (Text) -> Bool
  let meaning: String
  /// The command that lifts it.
  let fix: String
  /// The step of the seal that it concerns; all of them for nil.
  let step: Step?

  /// Where the kernel shows it.
  var path: Text {
    "/proc/sys/\(bytes: name.utf8.map { $0 == UInt8(ascii: ".") ? UInt8(ascii: "/") : $0 })"
  }

  static let all: [Restrictor] =
    ([
      ("user", .userNamespace), ("mnt", .mountNamespace), ("net", .netNamespace), ("ipc", .ipcNamespace),
      ("uts", .utsNamespace), ("cgroup", .cgroupNamespace),
    ] as [(String, Step)]).map { kind, step in
      Restrictor(
        name: "user.max_\(kind)_namespaces", restricts: { $0 == "0" }, meaning: "nobody may have one",
        fix: "sysctl -w user.max_\(kind)_namespaces=65536", step: step)
    } + [
      Restrictor(
        name: "kernel.unprivileged_userns_clone", restricts: { $0 == "0" },
        meaning: "only root may have user namespaces, and the tender isn't root by then",
        fix: "sysctl -w kernel.unprivileged_userns_clone=1", step: nil),
      Restrictor(
        name: "kernel.apparmor_restrict_unprivileged_userns", restricts: { $0 != "0" },
        meaning: "a user namespace grants nothing to programs without an AppArmor profile that allows it",
        fix: "give brig-hvt an AppArmor profile with `userns,`, or sysctl -w "
          + "kernel.apparmor_restrict_unprivileged_userns=0", step: nil),
    ]

  func answer(_ evidence: HostEvidence) -> HostAnswer {
    guard let value = evidence.line(path) else { return .ok("this kernel has no such setting") }
    return restricts(value) ? .information("\(value.shown): \(meaning)") : .ok("\(value.shown)")
  }
}

extension HostEvidence {
  /// The commands that lift whatever setting restricts a step here.
  func settings(for step: Step) -> [String] {
    Restrictor.all.filter { restrictor in
      (restrictor.step ?? step) == step && line(restrictor.path).map(restrictor.restricts) == true
    }.map(\.fix)
  }
}
