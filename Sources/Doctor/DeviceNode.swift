import CLinux
import Host
import Text

/// The owner of a device's file, and who may open it.
package enum DeviceNode: Equatable, Sendable {
  /// There is no such file, or it can't be looked at; with the kernel's reason.
  case missing(String)
  case present(owner: UInt32, group: UInt32, permissions: UInt32, isDevice: Bool)

  /// Asks the kernel without opening the device itself.
  init(_ path: Text) {
    do throws(SystemError) {
      let file = try Descriptor.open(path, CLINUX_O_PATH)
      let status = try FileStatus(of: file.raw)
      self = .present(
        owner: status.owner, group: status.group, permissions: status.permissions,
        isDevice: status.kind == .characterDevice)
    } catch {
      self = .missing(String(error.reason))
    }
  }
}

extension HostEvidence {
  /// A node's owner, group and permissions in words, and whether the caller is in that group.
  func words(_ node: DeviceNode) -> String {
    guard case .present(let owner, let group, let permissions, _) = node else { return "not there" }
    let bits = String(permissions, radix: 8)
    let member = groups.contains(group) ? "" : " (not one of yours)"
    return "owner \(name(ofUser: owner)), group \(name(ofGroup: group))\(member), mode 0\(bits)"
  }

  /// The remedy that lets the caller open `/dev/kvm` for reading and writing.
  var machineRemedy: String {
    let path = "/dev/kvm"
    guard case .present(_, let group, let permissions, true) = kvmNode else {
      return remedy(forMissing: kvmNode, path, machineDevice(path))
    }
    let me = name(ofUser: user)
    // A group that isn't mapped into this user namespace is shown as this one.
    if permissions & 0o060 == 0o060, group == 65534 {
      return "its group isn't mapped here: keep it (podman run --group-add keep-groups), or map it"
    }
    // Joining a group helps only where that group may read and write, and isn't root's.
    if permissions & 0o060 == 0o060, group != 0, !groups.contains(group) {
      guard hasName(group: group) else {
        return "join that group: groupadd -g \(group) \(freeGroupName(for: group)) && "
          + "usermod -aG \(freeGroupName(for: group)) \(me), then log in anew"
      }
      return "join that group: usermod -aG \(name(ofGroup: group)) \(me), then log in anew"
    }
    if mayOpen(group, permissions) { return Self.sandbox }
    let making = hasGroup(named: "kvm") ? "" : "groupadd -r kvm && "
    return "\(making)chgrp kvm \(path) && chmod 660 \(path), and a udev rule that keeps it so "
      + "(KERNEL==\"kvm\", GROUP=\"kvm\", MODE=\"0660\"); then usermod -aG kvm \(me), and log in anew"
  }

  /// The remedy that lets the caller open `/dev/net/tun`.
  ///
  /// Every user may open it: a TAP's owner protects the TAP.
  var tapRemedy: String {
    let path = "/dev/net/tun"
    guard case .present(_, let group, let permissions, true) = tunNode else {
      return remedy(forMissing: tunNode, path, "modprobe tun")
    }
    return mayOpen(group, permissions) ? Self.sandbox : "chmod 666 \(path)"
  }

  /// The usual name for the device's group; another one where a group of another number has it.
  private func freeGroupName(for group: UInt32) -> String { hasGroup(named: "kvm") ? "kvm\(group)" : "kvm" }

  private static let sandbox =
    "let the container or sandbox open the device (its device list, AppArmor or SELinux refuses it)"

  private func mayOpen(_ group: UInt32, _ permissions: UInt32) -> Bool {
    user == 0 || permissions & 0o006 == 0o006 || groups.contains(group) && permissions & 0o060 == 0o060
  }

  private func remedy(forMissing node: DeviceNode, _ path: String, _ making: String) -> String {
    guard case .missing = node else { return "\(path) is no device here: remove it; \(making)" }
    return "\(making); in a container, hand the device over (docker run --device \(path))"
  }

  /// The remedy for a missing `/dev/kvm`: load the module, or make the node by hand if the module is loaded.
  private func machineDevice(_ path: String) -> String {
    if let loaded = machineModules.first {
      return "\(loaded.shown) is loaded, and only the node is missing: mknod \(path) c 10 232, and udevadm trigger "
        + "--sysname-match=kvm for its group and mode (without udev: chgrp kvm \(path) && chmod 660 \(path))"
    }
    if isARM { return "a processor and firmware that start Linux at EL2: dmesg | grep kvm tells what KVM lacks" }
    return "modprobe \(module)"
  }
}
