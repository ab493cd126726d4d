/// A system call that a policy may name.
///
/// A call that has no case here cannot be allowed, whatever a policy file says.
package enum PolicyCall: UInt8, CaseIterable, Sendable {
  case clockGettime, close, exitGroup, ioctl, munmap, ppoll, pread64, pwrite64, read, write

  /// One row of the table: spelling, numbers and arguments of a call.
  package struct Row: Sendable {
    /// The name without `sys_`, as the manual spells it.
    package let name: StaticString
    /// The number in x86_64's table (`arch/x86/entry/syscalls/syscall_64.tbl`).
    package let x86_64: UInt32
    /// The number in the generic table, which aarch64 uses (`asm-generic/unistd.h`).
    package let aarch64: UInt32
    /// The names of the arguments in register order, at most 6, as section 2 of the Linux manual has them.
    package let arguments: [StaticString]
  }

  /// The call's row in the table.
  package var row: Row {
    switch self {
    case .clockGettime: Row(name: "clock_gettime", x86_64: 228, aarch64: 113, arguments: ["clockid", "tp"])
    case .close: Row(name: "close", x86_64: 3, aarch64: 57, arguments: ["fd"])
    case .exitGroup: Row(name: "exit_group", x86_64: 231, aarch64: 94, arguments: ["status"])
    case .ioctl: Row(name: "ioctl", x86_64: 16, aarch64: 29, arguments: ["fd", "op", "arg"])
    case .munmap: Row(name: "munmap", x86_64: 11, aarch64: 215, arguments: ["addr", "length"])
    case .ppoll:
      Row(name: "ppoll", x86_64: 271, aarch64: 73, arguments: ["fds", "nfds", "tmo_p", "sigmask", "sigsetsize"])
    case .pread64: Row(name: "pread64", x86_64: 17, aarch64: 67, arguments: ["fd", "buf", "count", "offset"])
    case .pwrite64: Row(name: "pwrite64", x86_64: 18, aarch64: 68, arguments: ["fd", "buf", "count", "offset"])
    case .read: Row(name: "read", x86_64: 0, aarch64: 63, arguments: ["fd", "buf", "count"])
    case .write: Row(name: "write", x86_64: 1, aarch64: 64, arguments: ["fd", "buf", "count"])
    }
  }

  /// The call's number on an architecture.
  package func number(on architecture: Architecture) -> UInt32 {
    switch architecture {
    case .x86_64: row.x86_64
    case .aarch64: row.aarch64
    }
  }

  /// The number in the table of 32-bit programs (`arch/x86/entry/syscalls/syscall_32.tbl`), and that with 64-bit times
  /// where there is one; no policy allows either.
  package var i386Numbers: (UInt64, times64: UInt64?) {
    switch self {
    case .clockGettime: (265, 403)
    case .close: (6, nil)
    case .exitGroup: (252, nil)
    case .ioctl: (54, nil)
    case .munmap: (91, nil)
    case .ppoll: (309, 414)
    case .pread64: (180, nil)
    case .pwrite64: (181, nil)
    case .read: (3, nil)
    case .write: (4, nil)
    }
  }

  /// The call of a given name, or nil if the table has none.
  init?(named name: Word) {
    for call in Self.allCases where name.spells(call.row.name) {
      self = call
      return
    }
    return nil
  }
}
