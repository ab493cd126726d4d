@testable import Attack
import Filters
import Host
import Policy
import Testing
import Text

/// To add one: an attempt that a reviewer asks for is a word in `expected`; else a function over `Target.allCases`.
@Suite("the plan of attacks")
struct PlanTests {
  private static func calls(_ plan: Plan, deadly: Bool) -> Set<String> {
    Set(plan.attempts.filter { $0.expectation == (deadly ? .dies : .lives) }.map(\.call))
  }

  @Test("has every number once, and the numbers that no rule names are deadly", arguments: Target.allCases)
  func numbers(_ target: Target) throws {
    let plan = try Plan(target, architecture: .x86_64)
    let numbers = plan.attempts.filter { $0.category == .number || $0.category == .unasked }
    #expect(numbers.map(\.number) == Array(0..<1024))
    // exit_group with status 0 is the only call that needs no argument.
    #expect(numbers.filter { $0.expectation == .lives }.map(\.number) == [231])
  }

  @Test("pushes each argument of each rule over an edge, and up to it", arguments: Target.allCases)
  func edges(_ target: Target) throws {
    for architecture in Architecture.allCases {
      let plan = try Plan(target, architecture: architecture)
      let policy = try Target.Values.launch(target, architecture).policy()
      for rule in policy.rules {
        for argument in rule.call.row.arguments.indices {
          let prefix = "\(rule.call.row.name) \(String(rule.name)): \(rule.call.row.arguments[argument]) "
          let edges = plan.attempts.filter { $0.name.hasPrefix(prefix) }
          #expect(edges.contains { $0.expectation == .dies }, "\(prefix)")
        }
        // A call that the edges of another rule have come upon is made once, under that rule's name.
        let allowed = plan.attempts.filter { $0.category == .inside && $0.name.hasPrefix("\(rule.call.row.name) ") }
        #expect(allowed.count >= policy.rules.count { $0.call == rule.call }, "\(String(rule.name))")
      }
    }
  }

