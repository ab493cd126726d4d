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

  /// The number of the call that kills in report mode: `getppid`.
  ///
  /// The handler makes it as its last act. It takes no argument, has no effect, and no policy can name it, so making
  /// it fatal takes nothing from the guest; and should the filter be missing, it returns and the handler can say so.
  package var fatalNumber: UInt32 {
    switch self {
    case .x86_64: 110
    case .aarch64: 173
    }
  }

  /// The number of the call that a witness is asked by: `getpid`, which no policy can name either.
  package var witnessNumber: UInt32 {
    switch self {
    case .x86_64: 39
    case .aarch64: 172
    }
  }
}
