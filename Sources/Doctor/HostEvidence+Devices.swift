import Procfs
import Tender
import Text

extension Checks {
  static let deviceChecks: [HostCheck] = [
    HostCheck(.devices, "tun-device") { evidence in
      let words = evidence.words(evidence.tunNode)
      guard let refusal = evidence.tunRefusal else { return .ok("/dev/net/tun: \(words)") }
      return .missing(
        "/dev/net/tun: \(refusal) (\(words))",
        Loss(
          .limited, "guests with a network aren't started, unless a launcher hands over a descriptor",
          fix: evidence.tapRemedy))
    },
    HostCheck(.devices, "tap-interfaces") { evidence in
      let usable = evidence.taps.filter { evidence.mayAttach(to: $0.value) }.keys.sorted()
      if evidence.mayManageNetworks {
        return .found("CAP_NET_ADMIN makes them; there are now: \(list: usable.isEmpty ? ["none"] : usable)")
      }
      if !usable.isEmpty { return .found("yours: \(list: usable)") }
      return .missing(
        evidence.taps.isEmpty ? "there is none" : "none of \(evidence.taps.count) is yours",
        Loss(
          .limited, "guests with a network aren't started, unless a launcher hands over a descriptor",
          fix: "as root: ip tuntap add tap0 mode tap user \(evidence.name(ofUser: evidence.user)) && "
            + "ip link set tap0 up"))
    },
  ]
}

extension HostEvidence {
  /// The interfaces of this network namespace, from its table of counters; `/sys` may show another namespace's.
  var interfaces: [Text] {
    // Two lines of headings have no colon.
    lines("/proc/self/net/dev").compactMap { line in
      let halves = line.fields(UInt8(ascii: ":"), atMost: 2)
      return halves.count == 2 ? halves[0].trimmed : nil
    }
  }

  /// Whether the caller has CAP_NET_ADMIN, number 12.
  var mayManageNetworks: Bool {
    status("CapEff").flatMap { $0.number(radix: UInt64(16)) }.map { $0 & 1 << 12 != 0 } ?? false
  }

  /// Whether the caller may attach to a TAP, as the kernel decides (`tun_not_capable`): one of nobody's is everybody's.
  func mayAttach(to tap: LinkInformation.Attachable) -> Bool {
    mayManageNetworks || (tap.owner ?? user == user && tap.group.map { groups.contains($0) } ?? true)
  }
}
