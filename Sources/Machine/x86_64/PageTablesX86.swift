/// The x86_64 page tables and descriptor table that a guest starts with, as values to be stored in its RAM.
///
/// One to one from 0 to the end of RAM, 4 KiB pages below 2 MiB and 2 MiB pages above; below the boot information
/// nothing is mapped, and the guest's first 64 KiB of data are read-only. No page is marked no-execute, because Solo5's
/// layout has none (HVT contract: Intel SDM volume 3, chapter 5).
package enum PageTablesX86 {
  package static var globalDescriptorTable: UInt64 { 0x1000 }
  package static var pageMapLevel4: UInt64 { 0x2000 }
  static var pageDirectoryPointers: UInt64 { 0x3000 }
  static var pageDirectories: UInt64 { 0x4000 }
  static var pageTable: UInt64 { 0x8000 }

  private static var present: UInt64 { 1 }
  private static var writable: UInt64 { 2 }
  private static var large: UInt64 { 0x80 }
  private static var largePage: UInt64 { 1 << 21 }

  /// The flat 64-bit code and data descriptors; the first descriptor is null.
  package static var descriptors: [UInt64] { [0, 0x00AF_9900_0000_FFFF, 0x00CF_9300_0000_FFFF] }

  /// Calls `store` with each entry that isn't zero and its guest physical address.
  ///
  /// - Parameters:
  ///   - size: the RAM's size in bytes, a multiple of 2 MiB of at most 4 GiB.
  ///   - store: takes an address and an entry.
  package static func write(size: UInt64, store: (UInt64, UInt64) -> Void) {
    for (index, descriptor) in descriptors.enumerated() where descriptor != 0 {
      store(globalDescriptorTable + UInt64(index) * 8, descriptor)
    }
    store(pageMapLevel4, pageDirectoryPointers | present | writable)
    for gibibyte in 0..<UInt64(4) {
      store(
        pageDirectoryPointers + gibibyte * 8, (pageDirectories + gibibyte * 0x1000) | present | writable)
    }
    store(pageDirectories, pageTable | present | writable)
    for page in 1..<max(size / largePage, 1) {
      store(pageDirectories + page * 8, page * largePage | large | present | writable)
    }
    for page in 0..<UInt64(512) {
      let address = page << 12
      guard address >= 0x10000 else { continue }
      store(pageTable + page * 8, address | present | (address >= 0x100000 ? writable : 0))
    }
  }
}
