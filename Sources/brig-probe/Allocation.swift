import CArena
import Host
import Tender

/// An allocation in place of the guest's first instruction: nothing may be allocated by then, and the process must die
/// of it.
enum Allocation {
  static func make(in guest: Guest) -> Never {
    var line = Diagnostic(bare: guest.block)
    line.append("sealed")
    line.write()
    carena_allocate()
    line = Diagnostic(bare: guest.block)
    line.append("allocated")
    line.end(status: 0)
  }
}
