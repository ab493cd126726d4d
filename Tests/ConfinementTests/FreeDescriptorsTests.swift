import Host
import Testing

@testable import Confinement

/// To add one: a limit among the arguments.
@Suite("free descriptors")
struct FreeDescriptorsTests {
  @Test("a number is taken that isn't below the limit, whatever is free below", arguments: [0, 64, 200])
  func numbers(_ limit: Int) throws {
    let taken = Descriptor(owning: try FreeDescriptors.take(behind: limit))
    #expect(Int(taken.raw) >= max(limit, 3))
  }
}
