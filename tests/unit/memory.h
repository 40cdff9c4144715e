// An arena for a test that needs nothing else.
#ifndef SPOTC_UNIT_MEMORY_H
#define SPOTC_UNIT_MEMORY_H

// cmocka set-up and tear-down: *state is an Arena; running out of memory aborts.
int memory_set_up(void **state);
int memory_tear_down(void **state);

#endif
