#include "lint/addresses.h"
#include "lint/condition.h"
#include "lint/symbolic.h"

// How many of the values of a condition on the caller's public address are private, and the first;
// false where one of them is not known.
static bool count_private(Lint *lint, const DocumentCondition *c, size_t *ret_count,
                          const Item **ret_first) {
    ConditionFacts facts;
    size_t count = 0;
    if (!lint_condition(lint, c, &facts) || facts.operator.family != FAMILY_IP) return false;
    if (facts.key->rules.of[KEY_RULE_PUBLIC].key.length == 0) return false;
    for (size_t i = 0; i < c->values.count; i++) {
        Network network;
        if (!network_parse(c->values.items[i].text, &network)) return false;
        if (network_is_private(&network) && count++ == 0) *ret_first = &c->values.items[i];
    }
    *ret_count = count;
    return count > 0;
}

static void advise(Lint *lint, Diagnostic *d, const DocumentCondition *c) {
    ConditionFacts facts;
    if (!lint_condition(lint, c, &facts)) return;
    diag_note(lint_diags(lint), d, NO_SPAN, "for addresses within a VPC use '%.*s'",
              STR_ARG(facts.key->rules.of[KEY_RULE_PUBLIC].value));
}

void check_private_addresses(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    const Item *first = NULL;
    size_t count = 0;
    if (!count_private(lint, c, &count, &first) || count < c->values.count) return;
    bool negated = lint_operator(lint, c->operator.text)->operator.negated;
    Diagnostic *d =
        lint_report(lint, first->span, "'%.*s' is never a private address, so that this %s",
                    STR_ARG(c->key.text), negated ? "is always true" : "never matches");
    advise(lint, d, c);
}

void check_some_private_addresses(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    const Item *first = NULL;
    size_t count = 0;
    if (!count_private(lint, c, &count, &first) || count == c->values.count) return;
    Diagnostic *d = lint_report(lint, first->span,
                                "'%.*s' is private, which '%.*s' never is; it does nothing here",
                                STR_ARG(first->text), STR_ARG(c->key.text));
    advise(lint, d, c);
}

void check_host_bits(Lint *lint, const Unit *unit) {
    const DocumentCondition *c = unit->condition;
    const OperatorFacts *facts = lint_operator(lint, c->operator.text);
    if (!facts->is_known || facts->operator.family != FAMILY_IP) return;
    for (size_t i = 0; i < c->values.count; i++) {
        const Item *value = &c->values.items[i];
        Network network, trimmed;
        if (!network_parse(value->text, &network) || !network_trim(&network, &trimmed)) continue;
        Str range = network_text(lint_arena(lint), &trimmed);
        lint_report(lint, value->span,
                    "'%.*s' has bits beyond its mask, which do not count; write '%.*s'",
                    STR_ARG(value->text), STR_ARG(range));
    }
}
