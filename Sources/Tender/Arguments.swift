import CLinux
import Text

/// The argument and environment strings that the kernel put on the stack.
@safe
struct Arguments {
  /// The arguments, each without its terminator.
  let values: [[UInt8]]
  private let start: UnsafeMutablePointer<CChar>?
  private let count: Int

  /// Reads the arguments; the environment is found but never read, because it belongs to whoever made it.
  init(count: Int, values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) {
    var copies: [[UInt8]] = []
    var end: UnsafeMutablePointer<CChar>?
    // SAFETY: the kernel puts `count` strings behind `values`, a null, the environment's strings, and another null; all
    // strings are terminated and follow one another in memory (arch/x86 and arm64: fs/binfmt_elf.c).
    for index in 0..<count {
      guard let string = unsafe values[index] else { break }
      let length = unsafe strlen(string)
      unsafe copies.append(Array(UnsafeRawBufferPointer(start: string, count: length)))
      unsafe end = string + length + 1
    }
    var index = count + 1
    while let string = unsafe values[index] {
      unsafe end = string + strlen(string) + 1
      index += 1
    }
    self.values = copies
    unsafe start = count > 0 ? values[0] : nil
    if let start = unsafe start, let end = unsafe end {
      self.count = unsafe end - start
    } else {
      self.count = 0
    }
  }

  /// Overwrites every argument and environment string, and the name by which the program was executed.
  ///
  /// A hijacked tender can copy its memory into the guest's; what launchers keep in arguments and environment must not be
  /// there by then. The program's name stays, for those who list processes.
  func wipe(keeping program: Text) {
    guard let start = unsafe start else { return }
    // SAFETY: these are the writable bytes of the strings found above, and of one more terminated string.
    unsafe memset(start, 0, count)
    for (index, byte) in program.bytes.prefix(max(count - 1, 0)).enumerated() {
      unsafe start[index] = CChar(bitPattern: byte)
    }
    if let name = unsafe UnsafeMutablePointer<CChar>(bitPattern: UInt(getauxval(UInt(AT_EXECFN)))) {
      unsafe memset(name, 0, strlen(name))
    }
  }
}
