import ABI
import Text

/// An entry of the program header table, not validated (`Elf64_Phdr`).
struct ProgramHeader: Sendable {
  /// The size of an entry in bytes.
  static var size: Int { 56 }

  /// What an entry is for; Brig looks at these two only.
  enum SegmentType: UInt32 {
    /// PT_LOAD: a part of the file that is loaded into memory.
    case load = 1
    /// PT_NOTE: a part of the file that holds notes.
    case note = 4
  }

  /// The entry's index in the table, for messages.
  let index: Int
  /// What the entry is for, if Brig looks at it.
  let kind: SegmentType?
  /// The permission bits (`p_flags`).
  let flags: UInt32
  /// The place of its bytes in the file.
  let offset: UInt64
  /// The address its bytes are loaded at (`p_vaddr`).
  let address: UInt64
  /// How many bytes there are in the file (`p_filesz`).
  let fileSize: UInt64
  /// How many bytes there are in memory; those not in the file are zero (`p_memsz`).
  let memorySize: UInt64
  /// The alignment in memory (`p_align`).
  let alignment: UInt64

  /// Decodes an entry, or nothing if the bytes are fewer than `size`.
  init?(_ bytes: RawSpan, index: Int) {
    guard let kind = bytes.read(UInt32.self, at: 0), let flags = bytes.read(UInt32.self, at: 4),
      let offset = bytes.read(UInt64.self, at: 8), let address = bytes.read(UInt64.self, at: 16),
      let fileSize = bytes.read(UInt64.self, at: 32), let memorySize = bytes.read(UInt64.self, at: 40),
      let alignment = bytes.read(UInt64.self, at: 48)
    else { return nil }
    self.index = index
    self.kind = SegmentType(rawValue: kind)
    self.flags = flags
    self.offset = offset
    self.address = address
    self.fileSize = fileSize
    self.memorySize = memorySize
    self.alignment = alignment
  }

  /// Decodes the whole table, at most 65,535 entries, and keeps the entries that Brig looks at.
  ///
  /// Those are notes, and segments with bytes in the file: a segment without any needs no loading, since guest memory
  /// starts as zeros. `zeros` keeps these too.
  static func table(
    _ header: FileHeader, in bytes: RawSpan, name: Text, zeros: Bool = false
  ) throws(ImageError) -> [ProgramHeader] {
    let expected = Int(header.count) * size
    let range = FileExtent(size: bytes.byteCount).range(at: header.tableOffset, count: UInt64(expected))
    guard range.count == expected else {
      throw .invalid(
        name, "program header does not match the expected size (\(range.count) != \(expected) while loading note)")
    }
    var table: [ProgramHeader] = []
    for index in 0..<Int(header.count) {
      let start = range.lowerBound + index * size
      guard let entry = ProgramHeader(bytes.extracting(start..<start + size), index: index) else { continue }
      if entry.kind == .note || (entry.kind == .load && (zeros || entry.fileSize > 0)) { table.append(entry) }
    }
    return table
  }
}
