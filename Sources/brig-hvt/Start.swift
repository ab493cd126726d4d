import Host
import Tender

/// The C library's entry point: the tender's whole way, from the command line to the guest's end.
///
/// Everything that was ever allocated is gone before the filter is in force: nothing is freed after it, and there is
/// nothing left to be found.
@c(brig_hvt_main)
public func start(
  _ count: CInt, _ values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> CInt {
  Arena.begin()
  // SAFETY: these are the C library's own arguments, handed on as they came.
  unsafe tend(count, values)
}

/// What `start` does, in a frame of its own on the stack that it cleared.
@inline(never)
private func tend(_ count: CInt, _ values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Never {
  // SAFETY: the same.
  let confined = unsafe Preparation.confine(count, values)
  Timeline.mark("close KVM and files")
  Timeline.report()
  Arena.close()
  Sealed.install(confined).run()
}
