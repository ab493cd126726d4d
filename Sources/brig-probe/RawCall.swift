import CLinux
import CProbe
import Host
import Policy
import Tender

/// One system call in place of the guest's first instruction.
struct RawCall {
  /// How the processor is asked for it.
  let interface: CallInterface
  let number: Int
  private var words = InlineArray<6, Int>(repeating: 0)

  /// Reads `INTERFACE:NUMBER[:WORD]...`; words that are left out are 0.
  init?(_ option: inout OptionText, _ bindings: [Binding]) {
    guard let interface = CallInterface.allCases.first(where: { option.take($0.name) }), option.take(":"),
      interface != .i386 || cprobe_has_i386() != 0
    else { return nil }
    self.interface = interface
    guard let number = option.number() else { return nil }
    self.number = Int(bitPattern: UInt(number))
    var count = 0
    while !option.isAtEnd {
      guard count < 6, option.take(":"), let word = option.word(bindings) else { return nil }
      words[count] = Int(bitPattern: UInt(word))
      count += 1
    }
  }

  /// Says that the tender is sealed, makes the call, and says what it returned.
  ///
  /// Both lines go the way of the tender's own messages, which shows that the filter lets those through. Status 0.
  func make(in guest: Guest) -> Never {
    var line = Diagnostic(bare: guest.block)
    line.append("sealed")
    line.write()
    let result = make()
    line = Diagnostic(bare: guest.block)
    line.append("\nreturned ")
    line.append(decimal: Int64(result))
    line.end(status: 0)
  }

  private func make() -> Int {
    switch interface {
    case .native: return clinux_system_call(number, words[0], words[1], words[2], words[3], words[4], words[5])
    case .x32:
      return clinux_system_call(
        number | 0x4000_0000, words[0], words[1], words[2], words[3], words[4], words[5])
    case .i386:
      var copy = words
      return unsafe withUnsafePointer(to: &copy) {
        // SAFETY: six words are read during the call.
        unsafe $0.withMemoryRebound(to: Int.self, capacity: 6) { unsafe cprobe_i386(number, $0) }
      }
    }
  }
}
