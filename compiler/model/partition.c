#include "model/partition.h"

#include "model/embedded.h"
#include "validate/pattern.h"

static Node partition_rows(void) {
    return embedded_root(STR("schema/iam/partitions.tsv"));
}

static Partition partition_of_row(Node row) {
    return (Partition){
        .id = node_text(NODE_GET(row, "partition")),
        .alias = node_text(NODE_GET(row, "alias")),
        .name = node_text(NODE_GET(row, "name")),
        .console = node_text(NODE_GET(row, "console_domain")),
        .stack_region = node_text(NODE_GET(row, "stack_region")),
        .row = row,
    };
}

bool partition_find(Str name, Partition *ret_partition) {
    NODE_EACH(row, partition_rows()) {
        Partition partition = partition_of_row(row);
        if (str_equal(name, partition.id) || str_equal(name, partition.alias)) {
            *ret_partition = partition;
            return true;
        }
    }
    return false;
}

void partition_regions(Arena *arena, const Partition *partition, StrVec *ret_regions) {
    Str regions = node_text(NODE_GET(partition->row, "regions"));
    for (size_t at = 0; at < regions.length;) {
        size_t comma = str_find_byte(regions, ',', at);
        VEC_PUSH(arena, ret_regions, str_slice(regions, at, comma));
        at = comma + 1;
    }
}

bool partition_lists_region(Arena *arena, const Partition *partition, Str region) {
    StrVec regions = {0};
    partition_regions(arena, partition, &regions);
    for (size_t i = 0; i < regions.count; i++) {
        if (str_equal(region, regions.items[i])) return true;
    }
    return false;
}

bool partition_of_region(Arena *arena, Str region, Partition *ret_partition) {
    NODE_EACH(row, partition_rows()) {
        Partition partition = partition_of_row(row);
        if (partition_lists_region(arena, &partition, region)) {
            *ret_partition = partition;
            return true;
        }
    }
    NODE_EACH(row, partition_rows()) {
        Str pattern = node_text(NODE_GET(row, "region_regex"));
        if (pattern_matches(arena, pattern, region)) {
            *ret_partition = partition_of_row(row);
            return true;
        }
    }
    return false;
}

void partition_names(Arena *arena, StrVec *ret_names) {
    NODE_EACH(row, partition_rows()) VEC_PUSH(arena, ret_names, partition_of_row(row).alias);
    NODE_EACH(row, partition_rows()) {
        Partition partition = partition_of_row(row);
        if (!str_equal(partition.id, partition.alias)) VEC_PUSH(arena, ret_names, partition.id);
    }
}
