// Rewriting statements, against a naive evaluator: what is asked for is (effect, action, resource,
// value of a condition key), each answered by comparing every text by recursion. Thousands of
// random policies, the same on every run.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "memory.h"
#include "model/catalogue.h"
#include "policy/minimise.h"
#include "policy/normalise.h"
#include "policy/same.h"
#include "policy/wildcards.h"

enum { RANDOM_POLICIES = 1200, RANDOM_SHORTEST = 500, MOST_ACTIONS = 128 };
enum { RESOURCES = 6, VALUES = 4, EFFECTS = 2 };

// Services with few actions, so that random lists come near to all of them.
static const char *const services[] = {"sts", "sqs", "batch"};
// Actions that AWS might add.
static const char *const future[] = {"sqs:ListQueueNews", "sts:AssumeRoleOften", "batch:SubmitTask",
                                     "sqs:Purge", "none:Such"};
static const char *const resources[RESOURCES] = {
    "arn:aws:sqs:eu-west-1:1:a",  "arn:aws:sqs:eu-west-1:1:ab", "arn:aws:sqs:us-east-1:1:a",
    "arn:aws:batch:eu-west-1:1:", "arn:aws:sts::1:a",           "arn:aws:sts::1:${aws:username}"};
static const char *const values[VALUES] = {"a", "ab", "b", "${x}"};

// Every action that is asked for; those of today come first.
typedef struct Actions {
    Str items[MOST_ACTIONS];
    size_t count, today;
} Actions;

static Actions all_actions(void) {
    Actions all = {0};
    for (size_t s = 0; s < 3; s++) {
        ServiceId service = 0;
        assert_true(catalogue_find_service(str_of(services[s]), &service));
        for (size_t i = 0; i < service_action_count(service); i++) {
            assert_true(all.count < MOST_ACTIONS - 5);
            all.items[all.count++] = action_text(service_first_action(service) + (ActionId)i);
        }
    }
    all.today = all.count;
    for (size_t i = 0; i < 5; i++) all.items[all.count++] = str_of(future[i]);
    return all;
}

// --- the naive evaluator ---

typedef struct Granted {
    bool is[EFFECTS][RESOURCES][VALUES][MOST_ACTIONS];
} Granted;

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static Str tail(Str text) {
    return (Str){text.data + 1, text.length - 1};
}

// What IAM documents, without a thought for speed.
static bool matches(Str pattern, Str text, bool ignore_case) {
    if (pattern.length == 0) return text.length == 0;
    char p = pattern.data[0];
    if (p == '*')
        return matches(tail(pattern), text, ignore_case) ||
               (text.length > 0 && matches(pattern, tail(text), ignore_case));
    if (text.length == 0) return false;
    char t = text.data[0];
    bool same = p == '?' || p == t || (ignore_case && lower(p) == lower(t));
    return same && matches(tail(pattern), tail(text), ignore_case);
}

static bool any_matches(const StrVec *patterns, Str text, bool ignore_case) {
    for (size_t i = 0; i < patterns->count; i++) {
        if (matches(patterns->items[i], text, ignore_case)) return true;
    }
    return false;
}

// The only operators of these tests.
static bool holds(const Condition *condition, Str value) {
    bool negated = str_equal(condition->operator, STR("StringNotLike"));
    return any_matches(&condition->values, value, false) != negated;
}

static bool all_hold(const ConditionVec *conditions, Str value) {
    for (size_t i = 0; i < conditions->count; i++) {
        if (!holds(&conditions->items[i], value)) return false;
    }
    return true;
}

static void evaluate_statement(const Actions *all, const Statement *s, Granted *granted) {
    for (size_t a = 0; a < all->count; a++) {
        if (!any_matches(&s->actions, all->items[a], true)) continue;
        for (size_t r = 0; r < RESOURCES; r++) {
            if (!any_matches(&s->resources, str_of(resources[r]), false)) continue;
            for (size_t v = 0; v < VALUES; v++)
                granted->is[s->effect][r][v][a] |= all_hold(s->conditions, str_of(values[v]));
        }
    }
}

static Granted evaluate(const Actions *all, const StatementVec *statements) {
    Granted granted = {0};
    for (size_t i = 0; i < statements->count; i++)
        evaluate_statement(all, &statements->items[i], &granted);
    return granted;
}

// --- random policies ---

