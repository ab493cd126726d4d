/// The outcome of a hypercall, as the guest sees it in the `ret` field (`solo5_result_t`).
package enum ReturnCode: Int32, Sendable {
  /// The request was carried out.
  case ok = 0
  /// There is nothing to receive now; the guest may poll and try again.
  case again = 1
  /// An argument was not valid: a handle of no such device, or a range outside the disk.
  case invalid = 2
  /// The request failed for a reason the ABI has no number for.
  case unspecified = 3
}
