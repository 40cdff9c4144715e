#include "emit/emit.h"

// <role>SUFFIX, for one of the roles.
static bool is_role_file(Str name, const StrVec *role_ids, Str suffix) {
    for (size_t i = 0; i < role_ids->count; i++) {
        Str id = role_ids->items[i];
        if (str_starts_with(name, id) && str_equal(str_slice(name, id.length, name.length), suffix))
            return true;
    }
    return false;
}

// <role>-policy.json and <role>-policy-<N>.json, N from 2 on.
static bool owns_policy(Str name, const StrVec *role_ids) {
    Str stem = STR("-policy"), end = STR(".json");
    uint64_t part = 0;
    for (size_t i = 0; i < role_ids->count; i++) {
        Str id = role_ids->items[i];
        if (!str_starts_with(name, id) || !str_ends_with(name, end)) continue;
        Str middle = str_slice(name, id.length, name.length - end.length);
        if (str_equal(middle, stem)) return true;
        if (str_starts_with(middle, STR("-policy-")) && middle.data[8] != '0' &&
            str_to_u64(str_slice(middle, 8, middle.length), &part) && part >= 2)
            return true;
    }
    return false;
}

static bool owns_trust(Str name, const StrVec *role_ids) {
    return is_role_file(name, role_ids, STR("-trust-policy.json"));
}

static bool owns_template(Str name, const StrVec *role_ids) {
    (void)role_ids;
    return str_equal(name, STR("template.yaml")) || str_equal(name, STR("template.json"));
}

static bool owns_stack_set(Str name, const StrVec *role_ids) {
    (void)role_ids;
    return str_equal(name, STR("stack-set.yaml")) || str_equal(name, STR("stack-set.json"));
}

const Emitter emitters[] = {
    {"policy", ARTIFACT_POLICY, emit_policies, owns_policy},
    {"trust", ARTIFACT_TRUST, emit_trust, owns_trust},
    {"template", ARTIFACT_TEMPLATE, emit_template, owns_template},
    {"stack-set", ARTIFACT_STACK_SET, emit_stack_set, owns_stack_set},
    {NULL, ARTIFACT_KIND_COUNT, NULL, NULL},
};

bool emit_all(const Emission *emission) {
    bool ok = true;
    for (const Emitter *emitter = emitters; emitter->name != NULL; emitter++)
        ok &= emitter->emit(emission);
    return ok;
}

bool emit_owns(Str name, const StrVec *role_ids) {
    for (const Emitter *emitter = emitters; emitter->name != NULL; emitter++) {
        if (emitter->owns(name, role_ids)) return true;
    }
    return false;
}
