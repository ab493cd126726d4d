// Measures many tenders: how many start in a second, what a start costs the whole machine, and what idle ones keep.
//
// usage: many starts AT_ONCE COUNT ROUNDS [OPTIONS] -- COMMAND [ARGS] [-- COMMAND [ARGS]]...
//        many idle COUNT SECONDS ROUNDS [OPTIONS] -- COMMAND [ARGS] [-- COMMAND [ARGS]]...
//
// options: --user UID, who starts the tenders; --beside OTHERS GUEST WORD; --settle MILLISECONDS, for how long the machine is left
// alone before and after each measurement (1500).
//
// The commands take turns, ROUNDS times, so that a machine that slows down slows all of them; medians are printed, one
// line a command.
//
// starts: COUNT starts, AT_ONCE of them at any moment. Prints starts a second, and microseconds a start of processor time:
// the tenders' own, and the machine's (/proc/stat). The machine's includes kernel workers, which take down namespaces
// after a tender has ended; what the idle machine uses in the same time is taken off. With --beside so many other tenders of
// the same program and options run meanwhile, whose GUEST sleeps for as long as the WORD says.
//
// idle: COUNT tenders that run a guest which sleeps. Prints KiB a tender that their memory control group is charged for (0
// without one), KiB a tender by which MemAvailable has sunk, and microseconds of processor time that a tender used in SECONDS.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { most_commands = 8, most_rounds = 1000, most_tenders = 100000, most_waiting = 600 };

struct result {
  double first, second, third;
};

struct command {
  char **arguments;
  struct result *results;
};

static uid_t user;
static double settling = 1.5;
static char group[256];

static void refuse(const char *what) {
  perror(what);
  if (group[0]) rmdir(group);
  exit(1);
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

static void pause_for(double duration) {
  struct timespec time = {(time_t)duration, (long)((duration - (time_t)duration) * 1e9)};
  while (nanosleep(&time, &time) != 0 && errno == EINTR) {}
}

// What all processors have done, in microseconds: all time but what they were idle, waited for a device or for the
// hypervisor (proc(5)). The kernel measures how long they are idle, but only samples what else they do, at ticks of its
// clock: who is woken by a tick and sleeps before the next would have done nothing.
static double machine_time(void) {
  unsigned long long idle, wait, stolen;
  FILE *file = fopen("/proc/stat", "r");
  if (!file || fscanf(file, "cpu %*u %*u %*u %llu %llu %*u %*u %llu", &idle, &wait, &stolen) != 3) refuse("/proc/stat");
  fclose(file);
  return seconds() * 1e6 * (double)sysconf(_SC_NPROCESSORS_ONLN)
    - (double)(idle + wait + stolen) * 1e6 / (double)sysconf(_SC_CLK_TCK);
}

static double available_memory(void) {
  char line[256];
  double kib = 0;
  FILE *file = fopen("/proc/meminfo", "r");
  while (file && fgets(line, sizeof line, file))
    if (sscanf(line, "MemAvailable: %lf", &kib) == 1) break;
  if (file) fclose(file);
  return kib;
}

static double number_in(const char *folder, const char *name) {
  char path[512];
  double number = -1;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "r");
  if (!file) return -1;
  if (fscanf(file, "%lf", &number) != 1) number = -1;
  fclose(file);
  return number;
}

