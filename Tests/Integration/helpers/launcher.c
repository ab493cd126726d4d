// launcher [OPTION]... COMMAND [ARG]...
//
// Executes a command in a state that a shell can't make. Options take effect from left to right:
//
//   --user=UID[:GID[:N,N...]] as that user, with these supplementary groups or none
//   --ids=UID:GID             as that user, with the groups as they are
//   --user-with=C:UID:GID     as that user, without supplementary groups, but with one capability, by number, that stays
//   --effective=UID:GID       as that user by the effective and saved ids only, without supplementary groups
//   --groups=N[,N]...         supplementary groups; N+M stands for M of them, from N on
//   --ignore=SIGNAL           ignores a signal, by number
//   --block=SIGNAL            blocks a signal, by number
//   --pending=SIGNAL          blocks a signal, by number, and sends it to itself
//   --scheduling=POLICY:N     a scheduling policy and its priority, both by number
//   --parent-death=SIGNAL     is sent a signal, by number, when its parent ends
//   --limit=RESOURCE:VALUE    a resource limit, both by number
//   --personality=FLAGS       execution domain
//   --timer-slack=N           how late its timers may be, in nanoseconds
//   --memory-merging          lets the kernel merge its pages with equal ones
//   --argv0=NAME              the command's argument 0
//   --root=PATH               changes the root directory, and to it
//   --open=N:FLAGS:PATH       opens a file with these open(2) flags (a number) as descriptor N
//   --nonblock=N              makes a descriptor non-blocking
//   --tap=N:FLAGS:INTERFACE   attaches a TAP with these TUNSETIFF flags (a number) as descriptor N
//   --pair=N:M:TYPE           a pair of Unix sockets of this type as descriptors N and M
//   --namespaces=FLAGS        unshare(2)
//   --join=PATH               setns(2)
//   --mapped=LINE[;LINE]...   a user namespace with these lines for its maps of users and of groups; the caller is root
//   --mapped-denied=LINE[;LINE]...   the same, in which nobody may change supplementary groups
//   --landlock                a Landlock domain that handles one right, and allows it nowhere
//   --drop-capabilities       empties the bounding set and all others: a root that can do little
//   --deny=CALL[,A0[,A1..]]=ACTION   an outer seccomp filter for one call: ACTION is trap, kill or an errno's number;
//                             an argument is the lower 32 bits as a number, !N for any other number, or _ for any
//   --only=CALL[,CALL]...=ACTION     an outer seccomp filter for every call but these
//   --only=@FILE=ACTION       the same for those that a file names, one a line; what this processor hasn't is passed over
//
// Everything that needs another option first (a filter after a user, say) is the caller's order.
#include "calls.h"
#include "common.h"
#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static unsigned action_of(const char *name) {
  if (strcmp(name, "trap") == 0) return SECCOMP_RET_TRAP;
  if (strcmp(name, "kill") == 0) return SECCOMP_RET_KILL_PROCESS;
  return SECCOMP_RET_ERRNO | number(name);
}

static struct sock_filter program[BPF_MAXINSNS];
static unsigned short length;

static void emit(struct sock_filter instruction) { program[length++] = instruction; }

// Jumps over `skipped` instructions unless the accumulator is `value`.
static void expect(unsigned value, unsigned char skipped) {
  emit((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped));
}

static void load(size_t offset) { emit((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)); }

static void answer(unsigned action) { emit((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action)); }

// Installs what was emitted; only root may do so without no-new-privs.
static void install(void) {
  struct sock_fprog filter = {length, program};
  if (geteuid() != 0) must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  must(syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter));
  length = 0;
}

static void deny(char *rule) {
  char *action = strrchr(rule, '=');
  if (action == NULL) errx(trouble, "no action: %s", rule);
  *action++ = 0;
  char *words[8] = {0};
  int count = 0;
  for (char *word = strtok(rule, ","); word != NULL && count < 7; word = strtok(NULL, ",")) words[count++] = word;
  int pinned = 0;
  for (int index = 1; index < count; index++) pinned += strcmp(words[index], "_") != 0;
  load(offsetof(struct seccomp_data, nr));
  expect(call_number(words[0]), pinned * 2 + 1);
  for (int index = 1; index < count; index++) {
    if (strcmp(words[index], "_") == 0) continue;
    load(offsetof(struct seccomp_data, args) + 8 * (index - 1));
    pinned--;
    if (*words[index] == '!') {
      // Jumps where `expect` doesn't.
      emit((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number(words[index] + 1), pinned * 2 + 1, 0));
      continue;
    }
    expect((unsigned)number(words[index]), pinned * 2 + 1);
  }
  answer(action_of(action));
  answer(SECCOMP_RET_ALLOW);
  install();
}

static void allow(unsigned call) {
  expect(call, 1);
  answer(SECCOMP_RET_ALLOW);
}

