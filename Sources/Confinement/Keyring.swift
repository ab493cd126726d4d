import CLinux
import Host
import Text

extension Seal {
  /// Leaves the launcher's session keyring, and every key in it, for an empty one without a name
  /// (keyctl_join_session_keyring(3)).
  ///
  /// No namespace hides a keyring: a process that has it may read its keys. A filter that answers a call without making
  /// it can give errors only. So the new keyring's id, a positive number, is the kernel's own.
  package mutating func leaveKeyring() throws(Refusal) {
    try establish(.sessionKeyring) { () throws(SystemError) in
      let joined = try Kernel.call(.keyctl, Int(CLINUX_KEYCTL_JOIN_SESSION_KEYRING), 0)
      let current = try Kernel.call(
        .keyctl, Int(CLINUX_KEYCTL_GET_KEYRING_ID), Int(CLINUX_KEY_SPEC_SESSION_KEYRING), 0)
      return try .seen("keyctl", joined > 0 && current == joined)
    }
  }
}
