import CProbe
import Host
import Policy
import Tender
import Text

/// What the probe does once it is sealed: trivial values, because nothing may be allocated or freed by then.
enum Attack {
  case call(RawCall)
  case hijack(HijackValues)
  case allocation

  /// Understands the option, with names for what this launch has open and mapped.
  ///
  /// - Throws: the line to end with.
  init(_ option: consuming OptionText, _ bindings: [Binding]) throws(Failure) {
    let own = [Binding("stack", UInt64(cprobe_stack())), Binding("code", UInt64(cprobe_code()))]
    if option.take("--hijack"), option.isAtEnd {
      self = .hijack(HijackValues(bindings + own))
    } else if option.take("--allocate"), option.isAtEnd {
      self = .allocation
    } else if option.take("--call="), let call = RawCall(&option, bindings + own) {
      self = .call(call)
    } else {
      throw Failure(
        "the first argument is --hijack, --allocate, or --call=INTERFACE:NUMBER[:WORD]... with words of this launch")
    }
  }

  /// Attacks; the process ends by it.
  func carry(out sealed: consuming Sealed) -> Never {
    switch self {
    case .call(let call): call.make(in: sealed.guest)
    case .allocation: Allocation.make(in: sealed.guest)
    case .hijack(let values): Hijack(guest: sealed.guest, values: values).run()
    }
  }
}
