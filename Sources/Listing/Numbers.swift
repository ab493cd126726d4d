import CLinux
import CSeccomp
package import Policy

/// Numbers and names of system calls, all that libseccomp's table has.
package enum Numbers {
  /// The name of a number on an architecture, or nil for one that the table doesn't have.
  package static func name(of number: UInt32, on architecture: Architecture) -> String? {
    guard let number = Int32(exactly: number),
      let name = unsafe seccomp_syscall_resolve_num_arch(architecture.rawValue, number)
    else { return nil }
    // SAFETY: libseccomp returns a terminated string that is the caller's to free.
    defer { unsafe free(name) }
    return unsafe String(cString: name)
  }

  /// A call that a policy may name, by its number.
  static func call(_ number: UInt32, on architecture: Architecture) -> SystemCall? {
    SystemCall.allCases.first { $0.number(on: architecture) == number }
  }

  /// Every call of an architecture, in the order of the numbers.
  package static func all(on architecture: Architecture) -> [(number: UInt32, name: String)] {
    (0..<1024).compactMap { number in name(of: number, on: architecture).map { (number, $0) } }
  }
}