typedef struct Dice {
    Arena *arena;
    uint32_t seed;
    Actions all;
} Dice;

// Below `sides`; the same numbers on every machine.
static size_t roll(Dice *dice, size_t sides) {
    dice->seed = dice->seed * 1664525U + 1013904223U;
    return (dice->seed >> 8) % sides;
}

static Str bend(Dice *dice, Str text, size_t from) {
    char *copy = str_to_c(dice->arena, text);
    size_t at = from + roll(dice, text.length - from);
    switch (roll(dice, 6)) {
    case 0: // cut off
        copy[at] = '*';
        return str_slice(str_of(copy), 0, at + 1);
    case 1:
        copy[at] = '?';
        return str_of(copy);
    case 2:
        copy[at] = '*';
        return str_of(copy);
    case 3:
        copy[at] = lower(copy[at]);
        return str_of(copy);
    case 4:
        return str_format(dice->arena, "%s*", copy);
    default:
        return text;
    }
}

static Str random_action(Dice *dice) {
    Str text = dice->all.items[roll(dice, dice->all.count)];
    size_t colon = str_find_byte(text, ':', 0) + 1;
    if (roll(dice, 60) == 0) return STR("*");
    if (roll(dice, 500) == 0) return STR("*:*Queue*");
    return roll(dice, 3) == 0 ? bend(dice, text, colon) : text;
}

static Str random_resource(Dice *dice) {
    Str text = str_of(resources[roll(dice, RESOURCES)]);
    if (roll(dice, 4) == 0) return STR("*");
    return roll(dice, 2) == 0 ? bend(dice, text, 12) : text;
}

static const ConditionVec *random_conditions(Dice *dice) {
    static const char *const operators[] = {"StringLike", "StringNotLike"};
    static const char *const patterns[] = {"a", "a*", "?", "*", "ab", "${x}", "????", "$*"};
    ConditionVec *result = ARENA_NEW(dice->arena, ConditionVec);
    if (roll(dice, 2) == 0) return result;
    Condition condition = {.operator= str_of(operators[roll(dice, 2)]), .key = STR("k")};
    for (size_t i = 0, count = 1 + roll(dice, 3); i < count; i++)
        VEC_PUSH(dice->arena, &condition.values, str_of(patterns[roll(dice, 8)]));
    VEC_PUSH(dice->arena, result, condition);
    return result;
}

static Statement random_statement(Dice *dice) {
    size_t count = 1 + roll(dice, 14), place = roll(dice, 1000000);
    Statement s = {.sid = STR("A"),
                   .effect = roll(dice, 4) == 0 ? EFFECT_DENY : EFFECT_ALLOW,
                   .given = ARENA_ARRAY(dice->arena, GivenVec, count),
                   .conditions = random_conditions(dice)};
    for (size_t i = 0; i < count; i++) {
        Given given = {random_action(dice), {.given = {NULL, (uint32_t)(place + i), 0}}};
        VEC_PUSH(dice->arena, &s.actions, given.action);
        VEC_PUSH(dice->arena, &s.given[i], given);
    }
    for (size_t i = 0, more = 1 + roll(dice, 3); i < more; i++)
        VEC_PUSH(dice->arena, &s.resources, random_resource(dice));
    return s;
}

// Some statements have what another one has, so that there is something to merge.
static StatementVec random_policy(Dice *dice) {
    StatementVec statements = {0};
    for (size_t i = 0, count = 1 + roll(dice, 6); i < count; i++) {
        Statement s = random_statement(dice);
        const Statement *other = i == 0 ? NULL : &statements.items[roll(dice, i)];
        if (other != NULL && roll(dice, 2) == 0) s.conditions = other->conditions;
        if (other != NULL && roll(dice, 2) == 0) s.resources = other->resources;
        if (other != NULL && roll(dice, 5) == 0) {
            s.actions = other->actions;
            s.given = other->given;
        }
        VEC_PUSH(dice->arena, &statements, s);
    }
    return statements;
}

static StatementVec normalised(Arena *arena, const StatementVec *statements) {
    StatementVec result = {0};
    for (size_t i = 0; i < statements->count; i++) {
        VEC_PUSH(arena, &result, statements->items[i]);
        statement_normalise(arena, &result.items[i]);
    }
    return result;
}

// --- what is compared ---

static size_t characters_of(const StrVec *texts) {
    size_t sum = 0;
    for (size_t i = 0; i < texts->count; i++) sum += texts->items[i].length + 3;
    return sum;
}

