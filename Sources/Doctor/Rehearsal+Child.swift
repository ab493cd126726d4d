import ABI
import CLinux
import Confinement
import Host
import Machine
import Policy
import Tender
import Text

extension Rehearsal {
  /// Seals a child as `brig-hvt` seals itself, and once more with `--confine=fallback` where that would help.
  static func performed() -> Rehearsal {
    let whole = perform(.full)
    return whole.wantsFallback ? perform(.fallback) : whole
  }

  private static func perform(_ confinement: Confinement) -> Rehearsal {
    do throws(SystemError) {
      let (text, end) = try ChildProcess.listen { Child(confinement).seal() }
      return Rehearsal(confinement, reading: text, status: end.status, signal: end.signal)
    } catch {
      return Rehearsal(confinement, reading: "failed\tno child process can be made", status: 1, signal: 0)
    }
  }

  /// The child: the tender's way from its groundwork to its filter, without an image, devices and a receipt.
  ///
  /// It goes on without a machine, which tells whether the seal alone would be had.
  private struct Child {
    private let confinement: Confinement
    private static let name = "brig-hvt"

    init(_ confinement: Confinement) { self.confinement = confinement }

    func seal() -> Never {
      do throws(Failure) {
        let filter = try prepare()
        // Nothing is freed from here on; the status says whether the filter is in force.
        do throws(InstallationError) { try filter.install() } catch {
          let reason =
            switch error {
            case .refused(let refusal): String(refusal.message)
            case .pretended: "\(InstallationError.pretence)"
            }
          say(.refused, [name(.filter), reason])
          Process.exit(1)
        }
        Process.exit(0)
      } catch {
        say(.failed, [String(error.message)])
      }
      Process.exit(1)
    }

    /// Writes a line of fields; what isn't printable is escaped, so that a line stays one.
    private func say(_ topic: Topic, _ fields: [String]) {
      let words = [topic.rawValue] + fields.map { String(Text($0).printable) }
      Standard.say(Text(words.joined(separator: "\t") + "\n"))
    }

    private func prepare() throws(Failure) -> InstallableFilter {
      let words = [Self.name, "--confine=\(confinement.name)", "guest"]
      guard case .run(let line) = CommandLine.parse(words.map { Array($0.utf8) }) else {
        throw Failure("the command line isn't understood")
      }
      let groundwork = try Groundwork.lay(line)
      var seal = groundwork.seal
      seal.explainsForgiven = true
      let kvm = openMachine()
      let runArea = makeRunArea(kvm)
      let memory: GuestMemory
      let number: Int32
      do throws(SystemError) {
        memory = try GuestMemory(size: MemorySize.usualMebibytes << 20, segments: 1)
        // The number that the vCPU's descriptor will have stays taken for the rest of this process's life.
        number = Int32(try Kernel.call(.fcntl, 0, Int(CLINUX_F_DUPFD_CLOEXEC), 3))
      } catch {
        throw Failure("cannot make guest memory: \(error.message)")
      }
      let filter = try makeFilter(
        // Without KVM there is no machine to destroy.
        groundwork.block, memory, vcpu: number, runArea: runArea?.region ?? groundwork.block.region)
      let request = try line.netNamespace.open(nil, nil)
      do throws(PreparedNetNamespace.Unfit) { try seal.joinNetNamespace(request) } catch {
        throw line.netNamespace.failure("\(error.reason): \(error.remedy)")
      }
      do throws(Refusal) {
        try seal.enclose(as: .automatic)
        if let made = try makeMachine(kvm, runArea, memory, as: number) {
          seal.record(.virtualMachine)
          for restriction in made { say(.restriction, "\(restriction.name)", [restriction.unavailable]) }
        }
        try seal.limitResources(polled: FixedBlock.polledCount(devices: 0), fileSize: Self.fileSize)
        try seal.sealMemory([groundwork.block.region, memory.region])
        seal.record(.filter)
      } catch {
        report(seal)
        say(.refused, name(error.step), [error.reason, error.remedy])
        Process.exit(1)
      }
      report(seal)
      return filter
    }

    /// The size of a file that the tender writes: a small disk's, or the longest receipt's.
    private static let fileSize: UInt64 = 1 << 20

    private func openMachine() -> KVM? {
      do throws(MachineError) {
        return try KVM.open()
      } catch {
        say(.refused, name(.virtualMachine), [error.message])
        return nil
      }
    }

    private func makeRunArea(_ kvm: borrowing KVM?) -> RunArea? {
      do throws(MachineError) {
        switch kvm {
        case .some(let kvm): return try RunArea(for: kvm)
        case nil: return nil
        }
      } catch {
        say(.refused, name(.virtualMachine), [error.message])
        return nil
      }
    }

    private func makeFilter(
      _ block: FixedBlock, _ memory: GuestMemory, vcpu: Int32, runArea: Range<UInt>
    ) throws(Failure) -> InstallableFilter {
      do {
        let policy = try Policy(
          of: Launch(
            vcpu: UInt64(vcpu), runArea: UInt64(runArea.lowerBound), runAreaSize: UInt64(runArea.count),
            fixedBlock: UInt64(block.start), memory: UInt64(memory.base), window: memory.window, devices: [],
            witness: OuterFilter.isAbsent ? nil : Witness(drawnFrom: Chance.bytes)))
        let program = try Program(compiling: policy)
        _ = try Proof(of: program, against: policy)
        return try InstallableFilter(program, witness: policy.witness)
      } catch {
        throw Failure("the seccomp filter can't be made")
      }
    }

    private func makeMachine(
      _ kvm: consuming KVM?, _ runArea: RunArea?, _ memory: GuestMemory, as number: Int32
    ) throws(Refusal) -> [Restriction]? {
      guard let kvm, let runArea else { return nil }
      do throws(MachineError) {
        var machine = try VirtualMachine.make(kvm, mayBeAnswered: !OuterFilter.isAbsent)
        let cpu = try machine.makeVirtualCPU(kvm, in: runArea, memory: memory)
        _ = try cpu.prepare(kvm, &machine, entry: GuestLayout.lowestLoadAddress, memory: memory)
        try cpu.prime()
        let restrictions = machine.restrictions
        _ = try cpu.disarm(as: number)
        return restrictions
      } catch {
        throw Refusal(step: .virtualMachine, reason: error.message)
      }
    }

    private func report(_ seal: Seal) {
      for entry in seal.records {
        say(.step, name(entry.step), [entry.unavailable, entry.remedy])
      }
      for warning in seal.warnings { say(.warning, [String(warning)]) }
      say(.landlock, ["\(seal.landlockVersion)"])
      switch seal.netNamespace {
      case .prepared(let inode): say(.preparedNetNamespace, ["\(inode)"])
      case .own(let reason):
        say(.ownNetNamespace, [reason, seal.netNamespaceRemedy].compactMap { $0.map { String($0) } })
      }
    }

    private func name(_ step: Step) -> String { "\(step.description.name)" }

    private func say(_ topic: Topic, _ name: String, _ details: [Text?]) {
      say(topic, [name] + details.compactMap { $0.map { String($0) } })
    }
  }
}
