// Measures tenders side by side: start to halt, and the tender's share of a hypercall.
//
// usage: bench ROUNDS -- COMMAND [ARGS] [-- COMMAND [ARGS]]...
//
// The commands run in turn, ROUNDS times each, so that a machine that slows down slows all of them. For each it
// prints medians: wall time from before the process is made until it is reaped, processor time (user and system), and
// the peak of resident memory. One line a command: wall_us cpu_us rss_kib.
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

enum { most_commands = 8, most_rounds = 100000 };

struct command {
  char **arguments;
  double *wall, *cpu, *resident;
};

static double microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

static double of(struct timeval time) { return time.tv_sec * 1e6 + time.tv_usec; }

static int ascending(const void *left, const void *right) {
  double difference = *(const double *)left - *(const double *)right;
  return (difference > 0) - (difference < 0);
}

static double median(double *values, int count) {
  qsort(values, count, sizeof *values, ascending);
  return values[count / 2];
}

static void run(struct command *command, int round) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  char *environment[] = {NULL};
  pid_t child;
  double start = microseconds();
  if (posix_spawn(&child, command->arguments[0], &actions, NULL, command->arguments, environment) != 0) {
    perror(command->arguments[0]);
    exit(1);
  }
  int status;
  struct rusage usage;
  if (wait4(child, &status, 0, &usage) != child) exit(1);
  command->wall[round] = microseconds() - start;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    fprintf(stderr, "%s ended with wait status 0x%x\n", command->arguments[0], status);
    exit(1);
  }
  command->cpu[round] = of(usage.ru_utime) + of(usage.ru_stime);
  command->resident[round] = usage.ru_maxrss;
  posix_spawn_file_actions_destroy(&actions);
}

int main(int count, char **values) {
  int rounds = count > 1 ? atoi(values[1]) : 0;
  struct command commands[most_commands];
  int number = 0;
  for (int i = 2; i < count && number < most_commands; i++) {
    if (strcmp(values[i], "--") != 0) continue;
    values[i] = NULL;
    commands[number++] = (struct command){
        &values[i + 1], calloc(rounds, sizeof(double)), calloc(rounds, sizeof(double)),
        calloc(rounds, sizeof(double))};
  }
  if (rounds < 1 || rounds > most_rounds || number == 0) {
    fprintf(stderr, "usage: bench ROUNDS -- COMMAND [ARGS] [-- COMMAND [ARGS]]...\n");
    return 2;
  }
  for (int round = 0; round < rounds; round++)
    for (int i = 0; i < number; i++) run(&commands[i], round);
  for (int i = 0; i < number; i++)
    printf("%.0f %.0f %.0f\n", median(commands[i].wall, rounds), median(commands[i].cpu, rounds),
           median(commands[i].resident, rounds));
}
