/// The most that one system call of the tender moves for a guest; the policy binds these numbers.
package enum Transfer {
  /// The longest piece in bytes of a disk or of the console's text; the inaccessible tail behind the window is as long.
  package static var longest: Int { 1 << 20 }
  /// The longest frame in bytes: the largest MTU of a TAP and its Ethernet header, rounded up.
  package static var longestFrame: Int { 1 << 16 }
}
