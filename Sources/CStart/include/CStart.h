#pragma once

/// Ends the program with a message and status 2 where there is no `/proc`.
///
/// It runs before Swift's runtime, which would abort: that reads the program's arguments and its own path from there.
void cstart_demand_proc(void);
