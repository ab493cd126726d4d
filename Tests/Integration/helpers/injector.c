// injector PID CALL [ARG]...
//
// Makes a live process's main thread do one system call, given by number and arguments, and prints what came of it:
// `returned N`, `killed by N` (a signal), `exited N`. A call that returned leaves the process as it was.
// Root only; the process needn't be dumpable.
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

int main(int count, char **arguments) {
  if (count < 3 || count > 9) errx(trouble, "usage: injector PID CALL [ARG]...");
  int pid = number(arguments[1]);
  unsigned long call[7] = {0};
  for (int index = 2; index < count; index++) call[index - 2] = number(arguments[index]);
  unsigned long place = find_instruction(pid);

  must(ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_TRACESYSGOOD));
  must(ptrace(PTRACE_INTERRUPT, pid, NULL, NULL));
  await(pid);
  Registers before, now;
  transfer(PTRACE_GETREGSET, pid, &before);
  now = before;
  prepare(&now, place, call);
  transfer(PTRACE_SETREGSET, pid, &now);

  // To the entry of the call and to its end; a filter that kills does so between the two.
  for (int stops = 0; stops < 2;) {
    must(ptrace(PTRACE_SYSCALL, pid, NULL, 0));
    int signal = await(pid);
    if (signal == (SIGTRAP | 0x80)) stops++;
    // A signal that the call drew, SIGSYS of a trapping filter for example, is the process's to have.
    else if (signal != SIGTRAP && signal != SIGSTOP) {
      must(ptrace(PTRACE_CONT, pid, NULL, signal));
      for (;;) must(ptrace(PTRACE_CONT, pid, NULL, await(pid) & 0x7f));
    }
  }
  transfer(PTRACE_GETREGSET, pid, &now);
  printf("returned %ld\n", result_of(&now));
  transfer(PTRACE_SETREGSET, pid, &before);
  must(ptrace(PTRACE_DETACH, pid, NULL, 0));
}
