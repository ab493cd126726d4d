import ABI
import CLinux
import Host
import Machine

extension Guest {
  /// NET_WRITE: one frame from guest memory straight to the TAP.
  ///
  /// EINVAL is the answer for what is no frame of the TAP's, EUNSPEC once the device is gone. What it doesn't take for
  /// another reason is dropped and counted, and the answer is OK, as a wire's is: drivers don't expect AGAIN here.
  mutating func sendFrame(at address: GuestAddress) {
    let request = structure(NetCall.self, at: address, answered: true)
    guard let (descriptor, frame) = tap(request.handle, answeringAt: address) else { return }
    check(.read, request.data, count: request.length)
    guard request.length > 0, request.length <= frame else {
      return answer(NetCall.result, ReturnCode.invalid.rawValue, at: address)
    }
    let result = send(descriptor, memory.hostAddress(request.data), Int(request.length))
    answer(NetCall.result, outcome(ofSending: result, request.handle).rawValue, at: address)
  }

  /// NET_READ: one frame from the TAP straight into guest memory; AGAIN where there is none, EUNSPEC once the device is
  /// gone.
  mutating func receiveFrame(at address: GuestAddress) {
    let request = structure(NetCall.self, at: address, answered: true)
    guard let (descriptor, frame) = tap(request.handle, answeringAt: address) else { return }
    check(.write, request.data, count: request.length)
    guard request.length > 0 else { return answer(NetCall.result, ReturnCode.again.rawValue, at: address) }
    let start = memory.hostAddress(request.data)
    let count = Int(min(request.length, frame))
    var result = Kernel.raw(.read, Int(descriptor), start, count)
    // Who closes a socket with frames unread says so once; what it sent before is still there.
    if result == -Int(ECONNRESET) { result = Kernel.raw(.read, Int(descriptor), start, count) }
    // Nothing, for now or for ever: a socket says so by an empty packet or by none, and POLL would find it ready for
    // ever.
    var isOver = false
    if result == 0 || result == -Int(EAGAIN) && devices.mayEnd(request.handle), block.hasEnded(descriptor) {
      // A last frame may have come between the two calls.
      result = Kernel.raw(.read, Int(descriptor), start, count)
      isOver = result == 0 || result == -Int(EAGAIN)
    }
    if result > 0 { answer(NetCall.length, UInt64(result), at: address) }
    answer(NetCall.result, outcome(ofReceiving: result, isOver, request.handle).rawValue, at: address)
  }

  /// The TAP behind a handle; where there is none, or none any more, the guest has its answer.
  private func tap(_ handle: UInt64, answeringAt address: GuestAddress) -> (descriptor: Int32, frame: UInt64)? {
    switch devices[handle] {
    case .tap(let descriptor, let frame): return (descriptor, frame)
    case .lostTap: answer(NetCall.result, ReturnCode.unspecified.rawValue, at: address)
    case .none, .disk: answer(NetCall.result, ReturnCode.invalid.rawValue, at: address)
    }
    return nil
  }

  /// Writes a frame; where there is no room for it waits for some, a tenth of a second at most, and tries once more at
  /// the end.
  private func send(_ descriptor: Int32, _ start: Int, _ count: Int) -> Int {
    var result = Kernel.raw(.write, Int(descriptor), start, count)
    guard Self.lacksRoom(result) else { return result }
    let deadline = Deadline(nanoseconds: 100_000_000, block)
    var ready = 1
    while Self.lacksRoom(result), ready > 0, !deadline.hasPassed(block) {
      if result == -Int(EAGAIN) {
        ready = block.awaitOutput(descriptor, until: deadline)
      } else {
        // The host has no memory for it, which ppoll knows nothing of.
        _ = block.awaitOutput(-1, until: Deadline(nanoseconds: 5_000_000, block))
      }
      result = Kernel.raw(.write, Int(descriptor), start, count)
    }
    return result
  }

  private static func lacksRoom(_ result: Int) -> Bool { result == -Int(EAGAIN) || result == -Int(ENOBUFS) }

  private mutating func outcome(ofSending result: Int, _ handle: UInt64) -> ReturnCode {
    switch -result {
    case ..<1: return .ok
    case Int(EINVAL), Int(EMSGSIZE), Int(EFAULT): return .invalid
    // A TAP without an interface; a socket without another end.
    case Int(EBADFD), Int(ENODEV), Int(ENXIO), Int(EPIPE), Int(ECONNRESET), Int(ECONNREFUSED), Int(ENOTCONN):
      devices.lose(handle, block)
      return .unspecified
    case let code:
      devices.drop(handle, code: code, block)
      return .ok
    }
  }

  private mutating func outcome(ofReceiving result: Int, _ isOver: Bool, _ handle: UInt64) -> ReturnCode {
    switch -result {
    case ..<0: return .ok
    // An empty packet is no frame.
    case 0 where !isOver, Int(EAGAIN) where !isOver, Int(ENOBUFS), Int(ENOMEM): return .again
    case Int(EINVAL), Int(EMSGSIZE), Int(EFAULT): return .invalid
    default:
      devices.lose(handle, block)
      return .unspecified
    }
  }
}
