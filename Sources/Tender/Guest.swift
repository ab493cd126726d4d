package import ABI
package import Host
package import Machine

/// The guest as the run loop sees it: its vCPU, its memory and what it may reach, all of it trivial values.
///
/// Nothing here has a destructor, because what one does is forbidden once the filter is in force. The modules
/// are extensions, one a file: `Console`, `Clock`, `Poll`, `Halt`, `Block`, `Net`.
package struct Guest {
  package let runner: Runner
  package let memory: GuestMemory
  package let block: FixedBlock
  var devices: DeviceTable

  package init(runner: Runner, memory: GuestMemory, block: FixedBlock, devices: DeviceTable) {
    self.runner = runner
    self.memory = memory
    self.block = block
    self.devices = devices
  }

  /// Serves a hypercall, whose structure is at an address of the guest's.
  package mutating func serve(_ call: Hypercall, at address: GuestAddress) {
    switch call {
    case .walltime: readClock(at: address)
    case .puts: write(at: address)
    case .poll: poll(at: address)
    case .blockWrite where devices.hasDisk: writeBlock(at: address)
    case .blockRead where devices.hasDisk: readBlock(at: address)
    case .netWrite where devices.hasTap: sendFrame(at: address)
    case .netRead where devices.hasTap: receiveFrame(at: address)
    case .halt: halt(at: address)
    // A module that the manifest doesn't ask for isn't there.
    case .blockWrite, .blockRead, .netWrite, .netRead: endUnknown(call.rawValue)
    }
  }

  private func endUnknown(_ number: UInt16) -> Never {
    end { line in
      line.append("Invalid guest hypercall: num=")
      line.append(decimal: UInt64(number))
    }
  }
}

// MARK: - Pointers from the guest

extension Guest {
  /// Copies a hypercall's structure in, once; ends the guest where it doesn't lie in RAM, or in a segment that it can't
  /// read.
  ///
  /// One that is `answered` gets results written back into it, and must be writable too.
  func structure<Structure: Call>(_ type: Structure.Type, at address: GuestAddress, answered: Bool) -> Structure {
    let size = UInt64(type.size)
    guard memory.contains(address, count: size) else { endInvalid(address, size) }
    // SAFETY: an array of bytes has no padding.
    guard memory.admits(answered ? .write : .read, at: address, count: size),
      let bytes = memory.structure(at: address, count: type.size), let structure = unsafe type.init(bytes.span.bytes)
    else { endFault() }
    return structure
  }

  /// Ends the guest unless `count` bytes from `address` lie in RAM and admit an access.
  func check(_ access: GuestMemory.Access, _ address: GuestAddress, count: UInt64) {
    guard memory.contains(address, count: count) else { endInvalid(address, count) }
    guard memory.admits(access, at: address, count: count) else { endFault() }
  }

  /// Writes a field of a structure back, which `structure` has found to be writable.
  func answer<Value>(_ field: Field<Value>, _ value: Value, at address: GuestAddress) {
    memory.store(value, at: address + field.offset)
  }

  private func endInvalid(_ address: GuestAddress, _ count: UInt64) -> Never {
    end { line in
      line.append("Invalid guest access: gpa=")
      line.append(hexadecimal: address.rawValue)
      line.append(", sz=")
      line.append(decimal: count)
    }
  }
}

// MARK: - Ends

extension Guest {
  /// Ends the tender with a line of its own and status 1.
  package func end(_ describe: (inout Diagnostic) -> Void) -> Never {
    var line = Diagnostic(block)
    describe(&line)
    line.writeLast()
    exit(1)
  }

  /// Ends the machine, and the tender with the low eight bits of a status.
  func exit(_ status: Int32) -> Never {
    block.noteEnd(UInt8(truncatingIfNeeded: status))
    runner.destroyMachine()
    Process.exit(status)
  }

  /// Ends the tender because the kernel failed a call that a hypercall needs.
  func end(_ what: StaticString, errorNumber: Int) -> Never {
    end { line in
      line.append(what)
      line.append(errorNumber: Int32(truncatingIfNeeded: errorNumber))
    }
  }

  /// Ends the tender because the guest touched its memory in a way that its image forbids.
  func endFault() -> Never {
    end { line in
      line.append("KVM: host/guest translation fault: ")
      appendProgramCounter(&line)
    }
  }

  private func appendProgramCounter(_ line: inout Diagnostic) {
    #if arch(x86_64)
      line.append("rip=")
    #else
      line.append("pc=")
    #endif
    line.append(hexadecimal: runner.programCounter(block))
  }

  /// Ends the tender for an exit that is no hypercall.
  package func end(after exit: Runner.Exit) -> Never {
    switch exit {
    case .hypercall(let call, _): endUnknown(call.rawValue)
    case .reserved(let number): endUnknown(number)
    case .translationFault: endFault()
    case .port(let port):
      end { line in
        line.append("Invalid guest port access: port=")
        line.append(hexadecimal: UInt64(port))
      }
    case .deviceMemory(let address, let count, let showsCount):
      end { line in
        line.append("Invalid guest mmio access: mmio=")
        line.append(hexadecimal: address.rawValue)
        guard showsCount else { return }
        line.append(" len=")
        line.append(decimal: UInt64(count))
      }
    case .entryFailure(let reason):
      end { line in
        line.append("KVM: entry failure: hw_entry_failure_reason=")
        line.append(hexadecimal: reason)
      }
    case .internalError(let reason):
      end { line in
        line.append("KVM: internal error exit: suberror=")
        line.append(hexadecimal: UInt64(reason))
      }
    case .failed(let code): end("KVM: ioctl (RUN) failed: ", errorNumber: Int(code))
    case .other(let reason):
      end { line in
        line.append("KVM: unhandled exit: exit_reason=")
        line.append(hexadecimal: UInt64(reason))
        line.append(", ")
        appendProgramCounter(&line)
      }
    }
  }
}
