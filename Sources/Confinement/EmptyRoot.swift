import CLinux
import Host
import Text

extension Seal {
  /// Replaces the root directory by an empty read-only tmpfs of one inode and lets go of the host's tree.
  ///
  /// The tmpfs is mounted on `/dev`, which exists wherever `/dev/kvm` was opened by its path.
  package mutating func emptyRoot() throws(Refusal) {
    if Omission.concerns(.emptyRoot) { return }
    guard isApplied(.mountNamespace) else {
      return try miss(.emptyRoot, "there is no mount namespace", remedy: Step.mountNamespace.referral)
    }
    try establish(.emptyRoot) { () throws(SystemError) in
      let locked = Int(MS_NOSUID) | Int(MS_NODEV) | Int(MS_NOEXEC)
      try mount("none", "/", nil, Int(MS_REC) | Int(MS_PRIVATE), nil)
      try mount("tmpfs", "/dev", "tmpfs", locked, "nr_inodes=1,mode=555")
      try call(.chdir, "/dev")
      try call(.pivotRoot, ".", ".")
      try call(.umount2, ".", Int(MNT_DETACH))
      try mount("none", "/", nil, Int(MS_REMOUNT) | Int(MS_BIND) | Int(MS_RDONLY) | locked, nil)
      try call(.chdir, "/")
      return try .seen("pivot_root", isEmptyRoot(flags: Int(MS_RDONLY) | locked))
    }
  }
}

/// Whether the root is the tmpfs of one inode with these flags, and nothing is mounted over it.
///
/// Above the root is the root, unless the old one still
/// lies over it.
private func isEmptyRoot(flags: Int) throws(SystemError) -> Bool {
  let temporary = 0x0102_1994  // TMPFS_MAGIC (linux/magic.h)
  var status = statfs()
  let result = unsafe withUnsafeMutablePointer(to: &status) {
    // SAFETY: the kernel writes its `struct statfs`, which is the C library's on both architectures.
    Kernel.raw(.statfs, address("/.."), Int(bitPattern: $0))
  }
  guard result == 0 else { throw SystemError(call: "statfs", code: Int32(-result)) }
  // The mount flags have the numbers of `mount`'s (statfs(2)).
  return Int(status.f_type) == temporary && status.f_files == 1 && Int(status.f_flags) & flags == flags
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
