import CLinux
import Glibc
package import Text

/// Reading and writing whole files, for programs that people start.
package enum Files {
  /// The most bytes that a file may have: more is no input of ours.
  private static let limit = 1 << 26

  /// Reads a file to its end, whatever size the kernel tells: of those under `/proc` it tells 0.
  ///
  /// - Throws: `Complaint` with the file's name and the kernel's reason.
  package static func read(_ path: String) throws(Complaint) -> [UInt8] {
    do throws(SystemError) {
      let file = try Descriptor.open(Text(path), O_RDONLY)
      guard let bytes = try readAll(file) else { throw SystemError(call: "read", code: EFBIG) }
      return bytes
    } catch {
      throw Complaint("\(path): \(String(error.reason))")
    }
  }

  /// Reads to the end of a file or a pipe; nil if there is more than the most that any input may have.
  ///
  /// - Throws: what the kernel said when it refused.
  package static func readAll(_ file: borrowing Descriptor) throws(SystemError) -> [UInt8]? {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= limit {
      let raw = file.raw
      let count = unsafe piece.withUnsafeMutableBytes {
        // SAFETY: the kernel writes at most the buffer's length into it.
        Kernel.raw(.read, Int(raw), Int(bitPattern: $0.baseAddress), $0.count)
      }
      guard count >= 0 else { throw SystemError(call: "read", code: Int32(-count)) }
      guard count > 0 else { return bytes }
      bytes += piece[..<count]
    }
    return nil
  }

  /// The names in a directory but `.` and `..`, sorted.
  package static func names(in directory: String) throws(Complaint) -> [String] {
    guard let names = Directory.names(Text(directory)) else {
      throw Complaint("\(directory): \(String(SystemError.reason(of: errno)))")
    }
    return names.map { String($0) }.sorted()
  }

  /// Writes a file, in place of what it held.
  package static func write(_ bytes: [UInt8], to path: String) throws(Complaint) {
    do throws(SystemError) {
      let file = try Descriptor.open(Text(path), O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
      try file.write(Text(bytes: bytes))
    } catch {
      throw Complaint("\(path): \(String(error.reason))")
    }
  }

  /// Makes a file in memory, without a name.
  ///
  /// - Parameters:
  ///   - label: what `/proc` shows for a name.
  ///   - isInherited: whether a program that this process starts or becomes gets the file.
  /// - Returns: the file, open for reading and writing.
  /// - Throws: what the kernel said when it refused.
  package static func unnamed(_ label: String, isInherited: Bool) throws(SystemError) -> Descriptor {
    let closeOnExec = 1  // MFD_CLOEXEC
    let number = unsafe label.withRawCString {
      // SAFETY: the kernel reads the terminated label during the call.
      Kernel.raw(
        SystemCall("memfd_create", Int32(SYS_memfd_create)), Int(bitPattern: $0), isInherited ? 0 : closeOnExec)
    }
    guard number >= 0 else { throw SystemError(call: "memfd_create", code: Int32(-number)) }
    return Descriptor(owning: Int32(number))
  }

  /// Makes a directory, unless there is one.
  package static func makeDirectory(_ path: String) throws(Complaint) {
    // SAFETY: the C library gets a terminated path.
    guard unsafe path.withRawCString({ unsafe mkdir($0, 0o755) }) != 0 else { return }
    let code = errno
    if code == EEXIST, Directory.names(Text(path)) != nil { return }
    let parent = path.split(separator: "/").dropLast().joined(separator: "/")
    let advice = code == ENOENT ? ": first make \(path.hasPrefix("/") ? "/" : "")\(parent), by mkdir -p" : ""
    throw Complaint("\(path): \(String(SystemError.reason(of: code)))\(advice)")
  }

  /// Removes a file's name.
  package static func remove(_ path: String) throws(Complaint) {
    // SAFETY: the C library gets a terminated path.
    guard unsafe path.withRawCString({ unsafe unlink($0) }) != 0 else { return }
    throw Complaint("\(path): \(String(SystemError.reason(of: errno)))")
  }

  /// Asks why this process's real user can't access a file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - mode: `F_OK`, or any of `R_OK`, `W_OK` and `X_OK` (access(2)).
  /// - Returns: Why not, or nil if it can.
  package static func refusal(_ path: String, _ mode: Int32) -> String? {
    // SAFETY: the C library reads the path, which ends with a zero byte, during the call.
    unsafe path.withRawCString { unsafe access($0, mode) } == 0 ? nil : String(SystemError.reason(of: errno))
  }

  /// Says whether a program can be executed.
  package static func isExecutable(_ path: String) -> Bool { refusal(path, X_OK) == nil }

  /// Writes bytes to standard output as they are: a program, or JSON, which escapes what isn't printable ASCII.
  package static func print(_ bytes: [UInt8]) throws(Complaint) {
    do throws(SystemError) {
      try Descriptor.write(Text(bytes: bytes), to: 1)
    } catch {
      throw Complaint("standard output: \(String(error.reason))")
    }
  }

  /// Writes a text for people to standard output; a terminal obeys no part of it, wherever that part comes from.
  package static func print(_ text: String) throws(Complaint) { try print(Array(text.obeyedByNoTerminal.utf8)) }

  /// Writes a text for people to standard error, likewise; what it doesn't take is lost.
  package static func complain(_ text: String) { Standard.say(Text(text.obeyedByNoTerminal)) }
}
