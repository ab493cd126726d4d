import Text

extension ReceiptRecord {
  /// The image's SHA-256 digest in hexadecimal digits; nil if it isn't one.
  package var imageDigest: String? {
    json["image"]?["sha256"]?.string.flatMap { digest in
      digest.utf8.count == 64 && digest.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        ? digest : nil
    }
  }

  /// The tender's label, and so the name that the kernel has of the process; nil for none.
  package var name: String? { json["name"]?.string }
  /// The file that complaints go to instead of to standard error; nil for none.
  package var log: (descriptor: UInt64, device: UInt64, inode: UInt64)? {
    guard let log = json["log"], let descriptor = log["descriptor"]?.unsigned, let device = log["device"]?.unsigned,
      let inode = log["inode"]?.unsigned
    else { return nil }
    return (descriptor, device, inode)
  }
  /// The size of guest memory in bytes.
  package var memory: UInt64? { json["memory"]?["bytes"]?.unsigned }
  /// How many devices are attached.
  package var deviceCount: Int { json["devices"]?.elements.count ?? 0 }
  /// The user that the tender has become, as it sees itself.
  package var user: UInt64? { json["user"]?["uid"]?.unsigned }
}
