#include "model/grant.h"

const char *const effect_names[] = {[EFFECT_ALLOW] = "Allow", [EFFECT_DENY] = "Deny"};

static int values_compare(const StrVec *a, const StrVec *b) {
    for (size_t i = 0; i < a->count && i < b->count; i++) {
        int order = str_compare(a->items[i], b->items[i]);
        if (order != 0) return order;
    }
    return a->count < b->count ? -1 : a->count > b->count;
}

static int condition_compare(const Condition *a, const Condition *b) {
    int order = str_compare(a->operator, b->operator);
    if (order == 0) order = str_compare(a->key, b->key);
    return order != 0 ? order : values_compare(&a->values, &b->values);
}

int conditions_compare(const ConditionVec *a, const ConditionVec *b) {
    for (size_t i = 0; i < a->count && i < b->count; i++) {
        int order = condition_compare(&a->items[i], &b->items[i]);
        if (order != 0) return order;
    }
    return a->count < b->count ? -1 : a->count > b->count;
}
