import ABI
import FuzzInput
import Host
import Image
import Machine
import Text

/// The smallest guest memory, and what the options' default comes to.
private let memorySizes: [UInt64] = [2 << 20, 512 << 20, 4 << 30]

/// A file that is given as a unikernel, as any bytes: refused with a message, or loaded inside of guest memory.
///
/// To add one: a `require` in `run`, or in `check` for a layout; an input, a unikernel that Tests/Fuzz/seeds makes.
@main
enum ELFFuzzer: Fuzzer {
  static func main() {
    unsafe drive {
      ELFFuzzer.run(unsafe Input($0, $1)); return 0
    }
  }

  static func run(_ input: Input) {
    let machine: ELFMachine = input.bytes.count > 18 && input.bytes[18] == 183 ? .aarch64 : .x86_64
    // SAFETY: an array of bytes has no padding.
    let bytes = unsafe input.bytes.span.bytes
    let image: UnikernelImage
    do throws(ImageError) {
      image = try UnikernelImage(parsing: bytes, name: "image", machine: machine)
    } catch {
      require(error.message.bytes.starts(with: Text("image: ").bytes), "a message without the file's name")
      return
    }
    for size in memorySizes {
      guard let layout = try? image.layout(memorySize: size) else { continue }
      check(layout, memorySize: size, fileSize: input.bytes.count)
      if size == memorySizes[0] { load(layout, input.bytes) }
    }
  }
}

/// Everything lies in file and memory, in order, apart, and never writable and executable.
private func check(_ layout: Layout, memorySize: UInt64, fileSize: Int) {
  require(layout.entry.rawValue >= 0x10_0000 && layout.entry.rawValue < memorySize, "entry outside of memory")
  var end: UInt64 = 0x10_0000
  for segment in layout.segments {
    let (memory, pages) = (segment.memory, segment.pages)
    require(segment.file.lowerBound >= 0 && segment.file.upperBound <= fileSize, "segment outside of the file")
    require(!segment.file.isEmpty, "segment without bytes")
    require(
      UInt64(segment.file.count) <= memory.upperBound.rawValue - memory.lowerBound.rawValue, "more bytes than room")
    require(pages.lowerBound.rawValue >= end, "segment before the end of another, or too low")
    require(
      pages.lowerBound <= memory.lowerBound && memory.upperBound <= pages.upperBound, "segment outside of its pages")
    require((pages.lowerBound.rawValue | pages.upperBound.rawValue) & 0xfff == 0, "not whole pages")
    require(!(segment.permissions.writable && segment.permissions.executable), "writable and executable")
    end = pages.upperBound.rawValue
  }
  require(end <= memorySize, "segment outside of memory")
  require(layout.kernelEnd.rawValue == (layout.segments.isEmpty ? 0 : end), "another end")
}

/// Memory of the smallest size, as it was when nothing was in it; a copy has no read-only segments yet.
nonisolated(unsafe) private let pristine: GuestMemory = {
  // `e_phnum` has 16 bits.
  guard let memory = try? GuestMemory(size: memorySizes[0], segments: 1 << 16) else { find("no memory") }
  return memory
}()

/// Loads the segments for real: a byte that differs or a store that goes astray ends the run.
private func load(_ layout: Layout, _ file: [UInt8]) {
  var memory = unsafe pristine
  // SAFETY: nothing else uses this mapping; what was in it goes, and it is writable again.
  _ = Kernel.raw(.madvise, Int(memory.base), Int(memory.size), 4)
  _ = Kernel.raw(.mprotect, Int(memory.base), Int(memory.size), 3)
  // SAFETY: an array of bytes has no padding.
  guard (try? unsafe memory.load(layout, from: file.span.bytes)) != nil else { find("the kernel refused a protection") }
  for segment in layout.segments {
    let place = segment.memory.lowerBound
    let access = GuestMemory.Access(segment.permissions)
    // Whoever looks where nothing may be touched dies.
    for offset in access == .none ? [] : [0, segment.file.count - 1] {
      let loaded = memory.structure(at: place + offset, count: 1)
      require(loaded?[0] == file[segment.file.lowerBound + offset], "byte \(offset) of a segment isn't the file's")
    }
    let (start, end) = (segment.pages.lowerBound, segment.pages.upperBound)
    for asked in [GuestMemory.Access.read, .write] where start < end {
      let admits = memory.admits(asked, at: start, count: end.rawValue - start.rawValue)
      require(admits == (asked <= access), "another protection")
    }
  }
}
