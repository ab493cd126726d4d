package import ABI
package import Text

/// A unikernel's executable: what can be said of it before the size of guest memory is known.
///
/// Solo5's tender reads the notes first, because options are checked against the manifest, and the segments only when
/// memory is there. The two steps here keep that order, and with it the order in which faults are reported.
package struct UnikernelImage: Sendable {
  /// The file's name as the user gave it, for messages.
  package let name: Text
  /// The version of the ABI it was built for; the tender treats all alike.
  package let abiVersion: ABIVersion
  /// The devices it declares.
  package let manifest: Manifest

  private let entry: UInt64
  private let loadable: [ProgramHeader]
  private let extent: FileExtent

  /// Reads the header, the program headers and Solo5's two notes, and validates them.
  ///
  /// - Parameters:
  ///   - bytes: the whole file; segments refer to places in these very bytes.
  ///   - name: the file's name.
  ///   - machine: the processor the executable must be for.
  /// - Throws: `ImageError`, with the first rule that is broken.
  package init(parsing bytes: RawSpan, name: Text, machine: ELFMachine) throws(ImageError) {
    let header = try FileHeader(bytes, name: name, machine: machine)
    let table = try ProgramHeader.table(header, in: bytes, name: name)
    abiVersion = try Self.abiVersion(in: bytes, table: table, name: name)
    manifest = try Self.manifest(in: bytes, table: table, name: name)
    self.name = name
    entry = header.entry
    loadable = table.filter { $0.kind == .load }
    extent = FileExtent(size: bytes.byteCount)
  }

  /// Validates the entry point and the segments against a memory size, and says where everything goes.
  ///
  /// - Parameter memorySize: the size of guest memory in bytes.
  /// - Returns: the entry point, the segments and the unikernel's end, all within that memory.
  /// - Throws: `ImageError`, with the first rule that is broken.
  package func layout(memorySize: UInt64) throws(ImageError) -> Layout {
    let lowest = GuestLayout.lowestLoadAddress.rawValue
    guard entry >= lowest, entry < memorySize else {
      throw .invalid(
        name,
        "e_entry does not fall within the memory allocation range (\(entry) < \(lowest) || \(entry) >= \(memorySize))")
    }
    var placement = Placement(name: name, extent: extent, memorySize: memorySize)
    var segments: [Segment] = []
    for header in loadable { segments.append(try placement.place(header)) }
    return Layout(
      entry: GuestAddress(rawValue: entry), segments: segments, kernelEnd: GuestAddress(rawValue: placement.end))
  }

  private static func abiVersion(
    in bytes: RawSpan, table: [ProgramHeader], name: Text
  ) throws(ImageError) -> ABIVersion {
    guard let content = try Note.abi1.find(in: bytes, table: table, name: name),
      let info = ABIInfo(bytes.extracting(content))
    else {
      throw ImageError("\(name): No Solo5 ABI information found in executable")
    }
    guard info.target == ABIInfo.hvtTarget else {
      throw ImageError("\(name): Executable is not for the solo5-hvt target")
    }
    guard let version = ABIVersion(rawValue: info.version) else {
      throw ImageError("\(name): Executable requests unsupported ABI version \(info.version)")
    }
    return version
  }

  private static func manifest(in bytes: RawSpan, table: [ProgramHeader], name: Text) throws(ImageError) -> Manifest {
    guard let content = try Note.mft1.find(in: bytes, table: table, name: name) else {
      throw ImageError("\(name): No Solo5 manifest found in executable")
    }
    do throws(ManifestError) {
      return try Manifest(bytes.extracting(content))
    } catch {
      throw ImageError("\(name): Solo5 manifest is invalid")
    }
  }
}
