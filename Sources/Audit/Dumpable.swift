import CLinux
import Host
import Listing
import Text

/// Whether a process may be traced by its own user and leaves core dumps.
enum Dumpable {
  /// The kernel gives the files of a process that isn't dumpable to root.
  static func answer(_ evidence: Evidence) throws(Doubt) -> String {
    guard let leader = try evidence.tasks.get().all.first(where: { $0.id == evidence.subject.process }),
      let owner = (try? FileStatus(at: evidence.subject.path("environ")))?.owner
    else { throw .unseen("a process of this host") }
    let user = try leader.ids("Uid")[1]
    guard user != 0 else { throw .unseen("a process of another user than root: the owner of its files tells") }
    guard owner != user else { throw .refuted("dumpable: its user may trace it") }
    return "its files belong to root"
  }
}
