import ABI
import CLinux
import Confinement
import Host
import Image
import Machine
import Policy
import Text

/// The stage behind `Loaded`: the tender is confined, except for its filter.
///
/// It holds trivial values only, because from here on nothing may be closed, unmapped or freed but the machine.
package struct Confined {
  let guest: Guest
  let filter: InstallableFilter
  let receipt: ReceiptFile?
  /// The limit on descriptors, nil where it isn't in force.
  let descriptorLimit: Int?

  /// Confines the tender, makes the virtual machine in its confinement, and writes the receipt.
  ///
  /// - Throws: the line to end with; no guest has run.
  package static func confine(_ loaded: consuming Loaded) throws(Failure) -> Confined {
    var loaded = loaded
    var seal = loaded.opened.groundwork.seal
    for note in loaded.opened.notes { seal.warn(note) }
    let isRoot: Bool
    do throws(SystemError) {
      isRoot = try Identity.owner().isRoot
    } catch {
      throw Failure("cannot tell whom the tender runs as: \(error.message)")
    }
    guard isRoot || loaded.opened.settings.user == nil else {
      throw Failure("only root can become another user: start as root, or leave out --user")
    }
    if let request = loaded.takeNetNamespace() {
      do throws(PreparedNetNamespace.Unfit) { try seal.joinNetNamespace(request) } catch {
        throw loaded.opened.line.netNamespace.failure("\(error.reason): \(error.remedy)")
      }
      Timeline.mark("net namespace")
    }
    do throws(Refusal) {
      try seal.enclose(as: loaded.opened.settings.user ?? .automatic)
    } catch {
      throw Failure(error.message)
    }
    return try makeMachine(loaded, seal)
  }

  private static func makeMachine(
    _ loaded: consuming Loaded, _ seal: consuming Seal
  ) throws(Failure) -> Confined {
    var seal = seal
    let restrictions: [Restriction]
    let runner: Runner
    do throws(MachineError) {
      guard let kvm = loaded.takeKVM() else { throw MachineError("the machine is made already") }
      var machine = try VirtualMachine.make(kvm, mayBeAnswered: seal.mayBeAnswered)
      Timeline.mark("make the VM")
      let cpu = try machine.makeVirtualCPU(kvm, in: loaded.opened.runArea, memory: loaded.memory)
      Timeline.mark("make the vCPU, MSR filter, RAM")
      let frequency = try cpu.prepare(
        kvm, &machine, entry: loaded.layout.entry, memory: loaded.memory)
      loaded.memory.writeBootInformation(
        kernelEnd: loaded.layout.kernelEnd, frequency: frequency, manifest: loaded.opened.attachments.manifest,
        arguments: loaded.opened.line.guestArguments)
      Timeline.mark("CPUID, registers")
      try cpu.prime()
      Timeline.mark("prime")
      restrictions = machine.restrictions
      runner = try cpu.disarm(as: loaded.placeholder.raw)
    } catch {
      throw Failure(Refusal(step: .virtualMachine, reason: error.message).message)
    }
    do throws(Refusal) {
      seal.record(.virtualMachine)
      try seal.closeLeftDescriptors(keeping: loaded.descriptors)
      try seal.limitResources(
        polled: FixedBlock.polledCount(devices: loaded.opened.attachments.table.polledCount),
        fileSize: Receipt.fileSizeLimit(loaded.longestFile, loaded.opened.receipt, loaded.opened.groundwork.log))
      try seal.sealMemory([loaded.opened.groundwork.block.region, loaded.memory.region])
    } catch {
      throw Failure(error.message)
    }
    return try finish(loaded, seal, runner, restrictions)
  }

  private static func finish(
    _ loaded: consuming Loaded, _ seal: consuming Seal, _ runner: Runner, _ restrictions: [Restriction]
  ) throws(Failure) -> Confined {
    var seal = seal
    if loaded.opened.settings.reportsCalls {
      do throws(SystemError) {
        seal.reportCalls(
          names: try CallNames(SystemCallName.bytes(of:)),
          fatalNumber: Int(Architecture.native.fatalNumber))
      } catch {
        throw Failure("cannot keep the names of system calls: \(error.message)")
      }
    }
    for warning in seal.warnings { Standard.complain(loaded.opened.line.program, warning) }
    let guest = Guest(
      runner: runner, memory: loaded.memory, block: loaded.opened.groundwork.block,
      devices: loaded.opened.attachments.table)
    if seal.isApplied(.pollDeadlines) { guest.block.endWaitsAtStops() }
    let confined = Confined(
      guest: guest, filter: loaded.filter.installable, receipt: loaded.opened.receipt,
      descriptorLimit: seal.isApplied(.descriptorLimit)
        ? FixedBlock.polledCount(devices: loaded.opened.attachments.table.polledCount) : nil)
    let hasLauncher: Bool
    do throws(SystemError) {
      hasLauncher = try loaded.opened.groundwork.parent.restore()
    } catch {
      throw Failure("cannot ask again for the launcher's parent-death signal: \(error.message)")
    }
    guard hasLauncher else { throw Failure("the launcher has died") }
    try loaded.opened.attachments.checkLocks()
    do throws(Refusal) {
      try writeReceipt(loaded, &seal, runner, restrictions)
    } catch {
      throw Failure(error.message)
    }
    loaded.disarm()
    Timeline.mark("limits, receipt")
    return confined
  }

  private static func writeReceipt(
    _ loaded: borrowing Loaded, _ seal: inout Seal, _ runner: Runner, _ restrictions: [Restriction]
  ) throws(Refusal) {
    guard let receipt = loaded.opened.receipt else { return }
    seal.record(.receipt)
    seal.record(.filter)
    do throws(SystemError) {
      try receipt.write(
        try Receipt.text(loaded, seal, runner, restrictions), witness: loaded.filter.policy.witness)
      // The limit had room for it, which isn't needed any more.
      if receipt.status.kind == .regular, seal.isApplied(.fileSizeLimit) {
        try seal.lowerFileSizeLimit(to: loaded.longestFile)
      }
    } catch {
      receipt.withdraw()
      throw Refusal(step: .receipt, reason: error.message)
    }
  }
}

