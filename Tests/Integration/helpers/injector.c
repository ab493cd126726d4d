// injector PID CALL [ARG]...
//
// Makes a live process's main thread do one system call, given by name or number and its arguments, and prints what
// came of it: `returned N`, `killed by N` (a signal), `exited N`. A call that returned leaves the process as it was.
// On x86_64 `i386:NUMBER` is a call of the 32-bit interface, through `int 0x80`.
// Root only; the process needn't be dumpable.
#include "calls.h"
#include "common.h"
#include <elf.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>

#if defined(__x86_64__)
#include <sys/user.h>
typedef struct user_regs_struct Registers;
static const unsigned char instruction[] = {0x0f, 0x05};  // syscall

static void prepare(Registers *registers, unsigned long place, const unsigned long *call) {
  registers->rip = place;
  registers->rax = call[0];
  registers->orig_rax = -1;  // not in a system call that could be restarted
  registers->rdi = call[1];
  registers->rsi = call[2];
  registers->rdx = call[3];
  registers->r10 = call[4];
  registers->r8 = call[5];
  registers->r9 = call[6];
}

static long result_of(const Registers *registers) { return registers->rax; }
#elif defined(__aarch64__)
#include <asm/ptrace.h>
typedef struct user_pt_regs Registers;
static const unsigned char instruction[] = {0x01, 0x00, 0x00, 0xd4};  // svc #0

static void prepare(Registers *registers, unsigned long place, const unsigned long *call) {
  registers->pc = place;
  registers->regs[8] = call[0];
  for (int index = 0; index < 6; index++) registers->regs[index] = call[index + 1];
}

static long result_of(const Registers *registers) { return registers->regs[0]; }
#endif

// An address in the process's own text where it has the instruction that makes a system call.
static unsigned long find_instruction(int pid) {
  char path[64], line[512];
  snprintf(path, sizeof path, "/proc/%d/maps", pid);
  FILE *maps = fopen(path, "r");
  if (maps == NULL) err(trouble, "%s", path);
  snprintf(path, sizeof path, "/proc/%d/mem", pid);
  int memory = must(open(path, O_RDONLY));
  unsigned long start, end, found = 0;
  while (found == 0 && fgets(line, sizeof line, maps) != NULL) {
    char access[5];
    if (sscanf(line, "%lx-%lx %4s", &start, &end, access) != 3 || access[2] != 'x') continue;
    if (strstr(line, "[vsyscall]") != NULL || strstr(line, "[vdso]") != NULL) continue;
    unsigned char *bytes = malloc(end - start);
    ssize_t got = pread(memory, bytes, end - start, start);
    void *place = got > 0 ? memmem(bytes, got, instruction, sizeof instruction) : NULL;
    if (place != NULL) found = start + ((unsigned char *)place - bytes);
    free(bytes);
  }
  close(memory);
  fclose(maps);
  if (found == 0) errx(trouble, "no system call instruction in process %d", pid);
  return found;
}

static void transfer(int request, int pid, Registers *registers) {
  must(ptrace(request, pid, NT_PRSTATUS, &(struct iovec){registers, sizeof *registers}));
}

// Waits for the process; ends this one with the news if it is gone.
static int await(int pid) {
  int status;
  must(waitpid(pid, &status, __WALL));
  if (WIFSIGNALED(status)) { printf("killed by %d\n", WTERMSIG(status)); exit(0); }
  if (WIFEXITED(status)) { printf("exited %d\n", WEXITSTATUS(status)); exit(0); }
  return WSTOPSIG(status);
}

static bool is_pending(int pid, int signal) {
  char path[64], line[256];
  snprintf(path, sizeof path, "/proc/%d/status", pid);
  FILE *status = fopen(path, "r");
  if (status == NULL) err(trouble, "%s", path);
  unsigned long pending = 0;
  while (fgets(line, sizeof line, status) != NULL)
    if (sscanf(line, "SigPnd: %lx", &pending) == 1) break;
  fclose(status);
  return pending >> (signal - 1) & 1;
}

int main(int count, char **arguments) {
  if (count < 3 || count > 9) errx(trouble, "usage: injector PID CALL [ARG]...");
  int pid = number(arguments[1]);
  bool narrow = strncmp(arguments[2], "i386:", 5) == 0;
  unsigned long call[7] = {call_number(arguments[2] + (narrow ? 5 : 0))};
  for (int index = 3; index < count; index++) call[index - 2] = number(arguments[index]);
  unsigned long place = find_instruction(pid);

  must(ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_TRACESYSGOOD));
  must(ptrace(PTRACE_INTERRUPT, pid, NULL, NULL));
  await(pid);
  Registers before, now;
  transfer(PTRACE_GETREGSET, pid, &before);
  now = before;
  prepare(&now, place, call);
  if (narrow) {
    long word = ptrace(PTRACE_PEEKTEXT, pid, place, NULL);
    must(ptrace(PTRACE_POKETEXT, pid, place, (word & ~0xffffL) | 0x80cd));  // never put back: such a call is deadly
  }
  transfer(PTRACE_SETREGSET, pid, &now);

  // To the entry of the call, and to its end.
  for (int stops = 0; stops < 2;) {
    must(ptrace(PTRACE_SYSCALL, pid, NULL, 0));
    if (await(pid) == (SIGTRAP | 0x80)) stops++;
  }
  // A filter that kills or traps has sent the signal by now; the process is to have it.
  if (is_pending(pid, SIGSYS)) {
    int signal = 0;
    for (;;) {
      must(ptrace(PTRACE_CONT, pid, NULL, signal));
      signal = await(pid) & 0x7f;
    }
  }
  transfer(PTRACE_GETREGSET, pid, &now);
  printf("returned %ld\n", result_of(&now));
  // Back to where it was interrupted, in a stop of the same kind, so that the kernel restarts its call.
  must(ptrace(PTRACE_INTERRUPT, pid, NULL, NULL));
  must(ptrace(PTRACE_CONT, pid, NULL, 0));
  await(pid);
  transfer(PTRACE_SETREGSET, pid, &before);
  must(ptrace(PTRACE_DETACH, pid, NULL, 0));
}
