// Makes N (1000) WALLTIME hypercalls. No output, status 0.
import CGuest

@c(guest_main) func main() -> Int32 {
  for _ in 0..<number(0, 1000) { _ = walltime() }
  return 0
}
