import Policy
import Testing

/// What the filters of two launches answer, written down by hand.
///
/// The table knows `Launch` and the kernel's numbers only as the literals below: neither the policy files nor the
/// compiler nor the proof has a part in what is expected here.
///
/// To add one: a `Call` in `console` or `devices`: good and bad values by argument; of aarch64, a row of `armTable`.
@Suite("Verdicts")
struct VerdictTests {
  static let native: UInt32 = 0xc000_003e
  static let arm: UInt32 = 0xc000_00b7

  /// One call that is allowed, by arguments that are good and arguments that are not.
  struct Call: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let number: UInt32
    /// For each argument the values that are allowed together with every other's.
    let good: [[UInt64]]
    /// For each argument values that make the call fatal, whatever the others are.
    let bad: [[UInt64]]

    init(_ name: String, _ number: UInt32, good: [[UInt64]], bad: [[UInt64]]) {
      (testDescription, self.number, self.good, self.bad) = (name, number, good, bad)
    }
  }

  /// Guest memory is 0x7f12_0000_0000 up to 0x7f12_2000_0000.
  static let inside: [UInt64] = [
    0x7f12_0000_0000, 0x7f12_0000_0001, 0x7f12_0fff_ffff, 0x7f12_1000_0000, 0x7f12_1fff_ffff,
  ]
  static let outside: [UInt64] = [
    0, 1, 0xffff_ffff_ffff_ffff, 0x7f11_ffff_ffff, 0x7f12_2000_0000, 0x7f12_2000_0001, 0x7f12_8000_0000,
    0x7f13_0000_0000,
    0x7f10_0000_0000, 0x1_7f12_0000_0000, 0x8000_7f12_0000_0000, 0x0000_0012_0000_0000, 0x0000_0000_1000_0000,
    0x7f11_0000_0400,
  ]
  static let chunk: [UInt64] = [0, 1, 0xf_ffff, 0x10_0000]
  static let overChunk: [UInt64] = [
    0x10_0001, 0x10_ffff, 0x20_0000, 0xffff_ffff, 0x1_0000_0000, 0x1_0000_0001, 0x8000_0000_0000_0000, .max,
  ]

  /// Values next to an exact one, and those that share one half of it.
  static func around(_ value: UInt64) -> [UInt64] {
    [
      value &+ 1, value &- 1, value ^ 0x8000_0000, value | 0x1_0000_0000_0000, value ^ 0x8000_0000_0000_0000,
      value &+ 0x1_0000_0000, .max - 6,
    ]
  }

  static let console = [
    Call(
      "ioctl", 16, good: [[9], [0xae80], [0]],
      bad: [
        around(9) + [0, 1, 2, 10, 0xffff_ffff],
        around(0xae80) + [0, 0xae41, 0xae01, 0x4010_aeab, 0x4004_54ca, 0x4004_54cb, 0x5401, 0x1_0000_ae80],
        around(0) + [0x7f11_0000_0220, 0x7f12_0000_0000],
      ]),
    Call(
      "write to standard output", 1, good: [[1], inside, chunk],
      bad: [[0, 3, 9, 10, 0x1_0000_0001, 0xffff_ffff, .max], outside, overChunk]),
    Call(
      "write to standard error", 1, good: [[2], [0x7f11_0000_0400], [0, 1, 0x3ff, 0x400]],
      bad: [
        [0, 3, 9, 0x1_0000_0002, .max],
        around(0x7f11_0000_0400) + [0, 0x7f11_0000_0000, 0x7f12_0000_0000],
        [0x401, 0x4_0000, 0x10_0000, 0x1_0000_0000, 0x1_0000_0400, .max],
      ]),
    Call(
      "ppoll", 271,
      good: [[0x7f11_0000_0000], [0, 1, 2], [0x7f11_0000_0200], [0], [0]],
      bad: [
        around(0x7f11_0000_0000) + [0], [3, 4, 63, 0x1_0000_0000, 0x1_0000_0002, .max], around(0x7f11_0000_0200) + [0],
        around(0) + [0x7f11_0000_0000], around(0) + [8],
      ]),
    Call(
      "clock_gettime", 228, good: [[0, 1], [0x7f11_0000_0210]],
      bad: [
        [2, 3, 4, 5, 6, 7, 11, 0x8000_0000, 0xffff_ffff, 0x1_0000_0000, 0x1_0000_0001, .max],
        around(0x7f11_0000_0210) + [0, 0x7f12_0000_0000],
      ]),
    Call(
      "munmap", 11, good: [[0x7f13_0000_0000], [0x3000]],
      bad: [
        around(0x7f13_0000_0000) + [0, 0x7f11_0000_0000, 0x7f12_0000_0000, 0x7f13_0000_1000],
        around(0x3000) + [0, 0x1000, 0x4000, 0x1_0000_3000, .max],
      ]),
    Call("close", 3, good: [[9]], bad: [around(9) + [0, 1, 2, 10, 11, 0x1_0000_0009, 0xffff_ffff, .max]]),
    Call(
      "exit_group", 231, good: [[0, 1, 127, 128, 254, 255]],
      bad: [[256, 257, 511, 0x8000_0000, 0xffff_ffff, 0x1_0000_0000, 0x1_0000_00ff, .max]]),
  ]

  /// The disk is descriptor 10 with last offset 0x1_2345_6000, the TAP descriptor 11 with frames of 65536 bytes.
  static let devices = [
    Call(
      "pread64", 17, good: [[10], inside, chunk, offsets],
      bad: [[0, 1, 2, 9, 11, 12] + around(10), outside, overChunk, beyond]),
    Call(
      "pwrite64", 18, good: [[10], inside, chunk, offsets],
      bad: [[0, 1, 2, 9, 11, 12] + around(10), outside, overChunk, beyond]),
    Call(
      "read", 0, good: [[11], inside, [0, 1, 0xffff, 0x1_0000]],
      bad: [[0, 1, 2, 9, 10, 12] + around(11), outside, [0x1_0001, 0x1_0600, 0x10_0000, 0x1_0000_0000, .max]]),
    Call(
      "write to the network", 1, good: [[11], inside, [0, 1, 0xffff, 0x1_0000]],
      bad: [[0, 9, 10, 12, 0x1_0000_000b, .max], outside, [0x1_0001, 0x1_0600, 0x10_0000, 0x1_0000_0000, .max]]),
  ]
  static let offsets: [UInt64] = [0, 511, 512, 0xffff_ffff, 0x1_0000_0000, 0x1_2345_5fff, 0x1_2345_6000]
  static let beyond: [UInt64] = [
    0x1_2345_6001, 0x1_ffff_ffff, 0x2_0000_0000, 0x2_0000_0001, 0x1_0000_0001_0000, 0x8000_0000_0000_0000, .max,
  ]

  static func filter(of devices: [Launch.Device], mode: Policy.Mode = .kill) throws -> DecodedProgram {
    let policy = try Policy(of: .made(devices, mode: mode))
    return try DecodedProgram(decoding: Program(compiling: policy))
  }

  /// Every choice of one value from each list.
  static func choices(_ lists: [[UInt64]]) -> [[UInt64]] {
    lists.reduce([[]]) { partial, list in partial.flatMap { begun in list.map { begun + [$0] } } }
  }

  /// Checks a call's good arguments in every combination, and each bad one with good others.
  /// - Returns: How many verdicts were checked.
  static func check(_ call: Call, on filter: DecodedProgram, otherwise refused: Action = .killProcess) -> Int {
    var count = 0
    func expect(_ action: Action, _ architecture: UInt32, _ number: UInt32, _ arguments: [UInt64]) {
      let request = Request(architecture, number, arguments)
      #expect(filter.action(for: request) == action, "\(call.testDescription) \(number) \(arguments)")
      count += 1
    }
    for arguments in choices(call.good) {
      expect(.allow, native, call.number, arguments)
      let unused = Array(repeating: 0xdead_beef_dead_beef as UInt64, count: 6 - arguments.count)
      expect(.allow, native, call.number, arguments + unused)
      for foreign in [arm, 0x4000_0003, 0, .max, native ^ 1, native & 0x7fff_ffff] {
        expect(.killProcess, foreign, call.number, arguments)
      }
      for bit in [0x4000_0000, 0x8000_0000, 0xc000_0000] as [UInt32] {
        expect(.killProcess, native, call.number | bit, arguments)
      }
    }
    for (index, values) in call.bad.enumerated() {
      for value in values {
        for position in [0, 1] {
          var arguments = call.good.map { position == 0 ? $0[0] : $0[$0.count - 1] }
          arguments[index] = value
          expect(refused, native, call.number, arguments)
        }
      }
    }
    return count
  }

  @Test("of a console")
  func ofConsole() throws {
    let filter = try Self.filter(of: [])
    // Without a TAP, ppoll's list has one entry.
    let calls = Self.console.map { call in
      guard call.number == 271 else { return call }
      var (good, bad) = (call.good, call.bad)
      (good[1], bad[1]) = ([0, 1], bad[1] + [2])
      return Call(call.testDescription, call.number, good: good, bad: bad)
    }
    let count = calls.reduce(0) { $0 + Self.check($1, on: filter) }
    #expect(count == 791)
    // Devices that this guest does not have.
    for call in Self.devices {
      for arguments in Self.choices(call.good) {
        #expect(filter.action(for: Request(Self.native, call.number, arguments)) == .killProcess)
      }
    }
  }

  @Test("of a console, a disk and a network")
  func ofDevices() throws {
    let filter = try Self.filter(of: [.disk(10), .tap(11)])
    let count = (Self.console + Self.devices).reduce(0) { $0 + Self.check($1, on: filter) }
    #expect(count == 4602)
  }

  @Test("of a disk that is read only")
  func ofReadOnlyDisk() throws {
    let filter = try Self.filter(of: [.disk(10, writable: false), .tap(11)])
    for call in Self.console + Self.devices where call.number != 18 { _ = Self.check(call, on: filter) }
    for arguments in Self.choices(Self.devices[1].good) {
      #expect(filter.action(for: Request(Self.native, 18, arguments)) == .killProcess)
    }
  }

  @Test("of report mode trap what is refused, and kill by getppid")
  func ofReport() throws {
    let filter = try Self.filter(of: [.disk(10), .tap(11)], mode: .report)
    for call in Self.console + Self.devices { _ = Self.check(call, on: filter, otherwise: .trap) }
    for argument in [0, 1, .max] as [UInt64] {
      let arguments = Array(repeating: argument, count: 6)
      #expect(filter.action(for: Request(Self.native, 110, arguments)) == .killProcess)
    }
  }

  @Test("of every number that no rule names are fatal", arguments: [Policy.Mode.kill, .report])
  func ofOthers(_ mode: Policy.Mode) throws {
    let filter = try Self.filter(of: [.disk(10), .tap(11)], mode: mode)
    let named: Set<UInt32> = [0, 1, 3, 11, 16, 17, 18, 228, 231, 271]
    let numbers: [UInt32] =
      Array(0..<600) + [0x3fff_ffff, 0x4000_0000, 0x4000_0200, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, .max]
    for number in numbers where !named.contains(number) {
      for arguments in [[], [1, 0x7f12_0000_0000, 1], [9, 0xae80, 0]] as [[UInt64]] {
        let action = filter.action(for: Request(Self.native, number, arguments))
        if mode == .report && number < 0x4000_0000 && number != 110 {
          #expect(action == .trap)
        } else {
          #expect(action == .killProcess || (number == .max && mode == .report && action == .trap))
        }
      }
    }
  }

  /// The same on aarch64, by a few calls of its own table.
  static let armTable: [(UInt32, [UInt64], Bool)] = [
    (29, [9, 0xae80, 0], true), (29, [9, 0xae80, 1], false), (29, [9, 0x4010_aeab, 0x7f11_0000_0220], true),
    (29, [9, 0x4010_aeab, 0x7f11_0000_0228], false), (29, [9, 0x4010_aeac, 0x7f11_0000_0220], false),
    (29, [8, 0x4010_aeab, 0x7f11_0000_0220], false), (29, [9, 0xae80, 0x7f11_0000_0220], false),
    (29, [9, 0x4010_aeab, 0], false), (64, [1, 0x7f12_0000_0000, 0x10_0000], true),
    (64, [1, 0x7f12_0000_0000, 0x10_0001], false), (64, [2, 0x7f11_0000_0400, 0x400], true),
    (64, [11, 0x7f12_1000_0000, 0x1_0000], true), (64, [11, 0x7f12_1000_0000, 0x1_0001], false),
    (63, [11, 0x7f12_1000_0000, 0x1_0000], true), (63, [10, 0x7f12_1000_0000, 0x1_0000], false),
    (67, [10, 0x7f12_0000_0000, 512, 0x1_2345_6000], true), (67, [10, 0x7f12_0000_0000, 512, 0x1_2345_6001], false),
    (68, [10, 0x7f12_0000_0000, 512, 0x1_2345_6000], true), (68, [11, 0x7f12_0000_0000, 512, 0], false),
    (73, [0x7f11_0000_0000, 2, 0x7f11_0000_0200, 0, 0], true),
    (73, [0x7f11_0000_0000, 3, 0x7f11_0000_0200, 0, 0], false),
    (94, [255], true), (94, [256], false), (113, [0, 0x7f11_0000_0210], true), (113, [1, 0x7f11_0000_0210], true),
    (113, [2, 0x7f11_0000_0210], false),
    (1, [1, 0x7f12_0000_0000, 1], false), (16, [9, 0xae80, 0], false), (231, [0], false), (173, [], false),
  ]

  @Test("on aarch64", arguments: armTable)
  func onArm(_ number: UInt32, _ arguments: [UInt64], _ isAllowed: Bool) throws {
    let policy = try Policy(of: .made([.disk(10), .tap(11)], architecture: .aarch64))
    let filter = try DecodedProgram(decoding: Program(compiling: policy))
    #expect(filter.action(for: Request(Self.arm, number, arguments)) == (isAllowed ? .allow : .killProcess))
    #expect(filter.action(for: Request(Self.native, number, arguments)) == .killProcess)
  }
}
