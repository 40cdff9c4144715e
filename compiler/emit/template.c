#include "emit/context.h"
#include "emit/emit.h"
#include "emit/json.h"
#include "emit/skeleton.h"
#include "emit/yaml.h"
#include "model/embedded.h"
#include "model/quota.h"

// Adds the members of each section of a part to the same section of the template.
static bool merge_part(const Emission *e, TreeBuilder *builder, uint32_t template, Node part,
                       Span asked) {
    NODE_EACH(section, part) {
        Node target = node_get((Node){&builder->tree, template}, node_key_text(section));
        uint32_t id = target.id;
        if (!node_exists(target)) {
            id = tree_mapping(builder);
            tree_put(builder, template, node_key_text(section), id);
        }
        NODE_EACH(member, section) {
            Str key = node_key_text(member);
            if (node_exists(node_get((Node){&builder->tree, id}, key))) {
                diag_report(e->diags, MSG_TEMPLATE_ERROR, asked,
                            "the template has two members '%.*s'", STR_ARG(key));
                return false;
            }
            tree_put(builder, id, key, tree_copy(builder, member));
        }
    }
    return true;
}

static bool add_part(const Emission *e, TreeBuilder *builder, uint32_t template, Node context,
                     const TemplatePart *part) {
    Str path = str_format(e->arena, "templates/%.*s", STR_ARG(part->name));
    Node skeleton = embedded_root(path);
    if (!node_exists(skeleton)) {
        diag_report(e->diags, MSG_BUNDLE_REFERENCE, part->asked, "there is no template part '%.*s'",
                    STR_ARG(part->name));
        return false;
    }
    TreeBuilder *scratch = ARENA_NEW(e->arena, TreeBuilder);
    tree_begin(scratch, e->arena, NULL);
    Node with_parameters = template_part_context(e->arena, context, part->parameters);
    uint32_t filled = skeleton_fill(scratch, e->diags, skeleton, with_parameters);
    return filled != 0 &&
           merge_part(e, builder, template, (Node){&scratch->tree, filled}, part->asked);
}

static bool check_limit(const Emission *e, QuotaId id, size_t value, const char *what) {
    size_t limit = (size_t)quota(id);
    if (value <= limit) return true;
    Diagnostic *d =
        diag_report(e->diags, MSG_TEMPLATE_LIMIT, node_key_span(node_first(e->manifest->root)),
                    "the template has %zu %s, more than CloudFormation's %zu", value, what, limit);
    diag_note(e->diags, d, NO_SPAN, "the quota is '%s'", quota_name(id));
    return false;
}

static bool check_counts(const Emission *e, Node template) {
    static const struct {
        QuotaId quota;
        const char *section;
        const char *what;
    } counts[] = {
        {QUOTA_TEMPLATE_RESOURCES, "Resources", "resources"},
        {QUOTA_TEMPLATE_PARAMETERS, "Parameters", "parameters"},
        {QUOTA_TEMPLATE_OUTPUTS, "Outputs", "outputs"},
    };
    bool ok =
        check_limit(e, QUOTA_TEMPLATE_DESCRIPTION_BYTES,
                    node_text(NODE_GET(template, "Description")).length, "bytes of description");
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        size_t count = node_count(node_get(template, str_of(counts[i].section)));
        ok &= check_limit(e, counts[i].quota, count, counts[i].what);
    }
    return ok;
}

static bool check_bytes(const Emission *e, size_t bytes) {
    size_t inline_limit = (size_t)quota(QUOTA_TEMPLATE_INLINE_BYTES);
    if (!check_limit(e, QUOTA_TEMPLATE_BYTES, bytes, "bytes")) return false;
    if (bytes <= inline_limit) return true;
    Diagnostic *d =
        diag_report(e->diags, MSG_TEMPLATE_NOT_INLINE, node_key_span(node_first(e->manifest->root)),
                    "the template has %zu bytes; above %zu it must be uploaded to S3 first", bytes,
                    inline_limit);
    return d == NULL || d->severity != SEVERITY_ERROR;
}

bool emit_template(const Emission *e) {
    TreeBuilder *builder = ARENA_NEW(e->arena, TreeBuilder);
    tree_begin(builder, e->arena, NULL);
    Node context = template_context(e->arena, e->manifest, e->selection);
    uint32_t id =
        skeleton_fill(builder, e->diags, embedded_root(STR("templates/stack.yaml")), context);
    if (id == 0) return false;
    for (size_t i = 0; i < e->selection->template_parts.count; i++) {
        if (!add_part(e, builder, id, context, &e->selection->template_parts.items[i]))
            return false;
    }
    Node template = {&builder->tree, id};
    bool json = e->manifest->json_template;
    Artifact artifact = {.kind = ARTIFACT_TEMPLATE,
                         .name = json ? STR("template.json") : STR("template.yaml"),
                         .bytes = json ? json_pretty(e->arena, template)
                                       : yaml_text(e->arena, template)};
    VEC_PUSH(e->arena, e->artifacts, artifact);
    bool ok = check_counts(e, template);
    return check_bytes(e, artifact.bytes.length) && ok;
}
