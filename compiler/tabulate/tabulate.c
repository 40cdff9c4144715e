#include "tabulate/tabulate.h"

#include "base/file.h"
#include "model/access.h"

typedef VEC(uint16_t) NumberVec;

static PoolText pool(Tabulation *t, Str text) {
    uint32_t at = 0;
    if (!strmap_get(&t->pooled, text, &at)) {
        at = (uint32_t)t->pool.length;
        strbuf_add(&t->pool, text);
        strmap_set(t->arena, &t->pooled, text, at);
    }
    return (PoolText){at, (uint32_t)text.length};
}

// The part of `list` up to the next `separator`, from *at on; false at its end.
static bool next_part(Str list, char separator, size_t *at, Str *ret_part) {
    if (*at >= list.length) return false;
    size_t stop = str_find_byte(list, separator, *at);
    *ret_part = str_slice(list, *at, stop);
    *at = stop + 1;
    return true;
}

// A number that goes into a record of sixteen bits.
static uint16_t small(Tabulation *t, size_t number, size_t limit) {
    if (number > limit) tabulation_fail(t, "%zu does not fit its record", number);
    return (uint16_t)number;
}

// The place of a list in the table of lists: `items` numbers, of which each item has `width`.
static uint16_t place_list(Tabulation *t, const NumberVec *numbers, size_t width) {
    size_t size = numbers->count * sizeof *numbers->items;
    Str bytes = str_copy(t->arena, (Str){(const char *)numbers->items, size});
    Str key = str_format(t->arena, "%zu:", width);
    StrBuf whole = strbuf_new(t->arena);
    strbuf_add(&whole, key);
    strbuf_add(&whole, bytes);
    uint32_t place = 0;
    if (!strmap_get(&t->listed, strbuf_str(&whole), &place)) {
        place = (uint32_t)t->lists.count;
        VEC_PUSH(t->arena, &t->lists, small(t, numbers->count / width, UINT16_MAX));
        for (size_t i = 0; i < numbers->count; i++)
            VEC_PUSH(t->arena, &t->lists, numbers->items[i]);
        strmap_set(t->arena, &t->listed, strbuf_str(&whole), place);
    }
    return small(t, place, UINT16_MAX);
}

// `:Region` of ec2 is ec2:Region.
static Str full_key(Tabulation *t, Str service, Str key) {
    if (!str_starts_with(key, STR(":"))) return key;
    return str_format(t->arena, "%.*s%.*s", STR_ARG(service), STR_ARG(key));
}

static uint16_t key_id(Tabulation *t, Str key) {
    uint32_t id = 0;
    if (!strmap_get(&t->key_ids, key, &id))
        tabulation_fail(t, "no condition key '%.*s'", STR_ARG(key));
    return (uint16_t)id;
}

static uint16_t key_list(Tabulation *t, Str service, Str cell) {
    NumberVec ids = {0};
    Str part;
    for (size_t at = 0; next_part(cell, ',', &at, &part);)
        VEC_PUSH(t->arena, &ids, key_id(t, full_key(t, service, part)));
    return place_list(t, &ids, 1);
}

static uint32_t service_id(Tabulation *t, Str prefix) {
    uint32_t id = 0;
    if (!strmap_get(&t->service_ids, prefix, &id))
        tabulation_fail(t, "no service '%.*s'", STR_ARG(prefix));
    return id;
}

static void add_services(Tabulation *t, const Table *table) {
    for (size_t i = 0; i < table_rows(table); i++) {
        ServiceRecord service = {.prefix = pool(t, table_cell(table, i, 0)),
                                 .name = pool(t, table_cell(table, i, 1))};
        VEC_PUSH(t->arena, &t->services, service);
        strmap_set(t->arena, &t->service_ids, table_cell(table, i, 0), (uint32_t)i);
    }
}

