#include "model/global_key.h"

#include "model/embedded.h"

static const char *const property_names[] = {
#define KEY_PROPERTY_NAME(id, name) name,
    KEY_PROPERTIES(KEY_PROPERTY_NAME)
#undef KEY_PROPERTY_NAME
};

static const Str tag_key = {"${TagKey}", sizeof "${TagKey}" - 1};

static Node key_rows(void) {
    return embedded_root(STR("schema/iam/global-keys.tsv"));
}

// Whether a list that is separated by commas has this word.
static bool has_word(Str list, Str word) {
    for (size_t at = 0; at < list.length;) {
        size_t comma = str_find_byte(list, ',', at);
        if (str_equal(str_slice(list, at, comma), word)) return true;
        at = comma + 1;
    }
    return false;
}

static KeyTypes types_of(Str list) {
    unsigned types = 0;
    for (unsigned i = 0; i < KEY_TYPE_COUNT; i++)
        types |= (unsigned)has_word(list, str_of(key_type_names[i])) << i;
    return (KeyTypes)types;
}

static KeyProperty property_of(Node name) {
    unsigned id = 0;
    while (id < KEY_PROPERTY_COUNT && !node_is_string(name, str_of(property_names[id]))) id++;
    return (KeyProperty)id; // a unit test sees that each row has one
}

static GlobalKey key_of_row(Node row) {
    Str flags = node_text(NODE_GET(row, "flags"));
    return (GlobalKey){.text = node_text(NODE_GET(row, "key")),
                       .types = types_of(node_text(NODE_GET(row, "types"))),
                       .property = property_of(NODE_GET(row, "property")),
                       .from_caller = has_word(flags, STR("caller")),
                       .sensitive = has_word(flags, STR("sensitive")),
                       .deprecated = has_word(flags, STR("deprecated")),
                       .instead = node_text(NODE_GET(row, "instead"))};
}

static bool is_written_so(Str key, Str text) {
    if (!str_ends_with(key, tag_key)) return str_equal_ignoring_case(key, text);
    size_t stem = key.length - tag_key.length;
    return text.length > stem &&
           str_equal_ignoring_case(str_slice(key, 0, stem), str_slice(text, 0, stem));
}

size_t global_key_count(void) {
    return node_count(key_rows());
}

GlobalKey global_key_at(size_t index) {
    Node row = node_first(key_rows());
    for (size_t i = 0; i < index; i++) row = node_next(row);
    return key_of_row(row);
}

bool global_key_find(Str text, GlobalKey *ret_key) {
    NODE_EACH(row, key_rows()) {
        if (!is_written_so(node_text(NODE_GET(row, "key")), text)) continue;
        *ret_key = key_of_row(row);
        return true;
    }
    return false;
}
