import Testing

@testable import Confinement

@Suite("a user of one's own")
struct UserTests {
  /// `PROC_DYNAMIC_FIRST` of fs/proc/generic.c.
  private static let first: UInt64 = 0xf000_0000

  @Test("in the host's PID namespace it is the process's number", arguments: [1, 300, 4_194_304] as [UInt32])
  func alone(_ process: UInt32) {
    #expect(User.own(process: process, namespace: 0xefff_fffc) == 0x7800_0000 + process)
  }

  @Test("20,000 processes in each of 4,000 namespaces that were made one after the other have one each")
  func apart() {
    let users = (0..<4_000).map { User.own(process: 1, namespace: Self.first + $0) }.sorted()
    #expect(users.allSatisfy { 0x7800_0000..<0x8000_0000 ~= $0 })
    let gaps = zip(users, users.dropFirst()).map { $1 - $0 } + [users[0] + 0x0800_0000 - users[users.count - 1]]
    #expect(gaps.allSatisfy { $0 >= 20_000 })
  }

  @Test("at the end of the ids it goes on at their beginning")
  func wraps() {
    let namespace = (0..<100_000).lazy.map { Self.first + $0 }
      .first { User.own(process: 0, namespace: $0) > 0x8000_0000 - 4_194_304 }!
    let users = [1, 4_194_304].map { User.own(process: $0, namespace: namespace) }
    #expect(users[0] > users[1] && users.allSatisfy { 0x7800_0000..<0x8000_0000 ~= $0 })
  }
}
