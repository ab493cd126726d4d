import CLinux
package import Host

/// The free numbers below the limit on descriptors.
///
/// `ppoll` refuses a list that is longer than the limit (poll(2)). So with network devices the limit can't be 0. Which
/// numbers below it are free depends on the numbers of the descriptors that were handed over.
package enum FreeDescriptors {
  /// Gives a number to `/dev/null` that isn't below the limit: the lowest free one, or else the first from there on.
  ///
  /// The sealed tender closes it at its end, and no number below the limit may ever be free. For the lowest one it
  /// makes the same call as `fill` does in the end: an outer filter that would answer there that no descriptor fits
  /// answers so here too.
  ///
  /// - Parameter limit: the limit that there will be.
  /// - Returns: the number, at least 3 and the limit.
  /// - Throws: what the kernel said, or `ENOSYS` where it gave no such number.
  package static func take(behind limit: Int) throws(SystemError) -> Int32 {
    let number = try Kernel.call(.fcntl, 0, Int(CLINUX_F_DUPFD_CLOEXEC), 0)
    guard number > 2 else { throw SystemError(call: "fcntl", code: ENOSYS) }
    guard number < limit else { return Int32(number) }
    let lowest = Descriptor(owning: Int32(number))
    let further = try Kernel.call(.fcntl, Int(lowest.raw), Int(CLINUX_F_DUPFD_CLOEXEC), limit)
    guard further >= limit else { throw SystemError(call: "fcntl", code: ENOSYS) }
    return Int32(further)
  }

  /// Gives each of them to `/dev/null`, which standard input is by now, until the kernel says that no further
  /// descriptor fits.
  ///
  /// - Parameter limit: the limit, which is in force.
  /// - Throws: what the kernel said, or `ENOSYS` where it gave no such number.
  package static func fill(below limit: Int) throws(SystemError) {
    var last = 2
    while true {
      let next = Kernel.raw(.fcntl, 0, Int(CLINUX_F_DUPFD_CLOEXEC), 0)
      if next == -Int(EMFILE) { return }
      guard next > last, next < limit else {
        throw SystemError(call: "fcntl", code: next < 0 ? Int32(-next) : ENOSYS)
      }
      last = next
    }
  }
}
