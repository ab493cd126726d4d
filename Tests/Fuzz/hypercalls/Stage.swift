import ABI
import CLinux
import FuzzInput
import Host
@testable import Machine
@testable import Tender
import Text

/// What the hypercalls act on, all of it real but the virtual machine: guest memory, two disks, a network, the console.
///
/// | handle | device |
/// |---|---|
/// | 1 | a disk of 64 KiB |
/// | 2 | the same, to be read only |
/// | 3 | a network whose other end is the fuzzer's |
/// | 4 | a network that has vanished |
struct Stage: ~Copyable {
  static var memorySize: UInt64 { 2 << 20 }
  static var firstReadOnly: Range<UInt64> { 0x10_0000..<0x10_2000 }
  static var secondReadOnly: Range<UInt64> { 0x10_4000..<0x10_5000 }
  /// A segment that nobody may touch, and that holds zeros.
  static var inaccessible: Range<UInt64> { 0x10_5000..<0x10_6000 }
  static var capacity: Int { 1 << 16 }
  /// The longest frame that a network takes, as the ABI's largest MTU wants it.
  static var longestFrame: UInt64 { 65536 }

  var guest: Guest
  let memory: GuestMemory
  private let disks: [Int32]
  private let wire: Int32
  private let console: Int32
  private let last: Int32

  init() {
    do throws(SystemError) {
      var memory = try GuestMemory(size: Self.memorySize, segments: 3)
      // What the guest finds in its constants: texts for the console, far away from everything.
      for range in [Self.firstReadOnly, Self.secondReadOnly] {
        for place in stride(from: range.lowerBound, to: range.upperBound, by: 16) {
          memory.store(0x3000 as UInt64, at: GuestAddress(rawValue: place))
          memory.store(16 as UInt64, at: GuestAddress(rawValue: place + 8))
        }
        try memory.protect(Self.addresses(range), .read)
      }
      try memory.protect(Self.addresses(Self.inaccessible), .none)
      self.memory = memory
      let block = try FixedBlock(program: Array("brig-hvt".utf8))
      let area = try Mapping.anonymous(count: 1 << 14, protection: PROT_READ | PROT_WRITE)
      let runner = Runner(descriptor: -1, area: area.start..<area.start + UInt(area.count))
      area.disarm()
      disks = [try Self.file(), try Self.file()]
      for disk in disks { try Kernel.call(.ftruncate, Int(disk), Self.capacity) }
      let pair = try Self.pair()
      wire = pair.0
      console = try Self.file()
      last = try Descriptor.open("hypercalls.last", O_RDWR | O_CREAT | O_TRUNC, mode: 0o644).disarm()
      try Kernel.call(.dup3, Int(console), 1, 0)
      var devices = DeviceTable()
      devices.attach(.disk(disks[0], capacity: UInt64(Self.capacity), writable: true), at: 1)
      devices.attach(.disk(disks[1], capacity: UInt64(Self.capacity), writable: false), at: 2)
      devices.attach(.tap(pair.1, frame: Self.longestFrame), at: 3)
      devices.attach(.lostTap, at: 4)
      guest = Guest(runner: runner, memory: memory, block: block, devices: devices)
    } catch {
      find("the stage: \(String(decoding: error.message.bytes, as: UTF8.self))")
    }
  }

  private static func addresses(_ range: Range<UInt64>) -> Range<GuestAddress> {
    GuestAddress(rawValue: range.lowerBound)..<GuestAddress(rawValue: range.upperBound)
  }

  /// A file in memory.
  private static func file() throws(SystemError) -> Int32 {
    let name: StaticString = "fuzz"
    // SAFETY: the literal is terminated and lives as long as the program.
    let address = unsafe Int(bitPattern: name.utf8Start)
    return Int32(try Kernel.call(SystemCall("memfd_create", SYS_memfd_create), address, 0))
  }

