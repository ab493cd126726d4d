import CLinux
package import Host
package import Policy

/// A proved program in pages of its own, ready for the kernel: a trivial value that nothing frees.
@safe
package struct InstallableFilter {
  private let header: UInt
  /// How many instructions there are.
  package let count: Int
  private let witness: Witness?

  /// Copies a program's instructions to where they can be installed from.
  ///
  /// - Parameters:
  ///   - program: the program, which was proved.
  ///   - witness: the answers that show that the program is in force; nil without an outer filter.
  /// - Throws: what the kernel said when it had no pages.
  package init(_ program: Program, witness: Witness?) throws(SystemError) {
    self.witness = witness
    count = program.instructions.count
    let size = MemoryLayout<Instruction>.stride
    let headerSize = unsafe MemoryLayout<sock_fprog>.stride
    let mapping = try Mapping.anonymous(count: headerSize + count * size, protection: PROT_READ | PROT_WRITE)
    header = mapping.start
    unsafe program.instructions.withUnsafeBytes { source in
      // SAFETY: the mapping has room for the header and every instruction behind it.
      unsafe UnsafeMutableRawBufferPointer(rebasing: mapping.bytes()[headerSize...]).copyMemory(from: source)
    }
    // SAFETY: the instructions follow the header in the same mapping, which is never unmapped.
    let start = unsafe UnsafeMutablePointer<sock_filter>(bitPattern: mapping.start + UInt(headerSize))
    unsafe mapping.bytes().storeBytes(of: sock_fprog(len: UInt16(count), filter: start), as: sock_fprog.self)
    mapping.disarm()
  }

  /// The digest of the instructions as the kernel gets them.
  package var digest: Digest {
    // SAFETY: the instructions follow the header in a mapping that is never unmapped nor changed.
    let start = unsafe UnsafeRawPointer(bitPattern: header + UInt(MemoryLayout<sock_fprog>.stride))
    return unsafe Digest(
      of: RawSpan(
        _unsafeStart: start.unsafelyUnwrapped, byteCount: count * MemoryLayout<Instruction>.stride))
  }

  /// Installs the program on every thread of this process; from then on every other system call kills it.
  ///
  /// The kernel's answer must be exactly 0: a positive one is the id of a thread that could not follow. Where an outer
  /// filter could have given it, the program's witness must tell, too.
  package func install() throws(InstallationError) {
    // No process has memory at that address. An outer filter may answer the call without making it; then not even this
    // mistake is noticed.
    let nowhere = -4096
    let answer = Kernel.raw(.seccomp, Int(SECCOMP_SET_MODE_FILTER), 0, nowhere)
    guard answer == -Int(EFAULT) else {
      guard answer != 0 else { throw .pretended }
      throw .refused(SystemError(call: "seccomp", code: answer < 0 ? Int32(-answer) : ESRCH))
    }
    // Not through the usual doorway: a signal's handler has to know this call from every other.
    let result = clinux_install_filter(
      Int(SECCOMP_SET_MODE_FILTER), Int(SECCOMP_FILTER_FLAG_TSYNC), Int(bitPattern: header))
    guard result == 0 else {
      throw .refused(SystemError(call: "seccomp", code: result < 0 ? Int32(-result) : ESRCH))
    }
    guard let witness else { return }
    guard witness.isGiven else { throw .pretended }
  }

  /// Whether the program was in force when a signal interrupted this process, to the very instruction.
  ///
  /// - Parameter context: what the handler was given.
  /// - Returns: false where the call hasn't been made, and where it was refused.
  @unsafe
  static func isInForce(_ context: UnsafeMutableRawPointer) -> Bool { unsafe clinux_filter_was_installed(context) }
}

extension Witness {
  /// Whether the kernel answers this thread as only the filter in force makes it.
  ///
  /// Without the filter, the call is an ordinary `getpid` and changes nothing. A signal's handler may ask.
  var isGiven: Bool { isGiven { Kernel.raw(.getpid, $0) } }
}

/// Why a program is not in force.
package enum InstallationError: Error {
  /// The kernel refused to install it.
  case refused(SystemError)
  /// The installing call was answered, but not by the kernel.
  case pretended

  /// What was found in place of a filter.
  package static var pretence: StaticString { "an outer seccomp filter answers in the kernel's place" }
  /// What to do about that.
  package static var remedy: StaticString { "let the outer filter allow seccomp(2)" }
}
