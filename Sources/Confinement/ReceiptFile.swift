import CLinux
package import Host
package import Policy
package import Text

/// Where the receipt goes: a launcher's descriptor, or a file that was opened for it.
///
/// A receipt with text in it means that the tender was sealed. Until the filter is in force the tender can withdraw it,
/// a signal's handler too. What a launcher's file held before stays.
package struct ReceiptFile: Sendable {
  /// The descriptor, which stays open until the process ends.
  package let descriptor: Int32
  /// The file that it is.
  package let status: FileStatus

  package init(_ descriptor: Int32) throws(SystemError) {
    self.descriptor = descriptor
    status = try FileStatus(of: descriptor)
  }

  /// Writes the text behind what the file holds; a caller that can't go on afterwards withdraws it.
  ///
  /// From here on a signal that ends the tender withdraws the text, unless the filter is in force by then. If there is
  /// a witness, it tells whether the filter is in force.
  package func write(_ text: Text, witness: Witness?) throws(SystemError) {
    // A descriptor that wasn't opened for appending may stand anywhere.
    if status.kind == .regular { try Kernel.call(.lseek, Int(descriptor), Int(status.size), Int(SEEK_SET)) }
    try announce(self, witness)
    try Descriptor.write(text, to: descriptor)
  }

  /// Cuts the file to what it held before; a pipe keeps what it got.
  package func withdraw() {
    guard status.kind == .regular else { return }
    _ = Kernel.raw(.ftruncate, Int(descriptor), Int(status.size))
  }
}
