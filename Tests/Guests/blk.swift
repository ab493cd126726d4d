// Writes a pattern to every block of the disk `storage`, reads it back, then tries the edges of the device.
// Prints the device, `verified N blocks`, and a line `NAME write W read R` with the result codes of each edge.
// Status 0; 1 at the first failure or mismatch, which it names. An argument limits the number of blocks.
import CGuest

func fill(_ buffer: Words, _ count: UInt64, block: UInt64) {
  var value = (block &+ 1) &* 0x9e37_79b9_7f4a_7c15
  for index in 0..<Int(count) {
    buffer[index] = value
    value &+= 1
  }
}

func matches(_ buffer: Words, _ count: UInt64, block: UInt64) -> Bool {
  var value = (block &+ 1) &* 0x9e37_79b9_7f4a_7c15
  for index in 0..<Int(count) {
    if buffer[index] != value { return false }
    value &+= 1
  }
  return true
}

@c(guest_main) func main() -> Int32 {
  let storage = device("storage")
  let capacity = device_at(storage).capacity
  let size = device_at(storage).blockSize
  say("capacity \(capacity) block_size \(size)")
  let buffer = words(size / 4)

  let blocks = min(number(0, .max), capacity / size)
  for block in 0..<blocks {
    fill(buffer, size / 8, block: block)
    let result = block_write(storage, block * size, buffer, size)
    if result != 0 {
      say("block \(block) write \(result)")
      return 1
    }
  }
  for block in 0..<blocks {
    memset(buffer, 0, Int(size))
    let result = block_read(storage, block * size, buffer, size)
    if result != 0 || !matches(buffer, size / 8, block: block) {
      say("block \(block) read \(result) differs")
      return 1
    }
  }
  say("verified \(blocks) blocks")

  func edge(_ name: StaticString, _ handle: UInt64, _ offset: UInt64, _ length: UInt64) {
    let read = block_read(handle, offset, buffer, length)
    let write = block_write(handle, offset, buffer, length)
    say("\(name) write \(write) read \(read)")
  }
  edge("last-block", storage, capacity - size, size)
  edge("at-capacity", storage, capacity, size)
  edge("crossing-capacity", storage, capacity - size, 2 * size)
  edge("beyond-capacity", storage, capacity + size, size)
  edge("offset-2^63", storage, 1 << 63, size)
  edge("offset-end-of-64-bits", storage, 0 &- size, size)
  edge("sum-wraps", storage, size, 0 &- size)
  edge("length-2^63", storage, 0, 1 << 63)
  edge("length-0", storage, 0, 0)
  edge("length-0-at-capacity", storage, capacity, 0)
  edge("two-blocks", storage, 0, min(2 * size, capacity))
  edge("half-block", storage, 0, size / 2)
  edge("offset-1", storage, 1, size / 2)
  edge("handle-0", 0, 0, size)
  edge("handle-2", 2, 0, size)
  edge("handle-64", 64, 0, size)
  edge("handle-2^32+1", 0x1_0000_0001, 0, size)
  edge("handle-2^64-1", .max, 0, size)
  return 0
}
