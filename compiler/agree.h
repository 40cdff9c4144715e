// Whether a template that was made from skeletons of the user's still grants what it should.
#ifndef SPOTC_AGREE_H
#define SPOTC_AGREE_H

#include "emit/emit.h"

// Compares the roles of the template with those that spotc's own skeletons make of the same
// selection: statements, trust, AWS managed policies and boundaries. What the template has beside
// these roles is the user's own business, but for the parameters that take tokens, also of the
// stack set: they are NoEcho and have no default. True at once where no skeleton of the stack or
// set is the user's. False after reporting template-differs as an error, or what keeps the template
// from being understood.
bool agree(const Emission *emission);

#endif
