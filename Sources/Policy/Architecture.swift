package import Text

/// A processor architecture that Brig runs on.
///
/// The raw value is the kernel's `AUDIT_ARCH_*` word (`linux/audit.h`), which a filter finds in `seccomp_data.arch`.
package enum Architecture: UInt32, CaseIterable, Sendable {
  case x86_64 = 0xc000_003e
  case aarch64 = 0xc000_00b7

  #if arch(x86_64)
    /// The architecture that this program was built for.
    package static let native = Architecture.x86_64
  #elseif arch(arm64)
    /// The architecture that this program was built for.
    package static let native = Architecture.aarch64
  #endif

  /// The name that `@arch` takes, as `uname -m` prints it.
  package var name: StaticString {
    switch self {
    case .x86_64: "x86_64"
    case .aarch64: "aarch64"
    }
  }

  /// The architecture of a name, or nil for one that Brig doesn't run on.
  package init?(named name: Text) {
    for architecture in Self.allCases where Text(architecture.name) == name {
      self = architecture
      return
    }
    return nil
  }

  /// The number of the call that kills in report mode: `getppid`.
  ///
  /// The handler makes it as its last act. It takes no argument and has no effect, and no policy can name it. So making
  /// it fatal takes nothing from the guest. If the filter is missing, the call returns, and the handler can say so.
  package var fatalNumber: UInt32 {
    switch self {
    case .x86_64: 110
    case .aarch64: 173
    }
  }

  /// The numbers of another calling convention under the same architecture word; libseccomp's programs kill for them in
  /// report mode too, so that no handler takes one for a native call.
  ///
  /// On x86_64 these are x32's, from `__X32_SYSCALL_BIT` (`asm/unistd.h`) on. The number -1 isn't among them: no call
  /// has it.
  package var foreignNumbers: ClosedRange<UInt32>? {
    switch self {
    case .x86_64: 0x4000_0000...0xffff_fffe
    case .aarch64: nil
    }
  }

  /// Whether a handler is told of a number in report mode, unless a rule allows the call: of all but those that kill.
  func isReported(_ number: UInt32) -> Bool {
    number != fatalNumber && foreignNumbers?.contains(number) != true
  }

  /// The number of the call that asks for the witness: `getpid`, which no policy can name either.
  package var witnessNumber: UInt32 {
    switch self {
    case .x86_64: 39
    case .aarch64: 172
    }
  }
}
