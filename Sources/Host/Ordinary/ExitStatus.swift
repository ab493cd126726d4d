/// What the status of every `brig` command means; `docs/tools.md` has the table for people.
///
/// `brig run` ends with the tender's status, which is the guest's.
package enum ExitStatus: Int32, Sendable {
  /// Done, or the answer is yes.
  case yes = 0
  /// The answer is no: refuted, refused, something found, allows less.
  case no = 1
  /// Input that has to be put right, or something that could not be tried: there is no answer.
  case unanswered = 2
  /// `policy diff`: the second filter allows more.
  case wider = 3

  /// Ends the process.
  package func exit() -> Never { Process.exit(rawValue) }
}
