// `transfer TO LENGTH [FROM]`: one BLOCK_WRITE on the disk `storage` of so many bytes at an offset: 64-bit words, each its
// own number plus 1, or what one BLOCK_READ from another offset has brought. Prints `read R`, then `write W`. Status 0.
import CGuest

@c(guest_main) func main() -> Int32 {
  let storage = device("storage")
  let length = number(1, 512)
  let buffer = words(length / 8)
  if argument(2).pointee != 0 {
    say("read \(block_read(storage, number(2, 0), buffer, length))")
  } else {
    for index in 0..<Int(length / 8) { buffer[index] = UInt64(index) + 1 }
  }
  say("write \(block_write(storage, number(0, 0), buffer, length))")
  return 0
}
