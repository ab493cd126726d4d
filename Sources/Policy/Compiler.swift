import CLinux
import CSeccomp
package import Text

/// A step of compiling a policy that failed.
package struct CompileError: Error, Sendable {
  /// The C function that failed.
  package let step: StaticString
  /// The error number (`errno.h`), positive; 0 if the step gave none.
  package let code: Int

  /// The sentence to show.
  package var message: Text {
    guard code != 0, let words = unsafe clinux_error_description(Int32(truncatingIfNeeded: code)) else {
      return "cannot compile the policy: \(step) failed"
    }
    // SAFETY: the C library's table holds terminated strings that are never freed.
    let reason = unsafe Text(bytes: Array(UnsafeRawBufferPointer(start: words, count: strlen(words))))
    return "cannot compile the policy: \(step): \(reason)"
  }
}

extension Program {
  /// Compiles a policy with libseccomp.
  ///
  /// The result is to be proved equal to the policy before it is used: libseccomp is not trusted to be right.
  /// Everything that libseccomp allocated is released.
  ///
  /// - Parameter policy: The policy, of any architecture.
  /// - Throws: `CompileError` if libseccomp or the pipe that it writes to fails.
  package init(compiling policy: Policy) throws(CompileError) {
    // Without this libseccomp asks the kernel by a dozen calls what it can do. Level 3 has KILL_PROCESS.
    try check("seccomp_api_set", seccomp_api_set(3))
    let byDefault = policy.mode == .kill ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_TRAP
    guard let filter = unsafe seccomp_init(byDefault) else { throw CompileError(step: "seccomp_init", code: 0) }
    // SAFETY: `filter` came from seccomp_init, is released here only, and is used by nothing that runs later.
    defer { unsafe seccomp_release(filter) }
    let session = unsafe Session(filter)
    try session.prepare(for: policy)
    for rule in policy.rules { try session.allow(rule) }
    if let witness = policy.witness { try session.answer(witness) }
    self.init(instructions: try session.export())
  }
}

private func check(_ step: StaticString, _ result: CInt) throws(CompileError) {
  guard result == 0 else { throw CompileError(step: step, code: Int(result.magnitude)) }
}

private func check(_ step: StaticString, _ result: Int) throws(CompileError) -> Int {
  guard result >= 0 else { throw CompileError(step: step, code: -result) }
  return result
}

/// A libseccomp filter context for the time of one compilation.
@safe private struct Session {
  private let filter: scmp_filter_ctx

  /// - Parameter filter: A context that stays valid as long as the session is used.
  @unsafe init(_ filter: scmp_filter_ctx) { unsafe self.filter = filter }

  /// Sets the architecture and the actions for calls that no rule allows.
  func prepare(for policy: Policy) throws(CompileError) {
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
  func answer(_ witness: Witness) throws(CompileError) {
    for argument in 0..<Witness.count {
      var comparisons: [scmp_arg_cmp] = []
      comparisons.append(scmp_arg_cmp(arg: 0, op: SCMP_CMP_EQ, datum_a: UInt64(argument), datum_b: 0))
      // The kernel's value: SCMP_ACT_ERRNO of seccomp.h is a macro with an argument.
      try add(Action.error(witness[argument]).rawValue, CInt(Architecture.native.witnessNumber), comparisons)
    }
  }

  /// Adds a rule that allows its call.
  func allow(_ rule: Rule) throws(CompileError) {
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

  private func add(_ action: UInt32, _ number: CInt, _ comparisons: [scmp_arg_cmp]) throws(CompileError) {
    // SAFETY: the array is borrowed for the call with its count, and libseccomp copies it.
    let result = unsafe comparisons.withUnsafeBufferPointer { buffer in
      unsafe seccomp_rule_add_exact_array(filter, action, number, UInt32(buffer.count), buffer.baseAddress)
    }
    try check("seccomp_rule_add_exact_array", result)
  }

  /// Writes the program to a pipe and reads it back.
  ///
  /// A file, even one in memory, couldn't be longer than the launcher's limit on files (`RLIMIT_FSIZE`). libseccomp doesn't make
  /// its `write` again when a signal interrupts it.
  func export() throws(CompileError) -> [Instruction] {
    while true {
      let pipe = try Pipe()
      defer { pipe.close() }
      // SAFETY: the C library's error number is the thread's own.
      unsafe __errno_location().pointee = 0
      let result = unsafe seccomp_export_bpf(filter, pipe.input)
      if result != 0, unsafe __errno_location().pointee == EINTR { continue }
      try check("seccomp_export_bpf", result)
      return try pipe.instructions()
    }
  }
}

/// A pipe that nobody waits for, neither who writes nor who reads.
private struct Pipe {
  private let output: CInt
  let input: CInt

  init() throws(CompileError) {
    var ends: InlineArray<2, CInt> = [-1, -1]
    let result = unsafe withUnsafeMutablePointer(to: &ends) {
      // SAFETY: the kernel writes the two numbers during the call.
      clinux_repeated_call(Int(SYS_pipe2), Int(bitPattern: $0), Int(O_CLOEXEC | O_NONBLOCK), 0, 0, 0, 0)
    }
    _ = try check("pipe2", result)
    output = ends[0]
    input = ends[1]
  }

  func close() {
    for end in [output, input] { _ = clinux_system_call(Int(SYS_close), Int(end), 0, 0, 0, 0, 0) }
  }

  /// All that was written.
  func instructions() throws(CompileError) -> [Instruction] {
    var size: CInt = 0
    let result = unsafe withUnsafeMutablePointer(to: &size) {
      // SAFETY: the kernel writes the number during the call.
      clinux_repeated_call(Int(SYS_ioctl), Int(output), Int(FIONREAD), Int(bitPattern: $0), 0, 0, 0)
    }
    _ = try check("ioctl(FIONREAD)", result)
    // Who writes to a full pipe without waiting isn't told by libseccomp that something is missing.
    let room = try check(
      "fcntl", clinux_repeated_call(Int(SYS_fcntl), Int(output), Int(CLINUX_F_GETPIPE_SZ), 0, 0, 0, 0))
    let stride = MemoryLayout<Instruction>.stride
    guard size < room, Int(size) % stride == 0 else {
      throw CompileError(step: "seccomp_export_bpf", code: Int(ENOSPC))
    }
    var instructions = [Instruction](repeating: Instruction(code: 0), count: Int(size) / stride)
    // SAFETY: the kernel writes at most `size` bytes into an array of that many, whose elements hold any bits.
    let count = unsafe instructions.withUnsafeMutableBytes { buffer in
      clinux_repeated_call(Int(SYS_read), Int(output), Int(bitPattern: buffer.baseAddress), Int(size), 0, 0, 0)
    }
    guard count == Int(size) else { throw CompileError(step: "read", code: count < 0 ? -count : 0) }
    return instructions
  }
}
