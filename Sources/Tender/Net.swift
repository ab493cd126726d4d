import ABI
import CLinux
import Host
import Machine

extension Guest {
  /// NET_WRITE: one frame from guest memory straight to the TAP.
  ///
  /// What the TAP refuses is the guest's return code: EINVAL for a frame that it doesn't take, AGAIN for one that it
  /// has no room for now, EUNSPEC for any other reason.
  mutating func sendFrame(at address: UInt64) {
    let request = structure(NetCall.self, at: address, answered: true)
    guard let (descriptor, frame) = tap(request.handle, answeringAt: address) else { return }
    check(.read, request.data, count: request.length)
    guard request.length > 0, request.length <= frame else {
      return answer(NetCall.result, ABI::Result.invalid.rawValue, at: address)
    }
    let result = Kernel.raw(
      .write, Int(descriptor), memory.hostAddress(request.data.rawValue), Int(request.length))
    answer(NetCall.result, outcome(result, handle: request.handle).rawValue, at: address)
  }

  /// NET_READ: one frame from the TAP straight into guest memory; AGAIN where there is none.
  mutating func receiveFrame(at address: UInt64) {
    let request = structure(NetCall.self, at: address, answered: true)
    guard let (descriptor, frame) = tap(request.handle, answeringAt: address) else { return }
    check(.write, request.data, count: request.length)
    guard request.length > 0 else { return answer(NetCall.result, ABI::Result.again.rawValue, at: address) }
    let result = Kernel.raw(
      .read, Int(descriptor), memory.hostAddress(request.data.rawValue), Int(min(request.length, frame)))
    if result == 0, devices.loseIfHungUp(request.handle, block) {
      return answer(NetCall.result, ABI::Result.unspecified.rawValue, at: address)
    }
    if result == 0 || result == -Int(EAGAIN) {
      return answer(NetCall.result, ABI::Result.again.rawValue, at: address)
    }
    if result > 0 { answer(NetCall.length, UInt64(result), at: address) }
    answer(NetCall.result, outcome(result, handle: request.handle).rawValue, at: address)
  }

  /// The TAP behind a handle; where there is none, or none any more, the guest has its answer.
  private func tap(_ handle: UInt64, answeringAt address: UInt64) -> (descriptor: Int32, frame: UInt64)? {
    switch devices[handle] {
    case .tap(let descriptor, let frame): return (descriptor, frame)
    case .lostTap: answer(NetCall.result, ABI::Result.unspecified.rawValue, at: address)
    case .none, .disk: answer(NetCall.result, ABI::Result.invalid.rawValue, at: address)
    }
    return nil
  }

  private mutating func outcome(_ result: Int, handle: UInt64) -> ABI::Result {
    switch -result {
    case ..<1: return .ok
    case Int(EINVAL), Int(EMSGSIZE), Int(EFAULT): return .invalid
    case Int(EAGAIN), Int(ENOBUFS), Int(EINTR): return .again
    case Int(EBADFD), Int(ENODEV), Int(ENXIO):
      devices.lose(handle, block)
      return .unspecified
    default: return .unspecified
    }
  }
}
