#include "emit/limits.h"

#include "emit/json.h"
#include "emit/yaml.h"
#include "model/quota.h"

Artifact template_artifact(const Emission *e, ArtifactKind kind, Str stem, Node template) {
    bool json = e->manifest->json_template;
    return (Artifact){
        .kind = kind,
        .name = str_format(e->arena, "%.*s.%s", STR_ARG(stem), json ? "json" : "yaml"),
        .bytes = json ? json_pretty(e->arena, template) : yaml_text(e->arena, template),
        .root = template};
}

static Span manifest_span(const Emission *e) {
    return node_key_span(node_first(e->manifest->root));
}

static bool check_limit(const Emission *e, QuotaId id, size_t value, const char *what,
                        const char *unit) {
    size_t limit = (size_t)quota(id);
    if (value <= limit) return true;
    Diagnostic *d =
        diag_report(e->diags, MSG_TEMPLATE_LIMIT, manifest_span(e),
                    "%s has %zu %s, more than CloudFormation's %zu", what, value, unit, limit);
    diag_note(e->diags, d, NO_SPAN, "the quota is '%s'", quota_name(id));
    return false;
}

// A skeleton of the user's may come to none.
static bool check_resources(const Emission *e, Node template, const char *what) {
    Node resources = NODE_GET(template, "Resources");
    if (node_kind(resources) == NODE_MAPPING && node_count(resources) != 0) return true;
    Node place = node_exists(resources) ? resources : node_first(template);
    diag_report(e->diags, MSG_TEMPLATE_ERROR, node_key_span(place), "%s has no Resources", what);
    return false;
}

bool template_within_limits(const Emission *e, Node template, size_t bytes, const char *what) {
    static const struct {
        QuotaId quota;
        const char *section;
        const char *unit;
    } counts[] = {
        {QUOTA_TEMPLATE_RESOURCES, "Resources", "resources"},
        {QUOTA_TEMPLATE_PARAMETERS, "Parameters", "parameters"},
        {QUOTA_TEMPLATE_OUTPUTS, "Outputs", "outputs"},
    };
    if (!check_resources(e, template, what)) return false;
    size_t described = node_text(NODE_GET(template, "Description")).length;
    bool ok =
        check_limit(e, QUOTA_TEMPLATE_DESCRIPTION_BYTES, described, what, "bytes of description");
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        size_t count = node_count(node_get(template, str_of(counts[i].section)));
        ok &= check_limit(e, counts[i].quota, count, what, counts[i].unit);
    }
    return check_limit(e, QUOTA_TEMPLATE_BYTES, bytes, what, "bytes") && ok;
}

bool template_may_fit(const Emission *e, size_t least, Node because, const char *what) {
    size_t limit = (size_t)quota(QUOTA_TEMPLATE_BYTES);
    if (least <= limit) return true;
    Diagnostic *d = diag_report(e->diags, MSG_TEMPLATE_LIMIT, node_key_span(because),
                                "%s would have at least %zu bytes, more than CloudFormation's %zu",
                                what, least, limit);
    diag_note(e->diags, d, NO_SPAN, "the quota is '%s'", quota_name(QUOTA_TEMPLATE_BYTES));
    return false;
}

bool template_fits_inline(const Emission *e, size_t bytes, const char *what) {
    size_t limit = (size_t)quota(QUOTA_TEMPLATE_INLINE_BYTES);
    if (bytes <= limit) return true;
    Diagnostic *d = diag_report(e->diags, MSG_TEMPLATE_NOT_INLINE, manifest_span(e),
                                "%s has %zu bytes; above %zu it must be uploaded to S3 first", what,
                                bytes, limit);
    return d == NULL || d->severity != SEVERITY_ERROR;
}
