import CLinux
import Foundation
import Host
import Policy
import Testing
import Text

@testable import Confinement

/// Each of these changes the process for good, so each has one of its own.
///
/// What it found is its exit status, since closing descriptors also closes the way back to the test.
///
/// To add one: a function that expects `processExitsWith`, whose body takes the step and exits with what it found.
@Suite("steps in a process of their own")
struct ProcessTests {
  @Test("closed standard descriptors become /dev/null, and standard input always", arguments: 0..<8)
  func standardDescriptors(_ closed: Int) async {
    await #expect(processExitsWith: .exitCode(0)) { [closed] in
      // Whatever the test's own start opens besides has its number by then.
      usleep(100_000)
      for descriptor in 0..<3 where closed >> descriptor & 1 != 0 { close(Int32(descriptor)) }
      let kept = (1...2).map { try? FileStatus(of: Int32($0)) }
      var seal = Seal(.full)
      try seal.fillStandardDescriptors()
      for descriptor in 0..<3 {
        let status = try FileStatus(of: Int32(descriptor))
        if descriptor == 0 || closed >> descriptor & 1 != 0 {
          guard status.deviceNumber == 0x103 else { exit(1) }
        } else {
          guard status.inode == kept[descriptor - 1]?.inode else { exit(2) }
        }
      }
      exit(seal.isApplied(.standardDescriptors) ? 0 : 3)
    }
  }

  @Test("every descriptor is closed but the named ones", arguments: [[], [101], [101, 100, 101], [300, 1, 102]])
  func strayDescriptors(_ named: [Int32]) async {
    await #expect(processExitsWith: .exitCode(0)) { [named] in
      for descriptor in [100, 101, 102, 300] as [Int32] { dup2(2, descriptor) }
      var seal = Seal(.full)
      try seal.closeStrayDescriptors(keeping: named)
      for descriptor in 3..<1024 as Range<Int32> {
        let isOpen = (try? FileStatus(of: descriptor)) != nil
        if isOpen != named.contains(descriptor) { exit(1) }
      }
      for descriptor in 0..<3 as Range<Int32> where (try? FileStatus(of: descriptor)) == nil { exit(2) }
      exit(0)
    }
  }

  @Test("SIGINT and SIGTERM end with their number and status 1", arguments: [SIGINT, SIGTERM])
  func ends(_ signal: Int32) async throws {
    let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) { [signal] in
      var seal = Seal(.full)
      try seal.setSignals(FixedBlock(program: Array("brig-hvt".utf8)), with: [])
      raise(signal)
    }
    let line = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(line.hasSuffix("brig-hvt: Exiting on signal \(signal)\n"))
  }

  @Test("a broken pipe and a full file are no signals")
  func ignores() async {
    await #expect(processExitsWith: .exitCode(0)) {
      var seal = Seal(.full)
      try seal.setSignals(FixedBlock(program: []), with: [])
      raise(SIGPIPE)
      raise(SIGXFSZ)
      exit(0)
    }
  }

  @Test("a crash is a crash")
  func crashes() async {
    await #expect(processExitsWith: .signal(SIGSEGV)) {
      var seal = Seal(.full)
      try seal.setSignals(FixedBlock(program: []), with: [])
      raise(SIGSEGV)
    }
  }

  @Test("limits are what was asked for, and a lower one of the launcher's stays")
  func limits() async {
    await #expect(processExitsWith: .exitCode(0)) {
      var lower = rlimit(rlim_cur: 7, rlim_max: 7)
      guard unsafe setrlimit(__rlimit_resource_t(UInt32(CLINUX_RLIMIT_FSIZE)), &lower) == 0 else { exit(1) }
      var seal = Seal(.full)
      try seal.limitResources(polled: 5, fileSize: 4096)
      for (resource, value) in [
        (CLINUX_RLIMIT_CORE, 0), (CLINUX_RLIMIT_NPROC, 0), (CLINUX_RLIMIT_NOFILE, 5), (CLINUX_RLIMIT_FSIZE, 7),
      ] as [(Int32, UInt)] {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(UInt32(resource)), &limit) == 0 else { exit(2) }
        if limit.rlim_max > max(value, 4096) { exit(3) }
        if resource != CLINUX_RLIMIT_FSIZE && (limit.rlim_cur != value || limit.rlim_max != value) { exit(4) }
      }
      exit([.coreLimit, .processLimit, .descriptorLimit, .fileSizeLimit].allSatisfy { seal.isApplied($0) } ? 0 : 5)
    }
  }

  @Test("nothing can be opened in the Landlock domain, and its version is told")
  func landlock() async {
    await #expect(processExitsWith: .exitCode(0)) {
      var seal = Seal(.full)
      try seal.forbidNewPrivileges()
      try seal.enterLandlock()
      let version = Kernel.raw(.landlockCreateRuleset, 0, 0, Int(LANDLOCK_CREATE_RULESET_VERSION))
      guard seal.isApplied(.landlock) else { exit(version < 0 && seal.landlockVersion == 0 ? 0 : 1) }
      guard seal.landlockVersion == min(version, Landlock.newest) else { exit(2) }
      exit((try? Descriptor.open("/", O_RDONLY).raw) == nil ? 0 : 3)
    }
  }

  @Test("datagrams and named sockets are refused in the domain by the kernels that know these rights, and by no other")
  func newerRights() async {
    await #expect(processExitsWith: .exitCode(0)) {
      let path = "/tmp/brig-landlock-\(getpid())"
      var address = sockaddr_un(sun_family: sa_family_t(AF_UNIX), sun_path: sockaddr_un().sun_path)
      unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
      let size = socklen_t(MemoryLayout<sockaddr_un>.size)
      func call(_ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32, _ socket: Int32) -> Int32 {
        unsafe withUnsafePointer(to: &address) {
          unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body(socket, $0, size) }
        }
      }
      let server = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      let client = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      // Nothing runs at an exit: what an earlier process of this id left goes first, and this one's at each end.
      unsafe unlink(path)
      func end(_ status: Int32) -> Never {
        unsafe unlink(path)
        exit(status)
      }
      guard unsafe call(bind, server) == 0, listen(server, 1) == 0 else { end(1) }
      // Without a domain neither is refused.
      guard !Landlock.refusesDatagrams() else { end(2) }
      var seal = Seal(.full)
      seal.mayBeAnswered = false
      try seal.forbidNewPrivileges()
      try seal.enterLandlock()
      let isRefused = unsafe call(connect, client) == -1 && errno == EACCES
      unsafe unlink(path)
      guard seal.isApplied(.landlock) else { exit(0) }
      guard isRefused == (seal.landlockVersion >= 9) else { exit(3) }
      exit(Landlock.refusesDatagrams() == (seal.landlockVersion >= 10) ? 0 : 4)
    }
  }

  @Test("a process that may not be traced stays so, and gains no privilege")
  func attributes() async {
    await #expect(processExitsWith: .exitCode(0)) {
      var seal = Seal(.full)
      try seal.becomeUndumpable()
      try seal.forbidNewPrivileges()
      guard Kernel.raw(.prctl, Int(PR_GET_DUMPABLE)) == 0 else { exit(1) }
      exit(Kernel.raw(.prctl, Int(PR_GET_NO_NEW_PRIVS)) == 1 ? 0 : 2)
    }
  }

  @Test("without a single thread there is no user namespace, and the fallback goes on")
  func namespaces() async {
    await #expect(processExitsWith: .exitCode(0)) {
      // A second thread is what the kernel refuses a user namespace for.
      Thread.detachNewThread { sleep(60) }
      var full = Seal(.full)
      do throws(Refusal) {
        try full.enterNamespaces()
        exit(1)
      } catch {
        guard error.step == .userNamespace else { exit(2) }
      }
      var fallback = Seal(.fallback)
      try fallback.enterNamespaces()
      let steps = [Step.userNamespace, .mountNamespace, .netNamespace, .ipcNamespace, .utsNamespace, .cgroupNamespace]
      guard fallback.records.map(\.step) == steps, !fallback.isApplied(.userNamespace) else { exit(3) }
      // As root the others don't need the first.
      guard geteuid() == 0 else { exit(0) }
      exit(fallback.isApplied(.netNamespace) && fallback.warnings.count == 1 ? 0 : 4)
    }
  }

  @Test("the filter is on every thread: one that was there before dies of it, and takes the process with it")
  func filter() async {
    await #expect(processExitsWith: .signal(SIGSYS)) {
      // Kills for getpid and allows everything else, so that nothing but that call can be what ends the process.
      let program = Program(instructions: [
        Instruction(code: 0x20),
        Instruction(code: 0x15, skipFalse: 1, operand: UInt32(SystemCall.getpid.number)),
        Instruction(code: 0x06, operand: 0x8000_0000),
        Instruction(code: 0x06, operand: 0x7fff_0000),
      ])
      let filter = try InstallableFilter(program, witness: nil)
      let begun = DispatchSemaphore(value: 0)
      let installed = DispatchSemaphore(value: 0)
      Thread.detachNewThread {
        begun.signal()
        installed.wait()
        _ = Kernel.raw(.getpid)
        exit(1)
      }
      begun.wait()
      try Kernel.control(PR_SET_NO_NEW_PRIVS, 1)
      try filter.install()
      installed.signal()
      sleep(60)
      exit(2)
    }
  }

  @Test("a Landlock ABI's rights are those that it has, and no more")
  func rights() {
    let expected: [(Int, UInt32, UInt32, UInt32)] = [
      (0, 0, 0, 0), (1, 0x1fff, 0, 0), (2, 0x3fff, 0, 0), (3, 0x7fff, 0, 0), (4, 0x7fff, 3, 0), (5, 0xffff, 3, 0),
      (6, 0xffff, 3, 3), (7, 0xffff, 3, 3), (8, 0xffff, 3, 3), (9, 0x1ffff, 3, 3), (10, 0x1ffff, 15, 3),
    ]
    for (version, files, network, scopes) in expected {
      #expect(
        Landlock.rights(version: version) == Landlock.Rights(files: files, network: network, scopes: scopes),
        "\(version)")
      // A kernel refuses a structure that is longer than it knows, unless the rest is zero.
      let size = Landlock.size(version: version)
      #expect(size == (scopes > 0 ? 24 : network > 0 ? 16 : 8), "\(version)")
    }
    #expect(expected.last?.0 == Landlock.newest)
  }
}
