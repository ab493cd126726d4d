import Text

/// A namespace that this thread is in, as a file below `/proc` (namespaces(7)).
enum OwnNamespace {
  /// Where the file is.
  ///
  /// The tender has one thread, and its process's file costs it less: the kernel makes no directory of the thread's.
  ///
  /// - Parameter name: the file's name, such as `mnt`.
  /// - Returns: its path.
  static func path(_ name: StaticString) -> Text {
    #if hasFeature(Embedded)
      "/proc/self/ns/\(name)"
    #else
      "/proc/thread-self/ns/\(name)"
    #endif
  }
}
