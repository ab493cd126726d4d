import Host

extension Seal {
  /// Takes the steps between opening what the command line names and making the machine, in their order.
  ///
  /// - Parameter user: whom a tender started as root becomes.
  /// - Throws: the first refusal.
  package mutating func enclose(as user: User) throws(Refusal) {
    try forbidSharedMemory()
    try becomeUser(user)
    try dropHostPrivileges()
    Timeline.mark("user, host privileges")
    try enterNamespaces()
    Timeline.mark("namespaces and maps")
    try forbidNestedNamespaces()
    try emptyRoot()
    Timeline.mark("empty root")
  }

  /// Takes the steps between making the machine and installing the filter, in their order.
  ///
  /// - Parameters:
  ///   - polled: how many descriptors `ppoll` watches.
  ///   - fileSize: the longest regular file in bytes, nil for no limit.
  /// - Throws: the first refusal.
  package mutating func harden(polled: Int, fileSize: UInt64?) throws(Refusal) {
    try dropCapabilities()
    Timeline.mark("capabilities")
    try becomeUndumpable()
    try forbidNewPrivileges()
    try denyWriteExecute()
    try enterLandlock()
    try restrictSpeculation()
    try scheduleCoreAlone()
    try forbidMemoryMerging()
    try limitResources(polled: polled, fileSize: fileSize)
  }
}
