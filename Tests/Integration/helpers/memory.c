// memory PID search MARKER...      prints each marker found in any readable page, with its address
// memory PID access START LENGTH   prints runs of equal access, `rw- BYTES`; of pages that aren't mapped, `not BYTES`
// memory PID read ADDRESS LENGTH   writes these bytes to standard output
//
// Looks at a live process's memory. Root only; the process needn't be dumpable.
#include "common.h"

typedef struct {
  unsigned long start, end;
  char access[5];
} Mapping;

static Mapping mappings[4096];
static int mapping_count;

static void read_maps(const char *pid) {
  char path[64], line[512];
  snprintf(path, sizeof path, "/proc/%s/maps", pid);
  FILE *maps = fopen(path, "r");
  if (maps == NULL) err(trouble, "%s", path);
  while (mapping_count < 4096 && fgets(line, sizeof line, maps) != NULL) {
    Mapping *mapping = &mappings[mapping_count];
    if (sscanf(line, "%lx-%lx %4s", &mapping->start, &mapping->end, mapping->access) != 3) continue;
    mapping->access[3] = 0;
    mapping_count++;
  }
  fclose(maps);
}

static int open_memory(const char *pid) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%s/mem", pid);
  return must(open(path, O_RDONLY));
}

// Searches piece by piece; pieces overlap so that no marker falls between two.
static void search(int memory, char **markers, int count) {
  enum { piece = 1 << 20, overlap = 4096 };
  static unsigned char bytes[piece + overlap], zeros[piece];
  for (int index = 0; index < mapping_count; index++) {
    if (mappings[index].access[0] != 'r') continue;
    for (unsigned long at = mappings[index].start; at < mappings[index].end; at += piece) {
      unsigned long rest = mappings[index].end - at;
      ssize_t got = pread(memory, bytes, rest < sizeof bytes ? rest : sizeof bytes, at);
      if (got <= 0 || (got >= piece && memcmp(bytes, zeros, piece) == 0)) continue;
      for (int marker = 0; marker < count; marker++) {
        unsigned char *found = memmem(bytes, got, markers[marker], strlen(markers[marker]));
        if (found != NULL) printf("%s at %#lx\n", markers[marker], at + (found - bytes));
      }
    }
  }
}

static void print_access(unsigned long start, unsigned long length) {
  char last[4] = "";
  unsigned long run = 0, end = start + length;
  for (unsigned long at = start; at < end;) {
    const char *access = "not";
    unsigned long next = end;
    for (int index = 0; index < mapping_count; index++) {
      if (mappings[index].start <= at && at < mappings[index].end) {
        access = mappings[index].access;
        next = mappings[index].end;
        break;
      }
      if (mappings[index].start > at && mappings[index].start < next) next = mappings[index].start;
    }
    if (next > end) next = end;
    if (run > 0 && strcmp(access, last) != 0) {
      printf("%s %lu\n", last, run);
      run = 0;
    }
    strcpy(last, access);
    run += next - at;
    at = next;
  }
  printf("%s %lu\n", last, run);
}

int main(int count, char **arguments) {
  if (count < 4) errx(trouble, "usage: memory PID search|access|read ...");
  read_maps(arguments[1]);
  if (strcmp(arguments[2], "search") == 0) {
    search(open_memory(arguments[1]), arguments + 3, count - 3);
  } else if (strcmp(arguments[2], "access") == 0 && count == 5) {
    print_access(number(arguments[3]), number(arguments[4]));
  } else if (strcmp(arguments[2], "read") == 0 && count == 5) {
    static char bytes[1 << 20];
    unsigned long length = number(arguments[4]);
    if (length > sizeof bytes) errx(trouble, "too long");
    must(write(1, bytes, must(pread(open_memory(arguments[1]), bytes, length, number(arguments[3])))));
  } else {
    errx(trouble, "unknown request: %s", arguments[2]);
  }
}