// A memory control group of this program's own, of version 2 or 1; none where there can't be one.
static void make_group(void) {
  static const char *const places[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/memory"};
  for (size_t place = 0; place < 2; place++) {
    snprintf(group, sizeof group, "%s/brig-bench-%d", places[place], getpid());
    if (mkdir(group, 0700) != 0) continue;
    if (number_in(group, "memory.current") >= 0 || number_in(group, "memory.usage_in_bytes") >= 0) return;
    rmdir(group);
  }
  group[0] = 0;
}

static double charged(void) {
  double bytes = number_in(group, "memory.current");
  if (bytes < 0) bytes = number_in(group, "memory.usage_in_bytes");
  return bytes < 0 ? 0 : bytes / 1024;
}

static pid_t start(char **arguments) {
  pid_t parent = getpid();
  pid_t child = fork();
  if (child < 0) refuse("fork");
  if (child > 0) return child;
  if (group[0]) {
    char path[512], number[32];
    snprintf(path, sizeof path, "%s/cgroup.procs", group);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    int length = snprintf(number, sizeof number, "%d", getpid());
    if (file < 0 || write(file, number, (size_t)length) != length) _exit(126);
  }
  int null = open("/dev/null", O_RDWR);
  dup2(null, 0);
  dup2(null, 1);
  if (null > 2) close(null);
  if (user != 0 && (setgid(user) != 0 || setuid(user) != 0)) _exit(126);
  // None outlives this program, however it ends. The kernel forgets it where ids change.
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) _exit(126);
  execve(arguments[0], arguments, (char *[]){NULL});
  _exit(127);
}

