package import ABI
import Text

/// Where a unikernel's segments go in a guest memory of a given size.
package struct Layout: Equatable, Sendable {
  /// The address at which the guest starts; it lies within memory, though not necessarily in a segment.
  package let entry: GuestAddress
  /// The segments in ascending order; possibly none.
  package let segments: [Segment]
  /// The end of the last segment's pages, or 0 without segments; the boot info passes it on.
  package let kernelEnd: GuestAddress
}

extension Layout {
  /// The first segment whose protection can't be set on a host with pages of this size; nil where all can.
  ///
  /// Guests count in pages of 4 KiB. On a host with larger ones a segment has to start at one of the host's pages, and
  /// a read-only one to end at one, or setting its protection would change that of its neighbours.
  ///
  /// - Parameter hostPage: the size of the host's pages, a power of two.
  /// - Returns: the segment.
  package func unprotectable(hostPage: UInt64) -> Segment? {
    let mask = hostPage - 1
    return segments.first { segment in
      guard !segment.pages.isEmpty else { return false }
      if segment.pages.lowerBound.rawValue & mask != 0 { return true }
      return !segment.permissions.writable && segment.pages.upperBound.rawValue & mask != 0
    }
  }
}

/// The placing of segments one by one, each checked by the rules and in the order of Solo5's `elf_load`.
struct Placement {
  /// The page size that permissions are set by, on every architecture.
  static var pageSize: UInt64 { 0x1000 }

  /// The file's name, for messages.
  let name: Text
  /// The file's size.
  let extent: FileExtent
  /// The size of guest memory in bytes.
  let memorySize: UInt64

  /// The address of the segment placed last.
  private(set) var lastAddress: UInt64 = 0
  /// The end of the pages placed so far.
  private(set) var end: UInt64 = 0

  init(name: Text, extent: FileExtent, memorySize: UInt64) {
    self.name = name
    self.extent = extent
    self.memorySize = memorySize
  }

  private var lowest: UInt64 { GuestLayout.lowestLoadAddress.rawValue }

  /// Checks a segment against memory, the file and the segments before it, and says where it goes.
  mutating func place(_ header: ProgramHeader) throws(ImageError) -> Segment {
    try checkOrder(header)
    lastAddress = header.address
    let start = try pageStart(header)
    try checkFileEnd(header)
    let memoryEnd = try memoryEnd(header)
    let pageEnd = try pageEnd(header, memoryEnd: memoryEnd)
    end = max(end, pageEnd)
    let file = try file(header)
    try checkPages(header, start: start, end: pageEnd)
    return Segment(
      file: file, memory: GuestAddress(rawValue: header.address)..<GuestAddress(rawValue: memoryEnd),
      pages: GuestAddress(rawValue: start)..<GuestAddress(rawValue: pageEnd), permissions: try permissions(header))
  }

  /// Segments lie above the lowest load address and come in ascending order, as the ELF specification demands.
  private func checkOrder(_ header: ProgramHeader) throws(ImageError) {
    guard header.address >= lowest else {
      throw invalid(header, ".p_vaddr outside of valid memory range (\(header.address) < \(lowest))")
    }
    guard header.address >= lastAddress else {
      throw invalid(header, ".p_vaddr is not in ascending order (\(header.address) < \(lastAddress))")
    }
  }

  /// The first page, at the segment's alignment, lies behind the segments before it.
  private func pageStart(_ header: ProgramHeader) throws(ImageError) -> UInt64 {
    guard let mask = alignmentMask(header) else {
      let reason: Text = "align_down with \(header.address) (p_vaddr) and \(header.alignment) (p_align) failed"
      throw invalid(header, ".p_vaddr is outside of memory range (\(reason))")
    }
    let start = header.address & ~mask
    guard start >= lowest else {
      throw invalid(header, ".p_vaddr_start is outside of memory range (\(start) < \(lowest) (p_min_loadaddr))")
    }
    guard start >= end else {
      throw invalid(header, ".p_vaddr_start is outside of memory range (\(start) < \(end) (e_end))")
    }
    return start
  }

