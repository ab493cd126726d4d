import Glibc
import Host
import Procfs
import Text

/// Whether a process has mapped what a sealed tender has, and nothing else.
///
/// What others write into shared memory isn't the process's doing alone: `io_uring` takes what is written into its
/// rings for calls, which no filter sees.
enum Mappings {
  static func answer(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    let regions = try evidence.regions.get()
    guard let program = Directory.link(evidence.subject.path("exe")) else { throw Doubt(errno, reading: "exe") }
    let path = escaped(program)
    // Files of one path may be several; only one is the program.
    guard let first = regions.first(where: { $0.hasFile && $0.name == path }) else {
      throw .refuted("its program isn't mapped")
    }
    let vcpus = regions.count(where: \.isVCPU)
    let others = regions.filter { !$0.isVCPU && !isPrivate($0, first) }
    // What is shared is worse than a library.
    if let worst = others.first(where: \.isShared) ?? others.first {
      throw .refuted("\(others.count) that a tender doesn't have, as \(words(worst))")
    }
    guard vcpus <= 1 else { throw .refuted("\(vcpus) vCPUs are mapped") }
    return "its program, memory of its own and \(vcpus) vCPU: \(regions.count) regions"
  }

  /// Whether no memory can be both written and executed.
  static func writableCode(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    let both = try evidence.regions.get().filter { $0.isWritable && $0.isExecutable }
    guard both.isEmpty else { throw .refuted("\(both.count) regions are both writable and executable") }
    return "no memory is both writable and executable"
  }

  private static func isPrivate(_ region: MapRegion, _ program: MapRegion) -> Bool {
    guard !region.isShared else { return false }
    if region.hasFile {
      return region.name == program.name && region.inode == program.inode && region.device == program.device
        && !(region.isWritable && region.isExecutable)
    }
    switch region.name {
    case "[vdso]": return region.permissions == "r-xp"
    case "[vvar]", "[vvar_vclock]": return region.permissions == "r--p"
    case "[vsyscall]": return region.permissions == "--xp" && region.range.lowerBound == 0xffff_ffff_ff60_0000
    case "", "[heap]", "[stack]": return !region.isExecutable
    default: return false
    }
  }

  /// A path as a map has it: a line end is written as `\012`, and blanks at its end can't be told.
  static func escaped(_ path: Text) -> Text {
    var escaped = Text()
    for byte in path.bytes {
      if byte == 0x0a { escaped.append("\\012") } else { escaped.append(byte: byte) }
    }
    return escaped.trimmed
  }

  private static func words(_ region: MapRegion) -> String {
    let name = region.name.isEmpty ? "without a name" : String(region.name)
    return "\(String(hex: region.range.lowerBound)) \(String(region.permissions)) \(name)"
  }
}

extension MapRegion {
  /// Whether it is what a vCPU shares with the kernel.
  var isVCPU: Bool {
    name.begins(with: "anon_inode:kvm-vcpu:") && device == AnonymousInodes.printed && permissions == "rw-s"
  }
}
