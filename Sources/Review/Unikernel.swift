package import ABI
import CLinux
package import Host
package import Image
import Policy
package import Text

/// A unikernel's file, as far as it can be told without running it.
package struct Unikernel: Sendable {
  package let path: String
  package let size: Int
  /// Nil where nobody asked for it.
  package let digest: Digest?
  package let machine: ELFMachine
  package let image: UnikernelImage
  package let layout: Layout
  /// The segments that are all zeros: the tender, as Solo5's, leaves their memory as any that no segment claims.
  package let zeros: [ZeroSegment]

  /// The guest memory that the layout is checked against: the tender's default.
  package static let memorySize = Bounds.usualMemory

  /// Reads and checks a file, for whichever architecture it is.
  ///
  /// The header comes first: of a file that is none, or of a large one, no more is read than is looked at. The digest
  /// takes all of the file, of which nothing is kept.
  ///
  /// - Throws: `Complaint` with the file's name and what keeps it from being a unikernel.
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

  /// The machine in the header's place for it; the native one where there is none that Brig knows.
  private static func machine(_ bytes: RawSpan) -> ELFMachine {
    bytes.read(UInt16.self, at: 18).flatMap { ELFMachine(rawValue: $0) } ?? .native
  }

  /// The devices that it declares.
  package var devices: [(handle: Int, entry: Manifest.Entry)] {
    image.manifest.entries.enumerated().filter { !$0.element.device.type.isReserved }.map { ($0.offset, $0.element) }
  }

  /// What it would be given: its manifest's devices, all writable.
  package var selection: Selection {
    var selection = Selection(architecture: Architecture(machine))
    selection.add(image.manifest)
    return selection
  }
}
