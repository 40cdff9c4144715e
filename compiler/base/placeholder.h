// Texts with placeholders: `arn:${{ partition }}:s3:::${{ bucket }}/*`. Owns nothing.
#ifndef SPOTC_BASE_PLACEHOLDER_H
#define SPOTC_BASE_PLACEHOLDER_H

#include "base/str.h"

// A stretch of a text: literal bytes, or what stands between `${{` and `}}` without blanks around.
typedef struct TextPart {
    Str text;
    bool is_placeholder;
} TextPart;

// Takes the part that begins at *at and moves *at behind it; false at the end of the text. An
// opening `${{` without its `}}` makes a placeholder of the rest, with an empty text.
bool text_next_part(Str text, size_t *at, TextPart *ret_part);

// Where the whole text is one placeholder: true and its inner text.
bool text_is_placeholder(Str text, Str *ret_inner);

#endif
