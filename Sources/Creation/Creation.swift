package import ABI
import CLinux
import Glibc
import Host
package import Image
package import Tender
package import Text

/// What `brig run` makes for one tender before it becomes that tender: disks and TAPs.
///
/// All that can be checked without them is checked before anything is made.
package struct Creation: Sendable {
  /// A disk, and whether what is written to it is to be on the medium.
  private let disks: [(request: DiskRequest, synchronous: Bool)]
  /// A TAP, and the device that it is for.
  private let taps: [(request: TapRequest, device: String)]
  /// The tender's options without those that name a TAP that is to be made.
  private let options: [String]

  /// Plans it.
  ///
  /// A TAP is for the device whose `--net` option names its interface; without one, for the only network that no option
  /// attaches.
  ///
  /// - Parameters:
  ///   - disks: the values of `--create-disk`.
  ///   - taps: the values of `--create-tap`.
  ///   - line: the tender's command line so far.
  ///   - manifest: the image's.
  /// - Throws: `Complaint` about a value, or about what fits neither the image nor the other options.
  package init(disks: [String], taps: [String], line: CommandLine, manifest: Manifest) throws(Complaint) {
    let wanted = try taps.map { (words) throws(Complaint) in try TapRequest(parsing: words) }
    var chosen: [(request: TapRequest, device: String)] = []
    var options: [String] = []
    for (text, option) in line.options {
      guard case .net(let device, .name(let interface)) = option,
        let request = wanted.first(where: { Text($0.name) == interface })
      else {
        options.append(String(text))
        continue
      }
      chosen.append((request, String(device)))
    }
    for request in wanted where !chosen.contains(where: { $0.request.name == request.name }) {
      chosen.append((request, try Self.onlyNetwork(request, line, manifest, besides: chosen.map(\.device))))
    }
    try Self.check(chosen, of: wanted, line)
    let requests = try disks.map { (words) throws(Complaint) in try DiskRequest(parsing: words) }
    for (index, request) in requests.enumerated() {
      try Self.check(request, others: requests[..<index], line)
      try Self.demand(request.device, .block, of: manifest, for: "--create-disk \(request.device)")
    }
    for (request, device) in chosen { try Self.demand(device, .net, of: manifest, for: "--create-tap \(request.name)") }
    self.disks = requests.map { ($0, line.isSynchronous(Text($0.device))) }
    (self.taps, self.options) = (chosen, options)
  }

  /// The tender's options for given descriptors.
  ///
  /// - Parameters:
  ///   - disks: one for each disk.
  ///   - taps: one for each TAP.
  /// - Returns: all of the tender's options.
  package func options(_ disks: [Int32], _ taps: [Int32]) -> [String] {
    options + zip(self.disks, disks).map { "--block:\($0.request.device)=@\($1)" }
      + zip(self.taps, taps).map { "--net:\($0.device)=@\($1)" }
  }

  /// Makes the tender's checks that need neither the disks and TAPs nor KVM, as if they were there.
  ///
  /// - Parameters:
  ///   - image: the unikernel.
  ///   - words: the image and the guest's arguments.
  /// - Throws: the line that the tender would end with.
  package func check(_ image: UnikernelImage, _ words: [String]) throws(Complaint) {
    let descriptors = { (count: Int) in (0..<count).map { Int32.max - Int32($0) } }
    let options = options(descriptors(disks.count), descriptors(taps.count))
    let arguments = ["brig-hvt"] + options + ["--"] + words
    guard case .run(let line) = CommandLine.parse(arguments.map(\.raw)) else { return }
    do throws(Failure) {
      let settings = try Opened.check(line, manifest: image.manifest)
      for (request, _) in disks {
        guard let handle = image.manifest.handle(of: Text(request.device), type: .block) else { continue }
        do throws(Failure) { try settings.checkCapacity(request.size, of: image.manifest, at: handle) } catch {
          // What follows is about --block.
          throw Failure(Text(bytes: Array(error.message.bytes.prefix { $0 != UInt8(ascii: "\n") })))
        }
      }
      let memory = try MemorySize.bytes(mebibytes: line.mebibytes).size
      do throws(ImageError) { _ = try image.layout(memorySize: memory) } catch { throw Failure(error.message) }
    } catch {
      let lines = "\(String(error.message))\n\(String(error.advice))".split(separator: "\n")
      throw Complaint("run: \(lines.joined(separator: ": ").replacing(".: ", with: ". "))")
    }
  }

  /// Makes everything, or nothing; says on standard error what becomes of each disk.
  ///
  /// - Throws: `Complaint` about the first that can't be made.
  package func make() throws(Complaint) -> Created {
    var made = Created()
    // A disk that is longer than the launcher's limit on files is an error to be told of.
    guard clinux_ignore_signal(SIGXFSZ) == 0 else { throw Complaint("run: SIGXFSZ: it can't be ignored") }
    do throws(Complaint) {
      for (request, _) in taps { made.taps.append(try CreatedTap(request)) }
      for (request, synchronous) in disks { made.disks.append(try CreatedDisk(request, synchronous: synchronous)) }
    } catch {
      made.remove()
      throw error
    }
    for disk in made.disks { Files.complain("brig: run: \(disk.sentence)\n") }
    made.options = options(made.disks.map(\.descriptor), made.taps.map(\.descriptor))
    return made
  }

  private static func check(
    _ request: DiskRequest, others: ArraySlice<DiskRequest>, _ line: CommandLine
  ) throws(Complaint) {
    let device = Text(request.device)
    let isAttached = line.options.contains { if case .block(device, _) = $0.option { true } else { false } }
    guard !isAttached, !others.contains(where: { $0.device == request.device }) else {
      throw Complaint("run: --create-disk: another option attaches `\(request.device)' too: leave out one")
    }
  }

  /// A TAP is one device's, and a device has one TAP.
  private static func check(
    _ chosen: [(request: TapRequest, device: String)], of wanted: [TapRequest], _ line: CommandLine
  ) throws(Complaint) {
    for (request, device) in chosen {
      let isOnly = chosen.filter { $0.request.name == request.name || $0.device == device }.count == 1
      let name = Text(device)
      let options = line.options.filter { if case .net(name, _) = $0.option { true } else { false } }
      guard isOnly, options.count <= 1, wanted.filter({ $0.name == request.name }).count == 1 else {
        throw Complaint(
          "run: --create-tap \(request.name): a TAP is for one device, and `\(device)' has one network: leave out the others"
        )
      }
    }
  }

  /// The image must declare the device.
  private static func demand(
    _ device: String, _ type: DeviceType, of manifest: Manifest, for option: String
  ) throws(Complaint) {
    guard manifest.handle(of: Text(device), type: type) == nil else { return }
    let advice = DeviceAdvice.declared(by: manifest).shown
    throw Complaint("run: \(option): the image declares no \(String(type.name)) of the name \(device.shown): \(advice)")
  }

  private static func onlyNetwork(
    _ request: TapRequest, _ line: CommandLine, _ manifest: Manifest, besides others: [String]
  ) throws(Complaint) -> String {
    let attached = line.options.compactMap { if case .net(let name, _) = $0.option { String(name) } else { nil } }
    let networks = manifest.entries.filter { $0.device.type == .net }.map { String($0.name) }
    let free = networks.filter { !attached.contains($0) && !others.contains($0) }
    if free.count == 1 { return free[0] }
    let what =
      networks.isEmpty
      ? "the image declares no network"
      : free.isEmpty
        ? "another option attaches \(networks.shortened())"
        : "the image declares \(free.shortened()): say which one by --net:\(free[0].shown)=\(request.name)"
    throw Complaint("run: --create-tap \(request.name): \(what)")
  }
}

extension CommandLine {
  /// Whether the last mode that is given for a disk is `sync`.
  fileprivate func isSynchronous(_ disk: Text) -> Bool {
    for (_, option) in options.reversed() {
      guard case .blockMode(disk, let mode) = option else { continue }
      if case .synchronous = mode { return true }
      return false
    }
    return false
  }
}
