import Foundation
import Testing
import Text

/// To add one: a function that makes a `document`, and holds its text.
@Suite("JSON")
struct JSONTests {
  private func document(_ members: (inout JSON) -> Void) -> String {
    var json = JSON()
    json.object(nil, members)
    return String(decoding: json.text.bytes, as: UTF8.self)
  }

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
    #expect(document { _ in } == "{}\n")
    let text = document { json in
      json.array("a") { _ in }
      json.object("o", compact: true) { _ in }
    }
    #expect(text == "{\n  \"a\": [],\n  \"o\": {}\n}\n")
  }

  @Test("a reader gets every byte of a string back")
  func escapes() throws {
    let bytes = (0...255).map { UInt8($0) }
    let text = document { $0.string("all", Text(bytes: bytes)) }
    #expect(text.utf8.allSatisfy { $0 == 0x0a || (0x20...0x7e).contains($0) })
    let read = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: String])
    #expect(try #require(read["all"]).unicodeScalars.map(\.value) == bytes.map(UInt32.init))
  }
}
