// Reads, then writes the first block of the disk `storage`: prints `read R`, `write W`. For read-only backing.
import CGuest

@c(guest_main) func main() -> Int32 {
  let storage = device("storage")
  let size = device_at(storage).blockSize
  let buffer = bytes(size)
  say("read \(block_read(storage, 0, buffer, size))")
  say("write \(block_write(storage, 0, buffer, size))")
  return 0
}
