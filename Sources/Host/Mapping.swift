import CLinux

/// Pages of this process's address space, unmapped when their owner lets go of them.
@safe
@frozen
public struct Mapping: ~Copyable {
  /// The first byte's address, page-aligned.
  package let start: UInt
  /// How many bytes were asked for; the kernel maps whole pages.
  package let count: Int

  /// The size of this host's pages in bytes: 4 KiB, and on aarch64 perhaps 16 or 64 KiB.
  package static var pageSize: Int { Int(getauxval(UInt(AT_PAGESZ))) }

  private init(start: UInt, count: Int) {
    self.start = start
    self.count = count
  }

  deinit { _ = Kernel.raw(.munmap, Int(bitPattern: start), count) }

  /// Gives up ownership: the pages stay mapped until the process ends.
  package consuming func disarm() {
    discard self
  }

  /// Maps zeroed memory, private or shared with children.
  package static func anonymous(
    count: Int, protection: Int32, flags: Int32 = 0, shared: Bool = false
  ) throws(SystemError) -> Mapping {
    let start = try Kernel.call(
      .mmap, 0, count, Int(protection), Int((shared ? MAP_SHARED : MAP_PRIVATE) | MAP_ANONYMOUS | flags), -1, 0)
    return Mapping(start: UInt(bitPattern: start), count: count)
  }

  /// Reserves inaccessible address space that is a window: aligned to its own size, with a tail behind it.
  ///
  /// - Parameters:
  ///   - window: the window's size, a power of two of at least a page.
  ///   - tail: how many more bytes are kept inaccessible behind the window, a multiple of the page size.
  /// - Returns: window and tail, of which no page can be touched.
  /// - Throws: what the kernel said when it had no room.
  package static func window(_ window: Int, tail: Int) throws(SystemError) -> Mapping {
    let wide = window + window + tail
    let raw = try UInt(
      bitPattern: Kernel.call(
        .mmap, 0, wide, Int(PROT_NONE), Int(MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE), -1, 0))
    let start = (raw + UInt(window) - 1) & ~(UInt(window) - 1)
    let end = start + UInt(window + tail)
    if start > raw { try Kernel.call(.munmap, Int(bitPattern: raw), Int(start - raw)) }
    let surplus = raw + UInt(wide) - end
    if surplus > 0 { try Kernel.call(.munmap, Int(bitPattern: end), Int(surplus)) }
    return Mapping(start: start, count: window + tail)
  }

  /// The mapping's bytes.
  ///
  /// - Important: valid only while the mapping lives, and readable or writable only as the pages' protection says.
  @unsafe
  package borrowing func bytes() -> UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(start: UnsafeMutableRawPointer(bitPattern: start), count: count)
  }

  /// Sets the protection of a page-aligned part.
  package borrowing func protect(_ range: Range<Int>, _ protection: Int32) throws(SystemError) {
    try Kernel.call(.mprotect, Int(bitPattern: start) + range.lowerBound, range.count, Int(protection))
  }

  /// Gives the kernel advice about a page-aligned part.
  package borrowing func advise(_ range: Range<Int>, _ advice: Int32) throws(SystemError) {
    try Kernel.call(.madvise, Int(bitPattern: start) + range.lowerBound, range.count, Int(advice))
  }
}

extension Mapping {
  /// Lends the first `count` bytes, which must be readable and not change meanwhile.
  package borrowing func withSpan<Value: ~Copyable, Failure: Error>(
    count: Int, _ body: (RawSpan) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    precondition(count <= self.count)
    // SAFETY: the span doesn't outlive `body`, through which this mapping is borrowed.
    return try unsafe body(
      RawSpan(_unsafeStart: UnsafeRawPointer(bytes().baseAddress.unsafelyUnwrapped), byteCount: count))
  }
}
