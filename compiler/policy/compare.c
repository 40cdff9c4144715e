#include "policy/compare.h"

#include "model/arn.h"
#include "policy/texts.h"

enum {
    MOST_DIVISIONS = 1024, // of all classes together, by the values of their conditions
    PAIR_STEPS = 16        // what comparing two classes costs, their patterns aside
};

typedef struct Work {
    Matcher *matcher;
    Arena passing; // emptied for each class
    const Access *other;
    Texts texts; // of both sides
    Difference *result;
    size_t divisions; // that may still be made
    ActionSet scratch;
    // Of the class at hand: what one class of the other side may have a part of, what several may,
    // and what such a class may that can give more together with others.
    ActionSet once, twice, adding;
    MeetingVec meetings;         // the same classes, where the class at hand may have foreign texts
    ActionSet kept[DOUBT_COUNT]; // of the last change with that doubt, for changes to share
    StrVec kept_texts[DOUBT_COUNT]; // the same
} Work;

// What the other side leaves of a class, or of the part of it that meets stricter tests.
typedef struct Rest {
    const AccessClass *class;
    const Tests *tests;
    ActionSet actions;
    ActionSet doubtful[DOUBT_COUNT]; // what of them may be covered, by the reason; the first unused
    LeftTextVec texts;               // what the catalogue lacks
    ActionTextList future;           // patterns that match what others do not, and will match more
    size_t parts;                    // classes of the other side that may have a part of it
} Rest;

typedef VEC(Rest) RestVec;

// --- one class against one ---

static Truth class_covers(Matcher *matcher, const AccessClass *whole, const Rest *rest,
                          Doubt *ret_doubt) {
    Truth truth = scope_covers(matcher, &whole->resource, &rest->class->resource);
    if (truth != TRUTH_NO)
        truth = truth_and(truth, scope_covers(matcher, &whole->principal, &rest->class->principal));
    if (truth == TRUTH_NO) return TRUTH_NO;
    Truth condition = tests_imply(matcher, rest->tests, whole->tests);
    *ret_doubt = condition != TRUTH_UNKNOWN ? DOUBT_RESOURCE
                 : whole->open              ? DOUBT_ACTION
                                            : DOUBT_CONDITION;
    if (matcher->steps == 0) *ret_doubt = DOUBT_EFFORT;
    return truth_and(truth, condition);
}

static bool is_apart(Matcher *matcher, const AccessClass *class, const Rest *rest) {
    return tests_are_apart(class->tests, rest->tests) ||
           scope_is_disjoint(matcher, &class->resource, &rest->class->resource) ||
           scope_is_disjoint(matcher, &class->principal, &rest->class->principal);
}

// Whether classes of this sort can give more together than each alone.
static bool can_add_up(const AccessClass *class) {
    return class->resource.excluded || class->principal.excluded || tests_complement(class->tests);
}

// --- one class against all ---

static bool is_covered(const Rest *rest) {
    return rest->texts.count == 0 && action_set_is_empty(rest->actions);
}

// Whether they have no action in common, as is plain where they are of other services.
static bool are_of_others(const AccessClass *a, const AccessClass *b) {
    return a->empty || b->empty || a->last < b->first || b->last < a->first;
}

// Of a set what lies around the actions of a class, which is not empty.
static ActionSet around(const AccessClass *class, ActionSet set) {
    return action_set_between(set, class->first, class->last);
}

// A class whose actions are of the same services, and that has a part, or may have all. Parts of
// one action can add up to the whole.
static void note_part(Work *work, const AccessClass *class, Rest *rest) {
    ActionSet actions = around(class, class->actions);
    matcher_spend(work->matcher, actions.word_count);
    if (!class_has_any(class, rest->class->actions)) return;
    action_set_tally(around(class, work->once), around(class, work->twice), actions);
    if (can_add_up(class)) action_set_unite(around(class, work->adding), actions);
    rest->parts++;
}

static void take_away(Work *work, const AccessClass *class, Rest *rest, ClassVec *covering) {
    matcher_spend(work->matcher, rest->actions.word_count);
    action_set_subtract(rest->actions, class->actions);
    VEC_PUSH(work->matcher->arena, covering, class);
}

