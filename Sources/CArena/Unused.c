// What the libraries refer to and the tender never comes to: small definitions in place of their own, which would bring
// formatted output, streams, locales, conversions and the loading of further libraries into the program, 400 KB of it.
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <unistd.h>

/// Refuses to print a filter as pseudo code, which libseccomp's `seccomp_export_pfc` would do (seccomp_export_pfc(3)).
int gen_pfc_generate(const void *filters, int descriptor) {
  (void)filters, (void)descriptor;
  return -EOPNOTSUPP;
}

/// Refuses to make a process, which libcap's `cap_launch` would do (cap_launch(3)); the tender's only child comes by
/// `clone`.
pid_t fork(void) {
  errno = ENOSYS;
  return -1;
}

/// Sets no table of kinds of characters, which nothing here asks for (ctype(3)); who did would bring the C library's
/// own beside this one, and the program wouldn't link.
void __ctype_init(void) {}

/// Says what an error number means, untranslated, where the C library itself can't go on (strerror_r(3)).
char *__strerror_r(int number, char *buffer, size_t size) {
  static char unknown[] = "Unknown error";
  const char *text = strerrordesc_np(number);
  (void)buffer, (void)size;
  return text == NULL ? unknown : (char *)text;
}
