import CCalls
import CLinux
import Confinement
import Host
import Text

/// What an outer seccomp filter does to the calls of a start, and to the doctor's own questions.
package struct FilterSurvey: Sendable {
  /// The calls for which the filter ends a process, with commas between them; nil if there are none.
  package var killing: String?
  /// The calls that the filter answers in the kernel's place, with commas; nil if there are none.
  ///
  /// This isn't asked if the filter ends a process for others.
  package var refusing: String?
  /// The questions for which it would have ended the doctor.
  package var ended: [String] = []
  private var isInForce = false

  package init() {}

  /// Tries the calls of a start as the tender does, with whatever devices.
  ///
  /// - Parameter capabilities: the effective ones, a bit for each number. They tell what the kernel itself would
  ///   answer.
  /// - Returns: what came of it.
  static func asked(_ capabilities: UInt64) -> FilterSurvey {
    var survey = FilterSurvey()
    survey.isInForce = !OuterFilter.isAbsent
    guard survey.isInForce else { return survey }
    survey.killing = OuterFilter.killingCalls(with: [.disk, .network]).map { String($0) }
    guard survey.killing == nil else { return survey }
    var held = getauxval(UInt(AT_EUID)) == 0 ? ccalls_root.rawValue : 0
    // CAP_SETGID by its number. CAP_SYS_ADMIN says nothing: the mount namespace may be another user namespace's.
    if capabilities & 1 << 6 != 0 { held |= ccalls_groups.rawValue }
    survey.refusing = OuterFilter.refusedCalls(held).text.map { String($0) }
    return survey
  }

  /// Asks a question that must not end this process.
  ///
  /// Under an outer filter, a child asks first.
  ///
  /// - Parameters:
  ///   - question: what is asked, for the finding.
  ///   - body: what asks it.
  /// - Returns: nil where the child was ended for it.
  mutating func ask<Value>(_ question: String, _ body: () -> Value) -> Value? {
    guard !isInForce || ChildProcess.survives({ _ = body() }) else {
      ended.append(question)
      return nil
    }
    return body()
  }

  /// The words of the finding after the number of filters.
  var words: String {
    var words = ""
    if let killing { words += "; it ends a process for \(killing)" }
    if let refusing { words += "; it refuses \(refusing)" }
    if !ended.isEmpty { words += "; it ended the probe at \(ended.joined(separator: ", "))" }
    return words
  }
}
