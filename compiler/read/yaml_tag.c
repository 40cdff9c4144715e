#include "read/yaml_tag.h"

#include <string.h>
#include <yaml.h>

NodeKind yaml_tag_kind(Str tag) {
    static const struct {
        const char *tag;
        NodeKind kind;
    } tags[] = {
        {"!", NODE_STRING},
        {YAML_STR_TAG, NODE_STRING},
        {YAML_INT_TAG, NODE_NUMBER},
        {YAML_FLOAT_TAG, NODE_NUMBER},
        {YAML_BOOL_TAG, NODE_BOOLEAN},
        {YAML_NULL_TAG, NODE_NULL},
        {YAML_SEQ_TAG, NODE_SEQUENCE},
        {YAML_MAP_TAG, NODE_MAPPING},
    };
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        if (str_equal(tag, str_of(tags[i].tag))) return tags[i].kind;
    }
    return NODE_NONE;
}

const YamlTag *yaml_tag_find(const YamlTags *tags, Str tag) {
    for (size_t i = 0; tags != NULL && i < tags->count; i++) {
        if (str_equal(tag, tags->items[i].tag)) return &tags->items[i];
    }
    return NULL;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

Span yaml_tag_span(Span node) {
    Str text = node.source->text;
    size_t begin = str_find_byte(text, '!', node.begin), end = begin;
    while (end < text.length && strchr(" \t\r\n,[]{}", text.data[end]) == NULL) end++;
    return (Span){node.source, (uint32_t)begin, (uint32_t)end};
}

static size_t skip_blanks_and_comments(Str text, size_t at, size_t end) {
    while (at < end && (is_blank(text.data[at]) || text.data[at] == '#')) {
        bool comment = text.data[at] == '#';
        while (comment && at < end && text.data[at] != '\n' && text.data[at] != '\r') at++;
        if (at < end && !comment) at++;
    }
    return at;
}

Span yaml_value_span(Span node) {
    Str text = node.source->text;
    size_t at = node.begin;
    while (at < node.end && (text.data[at] == '!' || text.data[at] == '&')) {
        while (at < node.end && !is_blank(text.data[at])) at++;
        at = skip_blanks_and_comments(text, at, node.end);
    }
    return (Span){node.source, (uint32_t)at, node.end};
}
