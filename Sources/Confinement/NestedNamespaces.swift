import CLinux
import Host
import Text

extension Seal {
  /// Makes sure that nobody can make a further user namespace inside this one, which would grant capabilities again.
  ///
  /// The kernel refuses one to a process without an id in its own (`create_user_ns` of kernel/user_namespace.c), and
  /// nobody has an id here. But a refusal is an error, which an outer filter can give too. So if there may be an outer
  /// filter, the ids show the step. The kernel writes the ids of nobody to memory for a process without an id, and
  /// these must be others than before. If the process was nobody before, nothing shows the step.
  package mutating func forbidNestedNamespaces() throws(Refusal) {
    guard isApplied(.userNamespace) else { return try miss(.nestedNamespaces, "there is no user namespace") }
    let (before, mayBeAnswered) = (owner, mayBeAnswered)
    try establish(.nestedNamespaces) { () throws(SystemError) in
      let answer = Kernel.raw(.unshare, Int(CLONE_NEWUSER))
      guard answer == -Int(EPERM) || answer == -Int(ENOSPC) else {
        throw SystemError(call: "unshare", code: answer < 0 ? Int32(-answer) : ENOSYS)
      }
      guard mayBeAnswered else { return try .seen("unshare", true) }
      let now = try Identity.owner()
      return try .seen("unshare", before.map { $0.user != now.user || $0.group != now.group } ?? false)
    }
  }
}
