import Host

extension Seal {
  /// Takes the steps between opening what the command line names and making the machine, in their order.
  ///
  /// The machine comes after them: whatever thread KVM adds to the process starts with what the process has by then.
  ///
  /// - Parameter user: whom a tender started as root becomes.
  /// - Throws: the first refusal.
  package mutating func enclose(as user: User) throws(Refusal) {
    try forbidSharedMemory()
    try becomeUser(user)
    try dropHostPrivileges()
    Timeline.mark("user, host privileges")
    try enterNamespaces()
    Timeline.mark("namespaces")
    try forbidNestedNamespaces()
    try emptyRoot()
    Timeline.mark("empty root")
    try dropCapabilities()
    Timeline.mark("capabilities")
    try becomeUndumpable()
    try forbidNewPrivileges()
    try denyWriteExecute()
    try enterLandlock()
    try restrictSpeculation()
    try scheduleCoreAlone()
    try keepDeadlines()
    Timeline.mark("hardening")
  }
}
