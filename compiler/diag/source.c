#include "diag/source.h"

#include "base/utf8.h"

// Bytes before the first line's first column: a byte order mark, or none.
static uint32_t mark_length(Str text) {
    return str_starts_with(text, STR("\xEF\xBB\xBF")) ? 3 : 0;
}

// Whether byte `at` ends a line: LF, CRLF and CR do, as in YAML.
static bool ends_line(Str text, size_t at) {
    if (text.data[at] == '\n') return true;
    return text.data[at] == '\r' && (at + 1 == text.length || text.data[at + 1] != '\n');
}

static uint32_t clamp(const Source *source, uint32_t offset) {
    bool beyond = source->text.data != NULL && offset > source->text.length;
    return beyond ? (uint32_t)source->text.length : offset;
}

// Index of the last line that begins at or before `offset`.
static uint32_t search_line(const Source *source, uint32_t offset) {
    uint32_t low = 0, high = source->line_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (source->lines[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

// Index of the line that holds `offset`, and the byte at which it begins.
static uint32_t find_line(const Source *source, uint32_t offset, uint32_t *ret_begin) {
    uint32_t line = 0;
    *ret_begin = 0;
    if (source->lines != NULL) {
        line = search_line(source, offset);
        *ret_begin = source->lines[line];
    } else {
        for (uint32_t at = 0; at < offset; at++) {
            if (!ends_line(source->text, at)) continue;
            line++;
            *ret_begin = at + 1;
        }
    }
    if (*ret_begin == 0) *ret_begin = mark_length(source->text);
    return line;
}

Position source_position(const Source *source, uint32_t offset) {
    if (source->text.data == NULL && source->lines == NULL) return (Position){0};
    uint32_t begin;
    offset = clamp(source, offset);
    uint32_t line = find_line(source, offset, &begin) + 1;
    if (offset <= begin) return (Position){line, 1};
    if (source->text.data == NULL) return (Position){line, offset - begin + 1};
    return (Position){line, (uint32_t)utf8_count(str_slice(source->text, begin, offset)) + 1};
}

Str source_line(const Source *source, uint32_t offset) {
    if (source->text.data == NULL) return (Str){0};
    uint32_t begin;
    (void)find_line(source, clamp(source, offset), &begin);
    size_t end = begin;
    while (end < source->text.length && source->text.data[end] != '\n' &&
           source->text.data[end] != '\r')
        end++;
    return str_slice(source->text, begin, end);
}

const Source *source_with_lines(Arena *arena, const Source *source) {
    Str text = source->text;
    if (source->lines != NULL || text.data == NULL) return source;
    uint32_t count = 1;
    for (size_t at = 0; at < text.length; at++) count += ends_line(text, at);
    uint32_t *lines = ARENA_ARRAY(arena, uint32_t, count);
    uint32_t line = 1;
    for (uint32_t at = 0; at < text.length; at++) {
        if (ends_line(text, at)) lines[line++] = at + 1;
    }
    Source *copy = ARENA_NEW(arena, Source);
    *copy = (Source){source->name, text, lines, count};
    return copy;
}

const Source *source_without_text(Arena *arena, const Source *source) {
    Source *copy = ARENA_NEW(arena, Source);
    *copy = *source_with_lines(arena, source);
    copy->text = (Str){0};
    return copy;
}

Str source_identity(const Source *const *source) {
    return (Str){(const char *)source, sizeof(void *)};
}
