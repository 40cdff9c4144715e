#include "granting.h"

#include "command/diff.h"
#include "lint/lint.h"

void granting_lint(Fuzz *fuzz, const RoleDocumentsVec *roles) {
    lint_roles(&fuzz->arena, &fuzz->diags, roles, NULL);
    Str once = fuzz_messages(fuzz);
    size_t count = fuzz->diags.items.count;
    lint_roles(&fuzz->arena, &fuzz->diags, roles, NULL);
    FUZZ_REQUIRE(fuzz->diags.items.count == count, "lint finds the same again");
    FUZZ_REQUIRE(once.length > 0, "every format says something");
}

static bool is_good(const Imported *imported) {
    for (size_t i = 0; i < imported->roles.count; i++) {
        const DocumentVec *documents = &imported->roles.items[i].documents;
        for (size_t k = 0; k < documents->count; k++) {
            if (node_exists(documents->items[k].bad)) return false;
        }
    }
    return true;
}

static void render(Fuzz *fuzz, const DiffReport *report) {
    static DiffRender *const forms[] = {diff_render_text, diff_render_json, diff_render_markdown};
    DiffReportVec reports = {0};
    VEC_PUSH(&fuzz->arena, &reports, *report);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        StrBuf out = strbuf_new(&fuzz->arena);
        forms[i](&fuzz->arena, &reports, &out);
        FUZZ_REQUIRE(out.length > 0, "a report says something");
        if (forms[i] == diff_render_json)
            FUZZ_REQUIRE(node_exists(fuzz_reread(fuzz, "report.json", strbuf_str(&out))),
                         "a report is JSON");
    }
}

void granting_compare(Fuzz *fuzz, const Imported *old, const Imported *new) {
    Run run = {.arena = &fuzz->arena, .diags = &fuzz->diags};
    Input left = {.path = STR("old"), .kind = INPUT_TEMPLATE, .imported = *old};
    Input right = {.path = STR("new"), .kind = INPUT_TEMPLATE, .imported = *new};
    DiffReport report = {.sides = {&left, &right}};
    if (!is_good(old)) return;
    run.out = strbuf_new(&fuzz->arena);
    run.err = strbuf_new(&fuzz->arena);
    diff_bind(&fuzz->arena, &left, &right, &report.bindings);
    if (!diff_compare(&run, &fuzz->arena, &report)) return;
    FUZZ_REQUIRE(!diff_has(&report, TURN_GAINED, TURN_MAY_GAIN), "nothing is gained by itself");
    FUZZ_REQUIRE(!diff_has(&report, TURN_LOST, TURN_MAY_LOSE), "nothing is lost by itself");
    render(fuzz, &report);
}
