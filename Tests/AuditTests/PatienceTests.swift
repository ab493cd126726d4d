@testable import Audit
import CLinux
import Glibc
import Host
import Testing

/// What counts as waiting for an answer, and what doesn't.
///
/// To add one: a function that says what the child does meanwhile, and whether its answer is whole.
@Suite("the audit's patience")
struct PatienceTests {
  /// Nanoseconds of wall time, several times of what the child may wait.
  private static let long: UInt64 = 400_000_000
  private static let patience: UInt64 = 100
  private static let futex = SystemCall("futex", Int32(SYS_futex))

  @Test("a child that computes isn't late, however long it takes")
  func computing() throws {
    let answer = try #require(
      BoundedChild.run(patience: Self.patience) { _ in
        let start = Stopwatch.now
        while Stopwatch.now - start < Self.long {}
      })
    #expect(answer.isWhole)
  }

  @Test("a child that waits is late")
  func waiting() throws {
    let answer = try #require(
      BoundedChild.run(patience: Self.patience) { _ in usleep(UInt32(Self.long / 1000)) })
    #expect(!answer.isWhole)
  }

  @Test("a child that waits for a lock of this program's own is made anew")
  func stuck() throws {
    let shared = unsafe mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)
    let words = unsafe try #require(shared).bindMemory(to: Int32.self, capacity: 2)
    defer { unsafe munmap(words, 4096) }
    // SAFETY: this process and its children alone use the page, one after the other.
    let answer = try #require(
      BoundedChild.run(patience: 60_000) { _ in
        unsafe words[0] += 1
        if unsafe words[0] < 3 { _ = unsafe Kernel.raw(Self.futex, Int(bitPattern: words + 1), 0, 0, 0) }
      })
    #expect(answer.isWhole)
    #expect(unsafe words[0] == 3)
  }

  @Test("a time in which nobody looked counts as one slice")
  func pause() {
    var patience = Patience(milliseconds: 120)
    let looks = (0..<3).map { _ in
      usleep(200_000)
      return patience.isOver()
    }
    #expect(looks == [false, false, true])
  }
}