static size_t characters(const StatementVec *statements) {
    size_t sum = 0;
    for (size_t i = 0; i < statements->count; i++)
        sum += characters_of(&statements->items[i].actions) +
               characters_of(&statements->items[i].resources) + 40;
    return sum;
}

static void check_texts(const StrVec *a, const StrVec *b) {
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) assert_true(str_equal(a->items[i], b->items[i]));
}

static void check_equal(const StatementVec *a, const StatementVec *b) {
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        check_texts(&a->items[i].actions, &b->items[i].actions);
        check_texts(&a->items[i].resources, &b->items[i].resources);
        assert_int_equal(conditions_compare(a->items[i].conditions, b->items[i].conditions), 0);
    }
}

static void check_sorted(const StrVec *texts) {
    for (size_t i = 1; i < texts->count; i++)
        assert_true(str_compare(texts->items[i - 1], texts->items[i]) < 0);
}

static size_t count_given(const StatementVec *statements) {
    size_t sum = 0;
    for (size_t i = 0; i < statements->count; i++) {
        for (size_t k = 0; k < statements->items[i].actions.count; k++)
            sum += statements->items[i].given[k].count;
    }
    return sum;
}

// Each action stands for something, and for nothing that it does not match.
static void check_given(const Dice *dice, const StatementVec *statements) {
    for (size_t i = 0; i < statements->count; i++) {
        const Statement *s = &statements->items[i];
        for (size_t k = 0; k < s->actions.count; k++) {
            assert_true(s->given[k].count > 0);
            for (size_t g = 0; g < s->given[k].count; g++) {
                for (size_t a = 0; a < dice->all.count; a++) {
                    if (matches(s->given[k].items[g].action, dice->all.items[a], true))
                        assert_true(matches(s->actions.items[k], dice->all.items[a], true));
                }
            }
        }
    }
}

static void check_meaning(const Dice *dice, const StatementVec *before, const StatementVec *after) {
    static Granted was, is;
    was = evaluate(&dice->all, before);
    is = evaluate(&dice->all, after);
    assert_memory_equal(&was, &is, sizeof was);
}

typedef void Property(Dice *dice, const StatementVec *statements);

static void check_random(uint32_t seed, size_t count, Property *property) {
    const Actions all = all_actions();
    for (size_t i = 0; i < count; i++) {
        void *state = NULL;
        assert_int_equal(memory_set_up(&state), 0);
        Dice dice = {.arena = state, .seed = seed + (uint32_t)i, .all = all};
        StatementVec statements = random_policy(&dice);
        property(&dice, &statements);
        assert_int_equal(memory_tear_down(&state), 0);
    }
}

// --- the properties ---

static void normal_form(Dice *dice, const StatementVec *before) {
    StatementVec once = normalised(dice->arena, before), twice = normalised(dice->arena, &once);
    check_meaning(dice, before, &once);
    check_equal(&once, &twice);
    assert_true(characters(&once) <= characters(before));
    assert_int_equal(count_given(&once), count_given(before));
    check_given(dice, &once);
    for (size_t i = 0; i < once.count; i++) {
        check_sorted(&once.items[i].actions);
        check_sorted(&once.items[i].resources);
    }
}

static bool same_texts(const StrVec *a, const StrVec *b) {
    size_t i = 0;
    while (i < a->count && i < b->count && str_equal(a->items[i], b->items[i])) i++;
    return i == a->count && i == b->count;
}

static void merged(Dice *dice, const StatementVec *before) {
    StatementVec normal = normalised(dice->arena, before), after = normal;
    statements_merge(dice->arena, &after);
    check_meaning(dice, before, &after);
    assert_true(characters(&after) <= characters(&normal));
    assert_true(count_given(&after) >= count_given(&normal));
    check_given(dice, &after);
    for (size_t i = 0; i < after.count; i++) {
        for (size_t k = 0; k < i; k++) {
            const Statement *a = &after.items[i], *b = &after.items[k];
            if (a->effect != b->effect || conditions_compare(a->conditions, b->conditions) != 0)
                continue;
            assert_false(same_texts(&a->actions, &b->actions));
        }
    }
}

