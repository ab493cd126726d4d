// Polls once with the time-out given in nanoseconds, and prints `slept N ready_set R ret T` with the time that passed
// by WALLTIME. Status 0.
import CGuest

@c(guest_main) func main() -> Int32 {
  let start = walltime()
  let result = poll(number(0, 0))
  let end = walltime()
  say("slept \(Int64(bitPattern: end &- start)) ready_set \(result.ready_set) ret \(result.ret)")
  return 0
}
