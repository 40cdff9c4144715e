// How much there is to judge in what was read.
#ifndef SPOTC_IMPORT_EXTENT_H
#define SPOTC_IMPORT_EXTENT_H

#include "import/import.h"

// More than one role can have: 20 managed policies of 6,144 characters and 10,240 characters of its
// own (IAM User Guide, quotas), and more than templates have, which end at 1 MB (CloudFormation
// User Guide, quotas).
enum { EXTENT_MOST_ENTRIES = 20000 };

// Counts statements, actions, resources, principals and values, a document once for each role that
// has it, and the names of what policies reach. Returns false after reporting too-many-entries.
bool extent_check(Diags *diags, const Imported *imported);

#endif
