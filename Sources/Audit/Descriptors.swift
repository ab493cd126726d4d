import CLinux
import Host
import Listing
import Text

/// Questions to the descriptors that a process has open.
enum Descriptors {
  /// Whether each descriptor is one that a sealed tender needs.
  static func stray(_ evidence: Evidence) -> Check.Answer {
    let descriptors: [OpenDescriptor]
    switch evidence.descriptors {
    case .failure(let needed): return .unseen(needed.message)
    case .success(let open): descriptors = open
    }
    let launch = try? evidence.claimed.get()
    let devices = (launch?.devices ?? []).filter {
      ObservedLaunch.disagreement($0, of: evidence.subject, descriptors) == nil
    }
    let vcpu = launch?.vcpu ?? descriptors.first(where: \.isVCPU).map { UInt64($0.number) }
    // The receipt's file stays open: closing it would be one system call more.
    let receipt = descriptors.first { $0.number > 2 && isReceipt($0, evidence) }
    let stray = descriptors.filter { descriptor in
      descriptor.number > 2 && !(descriptor.isVCPU && UInt64(descriptor.number) == vcpu)
        && !devices.contains { $0.descriptor == UInt64(descriptor.number) } && descriptor.number != receipt?.number
    }
    guard stray.isEmpty else { return .no("open: \(stray.map(\.words).joined(separator: ", "))") }
    return .yes("\(descriptors.count) open, all of them needed")
  }

  /// Whether a descriptor can be the receipt's: it is only written, and is the file that was read where one was.
  private static func isReceipt(_ descriptor: OpenDescriptor, _ evidence: Evidence) -> Bool {
    guard descriptor.access == O_WRONLY else { return false }
    guard let file = evidence.receipt?.file else { return true }
    let path = Text(evidence.subject.path("fd/\(descriptor.number)"))
    guard let named = try? Descriptor.open(path, CLINUX_O_PATH), let status = try? FileStatus(of: named.raw) else {
      return false
    }
    return status.isSame(as: file)
  }

  /// Whether the kernel's name of a descriptor is that of a regular file.
  static func isRegularFile(_ target: String) -> Bool {
    target.hasPrefix("/") && !["/dev/", "/proc/", "/sys/"].contains { target.hasPrefix($0) }
  }
}
