import ABI
import CLinux
import Host
import Machine

extension Guest {
  /// BLOCK_READ: from the disk straight into guest memory.
  func readBlock(at address: GuestAddress) { transfer(.pread64, at: address) }

  /// BLOCK_WRITE: from guest memory straight to the disk; a disk opened read-only refuses without a system call.
  func writeBlock(at address: GuestAddress) { transfer(.pwrite64, at: address) }

  private func transfer(_ call: SystemCall, at address: GuestAddress) {
    let request = structure(BlockCall.self, at: address, answered: true)
    let writes = call.number == SystemCall.pwrite64.number
    guard case .disk(let descriptor, let capacity, let writable) = devices[request.handle], writable || !writes,
      request.offset < capacity, request.length <= capacity - request.offset
    else { return answer(BlockCall.result, ReturnCode.invalid.rawValue, at: address) }
    check(writes ? .read : .write, request.data, count: request.length)
    guard request.length > 0 else { return answer(BlockCall.result, ReturnCode.ok.rawValue, at: address) }
    var next = memory.hostAddress(request.data)
    var offset = Int(request.offset)
    var rest = Int(request.length)
    while rest > 0 {
      let done = Kernel.raw(call, Int(descriptor), next, min(rest, Bounds.transfer), offset)
      // The device failed, is full, or has shrunk: the guest's to handle, and nothing else on the disk changes.
      guard done > 0 else { return answer(BlockCall.result, ReturnCode.unspecified.rawValue, at: address) }
      next += done
      offset += done
      rest -= done
    }
    answer(BlockCall.result, ReturnCode.ok.rawValue, at: address)
  }
}
