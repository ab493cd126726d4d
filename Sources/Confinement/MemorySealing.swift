import CLinux
import Host
import Text

extension Seal {
  /// Seals the program's own code and constants, and other regions: nobody can unmap them, map them anew or change
  /// their protection (mseal(2), Linux 6.10).
  ///
  /// Under an outer filter it isn't tried: filters in use are older than the call, and kill for a call that they don't
  /// know.
  ///
  /// - Parameter regions: further page-aligned regions, whose protection is final.
  /// - Throws: never, because it is best effort.
  package mutating func sealMemory(_ regions: [Range<UInt>]) throws(Refusal) {
    guard !mayBeAnswered else {
      return try miss(.memorySeal, "there may be an outer seccomp filter that kills for it")
    }
    try establish(.memorySeal) { () throws(SystemError) in
      let constant = ProgramSegments.constant
      guard !constant.isEmpty else { throw SystemError(call: "mseal", code: ENOENT) }
      let all = regions + constant
      for region in all { try Kernel.call(.mseal, Int(bitPattern: region.lowerBound), region.count, 0) }
      guard let first = all.first else { throw SystemError(call: "mseal", code: ENOSYS) }
      // To give the first page the protection that it has: who may, changes nothing.
      let answer = Kernel.raw(
        .mprotect, Int(bitPattern: first.lowerBound), Mapping.pageSize, Int(PROT_READ | PROT_WRITE))
      // No filter answers here.
      return try .seen("mseal", answer == -Int(EPERM))
    }
  }
}

/// Where this program's file is mapped.
private enum ProgramSegments {
  /// The parts that are never written again: code, constants, and what was relocated at the start (elf(5)).
  static var constant: [Range<UInt>] {
    let start = UInt(getauxval(UInt(AT_PHDR)))
    // SAFETY: the kernel says where it has mapped the program headers, and how many there are (getauxval(3)).
    let headers = unsafe Array(
      UnsafeBufferPointer(start: UnsafePointer<Elf64_Phdr>(bitPattern: start), count: Int(getauxval(UInt(AT_PHNUM)))))
    guard let address = address(of: headers) else { return [] }
    let base = start &- address
    let page = UInt(Mapping.pageSize)
    return headers.filter(isConstant).map { header in
      let first = base &+ UInt(header.p_vaddr)
      return first & ~(page - 1)..<(first + UInt(header.p_memsz) + page - 1) & ~(page - 1)
    }
  }

  /// The address that the program headers have in the file.
  ///
  /// It is that of themselves, or, where a linker leaves that out as it may, behind the file's header, with which the
  /// first segment begins.
  private static func address(of headers: [Elf64_Phdr]) -> UInt? {
    if let own = headers.first(where: { $0.p_type == PT_PHDR }) { return UInt(own.p_vaddr) }
    guard let first = headers.first(where: { $0.p_type == PT_LOAD && $0.p_offset == 0 }) else { return nil }
    return UInt(first.p_vaddr) + UInt(MemoryLayout<Elf64_Ehdr>.size)
  }

  private static func isConstant(_ header: Elf64_Phdr) -> Bool {
    header.p_type == PT_GNU_RELRO || header.p_type == PT_LOAD && header.p_flags & UInt32(PF_W) == 0
  }
}