static void shortened(Dice *dice, const StatementVec *before) {
    StatementVec normal = normalised(dice->arena, before), after = normalised(dice->arena, before);
    Actions today = dice->all;
    StrVec made = {0};
    for (size_t i = 0; i < after.count; i++) statement_shorten(dice->arena, &after.items[i], &made);
    StatementVec again = normalised(dice->arena, &after);
    today.count = today.today;
    Dice of_today = {.arena = dice->arena, .all = today};
    check_meaning(&of_today, before, &after);
    check_equal(&after, &again);
    assert_true(characters(&after) <= characters(&normal));
    assert_int_equal(count_given(&after), count_given(&normal));
    check_given(dice, &after);
}

// statements_same never says yes where the evaluator says no, and notices what is taken away.
static void compared(Dice *dice, const StatementVec *before) {
    StatementVec bent = {0};
    Actions today = dice->all;
    static Granted was, is;
    today.count = today.today;
    for (size_t i = 0; i < before->count; i++) VEC_PUSH(dice->arena, &bent, before->items[i]);
    assert_true(statements_same(dice->arena, before, &bent));
    Statement *s = &bent.items[roll(dice, bent.count)];
    switch (roll(dice, 4)) {
    case 0:
        s->effect = s->effect == EFFECT_DENY ? EFFECT_ALLOW : EFFECT_DENY;
        break;
    case 1:
        s->actions.items = &s->actions.items[s->actions.count > 1];
        s->actions.count -= s->actions.count > 1;
        break;
    case 2:
        s->conditions = random_conditions(dice);
        break;
    default:
        s->resources.items = &s->resources.items[s->resources.count > 1];
        s->resources.count -= s->resources.count > 1;
        break;
    }
    was = evaluate(&today, before);
    is = evaluate(&today, &bent);
    if (memcmp(&was, &is, sizeof was) != 0)
        assert_false(statements_same(dice->arena, before, &bent));
}

// --- the shortest list ---

// The words of a name, said in another way than the code does: upper case after a letter of lower
// case or a digit, or the last upper case before lower case.
static bool word_ends(Str name, size_t at) {
    if (at == 0 || at == name.length) return true;
    char before = name.data[at - 1], c = name.data[at];
    char after = at + 1 < name.length ? name.data[at + 1] : 'A';
    if (c < 'A' || c > 'Z') return false;
    return before < 'A' || before > 'Z' || (after >= 'a' && after <= 'z');
}

// All wildcards that may be made of the actions: whole words of one that is listed.
static StrVec candidates(Dice *dice, const StrVec *actions) {
    StrVec result = {0};
    for (size_t i = 0; i < actions->count; i++) {
        Str text = actions->items[i];
        size_t colon = str_find_byte(text, ':', 0) + 1;
        Str name = str_slice(text, colon, text.length);
        for (size_t at = 0; at <= name.length; at++) {
            Str head = str_slice(text, 0, colon + at);
            bool widens = false, is_today = false;
            Str wildcard = str_format(dice->arena, "%.*s*", STR_ARG(head));
            for (size_t a = 0; a < dice->all.today; a++) {
                bool matched = matches(wildcard, dice->all.items[a], true);
                is_today |= matched;
                widens |= matched && !any_matches(actions, dice->all.items[a], true);
            }
            if (word_ends(name, at) && is_today && !widens)
                VEC_PUSH(dice->arena, &result, wildcard);
        }
    }
    strvec_sort_unique(&result);
    return result;
}

// The fewest characters of all choices among the candidates, with the actions that they leave.
static size_t fewest(const StrVec *actions, const StrVec *wildcards) {
    size_t best = SIZE_MAX;
    for (size_t choice = 0; choice < (size_t)1 << wildcards->count; choice++) {
        size_t sum = 0;
        for (size_t w = 0; w < wildcards->count; w++)
            sum += (choice >> w & 1) != 0 ? wildcards->items[w].length + 3 : 0;
        for (size_t i = 0; i < actions->count && sum < best; i++) {
            bool covered = false;
            for (size_t w = 0; w < wildcards->count && !covered; w++)
                covered =
                    (choice >> w & 1) != 0 && matches(wildcards->items[w], actions->items[i], true);
            sum += covered ? 0 : actions->items[i].length + 3;
        }
        if (sum < best) best = sum;
    }
    return best;
}

