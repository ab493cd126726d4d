import Confinement
import Doctor
import Procfs
import Tender
import Testing
import Text

/// To add one: a row of the function about that fact: what the host's file says, and the state or the fix that follows.
@Suite("what the doctor reads of a host")
struct FactTests {
  @Test(
    "who restricts namespaces is noted, and its setting is the fix",
    arguments: [
      (
        "/proc/sys/user/max_user_namespaces", "0", "user.max_user_namespaces", Step.userNamespace,
        "sysctl -w user.max_user_namespaces=65536"
      ),
      (
        "/proc/sys/user/max_net_namespaces", "0", "user.max_net_namespaces", .netNamespace,
        "sysctl -w user.max_net_namespaces=65536"
      ),
      (
        "/proc/sys/kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone", .userNamespace,
        "sysctl -w kernel.unprivileged_userns_clone=1"
      ),
      (
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1", "kernel.apparmor_restrict_unprivileged_userns",
        .emptyRoot, "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
      ),
    ])
  func restrictors(_ row: (path: String, value: String, name: String, step: Step, fix: String)) throws {
    var evidence = Host.with([row.path: "\(row.value)\n"])
    #expect(Doctor(evidence).finding(row.name)?.state == .information)
    #expect(Doctor(evidence).verdict == .full, "a setting alone decides nothing")
    evidence.rehearsal = Host.sealed(without: row.step)
    let finding = try #require(Doctor(evidence).finding("\(row.step.description.name)"))
    #expect(finding.fix.contains(row.fix))
    let harmless = Host.with([row.path: row.value == "0" ? "1\n" : "0\n"])
    #expect(Doctor(harmless).finding(row.name)?.state == .ok)
  }

  @Test("a limit on one kind of namespace is no fix for another")
  func otherKind() {
    var evidence = Host.with(["/proc/sys/user/max_net_namespaces": "0\n"])
    evidence.rehearsal = Host.sealed(without: .mountNamespace)
    #expect(Doctor(evidence).finding("mount-namespace")?.fix.contains("max_net_namespaces") == false)
  }

  @Test("the cause that the tender names is the fix, before any setting", arguments: [Step.userNamespace, .emptyRoot])
  func cause(_ step: Step) {
    var evidence = Host.with([
      "/proc/self/status": "Name:\tbrig\nSeccomp:\t2\nSeccomp_filters:\t3\n",
      "/proc/self/mountinfo": "22 27 0:21 / /proc rw - proc proc rw\n",
      "/proc/sys/kernel/unprivileged_userns_clone": "0\n",
    ])
    evidence.rehearsal = Host.sealed(without: step, remedy: "start elsewhere")
    evidence.filter.refusing = "unshare, mount"
    let doctor = Doctor(evidence)
    #expect(doctor.finding("outer-filter")?.detail == "seccomp mode 2, 3 filters; it refuses unshare, mount")
    #expect(doctor.finding("root-directory")?.state == .information)
    let fix = doctor.finding("\(step.description.name)")?.fix
    #expect(fix == "start elsewhere; sysctl -w kernel.unprivileged_userns_clone=1")
    let plain = Host.with(["/proc/self/mountinfo": "27 1 0:21 / / rw - ext4 /dev/vda rw\n"])
    #expect(Doctor(plain).finding("root-directory")?.state == .ok)
  }

  @Test("where one cause has several steps, the others point to it")
  func consequences() {
    var evidence = Host.with()
    evidence.rehearsal = Host.sealed(without: .mountNamespace, remedy: "as for user-namespace")
    #expect(Doctor(evidence).finding("mount-namespace")?.fix == "as for user-namespace")
    evidence.rehearsal = Host.sealed(without: .ipcNamespace)
    evidence.rehearsal.steps.removeAll { $0.step == .userNamespace }
    #expect(Doctor(evidence).finding("ipc-namespace")?.fix == "as for user-namespace")
  }

