// `random SEED COUNT CLASSES`: COUNT (1000) random hypercalls from a seed (1), of the classes whose bits are set (the
// first seven), never HALT. Prints `survived COUNT`, status 0. The tender ends a guest at the first bad pointer, so
// the last three classes usually end in an error.
//
//     1 WALLTIME        8 BLOCK_WRITE     64 NET_READ
//     2 PUTS           16 BLOCK_READ     128 any structure pointer, with any call
//     4 POLL           32 NET_WRITE      256 any buffer pointer, with any call that has one
//                                        512 numbers that are no hypercall, up to 63
import CGuest

struct Random {
  var state: UInt64
  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
  mutating func below(_ limit: UInt64) -> UInt64 { next() % limit }

  /// Values as a careless or a hostile guest may give them.
  mutating func odd(_ limit: UInt64) -> UInt64 {
    switch below(8) {
    case 0: return next()
    case 1: return 0 &- below(4096)
    case 2: return boot().pointee.mem_size &- 2048 &+ below(4096)
    case 3: return 1 << below(64)
    default: return below(limit)
    }
  }
}

@c(guest_main) func main() -> Int32 {
  var random = Random(state: number(0, 1) | 1 << 63)
  let count = number(1, 1000)
  let classes = number(2, 0x7f)
  let buffer = bytes(65536)
  let call = words(8)
  memset(buffer, 0x2e, 256)
  buffer[255] = 0x0a

  var made: UInt64 = 0
  while made < count {
    let kind = random.below(10)
    if classes & 1 << kind == 0 { continue }
    var hypercall = kind + 1
    if kind >= 7 { hypercall = 1 + random.below(7) }
    if kind == 9 { hypercall = random.below(2) == 0 ? 0 : 9 + random.below(55) }

    let data = kind == 8 ? random.odd(1 << 22) : UInt64(UInt(bitPattern: buffer))
    switch Int(hypercall) {
    case Int(PUTS):
      let skipped = random.below(256)
      call[0] = data &+ skipped
      call[1] = 256 - skipped
    case Int(POLL):
      call[0] = random.below(100_000)
    case Int(BLOCK_WRITE), Int(BLOCK_READ):
      call[0] = random.odd(4)
      call[1] = random.odd(1 << 20)
      call[2] = data
      call[3] = kind == 8 ? random.odd(65536) : random.below(65536)
    case Int(NET_WRITE), Int(NET_READ):
      call[0] = random.odd(4)
      call[1] = data
      call[2] = kind == 8 ? random.odd(65536) : random.below(2048)
    default:
      break
    }
    hypercall_at(hypercall, kind == 7 ? random.odd(1 << 22) : UInt64(UInt(bitPattern: call)))
    made += 1
  }
  say("survived \(made)")
  return 0
}