  /// The file's bytes end within memory.
  private func checkFileEnd(_ header: ProgramHeader) throws(ImageError) {
    let problem: Text = " program file segment falls outside of valid range"
    guard header.address < memorySize else {
      throw invalid(header, "\(problem) (\(header.address) >= \(memorySize) (mem_size))")
    }
    let (fileEnd, overflow) = header.address.addingReportingOverflow(header.fileSize)
    guard !overflow else {
      throw invalid(header, "\(problem) (\(header.address) (p_vaddr) + \(header.fileSize) (p_filesz) overflow)")
    }
    guard fileEnd <= memorySize else {
      throw invalid(header, "\(problem) (\(fileEnd) (p_vaddr + p_filesz) > \(memorySize) (mem_size))")
    }
  }

  /// The zeros behind the file's bytes end within the address space.
  private func memoryEnd(_ header: ProgramHeader) throws(ImageError) -> UInt64 {
    guard header.memorySize >= header.fileSize else {
      throw outside(header, "\(header.memorySize) (p_memsz) < \(header.fileSize) (p_filesz)")
    }
    let (memoryEnd, overflow) = header.address.addingReportingOverflow(header.memorySize)
    guard !overflow else {
      throw outside(header, "\(header.address) (p_vaddr) + \(header.memorySize) (p_memsz) overflow")
    }
    return memoryEnd
  }

  /// The last page, at the segment's alignment, ends within memory.
  private func pageEnd(_ header: ProgramHeader, memoryEnd: UInt64) throws(ImageError) -> UInt64 {
    let mask = alignmentMask(header) ?? 0
    let (padded, overflow) = memoryEnd.addingReportingOverflow(mask)
    guard !overflow else {
      throw outside(header, "align_up with \(memoryEnd) (p_vaddr_end) and \(header.alignment) (p_align) failed")
    }
    let pageEnd = padded & ~mask
    guard pageEnd <= memorySize else {
      throw outside(header, "\(pageEnd) (p_vaddr + p_memsz) > \(memorySize) (mem_size)")
    }
    return pageEnd
  }

  /// The file holds all of the segment's bytes.
  private func file(_ header: ProgramHeader) throws(ImageError) -> Range<Int> {
    let range = extent.range(at: header.offset, count: header.fileSize)
    guard UInt64(range.count) == header.fileSize else {
      let reason: Text = "pread_in_full returned \(range.count) != \(header.fileSize) (p_filesz)"
      throw ImageError("\(name): phdr[\(header.index)] host file segment mismatched (\(reason))")
    }
    return range
  }

  /// The pages are whole pages of the processor: a segment's alignment may be smaller.
  private func checkPages(_ header: ProgramHeader, start: UInt64, end: UInt64) throws(ImageError) {
    let mask = Self.pageSize - 1
    guard start & mask == 0 else {
      throw invalid(header, " p_vaddr_start not aligned with architectural page size (\(start) & (\(mask) - 1))")
    }
    guard end & mask == 0 else {
      throw invalid(header, " p_vaddr_end not aligned with architectural page size (\(end) & (\(mask) - 1))")
    }
  }

  /// No segment is both writable and executable.
  private func permissions(_ header: ProgramHeader) throws(ImageError) -> Segment.Permissions {
    let permissions = Segment.Permissions(
      readable: header.flags & 4 != 0, writable: header.flags & 2 != 0, executable: header.flags & 1 != 0)
    guard !(permissions.writable && permissions.executable) else {
      throw invalid(header, " requests WRITE and EXEC permissions")
    }
    return permissions
  }

  /// Returns one less than the segment's alignment, or nothing if that isn't a power of two.
  private func alignmentMask(_ header: ProgramHeader) -> UInt64? {
    header.alignment.nonzeroBitCount == 1 ? header.alignment - 1 : nil
  }

  private func outside(_ header: ProgramHeader, _ reason: Text) -> ImageError {
    invalid(header, " program memory segment falls outside of valid range (\(reason))")
  }

  private func invalid(_ header: ProgramHeader, _ reason: Text) -> ImageError {
    .invalid(name, "phdr[\(header.index)]\(reason)")
  }
}
