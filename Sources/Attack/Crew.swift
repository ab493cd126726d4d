import CLinux
import Glibc
import Host
package import Text

/// Probes at work, several at a time.
///
/// The crew watches a probe through the pipe that is the probe's standard error. The pipe ends when no process has it
/// open.
package struct Crew: ~Copyable {
  /// One place at which a probe runs.
  private struct Seat {
    var process: ChildProcess?
    var pipe: Int32 = -1
    var attempt = 0
    /// When the crew ends the probe, in nanoseconds of the stopwatch.
    var deadline: UInt64 = 0
    var output: [UInt8] = []
  }

  private let testbed: Testbed
  private let probe: String
  private let guests: String
  /// The time in nanoseconds that an attempt may take, its launch included.
  private let limit: UInt64
  private var places: [Seat]
  /// Whether a probe has been sealed: until one is, nothing can be tried here.
  private var hasSealed = false

  /// - Parameters:
  ///   - testbed: where they run.
  ///   - probe: the probe's path.
  ///   - guests: the directory of the test guests.
  ///   - seconds: how long an attempt may take.
  package init(testbed: consuming Testbed, probe: String, guests: String, seconds: Int) {
    places = Array(repeating: Seat(), count: testbed.places)
    self.testbed = testbed
    self.probe = probe
    self.guests = guests
    limit = UInt64(seconds) * 1_000_000_000
  }

  /// Carries out a plan.
  ///
  /// - Parameters:
  ///   - plan: the attempts.
  ///   - tally: gets what came of them, up to the moment of an error.
  ///   - progress: is told after each.
  /// - Throws: `Complaint` where a probe can't be started, or the first one isn't sealed.
  package mutating func carry(out plan: Plan, into tally: inout Tally, progress: () -> Void) throws(Complaint) {
    var next = 0
    var done = 0
    let beginning = Stopwatch.now
    defer { tally.time = Stopwatch.now - beginning }
    while done < plan.attempts.count {
      for index in places.indices where places[index].pipe < 0 && next < plan.attempts.count {
        try start(index, next, of: plan)
        next += 1
      }
      for index in ended() {
        let attempt = plan.attempts[places[index].attempt]
        let outcome = finish(index, attempt)
        if case .unsealed(let reason) = outcome, !hasSealed {
          throw Complaint("attack: nothing can be tried, for a tender isn't sealed here: \(reason.shown)")
        }
        hasSealed = true
        tally.count(attempt, outcome)
        done += 1
        progress()
      }
    }
  }

  private mutating func start(_ index: Int, _ attempt: Int, of plan: Plan) throws(Complaint) {
    let disk: Int32 = 10
    let options = plan.target.options(disk: "@\(disk)", tap: Testbed.tap(index), mode: plan.mode)
    let arguments =
      [probe, "--call=\(plan.attempts[attempt].call)"] + options + ["\(guests)/\(plan.target.guest)"]
    do throws(SystemError) {
      let pipe = try Pipe()
      places[index].process = try ChildProcess.spawn(
        arguments, searches: false, [(pipe.input.raw, 2), (testbed.disks[index], disk)])
      places[index].pipe = pipe.closingInput().disarm()
    } catch {
      throw Complaint("\(probe): \(String(error.message))")
    }
    places[index].attempt = attempt
    places[index].deadline = Stopwatch.now + limit
    places[index].output = []
  }

  /// Waits for output, and returns the places whose probe has ended or has taken too long.
  private mutating func ended() -> [Int] {
    let now = Stopwatch.now
    var left = limit
    var entries: [pollfd] = []
    for place in places {
      entries.append(pollfd(fd: place.pipe, events: Int16(POLLIN), revents: 0))
      if place.pipe >= 0 { left = min(left, place.deadline > now ? place.deadline - now : 0) }
    }
    // SAFETY: the kernel reads and writes the array's entries during the call.
    _ = unsafe poll(&entries, nfds_t(entries.count), Int32(left / 1_000_000 + 1))
    var ended: [Int] = []
    for index in places.indices where places[index].pipe >= 0 {
      if entries[index].revents != 0, !takeOutput(index) {
        ended.append(index)
      } else if Stopwatch.now > places[index].deadline {
        ended.append(index)
      }
    }
    return ended
  }

  /// Takes what a probe has printed; false at the end.
  private mutating func takeOutput(_ index: Int) -> Bool {
    var bytes = [UInt8](repeating: 0, count: 4096)
    // SAFETY: at most the buffer's length is written.
    let count = unsafe read(places[index].pipe, &bytes, bytes.count)
    if count > 0 { places[index].output += bytes[..<count] }
    return count > 0
  }

  /// Ends a probe that is still there, reaps it, and judges the result.
  private mutating func finish(_ index: Int, _ attempt: Attempt) -> Outcome {
    let late = Stopwatch.now > places[index].deadline
    let process = places[index].process
    if late, let process { kill(process.id, SIGKILL) }
    close(places[index].pipe)
    places[index].pipe = -1
    // The whole process has to be gone: a thread that is left would keep it from being reaped.
    let end = try? process?.wait()
    return Outcome(output: places[index].output, status: late ? nil : end?.word, of: attempt)
  }
}
