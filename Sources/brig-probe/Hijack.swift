import ABI
import CLinux
import Host
import Machine
import Tender

/// A tender whose guest runs code in it: three hypercalls more, with numbers that the ABI doesn't have.
///
/// They take their words from the last page of RAM, and leave their result there; what their argument is doesn't
/// matter.
struct Hijack {
  private var guest: Guest
  private let values: HijackValues

  /// The numbers, counted on from the ABI's.
  private enum Number {
    /// Words 0 to 6: a system call's number and arguments; word 7 becomes its result.
    static var systemCall: UInt64 { 15 }
    /// The words from 0 on become the `HijackValues`.
    static var values: UInt64 { 16 }
    /// Words 0 to 2: an address of the tender's, a number of bytes, and a guest physical address to copy them to; word
    /// 7 becomes 0, or 1 where they don't fit.
    static var copy: UInt64 { 17 }
  }

  init(guest: Guest, values: HijackValues) {
    self.guest = guest
    self.values = values
  }

  /// Runs the guest as the tender does, but for the three.
  consuming func run() -> Never {
    var guest = guest
    while true {
      switch guest.runner.run(memorySize: guest.memory.size) {
      case .hypercall(let call, let address): guest.serve(call, at: address)
      case let exit:
        switch Self.number(exit) {
        case Number.systemCall:
          store(word(0).makeCall(word(1), word(2), word(3), word(4), word(5), word(6)), at: 7)
        case Number.values: for index in 0..<HijackValues.count { store(values[index], at: index) }
        case Number.copy: copy()
        default: guest.end(after: exit)
        }
      }
    }
  }

  /// The number of an exit that is made like a hypercall's.
  private static func number(_ exit: Runner.Exit) -> UInt64? {
    switch exit {
    case .port(let port):
      port >= Hypercall.ports.lowerBound ? UInt64(port - Hypercall.ports.lowerBound) : nil
    case .deviceMemory(let address, _, _):
      address.rawValue >= Hypercall.addresses.lowerBound
        ? (address.rawValue - Hypercall.addresses.lowerBound) >> 3 : nil
    default: nil
    }
  }

  private var page: GuestAddress { GuestAddress(rawValue: guest.memory.size - 4096) }

  private func word(_ index: Int) -> UInt64 {
    // SAFETY: the last page of RAM is mapped and readable, and the index is at most a dozen.
    unsafe UnsafePointer<UInt64>(bitPattern: guest.memory.hostAddress(page)).unsafelyUnwrapped[index]
  }

  private func store(_ value: UInt64, at index: Int) { guest.memory.store(value, at: page + index * 8) }

  private func copy() {
    let (source, count, destination) = (word(0), word(1), GuestAddress(rawValue: word(2)))
    guard guest.memory.contains(destination, count: count),
      guest.memory.admits(.write, at: destination, count: count)
    else { return store(1, at: 7) }
    // SAFETY: none: the guest says where to read, and an address that isn't mapped ends the process, as it would an
    // attacker's code. The destination lies in writable RAM.
    unsafe memmove(
      UnsafeMutableRawPointer(bitPattern: guest.memory.hostAddress(destination)).unsafelyUnwrapped,
      UnsafeRawPointer(bitPattern: UInt(source)).unsafelyUnwrapped, Int(count))
    store(0, at: 7)
  }
}

extension UInt64 {
  /// Makes the system call of this number.
  fileprivate func makeCall(
    _ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64, _ e: UInt64, _ f: UInt64
  ) -> UInt64 {
    func word(_ value: UInt64) -> Int { Int(bitPattern: UInt(value)) }
    let result = clinux_system_call(word(self), word(a), word(b), word(c), word(d), word(e), word(f))
    return UInt64(bitPattern: Int64(result))
  }
}
