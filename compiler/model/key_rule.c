#include "model/key_rule.h"

#include "model/embedded.h"

static const char *const kind_names[] = {
#define KEY_RULE_KIND_NAME(id, name) name,
    KEY_RULE_KINDS(KEY_RULE_KIND_NAME)
#undef KEY_RULE_KIND_NAME
};

static const Str tag_key = {"${TagKey}", sizeof "${TagKey}" - 1};

static bool is_about(Str rule, Str key) {
    if (!str_ends_with(rule, tag_key)) return str_equal_ignoring_case(rule, key);
    size_t stem = rule.length - tag_key.length;
    return key.length > stem &&
           str_equal_ignoring_case(str_slice(rule, 0, stem), str_slice(key, 0, stem));
}

static unsigned kind_of_row(Node row) {
    unsigned kind = 0;
    while (kind < KEY_RULE_KIND_COUNT &&
           !node_is_string(NODE_GET(row, "rule"), str_of(kind_names[kind])))
        kind++;
    return kind; // a unit test sees that each row has one
}

void key_rules_find(Str key, KeyRules *ret_rules) {
    *ret_rules = (KeyRules){0};
    NODE_EACH(row, embedded_root(STR("schema/iam/key-rules.tsv"))) {
        Str about = node_text(NODE_GET(row, "key"));
        unsigned kind = is_about(about, key) ? kind_of_row(row) : KEY_RULE_KIND_COUNT;
        if (kind == KEY_RULE_KIND_COUNT) continue;
        ret_rules->of[kind] =
            (KeyRule){about, node_text(NODE_GET(row, "value")), node_text(NODE_GET(row, "form"))};
    }
}

bool key_rule_names(Str list, Str name) {
    for (size_t at = 0; at < list.length;) {
        size_t comma = str_find_byte(list, ',', at);
        if (str_equal_ignoring_case(str_slice(list, at, comma), name)) return true;
        at = comma + 1;
    }
    return false;
}
