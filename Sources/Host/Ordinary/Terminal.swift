import CLinux
import Glibc

/// What a text for people is written to.
package enum Terminal {
  /// The width of a terminal in columns, now.
  ///
  /// - Parameter descriptor: what may be a terminal.
  /// - Returns: nil for what is none; 80 for one that doesn't know, as a serial line.
  package static func width(_ descriptor: Int32) -> Int? {
    guard isatty(descriptor) == 1 else { return nil }
    var size = winsize()
    let answer = unsafe withUnsafeMutablePointer(to: &size) {
      // SAFETY: the kernel writes the structure during the call.
      Kernel.raw(.ioctl, Int(descriptor), Int(TIOCGWINSZ), Int(bitPattern: $0))
    }
    return answer == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }
}
