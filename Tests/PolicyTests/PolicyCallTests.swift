import CSeccomp
import Policy
import Testing

/// To add one: what holds for each call is a function over `PolicyCall.allCases`.
@Suite("The table of system calls")
struct PolicyCallTests {
  @Test("has the numbers that libseccomp has", arguments: PolicyCall.allCases, Architecture.allCases)
  func agrees(_ call: PolicyCall, _ architecture: Architecture) {
    let number = unsafe seccomp_syscall_resolve_name_arch(architecture.rawValue, "\(call.row.name)")
    #expect(number == CInt(call.number(on: architecture)))
  }

  @Test("leaves out the call that kills in report mode", arguments: Architecture.allCases)
  func leavesOutFatal(_ architecture: Architecture) {
    #expect(
      unsafe seccomp_syscall_resolve_name_arch(architecture.rawValue, "getppid") == CInt(architecture.fatalNumber))
    #expect(PolicyCall.allCases.allSatisfy { $0.number(on: architecture) != architecture.fatalNumber })
  }

  @Test("names each call and its arguments once", arguments: PolicyCall.allCases)
  func isDistinct(_ call: PolicyCall) {
    let names = call.row.arguments.map { "\($0)" }
    #expect((1...6).contains(names.count))
    #expect(Set(names).count == names.count)
  }

  @Test("uses the kernel's architecture words")
  func usesArchitectureWords() {
    for architecture in Architecture.allCases {
      #expect(unsafe seccomp_arch_resolve_name("\(architecture.name)") == architecture.rawValue)
    }
    #expect(seccomp_arch_native() == Architecture.native.rawValue)
  }
}
