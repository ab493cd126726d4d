import CLinux
import Host
import Text

extension Seal {
  /// As root, enters an IPC namespace in which no System V shared memory can be made.
  ///
  /// A process can attach a segment twice, once writable and once executable, and so turn data into code.
  /// memory-deny-write-execute doesn't see that, because neither mapping changes. The namespace limits the number of
  /// segments. Root of the user namespace that it was made in sets that limit (`ipc_permissions` in ipc/ipc_sysctl.c).
  /// So the tender enters it before it changes its user. For the same reason an ordinary user can't set the limit in a
  /// namespace of its own.
  package mutating func forbidSharedMemory() throws(Refusal) {
    guard let owner = try? Identity.owner(), owner.user == 0 else {
      return note(.sharedMemory, "not started as root, who alone can forbid it")
    }
    if Omission.concerns(.ipcNamespace) { return note(.sharedMemory, "there is no IPC namespace") }
    var isInside = false
    let mayBeAnswered = mayBeAnswered
    try establish(.sharedMemory) { () throws(SystemError) in
      let name = OwnNamespace.path("ipc")
      let before = mayBeAnswered ? try FileStatus(at: name) : nil
      try Kernel.call(.unshare, Int(CLONE_NEWIPC))
      // The number of another namespace is nobody's to set.
      if let before { _ = try StepEvidence.seen("unshare", !FileStatus(at: name).isSame(as: before)) }
      isInside = true
      return try .seen("write", ProcessFile.set("/proc/sys/kernel/shmmni", "0"))
    }
    // The namespaces that follow are made all at once, without a second one of this kind.
    guard isInside else { return }
    try establish(.ipcNamespace) { () throws(SystemError) in try .seen("unshare", isInside) }
  }
}
