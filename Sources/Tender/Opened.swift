package import ABI
import CLinux
import Confinement
import Host
import Image
import Machine
import Text

/// The stage behind `Groundwork`: everything that the command line names is open, and nothing else.
package struct Opened: ~Copyable {
  let line: CommandLine
  let settings: Settings
  /// The image's file, until the guest is loaded.
  var file: FileBytes?
  let image: UnikernelImage
  let digest: Digest?
  let attachments: Attachments
  /// Until the machine is made.
  var kvm: KVM?
  /// Where the vCPU's run area is going to be.
  let runArea: RunArea
  let receipt: ReceiptFile?
  /// Until the tender is confined.
  var netNamespace: NetNamespaceRequest?
  /// When this process started, for the receipt; it can't be asked from the empty root.
  let startTime: UInt64?
  let memorySize: UInt64
  let groundwork: Groundwork
  /// Lines for standard error.
  let notes: [Text]

  /// Opens what the command line names: the image first, and the rest once all options are known to be right.
  ///
  /// - Throws: the line to end with.
  package static func open(_ line: CommandLine, _ groundwork: Groundwork) throws(Failure) -> Opened {
    var file = try read(line, memorySize: (try? MemorySize.bytes(mebibytes: line.mebibytes))?.size ?? 0)
    let image = try parse(file, line)
    Timeline.mark("read and check the image")
    let settings = try Settings(line, manifest: image.manifest)
    guard line.guestArguments.count < GuestLayout.commandLineSize else {
      throw Failure("Guest command line too long (max=\(GuestLayout.commandLineSize - 1) characters)")
    }
    let digest = try digest(file, line, settings)
    // Closing it gives up the locks that this process has on it, and it may be a disk too, one that is only read.
    file.close()
    let (memorySize, adjusted) = try MemorySize.bytes(mebibytes: settings.mebibytes)
    try settings.checkAttached(image.manifest)
    try groundwork.checkNamed(line.namedDescriptors)
    let attachments = try Attachments(image.manifest, settings, image: file.status)
    var notes = attachments.notes
    if adjusted { notes.append("adjusting memory to \(memorySize) bytes") }
    Timeline.mark("options, devices")
    let kvm: KVM
    let runArea: RunArea
    do throws(MachineError) { kvm = try KVM.open() } catch { throw Failure(error.message) }
    do throws(MachineError) { runArea = try RunArea(for: kvm) } catch {
      throw Failure(Refusal(step: .virtualMachine, reason: error.message).message)
    }
    let receipt: ReceiptFile?
    if let place = line.receipt { receipt = try place.open(attachments, image: file.status) } else { receipt = nil }
    let netNamespace = try line.netNamespace.open(attachments, receipt)
    var startTime: UInt64?
    if receipt != nil {
      do throws(SystemError) { startTime = try StartTime.own() } catch {
        throw Failure("cannot tell when the tender started: \(error.message)")
      }
    }
    return Opened(
      line: line, settings: settings, file: file, image: image, digest: digest, attachments: attachments, kvm: kvm,
      runArea: runArea, receipt: receipt, netNamespace: netNamespace, startTime: startTime, memorySize: memorySize,
      groundwork: groundwork, notes: notes)
  }

  /// Makes the checks of `open` that need no KVM, for a program that runs the tender elsewhere: on options, disks and
  /// receipt.
  ///
  /// A receipt that is a file is emptied.
  ///
  /// - Throws: the line that the tender would end with.
  package static func rehearse(_ line: CommandLine, manifest: Manifest) throws(Failure) {
    let settings = try check(line, manifest: manifest)
    let image: FileStatus
    do throws(SystemError) { image = try FileStatus(at: line.kernel) } catch {
      throw Failure("\(line.kernel): Could not open: \(error.reason)")
    }
    let attachments = try Attachments(manifest, settings, image: image)
    if let place = line.receipt { _ = try place.open(attachments, image: image) }
  }

  /// Makes the checks of `open` that open nothing: on options and arguments, and on how they fit the image.
  ///
  /// - Returns: what the options come to.
  /// - Throws: the line that the tender would end with.
  package static func check(_ line: CommandLine, manifest: Manifest) throws(Failure) -> Settings {
    let settings = try Settings(line, manifest: manifest)
    guard line.guestArguments.count < GuestLayout.commandLineSize else {
      throw Failure("Guest command line too long (max=\(GuestLayout.commandLineSize - 1) characters)")
    }
    _ = try MemorySize.bytes(mebibytes: settings.mebibytes)
    try settings.checkAttached(manifest)
    return settings
  }

  /// Reads what the loader looks at, and of the segments no more than guest memory holds.
  private static func read(_ line: CommandLine, memorySize: UInt64) throws(Failure) -> FileBytes {
    do throws(SystemError) {
      var file = try FileBytes(opening: line.kernel)
      try file.read([ImageParts.header])
      try file.read(file.withSpan { ImageParts.table(in: $0, machine: .native) })
      try file.read(file.withSpan { ImageParts.contents(in: $0, machine: .native, memorySize: memorySize) })
      return file
    } catch {
      throw Failure("\(line.kernel): Could not open: \(error.reason)")
    }
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
    guard settings.imageDigest != nil || line.receipt != nil else { return nil }
    let digest: Digest
    do throws(SystemError) {
      digest = try file.digest()
    } catch {
      throw Failure("\(line.kernel): cannot be read: \(error.reason)")
    }
    if let wanted = settings.imageDigest, wanted != digest {
      throw Failure("\(line.kernel): its SHA-256 is \(digest.text), --image-sha256 asks for \(wanted.text)")
    }
    return digest
  }
}
