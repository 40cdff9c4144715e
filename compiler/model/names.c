#include "model/names.h"

Names *names_of_keys(Arena *arena, Meant *meant, Node mapping) {
    Names *names = ARENA_NEW(arena, Names);
    *names = (Names){.arena = arena, .meant = meant, .mapping = mapping};
    return names;
}

Names *names_of_list(Arena *arena, Meant *meant, const StrVec *list) {
    Names *names = names_of_keys(arena, meant, NO_NODE);
    for (size_t i = 0; i < list->count; i++) names_add(names, list->items[i]);
    return names;
}

static void take_keys(Names *names) {
    size_t count = node_count(names->mapping);
    if (names->members != NULL) return;
    names->members = ARENA_ARRAY(names->arena, Node, count + 1);
    VEC_RESERVE(names->arena, &names->list, count + 1);
    NODE_EACH(child, names->mapping) {
        names->members[names->list.count] = child;
        VEC_PUSH(names->arena, &names->list, node_key_text(child));
    }
}

// The first of equals is the one that is found.
static void index_list(Names *names) {
    uint32_t place;
    take_keys(names);
    for (; names->indexed < names->list.count; names->indexed++) {
        Str name = names->list.items[names->indexed];
        if (!strmap_get(&names->places, name, &place))
            (void)strmap_set(names->arena, &names->places, name, (uint32_t)names->indexed);
    }
}

void names_add(Names *names, Str name) {
    take_keys(names);
    VEC_PUSH(names->arena, &names->list, name);
}

bool names_find(Names *names, Str name, uint32_t *ret_place) {
    index_list(names);
    return strmap_get(&names->places, name, ret_place);
}

Node names_get(Names *names, Str name) {
    uint32_t place;
    bool is_key = names_find(names, name, &place) && place < node_count(names->mapping);
    return is_key ? names->members[place] : NO_NODE;
}

const StrVec *names_list(Names *names) {
    take_keys(names);
    return &names->list;
}

// What was sought is copied, for these names may outlive it. What there is too little left to look
// for is not noted, and there is never more left.
Str names_offer(Names *names, Str name) {
    uint32_t at;
    const StrVec *list = names_list(names);
    if (strmap_get(&names->sought, name, &at)) return names->offers.items[at];
    if (list->count == 0 || names->meant->comparisons < list->count) return (Str){0};
    Str near = meant_name(names->meant, name, list);
    Str offer =
        near.length == 0 ? near : str_format(names->arena, "; did you mean '%.*s'?", STR_ARG(near));
    (void)strmap_set(names->arena, &names->sought, str_copy(names->arena, name),
                     (uint32_t)names->offers.count);
    VEC_PUSH(names->arena, &names->offers, offer);
    return offer;
}
