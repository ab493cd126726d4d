import CCalls
import CLinux
import Testing

/// To add one: a call that a start makes is a row of Sources/CCalls/StartCalls.h.
@Suite("The calls of a start")
struct SystemCallTests {
  private static let names = (0..<ccalls_count()).map { index in
    // SAFETY: the table is constant, and its names are terminated.
    unsafe String(cString: ccalls_name(Int32(ccalls_at(index).pointee.number)).unsafelyUnwrapped)
  }

  @Test("stand in the table once each")
  func areDistinct() { #expect(Set(Self.names).count == Self.names.count && Self.names.count > 50) }

  @Test("are answered by the kernel as the table says, where it says so")
  func areAnswered() {
    let unasked = ccalls_untried.rawValue | ccalls_unjudged.rawValue
    let conditions = ccalls_root.rawValue | ccalls_groups.rawValue | ccalls_admin.rawValue
    for index in 0..<ccalls_count() {
      // SAFETY: the table is constant.
      let row = unsafe ccalls_at(index).pointee
      guard UInt32(row.needs) & (unasked | conditions) == 0 else { continue }
      let error = -clinux_system_call(Int(row.number), Int(row.a), Int(row.b), Int(row.c), 0, 0, 0)
      let isOptional = UInt32(row.needs) & ccalls_optional.rawValue != 0
      let isMissing = error == Int(ENOSYS) || error == Int(EOPNOTSUPP)
      #expect(isOptional && isMissing || error == Int(row.error), "\(Self.names[Int(index)])")
    }
  }
}
