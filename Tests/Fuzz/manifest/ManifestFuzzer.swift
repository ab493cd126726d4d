import ABI
import FuzzInput
import Text

/// The content of an MFT1 note, as any bytes: refused, or a manifest that encodes to the same manifest again.
///
/// To add one: a `require` in `run`; an input, a file NAME.hex in Tests/Fuzz/corpus/manifest.
@main
enum ManifestFuzzer: Fuzzer {
  static func main() {
    unsafe drive {
      ManifestFuzzer.run(unsafe Input($0, $1)); return 0
    }
  }

  static func run(_ input: Input) {
    // SAFETY: an array of bytes has no padding.
    guard var manifest = try? unsafe Manifest(input.bytes.span.bytes) else { return }
    require((1...64).contains(manifest.entries.count), "\(manifest.entries.count) entries")
    require(input.bytes.count == 8 + 104 * manifest.entries.count, "of another size")
    for handle in manifest.entries.indices {
      require(input.bytes[8 + 104 * handle + 67] == 0, "entry \(handle) has a name without an end")
      require(input.bytes[8 + 104 * handle + 96] == 0, "entry \(handle) was attached already")
    }
    require(input.bytes[8] == 0 && input.bytes[76..<80] == [0, 0, 0, 0x40], "the first entry isn't the reserved one")
    let encoded = manifest.encode()
    require(encoded.count == manifest.encodedSize, "encoded to another size")
    guard let again = try? unsafe Manifest(encoded.span.bytes) else { find("what it encoded is refused") }
    require(again == manifest, "what it encoded is another manifest")
    for (handle, entry) in manifest.entries.enumerated() {
      require(entry.name.bytes.count <= 67 && !entry.name.bytes.contains(0), "a name that C reads otherwise")
      let found = manifest.handle(of: entry.name, type: entry.device.type)
      require(found.map { $0 <= handle } ?? false, "entry \(handle) isn't found by its name")
      guard !entry.device.type.isReserved else { continue }
      manifest.attach(entry.device, at: handle)
      checkHostDescriptor(manifest.encode(), handle)
    }
    require(
      manifest.entries.allSatisfy { $0.isAttached || $0.device.type.isReserved }, "attached, and yet not")
  }
}

/// The guest's copy of an attached entry: nothing of the host's, and marked as attached.
private func checkHostDescriptor(_ bytes: [UInt8], _ handle: Int) {
  let start = 8 + 104 * handle
  require(bytes[(start + 88)..<(start + 96)].allSatisfy { $0 == 0 }, "a host descriptor")
  require(bytes[start + 96] == 1, "not marked as attached")
  require(bytes[(start + 97)..<(start + 104)].allSatisfy { $0 == 0 }, "padding")
}
