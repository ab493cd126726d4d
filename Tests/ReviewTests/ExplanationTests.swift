import Policy
@testable import Review
import Testing
import Text

/// To add one: an `#expect` about the text of `Explanation(of:)` for a rule, a hypercall or a system call.
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

  @Test("of a call that no policy allows says so, and what happens then")
  func refused() throws {
    let openat = try Explanation(of: "openat").text
    #expect(openat.hasPrefix("openat (257 on x86_64, 56 on aarch64): no policy allows it, whatever the devices\n"))
    #expect(openat.contains("--seccomp=kill: the kernel ends the tender by SIGSYS before the call is made\n"))
    #expect(openat.contains("--seccomp=report: SIGSYS instead; its handler names the call"))
    #expect(try Explanation(of: "fork").text.hasPrefix("fork (57 on x86_64): "))
    #expect(try Explanation(of: "getppid").text.contains("--seccomp=report: the same"))
    #expect(try Explanation(of: "uprobe").text.contains("newer kernels ask no filter about it on x86_64"))
    #expect(!openat.contains("newer kernels"))
  }

  @Test("of a word that names nothing is refused with the words there are")
  func nothing() {
    let complaint = #expect(throws: Complaint.self) { try Explanation(of: "forks") }
    #expect(complaint?.message.contains("rules: close_vcpu diagnose end enter_guest") == true)
  }

  @Test("takes a system call by its number on an architecture")
  func number() throws {
    #expect(try Explanation(of: "41", on: .x86_64).text == Explanation(of: "socket").text)
    #expect(try Explanation(of: "198", on: .aarch64).text == Explanation(of: "socket").text)
    #expect(try Explanation(of: "1", on: .x86_64).text == Explanation(of: "write").text)
    #expect(throws: Complaint("99999: no system call of aarch64 has this number")) {
      try Explanation(of: "99999", on: .aarch64)
    }
  }
}