// The class of the same sort needs no comparison, and is nearly always the one that matters.
static const AccessClass *find_twin(const Work *work, const Rest *rest) {
    uint32_t index = 0;
    if (rest->tests != rest->class->tests) return NULL;
    if (!strmap_get(&work->other->by_key, rest->class->key, &index)) return NULL;
    return work->other->classes.items[index];
}

// Whether both may have an action that the catalogue lacks.
static bool have_more(const Work *work, const AccessClass *class, const Rest *rest) {
    return work->texts.foreign.count > 0 && class->more && rest->class->more;
}

static void compare_with(Work *work, const AccessClass *class, Rest *rest, ClassVec *covering) {
    Doubt doubt = DOUBT_EFFORT;
    matcher_spend(work->matcher, PAIR_STEPS);
    Truth truth = class_covers(work->matcher, class, rest, &doubt);
    bool of_others = are_of_others(class, rest->class), more = have_more(work, class, rest);
    if (truth == TRUTH_YES) {
        take_away(work, class, rest, covering);
        return;
    }
    if ((of_others && !more) || (truth == TRUTH_NO && is_apart(work->matcher, class, rest))) return;
    if (truth == TRUTH_NO) doubt = DOUBT_NONE;
    if (more)
        VEC_PUSH(work->matcher->arena, &work->meetings,
                 ((Meeting){class, doubt, can_add_up(class)}));
    if (of_others) return;
    if (doubt != DOUBT_NONE)
        action_set_unite(around(class, rest->doubtful[doubt]), around(class, class->actions));
    note_part(work, class, rest);
}

// The same for texts as compare_with and subtract_all do for actions.
static void settle_texts(Work *work, Rest *rest) {
    for (size_t i = 0; i < rest->texts.count; i++) {
        LeftText *left = &rest->texts.items[i];
        if (rest->class->open) left->doubt = DOUBT_ACTION;
        rest->parts += texts_settle(work->matcher, &work->meetings, left);
    }
}

// Takes away what single classes cover. What several have a part of, and could have all of
// together, is in doubt; so is everything that there was no time to look at.
static void subtract_all(Work *work, Rest *rest) {
    const AccessClass *twin = find_twin(work, rest);
    ClassVec covering = {0};
    if (twin != NULL) {
        take_away(work, twin, rest, &covering);
        texts_find(&work->texts, rest->class, &covering, &rest->texts, &rest->future);
        if (is_covered(rest) && rest->future.count == 0) return;
    }
    AccessSearch near = access_near(work->other, rest->class->effect, rest->class, rest->tests);
    const AccessClass *class = NULL;
    while (work->matcher->steps > 0 && (class = access_next(&near)) != NULL) {
        if (class != twin) compare_with(work, class, rest, &covering);
    }
    if (work->matcher->steps == 0)
        action_set_unite(rest->doubtful[DOUBT_EFFORT], rest->class->actions);
    action_set_unite(rest->doubtful[DOUBT_TOGETHER], work->twice);
    action_set_intersect(rest->doubtful[DOUBT_TOGETHER], work->adding);
    if (rest->class->open) action_set_unite(rest->doubtful[DOUBT_ACTION], rest->class->actions);
    texts_find(&work->texts, rest->class, &covering, &rest->texts, &rest->future);
    settle_texts(work, rest);
}

static void compare_rest(Work *work, const Tests *tests, Rest *rest) {
    action_set_clear(rest->actions);
    action_set_unite(rest->actions, rest->class->actions);
    for (unsigned d = 0; d < DOUBT_COUNT; d++) action_set_clear(rest->doubtful[d]);
    rest->tests = tests;
    action_set_clear(work->once);
    action_set_clear(work->twice);
    action_set_clear(work->adding);
    rest->texts.count = rest->future.count = rest->parts = work->meetings.count = 0;
    subtract_all(work, rest);
}

static Rest rest_new(Arena *arena, const AccessClass *class) {
    Rest rest = {.class = class, .actions = action_set_new(arena)};
    for (unsigned d = 0; d < DOUBT_COUNT; d++) rest.doubtful[d] = action_set_new(arena);
    return rest;
}

// --- division ---

static size_t first_divisible(const Tests *tests) {
    size_t i = 0;
    while (i < tests->items.count && !test_is_divisible(&tests->items.items[i])) i++;
    return i;
}

