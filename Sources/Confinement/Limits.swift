import CLinux
package import Host
import Text

extension Seal {
  /// Limits what the process may still use up.
  ///
  /// - Parameters:
  ///   - polled: how many descriptors `ppoll` watches; it refuses more than the limit, and open ones aren't affected.
  ///   - fileSize: the longest regular file in bytes, nil for no limit because the console is a file that grows.
  /// - Throws: a refusal where a limit is required.
  package mutating func limitResources(polled: Int, fileSize: UInt64?) throws(Refusal) {
    try limit(.coreLimit, CLINUX_RLIMIT_CORE, 0)
    try limit(.processLimit, CLINUX_RLIMIT_NPROC, 0)
    try limit(.descriptorLimit, CLINUX_RLIMIT_NOFILE, UInt64(polled))
    guard let fileSize else {
      return try miss(.fileSizeLimit, "standard output or standard error is a regular file")
    }
    try limit(.fileSizeLimit, CLINUX_RLIMIT_FSIZE, fileSize)
  }

  /// Lowers the limit on file sizes once more, when the receipt is written.
  ///
  /// - Throws: what the kernel said, or `ENOSYS` where it has a higher limit all the same.
  package func lowerFileSizeLimit(to bytes: UInt64) throws(SystemError) {
    let result = Self.set(CLINUX_RLIMIT_FSIZE, bytes)
    guard Self.hardLimit(CLINUX_RLIMIT_FSIZE) > bytes else { return }
    throw SystemError(call: "prlimit64", code: result < 0 ? Int32(-result) : ENOSYS)
  }

  private mutating func limit(_ step: Step, _ resource: Int32, _ value: UInt64) throws(Refusal) {
    try establish(step) { () throws(SystemError) in
      let result = Self.set(resource, value)
      // A launcher's lower hard limit stands: raising it is refused and not wanted.
      guard result >= 0 || (result == -Int(EPERM) && Self.hardLimit(resource) <= value) else {
        throw SystemError(call: "prlimit64", code: Int32(-result))
      }
      return try .seen("prlimit64", Self.hardLimit(resource) <= value)
    }
  }

  private static func set(_ resource: Int32, _ value: UInt64) -> Int {
    var limit = rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(value))
    return unsafe withUnsafePointer(to: &limit) {
      // SAFETY: the kernel reads the structure during the call.
      Kernel.raw(.prlimit64, 0, Int(resource), Int(bitPattern: $0), 0)
    }
  }

  private static func hardLimit(_ resource: Int32) -> UInt64 {
    var limit = rlimit(rlim_cur: .max, rlim_max: .max)
    unsafe withUnsafeMutablePointer(to: &limit) {
      // SAFETY: the kernel writes the structure during the call.
      _ = Kernel.raw(.prlimit64, 0, Int(resource), 0, Int(bitPattern: $0))
    }
    return UInt64(limit.rlim_max)
  }
}
