import Confinement
import Host
import Tender
import Text

#if hasFeature(Embedded)
  import CArena
#endif

/// The C library's entry point: the tender's whole way, from the command line to the guest's end.
///
/// Everything that was ever allocated is gone before the filter is in force: nothing is freed after it, and there is
/// nothing left to be found.
@c(brig_hvt_main)
public func start(
  _ count: CInt, _ values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> CInt {
  // SAFETY: these are the C library's own arguments, handed on as they came.
  let confined = unsafe prepare(count, values)
  Timeline.mark("close KVM and files")
  Timeline.report()
  #if hasFeature(Embedded)
    carena_close()
  #endif
  Sealed.install(confined).run()
}

/// Goes through the stages up to the filter, each consumed by the next; the guest can't be run without them.
@inline(never)
private func prepare(
  _ count: CInt, _ values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Confined {
  let arguments = unsafe Arguments(count: Int(count), values: values)
  let program = CommandLine.programName(arguments.values.first ?? [])
  Timeline.mark("C library start, arguments")
  do throws(Failure) {
    switch CommandLine.parse(arguments.values) {
    case .help:
      Standard.say(Usage.help(program: program))
      Process.exit(1)
    case .version:
      Standard.say(Usage.version(program: program))
      Process.exit(0)
    case .missingKernel: throw Failure("Missing KERNEL operand", showsUsage: true)
    case .run(let line):
      let foundation = try Foundation.lay(line)
      let opened = try Opened.open(line, foundation)
      let loaded = try Loaded.load(opened)
      arguments.wipe(keeping: program)
      return try Confined.confine(loaded)
    }
  } catch {
    Standard.complain(program, error.message)
    if error.showsUsage { Standard.say(Usage.help(program: program)) }
    Process.exit(1)
  }
}
