// Owns nothing.
#ifndef TESTS_FAULT_ESCAPE_H
#define TESTS_FAULT_ESCAPE_H

#include <stdbool.h>

// Tries, one after the other, to do what a confined process must not: to files in `../outside`, in
// the current folder and in `out/one`, and by TCP. `report` gets what, and whether it went.
void escape(void (*report)(const char *what, bool went));

#endif
