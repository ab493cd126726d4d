import CLinux
import Confinement
import Host
import Text

/// Where a receipt is to go, and what must not be taken for it.
///
/// What an earlier start left there goes before anything of this one can fail, so that whoever reads a receipt isn't told of
/// another tender. Nothing else is destroyed: neither the image nor a disk, nor what the console goes to.
package struct ReceiptPlace {
  /// Of several the last one counts, wherever an option is malformed.
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
    do throws(SystemError) {
      let file = try Descriptor.open(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK)
      guard try FileStatus(of: file.raw).isSame(as: status) else { throw SystemError(call: "open", code: ESTALE) }
      try Self.empty(file.raw)
    } catch {
      throw problem(error.reason)
    }
  }

  /// Opens the receipt, which says nothing until the tender is sealed.
  ///
  /// - Throws: the line to end with.
  func open(_ attachments: Attachments, image: FileStatus) throws(Failure) -> ReceiptFile {
    guard !place.namesDescriptor else { throw problem(Place.adviceForDescriptor) }
    let conflict: Text?
    do throws(SystemError) {
      let file: Descriptor
      switch place {
      case .descriptor(let given): file = Descriptor(owning: given)
      // A pipe without a reader must not hold the tender up.
      case .name(let path): file = try Descriptor.open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK, mode: 0o600)
      }
      let status = try FileStatus(of: file.raw)
      if status.isSame(as: image) {
        conflict = Self.image
      } else {
        conflict = attachments.use(of: file.raw, status) ?? Self.unfit(status)
      }
      if conflict == nil {
        if case .name = place {
          try Kernel.call(.fcntl, Int(file.raw), Int(F_SETFL), 0)
          if status.kind == .regular { try Self.empty(file.raw) }
        }
        return try ReceiptFile(file.disarm())
      }
    } catch {
      throw problem(error.reason)
    }
    throw problem(conflict ?? "")
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
    return Self.unfit(status) ?? (Self.isExecutable(path) ? "it is an executable" : nil)
  }

  /// What no receipt goes to: a block device, and a file that text is written to, which would lie over it, the guest's own.
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

  /// Whether a file begins like an image, which it may be whatever the command line has forgotten.
  private static func isExecutable(_ path: Text) -> Bool {
    guard let file = try? Descriptor.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK) else { return false }
    var magic: UInt32 = 0
    let count = unsafe withUnsafeMutablePointer(to: &magic) {
      // SAFETY: the kernel writes at most the four bytes.
      Kernel.raw(.pread64, Int(file.raw), Int(bitPattern: $0), 4, 0)
    }
    return count == 4 && magic.littleEndian == 0x464c_457f
  }
}
