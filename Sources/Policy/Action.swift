/// What a filter tells the kernel to do with a call (`SECCOMP_RET_*` in `linux/seccomp.h`).
package struct Action: Equatable, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let allow = Action(rawValue: 0x7fff_0000)
  package static let killProcess = Action(rawValue: 0x8000_0000)
  package static let trap = Action(rawValue: 0x0003_0000)

  /// The action's name for messages.
  package var name: StaticString {
    switch self {
    case .allow: "ALLOW"
    case .killProcess: "KILL_PROCESS"
    case .trap: "TRAP"
    default: "another action"
    }
  }
}
