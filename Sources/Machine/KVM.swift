import CLinux
import Host
package import Text

/// Why a machine could not be made.
package struct MachineError: Error {
  /// The whole message, without the program's name.
  package let message: Text

  package init(_ message: Text) { self.message = message }

  init(_ request: StaticString, _ error: SystemError) {
    message = "KVM: ioctl (\(request)) failed: \(error.reason)"
  }
}

/// The KVM subsystem: `/dev/kvm`, from which machines are made.
package struct KVM: ~Copyable {
  let descriptor: Descriptor

  /// Opens `/dev/kvm` and checks that it speaks version 12 of its interface.
  package static func open() throws(MachineError) -> KVM {
    let kvm: KVM
    do throws(SystemError) {
      kvm = try KVM(descriptor: Descriptor.open("/dev/kvm", O_RDWR))
    } catch {
      throw MachineError("Could not open: /dev/kvm: \(error.reason)\(remedy(for: error.code))")
    }
    let version = Kernel.raw(.ioctl, Int(kvm.descriptor.raw), Int(CLINUX_KVM_GET_API_VERSION))
    guard version >= 0 else { throw MachineError("GET_API_VERSION", SystemError(call: "ioctl", code: Int32(-version))) }
    guard version == 12 else {
      throw MachineError("KVM: API version is \(version), brig-hvt requires version 12")
    }
    return kvm
  }

  private static func remedy(for code: Int32) -> Text {
    switch code {
    case ENOENT: absence
    case EACCES, EPERM: permission
    default: ""
    }
  }

  /// Whose the device is, and what lets an ordinary user open it.
  private static var permission: Text {
    guard let status = try? FileStatus(at: "/dev/kvm") else { return "" }
    let bits = status.permissions
    let mode: Text = "\(bits >> 6 & 7)\(bits >> 3 & 7)\(bits & 7)"
    let whose: Text = "it belongs to user \(status.owner) and group \(status.group), with mode 0\(mode)"
    guard bits & 0o060 == 0o060, status.group != 0 else {
      let rule: Text = "KERNEL==\"kvm\", GROUP=\"kvm\", MODE=\"0660\""
      return ": \(whose): let udev give it to a group (\(rule)), and join that"
    }
    // Whose group isn't mapped into a container's user namespace is shown as nogroup.
    if status.group == 65534 {
      return ": \(whose), one that isn't mapped here: keep your groups (podman run --group-add keep-groups)"
    }
    return ": \(whose): join that group"
  }

  private static var absence: Text {
    #if arch(arm64)
      ": KVM is part of this kernel, and needs a processor and firmware that start it at EL2: dmesg | grep kvm"
    #else
      ": is this a machine with hardware virtualisation, and the module kvm_intel or kvm_amd loaded?"
    #endif
  }

  /// What the kernel answers for a capability: 0 where it doesn't have it.
  package borrowing func answer(for capability: KVMCapability) -> Int {
    max(Kernel.raw(.ioctl, Int(descriptor.raw), Int(CLINUX_KVM_CHECK_EXTENSION), Int(capability.row.number)), 0)
  }

  /// Whether the kernel has a capability, with all that is wanted of it.
  borrowing func has(_ capability: KVMCapability) -> Bool { capability.isThere(answer(for: capability)) }

  /// How many bytes of a vCPU's descriptor are mapped to talk about its exits.
  borrowing func runAreaSize() throws(MachineError) -> Int {
    let size = Kernel.raw(.ioctl, Int(descriptor.raw), Int(CLINUX_KVM_GET_VCPU_MMAP_SIZE))
    guard size >= 0 else { throw MachineError("GET_VCPU_MMAP_SIZE", SystemError(call: "ioctl", code: Int32(-size))) }
    guard size >= MemoryLayout<kvm_run>.size else {
      throw MachineError("KVM: ioctl (GET_VCPU_MMAP_SIZE) failed: size \(size)")
    }
    return size
  }
}