static bool same_rest(const Rest *a, const Rest *b) {
    bool same = action_set_equal(a->actions, b->actions) && a->texts.count == b->texts.count;
    for (unsigned d = 0; d < DOUBT_COUNT; d++)
        same = same && action_set_equal(a->doubtful[d], b->doubtful[d]);
    for (size_t i = 0; same && i < a->texts.count; i++)
        same = a->texts.items[i].text == b->texts.items[i].text &&
               a->texts.items[i].doubt == b->texts.items[i].doubt;
    return same;
}

static void divide(Work *work, const Rest *rest, RestVec *ret_rests);

// Rests with one value each, of a test that has several; and which values these are.
typedef struct Parts {
    RestVec rests;
    VEC(StrVec) values;
} Parts;

static void add_part(Arena *arena, Parts *parts, const Rest *rest, Str value) {
    StrVec one = {0};
    for (size_t i = 0; i < parts->rests.count; i++) {
        if (!same_rest(&parts->rests.items[i], rest)) continue;
        VEC_PUSH(arena, &parts->values.items[i], value);
        return;
    }
    VEC_PUSH(arena, &one, value);
    VEC_PUSH(arena, &parts->rests, *rest);
    VEC_PUSH(arena, &parts->values, one);
}

static const Tests *narrowed(Work *work, const Rest *rest, size_t index, const StrVec *values) {
    Tests *tests = ARENA_NEW(work->matcher->arena, Tests);
    tests_narrow(work->matcher, rest->tests, index, values, tests);
    return tests;
}

// What is left for each value of the test at `index`. Values of which the same is left are put
// together again, unless other tests had to be divided for them.
static void divide_at(Work *work, const Rest *rest, size_t index, RestVec *ret_rests) {
    Arena *arena = work->matcher->arena;
    const StrVec *values = &rest->tests->items.items[index].texts;
    Parts parts = {0};
    for (size_t i = 0; i < values->count; i++) {
        const StrVec one = {&values->items[i], 1, 1};
        RestVec left = {0};
        Rest part = rest_new(arena, rest->class);
        compare_rest(work, narrowed(work, rest, index, &one), &part);
        divide(work, &part, &left);
        bool whole =
            left.count == 1 && str_equal(left.items[0].tests->identity, part.tests->identity);
        if (whole) add_part(arena, &parts, &left.items[0], values->items[i]);
        for (size_t k = 0; !whole && k < left.count; k++) VEC_PUSH(arena, ret_rests, left.items[k]);
    }
    for (size_t i = 0; i < parts.rests.count; i++) {
        Rest *part = &parts.rests.items[i];
        part->tests = narrowed(work, rest, index, &parts.values.items[i]);
        VEC_PUSH(arena, ret_rests, *part);
    }
}

// Whether all that a pattern matches today is certainly given by the other side as well; else the
// change tells of it.
static bool is_shared(Work *work, const Rest *rest, Str pattern) {
    ActionSets *sets = work->matcher->sets;
    ActionSet own = work->scratch, known;
    matcher_spend(work->matcher, own.word_count);
    action_set_clear(own);
    if (pattern.length == 0)
        action_set_unite(own, rest->class->actions);
    else if (sets != NULL && action_sets_find(sets, pattern, &known))
        action_set_unite(own, known);
    else
        action_set_add_pattern(own, pattern);
    action_set_intersect(own, rest->class->actions);
    return !action_set_is_empty(own) && !action_set_overlaps(own, rest->actions);
}

static void note_future(Work *work, const Rest *rest) {
    for (size_t i = 0; i < rest->future.count && work->matcher->steps > 0; i++) {
        const ActionText *text = rest->future.items[i];
        Str pattern = text == NULL ? (Str){0} : text->item.text;
        if (is_shared(work, rest, pattern) && texts_note(&work->texts, text))
            VEC_PUSH(work->matcher->arena, &work->result->future, pattern);
    }
}

// Each division costs as much as the lists that it copies.
static bool may_divide(Work *work, const Rest *rest, size_t index) {
    size_t cost =
        rest->tests->items.items[index].texts.count *
        (1 + (rest->texts.count + rest->future.count) / 16 + rest->tests->items.count / 4);
    if (cost > work->divisions) return false;
    work->divisions -= cost;
    return true;
}

