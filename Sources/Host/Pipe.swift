import CLinux

/// A pipe: what is written to its input is read from its output.
@frozen
public struct Pipe: ~Copyable {
  package let output: Descriptor
  package let input: Descriptor

  /// Makes a pipe, close-on-exec.
  ///
  /// - Parameter flags: `O_NONBLOCK`, or nothing (pipe2(2)).
  /// - Throws: what the kernel said when it refused.
  package init(_ flags: Int32 = 0) throws(SystemError) {
    var ends: InlineArray<2, Int32> = [-1, -1]
    let result = unsafe withUnsafeMutablePointer(to: &ends) {
      // SAFETY: the kernel writes the two numbers during the call.
      Kernel.raw(.pipe2, Int(bitPattern: $0), Int(O_CLOEXEC | flags))
    }
    guard result >= 0 else { throw SystemError(call: SystemCall.pipe2.name, code: Int32(-result)) }
    output = Descriptor(owning: ends[0])
    input = Descriptor(owning: ends[1])
  }

  /// Closes this process's input, so that the output ends once all others close theirs.
  package consuming func closingInput() -> Descriptor { output }
}
