// `bench-blk N [read|write] [LENGTH] [random]`: N (1000) calls on the disk `storage` of LENGTH bytes (one block), from
// its start on and round again, or at offsets as if drawn by lot. No output, status 0; 1 if a call failed.
import CGuest

@c(guest_main) func main() -> Int32 {
  let storage = device("storage")
  let length = number(2, device_at(storage).blockSize)
  let buffer = bytes(length)
  let writes = argument(1, is: "write")
  let jumps = argument(3, is: "random")
  let places = device_at(storage).capacity / length
  // A linear congruential generator, whose upper bits are the good ones.
  var state: UInt64 = 1
  for index in 0..<number(0, 1000) {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let offset = (jumps ? state >> 33 : index) % places * length
    let result = writes ? block_write(storage, offset, buffer, length) : block_read(storage, offset, buffer, length)
    if result != 0 { return 1 }
  }
  return 0
}
