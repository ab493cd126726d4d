import CLinux
import Host
import Text

/// Where the tender's complaints go instead of standard error, and which files that can't be.
///
/// The log takes standard error's number. So each message goes there, a signal handler's too, and the policy's rule
/// `diagnose` is the same as without a log. The launcher's standard error isn't even open in the sealed tender.
package struct LogPlace {
  let place: Place

  /// Opens the log, and puts it in standard error's place; what was there is closed.
  ///
  /// Up to then complaints go to standard error. Nothing that the command line names has been opened yet, so the files
  /// that the log mustn't be are compared by device and inode.
  ///
  /// - Throws: the line to end with.
  func open(_ line: CommandLine) throws(Failure) -> LogFile {
    guard !place.namesDescriptor else { throw problem(Place.adviceForDescriptor) }
    if let given = place.descriptor, given <= 2 { throw problem("a standard descriptor: hand over another, from 3 on") }
    let status = try replaceStandardError(line)
    // Closing the other descriptor of the file has given up the lock.
    if let used = FileLock.claim(LogFile.descriptor, status) { throw problem(used) }
    return LogFile(status: status)
  }

  private func replaceStandardError(_ line: CommandLine) throws(Failure) -> FileStatus {
    let reason: Text
    do throws(SystemError) {
      let file = try openFile()
      let status = try FileStatus(of: file.raw)
      if let conflict = try Self.conflict(file.raw, status, line) ?? FileLock.claim(file.raw, status) {
        reason = conflict
      } else {
        try Kernel.call(.dup3, Int(file.raw), Int(LogFile.descriptor), Int(O_CLOEXEC))
        // A filter that answers the call without making it isn't believed.
        if try FileStatus(of: LogFile.descriptor).isSame(as: status) { return status }
        reason = SystemError.reason(of: ENOSYS)
      }
    } catch {
      reason =
        switch (error.code, place) {
        case (EBADF, .descriptor): "no such descriptor was handed over"
        case (ENXIO, .name): "a socket, or a pipe that nobody reads: hand over a descriptor by @ and its number"
        default: error.reason
        }
    }
    throw problem(reason)
  }

  private func openFile() throws(SystemError) -> Descriptor {
    switch place {
    case .descriptor(let given): return Descriptor(owning: given)
    case .name(let path):
      // A pipe without a reader must not hold the tender up, and a terminal not become its own.
      let flags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
      let file = try Descriptor.open(path, flags, mode: 0o600)
      try Kernel.call(.fcntl, Int(file.raw), Int(F_SETFL), Int(O_APPEND))
      return file
    }
  }

  /// Why a file that is open can't be the log.
  ///
  /// - Throws: what the kernel said where it doesn't tell what another file is.
  private static func conflict(
    _ descriptor: Int32, _ status: FileStatus, _ line: CommandLine
  ) throws(SystemError) -> Text? {
    if let reason = unfit(descriptor, status) { return reason }
    // What goes there is nobody's.
    if status.isNull { return nil }
    if try Place.name(line.kernel).status?.isSame(as: status) == true { return "it is the image" }
    for (text, option) in line.options where try option.file?.status?.isSame(as: status) == true {
      return "another option names it: \(text)"
    }
    guard try FileStatus(of: 1).isSame(as: status) else { return nil }
    return "standard output goes there: the guest could write what it likes"
  }

  /// Why something isn't a log by what it is, or by how it was opened.
  private static func unfit(_ descriptor: Int32, _ status: FileStatus) -> Text? {
    let flags = Kernel.raw(.fcntl, Int(descriptor), Int(F_GETFL))
    guard flags >= 0, flags & Int(CLINUX_O_PATH) == 0, Int32(flags) & CLINUX_O_ACCMODE != O_RDONLY else {
      return "the descriptor is not open for writing"
    }
    switch status.kind {
    case .pipe, .socket: return nil
    case .regular:
      return flags & Int(O_APPEND) != 0 ? nil : "the descriptor would overwrite what is there: open it with O_APPEND"
    case .characterDevice where status.isNull || isatty(descriptor) == 1: return nil
    case .characterDevice, .blockDevice, .directory, .other:
      return "it is neither a regular file, a pipe, a socket nor a terminal"
    }
  }

  private func problem(_ reason: Text) -> Failure { Failure("cannot open the log: \(place.text): \(reason)") }
}

extension Option {
  /// The file that it names for something else than the log; nil where it names none.
  fileprivate var file: Place? {
    switch self {
    case .log: nil
    // A name is an interface's.
    case .net(_, .name): nil
    default: use?.place
    }
  }
}

extension Place {
  /// The file that is there; nil for none.
  fileprivate var status: FileStatus? {
    get throws(SystemError) {
      do throws(SystemError) {
        switch self {
        case .name(let path): return try FileStatus(at: path)
        case .descriptor(let given): return try FileStatus(of: given)
        }
      } catch {
        if [ENOENT, ENOTDIR, EBADF].contains(error.code) { return nil }
        throw error
      }
    }
  }
}
