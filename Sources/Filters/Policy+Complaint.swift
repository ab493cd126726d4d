import Host
package import Policy
package import Text

extension Launch {
  /// The policy of this launch.
  ///
  /// - Throws: `Complaint` with the place in the policy file, as when a value is more than the file grants.
  package func policy() throws(Complaint) -> Policy {
    do throws(PolicyError) { return try Policy(of: self) } catch {
      throw Complaint("policies/\(String(error.message))")
    }
  }
}

extension Policy {
  /// The program that libseccomp makes of the policy.
  package func compiled() throws(Complaint) -> Program {
    do throws(SystemError) {
      return try Program(compiling: self)
    } catch {
      throw Complaint("cannot compile the policy: \(String(error.message))")
    }
  }
}
