/// What a filter tells the kernel to do with a call (`SECCOMP_RET_*` in `linux/seccomp.h`).
package struct Action: Equatable, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let allow = Action(rawValue: 0x7fff_0000)
  package static let killProcess = Action(rawValue: 0x8000_0000)
  package static let trap = Action(rawValue: 0x0003_0000)

  /// Answers with an error in place of making the call (`SECCOMP_RET_ERRNO`); the number has 12 bits.
  package static func error(_ number: UInt32) -> Action { Action(rawValue: 0x0005_0000 | number) }

  /// The error number that the kernel answers with, nil for another action.
  package var errorNumber: UInt32? { rawValue >> 16 == 5 ? rawValue & 0xffff : nil }

  /// The action's name for messages.
  package var name: StaticString {
    switch self {
    case .allow: "ALLOW"
    case .killProcess: "KILL_PROCESS"
    case .trap: "TRAP"
    default: errorNumber == nil ? "another action" : "ERRNO"
    }
  }
}
