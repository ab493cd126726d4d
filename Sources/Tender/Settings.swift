package import ABI
package import Confinement
package import Host
package import Text

/// What the options say of one device of the manifest.
package struct DeviceSettings {
  package var place: Place?
  package var sectorSize: UInt16?
  package var mode: BlockMode = .readWrite
  package var address: InlineArray<6, UInt8>?
  /// The option that attaches it, for messages.
  package var text: Text = ""
}

extension DeviceSettings {
  /// The size of a disk's block: the option's, else the image's, else 512 bytes.
  func blockSize(of name: Text, _ asked: BlockProperties) throws(Failure) -> UInt16 {
    let preset = asked.blockSize == 0 ? 512 : asked.blockSize
    let blockSize = sectorSize ?? preset
    guard blockSize >= 512, blockSize & (blockSize - 1) == 0 else {
      throw Failure("\(name): Block size must be a multiple of 2 greater than or equal 512")
    }
    return blockSize
  }

  /// A disk has whole blocks, and one at least.
  static func checkCapacity(_ capacity: UInt64, of name: Text, blockSize: UInt16) throws(Failure) {
    guard capacity % UInt64(blockSize) == 0 else {
      throw setupFailure("\(name): Backing storage size must be block aligned (\(blockSize) bytes)")
    }
    guard capacity >= UInt64(blockSize) else {
      throw setupFailure("\(name): Backing storage must be at least 1 block (\(blockSize) bytes) in size")
    }
  }

  private static func setupFailure(_ problem: Text) -> Failure {
    Failure(
      """
      \(problem)
      Module `block' setup failed
      Please check you have correctly specified:
          --block:NAME=PATH | @NN (attach block device/file at PATH or at fd @NN as block storage NAME)
      """)
  }
}

/// What the options come to for one unikernel: the last one of a kind wins.
package struct Settings {
  /// Guest memory in MiB.
  package let mebibytes: UInt64
  package var user: User?
  package var imageDigest: Digest?
  package var reportsCalls = false
  /// By handle; index 0 is the manifest's reserved entry.
  package var devices: [DeviceSettings]

  /// Applies the options to a manifest, from left to right.
  ///
  /// - Throws: the first thing that is wrong, in the order of the command line.
  package init(_ line: CommandLine, manifest: Manifest) throws(Failure) {
    mebibytes = line.mebibytes
    devices = Array(repeating: DeviceSettings(), count: manifest.entries.count)
    for (text, option) in line.options { try apply(option, text, manifest) }
    if let malformed = line.malformed { throw malformed }
  }

  private mutating func apply(_ option: Option, _ text: Text, _ manifest: Manifest) throws(Failure) {
    func handle(_ name: Text, _ type: DeviceType) throws(Failure) -> Int {
      guard let handle = manifest.handle(of: name, type: type) else {
        throw Failure(
          "Resource not declared in manifest: '\(name)'\nInvalid option: `\(text)'", showsUsage: true,
          advice: DeviceAdvice.declared(by: manifest))
      }
      return handle
    }
    switch option {
    // Memory bounds what is read of the image, and what the others say is known before anything is opened.
    case .memory, .noNetRing, .confine, .hugePages, .keepOOMScore, .netNamespace, .receipt, .log, .name: break
    case .block(let name, let place):
      let handle = try handle(name, .block)
      devices[handle].place = place
      devices[handle].text = text
    case .blockSectorSize(let name, let size): devices[try handle(name, .block)].sectorSize = size
    case .blockMode(let name, let mode): devices[try handle(name, .block)].mode = mode
    case .net(let name, let place):
      let handle = try handle(name, .net)
      devices[handle].place = place
      devices[handle].text = text
    case .netAddress(let name, let address): devices[try handle(name, .net)].address = address
    case .user(let user): self.user = user
    case .imageDigest(let digest): imageDigest = digest
    case .seccomp(let report): reportsCalls = report
    }
  }

  /// Checks the size of a disk that isn't there yet.
  package func checkCapacity(_ capacity: UInt64, of manifest: Manifest, at handle: Int) throws(Failure) {
    guard case .block(let asked) = manifest.entries[handle].device else { return }
    let name = manifest.entries[handle].name
    try DeviceSettings.checkCapacity(capacity, of: name, blockSize: devices[handle].blockSize(of: name, asked))
  }

  /// Every declared device must be attached.
  package func checkAttached(_ manifest: Manifest) throws(Failure) {
    var lines = Text()
    var missing: [Int] = []
    for (handle, entry) in manifest.entries.enumerated()
    where !entry.device.type.isReserved && devices[handle].place == nil {
      lines.append("Device '\(entry.name.printable)' of type \(entry.device.type.name) declared but not attached.\n")
      missing.append(handle)
    }
    guard !lines.bytes.isEmpty else { return }
    throw Failure(
      "\(lines)All declared devices must be attached. See --help for syntax.",
      advice: DeviceAdvice.adding(missing, of: manifest))
  }
}

/// How much memory a guest gets.
package enum MemorySize {
  /// What a guest has that no option gives more or less, in MiB.
  package static var usualMebibytes: UInt64 { Bounds.usualMemory >> 20 }

  /// Rounds a size down to 2 MiB, at least to that.
  ///
  /// - Returns: the size in bytes, and whether it was adjusted.
  package static func bytes(mebibytes: UInt64) throws(Failure) -> (size: UInt64, adjusted: Bool) {
    let (asked, overflow) = mebibytes.multipliedReportingOverflow(by: 1 << 20)
    let size = max(asked / Bounds.memoryUnit * Bounds.memoryUnit, Bounds.memoryUnit)
    guard !overflow, size <= Bounds.memory else {
      let value: Text = overflow ? "\(mebibytes) MB" : "\(size) bytes"
      throw Failure("guest memory size \(value) exceeds the max size \(Bounds.memory) bytes")
    }
    return (size, size != asked)
  }
}