static void allow_file(const char *path) {
  FILE *file = fopen(path, "re");
  if (file == NULL) err(trouble, "%s", path);
  char line[256];
  while (fgets(line, sizeof line, file) != NULL) {
    line[strcspn(line, "#\n")] = 0;
    if (*line != 0 && has_call(line)) allow(call_number(line));
  }
  fclose(file);
}

static void allow_only(char *rule) {
  char *action = strrchr(rule, '=');
  if (action == NULL) errx(trouble, "no action: %s", rule);
  *action++ = 0;
  load(offsetof(struct seccomp_data, nr));
  if (*rule == '@') allow_file(rule + 1);
  else
    for (char *word = strtok(rule, ","); word != NULL; word = strtok(NULL, ",")) allow(call_number(word));
  answer(action_of(action));
  install();
}

static void schedule(const char *value) {
  int policy, priority;
  if (sscanf(value, "%d:%d", &policy, &priority) != 2) errx(trouble, "not POLICY:N: %s", value);
  must(sched_setscheduler(0, policy, &(struct sched_param){.sched_priority = priority}));
}

static void take_groups(char *value) {
  static gid_t groups[65536];
  const unsigned capacity = sizeof groups / sizeof groups[0];
  unsigned count = 0;
  for (char *word = strtok(value, ","); word != NULL; word = strtok(NULL, ",")) {
    unsigned first, more = 1;
    if (sscanf(word, "%u+%u", &first, &more) < 1) errx(trouble, "not a group: %s", word);
    for (unsigned next = 0; next < more && count < capacity; next++) groups[count++] = first + next;
  }
  must(setgroups(count, groups));
}

static void become(char *value) {
  unsigned user, group;
  int groups = 0, words = sscanf(value, "%u:%u:%n", &user, &group, &groups);
  if (words < 1) errx(trouble, "not a user: %s", value);
  if (words == 1) group = user;
  if (groups == 0) must(setgroups(0, NULL));
  else take_groups(value + groups);
  must(setresgid(group, group, group));
  must(setresuid(user, user, user));
}

static void change_ids(const char *value) {
  unsigned user, group;
  if (sscanf(value, "%u:%u", &user, &group) != 2) errx(trouble, "not UID:GID: %s", value);
  must(setresgid(group, group, group));
  must(setresuid(user, user, user));
}

static void become_with(const char *value) {
  unsigned capability, user, group;
  if (sscanf(value, "%u:%u:%u", &capability, &user, &group) != 3 || capability > 63) errx(trouble, "not C:UID:GID: %s", value);
  must(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0));
  must(setgroups(0, NULL));
  must(setresgid(group, group, group));
  must(setresuid(user, user, user));
  struct { unsigned version; int pid; } header = {0x20080522, 0};
  unsigned sets[6], bit = 1u << capability % 32;
  for (unsigned index = 0; index < 6; index++) sets[index] = index / 3 == capability / 32 ? bit : 0;
  must(syscall(__NR_capset, &header, sets));
  must(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0));
}

static void become_effectively(const char *value) {
  unsigned user, group;
  if (sscanf(value, "%u:%u", &user, &group) != 2) errx(trouble, "not UID:GID: %s", value);
  must(setgroups(0, NULL));
  must(setresgid(-1, group, group));
  must(setresuid(-1, user, user));
}

static void move(int from, int to) {
  if (from == to) return;
  must(dup2(from, to));
  close(from);
}

static void open_as(const char *value) {
  int wanted, flags, path;
  if (sscanf(value, "%d:%i:%n", &wanted, &flags, &path) != 2) errx(trouble, "not N:FLAGS:PATH: %s", value);
  move(must(open(value + path, flags, 0600)), wanted);
}

static void attach_tap(const char *value) {
  int wanted, flags, name;
  if (sscanf(value, "%d:%i:%n", &wanted, &flags, &name) != 2) errx(trouble, "not N:FLAGS:INTERFACE: %s", value);
  struct ifreq request = {.ifr_flags = (short)flags};
  strncpy(request.ifr_name, value + name, IFNAMSIZ - 1);
  int tap = must(open("/dev/net/tun", O_RDWR));
  must(ioctl(tap, TUNSETIFF, &request));
  move(tap, wanted);
}

static void make_pair(const char *value) {
  int first, second, type, pair[2];
  if (sscanf(value, "%d:%d:%d", &first, &second, &type) != 3) errx(trouble, "not N:M:TYPE: %s", value);
  must(socketpair(AF_UNIX, type, 0, pair));
  // Out of the way first: the wanted numbers may be those of the pair.
  int high[2] = {must(fcntl(pair[0], F_DUPFD, 100)), must(fcntl(pair[1], F_DUPFD, 100))};
  close(pair[0]);
  close(pair[1]);
  move(high[0], first);
  move(high[1], second);
}

static void block(int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  must(sigprocmask(SIG_BLOCK, &set, NULL));
}

static void set_limit(const char *value) {
  int resource;
  unsigned long most;
  if (sscanf(value, "%d:%lu", &resource, &most) != 2) errx(trouble, "not RESOURCE:VALUE: %s", value);
  must(setrlimit(resource, &(struct rlimit){most, most}));
}

