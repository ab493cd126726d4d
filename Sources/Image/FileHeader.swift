import ABI
import Text

/// The ELF header of an executable, validated (`Elf64_Ehdr`, ELF-64 object file format, section 3).
struct FileHeader {
  /// The size of the header in bytes.
  static var size: Int { 64 }

  /// The address at which the guest starts, not yet compared with memory.
  let entry: UInt64
  /// The place of the program header table in the file, not yet compared with the file's size.
  let tableOffset: UInt64
  /// How many program headers there are; at least 1.
  let count: UInt16

  /// Decodes the header at the start of a file; it must be a fixed-address ELF64 executable for `machine`.
  ///
  /// `EI_OSABI` and `EI_ABIVERSION` aren't looked at, because toolchains offer no way to set them.
  init(_ bytes: RawSpan, name: Text, machine: ELFMachine) throws(ImageError) {
    guard bytes.byteCount >= Self.size else {
      throw .invalid(name, "elf header does not match the expected size (\(bytes.byteCount) != \(Self.size))")
    }
    guard Self.isSupported(bytes, machine: machine), let entry = bytes.read(UInt64.self, at: 24),
      let tableOffset = bytes.read(UInt64.self, at: 32), let count = bytes.read(UInt16.self, at: 56), count >= 1
    else {
      throw .invalid(name, "invalid or unsupported executable (elf header invalid while loading note)")
    }
    self.entry = entry
    self.tableOffset = tableOffset
    self.count = count
  }

  private static func isSupported(_ bytes: RawSpan, machine: ELFMachine) -> Bool {
    bytes.read(UInt32.self, at: 0) == 0x464c_457f  // EI_MAG: 7f "ELF"
      && bytes.read(UInt8.self, at: 4) == 2  // EI_CLASS: ELFCLASS64
      && bytes.read(UInt8.self, at: 5) == 1  // EI_DATA: ELFDATA2LSB
      && bytes.read(UInt16.self, at: 16) == 2  // e_type: ET_EXEC
      && bytes.read(UInt16.self, at: 18) == machine.rawValue
      && bytes.read(UInt32.self, at: 20) == 1  // e_version: EV_CURRENT
      && bytes.read(UInt16.self, at: 52) == UInt16(size)  // e_ehsize
      && bytes.read(UInt16.self, at: 54) == UInt16(ProgramHeader.size)  // e_phentsize
  }
}
