extension Checks {
  static let deviceChecks: [Check] = [
    Check(.devices, "tun-device") { evidence in
      let words = evidence.words(evidence.tunNode)
      guard let refusal = evidence.tunRefusal else { return .ok("/dev/net/tun: \(words)") }
      return .missing(
        "/dev/net/tun: \(refusal) (\(words))",
        Loss(
          .limited, "guests with a network aren't started, unless a launcher hands over a descriptor",
          fix: evidence.remedy(evidence.tunNode, "/dev/net/tun", module: "tun")))
    },
    Check(.devices, "tap-interfaces") { evidence in
      let usable = evidence.taps.filter { evidence.mayAttach(to: $0) }
      let others = evidence.taps.count - usable.count
      if evidence.mayManageNetworks {
        return .ok("CAP_NET_ADMIN makes them; there are now: \(usable.map(\.name).joined(separator: " "))")
      }
      if !usable.isEmpty { return .ok("yours: \(usable.map(\.name).joined(separator: " "))") }
      return .missing(
        others == 0 ? "there is none" : "none of \(others) is yours",
        Loss(
          .limited, "guests with a network aren't started, unless a launcher hands over a descriptor",
          fix: "as root: ip tuntap add tap0 mode tap user \(evidence.name(ofUser: evidence.user)) && "
            + "ip link set tap0 up"))
    },
  ]
}

/// A TAP interface of this network namespace.
struct TapInterface: Equatable {
  let name: String
  /// Who may attach to it, -1 for nobody in particular.
  let owner: Int
  let group: Int
}

extension Evidence {
  /// The TAP interfaces that there are, from what the kernel's tun driver says of each (drivers/net/tun.c).
  var taps: [TapInterface] {
    (names("/sys/class/net") ?? []).sorted().compactMap { name in
      let path = "/sys/class/net/\(name)"
      // IFF_TAP is 2 (include/uapi/linux/if_tun.h).
      guard let flags = line("\(path)/tun_flags").flatMap({ UInt32($0.dropFirst(2), radix: 16) }), flags & 2 != 0 else {
        return nil
      }
      return TapInterface(name: name, owner: number("\(path)/owner") ?? -1, group: number("\(path)/group") ?? -1)
    }
  }

  /// Whether the caller has CAP_NET_ADMIN, number 12.
  var mayManageNetworks: Bool {
    status("CapEff").flatMap { UInt64($0, radix: 16) }.map { $0 & 1 << 12 != 0 } ?? false
  }

  /// As the kernel decides (`tun_not_capable`): a TAP of nobody's is for CAP_NET_ADMIN only where it belongs to another.
  func mayAttach(to tap: TapInterface) -> Bool {
    if mayManageNetworks { return true }
    let isOwner = tap.owner == -1 || tap.owner == Int(user)
    let isMember = tap.group == -1 || groups.contains { Int($0) == tap.group }
    return isOwner && isMember
  }
}
