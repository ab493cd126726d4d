package import ABI
import CLinux
package import Host

/// The guest's RAM, from guest physical address 0, inside a window of inaccessible address space.
///
/// The window W is the smallest power of two that holds the RAM, and its base is aligned to W, so that one masked
/// comparison tells whether a pointer lies in it; behind it a tail as long as the longest transfer stays inaccessible.
/// Whatever pointer and length the policy admits therefore touches RAM or faults. The value is trivial: the pages stay
/// mapped until the process ends.
@safe
package struct GuestMemory {
  /// The address of guest physical address 0, a multiple of `window`.
  package let base: UInt
  /// The RAM's size in bytes, a multiple of 2 MiB of at most 4 GiB.
  package let size: UInt64
  /// The window's size in bytes, a power of two.
  package let window: UInt64

  /// Where the window and its tail are.
  package var region: Range<UInt> { base..<base + UInt(window) + UInt(Bounds.transfer) }

  /// What the tender and the guest may do with a part of RAM; each value admits what those before it do.
  package enum Access: UInt8, Comparable, Sendable {
    /// Nothing: whoever touches it faults.
    case none
    /// Reading, and executing where the guest's page tables say so.
    case read
    /// Reading and writing.
    case write

    package static func < (left: Access, right: Access) -> Bool { left.rawValue < right.rawValue }

    fileprivate var protection: Int32 {
      switch self {
      case .none: PROT_NONE
      case .read: PROT_READ
      case .write: PROT_READ | PROT_WRITE
      }
    }
  }

  /// A part of RAM that admits less than writing.
  private struct RestrictedRange {
    let range: Range<GuestAddress>
    let access: Access
  }

  private let restrictions: UnsafeMutablePointer<RestrictedRange>
  private var restrictionCount = 0

  /// Reserves the window and opens the RAM in it, zeroed.
  ///
  /// - Parameters:
  ///   - size: the RAM's size in bytes.
  ///   - segments: how many parts there can be that don't admit writing.
  ///   - hugePages: whether the kernel is asked for huge pages.
  /// - Throws: what the kernel said when it had no room.
  package init(size: UInt64, segments: Int, hugePages: Bool = false) throws(SystemError) {
    var window = Bounds.memoryUnit
    while window < size { window *= 2 }
    let mapping = try Mapping.window(Int(window), tail: Bounds.transfer)
    base = mapping.start
    self.size = size
    self.window = window
    unsafe restrictions = try Self.table(of: segments)
    let ram = 0..<Int(size)
    try mapping.protect(ram, PROT_READ | PROT_WRITE)
    // Out of core dumps, and never merged with a neighbour's equal pages. A kernel without these features refuses.
    for advice in [MADV_DONTDUMP, MADV_UNMERGEABLE] { try? mapping.advise(ram, advice) }
    if hugePages { try? mapping.advise(ram, MADV_HUGEPAGE) }
    mapping.disarm()
  }

  /// Room for restrictions, in pages of its own: the run loop reads it when all that was allocated is gone.
  private static func table(of count: Int) throws(SystemError) -> UnsafeMutablePointer<RestrictedRange> {
    let pages = try Mapping.anonymous(
      count: max(count, 1) * MemoryLayout<RestrictedRange>.stride, protection: PROT_READ | PROT_WRITE)
    let start = pages.start
    pages.disarm()
    // SAFETY: the kernel gave at least as many bytes there, and they stay mapped.
    return unsafe UnsafeMutablePointer(bitPattern: start).unsafelyUnwrapped
  }

  /// Whether `count` bytes from `address` lie in RAM; a range that ends exactly at RAM's end does.
  package func contains(_ address: GuestAddress, count: UInt64) -> Bool {
    count <= size && address.rawValue <= size - count
  }

  /// Whether each of `count` bytes from `address`, which lie in RAM, admits an access; of no bytes all do.
  package func admits(_ access: Access, at address: GuestAddress, count: UInt64) -> Bool {
    guard count > 0 else { return true }
    for index in 0..<restrictionCount {
      // SAFETY: the first `restrictionCount` elements are initialised and never freed.
      let part = unsafe restrictions[index]
      if part.access < access, address < part.range.upperBound, part.range.lowerBound < address + Int(count) {
        return false
      }
    }
    return true
  }

  /// The host address of a byte of RAM.
  ///
  /// The end of RAM is none: where RAM fills its window, the policy doesn't admit that address, whatever the length.
  package func hostAddress(_ address: GuestAddress) -> Int {
    precondition(address.rawValue < size)
    return Int(bitPattern: base + UInt(address.rawValue))
  }

  /// Room for the longest hypercall structure.
  package typealias Structure = InlineArray<40, UInt8>

  /// Copies a hypercall structure of up to 40 bytes out of RAM, once; nil where not all of the range is in RAM and
  /// readable.
  ///
  /// What the guest changes afterwards, even by a transfer into the structure itself, isn't seen.
  package func structure(at address: GuestAddress, count: Int) -> Structure? {
    guard contains(address, count: UInt64(count)), admits(.read, at: address, count: UInt64(count)) else { return nil }
    var bytes = Structure(repeating: 0)
    precondition(count <= bytes.count)
    var span = bytes.mutableSpan
    unsafe span.withUnsafeMutableBytes { destination in
      // SAFETY: the guard keeps the source in RAM that is readable, and the destination holds `count` bytes.
      _ = unsafe memcpy(
        destination.baseAddress.unsafelyUnwrapped,
        UnsafeRawPointer(bitPattern: UInt(hostAddress(address))).unsafelyUnwrapped, count)
    }
    return bytes
  }

  /// Writes a value into RAM, little-endian; the caller has found that it admits that.
  package func store<T: FixedWidthInteger & BitwiseCopyable>(_ value: T, at address: GuestAddress) {
    precondition(contains(address, count: UInt64(MemoryLayout<T>.size)))
    // SAFETY: the range is in RAM; both supported hosts are little-endian and `storeBytes` needs no alignment.
    unsafe UnsafeMutableRawPointer(bitPattern: UInt(hostAddress(address))).unsafelyUnwrapped
      .storeBytes(of: value.littleEndian, as: T.self)
  }

  /// Writes bytes into RAM; the caller has found that it admits that.
  package func store(_ bytes: RawSpan, at address: GuestAddress) {
    precondition(contains(address, count: UInt64(bytes.byteCount)))
    guard bytes.byteCount > 0 else { return }
    unsafe bytes.withUnsafeBytes { source in
      guard let start = source.baseAddress else { return }
      // SAFETY: the range is in RAM, and the source is outside it.
      _ = unsafe memcpy(
        UnsafeMutableRawPointer(bitPattern: UInt(hostAddress(address))).unsafelyUnwrapped, start, source.count)
    }
  }

  /// Sets a page-aligned part's protection, as the guest's image asks for a segment.
  ///
  /// It holds for the guest too, since KVM honours what a page of the host's lacks; the host itself never executes
  /// guest pages.
  package mutating func protect(_ range: Range<GuestAddress>, _ access: Access) throws(SystemError) {
    guard !range.isEmpty else { return }
    let count = range.upperBound.rawValue - range.lowerBound.rawValue
    precondition(contains(range.lowerBound, count: count))
    try Kernel.call(.mprotect, hostAddress(range.lowerBound), Int(count), Int(access.protection))
    guard access < .write else { return }
    // SAFETY: the caller announced this many segments when it made the memory.
    unsafe (restrictions + restrictionCount).initialize(to: RestrictedRange(range: range, access: access))
    restrictionCount += 1
  }
}
