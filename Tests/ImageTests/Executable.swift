import Image
import Text

/// An executable under construction; what a test doesn't set is as in a valid unikernel.
struct Executable: Sendable {
  /// One entry of the program header table and the bytes it stands for.
  struct Part: Sendable {
    var type: UInt32
    var flags: UInt32 = 4
    var address: UInt64 = 0
    var bytes: [UInt8] = []
    var alignment: UInt64 = 4
    /// What the table says in place of the truth.
    var fileSize: UInt64?
    var memorySize: UInt64?
    var offset: UInt64?

    static func note(_ bytes: [UInt8]) -> Part { Part(type: 4, bytes: bytes) }

    static func load(
      _ address: UInt64, _ count: Int, flags: UInt32 = 4, memorySize: UInt64? = nil, alignment: UInt64 = 0x1000
    ) -> Part {
      Part(
        type: 1, flags: flags, address: address, bytes: (0..<count).map { UInt8(truncatingIfNeeded: $0) },
        alignment: alignment, memorySize: memorySize)
    }

    /// A segment without bytes in the file.
    static func zeros(_ address: UInt64, memorySize: UInt64) -> Part {
      Part(type: 1, flags: 6, address: address, alignment: 0x1000, memorySize: memorySize)
    }

    func with(_ edit: (inout Part) -> Void) -> Part {
      var copy = self
      edit(&copy)
      return copy
    }
  }

  var machine: UInt16 = 62
  var entry: UInt64 = 0x10_0000
  var parts: [Part] = [.note(openBSDNote), .note(abiNote()), .note(manifestNote())] + segments
  /// Bytes to put over the finished file.
  var patches: [(offset: Int, bytes: [UInt8])] = []

  /// Code that can only be executed, constants, and variables with zeros behind them.
  static let segments: [Part] = [
    .load(0x10_0000, 300, flags: 1), .load(0x10_1000, 200), .load(0x10_2000, 100, flags: 6, memorySize: 0x1800),
  ]

  /// Where the bytes behind the program header table start.
  var contentOffset: Int { 64 + 56 * parts.count }

  /// Where the bytes of a part lie in the file.
  func offset(of part: Int) -> Int { contentOffset + parts[..<part].reduce(0) { $0 + $1.bytes.count } }

  var bytes: [UInt8] {
    var file: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1] + zeros(9)
    file += little(UInt16(2)) + little(machine) + little(UInt32(1)) + little(entry) + little(UInt64(64))
    file += zeros(12) + little(UInt16(64)) + little(UInt16(56)) + little(UInt16(parts.count)) + zeros(6)
    for (index, part) in parts.enumerated() {
      let fileSize = part.fileSize ?? UInt64(part.bytes.count)
      file += little(part.type) + little(part.flags) + little(part.offset ?? UInt64(offset(of: index)))
      file += little(part.address) + little(part.address) + little(fileSize)
      file += little(part.memorySize ?? fileSize) + little(part.alignment)
    }
    for part in parts { file += part.bytes }
    for patch in patches {
      file.replaceSubrange(patch.offset..<patch.offset + patch.bytes.count, with: patch.bytes)
    }
    return file
  }

  /// An executable whose header has other bytes at an offset.
  static func patched(_ offset: Int, _ bytes: [UInt8]) -> Executable {
    Executable(patches: [(offset, bytes)])
  }

  /// An executable with other notes, and no segments.
  static func notes(_ parts: Part...) -> Executable { Executable(parts: parts) }

  /// An executable with other segments; the first is `phdr[2]`.
  static func segments(_ parts: Part...) -> Executable {
    Executable(parts: [.note(abiNote()), .note(manifestNote())] + parts)
  }
}

func zeros(_ count: Int) -> [UInt8] { Array(repeating: 0, count: count) }

func little(_ value: some FixedWidthInteger) -> [UInt8] {
  (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}

let openBSDNote: [UInt8] = little(UInt32(8)) + little(UInt32(4)) + little(UInt32(1)) + "OpenBSD\0".utf8 + zeros(4)

func note(
  _ type: UInt32, _ descriptor: [UInt8], name: String = "Solo5\0\0\0", nameSize: UInt32 = 6, size: UInt32? = nil
) -> [UInt8] {
  little(nameSize) + little(size ?? UInt32(descriptor.count)) + little(type) + Array(name.utf8) + descriptor
}

func abiNote(target: UInt32 = 1, version: UInt32 = 2) -> [UInt8] {
  note(0x3149_4241, little(target) + little(version) + zeros(8))
}

func manifestNote(_ manifest: [UInt8] = manifest([.reserved])) -> [UInt8] { note(0x3154_464d, zeros(4) + manifest) }

/// One entry of a manifest under construction.
struct Entry {
  var name: [UInt8]
  var type: UInt32
  var properties: [UInt8] = []
  var attached: UInt8 = 0
  /// The last byte of the name's place.
  var terminator: UInt8 = 0

  static let reserved = Entry(name: [], type: 1 << 30)

  static func block(_ name: String, _ properties: [UInt8] = []) -> Entry {
    Entry(name: Array(name.utf8), type: 1, properties: properties)
  }

  static func net(_ name: String, _ properties: [UInt8] = []) -> Entry {
    Entry(name: Array(name.utf8), type: 2, properties: properties)
  }

  /// The entry's bytes; the host's descriptor and the padding are not zero.
  var bytes: [UInt8] {
    let name = self.name + zeros(67 - self.name.count) + [terminator]
    let host: [UInt8] = Array(repeating: 0xee, count: 8)
    return name + little(type) + properties + zeros(16 - properties.count) + host + [attached]
      + Array(repeating: 0xdd, count: 7)
  }
}

func manifest(_ entries: [Entry], version: UInt32 = 1, count: UInt32? = nil) -> [UInt8] {
  little(version) + little(count ?? UInt32(entries.count)) + entries.flatMap(\.bytes)
}

/// A guest memory that the executables here fit in: 2 MiB.
let memorySize: UInt64 = 0x20_0000

func parse(_ bytes: [UInt8], machine: ELFMachine = .x86_64) throws(ImageError) -> UnikernelImage {
  // SAFETY: the bytes of a span of integers are initialised.
  try UnikernelImage(parsing: unsafe bytes.span.bytes, name: "hello.hvt", machine: machine)
}

/// The message that an executable is refused with, in either step, or nothing if it's accepted.
func refusal(_ bytes: [UInt8], memorySize: UInt64 = memorySize) -> String? {
  do throws(ImageError) {
    _ = try parse(bytes).layout(memorySize: memorySize)
    return nil
  } catch {
    return string(error.message)
  }
}

func string(_ text: Text) -> String { String(decoding: text.bytes, as: UTF8.self) }
