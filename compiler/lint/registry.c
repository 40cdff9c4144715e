#include "lint/check.h"

#define MESSAGE(id, name, severity, acknowledgeable, title, documentation)

#define NEEDS(...) \
    { __VA_ARGS__, MESSAGE_COUNT }
#define NEEDS_NOTHING \
    { MESSAGE_COUNT }

static const Check checks[] = {
#define CHECK(id, name, severity, subject, kinds, look, needs, aliases, title, documentation) \
    {id, subject, kinds, look, needs},
#include "diag/messages.def"
#undef CHECK
};

const Check *lint_checks(size_t *ret_count) {
    *ret_count = sizeof checks / sizeof *checks;
    return checks;
}
