// What was imported, as lines of text to compare with. Texts live in the arena given.
#ifndef SPOTC_UNIT_IMPORTING_H
#define SPOTC_UNIT_IMPORTING_H

#include "import/import.h"

// A line for each role, attached policy, boundary, document, statement and remark:
//   role Reader
//     managed arn:…
//     boundary arn:…
//     identity ReadPolicy
//       Allow Action s3:GetObject Resource * if StringEquals aws:RequestedRegion eu-west-1
//       Deny NotAction … to AWS 1234…
//   remark the condition …
// A document that is not as IAM has it ends with " (bad)".
const char *importing_text(Arena *arena, const Imported *imported);

// One statement, without a line break.
void importing_add_statement(StrBuf *out, const DocumentStatement *statement);

#endif
