/// Whether a process may be traced by its own user and leaves core dumps.
enum Dumpable {
  /// The kernel gives the files of a process that isn't dumpable to root.
  static func answer(_ subject: Subject) -> Check.Answer {
    guard let owner = Users.owner(of: subject.path("environ")),
      let uid = subject.status("Uid")?.split(separator: "\t").dropFirst().first.flatMap({ UInt32($0) })
    else { return .unseen("a process of this host") }
    guard uid != 0 else { return .unseen("a process of another user than root: the owner of its files tells") }
    return owner == uid ? .no("dumpable: its user may trace it") : .yes("its files belong to root")
  }
}
