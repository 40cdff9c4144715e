#include "tabulate/tabulate.h"

enum { BYTES_A_LINE = 90, NUMBERS_A_LINE = 16 };

// As a string literal: quotes and backslashes do not occur, and `?` could begin a trigraph.
static void write_pool(StrBuf *out, Str pool) {
    strbuf_add(out, STR("const char catalogue_pool[] =\n    \""));
    for (size_t i = 0; i < pool.length; i++) {
        char c = pool.data[i];
        if (i > 0 && i % BYTES_A_LINE == 0) strbuf_add(out, STR("\"\n    \""));
        if (c >= ' ' && c <= '~' && c != '"' && c != '\\' && c != '?')
            strbuf_add_byte(out, c);
        else
            strbuf_add_format(out, "\\%03o", (unsigned)(unsigned char)c);
    }
    strbuf_add(out, STR("\";\n"));
}

static void write_services(const Tabulation *t, StrBuf *out) {
    strbuf_add(out, STR("const ServiceRecord catalogue_services[] = {\n"));
    for (size_t i = 0; i < t->services.count; i++) {
        const ServiceRecord *s = &t->services.items[i];
        strbuf_add_format(out, "    {{%u, %u}, {%u, %u}, %u, %u, %u},\n", s->prefix.at,
                          s->prefix.length, s->name.at, s->name.length, s->first_action,
                          s->action_count, s->keys);
    }
    strbuf_add(out, STR("};\n"));
}

static void write_actions(const Tabulation *t, StrBuf *out) {
    strbuf_add(out, STR("const ActionRecord catalogue_actions[] = {\n"));
    for (size_t i = 0; i < t->actions.count; i++) {
        const ActionRecord *a = &t->actions.items[i];
        strbuf_add_format(out, "    {%u, %u, %u, %u, %u, %u},\n", a->text, a->service, a->used,
                          a->keys, a->length, a->access);
    }
    strbuf_add(out, STR("};\n"));
}

static void write_resources(const Tabulation *t, StrBuf *out) {
    strbuf_add(out, STR("const ResourceRecord catalogue_resources[] = {\n"));
    for (size_t i = 0; i < t->resources.count; i++) {
        const ResourceRecord *r = &t->resources.items[i];
        strbuf_add_format(out, "    {{%u, %u}, %u, %u, %u, %u},\n", r->name.at, r->name.length,
                          r->service, r->first_arn, r->arn_count, r->keys);
    }
    strbuf_add(out, STR("};\n"));
}

static void write_texts(const Tabulation *t, StrBuf *out) {
    strbuf_add(out, STR("const PoolText catalogue_about[3] = {\n"));
    for (size_t i = 0; i < 3; i++)
        strbuf_add_format(out, "    {%u, %u},\n", t->about[i].at, t->about[i].length);
    strbuf_add(out, STR("};\nconst PoolText catalogue_arns[] = {\n"));
    for (size_t i = 0; i < t->arns.count; i++)
        strbuf_add_format(out, "    {%u, %u},\n", t->arns.items[i].at, t->arns.items[i].length);
    strbuf_add(out, STR("};\nconst KeyRecord catalogue_keys[] = {\n"));
    for (size_t i = 0; i < t->keys.count; i++) {
        const KeyRecord *k = &t->keys.items[i];
        strbuf_add_format(out, "    {{%u, %u}, %u},\n", k->text.at, k->text.length, k->types);
    }
    strbuf_add(out, STR("};\n"));
}

static void write_numbers(const char *name, const uint16_t *numbers, size_t count, StrBuf *out) {
    strbuf_add_format(out, "const uint16_t %s[%zu] = {", name, count);
    for (size_t i = 0; i < count; i++)
        strbuf_add_format(out, i % NUMBERS_A_LINE == 0 ? "\n    %u," : " %u,", numbers[i]);
    strbuf_add(out, STR("\n};\n"));
}

void tabulation_write(const Tabulation *t, StrBuf *out) {
    strbuf_add(out, STR("// Made by tabulate from schema/iam/catalogue.\n"
                        "#include \"model/catalogue_tables.h\"\n\n"));
    strbuf_add_format(out, "const CatalogueCounts catalogue_counts = {%zu, %zu, %zu, %zu};\n",
                      t->services.count, t->actions.count, t->resources.count, t->keys.count);
    write_texts(t, out);
    write_services(t, out);
    write_actions(t, out);
    write_resources(t, out);
    write_numbers("catalogue_lists", t->lists.items, t->lists.count, out);
    write_numbers("catalogue_slots", t->slots, ACTION_SLOTS, out);
    write_pool(out, strbuf_str(&t->pool));
}
