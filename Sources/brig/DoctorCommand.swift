import ArgumentParser
import Doctor
import Host
import Text

/// `brig doctor`: whether `brig-hvt` runs on this host with a full seal.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Says whether brig-hvt runs here with a full seal, what is missing, and the fix.",
    discussion: """
      It seals a child of its own step by step, as brig-hvt seals itself, and so speaks for the user who starts it. \
      Status: 0 where brig-hvt starts with every step that isn't best effort, 1 where it doesn't (or with \
      --confine=fallback only), 2 for a wrong command line.
      """)

  @OptionGroup var output: OutputOptions
  @Flag(help: "Give what is well or unknown a line each too.") var all = false
  @Flag(help: "Status 1 also where a best-effort part is missing.") var strict = false

  func run() throws {
    let doctor = Doctor()
    try output.print(doctor.text(everything: all), json: doctor.json)
    let status = doctor.status(strict: strict)
    if status != 0 { Process.exit(status) }
  }
}
