#if hasFeature(Embedded)
  import CArena
#endif

/// Everything that was ever allocated.
enum Arena {
  /// Unmaps it, and clears what functions that have returned left on the stack.
  static func close() {
    #if hasFeature(Embedded)
      carena_close()
    #endif
  }
}
