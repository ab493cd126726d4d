/// How a processor is asked for a system call.
package enum CallInterface: CaseIterable, Sendable {
  case native
  /// x86_64's call with 32-bit pointers: bit 30 of the number is set (`__X32_SYSCALL_BIT`, `asm/unistd.h`).
  case x32
  /// x86_64's call of 32-bit programs, `int 0x80`.
  case i386

  /// Its name in what an attack hands to the probe.
  package var name: StaticString {
    switch self {
    case .native: "native"
    case .x32: "x32"
    case .i386: "i386"
    }
  }
}
