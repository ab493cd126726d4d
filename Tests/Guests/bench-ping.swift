// `bench-ping N [SIZE]`: N (1000) ICMP echoes with SIZE (56) bytes of payload from 10.0.0.2 on `service` to 10.0.0.1,
// which knows this host's address without asking; each answer is waited for. No output, status 0; 1 if a call failed
// or an answer took over a second.
import CGuest

/// Stores the Internet checksum (RFC 1071) of the bytes of a frame from `start` to `end` at `place`.
func sum(_ frame: Bytes, from start: Int, to end: Int, at place: Int) {
  var sum: UInt32 = 0
  for index in start..<end { sum += index & 1 == start & 1 ? UInt32(frame[index]) << 8 : UInt32(frame[index]) }
  while sum >> 16 != 0 { sum = sum & 0xffff + sum >> 16 }
  frame[place] = UInt8(truncatingIfNeeded: ~sum >> 8)
  frame[place + 1] = UInt8(truncatingIfNeeded: ~sum)
}

func fill(_ frame: Bytes, _ service: UInt64, _ length: Int) {
  memset(frame, 0xff, 6)
  memcpy(frame + 6, device_at(service).mac, 6)
  frame[12] = 0x08
  // IPv4 without options, ICMP inside.
  frame[14] = 0x45
  frame[16] = UInt8(truncatingIfNeeded: (length - 14) >> 8)
  frame[17] = UInt8(truncatingIfNeeded: length - 14)
  frame[22] = 64
  frame[23] = 1
  frame[26] = 10
  frame[29] = 2
  frame[30] = 10
  frame[33] = 1
  sum(frame, from: 14, to: 34, at: 24)
  frame[34] = 8
  sum(frame, from: 34, to: length, at: 36)
}

@c(guest_main) func main() -> Int32 {
  let service = device("service")
  let length = 42 + number(1, 56)
  let request = bytes(length)
  let answer = bytes(65536)
  fill(request, service, Int(length))
  for _ in 0..<number(0, 1000) {
    if net_write(service, request, length) != 0 { return 1 }
    var isAnswered = false
    while !isAnswered {
      if poll(1_000_000_000).ready_set == 0 { return 1 }
      var size: UInt64 = 65536
      while net_read(service, answer, &size) == 0 {
        if size == length && answer[23] == 1 && answer[34] == 0 { isAnswered = true }
        size = 65536
      }
    }
  }
  return 0
}
