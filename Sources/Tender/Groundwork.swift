import CLinux
package import Confinement
package import Host
import Text

/// The stage before anything is opened: the fixed block is mapped, signal handlers are set, stray descriptors are
/// closed.
package struct Groundwork {
  /// The page that every pointer of the sealed tender points into.
  package let block: FixedBlock
  /// The steps taken so far.
  package let seal: Seal
  let parent: ParentDeathSignal
  /// What has standard error's place; nil for standard error itself.
  let log: LogFile?
  /// The first descriptor that an option names and that wasn't open at the start.
  ///
  /// Whatever is opened next could get its number, and be taken for what the launcher meant.
  private let closedDescriptor: Int32?

  /// Lays the groundwork for a command line.
  ///
  /// - Throws: the line to end with.
  package static func lay(_ line: CommandLine) throws(Failure) -> Groundwork {
    Omission.choose(by: line.program)
    let (block, heard) = try listen(line)
    var seal = heard
    if let name = line.name {
      do throws(SystemError) { try ProcessName.set(name) } catch {
        throw Failure("cannot take the name \(name): \(error.message): leave out --name")
      }
    }
    let parent = ParentDeathSignal()
    do throws(Refusal) {
      // An open file keeps the keyring of who opened it.
      try seal.leaveKeyring()
      // Before the image is read: what that takes must not cost the host another process either.
      try seal.raiseOOMScore(keeps: line.keepsOOMScore)
      // Who has the same user may trace what is dumpable: no longer than until the first file is opened.
      try seal.forbidTracing()
    } catch {
      throw Failure(error.message)
    }
    try line.receipt?.clear()
    let closed = line.namedDescriptors.first { Kernel.raw(.fcntl, Int($0), Int(F_GETFD)) < 0 }
    do throws(Refusal) {
      try seal.fillStandardDescriptors()
      seal.mayBeAnswered = !OuterFilter.isAbsent
      try seal.leaveRealTime()
      try seal.forbidMemoryMerging()
      try seal.closeStrayDescriptors(keeping: line.usedDescriptors)
    } catch {
      throw Failure(error.message)
    }
    let log = try line.log?.open(line)
    // A process that maps all it reads as executable can't keep memory either writable or executable.
    let personality = Kernel.raw(.personality, 0xffff_ffff)
    guard personality < 0 || personality & 0x0400000 == 0 else {
      throw Failure("refusing to run with personality READ_IMPLIES_EXEC: start without setarch -X")
    }
    // A null pointer would find something to read and to execute in the page that MMAP_PAGE_ZERO maps (personality(2)).
    // Newer kernels have sealed it by then.
    let unmapped = Kernel.raw(.munmap, 0, Mapping.pageSize)
    guard unmapped == 0 || personality >= 0 && personality & 0x0100000 == 0 else {
      throw Failure("refusing to run with personality MMAP_PAGE_ZERO: start without setarch -Z")
    }
    // Of all memory, and before most of it is touched; a kernel without them refuses.
    if line.hugePages.areForbidden(mebibytes: line.mebibytes) {
      _ = Kernel.raw(.prctl, Int(PR_SET_THP_DISABLE), 1)
    }
    Timeline.mark("signals, descriptors")
    return Groundwork(block: block, seal: seal, parent: parent, log: log, closedDescriptor: closed)
  }

  /// Sets up what messages need, and what signals do: from then on what goes wrong is said.
  private static func listen(_ line: CommandLine) throws(Failure) -> (FixedBlock, Seal) {
    let installed = Installation.confinement(line.program)
    var seal = Seal(line.confinement ?? installed)
    if line.confinement == nil, installed == .fallback {
      seal.warn("installed to run without what is refused here (--confine=fallback) under the name \(line.program)")
    }
    let block: FixedBlock
    do throws(SystemError) {
      block = try FixedBlock(program: line.program.bytes)
    } catch {
      throw Failure("cannot map a page: \(error.message)")
    }
    do throws(Refusal) { try seal.setSignals(block, with: line.parts) } catch { throw Failure(error.message) }
    if let names = OuterFilter.killingCalls(with: line.parts) {
      throw Failure("an outer seccomp filter forbids \(names)\(OuterFilter.remedy)")
    }
    return (block, seal)
  }

  /// Checks the descriptors that options name: they were handed over, and 0 isn't among them, which is `/dev/null` by
  /// now.
  func checkNamed(_ descriptors: [Int32]) throws(Failure) {
    if descriptors.contains(0) {
      throw Failure("@0: standard input becomes /dev/null: hand over another descriptor, from 3 on")
    }
    if let closedDescriptor { throw Failure("@\(closedDescriptor): no such descriptor was handed over") }
  }
}
