import Host

extension Seal {
  /// Takes, in their order, the steps between opening what the command line names and making the machine.
  ///
  /// The machine comes after them: a thread that KVM adds to the process starts with what the process has by then.
  ///
  /// - Parameter user: the user that a tender becomes when root starts it.
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
