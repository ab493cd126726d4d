import CLinux
import Filters
import Host
import Policy
import Procfs
import Text

/// What a running tender has open and mapped.
enum ObservedLaunch {
  /// The values of a tender's launch, found out without a receipt.
  ///
  /// Devices come from its descriptors. Addresses are those that the installed program pins.
  ///
  /// - Throws: what is missing, for example in a process that isn't a tender of Brig's.
  static func launch(
    _ descriptors: [OpenDescriptor], _ filters: [InstalledFilters.Stack]
  ) throws(Doubt) -> Launch {
    guard let vcpu = descriptors.first(where: \.isVCPU) else {
      throw .refuted("no vCPU among its descriptors: no tender, and no policy to compare with")
    }
    guard let program = filters.first?.programs.last else { throw .refuted("no filter is installed") }
    let allowed: [AllowedCall]
    do throws(Complaint) {
      allowed = try AllowedCalls(of: [program], name: "the installed program").entries
    } catch {
      throw Doubt(error)
    }
    guard let block = single(allowed, "ppoll", argument: 0, where: { _ in true }),
      let runArea = single(allowed, "munmap", argument: 0, where: { _ in true }),
      let runAreaSize = single(allowed, "munmap", argument: 1, where: { _ in true }),
      let memory = interval(allowed, "write", argument: 1, where: { $0[0].intervals == [1...1] })
    else {
      throw .refuted("the installed program isn't this version's: it pins no fixed block, no run area or no window")
    }
    return Launch(
      mode: isReporting(program) ? .report : .kill, vcpu: UInt64(vcpu.number), runArea: runArea,
      runAreaSize: runAreaSize, fixedBlock: block, memory: memory.lowerBound,
      window: memory.upperBound &- memory.lowerBound &+ 1,
      devices: devices(descriptors))
  }

  private static func isReporting(_ program: Program) -> Bool {
    program.instructions.contains { $0.code == 6 && $0.operand == Action.trap.rawValue }
  }

  private static func interval(
    _ calls: [AllowedCall], _ name: String, argument: Int, where isWanted: ([ArgumentSet]) -> Bool
  ) -> ClosedRange<UInt64>? {
    let boxes = calls.first { $0.name == name }?.boxes.filter(isWanted) ?? []
    guard let set = boxes.first?[argument], set.intervals.count == 1, !set.isCut else { return nil }
    return set.intervals[0]
  }

  private static func single(
    _ calls: [AllowedCall], _ name: String, argument: Int, where isWanted: ([ArgumentSet]) -> Bool
  ) -> UInt64? {
    guard let interval = interval(calls, name, argument: argument, where: isWanted),
      interval.lowerBound == interval.upperBound
    else { return nil }
    return interval.lowerBound
  }

  private static func devices(_ descriptors: [OpenDescriptor]) -> [Launch.Device] {
    descriptors.filter { $0.number > 2 }.compactMap { descriptor in
      kind(of: descriptor).map {
        Launch.Device(name: "descriptor \(descriptor.number)", descriptor: UInt64(descriptor.number), kind: $0)
      }
    }
  }

  /// The device that a descriptor can be; nil if it can't be one.
  static func kind(of descriptor: OpenDescriptor) -> Launch.Device.Kind? {
    if descriptor.isInterface { return .net }
    let isWritable = descriptor.access == O_RDWR
    // Who writes at the end of a file writes beyond every offset.
    guard !descriptor.isPath, isWritable || descriptor.access == O_RDONLY,
      !isWritable || descriptor.flags & O_APPEND == 0, let capacity = DiskSize.bytes(of: descriptor.facts)
    else { return nil }
    return .block(capacity: capacity, writable: isWritable)
  }

  // MARK: Checking what is claimed

  /// Checks that the process has what a launch says: its descriptors and its mappings.
  static func confirm(_ launch: Launch, _ descriptors: [OpenDescriptor], _ regions: [MapRegion]) throws(Doubt) {
    let vcpu = descriptors.first { UInt64($0.number) == launch.vcpu }
    guard let vcpu, vcpu.isVCPU else {
      throw .refuted("descriptor \(launch.vcpu) is no vCPU but \(vcpu.map { String($0.target) } ?? "closed")")
    }
    for device in launch.devices {
      if let problem = disagreement(device, descriptors) { throw .refuted(Detail(problem)) }
    }
    try confirm(launch, regions)
  }

  /// How a device differs from what a launch says; nil if it doesn't.
  static func disagreement(_ device: Launch.Device, _ descriptors: [OpenDescriptor]) -> String? {
    let descriptor = descriptors.first { UInt64($0.number) == device.descriptor }
    guard let descriptor else { return "descriptor \(device.descriptor), \(String(device.name)), is closed" }
    let seen = kind(of: descriptor)
    if seen == device.kind { return nil }
    let name = "descriptor \(device.descriptor), \(String(device.name)), is \(String(descriptor.target))"
    guard case .block(let capacity, let writable) = seen, case .block = device.kind else { return name }
    return "\(name) with \(capacity) bytes, \(writable ? "writable" : "read only")"
  }

  /// Checks the mappings.
  ///
  /// The run area is the vCPU's, all of it. The fixed block is writable memory without a file. Guest memory begins
  /// where the window does. Behind the window, inaccessible memory is as long as the longest transfer.
  static func confirm(_ launch: Launch, _ regions: [MapRegion]) throws(Doubt) {
    let runArea = regions.first { $0.range.lowerBound == launch.runArea }
    guard let runArea, runArea.isVCPU, runArea.range.upperBound - runArea.range.lowerBound == launch.runAreaSize else {
      throw .refuted("the pinned run area \(String(hex: launch.runArea)) isn't what the vCPU shares with the kernel")
    }
    let block = launch.fixedBlock
    guard regions.contains(where: { $0.range.contains(block) && $0.permissions == "rw-p" && $0.isPlain }) else {
      throw .refuted("the pinned block \(String(hex: block)) is no page of its own in the process's map")
    }
    let (start, end) = (launch.memory, launch.memory &+ launch.window)
    guard start < end else { throw .refuted("the window at \(String(hex: start)) is none") }
    let inside = regions.filter { $0.range.overlaps(start..<end) }
    guard let first = inside.first, first.range.contains(start) else {
      throw .refuted("nothing is mapped at \(String(hex: start)), where the pinned window is")
    }
    guard inside.allSatisfy({ $0.isPlain && !$0.isExecutable }) else {
      throw .refuted("the pinned window at \(String(hex: start)) holds more than guest memory")
    }
    let tail = regions.first { $0.range.contains(end) }
    guard let tail, tail.permissions == "---p", tail.isPlain, tail.range.upperBound - end >= UInt64(Bounds.transfer)
    else {
      throw .refuted("what follows the pinned window, at \(String(hex: end)), isn't kept inaccessible")
    }
  }
}
