import ABI
import Text

/// A kind of note that Solo5 puts into executables, and where its content lies (`struct solo5_nhdr`).
///
///     0   n_namesz  u32  6
///     4   n_descsz  u32  padding and content together
///     8   n_type    u32
///     12  n_name    8 bytes, "Solo5" and NULs
///     20  padding to the kind's alignment, then the content
struct Note {
  /// The note's type.
  let type: UInt32
  /// The alignment of the content, counted from the note's start.
  let alignment: Int
  /// The largest `n_descsz` that is accepted.
  let maximumSize: UInt32
  /// The fewest bytes the content may have.
  let minimumContent: Int

  /// The note that says what the executable was built for (`ABI1_NOTE_TYPE`).
  static var abi1: Note { Note(type: 0x3149_4241, alignment: 4, maximumSize: 32, minimumContent: ABIInfo.size) }

  /// The note that holds the manifest (`MFT1_NOTE_TYPE`); its size allows for 64 entries.
  static var mft1: Note { Note(type: 0x3154_464d, alignment: 8, maximumSize: 6668, minimumContent: 1) }

  private static var headerSize: Int { 20 }
  /// The most bytes of a note that are looked at.
  static var longest: UInt64 { UInt64(headerSize) + UInt64(mft1.maximumSize) }
  /// The size of a note's header without the name (`Elf64_Nhdr`).
  private static var minimumSize: Int { 12 }

  /// Finds the first note of this kind and returns the place of its content in the file, or nothing if there is none.
  ///
  /// Only the first note of each PT_NOTE entry is looked at, as in Solo5's loader.
  func find(in bytes: RawSpan, table: [ProgramHeader], name: Text) throws(ImageError) -> Range<Int>? {
    for entry in table where entry.kind == .note {
      guard let descriptorSize = try descriptorSize(entry, in: bytes, name: name) else { continue }
      return try content(entry, descriptorSize: descriptorSize, in: bytes, name: name)
    }
    return nil
  }

  /// Returns the `n_descsz` of an entry's note, checked against the limits, or nothing if it's of another kind.
  private func descriptorSize(_ entry: ProgramHeader, in bytes: RawSpan, name: Text) throws(ImageError) -> UInt32? {
    guard entry.fileSize >= UInt64(Self.minimumSize) else {
      throw .invalid(
        name,
        "phdr[\(entry.index)].p_filesz note does not fall within valid size (\(entry.fileSize) < \(Self.minimumSize))")
    }
    guard entry.fileSize >= UInt64(Self.headerSize) else { return nil }
    let header = FileExtent(size: bytes.byteCount).range(at: entry.offset, count: UInt64(Self.headerSize))
    guard header.count == Self.headerSize else {
      throw ImageError(
        "\(name): phdr[\(entry.index)] bytes read mismatches note size (\(header.count) != \(Self.headerSize))")
    }
    return try descriptorSize(header: bytes.extracting(header), entry: entry, name: name)
  }

  private func descriptorSize(header: RawSpan, entry: ProgramHeader, name: Text) throws(ImageError) -> UInt32? {
    guard header.read(UInt32.self, at: 0) == 6,  // n_namesz
      header.read(UInt32.self, at: 12) == 0x6f6c_6f53,  // "Solo"
      header.read(UInt16.self, at: 16) == 0x0035,  // "5" and the terminator
      header.read(UInt32.self, at: 8) == type, let size = header.read(UInt32.self, at: 4)
    else { return nil }
    guard 1...maximumSize ~= size else {
      throw .invalid(
        name, "phdr[\(entry.index)] note does not fall within valid size (\(size) < 1 || \(size) > \(maximumSize))")
    }
    let end = UInt64(Self.headerSize) + UInt64(size)
    guard entry.fileSize >= end else {
      throw .invalid(name, "phdr[\(entry.index)] note does not fall within valid size (\(entry.fileSize) < \(end))")
    }
    return size
  }

  private func content(
    _ entry: ProgramHeader, descriptorSize: UInt32, in bytes: RawSpan, name: Text
  ) throws(ImageError) -> Range<Int> {
    let padding = (alignment - Self.headerSize % alignment) % alignment
    let size = Int(descriptorSize) - padding
    guard size >= minimumContent else {
      // The reference prints the size as an unsigned number, and the macro's name instead of its text.
      let printed = UInt64(bitPattern: Int64(size))
      let limits: Text = "\(printed) <= 0 || \(printed) > \(descriptorSize)"
      throw ImageError("\(name): INV_EXE: phdr[\(entry.index)] note does not fall within valid size (\(limits))")
    }
    let range = FileExtent(size: bytes.byteCount)
      .range(at: entry.offset, count: UInt64(Self.headerSize + padding + size))
    let content = range.dropFirst(Self.headerSize + padding)
    guard content.count == size else {
      throw ImageError("\(name): phdr[\(entry.index)] bytes read mismatches note size (\(content.count) != \(size))")
    }
    return content
  }
}
