import CLinux
import Text

/// The argument strings that the kernel put on the stack; the environment is gone before `main` (CArena's Early.c).
@safe
struct Arguments {
  /// The arguments, each without its terminator.
  let values: [[UInt8]]
  private let start: UnsafeMutablePointer<CChar>?
  private let count: Int

  /// Reads the arguments.
  init(count: Int, values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) {
    var copies: [[UInt8]] = []
    var end: UnsafeMutablePointer<CChar>?
    // SAFETY: the kernel puts `count` pointers to strings there; all are terminated and follow one another in memory
    // (fs/exec.c).
    for index in 0..<count {
      guard let string = unsafe values[index] else { break }
      let length = unsafe strlen(string)
      unsafe copies.append(Array(UnsafeRawBufferPointer(start: string, count: length)))
      unsafe end = string + length + 1
    }
    self.values = copies
    unsafe start = count > 0 ? values[0] : nil
    if let start = unsafe start, let end = unsafe end {
      self.count = unsafe end - start
    } else {
      self.count = 0
    }
  }

  /// Overwrites every argument, and the name by which the program was executed.
  ///
  /// A hijacked tender can copy its memory into the guest's; what launchers keep in arguments must not be there by
  /// then. The program's name stays, for those who list processes.
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
