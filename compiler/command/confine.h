// Gives up the rights of the process that a run does not need, so that input that took spotc over
// could do little with it. Owns nothing.
#ifndef SPOTC_COMMAND_CONFINE_H
#define SPOTC_COMMAND_CONFINE_H

#include "command/command.h"

// From here on the process can write nothing but below the output folder, and that only where the
// command writes; start no program; listen and connect by TCP to nothing; reach no other process by
// a signal or an abstract socket; control no device; and read nothing but what the command line
// names. Reading stays open where a manifest may name folders of bundles, which are known only when
// it is read: where its text has the word, or an escape that could hide it, or is standard input.
//
// By Landlock (Linux 5.13 and later; docs.kernel.org/userspace-api/landlock.html), as far as the
// kernel has it, and quietly without where it has none. What is open already is not touched.
void confine(const Run *run, bool writes);

#endif
