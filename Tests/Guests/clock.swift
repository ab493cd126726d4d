// Reads the time of day until it has moved. Prints `walltime ok`, status 0; what it saw and status 1 if the time
// runs backwards, stands still, or is before 2020.
import CGuest

@c(guest_main) func main() -> Int32 {
  let first = walltime()
  var last = first
  for _ in 0..<1000 {
    let now = walltime()
    if now < last || now < 1_577_836_800_000_000_000 {
      say("walltime \(last) then \(now)")
      return 1
    }
    last = now
    if last > first { break }
  }
  say(last > first ? "walltime ok" : "walltime stands still")
  return last > first ? 0 : 1
}