/// The last stage: the filter is in force, and what is left to do is to run the guest.
package struct Sealed {
  package let guest: Guest

  /// Leaves no descriptor's number free, and installs the filter.
  ///
  /// A refusal withdraws the receipt, because a receipt with text in it means that the tender was sealed.
  package static func install(_ confined: Confined) -> Sealed {
    if let limit = confined.descriptorLimit {
      do throws(SystemError) { try FreeDescriptors.fill(below: limit) } catch {
        refuse(confined, .descriptorLimit) { $0.append(error, "allow fcntl(F_DUPFD_CLOEXEC)") }
      }
    }
    do throws(InstallationError) {
      if !Omission.concerns(.filter) { try confined.filter.install() }
    } catch {
      refuse(confined, .filter) { line in
        switch error {
        case .refused(let refusal): line.append(refusal, Step.filter.description.remedy)
        case .pretended:
          line.append(InstallationError.pretence)
          line.append(": ")
          line.append(InstallationError.remedy)
        }
      }
    }
    return Sealed(guest: confined.guest)
  }

  private static func refuse(_ confined: Confined, _ step: Step, _ reason: (inout Diagnostic) -> Void) -> Never {
    confined.receipt?.withdraw()
    confined.guest.end { line in
      line.append("cannot seal: ")
      line.append(step.description.name)
      line.append(": ")
      reason(&line)
    }
  }

  /// Runs the guest until it ends, and the tender with it.
  ///
  /// The loop allocates nothing, takes no lock and frees nothing.
  package consuming func run() -> Never {
    var guest = guest
    while true {
      switch guest.runner.run(memorySize: guest.memory.size) {
      case .hypercall(let call, let address): guest.serve(call, at: address)
      case let exit: guest.end(after: exit)
      }
    }
  }
}

extension Diagnostic {
  /// Appends what the kernel said, and what to do.
  fileprivate mutating func append(_ refusal: SystemError, _ remedy: StaticString) {
    append(refusal.call)
    append(": ")
    append(errorNumber: refusal.code)
    append(": ")
    append(remedy)
  }
}