static void shortest(Dice *dice, const StatementVec *unused) {
    (void)unused;
    Statement s = {.conditions = ARENA_NEW(dice->arena, ConditionVec)};
    StrVec made = {0};
    size_t first = roll(dice, dice->all.today), count = 1 + roll(dice, 8);
    for (size_t i = 0; i < count; i++) {
        size_t at = roll(dice, 3) == 0 ? roll(dice, dice->all.today) : first + i;
        VEC_PUSH(dice->arena, &s.actions, dice->all.items[at % dice->all.today]);
    }
    statement_normalise(dice->arena, &s);
    StrVec wildcards = candidates(dice, &s.actions);
    if (wildcards.count > 14) return;
    size_t expected = fewest(&s.actions, &wildcards);
    statement_shorten(dice->arena, &s, &made);
    assert_int_equal(characters_of(&s.actions), expected);
    for (size_t i = 0; i < made.count; i++) {
        size_t k = 0;
        while (k < wildcards.count && !str_equal(wildcards.items[k], made.items[i])) k++;
        assert_true(k < wildcards.count);
    }
}

// --- examples ---

static StrVec words(Arena *arena, const char *text) {
    StrVec result = {0};
    Str all = str_of(text);
    for (size_t at = 0, end; at < all.length; at = end + 1) {
        end = str_find_byte(all, ' ', at);
        VEC_PUSH(arena, &result, str_slice(all, at, end));
    }
    return result;
}

static const char *joined(Arena *arena, const StrVec *texts) {
    StrBuf text = strbuf_new(arena);
    for (size_t i = 0; i < texts->count; i++)
        strbuf_add_format(&text, "%s%.*s", i == 0 ? "" : " ", STR_ARG(texts->items[i]));
    return str_to_c(arena, strbuf_str(&text));
}

static Statement statement_of(Arena *arena, const char *sid, const char *actions, const char *on) {
    return (Statement){.sid = str_of(sid),
                       .actions = words(arena, actions),
                       .resources = words(arena, on),
                       .conditions = ARENA_NEW(arena, ConditionVec)};
}

static void check_shortened(Arena *arena, const char *actions, const char *expected,
                            const char *made) {
    Statement s = statement_of(arena, "A", actions, "*");
    StrVec wildcards = {0};
    statement_normalise(arena, &s);
    statement_shorten(arena, &s, &wildcards);
    assert_string_equal(joined(arena, &s.actions), expected);
    assert_string_equal(joined(arena, &wildcards), made);
}

static void examples_of_wildcards(void **state) {
    Arena *arena = *state;
    // All actions that begin so, and all but one of them.
    check_shortened(arena, "iam:GetPolicy iam:GetPolicyVersion", "iam:GetPolicy*",
                    "iam:GetPolicy*");
    check_shortened(arena, "sts:AssumeRole sts:AssumeRoleWithSAML",
                    "sts:AssumeRole sts:AssumeRoleWithSAML", "");
    // One action by a shorter wildcard, never by a part of a word.
    check_shortened(arena, "sqs:PurgeQueue", "sqs:Purge*", "sqs:Purge*");
    check_shortened(arena, "iam:ListRoles", "iam:ListRoles", "");
    // What the bundle wrote stays, unless another one covers it.
    check_shortened(arena, "sqs:Del* sqs:DeleteQueue", "sqs:Del*", "");
    check_shortened(arena, "sts:*Session", "sts:*Session", "");
    check_shortened(arena,
                    "kms:Encr* sqs:A* sqs:C* sqs:D* sqs:G* sqs:L* sqs:P* sqs:R* sqs:S* "
                    "sqs:TagQueue sqs:UntagQueue",
                    "kms:Encr* sqs:*", "sqs:*");
    // What nobody knows, and a pattern over services.
    check_shortened(arena, "none:GetSuch none:Such sqs:No", "none:GetSuch none:Such sqs:No", "");
    check_shortened(arena, "*:GetQueueUrl sqs:PurgeQueue", "*:GetQueueUrl sqs:Purge*",
                    "sqs:Purge*");
    check_shortened(arena, "* sqs:PurgeQueue", "*", "");
}

// Words in which upper case stands together.
static void examples_of_words(void **state) {
    Arena *arena = *state;
    check_shortened(arena, "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithSAML", "");
    check_shortened(arena, "rds:DescribeDBSnapshotTenantDatabases", "rds:DescribeDBSnapshotTenant*",
                    "rds:DescribeDBSnapshotTenant*");
    check_shortened(arena, "rds:StartDBInstanceAutomatedBackupsReplication",
                    "rds:StartDBInstanceAutomated*", "rds:StartDBInstanceAutomated*");
    // DescribeIpam… and GetIPAMs are no examples in the catalogue; a plural is one word.
    check_shortened(arena, "iot:ListOTAUpdates", "iot:ListOTA*", "iot:ListOTA*");
}

