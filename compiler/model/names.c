#include "model/names.h"

Names *names_of_keys(Arena *arena, Node mapping) {
    Names *names = ARENA_NEW(arena, Names);
    *names = (Names){.arena = arena, .mapping = mapping};
    return names;
}

// The first of equals is the one that is found.
static void add(Names *names, Str name) {
    uint32_t place;
    if (!strmap_get(&names->places, name, &place))
        (void)strmap_set(names->arena, &names->places, name, (uint32_t)names->list.count);
    VEC_PUSH(names->arena, &names->list, name);
}

static void take_keys(Names *names) {
    size_t count = node_count(names->mapping);
    if (names->members != NULL) return;
    names->members = ARENA_ARRAY(names->arena, Node, count + 1);
    VEC_RESERVE(names->arena, &names->list, count + 1);
    NODE_EACH(child, names->mapping) {
        names->members[names->list.count] = child;
        add(names, node_key_text(child));
    }
}

void names_add(Names *names, Str name) {
    take_keys(names);
    add(names, name);
}

bool names_find(Names *names, Str name, uint32_t *ret_place) {
    take_keys(names);
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

Str names_nearest(Names *names, Meant *meant, Str name) {
    uint32_t place;
    take_keys(names);
    if (!strmap_get(&names->near, name, &place)) {
        Str near = meant_name(meant, name, &names->list);
        if (near.length == 0 || !names_find(names, near, &place))
            place = (uint32_t)names->list.count;
        (void)strmap_set(names->arena, &names->near, name, place);
    }
    return place < names->list.count ? names->list.items[place] : (Str){0};
}

Str names_offer(Names *names, Meant *meant, Str name) {
    Str near = names_nearest(names, meant, name);
    if (near.length == 0) return near;
    return str_format(names->arena, "; did you mean '%.*s'?", STR_ARG(near));
}
