package import ABI
import CLinux
package import Host
package import Policy
package import Text

/// The devices that the options attach, opened; the descriptors stay open until the process ends.
package struct Attachments {
  /// The devices by handle, for the run loop.
  package private(set) var table = DeviceTable()
  /// The manifest as the guest gets it.
  package private(set) var manifest: Manifest
  /// The attached devices as the policy knows them, in the order of the manifest's entries.
  package private(set) var attached: [Launch.Device] = []
  /// Lines for standard error.
  package private(set) var notes: [Text] = []
  /// The largest disk in bytes, 0 without one.
  package private(set) var largestDisk: UInt64 = 0
  private var disks: [(name: Text, disk: Disk)] = []
  private var taps: [(name: Text, tap: Tap)] = []

  /// Attaches every device of a manifest, in the order of the handles; none of them may write to the image.
  ///
  /// - Throws: one line of what is wrong with a device, and the option that named it.
  package init(_ manifest: Manifest, _ settings: Settings, image: FileStatus) throws(Failure) {
    self.manifest = manifest
    for (handle, entry) in manifest.entries.enumerated() {
      let setting = settings.devices[handle]
      guard let place = setting.place else { continue }
      if case .descriptor(let given) = place, let use = use(of: given) {
        let problem: Text = "\(place.text): \(use): hand over a descriptor for each device"
        throw Failure("\(problem)\nInvalid option: `\(setting.text)'", showsUsage: true)
      }
      switch entry.device {
      case .block(let asked): try attachDisk(handle, entry.name, place, setting, asked, image)
      case .net(let asked): try attachTap(handle, entry.name, place, setting, asked)
      case .other: continue
      }
    }
  }

  /// Every lock that was held is held to the end: nothing has closed another descriptor of a disk meanwhile.
  func checkLocks() throws(Failure) {
    guard let lost = disks.first(where: { $0.disk.hasLostLock }) else { return }
    throw Failure("the lock of disk `\(lost.name)' is gone: nothing keeps a second tender off it")
  }

  /// What a descriptor, and the file that it is, are attached as; nil for neither.
  func use(of descriptor: Int32, _ status: FileStatus) -> Text? {
    if let disk = disks.first(where: { $0.disk.isSame(as: status) }) { return "it is attached as `\(disk.name)'" }
    return use(of: descriptor)
  }

  /// What a descriptor is attached as; nil for nothing.
  func use(of descriptor: Int32) -> Text? {
    attached.first { Int32(truncatingIfNeeded: $0.descriptor) == descriptor }.map { "it is attached as `\($0.name)'" }
  }

  private mutating func attachDisk(
    _ handle: Int, _ name: Text, _ place: Place, _ setting: DeviceSettings, _ asked: BlockProperties,
    _ image: FileStatus
  ) throws(Failure) {
    let blockSize = try setting.blockSize(of: name, asked)
    let disk: Disk
    do throws(Failure) {
      disk = try Disk.open(place, mode: setting.mode, others: disks, image: image)
    } catch {
      throw Failure("\(error.message)\nInvalid option: `\(setting.text)'", showsUsage: true)
    }
    try DeviceSettings.checkCapacity(disk.capacity, of: name, blockSize: blockSize)
    if let warning = disk.warning { notes.append(warning) }
    disks.append((name, disk))
    largestDisk = max(largestDisk, disk.capacity)
    let properties = DeviceProperties.block(BlockProperties(capacity: disk.capacity, blockSize: blockSize))
    let writable = setting.mode != .readOnly
    manifest.attach(properties, at: handle)
    attached.append(
      Launch.Device(
        name: name, descriptor: UInt64(disk.descriptor), kind: .block(capacity: disk.capacity, writable: writable)))
    table.attach(.disk(disk.descriptor, capacity: disk.capacity, writable: writable), at: handle)
  }

  private mutating func attachTap(
    _ handle: Int, _ name: Text, _ place: Place, _ setting: DeviceSettings, _ asked: NetProperties
  ) throws(Failure) {
    let tap: Tap
    do throws(Failure) {
      tap = try Tap.open(place, others: taps)
    } catch {
      throw Failure("\(error.message)\nInvalid option: `\(setting.text)'", showsUsage: true)
    }
    taps.append((name, tap))
    if let note = tap.note { notes.append(note) }
    var address = asked.mac
    if let given = setting.address { address = MACAddress(given) }
    if address.isZero { address = try Self.randomAddress() }
    manifest.attach(.net(NetProperties(mac: address, mtu: tap.mtu)), at: handle)
    attached.append(Launch.Device(name: name, descriptor: UInt64(tap.descriptor), kind: .net))
    table.attach(.tap(tap.descriptor, frame: UInt64(Bounds.frame)), at: handle)
  }

  /// A locally administered unicast address.
  private static func randomAddress() throws(Failure) -> MACAddress {
    var octets = InlineArray<6, UInt8>(repeating: 0)
    var span = octets.mutableSpan
    let count = unsafe span.withUnsafeMutableBytes {
      // SAFETY: the kernel writes at most the buffer's six bytes.
      Kernel.raw(.getrandom, Int(bitPattern: $0.baseAddress), $0.count, 0)
    }
    guard count == octets.count else {
      throw Failure("no random hardware address: getrandom: \(SystemError.reason(of: Int32(max(-count, 0))))")
    }
    octets[0] = octets[0] & 0xfe | 2
    return MACAddress(octets)
  }
}
