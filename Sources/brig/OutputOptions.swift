import ArgumentParser
import Host
import Text

/// The option of each command that prints facts: whether they are printed for people or for programs.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print JSON in place of a text for people.") var json = false

  /// Prints facts in the form that is asked for.
  func print(
    _ text: @autoclosure () throws(Complaint) -> String, json document: @autoclosure () throws(Complaint) -> Text
  ) throws(Complaint) {
    if json { try Files.print(document().bytes) } else { try Files.print(text()) }
  }
}
