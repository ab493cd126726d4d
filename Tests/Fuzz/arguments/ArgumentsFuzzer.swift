import ABI
import FuzzInput
import Tender
import Text

/// Two disks and two networks, `a` to `d`.
private let manifest: Manifest = {
  var bytes: [UInt8] = [1, 0, 0, 0, 5, 0, 0, 0]
  for (name, type) in [("", 1 << 30), ("a", 1), ("b", 1), ("c", 2), ("d", 2)] as [(String, UInt32)] {
    bytes += Array(name.utf8) + Array(repeating: 0, count: 68 - name.utf8.count)
    bytes += (0..<4).map { UInt8(truncatingIfNeeded: type >> (8 * $0)) }
    bytes += Array(repeating: 0, count: 32)
  }
  // SAFETY: an array of bytes has no padding.
  guard let manifest = try? unsafe Manifest(bytes.span.bytes) else { find("the fuzzer's own manifest") }
  return manifest
}()

/// A command line, its arguments divided by zero bytes as in /proc/PID/cmdline: refused with words, or within the limits.
///
/// To add one: a `require` in `run`; an input, a file in Tests/Fuzz/corpus/arguments with an argument a line.
@main
enum ArgumentsFuzzer: Fuzzer {
  static func main() {
    unsafe drive {
      ArgumentsFuzzer.run(unsafe Input($0, $1)); return 0
    }
  }

  static func run(_ input: Input) {
    let arguments = input.bytes.split(separator: 0, omittingEmptySubsequences: false).map(Array.init)
    guard case .run(let line) = CommandLine.parse(arguments) else { return }
    require(arguments.contains(line.kernel.bytes), "a unikernel that nobody named")
    require(line.guestArguments.count <= input.bytes.count, "more arguments than there were")
    require(!line.program.bytes.contains(UInt8(ascii: "/")), "the program's name is a path")
    require(line.namedDescriptors.allSatisfy { $0 >= 0 }, "a negative descriptor")
    let settings: Settings
    do throws(Failure) {
      settings = try Settings(line, manifest: manifest)
      try settings.checkAttached(manifest)
    } catch {
      require(!error.message.bytes.isEmpty, "refused without a word")
      return
    }
    require(settings.devices.count == manifest.entries.count, "another number of devices")
    for device in settings.devices[1...] {
      require(device.place != nil, "a device that isn't attached")
      let size = device.sectorSize ?? 512
      require(size >= 512 && size & (size - 1) == 0, "block size \(size)")
    }
    require(settings.mebibytes > 0, "no memory")
    guard let (size, adjusted) = try? MemorySize.bytes(mebibytes: settings.mebibytes) else { return }
    require(size >= 2 << 20 && size <= 4 << 30 && size % (2 << 20) == 0, "\(size) bytes of memory")
    require(adjusted == (settings.mebibytes << 20 != size), "adjusted, or not")
  }
}
