// What one Access gives and another does not. Lives in the arena of the Matcher, and points to the
// classes of the first.
#ifndef SPOTC_POLICY_COMPARE_H
#define SPOTC_POLICY_COMPARE_H

#include "policy/access.h"

// Why it is not known whether something is covered.
typedef enum Doubt {
    DOUBT_NONE,      // it is known not to be
    DOUBT_RESOURCE,  // resources or principals cannot be compared
    DOUBT_CONDITION, // conditions cannot
    DOUBT_ACTION,    // patterns of actions cannot, beyond the catalogue
    DOUBT_TOGETHER,  // several statements may cover it together
    DOUBT_EFFORT,    // the comparison would take too long
    DOUBT_COUNT
} Doubt;

// Actions of one class that the other side does not give so, or may not.
typedef struct AccessChange {
    const AccessClass *class;
    const Tests *tests; // the class's, or stricter ones
    ActionSet actions;
    StrVec texts; // beyond the catalogue; changes may share it
    Doubt doubt;
} AccessChange;

typedef VEC(AccessChange) AccessChangeVec;

typedef struct Difference {
    AccessChangeVec changes; // in the order of the classes
    // Action patterns that match today what the other side gives too, but will match actions to
    // come that the other side does not; no text: what a NotAction leaves. Each once.
    StrVec future;
} Difference;

// What `access` has and `other` has not, Allows and Denies each among themselves. What is not in
// the changes is covered for certain: where neither Allows are left over nor, the other way round,
// Denies, every request that `access` allows is allowed by `other`.
void access_difference(Matcher *matcher, const Access *access, const Access *other,
                       Difference *ret_difference);

#endif
