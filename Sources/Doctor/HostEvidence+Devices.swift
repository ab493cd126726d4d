import Procfs
import Tender
import Text

extension HostEvidence {
  private static let costOfNetworks =
    "guests with a network aren't started, unless a launcher hands over a descriptor"

  var tunDevice: HostAnswer {
    guard let refusal = tunRefusal else { return .ok("/dev/net/tun: \(words(tunNode))") }
    return .missing(
      "/dev/net/tun: \(refusal) (\(words(tunNode)))", Loss(.limited, Self.costOfNetworks, fix: tapRemedy))
  }

  var tapInterfaces: HostAnswer {
    let usable = taps.filter { mayAttach(to: $0.value) }.keys.sorted()
    if mayManageNetworks {
      return .ok("CAP_NET_ADMIN makes them; there are now: \(list: usable.isEmpty ? ["none"] : usable)")
    }
    if !usable.isEmpty { return .ok("yours: \(list: usable)") }
    return .missing(
      taps.isEmpty ? "there is none" : "none of \(taps.count) is yours",
      Loss(
        .limited, Self.costOfNetworks,
        fix: "as root: ip tuntap add tap0 mode tap user \(name(ofUser: user)) && ip link set tap0 up"))
  }

  /// The interfaces of this network namespace, from its table of counters; `/sys` may show another namespace's.
  var interfaces: [Text] {
    // Two lines of headings have no colon.
    lines("/proc/self/net/dev").compactMap { line in
      let halves = line.fields(UInt8(ascii: ":"), atMost: 2)
      return halves.count == 2 ? halves[0].trimmed : nil
    }
  }

  /// Whether the caller has CAP_NET_ADMIN, number 12.
  private var mayManageNetworks: Bool {
    status("CapEff").flatMap { $0.number(radix: UInt64(16)) }.map { $0 & 1 << 12 != 0 } ?? false
  }

  /// Whether the caller may attach to a TAP, as the kernel decides (`tun_not_capable`): one of nobody's is everybody's.
  private func mayAttach(to tap: LinkInformation.Attachable) -> Bool {
    mayManageNetworks || (tap.owner ?? user == user && tap.group.map { groups.contains($0) } ?? true)
  }
}
