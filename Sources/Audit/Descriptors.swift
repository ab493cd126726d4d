import CLinux
import Policy
import Receipts
import Text

/// Questions to the descriptors that a process has open.
enum Descriptors {
  /// Whether each descriptor is one that a sealed tender needs.
  static func stray(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    let descriptors = try evidence.descriptors.get()
    let launch = try? evidence.claimed.get()
    let devices = (launch?.devices ?? []).filter { ObservedLaunch.disagreement($0, descriptors) == nil }
    let vcpu = launch?.vcpu ?? descriptors.first(where: \.isVCPU).map { UInt64($0.number) }
    // The receipt's file stays open: closing it would be one system call more.
    let receipt = descriptors.first { $0.number > 2 && isReceipt($0, evidence) }
    let limit = (try? evidence.subject.limit("Max open files")) ?? nil
    let stray = descriptors.filter { descriptor in
      // A number below the limit that would be free else.
      if let limit, descriptor.number > 2, UInt64(descriptor.number) < limit, descriptor.isNull { return false }
      if descriptor.number <= 2 { return descriptor.number > 0 && !descriptor.canBeConsole }
      return !(descriptor.isVCPU && UInt64(descriptor.number) == vcpu)
        && !devices.contains { $0.descriptor == UInt64(descriptor.number) } && descriptor.number != receipt?.number
    }
    guard stray.isEmpty else { throw .refuted("open: \(list: stray.map(\.words), separator: ", ")") }
    return "\(descriptors.count) open, all of them needed"
  }

  /// Whether descriptor 0 has nothing to say.
  static func standardInput(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    guard let input = try evidence.descriptors.get().first(where: { $0.number == 0 }) else {
      throw .refuted("descriptor 0 is closed")
    }
    guard input.facts.kind == .characterDevice(.null) else { throw .refuted("0 is \(String(input.target))") }
    return "0 is /dev/null"
  }

  /// Whether it can make no machine, and change none as a whole.
  static func machine(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    let open = try evidence.descriptors.get().filter(\.isMachine)
    guard open.isEmpty else { throw .refuted("open: \(list: open.map(\.words), separator: ", ")") }
    return "neither /dev/kvm nor a VM is open"
  }

  /// Whether a descriptor can be the receipt's: a file or a pipe that is only written, and the one that was read where
  /// one was.
  private static func isReceipt(_ descriptor: OpenDescriptor, _ evidence: ProcessEvidence) -> Bool {
    guard descriptor.access == O_WRONLY, !descriptor.isPath, [.regular, .fifo].contains(descriptor.facts.kind) else {
      return false
    }
    guard let file = evidence.receipt.record?.file else { return true }
    return descriptor.facts.isSame(as: file)
  }

  /// Checks that the file that a receipt calls the log is open where it says.
  static func checkLog(of receipt: ReceiptRecord, _ evidence: ProcessEvidence) throws(Doubt) {
    guard receipt.json["log"] != nil else { return }
    guard let log = receipt.log else { throw .refuted("the receipt's log can't be told") }
    let open = try evidence.descriptors.get().first { UInt64($0.number) == log.descriptor }
    guard let open, open.facts.inode == log.inode, open.facts.device == DeviceNumber(packed: log.device) else {
      throw .refuted("descriptor \(log.descriptor) is another file than the log that the receipt names")
    }
  }

  /// Whether no number below the limit is free: an open descriptor above it takes no room.
  static func limit(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    guard let limit = try evidence.subject.limit("Max open files") else { throw .refuted("unlimited") }
    if limit == 0 { return "0: no further descriptor fits" }
    let taken = Set(try evidence.descriptors.get().map { UInt64($0.number) })
    // One number more than there are descriptors is free at the latest.
    if let free = (0..<min(limit, UInt64(taken.count) + 1)).first(where: { !taken.contains($0) }) {
      throw .refuted("\(limit), and \(free) is free")
    }
    return "\(limit): no further descriptor fits"
  }
}
