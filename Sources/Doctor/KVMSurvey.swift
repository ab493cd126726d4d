import CLinux
import Machine
import Text

/// What `/dev/kvm` answers.
package struct KVMSurvey: Sendable {
  /// Why `/dev/kvm` can't be opened or has another version; nil if it is as wanted.
  package var refusal: String?
  /// The answer for each capability of the table.
  ///
  /// It is 0 for a capability that the kernel doesn't have.
  package var answers: [String: Int] = [:]

  package init(refusal: String? = "not asked") { self.refusal = refusal }

  /// Opens `/dev/kvm` and asks for each capability.
  static func asked() -> KVMSurvey {
    var survey = KVMSurvey()
    do throws(MachineError) {
      let kvm = try KVM.open()
      survey.refusal = nil
      for capability in Capability.all { survey.answers[capability.name] = kvm.answer(for: capability.kvm) }
    } catch {
      survey.refusal = String(error.message)
    }
    return survey
  }
}
