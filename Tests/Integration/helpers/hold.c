// hold
//
// Makes a virtual machine with one vCPU, prints `held`, and keeps both until it is ended.
//
// The kernel patches its scheduler's code whenever the first virtual machine appears and the last one goes. An emulator
// that translates code on several processors at once (QEMU before 8.1) can be left with the code of the moment between,
// which traps for ever; while this program runs, nothing is patched.
#include "common.h"
#include <linux/kvm.h>
#include <sys/ioctl.h>

int main(void) {
  int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC), machine, processor;
  if (kvm < 0) err(trouble, "/dev/kvm");
  must(machine = ioctl(kvm, KVM_CREATE_VM, 0));
  must(processor = ioctl(machine, KVM_CREATE_VCPU, 0));
  must(dprintf(1, "held\n"));
  for (;;) pause();
}
