// `bench-net N [LENGTH]`: sends N (1000) broadcast frames of LENGTH (1514) bytes on `service`. The type is one for
// experiments, and the frame's number follows it. No output, status 0; `refused R` and status 1 if a call failed with R.
import CGuest

@c(guest_main) func main() -> Int32 {
  let service = device("service")
  let length = number(1, 1514)
  let frame = bytes(max(length, 22))
  memset(frame, 0xff, 6)
  memcpy(frame + 6, device_at(service).mac, 6)
  frame[12] = 0x88
  frame[13] = 0xb5
  for index in 0..<number(0, 1000) {
    UnsafeMutableRawPointer(frame + 14).storeBytes(of: index.bigEndian, as: UInt64.self)
    let result = net_write(service, frame, length)
    if result != 0 {
      say("refused \(result)")
      return 1
    }
  }
  return 0
}
