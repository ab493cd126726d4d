// `netgone read|write`: makes NET_READ or NET_WRITE on `service` when POLL says that it is ready, and only then, as drivers do.
// Once that returns another code than OK and AGAIN: `CALL R after N frames`, then `ready_set R ret T` of a POLL of 300 ms, with
// ` early` behind it if that came back before its time. Status 0.
import CGuest

@c(guest_main) func main() -> Int32 {
  let service = device("service")
  let reads = argument(0, is: "read")
  let frame = bytes(65536)
  memset(frame, 0xff, 14)
  var frames: UInt64 = 0
  while true {
    if poll(1_000_000_000).ready_set & 1 << service == 0 { continue }
    var length: UInt64 = 65536
    let code = reads ? net_read(service, frame, &length) : net_write(service, frame, 60)
    if code == 0 { frames += 1 }
    if code < 2 { continue }
    say("\(reads ? "read" : "write" as StaticString) \(code) after \(frames) frames")
    let start = walltime()
    let result = poll(300_000_000)
    let early = walltime() &- start < 290_000_000
    say("ready_set \(result.ready_set) ret \(result.ret)\(early ? " early" : "" as StaticString)")
    return 0
  }
}
