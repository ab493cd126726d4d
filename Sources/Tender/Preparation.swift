import Confinement
import Host
import Text

/// The way from the command line to a tender that lacks nothing but its filter.
///
/// The tender shares it with the tests' probe, which therefore attacks what the tender's own code has sealed.
package enum Preparation {
  /// Goes through the stages up to the filter, each consumed by the next; nothing else can run the guest.
  ///
  /// Help, the version, and whatever is wrong with the arguments end the process.
  ///
  /// - Parameters:
  ///   - count: how many arguments there are.
  ///   - values: the arguments as the C library hands them over; they are overwritten before the tender is confined.
  ///   - whenLoaded: is shown the values that the policy was bound to.
  /// - Returns: the last stage before the filter.
  @inline(never)
  package static func confine(
    _ count: CInt, _ values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>,
    whenLoaded: (borrowing Loaded) throws(Failure) -> Void = { (_) throws(Failure) in }
  ) -> Confined {
    // SAFETY: these are the C library's own arguments, handed on as they came.
    let arguments = unsafe Arguments(count: Int(count), values: values)
    let program = CommandLine.programName(arguments.values.first ?? [])
    Timeline.mark("C library start, arguments")
    var receipt: ReceiptPlace?
    do throws(Failure) {
      switch CommandLine.parse(arguments.values) {
      case .help:
        Standard.say(Usage.help(program: program))
        Process.exit(1)
      case .version:
        Standard.say(Usage.version(program: program))
        Process.exit(0)
      case .missingKernel(let receipt):
        try receipt?.clear()
        throw Failure("Missing KERNEL operand", showsUsage: true)
      case .run(let line):
        receipt = line.receipt
        let groundwork = try Groundwork.lay(line)
        receipt = nil
        let opened = try Opened.open(line, groundwork)
        let loaded = try Loaded.load(opened)
        try whenLoaded(loaded)
        arguments.wipe(keeping: program)
        return try Confined.confine(loaded)
      }
    } catch {
      Standard.complain(program, error.message)
      if error.showsUsage { Standard.say(Usage.help(program: program)) }
      Standard.complain(program, error.advice)
      // An old receipt must not outlive a start that fails before it is emptied. A child does it: an outer filter may
      // kill for what this takes, and this process is to end as it has said.
      if let receipt, OuterFilter.inChild({ try? receipt.clear() }) == nil { try? receipt.clear() }
      Process.exit(1)
    }
  }
}
