// Prints N (65536) bytes in one PUTS: lines of 64 bytes, each an eight-digit number from 0 and dots. Status 0.
import CGuest

@c(guest_main) func main() -> Int32 {
  let length = number(0, 65536)
  let text = bytes((length + 63) / 64 * 64)
  let line = bytes(64)
  memset(line, 0x30, 8)
  memset(line + 8, 0x2e, 55)
  line[63] = 0x0a
  var offset: UInt64 = 0
  while offset < length {
    memcpy(text + Int(offset), line, 64)
    var digit = 7
    while digit >= 0 && line[digit] == 0x39 {
      line[digit] = 0x30
      digit -= 1
    }
    if digit >= 0 { line[digit] += 1 }
    offset += 64
  }
  puts_raw(text, length)
  return 0
}
