// Touches each device of its manifest, of up to 63: writes and reads the first block of a disk, sends a frame of 60
// bytes to a network and reads from it. Prints `NAME write W read R` for each. Status 0.
import CGuest

@c(guest_main) func main() -> Int32 {
  let buffer = bytes(65536)
  for handle in deviceHandles() {
    let device = device_at(handle)
    if device.pointee.type == UInt32(DEVICE_BLOCK) {
      memset(buffer, Int32(truncatingIfNeeded: handle), Int(device.blockSize))
      let write = block_write(handle, 0, buffer, device.blockSize)
      say("\(device.name) write \(write) read \(block_read(handle, 0, buffer, device.blockSize))")
    } else {
      memset(buffer, 0, 60)
      memset(buffer, 0xff, 6)
      memcpy(buffer + 6, device.mac, 6)
      buffer[12] = 0x88
      buffer[13] = 0xb5
      buffer[14] = UInt8(truncatingIfNeeded: handle)
      let write = net_write(handle, buffer, 60)
      var length: UInt64 = 65536
      say("\(device.name) write \(write) read \(net_read(handle, buffer, &length))")
    }
  }
  return 0
}
