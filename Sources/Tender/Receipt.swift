import ABI
import CLinux
import Confinement
import Host
import Image
import Machine
import Policy
import Text

/// The record of what the seal consists of, as JSON; `docs/architecture.md` describes it.
enum Receipt {
  /// The longest receipt in bytes, which the limit on file sizes must leave room for: an ordinary user may have 65,536
  /// groups, of ten digits each.
  private static var longest: UInt64 { 1 << 20 }

  /// How long a regular file may get, nil where the console is one; a receipt that is one needs room besides.
  static func fileSizeLimit(_ lasting: UInt64, _ receipt: ReceiptFile?, _ log: LogFile?) -> UInt64? {
    let consoles: ClosedRange<Int32> = log == nil ? 1...2 : 1...1
    for console in consoles {
      if let status = try? FileStatus(of: console), status.kind == .regular { return nil }
    }
    guard let receipt, receipt.status.kind == .regular else { return lasting }
    return max(lasting, receipt.status.size + longest)
  }

  /// - Throws: what the kernel said when it was asked whom this process runs as.
  static func text(
    _ loaded: borrowing Loaded, _ seal: Seal, _ runner: Runner, _ restrictions: [Restriction]
  ) throws(SystemError) -> Text {
    let process = try Identity.process()
    let owner: Identity.Owner
    if let known = seal.owner { owner = known } else { owner = try Identity.owner() }
    let architecture = loaded.filter.policy.architecture.name
    return JSON.document(.receipt) { json in
      json.string("architecture", "\(architecture)")
      json.string("tender", "brig-hvt \(Usage.release)")
      json.number("pid", process)
      if let name = loaded.opened.line.name { json.string("name", name) }
      if let time = loaded.opened.startTime { json.number("start_time", time) }
      image(loaded, &json)
      memory(loaded, &json)
      devices(loaded, &json)
      if let log = loaded.opened.groundwork.log {
        json.object("log", compact: true) { json in
          json.number("descriptor", LogFile.descriptor)
          json.number("device", log.status.device)
          json.number("inode", log.status.inode)
        }
      }
      json.string("confinement", "\(seal.confinement.name)")
      json.object("user", compact: true) { json in
        json.number("uid", owner.user)
        json.number("gid", owner.group)
        json.array("groups") { json in
          for group in owner.groups { json.number(nil, group) }
        }
      }
      netNamespace(seal, &json)
      json.array("steps") { json in
        for record in seal.records {
          state(record.step.description.name, record.unavailable, &json)
        }
      }
      let rights = Landlock.rights(version: seal.landlockVersion)
      json.number("landlock_abi", seal.landlockVersion)
      json.object("landlock_rights", compact: true) { json in
        json.number("files", rights.files)
        json.number("network", rights.network)
        json.number("scopes", rights.scopes)
      }
      let area = loaded.opened.runArea.region
      json.object("kvm") { json in
        json.number("vcpu_descriptor", runner.descriptor)
        json.number("run_area", area.lowerBound)
        json.number("run_area_size", area.count)
        json.array("restrictions") { json in
          for restriction in restrictions { state(restriction.name, restriction.unavailable, &json) }
        }
      }
      seccomp(loaded, &json)
    }
  }

  private static func netNamespace(_ seal: Seal, _ json: inout JSON) {
    json.object("net_namespace", compact: true) { json in
      guard seal.isApplied(.netNamespace) else { return json.string("kind", "launcher") }
      switch seal.netNamespace {
      case .prepared(let inode):
        json.string("kind", "prepared")
        json.number("inode", inode)
      case .own(let reason):
        json.string("kind", "own")
        if let reason { json.string("reason", "\(PreparedNetNamespace.usualPath): \(reason)") }
      }
    }
  }

  private static func state(_ name: StaticString, _ unavailable: Text?, _ json: inout JSON) {
    json.object(compact: true) { json in
      json.string("name", "\(name)")
      json.string("state", unavailable == nil ? "applied" : "unavailable")
      if let unavailable { json.string("reason", unavailable) }
    }
  }

  private static func image(_ loaded: borrowing Loaded, _ json: inout JSON) {
    let digest = loaded.opened.digest
    let version = loaded.opened.image.abiVersion.rawValue
    let entry = loaded.layout.entry.rawValue
    let manifest = loaded.opened.attachments.manifest
    json.object("image") { json in
      if let digest { json.string("sha256", digest.text) }
      json.number("abi_version", version)
      json.number("entry", entry)
      json.array("manifest") { json in
        for (handle, entry) in manifest.entries.enumerated() where !entry.device.type.isReserved {
          json.object(compact: true) { json in
            json.number("handle", handle)
            json.string("name", entry.name)
            json.string("type", entry.device.type.name)
          }
        }
      }
    }
  }

  private static func memory(_ loaded: borrowing Loaded, _ json: inout JSON) {
    let memory = loaded.memory
    let block = loaded.opened.groundwork.block
    json.object("memory", compact: true) { json in
      json.number("bytes", memory.size)
      json.number("base", memory.base)
      json.number("window", memory.window)
      json.number("fixed_block", block.start)
    }
  }

  private static func devices(_ loaded: borrowing Loaded, _ json: inout JSON) {
    let (entries, devices) = (loaded.opened.attachments.manifest.entries, loaded.opened.attachments.attached)
    let settings = loaded.opened.settings.devices
    var next = 0
    json.array("devices") { json in
      for (handle, entry) in entries.enumerated() where entry.isAttached {
        json.object(compact: true) { json in
          json.number("handle", handle)
          json.string("name", entry.name)
          json.number("descriptor", devices[next].descriptor)
          switch entry.device {
          case .block(let properties):
            json.string("type", "BLOCK_BASIC")
            json.number("capacity", properties.capacity)
            json.number("block_size", properties.blockSize)
            json.string("mode", "\(settings[handle].mode.name)")
          case .net(let properties):
            json.string("type", "NET_BASIC")
            var address = Text()
            for index in properties.mac.octets.indices {
              if index > 0 { address.append(":") }
              address.append(hexadecimal: UInt64(properties.mac.octets[index]), width: 2)
            }
            json.string("mac", address)
            json.number("mtu", properties.mtu)
          case .other: break
          }
        }
        next += 1
      }
    }
  }

  private static func seccomp(_ loaded: borrowing Loaded, _ json: inout JSON) {
    let filter = loaded.filter
    let reports = loaded.opened.settings.reportsCalls
    json.object("seccomp") { json in
      json.string("mode", reports ? "report" : "kill")
      json.array("system_calls", compact: true) { json in
        for call in filter.policy.calls { json.string(nil, "\(call.row.name)") }
      }
      json.number("rules", filter.policy.rules.count)
      json.number("instructions", filter.installable.count)
      json.string("sha256", filter.installable.digest.text)
      if let witness = filter.policy.witness {
        json.array("witness", compact: true) { json in
          for argument in 0..<Witness.count { json.number(nil, witness[argument]) }
        }
      }
      json.boolean("proved", true)
      json.number("paths", filter.proof.paths)
      json.number("regions", filter.proof.regions)
    }
  }
}
