import Text

/// Paths as the kernel takes them, made before a child needs them.
struct PathTable {
  private let bytes: [UInt8]
  private let starts: [Int]
  var count: Int { starts.count }

  init(_ paths: [Text]) {
    var bytes: [UInt8] = []
    var starts: [Int] = []
    for path in paths {
      starts.append(bytes.count)
      bytes += path.bytes + [0]
    }
    self.bytes = bytes + [0]
    self.starts = starts
  }

  /// Gives a body each path's address, by its index; valid while the body runs.
  func withPaths<Value>(_ body: ((Int) -> Int) -> Value) -> Value {
    unsafe bytes.withUnsafeBytes { bytes in
      // SAFETY: the addresses are used while the body runs, and the array doesn't change meanwhile.
      let base = Int(bitPattern: bytes.baseAddress)
      return body { base + starts[$0] }
    }
  }
}
