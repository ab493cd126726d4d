#ifndef BRIG_CCAP_H
#define BRIG_CCAP_H
#include <sys/capability.h>
#endif
