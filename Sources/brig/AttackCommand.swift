import ArgumentParser
import Attack
import Confinement
import Glibc
import Host
import Policy
import Review
import Text

/// `brig attack`: the death test.
struct AttackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attack",
    abstract: "Makes system calls in sealed tenders: a forbidden one must kill the tender, an allowed one must not.",
    discussion: """
      Each attempt is a process of its own: brig-probe, a tender sealed by the tender's own code with real KVM, TAP \
      and disk, which makes one call in place of running its guest. It needs /dev/kvm and namespaces. \
      Targets: console, block, block:ro, net, block+net. Status: 0 each call ended as it must, 1 one did not, 2 not tried. \
      With --call of a call that the policy allows with certain arguments, those outside must die, and those inside live.
      """)

  @Option(help: "A target; may be given again. If not given all of them, and the last with --report too.")
  var target: [String] = []
  @Flag(help: "In tenders with --seccomp=report, where a forbidden call is named before it kills.") var report = false
  @Flag(help: "Print the attempts, one a line, and make none.") var list = false
  @OptionGroup var output: OutputOptions
  @Option(help: "With --list: x86_64 or aarch64; this machine's if not given.") var arch: String?
  @Option(help: "A system call by name, the only one tried; may be given again.") var call: [String] = []
  @Option(help: "A file that gets the results as JUnit's XML too, whatever they are.") var junit: String?
  @Option(help: "The probe; the one that came with brig if not given.") var probe: String?
  @Option(help: "The directory of the test guests; those that came with brig if not given.") var guests: String?
  @Option(help: "How many probes run at a time.") var jobs = min(64, 2 * max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  @Option(help: "How many seconds an attempt may take.") var limit = 20

  func validate() throws {
    guard junit == nil || !list else { throw ValidationError("--junit takes results, and --list has none") }
  }

  func run() throws {
    if list {
      try check()
      let plans = try plans()
      return try output.print(plans.map(\.text).joined(), json: Plan.json(plans))
    }
    // Before all that can be wrong in a command line that can be read: else an earlier run's results stay in the file.
    let titles = target.isEmpty ? ["all targets"] : target
    let file = try junit.map { (path) throws(Complaint) in
      try ResultsFile(path, placeholder: Results.none(of: titles).junit)
    }
    var hasResults = false
    let status: ExitStatus
    do {
      try check()
      let plans = try plans()
      // In a user namespace nobody could tell whose the device is. What another probe needs is its own affair.
      if probe == nil, let reason = Files.refusal("/dev/kvm", R_OK | W_OK) {
        throw Complaint("attack: /dev/kvm: \(reason): brig doctor says what to do")
      }
      let probe = try existing(probe) ?? InstalledParts.find("brig-probe", of: Self.package)
      let guests = try existing(guests) ?? InstalledParts.find("guests/\(Architecture.native.name)", of: Self.package)
      let hasTaps = plans.contains { $0.target == .net || $0.target == .blockNet }
      status = try Testbed.enter(places: jobs, hasTaps: hasTaps) { (testbed) throws(Complaint) in
        hasResults = true
        var crew = Crew(testbed: testbed, probe: probe, guests: guests, seconds: limit)
        return try attack(plans, &crew, file)
      }
    } catch let error as Complaint {
      if !hasResults { try file?.write(Results.none(of: titles, because: error.message).junit) }
      throw error
    }
    status.exit()
  }

  /// Refuses values that don't fit.
  private func check() throws(Complaint) {
    guard (1...64).contains(jobs) else { throw Complaint("--jobs \(jobs): it takes 1 to 64") }
    guard (1...3600).contains(limit) else { throw Complaint("--limit \(limit): it takes 1 to 3600") }
    guard arch == nil || list else { throw Complaint("--arch goes with --list: attacks are made here") }
  }

  private func attack(_ plans: [Plan], _ crew: inout Crew, _ file: ResultsFile?) throws(Complaint) -> ExitStatus {
    var results = Results(architecture: .native)
    var bar = ProgressBar(total: plans.reduce(0) { $0 + $1.count })
    let start = Stopwatch.now
    for plan in plans {
      var tally = Tally(plan)
      do throws(Complaint) {
        try crew.carry(out: plan, into: &tally) { bar.advance(plan.title) }
      } catch {
        tally.stop = error.message
        results.add(tally)
        results.time = Stopwatch.now - start
        bar.clear()
        try file?.write(results.junit)
        throw error
      }
      results.add(tally)
    }
    results.time = Stopwatch.now - start
    bar.clear()
    try file?.write(results.junit)
    try output.print(plans.map(\.introduction).joined() + results.text, json: results.json)
    guard results.isAnswer else { throw Complaint("attack: this kernel has no interface by which to try it") }
    return results.isGood ? .yes : .no
  }

  private func plans() throws -> [Plan] {
    let architecture = try arch.map(SelectionOptions.architecture) ?? .native
    let targets = try target.map { (name) throws(Complaint) in
      guard let target = Target(rawValue: name) else {
        throw Complaint(
          "--target \(name): there is none of that name: \(Target.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return target
    }
    let mode = report ? Policy.Mode.report : .kill
    let isWitnessed = !list && !OuterFilter.isAbsent
    var chosen = (targets.isEmpty ? Target.allCases : targets).map { ($0, mode) }
    if targets.isEmpty && !report { chosen.append((.blockNet, .report)) }
    let calls = call.indices.filter { !call[..<$0].contains(call[$0]) }.map { call[$0] }
    return try chosen.map { (target, mode) throws(Complaint) in
      try Plan(target, architecture: architecture, mode: mode, isWitnessed: isWitnessed, calls: calls)
    }
  }

  /// The package that has what the attacks need.
  private static let package = "brig-attack"

  private func existing(_ path: String?) throws(Complaint) -> String? {
    if let path, let reason = Files.refusal(path, F_OK) { throw Complaint("\(path): \(reason)") }
    return path
  }
}
