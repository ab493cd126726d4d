#ifndef BRIG_CSECCOMP_H
#define BRIG_CSECCOMP_H
#include <seccomp.h>
#endif
