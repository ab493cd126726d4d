import Glibc
import Text

/// The program's own arguments, byte for byte.
///
/// `CommandLine.arguments` repairs what isn't UTF-8, and names another file.
enum ProgramArguments {
  /// The arguments, with the program's name first.
  ///
  /// Bytes that aren't UTF-8 are kept as by `String.init(raw:)`.
  static var words: [String] {
    var words: [String] = []
    let vector = unsafe Swift.CommandLine.unsafeArgv
    // SAFETY: the runtime keeps that many terminated strings until the process ends, and nothing here changes them.
    for index in 0..<Int(Swift.CommandLine.argc) {
      guard let word = unsafe vector[index] else { break }
      words.append(String(raw: unsafe Array(UnsafeRawBufferPointer(start: word, count: strlen(word)))))
    }
    return words
  }
}
