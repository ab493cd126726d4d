import CLinux
import Host
import Text

/// A seccomp filter that a launcher or container has put on the tender before it started.
package enum OuterFilter {
  /// Whether the kernel says, each time that it is asked in another way, that there is none.
  ///
  /// A filter can answer `prctl` with 0, but it can't write what a read of `/proc` returns. Who can't ask there doesn't know, nor
  /// who would be told by what lies over the kernel's own file. It is asked once descriptor 0 is `/dev/null`, which is what a filter
  /// would have opened that answers with 0 in place of opening a file.
  package static var isAbsent: Bool {
    guard Kernel.raw(.prctl, Int(PR_GET_SECCOMP)) == 0 else { return false }
    // A name that holds a line's end is written with a backslash (proc_pid_status(5)).
    guard let status = try? ProcessFile.readOwn("self/status", most: 4096) else { return false }
    return status.contains(("\nSeccomp:\t0\n" as Text).bytes)
  }

  /// A call that sealing and running make, with arguments that the kernel refuses or that change nothing.
  private struct Probe {
    let call: SystemCall
    var a = -1
    var b = -1
    var c = -1
    var devices = Devices.any
  }

  /// The kinds of devices of which one must be attached for a call to be made.
  package struct Devices: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static var any: Devices { [] }
    /// One that is written.
    package static var disk: Devices { Devices(rawValue: 1) }
    package static var network: Devices { Devices(rawValue: 2) }
  }

  private static var probes: [Probe] {
    [
      Probe(call: .ioctl), Probe(call: .ppoll, a: 0), Probe(call: .clockGetTime), Probe(call: .closeRange, a: -1, b: 0),
      Probe(call: .dup3), Probe(call: .fcntl), Probe(call: .fstat), Probe(call: .mmap, a: 0, b: 0),
      Probe(call: .mprotect, b: 0),
      Probe(call: .munmap, b: 0), Probe(call: .madvise), Probe(call: .personality, a: Int(CLINUX_STICKY_TIMEOUTS)),
      Probe(call: .setfsuid),
      Probe(call: .keyctl), Probe(call: .getpriority), Probe(call: .schedGetScheduler), Probe(call: .schedSetScheduler),
      Probe(call: .setgroups),
      Probe(call: .setresgid), Probe(call: .setresuid), Probe(call: .capset, a: 0, b: 0),
      Probe(call: .capget, a: 0, b: 0),
      Probe(call: .getresuid, a: 0, b: 0, c: 0), Probe(call: .getresgid, a: 0, b: 0, c: 0), Probe(call: .getppid),
      Probe(call: .pread64), Probe(call: .pwrite64, devices: .disk), Probe(call: .socket, devices: .network),
      Probe(call: .getsockopt, devices: .network), Probe(call: .getrandom, a: 0, b: 0, c: 0, devices: .network),
      Probe(call: .newfstatat, a: -1, b: 0, c: 0), Probe(call: .getpid), Probe(call: .read),
      Probe(call: .openat, a: -1, b: 0), Probe(call: .close), Probe(call: .lseek),
      Probe(call: .getgroups, a: 0, b: 0),
      Probe(call: .unshare, a: 0), Probe(call: .mount, a: 0, b: 0, c: 0), Probe(call: .chdir, a: 0),
      Probe(call: .pivotRoot, a: 0, b: 0), Probe(call: .umount2, a: 0, b: 0), Probe(call: .statfs, a: 0, b: 0),
      Probe(call: .landlockCreateRuleset, a: 0),
      Probe(call: .landlockRestrictSelf), Probe(call: .prlimit64, a: 0), Probe(call: .ftruncate),
      Probe(call: SystemCall("pipe2", SYS_pipe2), a: 0), Probe(call: .seccomp),
      Probe(call: SystemCall("rt_sigaction", SYS_rt_sigaction)),
      Probe(call: SystemCall("rt_sigprocmask", SYS_rt_sigprocmask)),
    ]
  }

  /// The first call of the seal that an outer filter answers by killing; nil where there is none.
  ///
  /// A filter that sends SIGSYS is told by the handler. One that kills leaves no one to tell: so, and only where there is
  /// an outer filter at all, a short-lived child makes each call first. The tender itself keeps its process id.
  ///
  /// - Parameter devices: the kinds of devices that are attached.
  /// - Returns: its name.
  package static func killingCall(with devices: Devices) -> StaticString? {
    guard Kernel.raw(.prctl, Int(PR_GET_SECCOMP)) == 2 else { return nil }
    let probes = probes.filter { devices.isSuperset(of: $0.devices) }
    guard let page = try? Mapping.anonymous(count: 4096, protection: PROT_READ | PROT_WRITE, flags: 0, shared: true)
    else { return nil }
    let start = page.start
    page.disarm()
    // SAFETY: the page stays mapped until after the child has ended, and where it was killed until the process ends.
    let progress = unsafe UnsafeMutablePointer<UInt8>(bitPattern: start).unsafelyUnwrapped
    // Without a signal at its end, or who ignores SIGCHLD would not be told of it.
    let child = Kernel.raw(.clone, 0)
    if child == 0 {
      // A filter that sends SIGSYS ends the child like one that kills: only its parent has something to say.
      _ = clinux_reset_signal(SIGSYS)
      for index in probes.indices {
        unsafe progress.pointee = UInt8(index)
        let probe = probes[index]
        _ = Kernel.raw(probe.call, probe.a, probe.b, probe.c)
      }
      unsafe progress.pointee = UInt8(probes.count)
      Process.exit(0)
    }
    guard child > 0 else { return nil }
    return unsafe outcome(of: child, progress, probes)
  }

  /// Waits for the child that makes the calls, and unmaps the page where they may all be made.
  private static func outcome(
    of child: Int, _ progress: UnsafeMutablePointer<UInt8>, _ probes: [Probe]
  ) -> StaticString? {
    var status: Int32 = 0
    let waited = unsafe withUnsafeMutablePointer(to: &status) {
      // SAFETY: the kernel writes the four bytes during the call.
      try? Kernel.call(.wait4, child, Int(bitPattern: $0), Int(CLINUX_WALL), 0)
    }
    guard waited == child, status & 0x7f == SIGSYS else {
      _ = Kernel.raw(.munmap, Int(bitPattern: progress), 4096)
      return nil
    }
    let index = unsafe Int(progress.pointee)
    return index < probes.count ? probes[index].call.name : SystemCall.exitGroup.name
  }
}

extension [UInt8] {
  /// Whether the bytes hold others.
  fileprivate func contains(_ text: [UInt8]) -> Bool {
    guard count >= text.count else { return false }
    return (0...count - text.count).contains { self[$0...].starts(with: text) }
  }
}