  @Test("a filter that would have ended the doctor is told of")
  func ended() {
    var evidence = Host.with(["/proc/self/status": "Seccomp:\t2\nSeccomp_filters:\t1\n"])
    evidence.filter.killing = "seccomp"
    evidence.filter.ended = ["seccomp", "personality"]
    #expect(
      Doctor(evidence).finding("outer-filter")?.detail
        == "seccomp mode 2, 1 filters; it ends a process for seccomp; it ended the probe at seccomp, personality")
  }

  @Test(
    "the device's group is joined where that helps, and changed where it doesn't",
    arguments: [
      (DeviceNode.present(owner: 0, group: 36, permissions: 0o660, isDevice: true), [1000], "usermod -aG kvm ann"),
      (
        .present(owner: 0, group: 0, permissions: 0o600, isDevice: true), [1000],
        "chgrp kvm /dev/kvm && chmod 660 /dev/kvm"
      ),
      (.present(owner: 0, group: 0, permissions: 0o660, isDevice: true), [1000], "chgrp kvm /dev/kvm"),
      (.present(owner: 0, group: 36, permissions: 0o640, isDevice: true), [1000], "chgrp kvm /dev/kvm && chmod 660"),
      (.present(owner: 0, group: 36, permissions: 0o660, isDevice: true), [1000, 36], "container or sandbox"),
      (.present(owner: 0, group: 36, permissions: 0o600, isDevice: true), [1000, 36], "chmod 660 /dev/kvm"),
      (.present(owner: 0, group: 0, permissions: 0o644, isDevice: false), [1000], "is no device here"),
      (.missing("No such file or directory"), [1000], "modprobe kvm_amd"),
    ])
  func device(_ row: (node: DeviceNode, groups: [UInt32], fix: String)) throws {
    var evidence = Host.with([
      "/etc/passwd": "root:x:0:0::/:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n",
      "/etc/group": "root:x:0:\nkvm:x:36:bob\n",
      "/proc/cpuinfo": "processor\t: 0\nflags\t\t: fpu svm\n",
    ])
    (evidence.kvmNode, evidence.groups) = (row.node, row.groups)
    evidence.kvm.refusal = "Could not open: /dev/kvm: Permission denied"
    evidence.rehearsal = Host.sealed(without: .virtualMachine)
    let finding = try #require(Doctor(evidence).finding("kvm-device"))
    #expect(finding.effect == .refused)
    #expect(finding.fix.contains(row.fix), "\(finding.fix)")
    #expect(Doctor(evidence).finding("virtual-machine")?.fix == finding.fix)
  }

  @Test(
    "a group without a name gets one before anybody joins it",
    arguments: [
      (
        "root:x:0:\n", UInt32(108),
        "join that group: groupadd -g 108 kvm && usermod -aG kvm ann, then log in anew"
      ),
      (
        "kvm:x:36:\n", 108,
        "join that group: groupadd -g 108 kvm108 && usermod -aG kvm108 ann, then log in anew"
      ),
      ("kvm:x:108:\n", 108, "join that group: usermod -aG kvm ann, then log in anew"),
      ("root:x:0:\n", 0, "groupadd -r kvm && chgrp kvm /dev/kvm && chmod 660 /dev/kvm, and a udev rule"),
      ("kvm:x:36:\n", 0, "chgrp kvm /dev/kvm && chmod 660 /dev/kvm, and a udev rule"),
    ])
  func groupName(_ groups: String, _ group: UInt32, _ fix: String) throws {
    var evidence = Host.with(["/etc/passwd": "ann:x:1000:1000::/home/ann:/bin/sh\n", "/etc/group": groups])
    (evidence.kvmNode, evidence.groups) = (.present(owner: 0, group: group, permissions: 0o660, isDevice: true), [1000])
    evidence.kvm.refusal = "Could not open: /dev/kvm: Permission denied"
    evidence.rehearsal = Host.sealed(without: .virtualMachine)
    #expect(Doctor(evidence).finding("kvm-device")?.fix.hasPrefix(fix) == true)
  }

  @Test(
    "what is advised about speculation is what this machine lacks",
    arguments: [
      ("fpu hypervisor", "quiet", "let the hypervisor expose", "boot"), ("ssbd stibp", "quiet", "prctl", "=off"),
      ("fpu", "mitigations=off", "boot without mitigations=off", "hypervisor"),
    ])
  func speculation(_ row: (flags: String, commandLine: String, has: String, hasNot: String)) throws {
    var evidence = Host.with([
      "/proc/cpuinfo": "flags\t: \(row.flags)\n", "/proc/cmdline": "\(row.commandLine)\n",
      "/sys/devices/system/cpu/vulnerabilities/spectre_v2": "Vulnerable\n",
    ])
    evidence.rehearsal = Host.sealed(without: .speculation)
    let fix = try #require(Doctor(evidence).finding("speculation")?.fix)
    #expect(fix.contains(row.has) && !fix.contains(row.hasNot), "\(fix)")
    let flaw = try #require(Doctor(evidence).finding("spectre_v2")?.fix)
    #expect(flaw.contains("boot without") == row.commandLine.contains("off"), "\(flaw)")
  }

  @Test("a limit on files that a console's file forbids isn't a filter's matter")
  func fileSize() {
    var evidence = Host.with()
    evidence.rehearsal = Host.sealed(
      without: .fileSizeLimit, reason: "standard output or standard error is a regular file")
    let fix = Doctor(evidence).finding("limit-fsize")?.fix
    #expect(fix == "send standard output and standard error to a pipe or the journal, not to a file")
  }

  @Test(
    "a module that is loaded needs no loading, and KVM without modules none at all",
    arguments: [
      (["kvm", "kvm_pvm"], "flags\t: fpu svm", "kvm_pvm is loaded, and only the node is missing: mknod /dev/kvm c 10"),
      (["kvm", "kvm_intel"], "flags\t: fpu vmx", "kvm_intel is loaded, and only the node is missing: mknod "),
      (["kvm"], "flags\t: fpu svm", "modprobe kvm_amd"),
      (["kvm"], "flags\t: fpu vmx", "modprobe kvm_intel"),
      (["kvm"], "Features\t: fp asimd", "a processor and firmware that start Linux at EL2"),
    ])
  func machineModule(_ modules: [String], _ flags: String, _ fix: String) {
    var evidence = Host.with(
      ["/proc/cpuinfo": "processor\t: 0\n\(flags)\n"], directories: ["/sys/module": modules])
    evidence.kvm.refusal = "Could not open: /dev/kvm: No such file or directory"
    evidence.rehearsal = Host.sealed(without: .virtualMachine)
    evidence.kvmNode = .missing("No such file or directory")
    #expect(Doctor(evidence).finding("kvm-device")?.fix.hasPrefix(fix) == true)
    evidence.kvmNode = .present(owner: 0, group: 0, permissions: 0o644, isDevice: false)
    let other = Doctor(evidence).finding("kvm-device")?.fix
    #expect(other?.hasPrefix("/dev/kvm is no device here: remove it; \(fix)") == true)
  }

  @Test(
    "everybody may open the TAP device",
    arguments: [
      (DeviceNode.present(owner: 0, group: 0, permissions: 0o600, isDevice: true), "chmod 666 /dev/net/tun"),
      (.present(owner: 0, group: 0, permissions: 0o666, isDevice: true), "container or sandbox"),
      (.missing("No such file or directory"), "modprobe tun"),
    ])
  func tapDevice(_ row: (node: DeviceNode, fix: String)) {
    var evidence = Host.with()
    (evidence.tunNode, evidence.tunRefusal) = (row.node, "Permission denied")
    #expect(Doctor(evidence).finding("tun-device")?.fix.contains(row.fix) == true)
    #expect(Doctor(evidence).verdict == .full)
  }

  @Test("no namespace can be forbidden in a user namespace that isn't there")
  func nested() {
    var evidence = Host.with()
    evidence.rehearsal = Host.sealed(without: .nestedNamespaces)
    evidence.rehearsal.steps.removeAll { $0.step == .userNamespace }
    #expect(Doctor(evidence).finding("nested-namespaces")?.fix == "as for user-namespace")
  }

  @Test("a capability of KVM's that is missing", arguments: Capability.all)
  func capability(_ capability: Capability) throws {
    var evidence = Host.with()
    evidence.kvm.answers[capability.name] = 0
    let (name, effect): (String, Loss.Effect) =
      switch capability.need {
      case .required: (capability.name, .refused)
      case .helps: (capability.name, .limited)
      case .narrows(let restriction): (restriction, .weaker)
      }
    if effect == .refused { evidence.rehearsal = Host.sealed(without: .virtualMachine) }
    let finding = try #require(Doctor(evidence).finding(name))
    #expect(finding.effect == effect && !finding.cost.isEmpty && !finding.fix.isEmpty)
    evidence.kvm.answers[capability.name] = nil
    #expect(Doctor(evidence).finding(name)?.state == .unknown)
  }

  @Test("bits that are wanted must all be set")
  func bits() {
    for capability in Capability.all where capability.wanted > 0 {
      #expect(capability.isThere(capability.wanted) && !capability.isThere(capability.wanted & (capability.wanted - 1)))
    }
  }

  @Test("what the machine really got goes before what the kernel offers")
  func restriction() {
    var evidence = Host.with()
    evidence.rehearsal.restrictions = [.init("pmu", unavailable: "Device or resource busy")]
    #expect(Doctor(evidence).finding("pmu")?.state == .missing)
    #expect(Doctor(evidence).status(strict: false) == 0 && Doctor(evidence).status(strict: true) == 1)
  }

  @Test(
    "limits are read in the kernel's words",
    arguments: [
      ("Max address space         unlimited            unlimited            bytes\n", HostState.ok),
      ("Max address space         536870912            unlimited            bytes\n", .missing),
      ("Max address space         99999999999          unlimited            bytes\n", .ok), ("", .unknown),
    ])
  func limits(_ text: String, _ state: HostState) {
    let finding = Doctor(Host.with(["/proc/self/limits": text])).finding("RLIMIT_AS")
    #expect(finding?.state == state)
    #expect(finding?.effect == (state == .missing ? .limited : Loss.Effect.none))
  }

  @Test(
    "a clock that needs a system call", arguments: [("tsc", true, true), ("hpet", true, false), ("tsc", false, false)])
  func clock(_ name: String, _ hasPage: Bool, _ isQuick: Bool) {
    var evidence = Host.with(["/sys/devices/system/clocksource/clocksource0/current_clocksource": "\(name)\n"])
    evidence.hasClockPage = hasPage
    #expect(Doctor(evidence).finding("clock")?.state == (isQuick ? .ok : .missing))
    #expect(Doctor(evidence).verdict == .full)
  }

  @Test(
    "the flavour of virtualisation",
    arguments: [
      (["kvm_amd"], "fpu svm", "kvm_amd, processor flag svm"),
      (["kvm_intel"], "vmx hypervisor", "nested: kvm_intel, processor flag vmx"),
      (["kvm_pvm"], "hypervisor", "PVM (kvm_pvm)"),
      ([], "fpu", "no vendor module"),
    ])
  func flavour(_ modules: [String], _ flags: String, _ words: String) {
    let evidence = Host.with(
      ["/proc/cpuinfo": "processor\t: 0\nflags\t\t: \(flags)\n"],
      directories: ["/sys/module": ["kvm"] + modules])
    #expect(Doctor(evidence).finding("virtualisation")?.detail.contains(words) == true)
  }

  @Test(
    "a flaw of the processor that guests could use is missing a mitigation, with what to do",
    arguments: [
      ("vmscape", "Vulnerable", HostState.missing), ("vmscape", "Mitigation: IBPB on VMEXIT", .ok),
      ("vmscape", "Not affected", .ok), ("vmscape", "", .unknown), ("l1tf", "Mitigation: PTE Inversion", .ok),
      ("mds", "Mitigation: Clear CPU buffers; SMT vulnerable", .missing),
      ("spec_rstack_overflow", "Vulnerable: Safe RET, no microcode", .missing),
      ("mds", "Mitigation: Clear CPU buffers; SMT Host state unknown", .unknown),
    ])
  func flaws(_ name: String, _ line: String, _ state: HostState) throws {
    let path = "/sys/devices/system/cpu/vulnerabilities/\(name)"
    let doctor = Doctor(Host.with(line.isEmpty ? [:] : [path: "\(line)\n"]))
    let finding = try #require(doctor.finding(name))
    #expect(finding.state == state)
    #expect(finding.effect == (state == .missing ? .weaker : Loss.Effect.none))
    #expect(finding.fix.isEmpty == (state != .missing))
    #expect(doctor.verdict == .full)
    #expect(doctor.status(strict: true) == (state == .missing ? 1 : 0))
  }

  @Test("each flaw has a finding of its own")
  func allFlaws() {
    let names = Doctor(Host.with()).findings.map(\.name)
    for flaw in ProcessorFlaw.all { #expect(names.contains(flaw.name)) }
  }

  @Test(
    "a shadow stack is told of where processor and kernel have one",
    arguments: [
      ("flags\t: fpu user_shstk", HostState.information), ("Features\t: fp gcs", .information),
      ("flags\t: fpu shstk", .notApplicable),
    ])
  func shadowStack(_ line: String, _ state: HostState) {
    #expect(Doctor(Host.with(["/proc/cpuinfo": "\(line)\n"])).finding("shadow-stack")?.state == state)
  }

  @Test("READ_IMPLIES_EXEC is what the tender refuses")
  func personality() {
    var evidence = Host.with()
    evidence.personality = 0x0400000
    evidence.rehearsal = Rehearsal(.full, reading: "failed\trefusing to run\n", status: 1, signal: 0)
    #expect(Doctor(evidence).finding("personality")?.effect == .refused)
  }

  @Test(
    "whose a TAP is",
    arguments: [
      (nil, nil, "0", true), (1000, nil, "0", true), (7, nil, "0", false), (nil, 36, "0", true), (nil, 7, "0", false),
      (7, 7, "1000", true),
    ] as [(UInt32?, UInt32?, String, Bool)])
  func taps(_ owner: UInt32?, _ group: UInt32?, _ capabilities: String, _ isOurs: Bool) {
    var evidence = Host.with(["/proc/self/status": "CapEff:\t000000000000\(capabilities)\n"])
    evidence.taps = ["tap0": .init(owner: owner, group: group)]
    let finding = Doctor(evidence).finding("tap-interfaces")
    #expect(finding?.state == (isOurs ? .ok : .missing))
    #expect(Doctor(evidence).verdict == .full)
  }

  @Test("a line has ten of many TAPs and their count")
  func manyTaps() throws {
    var evidence = Host.with(["/proc/self/status": "CapEff:\t0000000000001000\n"])
    for number in 100..<400 { evidence.taps["tap\(number)"] = .init(owner: nil, group: nil) }
    let finding = try #require(Doctor(evidence).finding("tap-interfaces"))
    #expect(finding.line.hasSuffix("tap108 tap109 … and 290 more"))
    #expect(finding.detail.hasSuffix("tap398 tap399") && Doctor(evidence).text(everything: true).contains(finding.line))
  }
}