// Waits for one of them, and adds what it used.
static pid_t finish(double *used, int must_succeed) {
  int status;
  struct rusage usage;
  pid_t child = wait4(-1, &status, 0, &usage);
  if (child < 0) refuse("wait4");
  if (must_succeed && (!WIFEXITED(status) || WEXITSTATUS(status) != 0)) {
    fprintf(stderr, "a tender ended with wait status 0x%x\n", status);
    exit(1);
  }
  *used += (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
  return child;
}

// Microseconds that a process has used (proc_pid_stat(5), fields 14 and 15).
static double used_by(pid_t process) {
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", process);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
  if (file >= 0) close(file);
  if (length <= 0) return 0;
  text[length] = 0;
  char *rest = strrchr(text, ')');
  unsigned long in_user = 0, in_system = 0;
  if (!rest || sscanf(rest + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &in_user, &in_system) != 2) return 0;
  return (double)(in_user + in_system) * 1e6 / (double)sysconf(_SC_CLK_TCK);
}

// Tenders whose guest sleeps.
static pid_t sleepers[most_tenders];

static double used_by_all(int count) {
  double sum = 0;
  for (int i = 0; i < count; i++) sum += used_by(sleepers[i]);
  return sum;
}

// They are idle once all of them together use next to nothing.
static void start_sleepers(char **arguments, int count) {
  if (count == 0) return;
  for (int i = 0; i < count; i++) sleepers[i] = start(arguments);
  double last, now = used_by_all(count);
  int round = 0;
  do {
    last = now;
    pause_for(settling);
    now = used_by_all(count);
  } while (now - last > 10000 && ++round < most_waiting);
}

static void end_sleepers(int count) {
  if (count == 0) return;
  for (int i = 0; i < count; i++) {
    if (waitpid(sleepers[i], NULL, WNOHANG) != 0) {
      fprintf(stderr, "a tender has ended: its guest was to sleep\n");
      exit(1);
    }
    kill(sleepers[i], SIGKILL);
  }
  double ignored = 0;
  for (int i = 0; i < count; i++) finish(&ignored, 0);
  pause_for(settling);
}

// What runs beside the starts that are measured.
static struct { int count; char *guest, *word; } others;

static struct result measure_starts(char **arguments, int at_once, int count) {
  size_t options = 1;
  while (arguments[options] && arguments[options][0] == '-') options++;
  char *sleeping[options + 3];
  memcpy(sleeping, arguments, options * sizeof *sleeping);
  sleeping[options] = others.guest, sleeping[options + 1] = others.word, sleeping[options + 2] = NULL;
  start_sleepers(sleeping, others.count);
  // What the machine does anyway, for as long as the measurement will take at least.
  double idle_begin = seconds(), idle_used = machine_time();
  pause_for(settling);
  double idle_rate = (machine_time() - idle_used) / (seconds() - idle_begin);

  double used = 0, machine = machine_time(), begin = seconds();
  int started = 0, running = 0;
  while (started < count || running > 0) {
    while (started < count && running < at_once) start(arguments), started++, running++;
    finish(&used, 1);
    running--;
  }
  double took = seconds() - begin;
  // Until the kernel's workers have taken down the last namespace.
  pause_for(settling);
  machine = machine_time() - machine - idle_rate * (seconds() - begin);
  end_sleepers(others.count);
  return (struct result){count / took, used / count, machine / count};
}

static struct result measure_idle(char **arguments, int count, double duration) {
  make_group();
  double before = available_memory();
  start_sleepers(arguments, count);
  double memory = charged() / count, host = (before - available_memory()) / count;
  double used = used_by_all(count);
  pause_for(duration);
  used = used_by_all(count) - used;
  end_sleepers(count);
  if (group[0]) rmdir(group);
  group[0] = 0;
  return (struct result){memory, host, used / count};
}

static int ascending(const void *left, const void *right) {
  double difference = *(const double *)left - *(const double *)right;
  return (difference > 0) - (difference < 0);
}

static double median(const struct result *results, int count, size_t member) {
  double values[most_rounds];
  for (int i = 0; i < count; i++) memcpy(&values[i], (const char *)&results[i] + member, sizeof values[i]);
  qsort(values, (size_t)count, sizeof *values, ascending);
  return values[count / 2];
}

int main(int count, char **values) {
  struct command commands[most_commands];
  int number = 0, words = count;
  for (int i = count - 1; i > 4; i--)
    if (strcmp(values[i], "--") == 0) words = i;
  int rounds = words > 4 ? atoi(values[4]) : 0;
  int options = 5;
  for (;;) {
    const char *option = options < words ? values[options] : "";
    if (words >= options + 2 && strcmp(option, "--user") == 0) {
      user = (uid_t)atoi(values[options + 1]), options += 2;
    } else if (words >= options + 2 && strcmp(option, "--settle") == 0) {
      settling = atoi(values[options + 1]) / 1e3, options += 2;
    } else if (words >= options + 4 && strcmp(option, "--beside") == 0) {
      others.count = atoi(values[options + 1]), others.guest = values[options + 2], others.word = values[options + 3];
      options += 4;
    } else {
      break;
    }
  }
  for (int i = words; i < count && number < most_commands; i++) {
    if (strcmp(values[i], "--") != 0) continue;
    values[i] = NULL;
    commands[number++] = (struct command){&values[i + 1], calloc((size_t)(rounds > 0 ? rounds : 1), sizeof(struct result))};
  }
  int is_starts = count > 1 && strcmp(values[1], "starts") == 0, is_idle = count > 1 && strcmp(values[1], "idle") == 0;
  int first = words > 3 ? atoi(values[2]) : 0, second = words > 3 ? atoi(values[3]) : 0;
  if ((!is_starts && !is_idle) || first < 1 || first > most_tenders || second < 1 || rounds < 1 || rounds > most_rounds || number == 0 ||
      words != options || others.count < 0 || others.count > most_tenders || settling <= 0 || (others.count > 0 && !is_starts)) {
    fprintf(stderr, "usage: many starts AT_ONCE COUNT ROUNDS [OPTIONS] -- COMMAND [ARGS] [-- COMMAND [ARGS]]...\n"
                    "       many idle COUNT SECONDS ROUNDS [OPTIONS] -- COMMAND [ARGS] [-- COMMAND [ARGS]]...\n");
    return 2;
  }
  for (int round = 0; round < rounds; round++)
    for (int i = 0; i < number; i++)
      commands[i].results[round] =
          is_starts ? measure_starts(commands[i].arguments, first, second) : measure_idle(commands[i].arguments, first, second);
  for (int i = 0; i < number; i++)
    printf("%.1f %.1f %.1f\n", median(commands[i].results, rounds, offsetof(struct result, first)),
           median(commands[i].results, rounds, offsetof(struct result, second)),
           median(commands[i].results, rounds, offsetof(struct result, third)));
}
