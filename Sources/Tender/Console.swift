import ABI
import CLinux
import Host
import Machine

extension Guest {
  /// PUTS: writes the guest's text to standard output, straight from guest memory.
  ///
  /// A text is written whole, in pieces of at most the longest transfer. Standard output that takes no more ends the
  /// guest, which must not go on unheard. Where a launcher has made it non-blocking, a reader that is late has ten
  /// seconds for the next piece.
  func write(at address: GuestAddress) {
    let call = structure(PutsCall.self, at: address, answered: false)
    check(.read, call.data, count: call.length)
    guard call.length > 0 else { return }
    var next = memory.hostAddress(call.data)
    var rest = Int(call.length)
    while rest > 0 {
      let result = Kernel.raw(.write, 1, next, min(rest, Bounds.transfer))
      if result == -Int(EAGAIN), block.awaitOutput(1, seconds: 10) > 0 { continue }
      guard result > 0 else {
        end("console: write to standard output failed: ", errorNumber: result < 0 ? -result : Int(ENOSPC))
      }
      next += result
      rest -= result
    }
  }
}