  @Test("has the attempts that a reviewer would ask for")
  func expected() throws {
    let plan = try Plan(.blockNet, architecture: .x86_64)
    #expect(
      Self.calls(plan, deadly: true).isSuperset(of: [
        "native:11:run_area:run_area_size+1", "native:11:memory:run_area_size", "native:11:run_area+1:run_area_size",
        "native:3:1", "native:3:disk", "native:1:1:memory-1:1", "native:1:1:memory+0x800000:1", "native:1:1:stack:1",
        "native:1:1:code:1",
        "native:1:1:memory:0x100001", "native:1:0x100000001:memory:1", "native:16:vcpu:0xae81:0",
        "native:16:tap:0xae80:0", "native:17:disk:stack:1:1", "native:17:tap:memory:1:1",
        "native:18:disk:memory:1:0x100000", "native:228:2:time", "native:271:polled:3:timeout:0:0",
        "x32:1:1:memory:1", "i386:4:1:memory:1", "native:231:256", "native:-1",
      ]))
    #expect(
      Self.calls(plan, deadly: false).isSuperset(of: [
        "native:11:run_area:run_area_size", "native:3:vcpu", "native:1:1:memory+0x7fffff:1",
        "native:1:1:memory+0x5fffff:1", "native:1:1:memory+0x600000:1",
        "native:1:1:memory:0x100000", "native:18:disk:memory:1:0xfffff",
        "native:271:polled:2:timeout:0:0", "native:16:vcpu:0xae80:0", "native:231:255",
      ]))
  }

  @Test("expects a witness's answers where there is an outer filter, and of no other call")
  func witnessed() throws {
    let plan = try Plan(.console, architecture: .x86_64, isWitnessed: true)
    let answered = plan.attempts.filter { $0.expectation == .answered }.map(\.call)
    #expect(Set(answered) == ["native:39", "native:39:1", "native:39:2"])
    let deadly = Self.calls(plan, deadly: true)
    #expect(deadly.isSuperset(of: ["native:39:3", "native:39:0x100000000", "i386:39", "x32:39"]))
  }

  @Test("of one call has it by each interface, with arguments, and nothing else", arguments: Target.allCases)
  func oneCall(_ target: Target) throws {
    let plan = try Plan(target, architecture: .x86_64, calls: ["openat"])
    #expect(plan.attempts.allSatisfy { $0.subject == "openat" && $0.expectation == .dies })
    #expect(
      Self.calls(plan, deadly: true).isSuperset(of: [
        "native:257", "x32:257", "i386:295", "native:257:1:1:1:1:1:1", "native:0x100000101", "native:-257",
        "native:257:0xffffffffffffff9c:memory:memory:memory:memory:memory",
      ]))
    #expect(Set(plan.attempts.map(\.call)).count == plan.count)
    #expect(plan.introduction.hasSuffix(": never allowed: each of \(plan.count) attempts must die\n"))
    let arm = try Plan(target, architecture: .aarch64, calls: ["openat"])
    #expect(Self.calls(arm, deadly: true).contains("native:56") && arm.attempts.allSatisfy { $0.interface == .native })
  }

  @Test("of an allowed call has both sides of each rule's edges", arguments: Target.allCases)
  func oneAllowedCall(_ target: Target) throws {
    for architecture in Architecture.allCases {
      let whole = try Plan(target, architecture: architecture)
      let policy = try Target.Values.launch(target, architecture).policy()
      for call in policy.calls {
        let name = "\(call.row.name)"
        let plan = try Plan(target, architecture: architecture, calls: [name])
        let calls = Set(plan.attempts.map(\.call))
        let edges = whole.attempts.filter { $0.name.hasPrefix("\(name) ") }.map(\.call)
        #expect(!edges.isEmpty && calls.isSuperset(of: edges), "\(name)")
        #expect(plan.attempts.contains { $0.expectation == .lives })
        #expect(plan.attempts.contains { $0.expectation == .dies })
        #expect(plan.introduction.contains("allowed with certain arguments: "))
      }
    }
  }

  @Test("of a call that no processor or only another one has isn't made")
  func noSuchCall() throws {
    for (name, architecture) in [("nonsense", .x86_64), ("open", .aarch64), ("", .x86_64)] as [(String, Architecture)] {
      #expect(throws: Complaint("\(name): no system call of \(architecture.name)")) {
        try Plan(.console, architecture: architecture, calls: [name])
      }
    }
    // What only 32-bit programs have is a call of the processor's all the same.
    let plan = try Plan(.console, architecture: .x86_64, calls: ["waitpid"])
    #expect(plan.attempts.map(\.call) == ["i386:7"])
  }

  @Test("of a call about which some kernels ask no filter lets those kernels refuse it")
  func unaskedCall() throws {
    let plan = try Plan(.console, architecture: .x86_64, calls: ["uretprobe"])
    let native = plan.attempts.filter { $0.interface == .native && UInt32(truncatingIfNeeded: $0.number) == 335 }
    #expect(native.count > 5 && native.allSatisfy { $0.expectation == .refused })
  }

  @Test("asks nothing of x86's interfaces on aarch64, and of the register only there")
  func aarch64() throws {
    let plan = try Plan(.console, architecture: .aarch64)
    #expect(plan.attempts.allSatisfy { $0.interface == .native })
    #expect(Self.calls(plan, deadly: false).contains("native:29:vcpu:0x4010aeab:register"))
    #expect(try !Plan(.console, architecture: .x86_64).attempts.contains { $0.call.contains("register") })
  }

  // The plan is made with values that stand in for a launch's. That the verdicts are those of any launch is shown with
  // others: descriptors one after the other as the tender opens them, and addresses the other way round.
  @Test("comes to the same verdicts with other values", arguments: Target.allCases)
  func otherValues(_ target: Target) throws {
    for architecture in Architecture.allCases {
      let plan = try Plan(target, architecture: architecture)
      var launch = Target.Values.launch(target, architecture)
      launch.fixedBlock = 0x7e00_0000_3000
      launch.runArea = 0x7d00_0000_5000
      launch.runAreaSize = 0x2000
      launch.memory = 0x7f00_0080_0000
      launch.devices = launch.devices.enumerated().map {
        Launch.Device(name: $1.name, descriptor: UInt64(3 + $0), kind: $1.kind)
      }
      launch.vcpu = UInt64(3 + launch.devices.count)
      let policy = try launch.policy()
      var names = AttemptMaker(target, policy: policy, launch: launch).names
      names["stack"] = 0x7ffd_0000_1000
      names["code"] = 0x7fff_0000_1000
      for attempt in plan.attempts where attempt.interface == .native {
        var request = Request(architecture: architecture.rawValue, number: UInt32(truncatingIfNeeded: attempt.number))
        for (index, word) in attempt.words.enumerated() { request.arguments[index] = word.value(names) }
        #expect(policy.allows(request) == (attempt.expectation == .lives), "\(attempt.call)")
      }
    }
  }

  @Test("is JSON where that is asked for, with every attempt")
  func json() throws {
    let plan = try Plan(.console, architecture: .aarch64)
    let value = try JSONValue(parsing: Plan.json([plan]).bytes, file: "list")
    #expect(value["schema"]?.string == "brig-attack-list" && value["version"]?.number == 1)
    let attempts = try #require(value["attempts"]?.elements)
    #expect(attempts.count == plan.count)
    #expect(attempts.map { $0["call"]?.string } == plan.attempts.map(\.call))
    #expect(attempts.first?["target"]?.string == "console" && attempts.first?["expected"]?.string == "dies")
  }

  @Test("that goes wrong all over has twenty lines and a count")
  func manyWrong() throws {
    let plan = try Plan(.console, architecture: .x86_64)
    var tally = Tally(plan.title)
    for attempt in plan.attempts.prefix(100) { tally.count(attempt, .broken("\u{1b}[2Jdidn't come to an end")) }
    var results = Results(architecture: .x86_64)
    results.add(tally)
    let lines = results.text.split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("WRONG: ") } == 20)
    #expect(lines.contains("and 80 more that are WRONG, which --json lists"))
    #expect(!results.text.contains("\u{1b}"))
  }
}
