import CLinux
import CSeccomp
package import Host

extension Program {
  /// Compiles a policy with libseccomp.
  ///
  /// The result is to be proved equal to the policy before it is used: libseccomp is not trusted to be right.
  /// Everything that libseccomp allocated is released.
  ///
  /// - Parameter policy: The policy, of any architecture.
  /// - Throws: what refused, a function of libseccomp's or a call on the pipe that it writes to.
  package init(compiling policy: Policy) throws(SystemError) {
    // Without this libseccomp asks the kernel by a dozen calls what it can do. Level 3 has KILL_PROCESS.
    try check("seccomp_api_set", seccomp_api_set(3))
    let byDefault = policy.mode == .kill ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_TRAP
    guard let filter = unsafe seccomp_init(byDefault) else { throw SystemError(call: "seccomp_init", code: ENOMEM) }
    // SAFETY: `filter` came from seccomp_init, is released here only, and is used by nothing that runs later.
    defer { unsafe seccomp_release(filter) }
    let session = unsafe Session(filter)
    try session.prepare(for: policy)
    for rule in policy.rules { try session.allow(rule) }
    if let witness = policy.witness { try session.answer(witness) }
    self.init(instructions: try session.export())
  }
}

private func check(_ function: StaticString, _ result: CInt) throws(SystemError) {
  guard result == 0 else { throw SystemError(call: function, code: CInt(result.magnitude)) }
}

/// A libseccomp filter context for the time of one compilation.
@safe private struct Session {
  private let filter: scmp_filter_ctx

  /// - Parameter filter: A context that stays valid as long as the session is used.
  @unsafe init(_ filter: scmp_filter_ctx) { unsafe self.filter = filter }

  /// Sets the architecture and the actions for calls that no rule allows.
  func prepare(for policy: Policy) throws(SystemError) {
    // SAFETY: `filter` is a live context, here and in every function of this type.
    try unsafe check(
      "seccomp_attr_set", seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS))
    if policy.architecture != .native {
      try unsafe check("seccomp_arch_add", seccomp_arch_add(filter, policy.architecture.rawValue))
      try unsafe check("seccomp_arch_remove", seccomp_arch_remove(filter, Architecture.native.rawValue))
    }
    if policy.mode == .report {
      try add(SCMP_ACT_KILL_PROCESS, CInt(Architecture.native.fatalNumber), [])
    }
  }

  /// Adds the answers of a witness.
  @inline(never)
  func answer(_ witness: Witness) throws(SystemError) {
    for argument in 0..<Witness.count {
      var comparisons: [scmp_arg_cmp] = []
      comparisons.append(scmp_arg_cmp(arg: 0, op: SCMP_CMP_EQ, datum_a: UInt64(argument), datum_b: 0))
      // The kernel's value: SCMP_ACT_ERRNO of seccomp.h is a macro with an argument.
      try add(Action.error(witness[argument]).rawValue, CInt(Architecture.native.witnessNumber), comparisons)
    }
  }

  /// Adds a rule that allows its call.
  func allow(_ rule: Rule) throws(SystemError) {
    var comparisons: [scmp_arg_cmp] = []
    comparisons.reserveCapacity(rule.conditions.count)
    for (index, condition) in rule.conditions.enumerated() {
      comparisons.append(comparison(of: UInt32(index), condition))
    }
    // libseccomp takes the native number, whatever the architecture of the program.
    try add(SCMP_ACT_ALLOW, CInt(rule.call.number(on: .native)), comparisons)
  }

  private func comparison(of index: UInt32, _ condition: Condition) -> scmp_arg_cmp {
    switch condition.shape {
    case .equal: scmp_arg_cmp(arg: index, op: SCMP_CMP_EQ, datum_a: condition.value, datum_b: 0)
    case .masked, .window:
      scmp_arg_cmp(arg: index, op: SCMP_CMP_MASKED_EQ, datum_a: condition.mask, datum_b: condition.value)
    case .atMost: scmp_arg_cmp(arg: index, op: SCMP_CMP_LE, datum_a: condition.value, datum_b: 0)
    }
  }

  private func add(_ action: UInt32, _ number: CInt, _ comparisons: [scmp_arg_cmp]) throws(SystemError) {
    // SAFETY: the array is borrowed for the call with its count, and libseccomp copies it.
    let result = unsafe comparisons.withUnsafeBufferPointer { buffer in
      unsafe seccomp_rule_add_exact_array(filter, action, number, UInt32(buffer.count), buffer.baseAddress)
    }
    try check("seccomp_rule_add_exact_array", result)
  }

  /// Writes the program to a pipe and reads it back.
  ///
  /// A file, even one in memory, couldn't be longer than the launcher's limit on files (`RLIMIT_FSIZE`). libseccomp
  /// doesn't make its `write` again when a signal interrupts it.
  func export() throws(SystemError) -> [Instruction] {
    while true {
      // Nobody waits for it, neither who writes nor who reads.
      let pipe = try Pipe(O_NONBLOCK)
      // SAFETY: the C library's error number is the thread's own.
      unsafe __errno_location().pointee = 0
      let result = unsafe seccomp_export_bpf(filter, pipe.input.raw)
      if result != 0, unsafe __errno_location().pointee == EINTR { continue }
      try check("seccomp_export_bpf", result)
      return try Self.instructions(in: pipe)
    }
  }

  /// All that was written to a pipe.
  private static func instructions(in pipe: borrowing Pipe) throws(SystemError) -> [Instruction] {
    let output = Int(pipe.output.raw)
    var size: CInt = 0
    try unsafe withUnsafeMutablePointer(to: &size) { (size) throws(SystemError) in
      // SAFETY: the kernel writes the number during the call.
      _ = try Kernel.call(.ioctl, output, Int(FIONREAD), Int(bitPattern: size))
    }
    // Who writes to a full pipe without waiting isn't told by libseccomp that something is missing.
    let room = try Kernel.call(.fcntl, output, Int(CLINUX_F_GETPIPE_SZ))
    let stride = MemoryLayout<Instruction>.stride
    guard size < room, Int(size) % stride == 0 else { throw SystemError(call: "seccomp_export_bpf", code: ENOSPC) }
    var instructions = [Instruction](repeating: Instruction(code: 0), count: Int(size) / stride)
    // SAFETY: the kernel writes at most `size` bytes into an array of that many, whose elements hold any bits.
    let count = unsafe instructions.withUnsafeMutableBytes { buffer in
      Kernel.raw(.read, output, Int(bitPattern: buffer.baseAddress), Int(size))
    }
    guard count == Int(size) else { throw SystemError(call: "read", code: count < 0 ? CInt(-count) : EIO) }
    return instructions
  }
}
