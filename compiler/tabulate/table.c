#include "base/file.h"
#include "tabulate/tabulate.h"

enum { MAX_BYTES = 64 * 1024 * 1024 };

bool tabulation_fail(Tabulation *t, const char *format, ...) {
    va_list args;
    va_start(args, format);
    if (t->problem.length == 0) t->problem = str_vformat(t->arena, format, args);
    va_end(args);
    return false;
}

size_t table_rows(const Table *table) {
    return table->cells.count / table->columns;
}

Str table_cell(const Table *table, size_t row, size_t column) {
    return table->cells.items[row * table->columns + column];
}

Str table_lower(Arena *arena, Str text) {
    char *copy = arena_alloc(arena, text.length + 1);
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        copy[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return (Str){copy, text.length};
}

static int compare_rows(Arena *arena, const Table *table, size_t row, size_t key_columns) {
    for (size_t i = 0; i < key_columns; i++) {
        int order = str_compare(table_lower(arena, table_cell(table, row - 1, i)),
                                table_lower(arena, table_cell(table, row, i)));
        if (order != 0) return order;
    }
    return 0;
}

static bool add_row(Tabulation *t, Table *table, Str line, size_t key_columns) {
    size_t before = table->cells.count;
    for (size_t at = 0; at <= line.length;) {
        size_t stop = str_find_byte(line, '\t', at);
        VEC_PUSH(t->arena, &table->cells, str_slice(line, at, stop));
        at = stop + 1;
    }
    size_t row = before / table->columns;
    if (table->cells.count != before + table->columns)
        return tabulation_fail(t, "%.*s: a row without its %zu cells: %.*s", STR_ARG(table->path),
                               table->columns, STR_ARG(line));
    if (row > 0 && compare_rows(t->arena, table, row, key_columns) >= 0)
        return tabulation_fail(t, "%.*s: out of order, or twice: %.*s", STR_ARG(table->path),
                               STR_ARG(line));
    return true;
}

static size_t count_columns(Str header) {
    size_t count = 1;
    for (size_t i = 0; i < header.length; i++) count += header.data[i] == '\t';
    return count;
}

bool table_read(Tabulation *t, Str path, Str columns, size_t key_columns, Table *ret_table) {
    Str text = {0};
    int error = 0;
    if (file_read(t->arena, path, MAX_BYTES, &text, &error) != FILE_DONE)
        return tabulation_fail(t, "%.*s: cannot be read: %.*s", STR_ARG(path),
                               STR_ARG(file_error(t->arena, error)));
    Table table = {.path = path, .columns = count_columns(columns)};
    size_t end = str_find_byte(text, '\n', 0);
    if (!str_equal(str_slice(text, 0, end), columns))
        return tabulation_fail(t, "%.*s: not the columns %.*s", STR_ARG(path), STR_ARG(columns));
    for (size_t at = end + 1; at < text.length; at = end + 1) {
        end = str_find_byte(text, '\n', at);
        Str line = str_slice(text, at, end);
        if (line.length == 0 || line.data[0] == '#') continue;
        if (!add_row(t, &table, line, key_columns)) return false;
    }
    *ret_table = table;
    return true;
}
