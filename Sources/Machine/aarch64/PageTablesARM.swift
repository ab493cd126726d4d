/// The aarch64 translation tables that a guest starts with, as values to be stored in its RAM.
///
/// One to one from 0 to the end of RAM, 4 KiB pages below 2 MiB and 2 MiB blocks above, and one gibibyte of device
/// memory at 4 GiB for hypercalls (HVT contract; Arm ARM D8.3).
package enum PageTablesARM {
  package static var level0: UInt64 { 0x1000 }
  static var level1: UInt64 { 0x2000 }
  static var level2: UInt64 { 0x3000 }
  static var level3: UInt64 { 0x7000 }

  private static var table: UInt64 { 3 }
  private static var blockSize: UInt64 { 1 << 21 }
  private static var gibibyte: UInt64 { 1 << 30 }

  /// Access flag, inner shareable, normal memory; a page, writable.
  private static var page: UInt64 { 0x0040_0000_0000_0713 }
  /// The same for a page that is read-only and never executed.
  private static var readOnlyPage: UInt64 { 0x0060_0000_0000_0793 }
  /// The same for a block, writable.
  private static var block: UInt64 { 0x0040_0000_0000_0711 }
  /// A block of device memory, never executed.
  private static var device: UInt64 { 0x0060_0000_0000_0705 }

  /// Calls `store` with each entry that isn't zero and its guest physical address.
  ///
  /// - Parameters:
  ///   - size: the RAM's size in bytes, a multiple of 2 MiB of at most 4 GiB.
  ///   - store: takes an address and an entry.
  package static func write(size: UInt64, store: (UInt64, UInt64) -> Void) {
    store(level0, level1 | table)
    for index in 0..<(size + gibibyte - 1) / gibibyte {
      store(level1 + index * 8, (level2 + index * 0x1000) | table)
    }
    store(level1 + 4 * 8, 4 * gibibyte | device)
    store(level2, level3 | table)
    for index in 1..<max(size / blockSize, 1) {
      store(level2 + index * 8, index * blockSize | block)
    }
    for index in 0..<UInt64(512) {
      let address = index << 12
      guard address >= 0x10000 else { continue }
      store(level3 + index * 8, address | (address >= 0x100000 ? page : readOnlyPage))
    }
  }
}
