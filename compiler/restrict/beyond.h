// What restrictions do not reach. Owns nothing.
#ifndef SPOTC_RESTRICT_BEYOND_H
#define SPOTC_RESTRICT_BEYOND_H

#include "restrict/narrowing.h"

// Names, for `vpcs` and for `spot_managed_only`, what is granted that changes something the
// restriction is about and that no condition of AWS's can narrow; and each restriction that narrows
// nothing at all.
void beyond_report(const Narrowing *narrowing, const GrantVec *grants);

#endif
