import CLinux
import Host
import Text

extension Seal {
  /// Replaces the root directory by an empty read-only tmpfs of one inode and lets go of the host's tree.
  ///
  /// The tmpfs is mounted on `/dev`, which exists wherever `/dev/kvm` was opened by its path.
  package mutating func emptyRoot() throws(Refusal) {
    guard isApplied(.mountNamespace) else { return try miss(.emptyRoot, "there is no mount namespace") }
    try take(.emptyRoot) { () throws(SystemError) in
      let locked = Int(MS_NOSUID) | Int(MS_NODEV) | Int(MS_NOEXEC)
      try mount("none", "/", nil, Int(MS_REC) | Int(MS_PRIVATE), nil)
      try mount("tmpfs", "/dev", "tmpfs", locked, "nr_inodes=1,mode=555")
      try call(.chdir, "/dev")
      try call(.pivotRoot, ".", ".")
      try call(.umount2, ".", Int(MNT_DETACH))
      try mount("none", "/", nil, Int(MS_REMOUNT) | Int(MS_BIND) | Int(MS_RDONLY) | locked, nil)
      try call(.chdir, "/")
    }
  }
}

/// A literal's address for a system call that takes a terminated string.
private func address(_ literal: StaticString?) -> Int {
  // SAFETY: a literal is terminated and lives as long as the program.
  guard let literal else { return 0 }
  return unsafe Int(bitPattern: literal.utf8Start)
}

private func call(_ call: SystemCall, _ path: StaticString, _ flags: Int = 0) throws(SystemError) {
  try Kernel.call(call, address(path), flags)
}

private func call(_ call: SystemCall, _ first: StaticString, _ second: StaticString) throws(SystemError) {
  try Kernel.call(call, address(first), address(second))
}

private func mount(
  _ source: StaticString, _ target: StaticString, _ type: StaticString?, _ flags: Int, _ options: StaticString?
) throws(SystemError) {
  try Kernel.call(.mount, address(source), address(target), address(type), flags, address(options))
}
