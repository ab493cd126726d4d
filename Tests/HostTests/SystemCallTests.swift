import Foundation
import Host
import Testing

@Suite("The calls of a start")
struct SystemCallTests {
  @Test("are those under which the tests start tenders")
  func areListed() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Integration/start.calls")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    let parts = lines.split { $0.hasPrefix("#") }
    let known = SystemCall.known
    let names = known.indices.map { "\(known[$0].name)" }
    #expect(parts.first.map { $0.map(String.init) } == names.sorted())
    #expect(names.allSatisfy { name in known.indices.contains { "\(known[$0].name)" == name } })
  }
}
