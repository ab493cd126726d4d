import CLinux
import Glibc
import Host
import Tender
import Text

/// A process beside the tender that tells what the seal consists of, once it is in force.
///
/// It says nothing of a tender that didn't get that far.
enum SealWatcher {
  /// Starts it.
  ///
  /// - Parameters:
  ///   - receipt: the receipt's place by the command line; nil for none.
  ///   - isEmulated: whether the tender runs in an emulated machine, which this host can't look into.
  /// - Returns: the receipt's new place, which the watcher reads; nil if the place can stay as it is.
  /// - Throws: `Complaint` if no process or no file in memory can be made.
  static func start(_ receipt: Place?, isEmulated: Bool) throws(Complaint) -> Place? {
    var watch = ["brig", "watch-seal", "--tender", "\(Kernel.raw(.getpid))"] + (isEmulated ? ["--emulated"] : [])
    var place: Place?
    switch receipt {
    case .name(let path): watch += ["--", String(path)]
    case .descriptor(let given):
      guard let status = try? FileStatus(of: given) else { return nil }
      if status.kind == .regular {
        watch += ["--skip", "\(status.size)", "--", "/proc/self/fd/\(given)"]
      } else {
        // What goes into a pipe can't be read beside its reader: the watcher hands it on.
        let memory = try memory()
        place = .descriptor(memory)
        watch += ["--copy", "\(given)", "--", "/proc/self/fd/\(memory)"]
      }
    case nil:
      let memory = try memory()
      place = .descriptor(memory)
      watch += ["--", "/proc/self/fd/\(memory)"]
    }
    do throws(SystemError) {
      guard try ChildProcess.fork() == nil else { return place }
    } catch {
      throw Complaint(String(error.message))
    }
    // Nothing of this program's own threads or locks is needed for the one call that is left.
    _ = ChildProcess.execute("/proc/self/exe", watch)
    Process.exit(127)
  }

  /// A file without a name.
  ///
  /// The tender empties it if it ends before its filter is in force.
  private static func memory() throws(Complaint) -> Int32 {
    do throws(SystemError) {
      return try Files.unnamed("receipt", isInherited: true).disarm()
    } catch {
      throw Complaint("--show-seal: \(String(error.message))")
    }
  }
}
