import Machine
import Testing

/// The entries that a writer of tables stores, by address; an address that is stored twice fails.
private func entries(_ write: ((UInt64, UInt64) -> Void) -> Void) -> [UInt64: UInt64] {
  var entries: [UInt64: UInt64] = [:]
  write { address, entry in
    #expect(entries.updateValue(entry, forKey: address) == nil, "0x\(String(address, radix: 16)) is stored twice")
  }
  return entries
}

private let mebibyte: UInt64 = 1 << 20
private let sizes = [2, 6, 514, 4096].map { $0 * mebibyte }

/// The contract's section 4, written down once more, entry by entry.
///
/// To add one: a size of memory in `sizes`, or an entry in `expected` of that processor's `values`.
@Suite("x86_64 tables")
struct PageTablesX86Tests {
  @Test("every entry is the contract's", arguments: sizes)
  func values(_ size: UInt64) {
    var expected: [UInt64: UInt64] = [
      0x1008: 0x00AF_9900_0000_FFFF, 0x1010: 0x00CF_9300_0000_FFFF,
      0x2000: 0x3003, 0x3000: 0x4003, 0x3008: 0x5003, 0x3010: 0x6003, 0x3018: 0x7003, 0x4000: 0x8003,
    ]
    var address: UInt64 = 2 * mebibyte
    while address < size {
      expected[0x4000 + address / (2 * mebibyte) * 8] = address | 0x83
      address += 2 * mebibyte
    }
    for page in 0x10...0xff as ClosedRange<UInt64> { expected[0x8000 + page * 8] = page * 0x1000 + 1 }
    for page in 0x100...0x1ff as ClosedRange<UInt64> { expected[0x8000 + page * 8] = page * 0x1000 + 3 }
    #expect(entries { PageTablesX86.write(size: size, store: $0) } == expected)
  }

  /// Walks the tables as the processor does: the physical address and whether it may be written.
  private func translate(_ address: UInt64, _ tables: [UInt64: UInt64]) -> (UInt64, Bool)? {
    var table: UInt64 = 0x2000
    for shift in [39, 30, 21, 12] as [UInt64] {
      guard let entry = tables[table + (address >> shift & 511) * 8], entry & 1 != 0 else { return nil }
      if shift == 12 || (shift == 21 && entry & 0x80 != 0) {
        let low = (UInt64(1) << shift) - 1
        return ((entry & ~0xfff & ~low) | (address & low), entry & 2 != 0)
      }
      table = entry & ~0xfff
    }
    return nil
  }

  @Test("memory is mapped one to one, and nothing else is", arguments: sizes)
  func walk(_ size: UInt64) {
    let tables = entries { PageTablesX86.write(size: size, store: $0) }
    for unmapped in [0, 0x1000, 0xffff, size, size + 1, 1 << 39] { #expect(translate(unmapped, tables) == nil) }
    for readable in [0x10000, 0xfffff] as [UInt64] {
      #expect(translate(readable, tables) ?? (0, true) == (readable, false))
    }
    for writable in [0x100000, 0x1fffff, size / 2 + 0xfffff, size - 1] {
      #expect(translate(writable, tables) ?? (0, false) == (writable, true))
    }
  }
}

@Suite("aarch64 tables")
struct PageTablesARMTests {
  @Test("every entry is the contract's", arguments: zip(sizes, [1, 1, 1, 4] as [UInt64]))
  func values(_ size: UInt64, _ gibibytes: UInt64) {
    var expected: [UInt64: UInt64] = [
      0x1000: 0x2003, 0x2020: 0x0060_0001_0000_0705, 0x3000: 0x7003,
    ]
    for index in 0..<gibibytes { expected[0x2000 + index * 8] = [0x3003, 0x4003, 0x5003, 0x6003][Int(index)] }
    var address: UInt64 = 2 * mebibyte
    while address < size {
      expected[0x3000 + address / (2 * mebibyte) * 8] = address + 0x0040_0000_0000_0711
      address += 2 * mebibyte
    }
    for page in 0x10...0xff as ClosedRange<UInt64> {
      expected[0x7000 + page * 8] = page * 0x1000 + 0x0060_0000_0000_0793
    }
    for page in 0x100...0x1ff as ClosedRange<UInt64> {
      expected[0x7000 + page * 8] = page * 0x1000 + 0x0040_0000_0000_0713
    }
    #expect(entries { PageTablesARM.write(size: size, store: $0) } == expected)
  }

  @Test("memory of 1 GiB and 2 MiB starts a second directory")
  func secondDirectory() {
    let tables = entries { PageTablesARM.write(size: (1 << 30) + 2 * mebibyte, store: $0) }
    #expect(tables[0x2008] == 0x4003)
    #expect(tables[0x2010] == nil)
    #expect(tables[0x4000] == 0x0040_0000_4000_0711)
  }
}
