import Text

/// Questions to the resource limits of a process, each by the kernel's words in `/proc/PID/limits`.
enum ResourceLimits {
  /// Asks whether a process may have none of something.
  static func none(_ words: Text) -> @Sendable (ProcessEvidence) throws(Doubt) -> Detail {
    { evidence throws(Doubt) in
      guard let limit = try evidence.subject.limit(words) else { throw .refuted("unlimited") }
      guard limit == 0 else { throw .refuted("\(limit)") }
      return "0"
    }
  }

  /// Whether a file that it writes comes to an end.
  static func fileSize(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    guard let limit = try evidence.subject.limit("Max file size") else { throw .refuted("unlimited") }
    return "\(limit) bytes"
  }
}
