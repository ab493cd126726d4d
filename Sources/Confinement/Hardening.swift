import CLinux
import Host
import Text

extension Seal {
  /// Makes private memory that was ever writable never executable, and the other way round (Linux 6.3).
  package mutating func denyWriteExecute() throws(Refusal) {
    try establish(.writeExecute) { () throws(SystemError) in
      try Kernel.control(CLINUX_PR_SET_MDWE, Int(CLINUX_PR_MDWE_REFUSE_EXEC_GAIN))
      return try .seen("prctl", Kernel.control(CLINUX_PR_GET_MDWE) & Int(CLINUX_PR_MDWE_REFUSE_EXEC_GAIN) != 0)
    }
  }

  /// Keeps the kernel from merging pages with equal pages of other processes; timing would tell which are merged (Linux
  /// 6.4).
  package mutating func forbidMemoryMerging() throws(Refusal) {
    let mayBeAnswered = mayBeAnswered
    try establish(.memoryMerging) { () throws(SystemError) in
      try Kernel.control(CLINUX_PR_SET_MEMORY_MERGE, 0)
      // That the answer is 0 says something only of who also gives another one.
      if mayBeAnswered { _ = try StepEvidence.seen("prctl", Self.tellsMemoryMerging) }
      return try .seen("prctl", Kernel.control(CLINUX_PR_GET_MEMORY_MERGE) == 0)
    }
  }

  /// Whether the kernel says of itself that pages may be merged, where a filter gives one answer only.
  ///
  /// A child allows it, and is gone: to take that back the kernel looks at each page that there could be, which takes
  /// longer.
  private static var tellsMemoryMerging: Bool {
    OuterFilter.inChild {
      guard Kernel.raw(.prctl, Int(CLINUX_PR_SET_MEMORY_MERGE), 1) == 0 else { return }
      if Kernel.raw(.prctl, Int(CLINUX_PR_GET_MEMORY_MERGE)) == 1 { Process.exit(1) }
    } == 1 << 8
  }

  /// Force-disables the speculation features that the kernel leaves to each process.
  package mutating func restrictSpeculation() throws(Refusal) {
    if Omission.concerns(.speculation) { return }
    var left: Text = ""
    for (name, feature) in [
      ("store-bypass", PR_SPEC_STORE_BYPASS), ("indirect-branch", PR_SPEC_INDIRECT_BRANCH),
    ] as [(StaticString, Int32)] {
      guard let reason = Self.speculates(feature) else { continue }
      left.append(left.bytes.isEmpty ? "\(name): \(reason)" : "; \(name): \(reason)" as Text)
    }
    if left.bytes.isEmpty {
      try establish(.speculation) { () throws(SystemError) in .believed("each feature was asked for above") }
    } else {
      try miss(.speculation, left)
    }
  }

  /// Force-disables a feature.
  ///
  /// - Returns: Why it is still on, or nil where it isn't.
  private static func speculates(_ feature: Int32) -> Text? {
    let state = Kernel.raw(.prctl, Int(PR_GET_SPECULATION_CTRL), Int(feature))
    // The processor isn't affected, or doesn't know the feature. No kernel says so by another error.
    if state == -Int(ENODEV) { return nil }
    if state < 0 { return SystemError.reason(of: Int32(-state)) }
    if state == Int(PR_SPEC_ENABLE) { return "enabled for all processes of this machine" }
    guard state & Int(PR_SPEC_PRCTL) != 0, state & Int(PR_SPEC_FORCE_DISABLE) == 0 else { return nil }
    let result = Kernel.raw(.prctl, Int(PR_SET_SPECULATION_CTRL), Int(feature), Int(PR_SPEC_FORCE_DISABLE))
    guard result >= 0 else { return SystemError.reason(of: Int32(-result)) }
    let now = Kernel.raw(.prctl, Int(PR_GET_SPECULATION_CTRL), Int(feature))
    return now > 0 && now & Int(PR_SPEC_FORCE_DISABLE) != 0 ? nil : SystemError.reason(of: ENOSYS)
  }

  /// Gives the tender a core-scheduling cookie of its own, so that no other process runs on its core's other threads.
  ///
  /// A cookie that a launcher has set stays: it may be shared on purpose.
  package mutating func scheduleCoreAlone() throws(Refusal) {
    try establish(.coreScheduling) { () throws(SystemError) in
      if Self.hasCookie { return try .seen("prctl", true) }
      try Kernel.control(PR_SCHED_CORE, Int(PR_SCHED_CORE_CREATE), 0, Int(PR_SCHED_CORE_SCOPE_THREAD_GROUP), 0)
      return try .seen("prctl", Self.hasCookie)
    }
  }

  /// Whether the kernel says that this thread has a core-scheduling cookie.
  private static var hasCookie: Bool {
    var cookie: UInt64 = 0
    let asked = unsafe withUnsafeMutablePointer(to: &cookie) {
      // SAFETY: the kernel writes the eight bytes during the call.
      Kernel.raw(.prctl, Int(PR_SCHED_CORE), Int(PR_SCHED_CORE_GET), 0, 0, Int(bitPattern: $0))
    }
    return asked == 0 && cookie != 0
  }
}
