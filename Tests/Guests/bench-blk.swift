// `bench-blk N [read|write] [LENGTH]`: N (1000) calls on the disk `storage`, from its start on and round again, of
// LENGTH bytes (one block). No output, status 0; 1 if a call failed.
import CGuest

@c(guest_main) func main() -> Int32 {
  let storage = device("storage")
  let length = number(2, device_at(storage).blockSize)
  let buffer = bytes(length)
  let writes = argument(1, is: "write")
  var offset: UInt64 = 0
  for _ in 0..<number(0, 1000) {
    if offset + length > device_at(storage).capacity { offset = 0 }
    let result = writes ? block_write(storage, offset, buffer, length) : block_read(storage, offset, buffer, length)
    if result != 0 { return 1 }
    offset += length
  }
  return 0
}
