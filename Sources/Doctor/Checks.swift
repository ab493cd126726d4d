/// The table of checks: one row for each thing that running `brig-hvt` rests on.
enum Checks {
  static let all: [HostCheck] =
    hostChecks + processorChecks + kvmChecks + guestChecks + namespaceChecks + processChecks + sealChecks + deviceChecks
}
