import CLinux
import Confinement
import Host
import Text

/// Where a receipt goes, and which files must not be emptied for it.
///
/// The tender removes what an earlier start left there before anything of this start can fail. So nobody reads a
/// receipt of another tender. It destroys nothing else: it refuses a file that holds anything but a receipt. It also
/// refuses the receipt of a running tender, which has a lock on it.
package struct ReceiptPlace {
  /// The place; the last option counts, also if another option is malformed.
  package let place: Place
  /// What options name as a disk, even one that another option replaces.
  private let disks: [Place]
  private let kernel: Text?

  /// Finds the receipt among options, malformed ones too; nil where there is none.
  init?(_ options: ArraySlice<[UInt8]>, kernel: Text?) {
    var last: Place?
    var disks: [Place] = []
    for argument in options {
      switch try? Option.parse(Text(bytes: argument)) {
      case .receipt(let place): last = place
      case .block(_, let place): disks.append(place)
      default: continue
      }
    }
    guard let last else { return nil }
    place = last
    self.disks = disks
    self.kernel = kernel
  }

  /// Empties a file; what a launcher's descriptor holds is the launcher's.
  ///
  /// - Throws: the line to end with, where the file isn't a receipt's.
  func clear() throws(Failure) {
    guard case .name(let path) = place, let status = try? FileStatus(at: path, following: false),
      status.kind == .regular, status.size > 0
    else { return }
    if let conflict = try conflict(status, path) { throw problem(conflict) }
    let used: Text?
    do throws(SystemError) {
      let file = try Descriptor.open(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK)
      guard try FileStatus(of: file.raw).isSame(as: status) else { throw SystemError(call: "open", code: ESTALE) }
      used = FileLock.claim(file.raw, status)
      if used == nil { try Self.empty(file.raw) }
    } catch {
      throw problem(error.reason)
    }
    if let used { throw problem(used) }
  }

  /// Opens the receipt, which says nothing until the tender is sealed.
  ///
  /// - Throws: the line to end with.
  func open(_ attachments: Attachments, image: FileStatus) throws(Failure) -> ReceiptFile {
    guard !place.namesDescriptor else { throw problem(Place.adviceForDescriptor) }
    let reason: Text
    do throws(SystemError) {
      let file = try openFile()
      let status = try FileStatus(of: file.raw)
      guard let conflict = conflict(file.raw, status, attachments, image: image) else {
        if case .name = place { try Kernel.call(.fcntl, Int(file.raw), Int(F_SETFL), 0) }
        return try ReceiptFile(file.disarm())
      }
      reason = conflict
    } catch {
      throw problem(error.reason)
    }
    throw problem(reason)
  }

  private func openFile() throws(SystemError) -> Descriptor {
    switch place {
    case .descriptor(let given): Descriptor(owning: given)
    // A pipe without a reader must not hold the tender up.
    case .name(let path): try Descriptor.open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK, mode: 0o600)
    }
  }

  /// Why a file that is open can't be the receipt; one that can is locked from then on.
  private func conflict(
    _ descriptor: Int32, _ status: FileStatus, _ attachments: Attachments, image: FileStatus
  ) -> Text? {
    if status.isSame(as: image) { return Self.image }
    return attachments.use(of: descriptor, status) ?? Self.unfit(status) ?? FileLock.claim(descriptor, status)
      ?? filled(status)
  }

  /// What a file that was emptied holds has come from somebody else since; a launcher's descriptor may hold anything.
  private func filled(_ status: FileStatus) -> Text? {
    guard case .name = place, status.kind == .regular, status.size > 0 else { return nil }
    return "somebody else has written to it"
  }

  /// A filter that answers the call without making it isn't believed.
  private static func empty(_ descriptor: Int32) throws(SystemError) {
    try Kernel.call(.ftruncate, Int(descriptor), 0)
    guard try FileStatus(of: descriptor).size == 0 else { throw SystemError(call: "ftruncate", code: ENOSYS) }
  }

  private func problem(_ reason: Text) -> Failure { Failure("cannot open the receipt: \(place.text): \(reason)") }

  private static var image: Text { "it is the image" }

  /// Why a file isn't emptied, though nothing of the launch has been opened yet.
  private func conflict(_ status: FileStatus, _ path: Text) throws(Failure) -> Text? {
    if let kernel, let image = try? FileStatus(at: kernel), image.isSame(as: status) { return Self.image }
    for disk in disks {
      let other: FileStatus?
      switch disk {
      case .name(let path): other = try? FileStatus(at: path)
      case .descriptor(let given): other = try? FileStatus(of: given)
      }
      if let other, other.isSame(as: status) { return "it is named as a disk: \(disk.text)" }
    }
    if let reason = Self.unfit(status) { return reason }
    return Self.isReceipt(path) ? nil : "it holds something else than a receipt"
  }

  /// What no receipt goes to: a block device, and a file that text is written to, which would lie over it, the guest's
  /// own.
  private static func unfit(_ status: FileStatus) -> Text? {
    if status.kind == .blockDevice { return "it is a block device" }
    for console in 1...2 as ClosedRange<Int32> {
      guard status.kind == .regular, let output = try? FileStatus(of: console), status.isSame(as: output) else {
        continue
      }
      return "standard output or standard error goes there: the guest could write what it likes"
    }
    return nil
  }

  /// Whether a file begins as receipts do, also where it ends before that: one may have been cut.
  ///
  /// What can't be read counts as something else.
  private static func isReceipt(_ path: Text) -> Bool {
    guard let file = try? Descriptor.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK) else { return false }
    var bytes = [UInt8](repeating: 0, count: DocumentKind.receipt.beginning.bytes.count)
    let count = unsafe bytes.withUnsafeMutableBytes {
      // SAFETY: the kernel writes at most the buffer's bytes.
      Kernel.raw(.pread64, Int(file.raw), Int(bitPattern: $0.baseAddress), $0.count, 0)
    }
    return count >= 0 && DocumentKind.receipt.beginning.bytes.starts(with: bytes.prefix(count))
  }
}
