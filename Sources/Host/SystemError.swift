import CLinux
package import Text

/// What the kernel said when it refused a system call.
package struct SystemError: Error {
  /// The call that was refused.
  package let call: StaticString
  /// The error number, positive (`EPERM` is 1).
  package let code: Int32

  package init(call: StaticString, code: Int32) {
    self.call = call
    self.code = code
  }

  /// The kernel's reason in the C library's words, such as `Operation not permitted`.
  package var reason: Text { Self.reason(of: code) }

  /// The call and the reason: `unshare: Operation not permitted`.
  package var message: Text { "\(call): \(reason)" }

  /// An error number in the C library's words.
  package static func reason(of code: Int32) -> Text {
    guard let words = unsafe clinux_error_description(code) else { return "Unknown error \(code)" }
    // SAFETY: the C library's table holds terminated strings that are never freed.
    return unsafe Text(bytes: Array(UnsafeRawBufferPointer(start: words, count: strlen(words))))
  }
}