static const char *sids_of_merged(Arena *arena, const Statement *a, const Statement *b) {
    StatementVec statements = {0};
    StrVec sids = {0};
    VEC_PUSH(arena, &statements, *a);
    VEC_PUSH(arena, &statements, *b);
    statements_merge(arena, &statements);
    for (size_t i = 0; i < statements.count; i++) VEC_PUSH(arena, &sids, statements.items[i].sid);
    return joined(arena, &sids);
}

static void check_sid(Arena *arena, const char *on, const char *expected) {
    Statement a = statement_of(arena, "A", "sqs:PurgeQueue", on);
    Statement b = statement_of(arena, "B", "sqs:TagQueue", on);
    assert_string_equal(sids_of_merged(arena, &a, &b), expected);
}

static void merged_statements_say_what_they_are_about(void **state) {
    Arena *arena = *state;
    check_sid(arena, "*", "AllowOnAnyResource");
    check_sid(arena, "arn:aws:s3:::a arn:aws:s3:::b", "AllowOnS3");
    check_sid(arena, "arn:aws:execute-api:::a arn:aws:kms:::b arn:aws:sqs:::c",
              "AllowOnExecuteApiKmsSqs");
    check_sid(arena, "arn:aws:a:::a arn:aws:b:::b arn:aws:c:::c arn:aws:d:::c", "AllowOnResources");
    check_sid(arena, "arn:aws:s*:::a", "AllowOnResources");
    check_sid(arena, "none", "AllowOnResources");
    Statement a = statement_of(arena, "A", "sqs:PurgeQueue", "*");
    Statement b = statement_of(arena, "A", "sqs:TagQueue", "*");
    assert_string_equal(sids_of_merged(arena, &a, &b), "A");
    b = statement_of(arena, "B", "sqs:TagQueue", "arn:aws:s3:::a");
    assert_string_equal(sids_of_merged(arena, &a, &b), "A B");
}

static void an_allow_and_a_deny_stay_apart(void **state) {
    Arena *arena = *state;
    Statement a = statement_of(arena, "A", "sqs:PurgeQueue", "*"), b = a;
    b.effect = EFFECT_DENY;
    b.sid = STR("B");
    assert_string_equal(sids_of_merged(arena, &a, &b), "A B");
    StatementVec statements = {0};
    VEC_PUSH(arena, &statements, b);
    VEC_PUSH(arena, &statements, statement_of(arena, "C", "sqs:*", "*"));
    VEC_PUSH(arena, &statements,
             ((Statement){.sid = STR("D"),
                          .effect = EFFECT_DENY,
                          .actions = words(arena, "sqs:TagQueue"),
                          .resources = words(arena, "*"),
                          .conditions = b.conditions}));
    statements_merge(arena, &statements);
    assert_int_equal(statements.count, 2);
    assert_string_equal(joined(arena, &statements.items[0].actions), "sqs:PurgeQueue sqs:TagQueue");
    assert_true(str_equal(statements.items[0].sid, STR("DenyOnAnyResource")));
}

static void check_actions(Arena *arena, const char *given, const char *expected) {
    Statement s = statement_of(arena, "A", given, "*");
    statement_normalise(arena, &s);
    assert_string_equal(joined(arena, &s.actions), expected);
}

static void actions_that_others_cover_go(void **state) {
    Arena *arena = *state;
    check_actions(arena, "sqs:purgeQueue sqs:PurgeQueue sqs:TAG*", "sqs:PurgeQueue sqs:Tag*");
    check_actions(arena, "sqs:Purge** sqs:Purge* sqs:P*e sqs:PurgeQueue", "sqs:P*e sqs:Purge*");
    check_actions(arena, "sqs:?*e sqs:*?e sqs:NoSuch sqs:NoSuchQueue*e", "sqs:*?e sqs:NoSuch");
    check_actions(arena, "sqs:* * sts:GetX", "*");
}

