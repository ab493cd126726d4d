package import Host

/// The log, open as standard error.
package struct LogFile: Sendable {
  /// Its number.
  package static var descriptor: Int32 { 2 }
  /// The file that it is, as it was when it was opened.
  package let status: FileStatus

  /// What there is room for in a regular file, in bytes: a tender complains of each device a few times, and once at its
  /// end.
  private static var room: UInt64 { 1 << 20 }

  /// How long the file may get, in bytes; 0 for what has no length.
  var sizeLimit: UInt64 { status.kind == .regular ? status.size + Self.room : 0 }
}
