// Polls N times (10) with time-out 0, and prints `yielded N`. Status 0; 1 if a POLL returned anything but 0 and the
// empty set.
import CGuest

@c(guest_main) func main() -> Int32 {
  let count = number(0, 10)
  for _ in 0..<count {
    let result = poll(0)
    if result.ret != 0 || result.ready_set != 0 {
      say("ready_set \(result.ready_set) ret \(result.ret)")
      return 1
    }
  }
  say("yielded \(count)")
  return 0
}
