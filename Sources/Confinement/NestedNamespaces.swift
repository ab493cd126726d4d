import CLinux
import Host
import Text

extension Seal {
  /// Makes sure that no further user namespace can be made inside this one, where capabilities would be had again.
  ///
  /// The kernel lets nobody make one who has no id in his own (`create_user_ns` of kernel/user_namespace.c), and here nobody has.
  package mutating func forbidNestedNamespaces() throws(Refusal) {
    guard isApplied(.userNamespace) else { return try miss(.nestedNamespaces, "there is no user namespace") }
    try take(.nestedNamespaces) { () throws(SystemError) in
      let answer = Kernel.raw(.unshare, Int(CLONE_NEWUSER))
      guard answer == -Int(EPERM) || answer == -Int(ENOSPC) else {
        throw SystemError(call: "unshare", code: answer < 0 ? Int32(-answer) : ENOSYS)
      }
    }
  }
}