  /// Two ends of a wire for frames, neither of which waits.
  private static func pair() throws(SystemError) -> (Int32, Int32) {
    var ends: (Int32, Int32) = (0, 0)
    let nonBlocking = 0o4000
    let result = unsafe withUnsafeMutablePointer(to: &ends) {
      // SAFETY: the kernel writes two numbers during the call.
      Kernel.raw(
        SystemCall("socketpair", SYS_socketpair), Int(AF_UNIX), Int(CLINUX_SOCK_SEQPACKET) | nonBlocking, 0,
        Int(bitPattern: $0))
    }
    guard result == 0 else { throw SystemError(call: "socketpair", code: Int32(-result)) }
    return ends
  }

  // MARK: - Memory

  /// The parts of a range that are writable.
  static func writableParts(of range: Range<Int>) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var start = range.lowerBound
    for segment in [firstReadOnly, secondReadOnly, inaccessible] {
      let (low, high) = (Int(segment.lowerBound), Int(segment.upperBound))
      if start < min(low, range.upperBound) { parts.append(start..<min(low, range.upperBound)) }
      start = max(start, min(high, range.upperBound))
    }
    if start < range.upperBound { parts.append(start..<range.upperBound) }
    return parts
  }

  private borrowing func address(_ place: Int, _ count: Int) -> UnsafeMutableRawPointer {
    require(place >= 0 && place + count <= Int(Self.memorySize), "the fuzzer itself goes astray")
    // SAFETY: the pages are mapped, and the range is in them.
    return unsafe UnsafeMutableRawPointer(bitPattern: memory.base + UInt(place)).unsafelyUnwrapped
  }

  /// A part of guest memory as it is.
  borrowing func read(_ range: Range<Int>) -> [UInt8] {
    var bytes: [UInt8] = []
    for part in Self.readableParts(of: range) {
      bytes += repeatElement(0, count: part.lowerBound - range.lowerBound - bytes.count)
      // SAFETY: these pages are readable.
      unsafe bytes += UnsafeRawBufferPointer(start: address(part.lowerBound, part.count), count: part.count)
    }
    return bytes + repeatElement(0, count: range.count - bytes.count)
  }

  /// The parts of a range that are readable.
  private static func readableParts(of range: Range<Int>) -> [Range<Int>] {
    let (low, high) = (Int(inaccessible.lowerBound), Int(inaccessible.upperBound))
    return [range.clamped(to: 0..<low), range.clamped(to: high..<Int(memorySize))].filter { !$0.isEmpty }
  }

  /// All of guest memory as it is.
  borrowing func read() -> [UInt8] { read(0..<Int(Self.memorySize)) }

  /// Writes into a part of guest memory that isn't read-only.
  borrowing func write(_ bytes: [UInt8], at place: Int) {
    let target = unsafe address(place, bytes.count)
    // SAFETY: the range is in RAM, and the source is outside it.
    unsafe bytes.withUnsafeBytes { if let start = $0.baseAddress { _ = unsafe memcpy(target, start, $0.count) } }
  }

  /// Whether all of guest memory holds these bytes.
  borrowing func isSame(as bytes: [UInt8]) -> Bool {
    Self.readableParts(of: 0..<bytes.count).allSatisfy { part in
      let start = unsafe address(part.lowerBound, part.count)
      // SAFETY: both have as many bytes there, and they are readable.
      return unsafe bytes.withUnsafeBytes {
        unsafe memcmp(start, $0.baseAddress.unsafelyUnwrapped + part.lowerBound, part.count) == 0
      }
    }
  }

  // MARK: - What lies outside

  /// Keeps the bytes of the run that is about to begin: a tender that ends by mistake leaves nobody to keep them.
  borrowing func remember(_ bytes: [UInt8]) {
    _ = Kernel.raw(.ftruncate, Int(last), bytes.count)
    Self.transfer(.pwrite64, last, bytes, at: 0)
  }

  /// A disk's whole content.
  borrowing func content(ofDisk index: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.capacity)
    let got = unsafe bytes.withUnsafeMutableBytes {
      // SAFETY: the kernel writes at most the buffer's bytes.
      Kernel.raw(.pread64, Int(disks[index]), Int(bitPattern: $0.baseAddress), $0.count, 0)
    }
    require(got == Self.capacity, "a disk of \(got) bytes")
    return bytes
  }

  /// Gives both disks their first content again.
  borrowing func clearDisks(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    for disk in disks {
      Self.transfer(.pwrite64, disk, [UInt8](repeating: 0, count: range.count), at: range.lowerBound)
    }
  }

  /// What the guest has said since the last time.
  borrowing func takeConsole() -> [UInt8] {
    let size = Kernel.raw(.lseek, Int(console), 0, 1)
    guard size > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: size)
    _ = unsafe bytes.withUnsafeMutableBytes {
      // SAFETY: the kernel writes at most the buffer's bytes.
      Kernel.raw(.pread64, Int(console), Int(bitPattern: $0.baseAddress), $0.count, 0)
    }
    _ = Kernel.raw(.ftruncate, Int(console), 0)
    _ = Kernel.raw(.lseek, Int(console), 0, 0)
    return bytes
  }

  /// Sends the guest a frame.
  borrowing func send(_ frame: [UInt8]) -> Bool { Self.transfer(.write, wire, frame, at: 0) == frame.count }

  /// Takes the frames that the guest has sent off the wire.
  borrowing func takeFrames() -> [[UInt8]] {
    var frames: [[UInt8]] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 17)
    while frames.count < 4 {
      let got = unsafe buffer.withUnsafeMutableBytes {
        // SAFETY: the kernel writes at most the buffer's bytes.
        Kernel.raw(.read, Int(wire), Int(bitPattern: $0.baseAddress), $0.count)
      }
      guard got >= 0 else { return frames }
      frames.append(Array(buffer.prefix(got)))
    }
    return frames
  }

  @discardableResult
  private static func transfer(_ call: SystemCall, _ descriptor: Int32, _ bytes: [UInt8], at offset: Int) -> Int {
    unsafe bytes.withUnsafeBytes {
      // SAFETY: the kernel reads the buffer's bytes during the call.
      Kernel.raw(call, Int(descriptor), Int(bitPattern: $0.baseAddress), $0.count, offset)
    }
  }

  // MARK: - Calls

  /// Makes a call that comes back.
  mutating func serve(_ call: Script.Call) {
    let number = UInt16(call.number)
    guard let hypercall = Hypercall(rawValue: number) else { guest.end(after: .reserved(number)) }
    guest.serve(hypercall, at: GuestAddress(rawValue: call.address))
  }

  /// Makes a call that ends the tender, in a process of its own.
  ///
  /// - Returns: its status as `wait4` has it, and what it said on standard error.
  mutating func end(by call: Script.Call) -> (status: Int32, line: [UInt8]) {
    var pipe: (Int32, Int32) = (0, 0)
    let made = unsafe withUnsafeMutablePointer(to: &pipe) {
      // SAFETY: the kernel writes two numbers during the call.
      Kernel.raw(.pipe2, Int(bitPattern: $0), 0)
    }
    require(made == 0, "no pipe")
    let child = Kernel.raw(.clone, Int(SIGCHLD))
    if child == 0 {
      _ = Kernel.raw(.dup3, Int(pipe.1), 2, 0)
      serve(call)
      Process.exit(77)
    }
    _ = Kernel.raw(.close, Int(pipe.1))
    // libFuzzer's alarm interrupts whoever waits.
    var line = [UInt8](repeating: 0, count: 2048)
    let count = unsafe line.withUnsafeMutableBytes {
      // SAFETY: the kernel writes at most the buffer's bytes.
      try? Kernel.call(.read, Int(pipe.0), Int(bitPattern: $0.baseAddress), $0.count)
    }
    _ = Kernel.raw(.close, Int(pipe.0))
    var status: Int32 = -1
    let waited = unsafe withUnsafeMutablePointer(to: &status) {
      // SAFETY: the kernel writes the four bytes during the call.
      try? Kernel.call(.wait4, child, Int(bitPattern: $0), 0, 0)
    }
    require(waited == child, "no process to wait for")
    return (status, Array(line.prefix(count ?? 0)))
  }
}
