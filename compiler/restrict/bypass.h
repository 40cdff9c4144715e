// What keeps restrictions from holding. Owns nothing.
#ifndef SPOTC_RESTRICT_BYPASS_H
#define SPOTC_RESTRICT_BYPASS_H

#include "restrict/narrowing.h"

// Reports, once each for the manifest's `restrict`, what of schema/iam/bypasses.tsv a role may do
// on every resource, and the managed policies of AWS that are attached to roles.
void bypasses_report(const Narrowing *narrowing, const GrantVec *grants);

#endif
