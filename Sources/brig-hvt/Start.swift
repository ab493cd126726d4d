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
  // SAFETY: these are the C library's own arguments, handed on as they came.
  let confined = unsafe Preparation.confine(count, values)
  Timeline.mark("close KVM and files")
  Timeline.report()
  Arena.close()
  Sealed.install(confined).run()
}
