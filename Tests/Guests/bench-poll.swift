// Makes N (1000) POLL hypercalls with time-out T (0). No output, status 0.
import CGuest

@c(guest_main) func main() -> Int32 {
  let timeout = number(1, 0)
  for _ in 0..<number(0, 1000) { _ = poll(timeout) }
  return 0
}
