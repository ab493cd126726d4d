package import ABI
import CLinux
package import Host
package import Image
import Policy
package import Text

/// A unikernel's file, as far as it tells without running.
package struct Unikernel: Sendable {
  package let path: String
  package let size: Int
  /// The digest; nil if it wasn't asked for.
  package let digest: Digest?
  package let machine: ELFMachine
  package let image: UnikernelImage
  package let layout: Layout
  /// The segments that hold only zeros.
  ///
  /// The tender, like Solo5's, treats their memory as memory of no segment.
  package let zeros: [ZeroSegment]

  /// The guest memory that the layout is checked against: the tender's default.
  package static let memorySize = Bounds.usualMemory

  /// Reads and checks a file, for either architecture.
  ///
  /// It reads the header first. Of a file that isn't a unikernel, or of a large one, it reads no more than it looks at.
  /// The digest takes all of the file, and nothing of it is kept.
  ///
  /// - Throws: `Complaint` with the file's name and the reason why it isn't a unikernel.
  package init(reading path: String, digested: Bool = false) throws(Complaint) {
    let name = Text(path)
    let file: FileBytes
    do throws(SystemError) { file = try Self.read(name) } catch {
      throw Complaint("\(path): Could not open: \(String(error.reason))")
    }
    let machine = file.withSpan { Self.machine($0) }
    do throws(ImageError) {
      image = try file.withSpan { (bytes) throws(ImageError) in
        try UnikernelImage(parsing: bytes, name: name, machine: machine)
      }
      layout = try image.layout(memorySize: Self.memorySize)
    } catch {
      throw Complaint(String(error.message))
    }
    do throws(SystemError) { digest = digested ? try file.digest() : nil } catch {
      throw Complaint("\(path): cannot be read: \(String(error.reason))")
    }
    zeros = file.withSpan { ImageParts.zeros(in: $0, machine: machine) }
    size = file.count
    self.path = path
    self.machine = machine
  }

  /// Reads header, tables and notes.
  private static func read(_ name: Text) throws(SystemError) -> FileBytes {
    var file = try FileBytes(opening: name)
    try file.read([ImageParts.header])
    let machine = file.withSpan { Self.machine($0) }
    try file.read(file.withSpan { ImageParts.table(in: $0, machine: machine) })
    try file.read(file.withSpan { ImageParts.notes(in: $0, machine: machine) })
    return file
  }

  /// The machine by the header; the native one if Brig doesn't know the header's.
  private static func machine(_ bytes: RawSpan) -> ELFMachine {
    bytes.read(UInt16.self, at: 18).flatMap { ELFMachine(rawValue: $0) } ?? .native
  }

  /// The devices that it declares.
  package var devices: [(handle: Int, entry: Manifest.Entry)] {
    image.manifest.entries.enumerated().filter { !$0.element.device.type.isReserved }.map { ($0.offset, $0.element) }
  }

  /// The selection for this unikernel: its manifest's devices, all writable.
  package var selection: Selection {
    var selection = Selection(architecture: Architecture(machine))
    selection.add(image.manifest)
    return selection
  }
}
