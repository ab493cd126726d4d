import CLinux
import Glibc
import Host
import Policy
import Procfs
import Text

/// Whether what a tender never changes again is sealed: its code and constants, the fixed block, the window and the
/// tail behind it.
enum MemorySeal {
  static func answer(_ evidence: ProcessEvidence) throws(Doubt) -> Detail {
    let map = try evidence.subject.file("smaps")
    guard !map.isEmpty else { throw .unseen(Detail(Doubt.needed("smaps"))) }
    guard let regions = DetailedRegion.all(map) else {
      throw .refuted("a line of /proc/PID/smaps can't be taken apart")
    }
    guard let program = Directory.link(evidence.subject.path("exe")) else { throw Doubt(errno, reading: "exe") }
    let path = Mappings.escaped(program)
    let launch = try? evidence.claimed.get()
    return try answer(regions, launch, kernelTells) { $0.hasFile && $0.name == path }
  }

  /// The answer by what is mapped.
  ///
  /// - Parameters:
  ///   - regions: all mappings.
  ///   - launch: where block and window are, nil where that isn't known.
  ///   - kernelTells: whether this kernel shows what is sealed.
  ///   - isProgram: whether a mapping is one of the program's file.
  /// - Returns: what is sealed.
  /// - Throws: what isn't, or can't be told.
  static func answer(
    _ regions: [DetailedRegion], _ launch: Launch?, _ kernelTells: Bool, where isProgram: (MapRegion) -> Bool
  ) throws(Doubt) -> Detail {
    var wanted = regions.filter { isProgram($0.region) && !$0.region.isWritable }
    if let launch {
      // The window's size may be anything that a receipt says; the tail behind it is sealed with it.
      let (size, isTooLong) = launch.window.addingReportingOverflow(UInt64(Bounds.transfer))
      let (end, overflow) = launch.memory.addingReportingOverflow(size)
      let window = launch.memory..<(isTooLong || overflow ? .max : end)
      wanted += regions.filter { $0.region.range.contains(launch.fixedBlock) || $0.region.range.overlaps(window) }
    }
    guard !wanted.isEmpty else { throw .refuted("its program isn't mapped") }
    guard kernelTells || regions.contains(where: \.isSealed) else {
      throw .unseen("a kernel that says so in /proc/PID/smaps (Linux 6.10), and lets the auditor seal memory")
    }
    let open = wanted.filter { !$0.isSealed }
    if let other = open.first {
      let place = String(hex: other.region.range.lowerBound)
      throw .refuted("\(open.count) of \(wanted.count) regions aren't sealed, as \(place), which could be mapped anew")
    }
    let words = launch == nil ? "" : ", the fixed block, the window and its tail"
    return "code and constants\(words): \(wanted.count) regions"
  }

  /// Whether this kernel shows what is sealed, found by a page of this program's own, which stays as long as it does.
  private static let kernelTells: Bool = {
    // SAFETY: a new page of its own, which nobody uses.
    let page = unsafe mmap(nil, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    let address = UInt(bitPattern: page)
    guard address != UInt.max, Kernel.raw(.mseal, Int(bitPattern: address), 4096, 0) == 0,
      let regions = Subject.text("/proc/self/smaps").flatMap({ DetailedRegion.all($0) })
    else { return false }
    return regions.contains { $0.region.range.contains(UInt64(address)) && $0.isSealed }
  }()
}
