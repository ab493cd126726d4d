import CLinux
package import Host
package import Text

/// Where attacks are made: namespaces of their own, in which a call that came through finds no other process to harm.
///
/// Processes can be signalled in it that are in it, the network is a new one with TAPs for the attacks alone, and the
/// disks are files that have no name.
package struct Testbed: ~Copyable {
  /// The disks by place, open until this process ends; a tender locks its own.
  let disks: [Int32]
  /// How many probes can run at a time: each has a disk and a TAP of its own.
  let places: Int

  /// The name of a place's TAP.
  static func tap(_ place: Int) -> String { "attack\(place)" }

  /// Runs something in a process of its own, the first of a new PID namespace.
  ///
  /// - Parameters:
  ///   - places: how many probes are to run at a time.
  ///   - hasTaps: whether TAPs are needed.
  ///   - body: what to run; its result is the status.
  /// - Returns: the status.
  /// - Throws: `Complaint` where the namespaces can't be made.
  package static func enter(
    places: Int, hasTaps: Bool, _ body: (consuming Testbed) throws(Complaint) -> ExitStatus
  ) throws(Complaint) -> ExitStatus {
    let owner: Identity.Owner
    do throws(SystemError) {
      owner = try Identity.owner()
    } catch {
      throw Complaint("attack: cannot tell whom it runs as: \(String(error.message))")
    }
    let user = Int(owner.user)
    let group = Int(owner.group)
    var flags = CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC
    if user != 0 { flags |= CLONE_NEWUSER }
    let end: ChildProcess.End?
    do throws(SystemError) {
      end = try ChildProcess.fork(flags)?.wait()
    } catch {
      throw Complaint(
        "attack: \(String(error.message)): namespaces are needed: be root, or allow user namespaces")
    }
    if let end { return try status(end) }
    do throws(Complaint) {
      _ = Kernel.raw(.prctl, Int(PR_SET_PDEATHSIG), Int(SIGKILL))
      if user != 0 { try map(user, group) }
      try body(Testbed(places: places, hasTaps: hasTaps, user: user)).exit()
    } catch {
      Files.complain("brig: \(error.message)\n")
      ExitStatus.unanswered.exit()
    }
  }

  private static func status(_ end: ChildProcess.End) throws(Complaint) -> ExitStatus {
    guard let status = end.status, let answer = ExitStatus(rawValue: status) else {
      throw Complaint("attack: the process that was to attack was ended by signal \(end.signal)")
    }
    return answer
  }

  /// An ordinary user keeps its id, so that the probes are as the user starts them.
  private static func map(_ user: Int, _ group: Int) throws(Complaint) {
    try Files.write(Array("deny".utf8), to: "/proc/self/setgroups")
    try Files.write(Array("\(user) \(user) 1".utf8), to: "/proc/self/uid_map")
    try Files.write(Array("\(group) \(group) 1".utf8), to: "/proc/self/gid_map")
  }

  private init(places: Int, hasTaps: Bool, user: Int) throws(Complaint) {
    var disks: [Int32] = []
    for _ in 0..<places { disks.append(try Self.makeDisk().disarm()) }
    if hasTaps {
      do throws(SystemError) {
        for place in 0..<places { try Self.makeTap(Self.tap(place), owner: user) }
      } catch {
        throw Complaint("/dev/net/tun: no TAP can be made: \(String(error.message))")
      }
    }
    self.disks = disks
    self.places = places
  }

  private static func makeDisk() throws(Complaint) -> Descriptor {
    do throws(SystemError) {
      let unnamed: Int32 = 0o20000000  // O_TMPFILE without O_DIRECTORY, which the C library hides
      let disk = try Descriptor.open("/tmp", O_RDWR | O_DIRECTORY | unnamed, mode: 0o600)
      try Kernel.call(.ftruncate, Int(disk.raw), Int(Target.Values.diskSize))
      return disk
    } catch {
      throw Complaint("/tmp: no disk can be made there: \(String(error.message))")
    }
  }

  private static func makeTap(_ name: String, owner: Int) throws(SystemError) {
    let name = Text(name)
    let tap = try Descriptor.open("/dev/net/tun", O_RDWR)
    var request = InterfaceRequest(name)
    request.short = UInt16(IFF_TAP | IFF_NO_PI)
    try request.make(CLINUX_TUNSETIFF, tap.raw)
    // TUNSETOWNER and TUNSETPERSIST are _IOW('T', 204, int) and _IOW('T', 203, int).
    try Kernel.call(.ioctl, Int(tap.raw), 0x4004_54cc, owner)
    try Kernel.call(.ioctl, Int(tap.raw), 0x4004_54cb, 1)
    let socket = try InterfaceRequest.socket()
    request = InterfaceRequest(name)
    request.short = UInt16(CLINUX_IFF_UP)
    try request.make(UInt(SIOCSIFFLAGS), socket.raw)
  }
}
