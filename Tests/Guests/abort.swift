// Halts with status 255 and a cookie of 64 words 0x0101010101010101 * (index + 1): a tender may dump core.
import CGuest

@c(guest_main) func main() -> Int32 {
  say("aborting")
  let cookie = words(64)
  for index in 0..<64 { cookie[index] = 0x0101_0101_0101_0101 &* UInt64(index + 1) }
  halt_with_cookie(255, cookie)
}
