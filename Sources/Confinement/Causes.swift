import CCalls
import CLinux
import Host
import Text

extension Seal {
  /// What to do about a step that the kernel refused, by what it was refused for.
  ///
  /// - Parameters:
  ///   - step: the step.
  ///   - error: what was said.
  ///   - held: which needs of the table of calls this process has by now.
  /// - Returns: nil where nothing more is known than what the step's description advises.
  func remedy(for step: Step, _ error: SystemError, held: UInt32 = 0) -> Text? {
    let held = isApplied(.mountNamespace) ? held | ccalls_admin.rawValue : held
    if let filter = filterRemedy(error.call, also: step == .emptyRoot ? ["mount", "umount2", "chdir"] : [], held: held)
    {
      return filter
    }
    let guess: Text?
    switch (step, error.code) {
    case (.userNamespace, ENOSPC): return "raise user.max_user_namespaces (sysctl), here or in the namespace outside"
    case (.userNamespace, EPERM):
      if Self.isChrooted { return "a chroot can make none: start outside of it, or change the root by pivot_root" }
      if !Self.isMapped {
        return
          "its user or group isn't mapped into the namespace that it is started in: map it (unshare --map-current-user)"
      }
      guess = "set kernel.unprivileged_userns_clone to 1 (sysctl), or start outside of a chroot"
    case (.emptyRoot, EPERM), (.emptyRoot, EACCES), (.userNamespace, EACCES):
      guess =
        "a security module forbids it: a profile with userns, mount and pivot_root for AppArmor (podman and docker: --security-opt apparmor=unconfined), or no Landlock domain outside"
    default: guess = nil
    }
    guard mayBeAnswered, step.description.necessity == .forgivable, Kernel.raw(.prctl, Int(PR_GET_SECCOMP)) != 0
    else { return guess }
    // It may look at arguments that weren't tried.
    return "\(guess ?? "\(step.description.remedy)"), or let an outer seccomp filter allow this \(error.call)"
  }

  /// Which calls an outer filter forbids, and what to do about that.
  ///
  /// - Parameters:
  ///   - call: what was refused.
  ///   - earlier: what came before it, and can have been answered without the deed.
  ///   - held: which needs of the table of calls this process has by now.
  /// - Returns: nil where the filter isn't what refused this one.
  func filterRemedy(_ call: StaticString, also earlier: [StaticString] = [], held: UInt32) -> Text? {
    guard mayBeAnswered else { return nil }
    let refused = OuterFilter.refusedCalls(held)
    guard refused.has(call) || earlier.contains(where: { refused.has($0) }) else { return nil }
    guard let names = refused.text else { return nil }
    return "an outer seccomp filter forbids \(names)\(OuterFilter.remedy)"
  }

  /// Whether whom this process runs as has an id in its user namespace; true where that isn't known.
  private static var isMapped: Bool {
    guard let owner = try? Identity.owner(), let users = IDMap(at: "/proc/self/uid_map"),
      let groups = IDMap(at: "/proc/self/gid_map")
    else { return true }
    return users.has(owner.user) && groups.has(owner.group)
  }

  /// Whether the root directory is no mount's root, which what chroot leads to seldom is; false where the kernel
  /// doesn't say (statx(2), Linux 5.8).
  ///
  /// A child asks: no start makes this call, so an outer filter may kill for it.
  private static var isChrooted: Bool {
    OuterFilter.inChild {
      let path: StaticString = "/"
      let mountRoot: UInt64 = 0x2000  // STATX_ATTR_MOUNT_ROOT (linux/stat.h)
      var answer = InlineArray<32, UInt64>(repeating: 0)
      let result = unsafe withUnsafeMutablePointer(to: &answer) {
        // SAFETY: the kernel writes 256 bytes during the call, for which there is room; a literal is terminated.
        unsafe Kernel.raw(.statx, Int(AT_FDCWD), Int(bitPattern: path.utf8Start), 0, 0, Int(bitPattern: $0))
      }
      // Attributes are the second word, and those that the file system tells of the eighth.
      if result == 0, answer[7] & mountRoot != 0, answer[1] & mountRoot == 0 { Process.exit(1) }
    } == 1 << 8
  }
}
