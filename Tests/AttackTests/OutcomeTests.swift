import Host
import Testing

@testable import Attack

/// To add one: an `#expect` of `Self.outcome(OUTPUT, STATUS)` in the function about that end, or a further function.
@Suite("what became of an attempt")
struct OutcomeTests {
  private static func attempt(
    _ interface: CallInterface = .native, _ expectation: Attempt.Expectation = .dies
  ) -> Attempt {
    Attempt(
      category: .number, name: "getpid", subject: "getpid", interface: interface, number: 39, words: [],
      expectation: expectation)
  }

  private static func outcome(_ output: String, _ status: Int32?, _ interface: CallInterface = .native) -> Outcome {
    Outcome(output: Array(output.utf8), status: status, of: attempt(interface))
  }

  @Test("is death by SIGSYS after the seal, and nothing else")
  func died() {
    #expect(Self.outcome("sealed\n", 31) == .died)
    #expect(Self.outcome("sealed\n", 31 | 0x80) == .died)
    #expect(Self.outcome("", 31) == .unsealed("not a word, died by signal 31"))
    let refusal = Self.outcome("brig-probe: cannot seal\n", 256)
    #expect(refusal == .unsealed("brig-probe: cannot seal, exited 1"))
    #expect(Self.outcome("sealed\n", 11) == .broken("died by signal 11"))
    #expect(Self.outcome("sealed\n\nreturned 0\n", 31) == .broken("died by signal 31, after it returned 0"))
    #expect(Self.outcome("sealed\n", nil) == .broken("didn't come to an end"))
  }

  @Test("is life where the call returned or ended the process as asked")
  func lived() {
    #expect(Self.outcome("sealed\n\nreturned -14\n", 0) == .lived("returned -14"))
    #expect(Self.outcome("sealed\n", 7 << 8) == .lived("exited 7"))
  }

  @Test("is unknown for an interface that the kernel doesn't have")
  func unavailable() {
    #expect(Self.outcome("sealed\n", 11, .i386) == .unavailable)
    #expect(Outcome.unavailable.agrees(with: Self.attempt(.i386)) == nil)
  }

  @Test("is the kernel's own refusal only where no filter may have been asked")
  func refused() {
    let attempt = Self.attempt(.native, .refused)
    for (output, status) in [("sealed\n", 4), ("sealed\n\nreturned -6\n", 0), ("sealed\n", 31)] as [(String, Int32)] {
      #expect(Outcome(output: Array(output.utf8), status: status, of: attempt).agrees(with: attempt) == true)
    }
    let passed = Outcome(output: Array("sealed\n\nreturned 0\n".utf8), status: 0, of: attempt)
    #expect(passed.agrees(with: attempt) == false)
    #expect(Self.outcome("sealed\n", 4) == .broken("died by signal 4"))
  }

  @Test("is a witness's answer only where one is expected, and none that a kernel gives")
  func answered() {
    let attempt = Self.attempt(.native, .answered)
    func agrees(_ output: String, _ status: Int32) -> Bool? {
      Outcome(output: Array(output.utf8), status: status, of: attempt).agrees(with: attempt)
    }
    #expect(agrees("sealed\n\nreturned -2741\n", 0) == true)
    #expect(agrees("sealed\n\nreturned -38\n", 0) == false)
    #expect(agrees("sealed\n\nreturned 2741\n", 0) == false)
    #expect(agrees("sealed\n", 31) == false)
    #expect(Self.outcome("sealed\n\nreturned -2741\n", 0).agrees(with: Self.attempt()) == false)
  }

  @Test("counts as wrong where it isn't what had to be")
  func tally() {
    var tally = Tally("console")
    tally.count(Self.attempt(), .died)
    #expect(tally.isGood)
    tally.count(Self.attempt(), .lived("returned 7"))
    tally.count(Self.attempt(.i386), .unavailable)
    tally.count(Self.attempt(), .broken("didn't come to an end"))
    #expect(!tally.isGood)
    #expect(tally.wrong.count == 2)
    let row = tally.rows[0]
    #expect((row.tried, row.died, row.lived, row.unavailable, row.wrong) == (4, 1, 1, 1, 2))
  }
}