static uint16_t types_of_cell(Tabulation *t, Str cell) {
    KeyTypes types = 0;
    Str part;
    for (size_t at = 0; next_part(cell, ',', &at, &part);) {
        unsigned type = 0;
        while (type < KEY_TYPE_COUNT && !str_equal(part, str_of(key_type_names[type]))) type++;
        if (type == KEY_TYPE_COUNT) tabulation_fail(t, "no type of keys '%.*s'", STR_ARG(part));
        types = (KeyTypes)(types | 1u << type);
    }
    return types;
}

static Str row_key(Tabulation *t, const Table *table, size_t row) {
    return full_key(t, table_cell(table, row, 0), table_cell(table, row, 1));
}

// Numbers the keys, each once, in their order: sorted behind themselves in lower case.
static void number_keys(Tabulation *t, const Table *table) {
    size_t count = table_rows(table);
    Str *sorted = ARENA_ARRAY(t->arena, Str, count);
    for (size_t i = 0; i < count; i++) {
        Str key = row_key(t, table, i), lower = table_lower(t->arena, key);
        sorted[i] = str_format(t->arena, "%.*s\t%.*s", STR_ARG(lower), STR_ARG(key));
    }
    str_sort(sorted, count);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && str_equal(sorted[i - 1], sorted[i])) continue;
        size_t tab = str_find_byte(sorted[i], '\t', 0);
        Str key = str_slice(sorted[i], tab + 1, sorted[i].length);
        strmap_set(t->arena, &t->key_ids, key, small(t, t->keys.count, UINT16_MAX));
        VEC_PUSH(t->arena, &t->keys, ((KeyRecord){.text = pool(t, key)}));
    }
}

// The keys of each service; a key of several services is one, with the types of all.
static void add_keys(Tabulation *t, const Table *table) {
    number_keys(t, table);
    size_t row = 0;
    for (size_t i = 0; i < t->services.count; i++) {
        PoolText text = t->services.items[i].prefix;
        Str prefix = {t->pool.data + text.at, text.length};
        NumberVec ids = {0};
        for (; row < table_rows(table) && str_equal(table_cell(table, row, 0), prefix); row++) {
            uint16_t id = key_id(t, row_key(t, table, row));
            KeyTypes types = types_of_cell(t, table_cell(table, row, 2));
            t->keys.items[id].types = (KeyTypes)(t->keys.items[id].types | types);
            VEC_PUSH(t->arena, &ids, id);
        }
        t->services.items[i].keys = place_list(t, &ids, 1);
    }
    if (row < table_rows(table)) (void)service_id(t, table_cell(table, row, 0));
}

static Str resource_key(Tabulation *t, Str service, Str name) {
    return str_format(t->arena, "%.*s\t%.*s", STR_ARG(service), STR_ARG(name));
}

static void add_resources(Tabulation *t, const Table *table) {
    for (size_t i = 0; i < table_rows(table); i++) {
        Str service = table_cell(table, i, 0), name = table_cell(table, i, 1), arn;
        ResourceRecord resource = {.name = pool(t, name),
                                   .service = (uint16_t)service_id(t, service),
                                   .first_arn = small(t, t->arns.count, UINT16_MAX),
                                   .keys = key_list(t, service, table_cell(table, i, 3))};
        for (size_t at = 0; next_part(table_cell(table, i, 2), ',', &at, &arn);)
            VEC_PUSH(t->arena, &t->arns, pool(t, arn));
        resource.arn_count = small(t, t->arns.count - resource.first_arn, UINT16_MAX);
        VEC_PUSH(t->arena, &t->resources, resource);
        strmap_set(t->arena, &t->resource_ids, resource_key(t, service, name), (uint32_t)i);
        (void)small(t, i, USED_REQUIRED - 1);
    }
}

// One group of a cell of used resources: `type!,type=key,key`.
static void add_group(Tabulation *t, Str service, Str group, NumberVec *numbers) {
    size_t equals = str_find_byte(group, '=', 0);
    Str keys = str_slice(group, equals + 1, group.length), part;
    uint16_t place = key_list(t, service, keys);
    for (size_t at = 0; next_part(str_slice(group, 0, equals), ',', &at, &part);) {
        bool required = str_ends_with(part, STR("!"));
        Str name = str_slice(part, 0, part.length - required);
        uint32_t id = 0;
        if (!strmap_get(&t->resource_ids, resource_key(t, service, name), &id))
            tabulation_fail(t, "%.*s: no resource type '%.*s'", STR_ARG(service), STR_ARG(name));
        VEC_PUSH(t->arena, numbers, (uint16_t)(required ? id | USED_REQUIRED : id));
        VEC_PUSH(t->arena, numbers, place);
    }
}

