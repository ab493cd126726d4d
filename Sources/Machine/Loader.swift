package import ABI
package import Host
package import Image

extension GuestMemory {
  /// Loads a unikernel's segments from the bytes of its file, and sets each segment's protection.
  ///
  /// - Parameters:
  ///   - layout: the segments, validated against this memory's size.
  ///   - file: the whole file, the same bytes that were validated.
  /// - Throws: what the kernel said when it refused a protection.
  package mutating func load(_ layout: borrowing Layout, from file: RawSpan) throws(SystemError) {
    for segment in layout.segments {
      store(file.extracting(segment.file), at: segment.memory.lowerBound)
    }
    for segment in layout.segments {
      try protect(segment.pages, Access(segment.permissions))
    }
  }

  /// Writes the page tables of the architecture that this was compiled for.
  package func writePageTables() {
    #if arch(x86_64)
      PageTablesX86.write(size: size) { store($1, at: GuestAddress(rawValue: $0)) }
    #else
      PageTablesARM.write(size: size) { store($1, at: GuestAddress(rawValue: $0)) }
    #endif
  }

  /// Writes what the guest is told: the boot information, the manifest and the command line.
  ///
  /// - Parameters:
  ///   - kernelEnd: the end of the unikernel's highest segment.
  ///   - frequency: of the guest's cycle counter, in hertz.
  ///   - manifest: what is attached.
  ///   - arguments: the command line, at most 8,191 bytes.
  package func writeBootInformation(
    kernelEnd: GuestAddress, frequency: UInt64, manifest: Manifest, arguments: [UInt8]
  ) {
    let commandLine = GuestLayout.commandLine(after: manifest)
    let information = BootInfo(
      memorySize: size, kernelEnd: kernelEnd, cycleFrequency: frequency, commandLine: commandLine,
      manifest: GuestLayout.manifest)
    // SAFETY: arrays of bytes have no padding.
    unsafe store(information.encode().span.bytes, at: GuestLayout.bootInfo)
    unsafe store(manifest.encode().span.bytes, at: GuestLayout.manifest)
    unsafe store(arguments.span.bytes, at: commandLine)
  }
}

extension GuestMemory.Access {
  /// What a segment's flags come to: a page can't be writable or executable without being readable.
  package init(_ permissions: Segment.Permissions) {
    if permissions.writable {
      self = .write
    } else {
      self = permissions.readable || permissions.executable ? .read : .none
    }
  }
}
