// Parts of the report in words, escaped for a terminal. They live in the arena given.
#ifndef SPOTC_COMMAND_DIFF_WORDS_H
#define SPOTC_COMMAND_DIFF_WORDS_H

#include "command/diff.h"

Str diff_escaped(Arena *arena, Str text);

// "a, b"
Str diff_list(Arena *arena, const StrVec *texts);

// The actions of a row without their prefix: "RunInstances, StopInstances". *ret_count says how
// many they are: "27 actions"; it is empty for few.
Str diff_actions(Arena *arena, const DiffRow *row, Str *ret_count);

// "arn:aws:s3:::a, arn:aws:s3:::b", "all but arn:aws:s3:::a"
Str diff_scope(Arena *arena, const Scope *scope);
Str diff_resources(Arena *arena, const DiffRow *row);

// "aws:RequestedRegion StringEquals eu-west-1, us-east-1"
Str diff_test(Arena *arena, const Test *test);
Str diff_tests(Arena *arena, const Tests *tests);

// "ocean/eks (manifest.yaml:9)"
Str diff_cause_words(Arena *arena, const DiffRow *row);

// These are empty where there is nothing to say: what else is to be said of a row, and where the
// other side has its actions.
Str diff_row_remark(Arena *arena, const DiffRow *row);
Str diff_elsewhere(Arena *arena, const DiffRow *row);

// "${AWS::Partition} of OLD is taken as aws, the only one that is named"
Str diff_binding(Arena *arena, const DiffBinding *binding);

// Appends what is to be said of the sides.
void diff_remarks(Arena *arena, const DiffReport *report, StrVec *ret_remarks);

// "accounts/prod.yaml (manifest payments-prod)", "role spot (only in NEW)"
Str diff_side_words(Arena *arena, const Input *side);
Str diff_role_words(Arena *arena, const DiffRole *role);

#endif
