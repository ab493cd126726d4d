#if defined(__aarch64__)
/// Exchanges a byte, which libcap's locks do by this call of the compiler's library: its own chooses by the processor
/// (-moutline-atomics of GCC's manual). It acquires and releases.
unsigned char __aarch64_swp1_acq_rel(unsigned char value, unsigned char *place) {
  return __atomic_exchange_n(place, value, __ATOMIC_ACQ_REL);
}
#endif
