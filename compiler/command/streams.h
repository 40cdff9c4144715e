// Standard output and standard error, which the run keeps until they are written. Owns nothing.
#ifndef SPOTC_COMMAND_STREAMS_H
#define SPOTC_COMMAND_STREAMS_H

#include "command/command.h"

// Writes standard output as far as it goes by now, where it has become long: for what is printed
// manifest by manifest. What goes wrong is reported by streams_write.
void streams_relieve(Run *run);

// Writes what was asked for first, then what there is to say about it.
void streams_write(Run *run);

#endif