static void check_normal(Arena *arena, const char *operator, const char * given,
                         const char *expected) {
    ConditionVec conditions = {0};
    Condition condition = {.operator= str_of(operator), .key = STR("k")};
    condition.values = words(arena, given);
    VEC_PUSH(arena, &conditions, condition);
    Statement s = statement_of(arena, "A", "sqs:TagQueue", "*");
    s.conditions = &conditions;
    statement_normalise(arena, &s);
    assert_string_equal(joined(arena, &s.conditions->items[0].values), expected);
}

static void values_that_others_cover_go(void **state) {
    Arena *arena = *state;
    check_normal(arena, "StringLike", "b a a* ab", "a* b");
    check_normal(arena, "ForAllValues:StringNotLikeIfExists", "ab a*", "a*");
    check_normal(arena, "StringLike", "Ab a*", "Ab a*");
    check_normal(arena, "StringEquals", "ab a* a*", "a* ab");
    check_normal(arena, "StringLike", "${x} ???? $*", "$* ${x} ????");
    check_normal(arena, "StringLike", "${x} *", "*");
    check_normal(arena, "ArnLike", "arn:aws:s3:::a* arn:aws:s3:::ab arn:aws:s3:::b",
                 "arn:aws:s3:::a* arn:aws:s3:::b");
    check_normal(arena, "ArnEquals", "* arn:aws:s3:::ab", "* arn:aws:s3:::ab");
    check_normal(arena, "ArnLike", "arn:aws:*:::x arn:aws:s3:::y:::x",
                 "arn:aws:*:::x arn:aws:s3:::y:::x");
}

static void resources_that_others_cover_go(void **state) {
    Arena *arena = *state;
    Statement s = statement_of(arena, "A", "sqs:TagQueue",
                               "arn:aws:s3:::b arn:aws:s3:::a/* arn:aws:s3:::a* arn:aws:s3:::A");
    statement_normalise(arena, &s);
    assert_string_equal(joined(arena, &s.resources),
                        "arn:aws:s3:::A arn:aws:s3:::a* arn:aws:s3:::b");
    s = statement_of(arena, "A", "sqs:TagQueue",
                     "arn:aws:s3:::${aws:username} arn:aws:s3:::??????");
    statement_normalise(arena, &s);
    assert_int_equal(s.resources.count, 2);
    s = statement_of(arena, "A", "sqs:TagQueue", "arn:aws:s3:::${aws:username} *");
    statement_normalise(arena, &s);
    assert_string_equal(joined(arena, &s.resources), "*");
}

// In a long list of wildcards the last one is not compared with what it covers.
static void check_long_list(Arena *arena, size_t count, size_t expected) {
    Statement s = statement_of(arena, "A", "sqs:TagQueue", "arn:aws:s3:::zz* arn:aws:s3:::zzz");
    for (size_t i = 0; i < count; i++)
        VEC_PUSH(arena, &s.resources, str_format(arena, "arn:aws:s3:::*a%05zub", i));
    statement_normalise(arena, &s);
    assert_int_equal(s.resources.count, expected);
}

static void comparing_ends(void **state) {
    check_long_list(*state, 10, 11);
    check_long_list(*state, 20000, 20002);
}

static void random_normal_forms(void **state) {
    (void)state;
    check_random(1000000, RANDOM_POLICIES, normal_form);
}

static void random_merges(void **state) {
    (void)state;
    check_random(2000000, RANDOM_POLICIES, merged);
}

static void random_wildcards(void **state) {
    (void)state;
    check_random(3000000, RANDOM_POLICIES, shortened);
}

static void random_comparisons(void **state) {
    (void)state;
    check_random(4000000, RANDOM_POLICIES, compared);
}

static void random_shortest_lists(void **state) {
    (void)state;
    check_random(5000000, RANDOM_SHORTEST, shortest);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, memory_set_up, memory_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(random_normal_forms),
        TEST(random_merges),
        TEST(random_wildcards),
        TEST(random_comparisons),
        TEST(random_shortest_lists),
        TEST(examples_of_wildcards),
        TEST(examples_of_words),
        TEST(merged_statements_say_what_they_are_about),
        TEST(an_allow_and_a_deny_stay_apart),
        TEST(comparing_ends),
        TEST(actions_that_others_cover_go),
        TEST(values_that_others_cover_go),
        TEST(resources_that_others_cover_go),
    };
    return cmocka_run_group_tests_name("minimise", tests, NULL, NULL);
}
