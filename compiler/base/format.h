// printf that knows how long its texts are. Owns nothing.
#ifndef SPOTC_BASE_FORMAT_H
#define SPOTC_BASE_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

// Writes to `text`, without a NUL byte at the end, or only counts where it is NULL; returns how
// many bytes that is. As vsnprintf does, with one difference: %.*s takes as many bytes as it says,
// whatever they are, NUL too. Knows %s %c %d %u %x %X %o %p %%, a width, the flags - and 0, the
// sizes l, ll, z and j, and a precision of %s alone.
size_t format_text(char *text, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

#endif
