import Confinement
import Host
import Tender
import Text

/// The C library's entry point: the tender's whole way, from the command line to the guest's end.
@c(brig_hvt_main)
public func start(
  _ count: CInt, _ values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> CInt {
  let arguments = unsafe Arguments(count: Int(count), values: values)
  let program = CommandLine.programName(arguments.values.first ?? [])
  switch CommandLine.parse(arguments.values) {
  case .help:
    Standard.say(Usage.help(program: program))
    Process.exit(1)
  case .version:
    Standard.say(Usage.version(program: program))
    Process.exit(0)
  case .missingKernel:
    end(Failure("Missing KERNEL operand", showsUsage: true), program)
  case .run(let line):
    run(line, arguments)
  }
}

/// The stages, each consumed by the next; the guest can't be run without the one before.
private func run(_ line: CommandLine, _ arguments: consuming Arguments) -> Never {
  let confined: Confined
  do throws(Failure) {
    confined = try prepare(line, arguments)
  } catch {
    end(error, line.program)
  }
  Sealed.install(confined).run()
}

private func prepare(_ line: CommandLine, _ arguments: consuming Arguments) throws(Failure) -> Confined {
  let foundation = try Foundation.lay(line)
  let opened = try Opened.open(line, foundation)
  let loaded = try Loaded.load(opened)
  arguments.wipe(keeping: line.program)
  return try Confined.confine(loaded)
}

private func end(_ failure: Failure, _ program: Text) -> Never {
  Standard.complain(program, failure.message)
  if failure.showsUsage { Standard.say(Usage.help(program: program)) }
  Process.exit(1)
}
