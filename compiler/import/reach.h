// Whom or what the policies of a template reach. All is made in the arena of the fold.
#ifndef SPOTC_IMPORT_REACH_H
#define SPOTC_IMPORT_REACH_H

#include "import/fold.h"
#include "import/import.h"

// Appends what the properties of a resource name, by schema/iam/template-reach.tsv: one for each
// that a resource of its type can have, whether or not it does.
void reach_take(Fold *fold, Node resource, ReachVec *ret_reaches);

#endif
