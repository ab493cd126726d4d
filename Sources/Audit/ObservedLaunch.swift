import CLinux
import Host
import Listing
import Policy
import Text

/// What a running tender has open and mapped, found out without a receipt.
///
/// Devices are told by its descriptors. The addresses are those that the installed program pins; they are believed only
/// if the process's map has such a page and such a window.
enum ObservedLaunch {
  /// - Throws: `Complaint` with what is missing, as for a process that is no tender of Brig's.
  static func launch(of subject: Subject, _ filters: InstalledFilters) throws(Complaint) -> Launch {
    guard let descriptors = subject.descriptors else {
      throw Complaint("/proc/\(subject.process)/fd can't be read: be root, or give the receipt")
    }
    guard let vcpu = descriptors.first(where: { $0.target.hasPrefix("anon_inode:kvm-vcpu") }) else {
      throw Complaint("no vCPU among its descriptors: no tender, and no policy to compare with")
    }
    guard let program = filters.programs.last else {
      throw Complaint(filters.problem ?? "no filter is installed")
    }
    let allowed = try AllowedCalls(of: [program], name: "the installed program").entries
    guard let block = single(allowed, "ppoll", argument: 0, where: { _ in true }),
      let memory = interval(allowed, "write", argument: 1, where: { $0[0].intervals == [1...1] })
    else { throw Complaint("the installed program isn't of Brig's making: it pins no fixed block and no window") }
    try check(subject, block: block, memory: memory)
    let traps = isReporting(program)
    return Launch(
      mode: traps ? .report : .kill, vcpu: UInt64(vcpu.number), fixedBlock: block, memory: memory.lowerBound,
      window: memory.upperBound - memory.lowerBound + 1, devices: devices(subject, descriptors))
  }

  private static func isReporting(_ program: Program) -> Bool {
    program.instructions.contains { $0.code == 6 && $0.operand == Action.trap.rawValue }
  }

  private static func interval(
    _ calls: [AllowedCalls.Entry], _ name: String, argument: Int, where isWanted: ([ArgumentSet]) -> Bool
  ) -> ClosedRange<UInt64>? {
    let boxes = calls.first { $0.name == name }?.boxes.filter(isWanted) ?? []
    guard let set = boxes.first?[argument], set.intervals.count == 1, !set.isCut else { return nil }
    return set.intervals[0]
  }

  private static func single(
    _ calls: [AllowedCalls.Entry], _ name: String, argument: Int, where isWanted: ([ArgumentSet]) -> Bool
  ) -> UInt64? {
    guard let interval = interval(calls, name, argument: argument, where: isWanted),
      interval.lowerBound == interval.upperBound
    else { return nil }
    return interval.lowerBound
  }

  /// The map has the fixed block as writable memory without a file, and starts guest memory where the window does.
  private static func check(_ subject: Subject, block: UInt64, memory: ClosedRange<UInt64>) throws(Complaint) {
    guard let map = subject.file("maps") else {
      throw Complaint("/proc/\(subject.process)/maps can't be read: be root")
    }
    let regions = map.split(separator: "\n").compactMap { MapRegion($0) }
    guard regions.contains(where: { $0.range.contains(block) && $0.permissions == "rw-p" && $0.name.isEmpty }) else {
      throw Complaint("the pinned block \(String(hex: block)) is no page of its own in the process's map")
    }
    let inside = regions.filter { $0.range.overlaps(memory.lowerBound..<memory.upperBound) }
    guard inside.first?.range.lowerBound ?? 0 <= memory.lowerBound,
      inside.allSatisfy({ $0.name.isEmpty && !$0.permissions.contains("x") })
    else { throw Complaint("the pinned window at \(String(hex: memory.lowerBound)) holds more than guest memory") }
  }

  private static func devices(_ subject: Subject, _ descriptors: [(number: Int, target: String)]) -> [Launch.Device] {
    var devices: [Launch.Device] = []
    for (number, target) in descriptors where number > 2 {
      if target == "/dev/net/tun" {
        devices.append(Launch.Device(name: "descriptor \(number)", descriptor: UInt64(number), kind: .net))
      } else if target.hasPrefix("/"), let access = access(subject, number), access != O_WRONLY,
        let capacity = capacity(subject, number)
      {
        devices.append(
          Launch.Device(
            name: "descriptor \(number)", descriptor: UInt64(number),
            kind: .block(capacity: capacity, writable: access == O_RDWR)))
      }
    }
    return devices
  }

  private static func access(_ subject: Subject, _ descriptor: Int) -> Int32? {
    for line in (subject.file("fdinfo/\(descriptor)") ?? "").split(separator: "\n") where line.hasPrefix("flags:") {
      return Int32(line.dropFirst(6).trimmed, radix: 8).map { $0 & O_ACCMODE }
    }
    return nil
  }

  /// The size of the file behind a descriptor, nil for what is no disk.
  private static func capacity(_ subject: Subject, _ descriptor: Int) -> UInt64? {
    do throws(SystemError) {
      let file = try Descriptor.open(Text(subject.path("fd/\(descriptor)")), O_RDONLY | O_NONBLOCK)
      let status = try FileStatus(of: file.raw)
      guard status.kind == .regular || status.kind == .blockDevice else { return nil }
      let end = Kernel.raw(.lseek, Int(file.raw), 0, Int(SEEK_END))
      return end > 0 ? UInt64(end) : nil
    } catch {
      return nil
    }
  }
}
