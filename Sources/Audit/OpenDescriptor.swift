import CLinux

/// A descriptor that a process has open.
struct OpenDescriptor: Sendable {
  let number: Int
  /// What it is, as the kernel names it: a path, or such as `anon_inode:kvm-vcpu:0`.
  let target: String
  /// `O_RDONLY`, `O_WRONLY` or `O_RDWR`; nil where that may not be seen.
  let access: Int32?

  var isVCPU: Bool { target.hasPrefix("anon_inode:kvm-vcpu") }
  /// The number and the name, for people.
  var words: String { "\(number) \(target)" }
}
