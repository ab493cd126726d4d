import Text

/// Questions to the namespaces that a process is in.
enum Namespaces {
  /// Asks whether a process has a namespace of a kind, named as in `/proc/PID/ns`, that others are not in.
  static func differ(_ kind: Text) -> @Sendable (ProcessEvidence) throws(Doubt) -> Detail {
    { evidence throws(Doubt) in
      let own = try evidence.subject.hasOwn(namespace: kind, try evidence.tasks.get())
      guard own.verdict else { throw .refuted("the same as \(own.than)") }
      return "another than \(own.than)"
    }
  }

  /// Asks whether a process's net namespace is its own, or a prepared one with nothing in it.
  static func net(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    let own = try evidence.subject.hasOwn(namespace: "net", try evidence.tasks.get())
    guard own.verdict else { throw .refuted("the same as \(own.than)") }
    return try NetNamespaces.answer(evidence, than: own.than)
  }

  /// Whether no further user namespace can be made in its own.
  static func nested(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    if try UserNamespace.isWithoutIDs(evidence.subject) {
      return "nobody has an id in its user namespace, and who has none makes no other"
    }
    let value = try UserNamespace.maximum(of: evidence.subject)
    guard value == 0 else { throw .refuted("max_user_namespaces is \(value)") }
    return "none may be made in its user namespace"
  }
}
