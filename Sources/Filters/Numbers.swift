import CLinux
import CSeccomp
package import Host
package import Policy
import Text

/// Numbers and names of system calls: those of libseccomp's table, and the calls that Linux got later, up to `newest`.
package enum Numbers {
  /// The newest version of Linux of which all calls have a name.
  package static let newest = "6.19"

  /// Calls of both architectures that libseccomp 2.5.4, Debian 12's, doesn't know, by number from 451 on.
  private static let newer = [
    "cachestat", "fchmodat2", "map_shadow_stack", "futex_wake", "futex_wait", "futex_requeue", "statmount", "listmount",
    "lsm_get_self_attr", "lsm_set_self_attr", "lsm_list_modules", "mseal", "setxattrat", "getxattrat", "listxattrat",
    "removexattrat", "open_tree_attr", "file_getattr", "file_setattr", "listns",
  ]
  private static let firstNewer: UInt32 = 451
  /// Such calls that only x86_64 has (`arch/x86/entry/syscalls/syscall_64.tbl`).
  private static let newerOnX86: [UInt32: String] = [335: "uretprobe", 336: "uprobe"]

  /// Whether some kernels don't ask a filter about the call, so that no policy decides about it.
  ///
  /// These are `uretprobe` and `uprobe` of x86_64 (`seccomp_uprobe_exception` in kernel/seccomp.c). Linux doesn't ask
  /// about `uretprobe` since 6.14, and since 6.12.14 and 6.13.3 of the stable lines. It doesn't ask about `uprobe`
  /// since 6.18. Both mean something only when made from a page that the kernel itself mapped for a tracer's probe.
  /// From anywhere else the kernel answers the first with SIGILL and the second with an error.
  package static func isUnasked(_ number: UInt32, on architecture: Architecture) -> Bool {
    architecture == .x86_64 && [335, 336].contains(number)
  }

  /// What newer kernels do with a call that they ask no filter about, for people; nil for the others.
  package static func unasked(_ number: UInt32, on architecture: Architecture) -> String? {
    guard isUnasked(number, on: architecture) else { return nil }
    return number == 335 ? "end the tender by SIGILL" : "answer with an error, and the tender goes on"
  }

  /// The name of a number on an architecture, or nil for one that no table has.
  package static func name(of number: UInt32, on architecture: Architecture) -> String? {
    if let name = nameInLibrary(of: number, on: architecture) { return name }
    if architecture == .x86_64, let name = newerOnX86[number] { return name }
    guard number >= firstNewer, number - firstNewer < newer.count else { return nil }
    return newer[Int(number - firstNewer)]
  }

  /// `SCMP_ARCH_X32` and `SCMP_ARCH_X86` (`seccomp.h`), which are no plain numbers there.
  private static let (x32Table, i386Table): (UInt32, UInt32) = (0x4000_003e, 0x4000_0003)

  /// The name of a number, x32's without its bit, in an interface's table; nil for one that isn't there.
  package static func name(of number: UInt32, by interface: CallInterface, on architecture: Architecture) -> String? {
    switch interface {
    case .native: name(of: number, on: architecture)
    // A number that x32 doesn't have stands for the native call, which could be taken for it.
    case .x32: nameInLibrary(of: number | 1 << 30, in: x32Table) ?? name(of: number, on: .x86_64)
    case .i386: nameInLibrary(of: number, in: i386Table)
    }
  }

  private static func nameInLibrary(of number: UInt32, on architecture: Architecture) -> String? {
    nameInLibrary(of: number, in: architecture.rawValue)
  }

  private static func nameInLibrary(of number: UInt32, in table: UInt32) -> String? {
    guard let number = Int32(exactly: number),
      let name = unsafe seccomp_syscall_resolve_num_arch(table, number)
    else { return nil }
    // SAFETY: libseccomp returns a terminated string that is the caller's to free.
    defer { unsafe free(name) }
    return unsafe String(cString: name)
  }

  /// The number of a name on an architecture, or nil for one that no table has.
  package static func number(of name: String, on architecture: Architecture) -> UInt32? {
    let number = unsafe name.withRawCString {
      // SAFETY: libseccomp reads the terminated name during the call.
      unsafe seccomp_syscall_resolve_name_arch(architecture.rawValue, $0)
    }
    // A negative number is one of libseccomp's own, for a call that the architecture doesn't have.
    if number >= 0 { return UInt32(number) }
    if architecture == .x86_64, let number = newerOnX86.first(where: { $0.value == name })?.key { return number }
    return newer.firstIndex(of: name).map { firstNewer + UInt32($0) }
  }

  /// The call with this number, if it is one that a policy may name.
  static func call(_ number: UInt32, on architecture: Architecture) -> PolicyCall? {
    PolicyCall.allCases.first { $0.number(on: architecture) == number }
  }

  /// Every call of an architecture, in the order of the numbers.
  package static func all(on architecture: Architecture) -> [(number: UInt32, name: String)] {
    (0..<1024).compactMap { number in name(of: number, on: architecture).map { (number, $0) } }
  }
}
