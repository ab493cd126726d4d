/// Whom this process runs as.
package enum Identity {
  /// The supplementary groups that remain; an ordinary user can't give them up.
  package static func groups() -> [UInt32] {
    let count = Kernel.raw(.getgroups, 0, 0)
    guard count > 0 else { return [] }
    var groups = [UInt32](repeating: 0, count: count)
    let got = unsafe groups.withUnsafeMutableBytes {
      // SAFETY: the buffer has room for as many groups as the call is told.
      Kernel.raw(.getgroups, count, Int(bitPattern: $0.baseAddress))
    }
    return got < 0 ? [] : Array(groups.prefix(got))
  }
}
