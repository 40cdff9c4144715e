// What policies of any kind must stand, whatever they were read from: lint says the same twice, and
// compared with itself nothing is gained or lost. All is made in the arena of the Fuzz.
#ifndef SPOTC_FUZZ_GRANTING_H
#define SPOTC_FUZZ_GRANTING_H

#include "fuzz.h"
#include "import/import.h"

// Lints the roles twice; the second time nothing new is said.
void granting_lint(Fuzz *fuzz, const RoleDocumentsVec *roles);

// Compares two readings of one thing, as diff does, and renders the report in each of its forms.
// The readings are of their own, since names that are filled in later are replaced in them.
void granting_compare(Fuzz *fuzz, const Imported *old, const Imported *new);

#endif
