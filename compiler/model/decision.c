#include "model/decision.h"

const Decision *decision_find(const Decision *when, Str condition) {
    while (when != NULL && !str_equal(when->condition, condition)) when = when->next;
    return when;
}

const Decision *decisions_join(Arena *arena, const Decision *a, const Decision *b) {
    for (; a != NULL; a = a->next) {
        const Decision *same = decision_find(b, a->condition);
        if (same != NULL && str_equal(same->outcome, a->outcome)) continue;
        Decision *decision = ARENA_NEW(arena, Decision);
        *decision = (Decision){a->condition, a->outcome, a->definition, b};
        b = decision;
    }
    return b;
}

bool decisions_exclude(const Decision *when) {
    for (; when != NULL; when = when->next) {
        const Decision *same = decision_find(when->next, when->condition);
        if (same != NULL && !str_equal(same->outcome, when->outcome)) return true;
    }
    return false;
}

Str decisions_identity(Arena *arena, const Decision *when) {
    StrVec texts = {0};
    StrBuf out = strbuf_new(arena);
    for (; when != NULL; when = when->next)
        VEC_PUSH(arena, &texts,
                 str_format(arena, "%zu:%.*s=%.*s %zu:%.*s", when->condition.length,
                            STR_ARG(when->condition), STR_ARG(when->outcome),
                            when->definition.length, STR_ARG(when->definition)));
    strvec_sort_unique(&texts);
    for (size_t i = 0; i < texts.count; i++) strbuf_add(&out, texts.items[i]);
    return strbuf_str(&out);
}