static void drop_capabilities(void) {
  for (int capability = 0; prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0; capability++) continue;
  struct { unsigned version; int pid; } header = {0x20080522, 0};
  unsigned sets[6] = {0};
  must(syscall(__NR_capset, &header, sets));
}

static void write_map(pid_t process, const char *name, const char *lines) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", process, name);
  int file = must(open(path, O_WRONLY));
  must(write(file, lines, strlen(lines)));
  close(file);
}

// The maps are written from outside: who is inside may write a single id.
static void enter_mapped(char *lines, bool denied) {
  for (char *end = lines; (end = strchr(end, ';')) != NULL;) *end = '\n';
  for (char *colon = lines; (colon = strchr(colon, ':')) != NULL;) *colon = ' ';
  int entered[2], status;
  must(pipe(entered));
  pid_t process = getpid(), writer = must(fork());
  if (writer == 0) {
    char byte;
    must(read(entered[0], &byte, 1));
    write_map(process, "uid_map", lines);
    // Before the map of groups, or it can't be any more.
    if (denied) write_map(process, "setgroups", "deny");
    write_map(process, "gid_map", lines);
    _exit(0);
  }
  must(unshare(CLONE_NEWUSER));
  must(write(entered[1], "", 1));
  must(waitpid(writer, &status, 0));
  if (status != 0) errx(trouble, "no such map: %s", lines);
  close(entered[0]);
  close(entered[1]);
}

static void enter_landlock(void) {
  struct landlock_ruleset_attr rights = {.handled_access_fs = LANDLOCK_ACCESS_FS_MAKE_BLOCK};
  int ruleset = must(syscall(SYS_landlock_create_ruleset, &rights, sizeof rights.handled_access_fs, 0));
  must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  must(syscall(SYS_landlock_restrict_self, ruleset, 0));
  close(ruleset);
}

int main(int count, char **arguments) {
  const char *name = NULL, *value;
  int next = 1;
  for (; next < count && strncmp(arguments[next], "--", 2) == 0; next++) {
    char *option = arguments[next];
    if ((value = value_of(option, "--user"))) become(option + strlen("--user="));
    else if ((value = value_of(option, "--ids"))) change_ids(value);
    else if ((value = value_of(option, "--user-with"))) become_with(value);
    else if ((value = value_of(option, "--effective"))) become_effectively(value);
    else if ((value = value_of(option, "--groups"))) take_groups(option + strlen("--groups="));
    else if ((value = value_of(option, "--ignore"))) signal(number(value), SIG_IGN);
    else if ((value = value_of(option, "--block"))) block(number(value));
    else if ((value = value_of(option, "--scheduling"))) schedule(value);
    else if ((value = value_of(option, "--parent-death"))) must(prctl(PR_SET_PDEATHSIG, number(value), 0, 0, 0));
    else if ((value = value_of(option, "--limit"))) set_limit(value);
    else if ((value = value_of(option, "--personality"))) must(personality(number(value)));
    else if ((value = value_of(option, "--timer-slack"))) must(prctl(PR_SET_TIMERSLACK, number(value), 0, 0, 0));
    else if (strcmp(option, "--memory-merging") == 0) must(prctl(67 /* PR_SET_MEMORY_MERGE */, 1, 0, 0, 0));
    else if ((value = value_of(option, "--argv0"))) name = value;
    else if ((value = value_of(option, "--root"))) { must(chroot(value)); must(chdir("/")); }
    else if ((value = value_of(option, "--open"))) open_as(value);
    else if ((value = value_of(option, "--pending"))) {
      block(number(value));
      must(kill(getpid(), number(value)));
    } else if ((value = value_of(option, "--nonblock"))) must(fcntl(number(value), F_SETFL, fcntl(number(value), F_GETFL) | O_NONBLOCK));
    else if ((value = value_of(option, "--tap"))) attach_tap(value);
    else if ((value = value_of(option, "--pair"))) make_pair(value);
    else if ((value = value_of(option, "--namespaces"))) must(unshare(number(value)));
    else if ((value = value_of(option, "--join"))) must(setns(must(open(value, O_RDONLY | O_CLOEXEC)), 0));
    else if (value_of(option, "--mapped")) enter_mapped(option + strlen("--mapped="), false);
    else if (value_of(option, "--mapped-denied")) enter_mapped(option + strlen("--mapped-denied="), true);
    else if (strcmp(option, "--landlock") == 0) enter_landlock();
    else if (strcmp(option, "--drop-capabilities") == 0) drop_capabilities();
    else if (value_of(option, "--deny")) deny(option + strlen("--deny="));
    else if (value_of(option, "--only")) allow_only(option + strlen("--only="));
    else errx(trouble, "unknown option: %s", option);
  }
  if (next == count) errx(trouble, "no command");
  const char *command = arguments[next];
  if (name != NULL) arguments[next] = (char *)name;
  execvp(command, arguments + next);
  err(trouble, "%s", command);
}
