// Halts with the status that the command line gives, any 32-bit number.
import CGuest

@c(guest_main) func main() -> Int32 {
  Int32(truncatingIfNeeded: number(0, 0))
}
