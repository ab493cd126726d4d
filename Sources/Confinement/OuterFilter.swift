import CCalls
import CCap
import CLinux
import Host
package import Text

/// A seccomp filter that a launcher or container installed before the tender started.
package enum OuterFilter {
  /// Whether the kernel says in two ways that there is none.
  ///
  /// A filter can answer `prctl` with 0, but it can't write what a read of `/proc` returns. It is false if `/proc`
  /// can't be asked, and if something lies over the kernel's own file. It must be asked when descriptor 0 is
  /// `/dev/null` already: if a filter answers an `open` with 0, that descriptor is then `/dev/null`.
  package static var isAbsent: Bool {
    guard Kernel.raw(.prctl, Int(PR_GET_SECCOMP)) == 0 else { return false }
    // A name that holds a line's end is written with a backslash (proc_pid_status(5)).
    return (try? ProcessFile.own("self/status", has: ("\nSeccomp:\t0\n" as Text).bytes)) ?? false
  }

  /// What a start has to have for some calls to be made.
  package struct Parts: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    /// A disk that is written.
    package static var disk: Parts { Parts(rawValue: ccalls_disk.rawValue) }
    package static var network: Parts { Parts(rawValue: ccalls_network.rawValue) }
    /// A prepared net namespace that it must join.
    package static var preparedNetNamespace: Parts { Parts(rawValue: ccalls_prepared.rawValue) }
  }

  /// What this start hasn't, of what the table of calls says that they are made with.
  static func skipped(with parts: Parts) -> UInt32 {
    var skipped = ccalls_parts.rawValue & ~parts.rawValue | ccalls_early.rawValue
    // What the kernel told the program at its start needs no call that could be forbidden.
    if getauxval(UInt(AT_UID)) != 0, getauxval(UInt(AT_EUID)) != 0 { skipped |= ccalls_root.rawValue }
    return skipped
  }

  /// The calls of a start for which an outer filter kills or sends a signal; nil if there are none.
  ///
  /// If a filter sends SIGSYS, the handler reports it. If it kills, nobody is left to report it. So if there is an
  /// outer filter, a short-lived child makes each call first, and another child makes the calls behind the one that
  /// killed it. The tender itself keeps its process id.
  ///
  /// - Parameter parts: what the start has.
  /// - Returns: their names with commas between, or nil.
  package static func killingCalls(with parts: Parts) -> Text? {
    guard Kernel.raw(.prctl, Int(PR_GET_SECCOMP)) == 2, let page = unsafe sharedPage() else { return nil }
    let skipped = skipped(with: parts)
    var names = Names()
    // SAFETY: the page stays mapped until the last child has ended; its first byte is the index of the call.
    while unsafe UInt32(page.pointee) <= ccalls_count() {
      let status = inChild {
        while unsafe UInt32(page.pointee) < ccalls_count() {
          let trial = unsafe Trial(UInt32(page.pointee))
          if trial.isMade(without: ccalls_untried.rawValue | skipped) { _ = trial.answer() }
          unsafe page.pointee += 1
        }
      }
      guard let status, status & 0x7f == SIGSYS else { break }
      let index = unsafe UInt32(page.pointee)
      names.append(index < ccalls_count() ? Trial(index).name : "\(SystemCall.exitGroup.name)")
      unsafe page.pointee += 1
    }
    // Where calls are named the start ends; the doctor keeps the page.
    if names.text == nil { _ = Kernel.raw(.munmap, Int(bitPattern: page), pageSize) }
    return names.text
  }

  private static var pageSize: Int { 4096 }

  /// A page that children share; whatever answers to `munmap`, nobody but the caller unmaps it.
  private static func sharedPage() -> UnsafeMutablePointer<UInt8>? {
    guard let page = try? Mapping.anonymous(count: pageSize, protection: PROT_READ | PROT_WRITE, flags: 0, shared: true)
    else { return nil }
    let start = page.start
    page.disarm()
    return unsafe UnsafeMutablePointer(bitPattern: start)
  }

  /// Does something in a child.
  ///
  /// What it does allocates nothing where this process may have other threads: one of them may hold the heap's lock,
  /// which nobody in the child lets go of.
  ///
  /// - Returns: how it ended (wait4(2)), or nil where there can be no child.
  package static func inChild(_ body: () -> Void) -> Int32? {
    // Without a signal at its end, or who ignores SIGCHLD would not be told of it.
    let child = clinux_fork(0)
    if child == 0 {
      // A filter that sends SIGSYS ends the child like one that kills: only its parent has something to say.
      _ = clinux_reset_signal(SIGSYS)
      body()
      Process.exit(0)
    }
    guard child > 0 else { return nil }
    var status: Int32 = 0
    let waited = unsafe withUnsafeMutablePointer(to: &status) {
      // SAFETY: the kernel writes the four bytes during the call.
      try? Kernel.call(.wait4, child, Int(bitPattern: $0), Int(CLINUX_WALL), 0)
    }
    return waited == child ? status : nil
  }

  /// The calls that an outer filter answers by an error, or with 0 without making them, if it kills for none.
  ///
  /// A child asks. The kernel refuses some calls to an ordinary user by the same error as a filter, but allows them to
  /// the child in namespaces of its own. If the child can't have namespaces, such a call counts as the one before it in
  /// the table.
  ///
  /// - Parameter held: which needs of the table this process meets by now: root's, CAP_SETGID's, a prepared net
  ///   namespace to join, and CAP_SYS_ADMIN's if the mount namespace is its own.
  /// - Returns: their names.
  package static func refusedCalls(_ held: UInt32) -> Names {
    var names = Names()
    guard let page = unsafe sharedPage() else { return names }
    // The child allocates nothing, so what is read of files is asked here.
    let held = IDMap.deniesGroups ? held & ~ccalls_groups.rawValue : held
    let ownsAllMounts = ownsAllMounts
    // SAFETY: the page has a byte for each call, and stays mapped.
    _ = inChild {
      let admin = ccalls_admin.rawValue
      for index in 0..<ccalls_count() { unsafe page[Int(index)] = Trial(index).isRefused(held) ? 1 : 0 }
      // A filter that answers this one with 0 would do so with the others.
      let isTold = Kernel.raw(.unshare, Int(CLONE_NEWUSER | 1)) != 0
      let mayAsk =
        held & admin != 0 || ownsAllMounts
        || isTold
          && (Kernel.raw(.unshare, Int(CLONE_NEWUSER | CLONE_NEWNS)) == 0
            || Kernel.raw(.unshare, Int(CLONE_NEWNS)) == 0)
      for index in 1..<ccalls_count() where Trial(index).needs & admin != 0 {
        let isRefused = Trial(index).isRefused(held | admin)
        unsafe page[Int(index)] = isRefused && (mayAsk || page[Int(index) - 1] == 1) ? 1 : 0
      }
    }
    for index in 0..<ccalls_count() where unsafe page[Int(index)] == 1 { names.append(Trial(index).name) }
    _ = Kernel.raw(.munmap, Int(bitPattern: page), pageSize)
    return names
  }

  /// Whether CAP_SYS_ADMIN is had in the host's user namespace (`PROC_USER_INIT_INO` of linux/proc_ns.h), and so over
  /// each mount namespace; false where that isn't known.
  private static var ownsAllMounts: Bool {
    guard let held = try? Capabilities.Held(), held.has(CAP_SYS_ADMIN) else { return false }
    return (try? FileStatus(at: "/proc/self/ns/user"))?.inode == 0xefff_fffd
  }

  /// What to do about calls that a filter forbids; it follows their names.
  package static var remedy: Text { unsafe Text(terminated: ccalls_remedy()) }

  /// Names with commas between.
  package struct Names {
    /// The names; nil if there is none.
    package private(set) var text: Text?

    mutating func append(_ name: Text) { text = text.map { "\($0), \(name)" } ?? name }

    /// Whether a name is among them.
    func has(_ name: StaticString) -> Bool {
      let name: Text = ", \(name),"
      return text.map { (", \($0)," as Text).bytes.contains(name.bytes) } ?? false
    }
  }

  /// A row of the table of calls.
  @safe
  private struct Trial {
    private let row: UnsafePointer<ccalls_call>
    init(_ index: UInt32) { unsafe row = ccalls_at(index) }

    var needs: UInt32 { unsafe UInt32(row.pointee.needs) }
    var expected: Int { unsafe -Int(row.pointee.error) }
    // SAFETY: the table is constant, and its names are terminated.
    var name: Text { unsafe Text(terminated: ccalls_name(Int32(row.pointee.number)).unsafelyUnwrapped) }

    /// Whether a start without these makes it.
    func isMade(without skipped: UInt32) -> Bool { unsafe ccalls_is_made(row, skipped) }

    /// Makes the call as the table has it.
    func answer() -> Int {
      let row = unsafe row.pointee
      return clinux_repeated_short_call(Int(row.number), Int(row.a), Int(row.b), Int(row.c))
    }

    /// Whether the call is answered otherwise than the kernel does; never where that isn't known.
    func isRefused(_ held: UInt32) -> Bool {
      let conditions =
        ccalls_root.rawValue | ccalls_groups.rawValue | ccalls_admin.rawValue | ccalls_prepared.rawValue
      guard needs & (ccalls_untried.rawValue | ccalls_unjudged.rawValue | conditions & ~held) == 0 else { return false }
      let answer = answer()
      // A kernel may have been built without it.
      if needs & ccalls_optional.rawValue != 0, answer == -Int(ENOSYS) || answer == -Int(EOPNOTSUPP) { return false }
      return answer != expected
    }
  }
}

extension Text {
  fileprivate init(terminated words: UnsafePointer<CChar>) {
    // SAFETY: the strings of C tables are terminated and never freed.
    unsafe self.init(bytes: Array(UnsafeRawBufferPointer(start: words, count: strlen(words))))
  }
}