// What is left of a rest when it is divided by the values of its conditions: the other side may
// give each value in a statement of its own.
static void divide(Work *work, const Rest *rest, RestVec *ret_rests) {
    size_t index = first_divisible(rest->tests);
    bool settled = is_covered(rest) || rest->parts == 0 || index == rest->tests->items.count;
    bool stopped = !settled && !may_divide(work, rest, index);
    if (!settled && !stopped) {
        divide_at(work, rest, index, ret_rests);
        return;
    }
    note_future(work, rest);
    if (is_covered(rest)) return;
    if (stopped) action_set_unite(rest->doubtful[DOUBT_EFFORT], rest->actions);
    VEC_PUSH(work->matcher->arena, ret_rests, *rest);
}

// --- the difference ---

// A set has a bit for each action of the catalogue, and most changes are of the same actions.
static ActionSet shared_actions(Work *work, ActionSet actions, Doubt doubt) {
    ActionSet *kept = &work->kept[doubt];
    if (kept->words == NULL || !action_set_equal(*kept, actions))
        *kept = action_set_copy(work->matcher->arena, actions);
    return *kept;
}

static bool same_texts(const StrVec *a, const StrVec *b) {
    if (a->count != b->count) return false;
    for (size_t i = 0; i < a->count; i++) {
        if (!str_equal(a->items[i], b->items[i])) return false;
    }
    return true;
}

// The texts that are left with that doubt; with no steps left nothing is certain.
static StrVec shared_texts(Work *work, const Rest *rest, Doubt doubt) {
    StrVec *kept = &work->kept_texts[doubt], texts = {0};
    bool exhausted = work->matcher->steps == 0;
    arena_reset(&work->passing);
    for (size_t i = 0; i < rest->texts.count; i++) {
        const LeftText *left = &rest->texts.items[i];
        if ((exhausted ? DOUBT_EFFORT : left->doubt) == doubt)
            VEC_PUSH(&work->passing, &texts, left->text->item.text);
    }
    if (texts.count == 0 || same_texts(kept, &texts)) return texts.count == 0 ? texts : *kept;
    *kept = (StrVec){0};
    for (size_t i = 0; i < texts.count; i++) VEC_PUSH(work->matcher->arena, kept, texts.items[i]);
    return *kept;
}

static void add_change(Work *work, const Rest *rest, ActionSet actions, Doubt doubt) {
    StrVec texts = shared_texts(work, rest, doubt);
    if (texts.count == 0 && action_set_is_empty(actions)) return;
    AccessChange change = {rest->class, rest->tests, shared_actions(work, actions, doubt), texts,
                           doubt};
    VEC_PUSH(work->matcher->arena, &work->result->changes, change);
}

// What is certain first, then what is in doubt; each action once.
static void add_changes(Work *work, const Rest *rest) {
    ActionSet left = rest->actions;
    for (unsigned d = DOUBT_NONE; d < DOUBT_COUNT; d++) {
        action_set_clear(work->scratch);
        action_set_unite(work->scratch, left);
        if (d != DOUBT_NONE) action_set_intersect(work->scratch, rest->doubtful[d]);
        for (unsigned other = d + 1; d == DOUBT_NONE && other < DOUBT_COUNT; other++)
            action_set_subtract(work->scratch, rest->doubtful[other]);
        add_change(work, rest, work->scratch, (Doubt)d);
        action_set_subtract(left, work->scratch);
    }
}

void access_difference(Matcher *matcher, const Access *access, const Access *other,
                       Difference *ret_difference) {
    Arena *arena = matcher->arena;
    Work work = {.matcher = matcher,
                 .other = other,
                 .result = ret_difference,
                 .scratch = action_set_new(arena),
                 .once = action_set_new(arena),
                 .twice = action_set_new(arena),
                 .adding = action_set_new(arena),
                 .divisions = MOST_DIVISIONS};
    arena_init(&work.passing, arena->exhausted, arena->context);
    *ret_difference = (Difference){0};
    texts_make(matcher, access, other, &work.texts);
    Rest rest = rest_new(arena, NULL);
    RestVec rests = {0};
    for (size_t i = 0; i < access->classes.count; i++) {
        rests.count = 0;
        rest.class = access->classes.items[i];
        compare_rest(&work, rest.class->tests, &rest);
        divide(&work, &rest, &rests);
        for (size_t k = 0; k < rests.count; k++) add_changes(&work, &rests.items[k]);
    }
    arena_free(&work.passing);
}
