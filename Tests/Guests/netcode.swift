// `netcode read|write N`: calls NET_READ or NET_WRITE with a frame of 60 bytes on `service`, a millisecond apart, and
// prints `CALL R` whenever the result code is another than before. After N (2) such lines the code of the other call,
// and status 0.
import CGuest

@c(guest_main) func main() -> Int32 {
  let service = device("service")
  let frame = bytes(65536)
  func call(reads: Bool) -> Int32 {
    var length: UInt64 = 65536
    if reads { return net_read(service, frame, &length) }
    memset(frame, 0xff, 6)
    memcpy(frame + 6, device_at(service).mac, 6)
    frame[12] = 0x88
    frame[13] = 0xb5
    return net_write(service, frame, 60)
  }
  func show(reads: Bool, _ code: Int32) {
    say("\(reads ? "read" : "write" as StaticString) \(code)")
  }
  let reads = argument(0, is: "read")
  var last: Int32 = -1
  var left = number(1, 2)
  while left > 0 {
    let code = call(reads: reads)
    if code != last {
      show(reads: reads, code)
      last = code
      left -= 1
    }
    _ = poll(1_000_000)
  }
  show(reads: !reads, call(reads: !reads))
  return 0
}
