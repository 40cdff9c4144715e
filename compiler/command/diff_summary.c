#include "command/diff.h"
#include "command/output.h"

// The name of a number of things, in the singular and the plural.
typedef struct Noun {
    const char *one, *many;
} Noun;

static void add_part(StrBuf *out, const char *separator, size_t count, Noun noun) {
    if (count == 0) return;
    strbuf_add_format(out, "%s%.*s %s", separator, STR_ARG(number_grouped(out->arena, count)),
                      count == 1 ? noun.one : noun.many);
}

// "12 actions (2 Permissions management, 10 Write)"
static void add_actions(StrBuf *out, const DiffCount *count) {
    size_t total = 0;
    const char *separator = " (";
    for (unsigned s = SUBJECT_PERMISSIONS; s <= SUBJECT_UNKNOWN; s++) total += count->actions[s];
    if (total == 0) return;
    add_part(out, " ", total, (Noun){"action", "actions"});
    for (unsigned s = SUBJECT_PERMISSIONS; s <= SUBJECT_UNKNOWN; s++) {
        if (count->actions[s] == 0) continue;
        Noun noun = {diff_subject_names[s], diff_subject_names[s]};
        if (s == SUBJECT_UNKNOWN) noun.one = noun.many = "not in the catalogue";
        add_part(out, separator, count->actions[s], noun);
        separator = ", ";
    }
    strbuf_add_byte(out, ')');
}

static void add_turn(StrBuf *out, const DiffCount *count, DiffTurn turn) {
    bool more = turn == TURN_GAINED || turn == TURN_MAY_GAIN;
    size_t before = out->length;
    struct {
        size_t count;
        Noun noun;
    } others[] = {
        {count->denials, more ? (Noun){"action denied no longer", "actions denied no longer"}
                              : (Noun){"action denied now", "actions denied now"}},
        {count->trusts, {"trusted principal", "trusted principals"}},
        {count->actions[SUBJECT_MANAGED], {"managed policy", "managed policies"}},
        {count->actions[SUBJECT_BOUNDARY],
         more ? (Noun){"permissions boundary dropped", "permissions boundaries dropped"}
              : (Noun){"permissions boundary set", "permissions boundaries set"}},
    };
    add_actions(out, count);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        add_part(out, out->length > before ? ", " : " ", others[i].count, others[i].noun);
    if (out->length == before) strbuf_add(out, STR(" none"));
}

static void add_counts(DiffCount *sum, const DiffCount *count) {
    for (unsigned s = 0; s < SUBJECT_COUNT; s++) sum->actions[s] += count->actions[s];
    sum->trusts += count->trusts;
    sum->denials += count->denials;
}

static size_t count_all(const DiffCount *count) {
    size_t all = count->trusts + count->denials;
    for (unsigned s = 0; s < SUBJECT_COUNT; s++) all += count->actions[s];
    return all;
}

bool diff_has(const DiffReport *report, DiffTurn first, DiffTurn second) {
    return count_all(&report->counts[first]) + count_all(&report->counts[second]) > 0;
}

bool diff_is_inconsistent(const DiffReport *report) {
    bool differs = false;
    for (unsigned s = 0; s < 2; s++)
        differs |= report->sides[s] != NULL && report->sides[s]->differs;
    return differs;
}

bool diff_is_partial(const DiffReport *report) {
    return report->is_partial || report->reaches.count > 0;
}

bool diff_is_equal(const DiffReport *report) {
    return !diff_is_inconsistent(report) && !diff_is_partial(report) &&
           !diff_has(report, TURN_GAINED, TURN_MAY_GAIN) &&
           !diff_has(report, TURN_LOST, TURN_MAY_LOSE);
}

// What else differs than what is compared, in words; empty where nothing does.
static Str partial_words(Arena *arena, const DiffReportVec *reports) {
    bool unread = false, reach = false;
    for (size_t i = 0; i < reports->count; i++) {
        unread |= reports->items[i].is_partial;
        reach |= reports->items[i].reaches.count > 0;
    }
    return str_format(
        arena, "%s%s",
        unread ? "; what was not read is not the same, and may grant more or less" : "",
        reach ? "; whom or what policies reach is not the same, and may be more or less" : "");
}

static const char *equal_words(const DiffReportVec *reports) {
    for (size_t i = 0; i < reports->count; i++) {
        if (diff_is_inconsistent(&reports->items[i]))
            return "no difference between the templates, but one to the policy files beside them";
    }
    bool unread = false, any = false;
    for (size_t i = 0; i < reports->count; i++) {
        unread |= reports->items[i].is_partial;
        any |= diff_is_partial(&reports->items[i]);
    }
    return unread ? "no difference in what was read"
           : any  ? "no difference in what policies say"
                  : "no difference in what is granted";
}

Str diff_summary(Arena *arena, const DiffReportVec *reports) {
    StrBuf out = strbuf_new(arena);
    const char *separator = "";
    size_t all = 0;
    for (unsigned t = 0; t < TURN_COUNT; t++) {
        bool in_doubt = t == TURN_MAY_GAIN || t == TURN_MAY_LOSE;
        DiffCount sum = {0};
        for (size_t i = 0; i < reports->count; i++) add_counts(&sum, &reports->items[i].counts[t]);
        all += count_all(&sum);
        if (in_doubt && count_all(&sum) == 0) continue;
        strbuf_add_format(&out, "%s%s:", separator, diff_turn_names[t]);
        add_turn(&out, &sum, (DiffTurn)t);
        separator = "; ";
    }
    if (all == 0) {
        out.length = 0;
        strbuf_add(&out, str_of(equal_words(reports)));
    }
    strbuf_add(&out, partial_words(arena, reports));
    return strbuf_str(&out);
}
