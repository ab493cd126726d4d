import CLinux

/// The page that every pointer of the sealed tender's own system calls points into.
///
/// The policy pins these addresses, so no allowed call can be aimed at ordinary tender memory. The value is trivial:
/// the page stays mapped until the process ends.
@safe
package struct FixedBlock: Sendable {
  /// The page's address.
  package let start: UInt

  /// Where its parts are.
  package var places: Places { Places(start: UInt64(start)) }

  /// Where the page is.
  package var region: Range<UInt> { start..<start + UInt(Mapping.pageSize) }

  /// The block's size, a page of the host.
  package let count: Int

  /// What a system call reads or writes there, and so a parameter of the policy.
  ///
  /// The raw value is the place of its first byte in the block.
  package enum Part: UInt, CaseIterable, Sendable {
    /// The `pollfd` array, whose first entry is for standard output and error and whose others are devices'.
    case polled = 0
    /// `ppoll`'s time-out.
    case timeout = 512
    /// `clock_gettime`'s result.
    case time = 528
    /// The `kvm_one_reg` structure, which is followed by the register's value.
    case register = 544
    /// The message buffer.
    case message = 1024

    /// The parameter's name in policy files.
    package var name: StaticString {
      switch self {
      case .polled: "polled"
      case .timeout: "timeout"
      case .time: "time"
      case .register: "register"
      case .message: "message"
      }
    }
  }

  /// Where the parts lie of a block that starts at some address, which need not be mapped here.
  package struct Places: Sendable {
    package let start: UInt64

    package init(start: UInt64) { self.start = start }

    /// The address of a part.
    package subscript(part: Part) -> UInt64 { start &+ UInt64(part.rawValue) }
  }

  /// What no system call is told of.
  private enum Offset {
    static var waitsEnd: UInt { 576 }
    static var errorIsStuck: UInt { 577 }
    static var isEnding: UInt { 578 }
    static var endStatus: UInt { 579 }
    static var program: UInt { 2048 }
  }

  /// The most bytes of the program's name in a message; a longer name is cut.
  private static var programCapacity: Int { 255 }

  /// Maps the block; `program` is the name that messages start with.
  package init(program: [UInt8]) throws(SystemError) {
    let mapping = try Mapping.anonymous(count: Mapping.pageSize, protection: PROT_READ | PROT_WRITE)
    start = mapping.start
    count = mapping.count
    mapping.disarm()
    watchOutput(-1)
    let length = min(program.count, Self.programCapacity)
    store(UInt8(length), at: Offset.program)
    for index in 0..<length { store(program[index], at: Offset.program + 1 + UInt(index)) }
  }

  private func pointer(_ offset: UInt) -> UnsafeMutableRawPointer {
    // SAFETY: the block is never unmapped, and every offset above lies inside its 4,096 bytes or more.
    unsafe UnsafeMutableRawPointer(bitPattern: start + offset).unsafelyUnwrapped
  }

  private func store<T: BitwiseCopyable>(_ value: T, at offset: UInt) {
    unsafe pointer(offset).storeBytes(of: value, as: T.self)
  }

  private func load<T: BitwiseCopyable>(_ type: T.Type, at offset: UInt) -> T {
    unsafe pointer(offset).load(as: T.self)
  }
}

// MARK: - ppoll and clock_gettime

extension FixedBlock {
  /// How many entries of the `pollfd` array are in use for a number of devices.
  package static func polledCount(devices: Int) -> Int { devices + 1 }

  private func entry(_ index: Int) -> UInt {
    precondition(index >= 0 && index < Bounds.polled)
    return Part.polled.rawValue + UInt(index * MemoryLayout<pollfd>.stride)
  }

  /// Sets the entry of device `index` (0 to 62), its returned events cleared, to wait for a frame or for the end of
  /// frames.
  package func watch(_ index: Int, descriptor: Int32) {
    let events = Int16(POLLIN | CLINUX_POLLRDHUP)
    store(pollfd(fd: descriptor, events: events, revents: 0), at: entry(index + 1))
  }

  /// Whether `ppoll` has found that device `index` (0 to 62) has something to tell.
  package func isReady(_ index: Int) -> Bool { returnedEvents(index) != 0 }

  /// Whether `ppoll` has found that device `index` (0 to 62) may have no further frames than those that wait.
  package func mayEnd(_ index: Int) -> Bool { Int32(returnedEvents(index)) & Self.endings != 0 }

  private func returnedEvents(_ index: Int) -> Int16 { load(pollfd.self, at: entry(index + 1)).revents }

  /// What says that there will be no more frames: an error, or an other end that is closed, be it in one direction.
  private static var endings: Int32 { POLLERR | POLLHUP | CLINUX_POLLRDHUP }

