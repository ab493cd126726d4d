// Looks through all memory that nobody has written yet, from the end of the boot information to the image and from
// there to the stack: prints `zero` and status 0, or the first address that is not and status 1.
import CGuest

func check(_ range: Range<UInt64>) -> Bool {
  var address = range.lowerBound
  while address < range.upperBound {
    let value = UnsafePointer<UInt64>(bitPattern: UInt(address)).unsafelyUnwrapped.pointee
    if value != 0 {
      say("0x\(hex: address) is 0x\(hex: value)")
      return false
    }
    address += 8
  }
  return true
}

@c(guest_main) func main() -> Int32 {
  let left = scratch_left()
  let free = UInt64(UInt(bitPattern: scratch(left)))
  let low = (boot().pointee.cmdline + 8192 + 7) & ~7
  let ok = check(low..<0x100000) && check(free..<free + left)
  if ok { say("zero") }
  return ok ? 0 : 1
}
