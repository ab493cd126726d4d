// Makes N (1000) PUTS hypercalls of L (64) bytes: dots that end in a newline. Status 0.
import CGuest

@c(guest_main) func main() -> Int32 {
  let length = number(1, 64)
  let text = bytes(length)
  memset(text, 0x2e, Int(length))
  if length > 0 { text[Int(length) - 1] = 0x0a }
  for _ in 0..<number(0, 1000) { puts_raw(text, length) }
  return 0
}
