// Prints N (1000) numbered lines `flood 1` and so on, one PUTS each; for ever if N is 0. Status 0.
import CGuest

@c(guest_main) func main() -> Int32 {
  let count = number(0, 1000)
  var index: UInt64 = 1
  while count == 0 || index <= count {
    say("flood \(index)")
    index += 1
  }
  return 0
}
