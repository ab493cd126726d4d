import CLinux
import Host
import Text

extension Seal {
  /// Gives up a launcher's exemption from the out-of-memory killer: the score is at least 0.
  ///
  /// A guest that fills memory must not cost the host a process that matters. This step comes before the process is
  /// undumpable, because the file belongs to root from then on.
  ///
  /// - Parameter keeps: whether the score stays, because the launcher asks for that.
  /// - Throws: never, because it is best effort.
  package mutating func raiseOOMScore(keeps: Bool) throws(Refusal) {
    if keeps { return try miss(.oomScore, "--keep-oom-score keeps it") }
    try take(.oomScore) { () throws(SystemError) in
      if try !Self.isNegative() { return }
      try ProcessFile.write("/proc/self/oom_score_adj", "0")
      // A filter that answers a call without making it isn't believed.
      if try Self.isNegative() { throw SystemError(call: "write", code: ENOSYS) }
    }
  }
  private static func isNegative() throws(SystemError) -> Bool {
    guard let first = try ProcessFile.read("/proc/self/oom_score_adj").first else {
      throw SystemError(call: "read", code: ENOSYS)
    }
    return first == UInt8(ascii: "-")
  }
}
