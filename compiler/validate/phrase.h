// How values, keys and types are called in messages. All texts live in the arena or in a tree.
#ifndef SPOTC_VALIDATE_PHRASE_H
#define SPOTC_VALIDATE_PHRASE_H

#include "read/tree.h"

// `text`, cut where it is too long for a message.
Str phrase_excerpt(Arena *arena, Str text);

// A value as a message shows it: a string in quotes, another scalar as written, "a list", "a
// mapping", "empty" for a null that is not written as a word.
Str phrase_value(Arena *arena, Node value);

// A scalar as the source has it (a number of base 16 too), without the quotes of a string.
Str phrase_as_written(Node value);

// The type's name with its article: "a string", "a whole number", …
Str phrase_type(Str json_type);

// The type names of a `type` keyword as phrases.
void phrase_types(Arena *arena, Node types, StrVec *ret_phrases);

// "a, b or c"
Str phrase_join(Arena *arena, const StrVec *parts, const char *last_separator);

// What kind of value is there: "a string", "the number 5", "a list", "true", "empty", …
Str phrase_kind(Arena *arena, Node value);

// The first names of a list, all where there are four at most: "a, b, c, …"
Str phrase_names(Arena *arena, const StrVec *names);

#endif
