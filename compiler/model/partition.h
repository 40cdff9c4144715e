// The AWS partitions: rows of schema/iam/partitions.tsv. Owned by the binary.
#ifndef SPOTC_MODEL_PARTITION_H
#define SPOTC_MODEL_PARTITION_H

#include "read/tree.h"

typedef struct Partition {
    Str id;           // as in ARNs: aws, aws-us-gov, aws-cn, …
    Str alias;        // as users say: commercial, govcloud, china, …
    Str name;         // in sentences
    Str console;      // the domain of its consoles; empty: none is published
    Str stack_region; // where a stack is deployed that could be in any region
    Node row;
} Partition;

// The partition with this id or alias.
bool partition_find(Str name, Partition *ret_partition);

// The partition that has this region; regions it does not list are recognised by its pattern of
// region names (botocore's partitions data).
bool partition_of_region(Arena *arena, Str region, Partition *ret_partition);

// Appends the regions that the table lists for the partition.
void partition_regions(Arena *arena, const Partition *partition, StrVec *ret_regions);

// Whether it lists this one; new regions are missing until the table is refreshed.
bool partition_lists_region(Arena *arena, const Partition *partition, Str region);

// Appends the alias of each partition, then the ids that are not aliases.
void partition_names(Arena *arena, StrVec *ret_names);

#endif
