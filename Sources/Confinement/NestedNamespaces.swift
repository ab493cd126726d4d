import CLinux
import Host
import Text

extension Seal {
  /// Forbids further user namespaces inside this one, where capabilities would be had again.
  package mutating func forbidNestedNamespaces() throws(Refusal) {
    guard isApplied(.userNamespace) else { return try miss(.nestedNamespaces, "there is no user namespace") }
    try take(.nestedNamespaces) { () throws(SystemError) in
      try ProcessFile.write("/proc/sys/user/max_user_namespaces", "0")
    }
  }
}
