import CLinux
import CSeccomp

/// Names of system calls by number, from libseccomp's table.
package enum SystemCallName {
  /// The name of a number of this architecture's, empty for one that libseccomp doesn't know.
  package static func bytes(of number: Int) -> [UInt8] {
    guard let name = unsafe seccomp_syscall_resolve_num_arch(seccomp_arch_native(), Int32(number)) else { return [] }
    // SAFETY: libseccomp returns a terminated string that is the caller's to free.
    defer { unsafe free(name) }
    return unsafe Array(UnsafeRawBufferPointer(start: name, count: strlen(name)))
  }
}
