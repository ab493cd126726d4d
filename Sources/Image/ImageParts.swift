import ABI
import Text

/// The parts of an executable's file that are looked at, for who reads no more than that.
///
/// Each step needs the parts of the one before. A file that breaks a rule has no further parts: `UnikernelImage` says
/// which.
package enum ImageParts {
  /// The ELF header.
  package static var header: Range<Int> { 0..<FileHeader.size }

  /// The program header table, for a file whose header has been read.
  package static func table(in bytes: RawSpan, machine: ELFMachine) -> [Range<Int>] {
    guard let header = try? FileHeader(bytes, name: "", machine: machine) else { return [] }
    let count = Int(header.count) * ProgramHeader.size
    return [FileExtent(size: bytes.byteCount).range(at: header.tableOffset, count: UInt64(count))]
  }

  /// How many bytes of notes are read at most: a hundred times what Solo5's take.
  private static var mostNotes: UInt64 { 1 << 20 }

  /// The notes that can be Solo5's, and the segments, for a file whose tables have been read.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - machine: the processor that the executable must be for.
  ///   - memorySize: the size of guest memory in bytes. More than that is never wanted of the segments, which have to
  ///     fit
  ///     in it side by side.
  /// - Returns: places in the file, in no order.
  package static func contents(in bytes: RawSpan, machine: ELFMachine, memorySize: UInt64) -> [Range<Int>] {
    notes(in: bytes, machine: machine) + parts(.load, each: .max, all: memorySize, of: bytes, machine)
  }

  /// The notes that can be Solo5's, for a file whose tables have been read: with them all can be told but what the
  /// segments hold.
  package static func notes(in bytes: RawSpan, machine: ELFMachine) -> [Range<Int>] {
    parts(.note, each: Note.longest, all: mostNotes, of: bytes, machine)
  }

  /// The segments that have no bytes in the file, for a file whose tables have been read; nothing loads them.
  package static func zeros(in bytes: RawSpan, machine: ELFMachine) -> [ZeroSegment] {
    guard let header = try? FileHeader(bytes, name: "", machine: machine),
      let entries = try? ProgramHeader.table(header, in: bytes, name: "", zeros: true)
    else { return [] }
    return entries.filter { $0.kind == .load && $0.fileSize == 0 && $0.memorySize > 0 }
      .map { ZeroSegment(address: $0.address, size: $0.memorySize, flags: $0.flags) }
  }

  /// The places of one kind's entries, each cut to a length, as many as fit into a sum.
  private static func parts(
    _ kind: ProgramHeader.SegmentType, each: UInt64, all: UInt64, of bytes: RawSpan, _ machine: ELFMachine
  ) -> [Range<Int>] {
    guard let header = try? FileHeader(bytes, name: "", machine: machine),
      let table = try? ProgramHeader.table(header, in: bytes, name: "")
    else { return [] }
    let extent = FileExtent(size: bytes.byteCount)
    var rest = all
    var parts: [Range<Int>] = []
    for entry in table where entry.kind == kind {
      let count = min(entry.fileSize, each)
      guard count <= rest else { continue }
      rest -= count
      parts.append(extent.range(at: entry.offset, count: count))
    }
    return parts
  }
}
