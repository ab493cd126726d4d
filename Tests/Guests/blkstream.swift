// Writes block after block of the disk `storage`, each filled with its number plus 1 (64-bit words), and prints
// `block N` when the write is acknowledged: after a kill, all of the printed blocks must be on the disk. Ends with
// status 0 at the end of the disk or after as many blocks as the command line says; 1 if a write failed.
import CGuest

@c(guest_main) func main() -> Int32 {
  let storage = device("storage")
  let size = device_at(storage).blockSize
  let buffer = words(size / 8)
  for block in 0..<min(number(0, .max), device_at(storage).capacity / size) {
    for index in 0..<Int(size / 8) { buffer[index] = block + 1 }
    if block_write(storage, block * size, buffer, size) != 0 { return 1 }
    say("block \(block)")
  }
  return 0
}
