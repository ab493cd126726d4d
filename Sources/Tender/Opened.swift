import ABI
import CLinux
import Confinement
import Host
import Image
import Machine
import Text

/// The first stage: everything that the command line names is open, and nothing else.
package struct Opened: ~Copyable {
  let line: CommandLine
  let settings: Settings
  let file: FileBytes
  let image: UnikernelImage
  let digest: Digest?
  let attachments: Attachments
  let kvm: KVM
  /// The receipt's descriptor, which stays open until the process ends.
  let receipt: Int32?
  let memorySize: UInt64
  let block: FixedBlock
  let seal: Seal
  /// Lines for standard error.
  let notes: [Text]

  /// Opens what the command line names, in the order in which the reference tender complains.
  ///
  /// - Throws: the line to end with.
  package static func open(_ line: CommandLine, _ foundation: Foundation) throws(Failure) -> Opened {
    let file: FileBytes
    do throws(SystemError) {
      file = try FileBytes.read(line.kernel)
    } catch {
      throw Failure("\(line.kernel): Could not open: \(error.reason)")
    }
    let image = try parse(file, line)
    Timeline.mark("read and check the image")
    let settings = try Settings(line, manifest: image.manifest)
    guard line.guestArguments.count < GuestLayout.commandLineSize else {
      throw Failure("Guest command line too long (max=\(GuestLayout.commandLineSize - 1) characters)")
    }
    let digest = try digest(file, line, settings)
    let (memorySize, adjusted) = try MemorySize.bytes(mebibytes: settings.mebibytes)
    try settings.checkAttached(image.manifest)
    if let closed = foundation.closedDescriptor { throw Failure("@\(closed): no such descriptor was handed over") }
    let attachments = try Attachments(image.manifest, settings)
    var notes = attachments.notes
    if adjusted { notes.append("adjusting memory to \(memorySize) bytes") }
    Timeline.mark("options, devices")
    let kvm: KVM
    do throws(MachineError) { kvm = try KVM.open() } catch { throw Failure(error.message) }
    return Opened(
      line: line, settings: settings, file: file, image: image, digest: digest, attachments: attachments, kvm: kvm,
      receipt: try openReceipt(settings.receipt, attachments), memorySize: memorySize, block: foundation.block,
      seal: foundation.seal, notes: notes)
  }

  private static func parse(
    _ file: borrowing FileBytes, _ line: CommandLine
  ) throws(Failure) -> UnikernelImage {
    do throws(ImageError) {
      return try file.withSpan { (bytes) throws(ImageError) in
        try UnikernelImage(parsing: bytes, name: line.kernel, machine: .native)
      }
    } catch {
      throw Failure(error.message)
    }
  }

  /// The image's digest, computed only where somebody wants to know it.
  private static func digest(
    _ file: borrowing FileBytes, _ line: CommandLine, _ settings: Settings
  ) throws(Failure) -> Digest? {
    guard settings.imageDigest != nil || settings.receipt != nil else { return nil }
    let digest = file.withSpan { Digest(of: $0) }
    if let wanted = settings.imageDigest, wanted != digest {
      throw Failure("\(line.kernel): its SHA-256 is \(digest.text), --image-sha256 asks for \(wanted.text)")
    }
    return digest
  }

  /// Opens the receipt, empty until the tender is sealed; it must not be a disk, which emptying it would destroy.
  private static func openReceipt(_ place: Place?, _ attachments: Attachments) throws(Failure) -> Int32? {
    guard let place else { return nil }
    let name: Text
    switch place {
    case .descriptor(let given): name = "@\(given)"
    case .name(let path): name = path
    }
    do throws(SystemError) {
      switch place {
      case .descriptor(let given):
        guard try !attachments.hasDisk(FileStatus(of: given)) else { break }
        return given
      case .name(let path):
        let file = try Descriptor.open(path, O_WRONLY | O_CREAT | O_NOFOLLOW, mode: 0o600)
        let status = try FileStatus(of: file.raw)
        guard !attachments.hasDisk(status) else { break }
        if status.kind == .regular { try Kernel.call(.ftruncate, Int(file.raw), 0) }
        return file.disarm()
      }
    } catch {
      throw Failure("cannot open the receipt: \(name): \(error.reason)")
    }
    throw Failure("cannot open the receipt: \(name): it is attached as a disk")
  }
}
