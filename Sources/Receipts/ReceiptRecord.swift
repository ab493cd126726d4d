import CLinux
import Glibc
package import Host
package import Policy
package import Text

/// A receipt that has been read: what a tender said of itself when it was sealed.
package struct ReceiptRecord: Sendable {
  package let json: JSONValue
  private let path: String
  private let bytes: [UInt8]
  /// The file that it was read from; nil if it was made from a text.
  package let file: FileStatus?

  /// Reads a receipt.
  ///
  /// - Parameters:
  ///   - path: the file, or a pipe.
  ///   - patience: how long a pipe may take for the whole receipt, in milliseconds; -1 for as long as it takes.
  /// - Throws: `Complaint` where the file is empty, which means that the tender wasn't sealed, or is no receipt.
  package init(reading path: String, patience: Int32 = -1) throws(Complaint) {
    let (bytes, file) = try Self.bytes(path, patience)
    guard !bytes.isEmpty else { throw Complaint("\(path): empty: the tender was not sealed") }
    try self.init(parsing: bytes, path: path, file: file)
  }

  /// Makes a receipt of its text.
  package init(parsing bytes: [UInt8], path: String, file: FileStatus? = nil) throws(Complaint) {
    self.file = file
    self.bytes = bytes
    json = try JSONValue(parsing: bytes, file: path)
    self.path = path
    guard json.isOf(.receipt), json["seccomp"] != nil else {
      throw Complaint("\(path): no receipt of Brig's")
    }
    guard json.hasVersion(of: .receipt) else {
      throw Complaint("\(path): a receipt of another version: use the brig that came with the tender")
    }
  }

  /// Reads up to the end of the receipt.
  ///
  /// The tender holds a pipe open, so there the file has no end.
  private static func bytes(_ path: String, _ patience: Int32) throws(Complaint) -> ([UInt8], FileStatus) {
    let deadline = patience < 0 ? UInt64.max : Stopwatch.now + UInt64(patience) * 1_000_000
    do throws(SystemError) {
      // Whoever has the other end may never write, or never the end of it.
      let file = try Descriptor.open(Text(path), O_RDONLY | O_NONBLOCK)
      var bytes: [UInt8] = []
      var piece = [UInt8](repeating: 0, count: 1 << 16)
      while bytes.count < 1 << 20, !bytes.suffix(3).elementsEqual("\n}\n".utf8) {
        let raw = file.raw
        guard isReady(raw, deadline) else { throw SystemError(call: "poll", code: ETIMEDOUT) }
        let count = unsafe piece.withUnsafeMutableBytes {
          // SAFETY: the kernel writes at most the buffer's length into it.
          Kernel.raw(.read, Int(raw), Int(bitPattern: $0.baseAddress), $0.count)
        }
        if count == -Int(EINTR) || count == -Int(EAGAIN) { continue }
        guard count >= 0 else { throw SystemError(call: "read", code: Int32(-count)) }
        guard count > 0 else { break }
        bytes += piece[..<count]
      }
      return (bytes, try FileStatus(of: file.raw))
    } catch {
      throw Complaint("\(path): \(String(error.reason))")
    }
  }

  /// Waits until there is something to read, or the other end is closed.
  ///
  /// - Returns: false if the time is over.
  private static func isReady(_ file: Int32, _ deadline: UInt64) -> Bool {
    while true {
      let left = Int64(clamping: deadline) - Int64(clamping: Stopwatch.now)
      guard left > 0 else { return false }
      var wanted = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
      // SAFETY: the C library reads and writes one structure, during the call.
      if unsafe poll(&wanted, 1, deadline == .max ? -1 : Int32(clamping: left / 1_000_000 + 1)) > 0 { return true }
    }
  }

  /// The receipt as it was read.
  ///
  /// - Throws: `Complaint` for bytes that no tender writes, and a terminal might obey.
  package func document() throws(Complaint) -> Text {
    guard bytes.allSatisfy({ $0 == UInt8(ascii: "\n") || (0x20...0x7e).contains($0) }) else {
      throw failure("bytes that aren't printable ASCII: a tender escapes them")
    }
    return Text(bytes: bytes)
  }

  /// A complaint about the receipt.
  package func failure(_ problem: String) -> Complaint { Complaint("\(path): \(problem)") }

  /// The architecture that the tender was built for.
  package func architecture() throws(Complaint) -> Architecture {
    guard let name = json["architecture"]?.string, let architecture = Architecture(named: Text(name)) else {
      throw failure("architecture is neither x86_64 nor aarch64")
    }
    return architecture
  }

  /// The tender's process id.
  package var process: Int64? { json["pid"]?.number }
  /// Whether it has the tender's start time, which older tenders don't write.
  package var saysStart: Bool { json["start_time"] != nil }
  /// The tender's start time, in clock ticks since the boot (proc_pid_stat(5), field 22).
  package var start: UInt64? { json["start_time"]?.unsigned }
  /// The digest of the program that the tender installed, in hexadecimal digits.
  package var programDigest: String? { json["seccomp"]?["sha256"]?.string }

  /// Which net namespace the tender is in, and the inode number of one that was prepared; nil for an older receipt.
  package var netNamespace: (kind: String, inode: UInt64?)? {
    json["net_namespace"]?["kind"]?.string.map { ($0, json["net_namespace"]?["inode"]?.unsigned) }
  }

  /// The steps of the seal, each with the reason if it isn't in force.
  package var steps: [(name: String, unavailable: String?)] { Self.states(json["steps"]) }
  /// The restrictions of KVM, each with the reason if it isn't in force.
  package var restrictions: [(name: String, unavailable: String?)] { Self.states(json["kvm"]?["restrictions"]) }

  private static func states(_ list: JSONValue?) -> [(name: String, unavailable: String?)] {
    (list?.elements ?? []).map { step in
      let applied = step["state"]?.string == "applied"
      return (step["name"]?.string ?? "?", applied ? nil : step["reason"]?.string ?? "unknown")
    }
  }

  /// The values that the tender bound its policy with.
  ///
  /// - Throws: `Complaint` where one is missing.
  package func launch() throws(Complaint) -> Launch {
    let (memory, kvm) = (json["memory"], json["kvm"])
    guard let vcpu = kvm?["vcpu_descriptor"]?.unsigned, let runArea = kvm?["run_area"]?.unsigned,
      let runAreaSize = kvm?["run_area_size"]?.unsigned, let base = memory?["base"]?.unsigned,
      let window = memory?["window"]?.unsigned, let block = memory?["fixed_block"]?.unsigned
    else {
      throw Complaint("\(path): the receipt lacks the vCPU's descriptor, an address or a size, or is an older tender's")
    }
    var devices: [Launch.Device] = []
    for device in json["devices"]?.elements ?? [] {
      guard let name = device["name"]?.string, let descriptor = device["descriptor"]?.unsigned else {
        throw Complaint("\(path): a device without a name or a descriptor")
      }
      devices.append(Launch.Device(name: Text(name), descriptor: descriptor, kind: try kind(device, name)))
    }
    return Launch(
      mode: try mode(), vcpu: vcpu, runArea: runArea, runAreaSize: runAreaSize, fixedBlock: block, memory: base,
      window: window, devices: devices,
      witness: try Witness(listed: json["seccomp"]?["witness"]) { failure("seccomp.witness: \($0)") })
  }

  private func kind(_ device: JSONValue, _ name: String) throws(Complaint) -> Launch.Device.Kind {
    switch (device["type"]?.string, device["capacity"]?.unsigned, device["mode"]?.string) {
    case ("NET_BASIC", nil, nil): return .net
    case ("BLOCK_BASIC", let capacity?, "ro"): return .block(capacity: capacity, writable: false)
    case ("BLOCK_BASIC", let capacity?, "rw"), ("BLOCK_BASIC", let capacity?, "sync"):
      return .block(capacity: capacity, writable: true)
    default: throw Complaint("\(path): device `\(name)`: no such type, capacity and mode go together")
    }
  }

  private func mode() throws(Complaint) -> Policy.Mode {
    switch json["seccomp"]?["mode"]?.string {
    case "kill": return .kill
    case "report": return .report
    default: throw Complaint("\(path): seccomp.mode is neither kill nor report")
    }
  }

  /// How many columns a title takes.
  private static let column = 14

  /// A few lines for people.
  package var summary: String { summary(hasEnded: false) }

  /// A few lines for people, which say so if the process is known to have ended.
  package func summary(hasEnded: Bool) -> String {
    func number(_ value: JSONValue?) -> String { value?.number.map { "\($0)" } ?? "?" }
    func word(_ value: JSONValue?) -> String { value?.string.map(\.shown) ?? "?" }
    let seccomp = json["seccomp"]
    let calls = (seccomp?["system_calls"]?.elements ?? []).compactMap { $0.string?.shown }
    let proved = seccomp?["proved"]?.boolean == true ? "proved in \(number(seccomp?["paths"])) paths" : "NOT PROVED"
    var rows: [(String, String)] = [
      (
        "sealed",
        "\(word(json["tender"])) for \(word(json["architecture"])), process \(number(json["pid"]))"
          + (name.map { " (\($0.shown))" } ?? "")
          + (hasEnded ? ", which has ended" : "")
      ),
      ("confinement", word(json["confinement"])),
      ("image", "\(word(json["image"]?["sha256"])), ABI version \(number(json["image"]?["abi_version"]))"),
      ("system calls", "\(calls.count): \(calls.shortened())"),
      (
        "filter",
        "\(number(seccomp?["instructions"])) instructions, \(proved); a call off the list: \(word(seccomp?["mode"]))"
      ),
      (
        "user",
        "uid \(number(json["user"]?["uid"])), gid \(number(json["user"]?["gid"])), \((json["user"]?["groups"]?.elements ?? []).count) groups"
      ),
    ]
    if let (kind, inode) = netNamespace {
      let reason = json["net_namespace"]?["reason"]?.string.map { ", \($0.shown)" } ?? ""
      rows.append(("net namespace", "\(kind.shown)\(inode.map { ", \($0)" } ?? "")\(reason)"))
    }
    for device in json["devices"]?.elements ?? [] {
      rows.append(
        ("device", "\(word(device["name"])): \(word(device["type"])), descriptor \(number(device["descriptor"]))"))
    }
    if let log { rows.append(("log", "descriptor \(log.descriptor), inode \(log.inode)")) }
    let lists = [("steps", steps), ("KVM", restrictions)]
    for (title, list) in lists {
      let names = list.filter { $0.unavailable == nil }.map(\.name.shown).shortened(most: 64)
      rows.append((title, names.wrapped(to: 100, behind: Self.column)))
    }
    for (title, list) in lists {
      // A line for each reason, in the order of the first that has it.
      var reasons: [(reason: String, names: [String])] = []
      for (name, unavailable) in list {
        guard let unavailable else { continue }
        if let index = reasons.firstIndex(where: { $0.reason == unavailable }) {
          reasons[index].names.append(name.shown)
        } else {
          reasons.append((unavailable, [name.shown]))
        }
      }
      for (reason, names) in reasons {
        rows.append(("not had here", "\(title), \(names.shortened(separator: ", ")): \(reason.shown)"))
      }
    }
    return rows.map { "\($0.0.padded(to: Self.column))\($0.1)\n" }.joined()
  }
}
