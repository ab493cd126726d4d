import Foundation
import Testing
import Text

@testable import Confinement

/// To add one: a function about `User.own`; of a map as the kernel prints it, one that reads it by `Self.map`.
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

@Suite("the map of a user namespace")
struct IDMapTests {
  /// A map as the kernel prints it, read from a file.
  private static func map(_ text: String) throws -> IDMap? {
    let file = FileManager.default.temporaryDirectory.appending(path: "brig-id-map-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try text.write(to: file, atomically: true, encoding: .utf8)
    return IDMap(at: Text(bytes: Array(file.path.utf8)))
  }

  @Test("ids are those of its lines, and outside those of the namespace around it")
  func lines() throws {
    let map = try #require(try Self.map("         0       1000          1\n         1     100000      65536\n"))
    #expect(map.has(0) && map.has(65536) && !map.has(65537))
    #expect(map.outside(of: 0) == 1000 && map.outside(of: 1) == 100_000 && map.outside(of: 65537) == nil)
  }

  @Test("an id is from the upper half of the widest line, another for each number, never root or nobody")
  func upper() throws {
    let map = try #require(try Self.map("0 1000 1\n1 100000 65536\n"))
    let ids = (0..<32768 as Range<UInt32>).compactMap { map.upper($0) }
    #expect(Set(ids).count == 32767 && !ids.contains(65534))
    #expect(ids.allSatisfy { (32769...65536).contains($0) })
  }

  @Test("a line of root alone has no id for anybody else")
  func alone() throws {
    let map = try #require(try Self.map("0 1000 1\n"))
    #expect(map.upper(0) == nil && map.upper(.max) == nil && map.outside(of: 0) == 1000)
  }

  @Test("the host's own map has every id", arguments: [0, 65534, 0x7fff_ffff, 4_294_967_294] as [UInt32])
  func whole(_ id: UInt32) throws {
    let map = try #require(try Self.map("         0          0 4294967295\n"))
    #expect(map.has(id) && map.outside(of: id) == id)
  }

  @Test("what isn't a map is none", arguments: ["0 0", "0 0 x", "0 0 4294967296", "0 0 1 2", "-1 0 1"])
  func malformed(_ text: String) throws { #expect(try Self.map(text) == nil) }

  @Test("a file that isn't there is no map")
  func missing() { #expect(IDMap(at: "/nowhere/uid_map") == nil) }
}
