import ABI
import CLinux
import Confinement
import Host
import Image
import Machine
package import Policy
import Text

/// The stage behind `Opened`: the guest is in its memory, and the filter is compiled and proved.
package struct Loaded: ~Copyable {
  private(set) var opened: Opened
  let memory: GuestMemory
  let layout: Layout
  /// The number that the vCPU's descriptor will have, held by a placeholder until then.
  let placeholder: Descriptor
  let filter: Filter

  /// The filter and what is known of it.
  struct Filter {
    let installable: InstallableFilter
    let policy: Policy
    let proof: Proof
  }

  /// Loads the guest and makes the filter.
  ///
  /// - Throws: the line to end with.
  package static func load(_ opened: consuming Opened) throws(Failure) -> Loaded {
    Timeline.mark("open KVM")
    let layout = try layOut(opened)
    // Whatever happens from here on, the image's pages aren't needed for it.
    guard let file = opened.file.take() else { throw Failure("the image is loaded already") }
    let memory: GuestMemory
    let placeholder: Descriptor
    do throws(SystemError) {
      memory = try map(file, layout, size: opened.memorySize, hugePages: opened.line.hugePages == .on)
      placeholder = try Descriptor(
        owning: FreeDescriptors.take(
          behind: FixedBlock.polledCount(devices: opened.attachments.table.polledCount)))
    } catch {
      throw Failure("cannot make guest memory: \(error.message)")
    }
    Timeline.mark("map and load guest memory")
    let witness = opened.groundwork.seal.mayBeAnswered ? Witness(drawnFrom: Chance.bytes) : nil
    let filter = try makeFilter(launch(opened, memory, vcpu: placeholder.raw, witness))
    return Loaded(opened: opened, memory: memory, layout: layout, placeholder: placeholder, filter: filter)
  }

  /// What the policy was bound to.
  package var launch: Launch { Self.launch(opened, memory, vcpu: placeholder.raw, filter.policy.witness) }

  private static func launch(
    _ opened: borrowing Opened, _ memory: GuestMemory, vcpu: Int32, _ witness: Witness?
  ) -> Launch {
    let runArea = opened.runArea.region
    return Launch(
      mode: opened.settings.reportsCalls ? .report : .kill, vcpu: UInt64(vcpu),
      runArea: UInt64(runArea.lowerBound), runAreaSize: UInt64(runArea.count),
      fixedBlock: UInt64(opened.groundwork.block.start), memory: UInt64(memory.base), window: memory.window,
      devices: opened.attachments.attached, witness: witness)
  }

  /// Hands over what the machine is made from.
  mutating func takeKVM() -> KVM? { opened.kvm.take() }

  /// Hands over what is asked for the net namespace.
  mutating func takeNetNamespace() -> NetNamespaceRequest? { opened.netNamespace.take() }

  /// The longest file that the sealed tender may write, in bytes.
  var longestFile: UInt64 { max(opened.attachments.largestDisk, opened.groundwork.log?.sizeLimit ?? 0) }

  /// What the sealed tender keeps open besides 0, 1 and 2.
  var descriptors: [Int32] {
    let receipt = opened.receipt.map { [$0.descriptor] } ?? []
    return opened.attachments.attached.map { Int32(truncatingIfNeeded: $0.descriptor) } + [placeholder.raw] + receipt
  }

  /// Lets go of what the sealed tender has no use for; the vCPU has taken the placeholder's number.
  consuming func disarm() {
    _ = placeholder.disarm()
  }

  private static func layOut(_ opened: borrowing Opened) throws(Failure) -> Layout {
    let layout: Layout
    do throws(ImageError) {
      layout = try opened.image.layout(memorySize: opened.memorySize)
    } catch {
      throw Failure(error.message)
    }
    let page = Mapping.pageSize
    guard let segment = layout.unprotectable(hostPage: UInt64(page)) else { return layout }
    let place: Text = "its segment at 0x\(hex: segment.memory.lowerBound.rawValue)"
    let remedy: Text = "link it with -z max-page-size=65536"
    throw Failure("\(opened.line.kernel): \(place) does not fit this host's pages of \(page) bytes: \(remedy)")
  }

  private static func map(
    _ file: consuming FileBytes, _ layout: Layout, size: UInt64, hugePages: Bool
  ) throws(SystemError) -> GuestMemory {
    var memory = try GuestMemory(size: size, segments: layout.segments.count, hugePages: hugePages)
    try file.withSpan { (bytes) throws(SystemError) in try memory.load(layout, from: bytes) }
    memory.writePageTables()
    return memory
  }

  private static func makeFilter(_ launch: Launch) throws(Failure) -> Filter {
    let policy: Policy
    do throws(PolicyError) { policy = try Policy(of: launch) } catch { throw Failure(error.message) }
    Timeline.mark("read and bind the policy")
    var program: Program
    do throws(SystemError) {
      program = try Program(compiling: policy)
    } catch {
      throw Failure("cannot compile the policy: \(error.message)")
    }
    Omission.spoil(&program)
    Timeline.mark("compile the filter")
    let proof: Proof
    do throws(Refutation) {
      proof = try Proof(of: program, against: policy)
    } catch {
      throw Failure("the seccomp filter is not what the policy says: \(error.message)")
    }
    Timeline.mark("prove the filter")
    do throws(SystemError) {
      return Filter(installable: try InstallableFilter(program, witness: policy.witness), policy: policy, proof: proof)
    } catch {
      throw Failure("cannot keep the seccomp filter: \(error.message)")
    }
  }
}
