import Confinement
import Host
import Policy
import Text

/// Measures what the tender's filter costs a system call: `make bench` runs it.
///
/// It binds the policy of a guest without devices to itself, makes the call that the run loop makes most, `ioctl` on
/// the vCPU's descriptor, which isn't open here and so fails at once, and makes it again once the filter is installed.
@main
struct FilterCost {
  private static let calls = 200_000
  private static let rounds = 15
  private static let descriptor = 63
  private static let run = 0xae80

  static func main() throws(FilterCostError) {
    let block: FixedBlock
    let installable: InstallableFilter
    do {
      block = try FixedBlock(program: [])
      let policy = try Policy(
        of: Launch(
          vcpu: UInt64(descriptor), runArea: 2 << 32, runAreaSize: 12 << 10, fixedBlock: UInt64(block.start),
          memory: 1 << 32, window: 1 << 29, devices: []))
      let program = try Program(compiling: policy)
      _ = try Proof(of: program, against: policy)
      installable = try InstallableFilter(program, witness: nil)
    } catch {
      throw FilterCostError()
    }
    let before = nanosecondsPerCall()
    do {
      try Kernel.control(38, 1)
      try installable.install()
    } catch {
      throw FilterCostError()
    }
    let after = nanosecondsPerCall()
    var line = Diagnostic(bare: block)
    line.append("filter: a call takes ")
    line.append(decimal: before)
    line.append(" ns without, ")
    line.append(decimal: after)
    line.append(" ns with it: ")
    line.append(decimal: Int64(after) - Int64(before))
    line.append(" ns (at most 60)")
    line.end(status: 0)
  }

  /// The least of some rounds: the rest is what else the machine does.
  private static func nanosecondsPerCall() -> UInt64 {
    var least = UInt64.max
    for _ in 0..<rounds {
      let start = ContinuousClock.now
      for _ in 0..<calls { _ = Kernel.raw(.ioctl, descriptor, run, 0) }
      let time = (ContinuousClock.now - start).components
      least = min(least, UInt64(time.attoseconds / 1_000_000_000) / UInt64(calls))
    }
    return least
  }
}

/// The filter could not be made or installed.
struct FilterCostError: Error {}
