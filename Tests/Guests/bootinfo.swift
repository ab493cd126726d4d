// Prints every field of the boot information and of the manifest, one `name=value` a line. Status 0.
import CGuest

@c(guest_main) func main() -> Int32 {
  let info = boot().pointee
  say("mem_size=\(info.mem_size)")
  say("kernel_end=0x\(hex: info.kernel_end)")
  say("cpu_cycle_freq=\(info.cpu_cycle_freq)")
  say("cmdline=0x\(hex: info.cmdline)")
  say("mft=0x\(hex: info.mft)")
  say("host_features=\(info.host_features)")
  say("guest_features=\(info.guest_features)")
  say("net_ring=0x\(hex: info.net_ring)")
  say("cmdline.text=\(command_line())")
  say("mft.version=\(manifest().pointee.version)")
  say("mft.entries=\(manifest().pointee.entries)")
  for handle in 0..<UInt64(manifest().pointee.entries) {
    let device = device_at(handle)
    say("\(handle).name=\(device.name)")
    say("\(handle).type=0x\(hex: device.pointee.type)")
    if device.pointee.type == UInt32(DEVICE_BLOCK) {
      say("\(handle).capacity=\(device.capacity)")
      say("\(handle).block_size=\(device.blockSize)")
    }
    if device.pointee.type == UInt32(DEVICE_NET) {
      say("\(handle).mac=\(mac: device.mac)")
      say("\(handle).mtu=\(device.pointee.net.mtu)")
    }
    say("\(handle).hostfd=0x\(hex: device.pointee.hostfd)")
    say("\(handle).attached=\(device.pointee.attached)")
  }
  return 0
}
