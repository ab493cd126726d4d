import Host

/// Where the parts of the tender's fixed block lie, counted from its start.
///
/// They are taken from a block that is mapped for the purpose, so that the two can't differ.
struct FixedBlockOffsets: Sendable {
  let polled, timeout, time, register, message: UInt64

  /// The offsets, or nil where no page is left to look at.
  static let shared: FixedBlockOffsets? = {
    guard let block = try? FixedBlock(program: []) else { return nil }
    return FixedBlockOffsets(
      polled: UInt64(block.polled - block.start), timeout: UInt64(block.timeout - block.start),
      time: UInt64(block.time - block.start), register: UInt64(block.register - block.start),
      message: UInt64(block.message - block.start))
  }()
}
