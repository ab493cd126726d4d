/// A request of the guest to its tender, by its number (`enum hvt_hypercall`).
package enum Hypercall: UInt16, CaseIterable, Sendable {
  /// Reads the wall clock; the structure is `WalltimeCall`.
  case walltime = 1
  /// Writes to the console; the structure is `PutsCall`.
  case puts
  /// Waits for input or a time-out; the structure is `PollCall`.
  case poll
  /// Writes to a disk; the structure is `BlockCall`.
  case blockWrite
  /// Reads from a disk; the structure is `BlockCall`.
  case blockRead
  /// Sends a frame; the structure is `NetCall`.
  case netWrite
  /// Receives a frame; the structure is `NetCall`.
  case netRead
  /// Ends the guest; the structure is `HaltCall`.
  case halt

  /// The last one, behind which no port and no address is a hypercall's.
  static var last: Hypercall { .halt }

  /// The name behind `HVT_HYPERCALL_` (`enum hvt_hypercall`), which the policy's `@for` has for it.
  package var name: StaticString {
    switch self {
    case .walltime: "WALLTIME"
    case .puts: "PUTS"
    case .poll: "POLL"
    case .blockWrite: "BLOCK_WRITE"
    case .blockRead: "BLOCK_READ"
    case .netWrite: "NET_WRITE"
    case .netRead: "NET_READ"
    case .halt: "HALT"
    }
  }
}

// MARK: - Structures

/// A hypercall's structure in guest memory: copied in once, its answers written back once.
///
/// A conforming type holds the decoded *input*; its static properties of type `Field` describe the structure, and those
/// named in its comment as answers are what the tender writes back. Every offset of the ABI stands in this file
/// (`hvt_abi.h`).
package protocol Call: Sendable {
  /// The size of the structure in bytes, tail padding included.
  static var size: Int { get }

  /// Decodes the input fields, or nothing if the bytes are fewer than `size`.
  init?(_ bytes: RawSpan)
}

/// The structure of `walltime`: no input; the answer is `nanoseconds`.
package struct WalltimeCall: Call, Equatable {
  package static var size: Int { 8 }

  /// The time since 1970 in nanoseconds, an answer.
  package static var nanoseconds: Field<UInt64> { Field(at: 0) }

  package init?(_ bytes: RawSpan) {
    guard bytes.byteCount >= Self.size else { return nil }
  }
}

/// The structure of `puts`: bytes for the console; there is no answer.
package struct PutsCall: Call, Equatable {
  package static var size: Int { 16 }
  private static var data: Field<UInt64> { Field(at: 0) }
  private static var length: Field<UInt64> { Field(at: 8) }

  /// The address of the bytes.
  package let data: GuestAddress
  /// How many bytes there are; any 64-bit value can come from a guest.
  package let length: UInt64

  package init?(_ bytes: RawSpan) {
    guard bytes.byteCount >= Self.size, let data = Self.data.read(from: bytes),
      let length = Self.length.read(from: bytes)
    else { return nil }
    self.data = GuestAddress(rawValue: data)
    self.length = length
  }
}

/// The structure of `poll`: how long to wait; the answers are `readySet` and `result`.
package struct PollCall: Call, Equatable {
  package static var size: Int { 24 }
  private static var timeout: Field<UInt64> { Field(at: 0) }

  /// The handles that are ready, bit n for handle n, an answer.
  package static var readySet: Field<UInt64> { Field(at: 8) }
  /// How many devices are ready, an answer; unlike the other calls' it isn't a `ReturnCode`.
  package static var result: Field<Int32> { Field(at: 16) }

  /// The longest time to wait in nanoseconds, from now.
  package let timeout: UInt64

  package init?(_ bytes: RawSpan) {
    guard bytes.byteCount >= Self.size, let timeout = Self.timeout.read(from: bytes) else { return nil }
    self.timeout = timeout
  }
}

/// The structure of `blockWrite` and `blockRead`: one transfer; the answer is `result`.
package struct BlockCall: Call, Equatable {
  package static var size: Int { 40 }
  private static var handle: Field<UInt64> { Field(at: 0) }
  private static var offset: Field<UInt64> { Field(at: 8) }
  private static var data: Field<UInt64> { Field(at: 16) }
  private static var length: Field<UInt64> { Field(at: 24) }

  /// The outcome, an answer: a `ReturnCode`.
  package static var result: Field<Int32> { Field(at: 32) }

  /// The device: an index into the manifest, if it's valid; all 64 bits count.
  package let handle: UInt64
  /// The first byte on the disk.
  package let offset: UInt64
  /// The address of the bytes in guest memory.
  package let data: GuestAddress
  /// How many bytes to transfer; any 64-bit value can come from a guest.
  package let length: UInt64

  package init?(_ bytes: RawSpan) {
    guard bytes.byteCount >= Self.size, let handle = Self.handle.read(from: bytes),
      let offset = Self.offset.read(from: bytes), let data = Self.data.read(from: bytes),
      let length = Self.length.read(from: bytes)
    else { return nil }
    self.handle = handle
    self.offset = offset
    self.data = GuestAddress(rawValue: data)
    self.length = length
  }
}

/// The structure of `netWrite` and `netRead`: one frame; the answers are `result` and, for a frame received, `length`.
package struct NetCall: Call, Equatable {
  package static var size: Int { 32 }
  private static var handle: Field<UInt64> { Field(at: 0) }
  private static var data: Field<UInt64> { Field(at: 8) }

  /// The size of the frame; an input, and the answer of a `netRead` whose result is `ok`.
  package static var length: Field<UInt64> { Field(at: 16) }
  /// The outcome, an answer: a `ReturnCode`.
  package static var result: Field<Int32> { Field(at: 24) }

  /// The device: an index into the manifest, if it's valid; all 64 bits count.
  package let handle: UInt64
  /// The address of the frame in guest memory.
  package let data: GuestAddress
  /// The size of the frame to send, or of the place to receive one; any 64-bit value can come from a guest.
  package let length: UInt64

  package init?(_ bytes: RawSpan) {
    guard bytes.byteCount >= Self.size, let handle = Self.handle.read(from: bytes),
      let data = Self.data.read(from: bytes), let length = Self.length.read(from: bytes)
    else { return nil }
    self.handle = handle
    self.data = GuestAddress(rawValue: data)
    self.length = length
  }
}

/// The structure of `halt`: the guest's last words; there is no answer.
package struct HaltCall: Call, Equatable {
  package static var size: Int { 16 }
  private static var cookie: Field<UInt64> { Field(at: 0) }
  private static var exitStatus: Field<Int32> { Field(at: 8) }

  /// How many bytes a cookie has at its address (`HVT_HALT_COOKIE_MAX`).
  package static var cookieSize: UInt64 { 512 }

  /// The address of a trap frame or other hint for a debugger, if the guest left one.
  package let cookie: GuestAddress?
  /// The guest's exit status; its low eight bits become the tender's.
  package let exitStatus: Int32

  package init?(_ bytes: RawSpan) {
    guard bytes.byteCount >= Self.size, let cookie = Self.cookie.read(from: bytes),
      let exitStatus = Self.exitStatus.read(from: bytes)
    else { return nil }
    self.cookie = cookie == 0 ? nil : GuestAddress(rawValue: cookie)
    self.exitStatus = exitStatus
  }
}
