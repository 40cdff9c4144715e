// What is refused before any parser sees it.
#ifndef SPOTC_READ_PREFILTER_H
#define SPOTC_READ_PREFILTER_H

#include "diag/diag.h"

// Checks size, strict UTF-8 and the characters that YAML readers disagree on: C0 controls but TAB,
// LF and CR, DEL, C1 controls with NEL, U+2028, U+2029, a byte order mark that is not the first
// character, noncharacters. (libyaml takes U+2028 for a line break, so `a: x<U+2028>b: y` would be
// two keys.) Reports the first offence and returns false. *ret_begin is 3 after a leading BOM.
bool prefilter(Diags *diags, const Source *source, uint32_t *ret_begin);

#endif
