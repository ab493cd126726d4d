#if hasFeature(Embedded)
  import CArena
#endif

/// Everything that was ever allocated.
enum Arena {
  /// Clears what the C library left on the stack before `main`, and makes read-only what is written once.
  ///
  /// What it left lies where the caller's next calls have their frames, in parts of which nothing may ever be written.
  static func begin() {
    #if hasFeature(Embedded)
      carena_check_stack()
      carena_begin_main()
    #endif
  }

  /// Unmaps it, and clears what functions that have returned left on the stack.
  static func close() {
    #if hasFeature(Embedded)
      carena_close()
    #endif
  }
}
