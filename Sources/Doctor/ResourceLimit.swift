import Text

/// A resource limit of the launcher's that may be too low for some guests.
struct ResourceLimit: Sendable {
  let name: String
  /// The kernel's words in `/proc/PID/limits`.
  let words: Text
  /// What the largest guest needs, in the limit's unit.
  let least: UInt64
  let cost: String
  let fix: String

  /// The table; the tender locks no memory, and that limit is named because people ask.
  static let all: [ResourceLimit] = [
    ResourceLimit(
      name: "RLIMIT_AS", words: "Max address space", least: 9 << 30,
      cost: "a guest is refused whose window, twice its --mem and more, doesn't fit", fix: "ulimit -v unlimited"),
    ResourceLimit(
      name: "RLIMIT_DATA", words: "Max data size", least: 5 << 30,
      cost: "a guest is refused whose --mem doesn't fit", fix: "ulimit -d unlimited"),
    ResourceLimit(
      name: "RLIMIT_NOFILE", words: "Max open files", least: 80,
      cost: "a guest with many disks and networks isn't started", fix: "ulimit -n 1024"),
    ResourceLimit(
      name: "RLIMIT_FSIZE", words: "Max file size", least: 1 << 20,
      cost: "disks can't be written, nor a receipt, beyond it", fix: "ulimit -f unlimited"),
    ResourceLimit(name: "RLIMIT_MEMLOCK", words: "Max locked memory", least: 0, cost: "", fix: ""),
  ]

  func answer(_ evidence: HostEvidence) -> HostAnswer {
    guard let limit = evidence.limit(words) else { return .unknown("/proc/self/limits: mount /proc") }
    guard let value = limit.soft else { return .ok("unlimited") }
    guard value < least else { return .ok("\(value)") }
    return .missing("\(value)", Loss(.limited, cost, fix: fix))
  }
}
