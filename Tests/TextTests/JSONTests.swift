import Foundation
import Testing
import Text

/// To add one: a function that makes a `document`, and holds its text.
@Suite("JSON")
struct JSONTests {
  private func document(_ members: (inout JSON) -> Void) -> String {
    String(decoding: JSON.document(.doctor, members).bytes, as: UTF8.self)
  }

  /// What each of these documents begins with.
  private static let head = "{\n  \"schema\": \"brig-doctor\",\n  \"version\": 1"

  @Test("what is nested is indented, and what is compact stands on one line")
  func layout() {
    let text = document { json in
      json.number("n", -3)
      json.object("o") { $0.boolean("yes", true) }
      json.array("a", compact: true) { json in
        json.number(nil, 1)
        json.object { $0.string("k", "v") }
        json.array { _ in }
      }
      json.array("rows") { json in
        for row in 0..<2 { json.object(compact: true) { $0.number("row", row) } }
      }
    }
    #expect(
      text == """
        {
          "schema": "brig-doctor",
          "version": 1,
          "n": -3,
          "o": {
            "yes": true
          },
          "a": [ 1, { "k": "v" }, [] ],
          "rows": [
            { "row": 0 },
            { "row": 1 }
          ]
        }

        """)
  }

  @Test("what is empty stays on one line")
  func empties() {
    #expect(document { _ in } == Self.head + "\n}\n")
    let text = document { json in
      json.array("a") { _ in }
      json.object("o", compact: true) { _ in }
    }
    #expect(text == Self.head + ",\n  \"a\": [],\n  \"o\": {}\n}\n")
  }

  @Test("a reader gets every byte of a string back")
  func escapes() throws {
    let bytes = (0...255).map { UInt8($0) }
    let text = document { $0.string("all", Text(bytes: bytes)) }
    #expect(text.utf8.allSatisfy { $0 == 0x0a || (0x20...0x7e).contains($0) })
    let read = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(try #require(read["all"] as? String).unicodeScalars.map(\.value) == bytes.map(UInt32.init))
  }

  @Test("each document says first what it is, and a reader knows it by that")
  func kinds() throws {
    #expect(Set(DocumentKind.allCases.map { "\($0.row.name)" }).count == DocumentKind.allCases.count)
    for kind in DocumentKind.allCases {
      let bytes = JSON.document(kind) { $0.number("more", 1) }.bytes
      #expect(bytes.starts(with: kind.beginning.bytes))
      let read = try JSONValue(parsing: bytes, file: "document")
      #expect(DocumentKind.allCases.filter(read.isOf) == [kind] && read.hasVersion(of: kind))
    }
    let other = try JSONValue(parsing: Array("{\"schema\": \"brig-audit\", \"version\": 1}".utf8), file: "document")
    #expect(other.isOf(.audit) && !other.hasVersion(of: .audit))
  }

  @Test("several documents are an array, each with its head")
  func several() throws {
    let text = JSON.documents(.image, of: [1, 2]) { number, json in json.number("n", number) }
    let read = try JSONValue(parsing: text.bytes, file: "documents")
    #expect(read.elements.count == 2 && read.elements.allSatisfy { $0.isOf(.image) })
    #expect(read.elements.map { $0["n"]?.number } == [1, 2])
    #expect(JSON.documents(.image, of: [Int]()) { _, _ in }.bytes == Array("[]\n".utf8))
  }
}