  /// Sets the first entry, which a message or the console waits for: `ppoll` passes over a negative descriptor.
  func watchOutput(_ descriptor: Int32) {
    store(pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0), at: entry(0))
  }

  /// Waits until a descriptor takes more, for a time that starts anew after a stop of the process: a reader that was
  /// stopped with it needs its full time.
  ///
  /// - Parameters:
  ///   - descriptor: 1 or 2.
  ///   - seconds: how long to wait at most.
  /// - Returns: `ppoll`'s answer: 1, 0 where nothing has changed in that time, or a negative error number.
  package func awaitOutput(_ descriptor: Int32, seconds: UInt64) -> Int {
    watchOutput(descriptor)
    setTimeout(nanoseconds: seconds * 1_000_000_000)
    var ready = -Int(EINTR)
    while ready == -Int(EINTR) { ready = waitOnce(devices: 0) }
    watchOutput(-1)
    return ready
  }

  /// Whether `ppoll` says at once that a descriptor has no further frames than those that wait there.
  package func hasEnded(_ descriptor: Int32) -> Bool {
    store(pollfd(fd: descriptor, events: Int16(CLINUX_POLLRDHUP), revents: 0), at: entry(0))
    setTimeout(nanoseconds: 0)
    var answer = -Int(EINTR)
    while answer == -Int(EINTR) { answer = waitOnce(devices: 0) }
    let events = load(pollfd.self, at: entry(0)).revents
    watchOutput(-1)
    return answer > 0 && Int32(events) & Self.endings != 0
  }

  /// Whether a stop ends a `ppoll` of this process (`STICKY_TIMEOUTS` in personality(2)).
  package var waitsEndAtStops: Bool { load(UInt8.self, at: Offset.waitsEnd) != 0 }

  /// Notes that a stop ends a `ppoll`.
  package func endWaitsAtStops() { store(UInt8(1), at: Offset.waitsEnd) }

  /// Whether the last message found no room on standard error within its time.
  var errorIsStuck: Bool {
    get { load(UInt8.self, at: Offset.errorIsStuck) != 0 }
    nonmutating set { store(UInt8(newValue ? 1 : 0), at: Offset.errorIsStuck) }
  }

  /// The status that the process is about to end with, nil as long as it isn't ending.
  package var endStatus: UInt8? {
    load(UInt8.self, at: Offset.isEnding) != 0 ? load(UInt8.self, at: Offset.endStatus) : nil
  }

  /// Notes that the process is about to end, and with which status: no signal changes that any more.
  package func noteEnd(_ status: UInt8) {
    store(status, at: Offset.endStatus)
    store(UInt8(1), at: Offset.isEnding)
  }

  /// Makes one `ppoll` on the entry for output and those of so many devices.
  func waitOnce(devices: Int) -> Int {
    Kernel.once(
      .ppoll, Int(places[.polled]), Self.polledCount(devices: devices), Int(places[.timeout]), 0, 0)
  }

  /// Sets `ppoll`'s time-out, in nanoseconds.
  package func setTimeout(nanoseconds: UInt64) {
    store(
      __kernel_timespec(
        tv_sec: Int64(nanoseconds / 1_000_000_000), tv_nsec: Int64(nanoseconds % 1_000_000_000)),
      at: Part.timeout.rawValue)
  }

  /// Reads a clock, in nanoseconds since its epoch; nil where it can't be read.
  ///
  /// The C library reads it in user space (vDSO) wherever the kernel offers that; elsewhere the vDSO makes the system
  /// call itself, with the same pointer into the block.
  package func read(_ clock: Int32) -> UInt64? {
    // SAFETY: the block has a `timespec` there.
    guard unsafe clock_gettime(clock, UnsafeMutablePointer(bitPattern: UInt(places[.time])).unsafelyUnwrapped) == 0
    else {
      return nil
    }
    return time
  }

  /// The time that the last call left, in nanoseconds.
  package var time: UInt64 {
    let time = load(__kernel_timespec.self, at: Part.time.rawValue)
    return UInt64(bitPattern: time.tv_sec) &* 1_000_000_000 &+ UInt64(bitPattern: Int64(time.tv_nsec))
  }
}

// MARK: - KVM_GET_ONE_REG

extension FixedBlock {
  /// Prepares a `KVM_GET_ONE_REG` of a 64-bit register whose value lands in the block.
  package func askRegister(_ identifier: UInt64) {
    store(identifier, at: Part.register.rawValue)
    store(UInt64(start + Part.register.rawValue + 16), at: Part.register.rawValue + 8)
    store(UInt64(0), at: Part.register.rawValue + 16)
  }

  /// The value that the last `KVM_GET_ONE_REG` left.
  package var registerValue: UInt64 { load(UInt64.self, at: Part.register.rawValue + 16) }
}

// MARK: - Messages

extension FixedBlock {
  func setMessageByte(_ index: Int, _ byte: UInt8) {
    guard index >= 0, index < Bounds.message else { return }
    store(byte, at: Part.message.rawValue + UInt(index))
  }

  var programCount: Int { Int(load(UInt8.self, at: Offset.program)) }

  func programByte(_ index: Int) -> UInt8 {
    guard index >= 0, index < programCount else { return 0 }
    return load(UInt8.self, at: Offset.program + 1 + UInt(index))
  }
}
