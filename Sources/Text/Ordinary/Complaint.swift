/// Something that the person at the command line has to put right: one sentence with its place.
package struct Complaint: Error, Equatable, Sendable {
  package let message: String

  package init(_ message: String) { self.message = message }
}
