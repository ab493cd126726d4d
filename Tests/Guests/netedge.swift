// Sends frames of odd sizes on `service`, reads when nothing is there, and uses handles that are none: prints the
// result codes. Status 0.
import CGuest

@c(guest_main) func main() -> Int32 {
  let service = device("service")
  let mtu = UInt64(device_at(service).pointee.net.mtu)
  let frame = bytes(66000)
  memset(frame, 0xff, 6)
  memcpy(frame + 6, device_at(service).mac, 6)
  frame[12] = 0x88
  frame[13] = 0xb5

  func write(_ name: StaticString, _ handle: UInt64, _ length: UInt64) {
    say("write \(name) \(net_write(handle, frame, length))")
  }
  func read(_ name: StaticString, _ handle: UInt64, _ room: UInt64) {
    var length = room
    let result = net_read(handle, frame, &length)
    say("read \(name) \(result) length \(length)")
  }
  write("0", service, 0)
  write("1", service, 1)
  write("13", service, 13)
  write("14", service, 14)
  write("60", service, 60)
  write("mtu+14", service, mtu + 14)
  write("mtu+15", service, mtu + 15)
  write("66000", service, 66000)
  write("handle-0", 0, 60)
  write("handle-2", 2, 60)
  write("handle-64", 64, 60)
  write("handle-2^32+1", 0x1_0000_0001, 60)
  write("handle-2^64-1", .max, 60)

  // Whatever the host sent to a new interface of its own accord.
  var length: UInt64 = 66000
  while net_read(service, frame, &length) == 0 { length = 66000 }
  read("nothing", service, 1514)
  read("nothing, no room", service, 0)
  read("handle-0", 0, 1514)
  read("handle-2", 2, 1514)
  read("handle-64", 64, 1514)
  read("handle-2^32+1", 0x1_0000_0001, 1514)
  read("handle-2^64-1", .max, 1514)
  return 0
}
