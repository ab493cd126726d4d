import CGuest

typealias Bytes = UnsafeMutablePointer<UInt8>
typealias Words = UnsafeMutablePointer<UInt64>
typealias Device = UnsafePointer<device>

/// Prints one line.
func say(_ line: Line) {
  put("\n")
}

func put(_ text: StaticString) {
  put_bytes(text.utf8Start, UInt64(text.utf8CodeUnitCount))
}

/// A line of console output: its pieces go out as they come, and no string is ever built.
struct Line: ExpressibleByStringInterpolation {
  struct StringInterpolation: StringInterpolationProtocol {
    init(literalCapacity: Int, interpolationCount: Int) {}
    func appendLiteral(_ text: StaticString) { put(text) }
    func appendInterpolation(_ text: StaticString) { put(text) }
    func appendInterpolation(_ text: UnsafePointer<CChar>) { put_text(text) }
    func appendInterpolation(_ value: some UnsignedInteger) { put_number(UInt64(value), 10, 0) }
    func appendInterpolation(_ value: some SignedInteger) { put_signed(Int64(value)) }
    func appendInterpolation(hex value: some UnsignedInteger, width: UInt32 = 0) {
      put_number(UInt64(value), 16, width)
    }
    func appendInterpolation(mac bytes: UnsafePointer<UInt8>) {
      for index in 0..<6 {
        if index > 0 { put(":") }
        put_number(UInt64(bytes[index]), 16, 2)
      }
    }
  }
  init(stringLiteral text: StaticString) { put(text) }
  init(stringInterpolation: StringInterpolation) {}
}

func argument(_ index: UInt32, is text: StaticString) -> Bool {
  argument_is(index, text.characters)
}

/// The handle of the device of that name, or 0.
func device(_ name: StaticString) -> UInt64 {
  device_named(name.characters)
}

extension StaticString {
  var characters: UnsafePointer<CChar> { UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self) }
}

/// The handles of all devices.
func deviceHandles() -> Range<UInt64> {
  1..<UInt64(manifest().pointee.entries)
}

extension UnsafePointer where Pointee == device {
  var name: UnsafePointer<CChar> { UnsafeRawPointer(self).assumingMemoryBound(to: CChar.self) }
  var mac: UnsafePointer<UInt8> { UnsafeRawPointer(self).advanced(by: 72).assumingMemoryBound(to: UInt8.self) }
  var blockSize: UInt64 { UInt64(pointee.block.block_size) }
  var capacity: UInt64 { pointee.block.capacity }
}

/// Zeroed memory that nothing else uses.
func bytes(_ count: UInt64) -> Bytes {
  scratch(count).assumingMemoryBound(to: UInt8.self)
}

func words(_ count: UInt64) -> Words {
  scratch(count * 8).assumingMemoryBound(to: UInt64.self)
}
