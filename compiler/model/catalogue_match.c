// Patterns against the catalogue: which actions, their spelling, and what was meant.
#include "base/nearest.h"
#include "model/catalogue.h"

static size_t find_wildcard(Str text) {
    size_t at = 0;
    while (at < text.length && text.data[at] != '*' && text.data[at] != '?') at++;
    return at;
}

// A pattern whose prefix is written out: only actions of the service that begin as it does.
static void match_in_service(ServiceId service, Str name, size_t head, ActionMatches *ret_matches) {
    Str begins = str_slice(name, 0, head), rest = str_slice(name, head, name.length);
    ret_matches->next = service_action_bound(service, begins, false);
    ret_matches->end = service_action_bound(service, begins, true);
    ret_matches->offset = service_prefix(service).length + 1 + head;
    ret_matches->whole = str_equal(rest, STR("*"));
    if (!ret_matches->whole) wildcard_init(&ret_matches->wildcard, rest);
}

static void match_anywhere(Str pattern, ActionMatches *ret_matches) {
    ret_matches->end = (ActionId)catalogue_action_count();
    ret_matches->whole = str_equal(pattern, STR("*"));
    if (!ret_matches->whole) wildcard_init(&ret_matches->wildcard, pattern);
}

static void match_pattern(Str pattern, ActionMatches *ret_matches) {
    size_t head = find_wildcard(pattern), colon = str_find_byte(pattern, ':', 0);
    ServiceId service = 0;
    if (head == pattern.length) return;
    if (head < colon)
        match_anywhere(pattern, ret_matches);
    else if (catalogue_find_service(str_slice(pattern, 0, colon), &service))
        match_in_service(service, str_slice(pattern, colon + 1, pattern.length), head - colon - 1,
                         ret_matches);
}

void catalogue_match(Str pattern, ActionMatches *ret_matches) {
    ActionId action = 0;
    ret_matches->next = ret_matches->end = 0;
    ret_matches->offset = 0;
    ret_matches->whole = true;
    // Most patterns are names, and no name is a pattern of others.
    if (!catalogue_find_action(pattern, &action)) {
        match_pattern(pattern, ret_matches);
        return;
    }
    ret_matches->next = action;
    ret_matches->end = action + 1;
}

bool catalogue_next(ActionMatches *matches, ActionId *ret_action) {
    while (matches->next < matches->end) {
        ActionId action = matches->next++;
        Str text = action_text(action);
        if (!matches->whole &&
            !wildcard_matches(&matches->wildcard, str_slice(text, matches->offset, text.length)))
            continue;
        *ret_action = action;
        return true;
    }
    return false;
}

size_t catalogue_match_cost(Str pattern) {
    ActionMatches matches;
    catalogue_match(pattern, &matches);
    return 1 + matches.end - matches.next;
}

bool catalogue_has(Str pattern) {
    ActionMatches matches;
    ActionId action = 0;
    catalogue_match(pattern, &matches);
    return catalogue_next(&matches, &action);
}

AccessLevels catalogue_access(Str pattern) {
    ActionMatches matches;
    ActionId action = 0;
    AccessLevels levels = 0;
    catalogue_match(pattern, &matches);
    while (catalogue_next(&matches, &action)) levels |= action_access(action);
    return levels;
}

Str catalogue_spelling(Arena *arena, Str pattern) {
    ActionMatches matches;
    ActionId action = 0;
    if (catalogue_find_action(pattern, &action)) return action_text(action);
    catalogue_match(pattern, &matches);
    if (!catalogue_next(&matches, &action)) return pattern;
    Str text = action_text(action);
    size_t head = find_wildcard(pattern), tail = pattern.length;
    while (find_wildcard(str_slice(pattern, tail - 1, tail)) == 1) tail--;
    size_t tail_length = pattern.length - tail;
    Str begin = str_slice(text, 0, head), middle = str_slice(pattern, head, tail);
    Str end = str_slice(text, text.length - tail_length, text.length);
    if (str_equal(begin, str_slice(pattern, 0, head)) &&
        str_equal(end, str_slice(pattern, tail, pattern.length)))
        return pattern;
    return str_format(arena, "%.*s%.*s%.*s", STR_ARG(begin), STR_ARG(middle), STR_ARG(end));
}

static Str nearest_service(Arena *arena, Str prefix) {
    size_t count = catalogue_service_count();
    Str *choices = ARENA_ARRAY(arena, Str, count);
    for (size_t i = 0; i < count; i++) choices[i] = service_prefix((ServiceId)i);
    return nearest_name(prefix, choices, count);
}

// Compares up to the first wildcard, and keeps what follows.
static Str nearest_in_service(Arena *arena, ServiceId service, Str name) {
    ActionId first = service_first_action(service);
    size_t count = service_action_count(service), head = find_wildcard(name);
    size_t most = head < name.length ? head : SIZE_MAX;
    Str *choices = ARENA_ARRAY(arena, Str, count);
    for (size_t i = 0; i < count; i++)
        choices[i] = str_slice(action_name(first + (ActionId)i), 0, most);
    Str near = nearest_name(str_slice(name, 0, head), choices, count);
    return near.length == 0 ? near
                            : str_format(arena, "%.*s%.*s", STR_ARG(near),
                                         STR_ARG(str_slice(name, head, name.length)));
}

Str catalogue_nearest(Arena *arena, Str pattern) {
    size_t colon = str_find_byte(pattern, ':', 0);
    Str prefix = str_slice(pattern, 0, colon);
    Str name = str_slice(pattern, colon + 1, pattern.length);
    ServiceId service = 0;
    if (catalogue_find_service(prefix, &service))
        name = nearest_in_service(arena, service, name);
    else if (!catalogue_find_service(nearest_service(arena, prefix), &service))
        return (Str){0};
    Str meant = str_format(arena, "%.*s:%.*s", STR_ARG(service_prefix(service)), STR_ARG(name));
    return catalogue_has(meant) ? meant : (Str){0};
}
