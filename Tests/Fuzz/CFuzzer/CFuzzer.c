// SwiftPM wants a source.
#include "CFuzzer.h"
