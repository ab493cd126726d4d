import CLinux
import Host
import Text

/// A lock that keeps other processes off a disk or a receipt as long as this one lives (fcntl(2), F_SETLK).
///
/// Its owner is the process: it conflicts with a tender that was handed the same open file description, with whoever
/// opened the file anew, and with a lock that the launcher holds, and it ends with the tender whoever keeps the
/// description. It ends too when this process closes any descriptor of the file, so whoever locks has closed before
/// what there is to close.
///
/// Of a block device the lock is its node's: two nodes of one device don't conflict.
struct FileLock {
  /// What is known of a lock.
  enum State {
    /// The kernel shows it, or one of other readers' in its place.
    case held
    /// The kernel has accepted it, and doesn't say what is in the way of others.
    case accepted
    /// There is none, because the file system or a filter refuses.
    case missing(SystemError)
  }

  let state: State

  /// Locks a file: shared where it is only read.
  ///
  /// - Throws: who has a lock that conflicts, for a message.
  init(_ descriptor: Int32, shared: Bool) throws(Failure) {
    let type = Int16(shared ? F_RDLCK : F_WRLCK)
    do throws(SystemError) {
      var asked = Self.wholeFile(type)
      try Self.make(F_SETLK, descriptor, &asked)
    } catch {
      guard error.code == EAGAIN || error.code == EACCES else {
        state = .missing(error)
        return
      }
      throw Failure("in use: locked by \(Self.holder(descriptor, type))")
    }
    state = Self.seen(descriptor)
  }

  /// Locks the file of a receipt or a log, for who opens it next to find it in use.
  ///
  /// Two tenders that write to one receipt would overwrite each other's text, and take back each other's; a log has
  /// room for one tender (`LogFile.sizeLimit`). What isn't a regular file has no lock, and a file system may know none.
  ///
  /// - Returns: who has locked it already, for a message.
  static func claim(_ descriptor: Int32, _ status: FileStatus) -> Text? {
    guard status.kind == .regular else { return nil }
    do throws(Failure) { _ = try FileLock(descriptor, shared: false) } catch { return error.message }
    return nil
  }

  /// Whether a lock that was held isn't any more, as the kernel has it.
  static func hasGone(_ descriptor: Int32) -> Bool {
    if case .missing = seen(descriptor) { true } else { false }
  }

  private static func wholeFile(_ type: Int16) -> flock {
    var lock = flock()
    lock.l_type = type
    lock.l_whence = Int16(SEEK_SET)
    return lock
  }

  /// A length up to the last byte that a file can have, which the kernel gives back as 0 where a lock goes on to the
  /// end.
  private static var unwritten: off_t { .max }

  private static func make(_ command: Int32, _ descriptor: Int32, _ lock: inout flock) throws(SystemError) {
    _ = try unsafe withUnsafeMutablePointer(to: &lock) { (pointer) throws(SystemError) in
      // SAFETY: the kernel reads and writes the structure during the call.
      try Kernel.call(.fcntl, Int(descriptor), Int(command), Int(bitPattern: pointer))
    }
  }

  /// The lock that keeps a writer off; nil where there is none.
  private static func conflict(_ command: Int32, _ descriptor: Int32, _ type: Int16) throws(SystemError) -> flock? {
    var lock = wholeFile(type)
    lock.l_len = unwritten
    try make(command, descriptor, &lock)
    return lock.l_type == Int16(F_UNLCK) ? nil : lock
  }

  /// Asks with the descriptor as the owner, in whose way a lock of this process is; a filter that answers a call
  /// without making it isn't believed.
  private static func seen(_ descriptor: Int32) -> State {
    do throws(SystemError) {
      guard let lock = try conflict(CLINUX_F_OFD_GETLK, descriptor, Int16(F_WRLCK)), lock.l_len != Self.unwritten else {
        return .missing(SystemError(call: "fcntl", code: ENOSYS))
      }
      return .held
    } catch {
      return .accepted
    }
  }

  /// Who has the lock that is in the way.
  private static func holder(_ descriptor: Int32, _ type: Int16) -> Text {
    guard let lock = try? conflict(F_GETLK, descriptor, type) else { return "another process, perhaps another tender" }
    switch lock.l_pid {
    case -1:
      // A lock of an open file description is in everybody's way but its own.
      do throws(SystemError) {
        if case .none = try conflict(CLINUX_F_OFD_GETLK, descriptor, type) {
          return "the launcher, by this very descriptor: hand it over without a lock, for the tender takes its own"
        }
      } catch {}
      return "an open file description, another process's or the launcher's"
    case ..<1: return "a process of another PID namespace or machine, perhaps another tender"
    default: return "process \(lock.l_pid), perhaps another tender"
    }
  }
}
