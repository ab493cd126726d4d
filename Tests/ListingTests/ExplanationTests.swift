import Testing

@testable import Listing

@Suite("an explanation")
struct ExplanationTests {
  @Test("names tests of the architecture that has the rule")
  func tests() throws {
    let text = try Explanation(of: "read_register").text
    #expect(text.contains("ioctl (29 on aarch64)"))
    #expect(text.contains("integration tests that need it: register-read (not measured here: only aarch64 has"))
    #expect(!text.contains("triplefault"))
    #expect(try Explanation(of: "PUTS").text.contains("integration tests that need it: hello\n"))
  }

  @Test("of a word that names nothing is refused with the words there are")
  func nothing() {
    let complaint = #expect(throws: Complaint.self) { try Explanation(of: "fork") }
    #expect(complaint?.message.contains("rules: diagnose end enter_guest") == true)
  }
}
