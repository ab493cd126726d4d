// `net IPV4... [COUNT] [all]`: a host on each network device of its manifest, in order, with the addresses given. Answers
// ARP, ICMP echo and, on every port, UDP (which it echoes). Prints `NAME MAC IPV4` for each device; after COUNT
// echoes, if that is given, `answered COUNT` and status 0. With `all`, each read has room to the end of memory.
import CGuest

/// The address in network byte order, 0 if the word is none.
func address(_ index: UInt32) -> UInt32 {
  var text = argument(index)
  var result: UInt32 = 0
  for part in 0..<4 {
    var value: UInt32 = 0
    var digits = 0
    while text.pointee >= 0x30 && text.pointee <= 0x39 && digits < 3 {
      value = value * 10 + UInt32(text.pointee - 0x30)
      text += 1
      digits += 1
    }
    if digits == 0 || value > 255 || (part < 3 && text.pointee != 0x2e) { return 0 }
    if part < 3 { text += 1 }
    result |= value << UInt32(part * 8)
  }
  return result
}

extension UnsafeMutablePointer<UInt8> {
  func word(_ offset: Int) -> UInt32 { UnsafeRawPointer(self).loadUnaligned(fromByteOffset: offset, as: UInt32.self) }
  func half(_ offset: Int) -> UInt16 {
    UInt16(bigEndian: UnsafeRawPointer(self).loadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }
  func setWord(_ offset: Int, _ value: UInt32) {
    UnsafeMutableRawPointer(self).storeBytes(of: value, toByteOffset: offset, as: UInt32.self)
  }
  func setHalf(_ offset: Int, _ value: UInt16) {
    UnsafeMutableRawPointer(self).storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt16.self)
  }
}

enum Reply { case none, arp, echo }

/// Makes the answer in place.
///
/// Swapped addresses and ports leave the checksums as they are.
func answer(_ frame: Bytes, _ length: UInt64, mac: UnsafePointer<UInt8>, address: UInt32) -> Reply {
  if length < 42 { return .none }
  var reply = Reply.none
  switch frame.half(12) {
  case 0x0806:
    if frame.half(20) != 1 || frame.word(38) != address { return .none }
    frame.setHalf(20, 2)
    memcpy(frame + 32, frame + 22, 10)
    memcpy(frame + 22, mac, 6)
    frame.setWord(28, address)
    reply = .arp
  case 0x0800:
    if frame[14] != 0x45 || frame.half(20) & 0x3fff != 0 || frame.word(30) != address { return .none }
    if frame[23] == 1 && frame[34] == 8 {
      frame[34] = 0
      let sum = UInt32(frame.half(36)) + 0x0800
      frame.setHalf(36, UInt16(truncatingIfNeeded: sum + sum >> 16))
    } else if frame[23] == 17 {
      let source = frame.half(34)
      frame.setHalf(34, frame.half(36))
      frame.setHalf(36, source)
    } else {
      return .none
    }
    frame.setWord(30, frame.word(26))
    frame.setWord(26, address)
    reply = .echo
  default:
    return .none
  }
  memcpy(frame, frame + 6, 6)
  memcpy(frame + 6, mac, 6)
  return reply
}

@c(guest_main) func main() -> Int32 {
  let addresses = UnsafeMutableRawPointer(words(64)).assumingMemoryBound(to: UInt32.self)
  var next: UInt32 = 0
  for handle in deviceHandles() {
    let ip = address(next)
    addresses[Int(handle)] = ip
    let device = device_at(handle)
    say("\(device.name) \(mac: device.mac) \(ip & 255).\(ip >> 8 & 255).\(ip >> 16 & 255).\(ip >> 24)")
    next += 1
  }
  let limit = number(next, 0)
  var answered: UInt64 = 0
  let frame = bytes(65536)
  let room = argument(next + 1, is: "all") ? boot().pointee.mem_size - UInt64(UInt(bitPattern: frame)) : 65536
  while limit == 0 || answered < limit {
    let ready = poll(1_000_000_000).ready_set
    for handle in deviceHandles() where ready & 1 << handle != 0 {
      var length = room
      while net_read(handle, frame, &length) == 0 {
        let reply = answer(frame, length, mac: device_at(handle).mac, address: addresses[Int(handle)])
        if reply != .none { _ = net_write(handle, frame, length) }
        if reply == .echo { answered += 1 }
        length = room
      }
    }
  }
  say("answered \(answered)")
  return 0
}
