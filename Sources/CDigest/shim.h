#ifndef BRIG_CDIGEST_H
#define BRIG_CDIGEST_H
#include <sha2.h>
#endif