static uint16_t used_list(Tabulation *t, Str service, Str cell) {
    NumberVec numbers = {0};
    Str group;
    for (size_t at = 0; next_part(cell, ';', &at, &group);) add_group(t, service, group, &numbers);
    return place_list(t, &numbers, 2);
}

static AccessLevels levels_of_cell(Tabulation *t, Str cell) {
    AccessLevels levels = 0;
    for (size_t i = 0; i < cell.length; i++) {
        size_t level = str_find_byte(str_of(access_level_letters), cell.data[i], 0);
        if (level == ACCESS_LEVEL_COUNT)
            tabulation_fail(t, "no access level '%c'", cell.data[i]);
        else
            levels = (AccessLevels)(levels | 1u << level);
    }
    if (levels == 0) tabulation_fail(t, "an action without an access level");
    return levels;
}

// Numbers fit, and slots stay free, up to half of them.
static void add_slot(Tabulation *t, Str action) {
    uint32_t slot = action_slot(action.data, action.length);
    while (t->slots[slot] != 0) slot = (slot + 1) % ACTION_SLOTS;
    t->slots[slot] = small(t, t->actions.count, ACTION_SLOTS / 2);
}

static void add_actions(Tabulation *t, const Table *table) {
    for (size_t i = 0; i < table_rows(table); i++) {
        Str service = table_cell(table, i, 0), name = table_cell(table, i, 1);
        uint32_t id = service_id(t, service);
        Str whole = str_format(t->arena, "%.*s:%.*s", STR_ARG(service), STR_ARG(name));
        PoolText text = pool(t, whole);
        ActionRecord action = {.text = text.at,
                               .length = (uint8_t)small(t, text.length, UINT8_MAX),
                               .service = (uint16_t)id,
                               .access = levels_of_cell(t, table_cell(table, i, 2)),
                               .used = used_list(t, service, table_cell(table, i, 3)),
                               .keys = key_list(t, service, table_cell(table, i, 4))};
        if (t->problem.length != 0) return;
        VEC_PUSH(t->arena, &t->actions, action);
        add_slot(t, whole);
        if (t->services.items[id].action_count++ == 0)
            t->services.items[id].first_action = (uint32_t)i;
    }
}

// Reads a table and hands it on, unless there is a problem already.
static void add_table(Tabulation *t, Str folder, const char *name, const char *columns,
                      size_t key_columns, void (*add)(Tabulation *, const Table *)) {
    Table table;
    Str path = file_join(t->arena, folder, str_of(name));
    if (t->problem.length == 0 && table_read(t, path, str_of(columns), key_columns, &table))
        add(t, &table);
}

static void add_source(Tabulation *t, const Table *table) {
    if (table_rows(table) != 1) {
        tabulation_fail(t, "%.*s: not one row", STR_ARG(table->path));
        return;
    }
    for (size_t i = 0; i < 3; i++) t->about[i] = pool(t, table_cell(table, 0, i));
}

bool tabulate(Tabulation *t, Str folder) {
    t->pool = strbuf_new(t->arena);
    add_table(t, folder, "source.tsv", "source\tversion\tdate", 1, add_source);
    add_table(t, folder, "services.tsv", "service\tname", 1, add_services);
    add_table(t, folder, "keys.tsv", "service\tkey\ttypes", 2, add_keys);
    add_table(t, folder, "resources.tsv", "service\tresource\tarns\tcondition_keys", 2,
              add_resources);
    add_table(t, folder, "actions.tsv", "service\taction\taccess\tresources\tcondition_keys", 2,
              add_actions);
    return t->problem.length == 0;
}
