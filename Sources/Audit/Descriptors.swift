import Listing

/// Questions to the descriptors that a process has open.
enum Descriptors {
  /// Whether each descriptor is one that a sealed tender needs.
  static func stray(_ evidence: Evidence) -> Check.Answer {
    guard let descriptors = evidence.subject.descriptors else { return .unseen("root, to read /proc/PID/fd") }
    let devices = (try? evidence.launch.get())?.devices.map { Int($0.descriptor) } ?? []
    // The receipt's file stays open: closing it would be one system call more.
    let receipts = evidence.subject.descriptors?.filter { writesOnly(evidence.subject, $0.number) }.map(\.number) ?? []
    let stray = descriptors.filter { number, target in
      number > 2 && !target.hasPrefix("anon_inode:kvm-vcpu") && !devices.contains(number)
        && receipts.first { $0 > 2 } != number
    }
    guard stray.isEmpty else {
      return .no("open: \(stray.map { "\($0.number) \($0.target)" }.joined(separator: ", "))")
    }
    return .yes("\(descriptors.count) open, all of them needed")
  }

  /// Whether the kernel's name of a descriptor is that of a regular file.
  static func isRegularFile(_ target: String) -> Bool {
    target.hasPrefix("/") && !["/dev/", "/proc/", "/sys/"].contains { target.hasPrefix($0) }
  }

  private static func writesOnly(_ subject: Subject, _ number: Int) -> Bool {
    let flags = (subject.file("fdinfo/\(number)") ?? "").split(separator: "\n").first { $0.hasPrefix("flags:") }
    return flags.flatMap { Int32($0.dropFirst(6).trimmed, radix: 8) }.map { $0 & 3 == 1 } ?? false
  }

  /// In what the receipt's descriptors aren't what it says, or nil.
  static func disagreement(_ evidence: Evidence) -> String? {
    guard case .success(let launch) = evidence.launch, let descriptors = evidence.subject.descriptors else {
      return nil
    }
    func target(_ number: UInt64) -> String { descriptors.first { $0.number == Int(number) }?.target ?? "closed" }
    guard target(launch.vcpu).hasPrefix("anon_inode:kvm-vcpu") else {
      return "descriptor \(launch.vcpu) is no vCPU but \(target(launch.vcpu))"
    }
    for device in launch.devices {
      let isTap = target(device.descriptor) == "/dev/net/tun"
      guard isTap == (device.kind == .net), isTap || target(device.descriptor).hasPrefix("/") else {
        return "descriptor \(device.descriptor), \(device.name), is \(target(device.descriptor))"
      }
    }
    return nil
  }
}
