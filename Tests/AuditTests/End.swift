import Glibc

/// The end of processes that the tests started themselves.
enum End {
  /// Kills a child of this process, and waits until it is gone.
  static func kill(_ process: Int32) {
    guard process > 0 else { return }
    _ = Glibc.kill(process, SIGKILL)
    var status: Int32 = 0
    unsafe waitpid(process, &status, 0)
  }
}
