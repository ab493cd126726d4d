// `soak SEED GENERATION`: works for ever on the disk `storage` and the network `service`. A step writes one block, which the
// SEED (1) chooses, with the next generation from GENERATION (1) on, prints `BLOCK GENERATION` once that is acknowledged, and
// reads a block that it wrote before. Each eighth step sends a broadcast frame of type 0x88b5 and takes what has arrived.
//
// Word i of a block is GENERATION << 24 | BLOCK << 8 | i. Status 1 if a call failed, 2 if a block held anything else.
import CGuest

struct Random {
  var state: UInt64
  mutating func below(_ limit: UInt64) -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state % limit
  }
}

func word(_ generation: UInt64, _ block: UInt64, _ index: Int) -> UInt64 {
  generation << 24 | block << 8 | UInt64(index)
}

@c(guest_main) func main() -> Int32 {
  let storage = device("storage")
  let service = device("service")
  let blocks = device_at(storage).capacity / 512
  let buffer = words(64)
  let frame = bytes(65536)
  let written = words(blocks)
  var random = Random(state: number(0, 1) | 1 << 63)
  var generation = number(1, 1)
  memset(frame, 0xff, 6)
  memcpy(frame + 6, device_at(service).mac, 6)
  frame[12] = 0x88
  frame[13] = 0xb5
  while true {
    let block = random.below(blocks)
    for index in 0..<64 { buffer[index] = word(generation, block, index) }
    if block_write(storage, block * 512, buffer, 512) != 0 { return 1 }
    say("\(block) \(generation)")
    written[Int(block)] = generation
    generation += 1

    let other = random.below(blocks)
    if block_read(storage, other * 512, buffer, 512) != 0 { return 1 }
    if written[Int(other)] != 0 {
      for index in 0..<64 where buffer[index] != word(written[Int(other)], other, index) { return 2 }
    }

    if generation & 7 == 0 {
      _ = net_write(service, frame, 14 + random.below(1500))
      while poll(0).ready_set != 0 {
        var length: UInt64 = 65536
        if net_read(service, frame + 2048, &length) != 0 { break }
      }
    }
  }
}
