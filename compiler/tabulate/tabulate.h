// The tables of schema/iam/catalogue to constant C tables, when spotc is built. Everything lives in
// the arena of the Tabulation.
#ifndef SPOTC_TABULATE_TABULATE_H
#define SPOTC_TABULATE_TABULATE_H

#include "base/map.h"
#include "model/catalogue_tables.h"

// A tab-separated table: its header names the columns, lines that begin with '#' are comments.
typedef struct Table {
    Str path;
    size_t columns;
    StrVec cells; // row by row, without the header
} Table;

typedef struct Tabulation {
    Arena *arena;
    Str problem; // what went wrong first; empty while all is well
    StrBuf pool;
    StrMap pooled; // text -> place in pool
    VEC(uint16_t) lists;
    StrMap listed; // bytes of a list -> place in lists
    PoolText about[3];
    VEC(ServiceRecord) services;
    VEC(ActionRecord) actions;
    uint16_t slots[ACTION_SLOTS];
    VEC(ResourceRecord) resources;
    VEC(PoolText) arns;
    VEC(KeyRecord) keys;
    StrMap service_ids;  // prefix -> index
    StrMap resource_ids; // service TAB resource type -> index
    StrMap key_ids;      // condition key -> index
} Tabulation;

// Notes a problem unless there is one; returns false.
bool tabulation_fail(Tabulation *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

// Reads a table whose columns must be `columns`, separated by tabs, and whose rows must be in order
// of their first `key_columns` cells (case does not count) and different there.
bool table_read(Tabulation *t, Str path, Str columns, size_t key_columns, Table *ret_table);

size_t table_rows(const Table *table);
Str table_cell(const Table *table, size_t row, size_t column);

// A copy of `text` with ASCII letters in lower case.
Str table_lower(Arena *arena, Str text);

// Reads source.tsv, services.tsv, keys.tsv, resources.tsv and actions.tsv of a folder and fills in
// the records. Returns false, with the problem, where a table does not hold what it must, or where
// something outgrows its record.
bool tabulate(Tabulation *t, Str folder);

// Appends the C file that defines what model/catalogue_tables.h declares.
void tabulation_write(const Tabulation *t, StrBuf *out);

#endif
