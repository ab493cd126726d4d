import CLinux
import Host
import Text

extension Seal {
  /// Makes sure that no further user namespace can be made inside this one, where capabilities would be had again.
  ///
  /// The kernel lets nobody make one who has no id in his own (`create_user_ns` of kernel/user_namespace.c), and here nobody has.
  /// That it refuses one is an error, which a filter gives, too. So where there may be a filter, the ids show it: the kernel writes
  /// another one to memory than before, that of nobody, of who has none here. A user who was nobody before can't tell.
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
