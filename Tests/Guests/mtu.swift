// Prints `NAME MAC MTU` for each network device. Status 0.
import CGuest

@c(guest_main) func main() -> Int32 {
  for handle in deviceHandles() {
    let device = device_at(handle)
    say("\(device.name) \(mac: device.mac) \(device.pointee.net.mtu)")
  }
  return 0
}
