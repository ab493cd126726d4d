import CArena
import Host
import Policy
import Tender
import Text

/// The C library's entry point: goes the tender's way up to the filter, then attacks it.
///
///     brig-probe --call=INTERFACE:NUMBER[:WORD]... [TENDER OPTION]... KERNEL [ARG]...
///     brig-probe --hijack [TENDER OPTION]... KERNEL [ARG]...
///     brig-probe --allocate [TENDER OPTION]... KERNEL [ARG]...
///
/// It exists for tests. What it is sealed by is the tender's own code, up to and with the filter.
@c(brig_probe_main)
public func start(
  _ count: CInt, _ values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> CInt {
  carena_begin_main()
  // SAFETY: these are the C library's own arguments, handed on as they came.
  unsafe attackAsTender(count, values)
}

/// What `start` does, in a frame of its own on the stack that it cleared.
@inline(never)
private func attackAsTender(
  _ count: CInt, _ values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Never {
  var attack: Attack = .hijack(HijackValues())
  guard count >= 2, let option = unsafe values[1] else { usage() }
  // SAFETY: two of the C library's own arguments change places; the first in memory stays the first of those that the
  // tender gets, and is its name again.
  unsafe values[1] = values[0]
  // SAFETY: these are the C library's own arguments but for the first.
  let confined = unsafe Preparation.confine(count - 1, values + 1) { (loaded) throws(Failure) in
    // SAFETY: the option's string is overwritten after this.
    attack = try Attack(unsafe OptionText(option), loaded.launch.values)
  }
  carena_close()
  attack.carry(out: Sealed.install(confined))
}

private func usage() -> Never {
  Standard.say(
    "usage: brig-probe --call=INTERFACE:NUMBER[:WORD]...|--hijack|--allocate [TENDER OPTION]... KERNEL [ARG]...\n")
  Process.exit(2)
}
