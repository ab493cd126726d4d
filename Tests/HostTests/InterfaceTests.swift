import Host
import Testing
import Text

/// To add one: a function that reads datagrams of `message`s; an interface is made by `link`.
@Suite("the kernel's list of interfaces")
struct InterfaceTests {
  private static func bytes(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

  /// A message of the kernel's: its type and flags, the sequence number, and what follows the header.
  private static func message(_ type: UInt32, flags: UInt32 = 2, sequence: UInt32 = 1, _ body: [UInt8]) -> [UInt8] {
    bytes(UInt32(16 + body.count)) + bytes(type | flags << 16) + bytes(sequence) + bytes(7) + body
  }

  /// An interface: ARPHRD type and flags, then attributes, here a number before the name.
  private static func link(_ name: String, type: UInt32 = 772, flags: UInt32 = 8) -> [UInt8] {
    let name = Array(name.utf8) + [0]
    let padding = [UInt8](repeating: 0, count: (4 - name.count % 4) % 4)
    return bytes(type << 16) + bytes(1) + bytes(flags) + bytes(0) + bytes(8 | 13 << 16) + bytes(1000)
      + bytes(UInt32(4 + name.count) | 3 << 16) + name + padding
  }

  private static let lo = message(16, link("lo"))
  private static let done = message(3, bytes(0))

  private func read(_ datagrams: [[UInt8]]) throws(SystemError) -> LinkMessages {
    var messages = LinkMessages()
    for datagram in datagrams { try messages.take(datagram) }
    return messages
  }

  @Test("an interface has its name, whether it is up and whether it is the loopback one")
  func interfaces() throws {
    let messages = try read([Self.lo + Self.message(16, Self.link("eth0", type: 1, flags: 0x1003)), Self.done])
    #expect(
      messages.interfaces == [
        Interface(name: "lo", isUp: false, isLoopback: true), Interface(name: "eth0", isUp: true, isLoopback: false),
      ])
    #expect(messages.isComplete)
  }

  @Test("what isn't ended isn't all")
  func incomplete() throws {
    #expect(try !read([Self.lo]).isComplete)
    #expect(try !read([]).isComplete)
  }

  @Test(
    "what isn't the kernel's answer to this question is refused, however it is cut",
    arguments: [
      message(16, sequence: 2, link("lo")), message(18, link("lo")), message(16, flags: 0x12, link("lo")),
      message(2, bytes(UInt32(bitPattern: -1))), message(2, bytes(0)), message(2, []), message(3, []),
      message(3, bytes(UInt32(bitPattern: -4))), message(16, []), message(16, bytes(0)), done + lo,
      message(16, Array(link("lo").prefix(16))), message(16, bytes(0) + bytes(0) + bytes(0) + bytes(0) + bytes(3)),
      message(16, bytes(0) + bytes(0) + bytes(0) + bytes(0) + bytes(9 | 3 << 16)), Array(lo.dropLast()), [1, 2, 3],
      bytes(0) + lo.dropFirst(4), bytes(15) + lo.dropFirst(4), bytes(.max) + lo.dropFirst(4),
    ] as [[UInt8]])
  func foreign(_ datagram: [UInt8]) {
    #expect(throws: SystemError.self) { try read([datagram]) }
  }

  @Test("every prefix of an answer is read without a fault")
  func prefixes() {
    let whole = Self.lo + Self.done
    for count in whole.indices { _ = try? read([Array(whole.prefix(count))]) }
  }

  @Test("this machine's own list is whole, and has the loopback interface")
  func own() throws {
    #expect(try Interface.all().contains { $0.isLoopback && $0.name == "lo" })
  }
}
