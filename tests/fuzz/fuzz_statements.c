// Rewriting statements: the input's bytes choose statements, which are brought to their normal
// form, merged and shortened. Each grants what it did, by a judge that knows nothing of rewriting;
// nobody who gave an action is lost; and what is in normal form stays as it is.
#include "fuzz.h"
#include "policy/evaluate.h"
#include "policy/expand.h"
#include "policy/minimise.h"
#include "policy/normalise.h"
#include "policy/wildcards.h"

enum { MOST_STATEMENTS = 6, MOST_ENTRIES = 6, MOST_CONDITIONS = 2, MOST_VALUES = 3, LONGEST = 24 };

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

// --- what there is to choose from ---

static const char *const actions[] = {"s3:GetObject",
                                      "S3:getobject",
                                      "s3:Get*",
                                      "s3:*",
                                      "*",
                                      "s3:GetObject?",
                                      "ec2:Describe*",
                                      "ec2:DescribeInstances",
                                      "ec2:*Instances",
                                      "ec2:RunInstances",
                                      "s3:P?tObject",
                                      "s3:PutObject",
                                      "nosuch:Thing",
                                      "nosuch:*",
                                      "s3*:GetObject",
                                      "iam:PassRole"};
static const char *const resources[] = {"*",
                                        "arn:aws:s3:::a",
                                        "arn:aws:s3:::a*",
                                        "arn:aws:s3:::a/*",
                                        "arn:*",
                                        "arn:aws:s3:::?",
                                        "arn:aws:s3:::ab",
                                        "arn:aws:s3:::${aws:username}",
                                        "arn:*:s3:::a",
                                        "arn:aws:ec2:*:*:instance/*"};
static const char *const operators[] = {"StringEquals", "StringLike", "StringNotLike", "ArnLike",
                                        "ForAnyValue:StringLike"};
static const char *const keys[] = {"aws:PrincipalOrgID", "aws:RequestedRegion", "s3:prefix"};
static const char *const values[] = {"a", "b", "a*", "*", "?", "arn:aws:s3:::a", "${aws:username}"};

static const char *const requested[] = {"s3:GetObject",         "s3:GetObjectAcl", "s3:PutObject",
                                        "ec2:RunInstances",     "nosuch:Thing",    "iam:PassRole",
                                        "ec2:DescribeInstances"};
static const char *const places[] = {"arn:aws:s3:::a", "arn:aws:s3:::ab", "arn:aws:s3:::a/b",
                                     "arn:aws:ec2:eu-west-1:123456789012:instance/i-1"};
static const char *const contexts[] = {"a", "b", "arn:aws:s3:::a"};

// One of the rows, or now and then what the input itself says.
static Str choose(Fuzz *fuzz, Bytes *bytes, const char *const *rows, size_t count,
                  const char *prefix) {
    size_t at = fuzz_pick(bytes, count + 1);
    if (at < count) return str_of(rows[at]);
    Str line = fuzz_line(bytes, LONGEST);
    return str_format(&fuzz->arena, "%s%.*s", prefix, STR_ARG(line));
}

static const ConditionVec *choose_conditions(Fuzz *fuzz, Bytes *bytes) {
    ConditionVec *conditions = ARENA_NEW(&fuzz->arena, ConditionVec);
    // Sorted by operator and key, and each pair once: so they are chosen in order.
    for (size_t i = fuzz_pick(bytes, MOST_CONDITIONS + 1); i > 0; i--) {
        Condition condition = {.operator= str_of(operators[fuzz_pick(bytes, COUNT(operators))]),
                               .key = str_of(keys[i - 1])};
        for (size_t k = fuzz_pick(bytes, MOST_VALUES) + 1; k > 0; k--)
            VEC_PUSH(&fuzz->arena, &condition.values,
                     choose(fuzz, bytes, values, COUNT(values), ""));
        strvec_sort_unique(&condition.values);
        VEC_PUSH(&fuzz->arena, conditions, condition);
    }
    if (conditions->count == 2 &&
        str_compare(conditions->items[0].operator, conditions->items[1].operator) >= 0)
        conditions->count = 1;
    return conditions;
}

// The place that asked tells one who gave from another.
static void give(Fuzz *fuzz, Statement *statement, uint32_t *serial) {
    statement->given = ARENA_ARRAY(&fuzz->arena, GivenVec, statement->actions.count);
    for (size_t i = 0; i < statement->actions.count; i++) {
        Given given = {.action = statement->actions.items[i]};
        given.origin.asked.begin = (*serial)++;
        VEC_PUSH(&fuzz->arena, &statement->given[i], given);
    }
}

static Statement choose_statement(Fuzz *fuzz, Bytes *bytes, uint32_t *serial) {
    Statement s = {.sid = str_of(fuzz_pick(bytes, 2) == 0 ? "One" : "Two"),
                   .effect = fuzz_pick(bytes, 4) == 0 ? EFFECT_DENY : EFFECT_ALLOW};
    for (size_t i = fuzz_pick(bytes, MOST_ENTRIES) + 1; i > 0; i--)
        VEC_PUSH(&fuzz->arena, &s.actions, choose(fuzz, bytes, actions, COUNT(actions), "s3:"));
    for (size_t i = fuzz_pick(bytes, MOST_ENTRIES) + 1; i > 0; i--)
        VEC_PUSH(&fuzz->arena, &s.resources,
                 choose(fuzz, bytes, resources, COUNT(resources), "arn:aws:s3:::"));
    strvec_sort_unique(&s.actions);
    strvec_sort_unique(&s.resources);
    s.conditions = choose_conditions(fuzz, bytes);
    give(fuzz, &s, serial);
    return s;
}

// --- what they grant ---

static void add_items(Fuzz *fuzz, ItemVec *items, const StrVec *texts) {
    for (size_t i = 0; i < texts->count; i++)
        VEC_PUSH(&fuzz->arena, items, ((Item){.text = texts->items[i]}));
}

static DocumentStatement document_statement(Fuzz *fuzz, const Statement *statement) {
    DocumentStatement s = {.effect = statement->effect};
    add_items(fuzz, &s.actions, &statement->actions);
    add_items(fuzz, &s.resources, &statement->resources);
    for (size_t i = 0; i < statement->conditions->count; i++) {
        const Condition *condition = &statement->conditions->items[i];
        DocumentCondition c = {.operator.text = condition->operator, .key.text = condition->key };
        add_items(fuzz, &c.values, &condition->values);
        VEC_PUSH(&fuzz->arena, &s.conditions, c);
    }
    return s;
}

static DocumentVec documents_of(Fuzz *fuzz, const StatementVec *statements) {
    Document document = {.kind = DOCUMENT_IDENTITY};
    DocumentVec documents = {0};
    for (size_t i = 0; i < statements->count; i++)
        VEC_PUSH(&fuzz->arena, &document.statements,
                 document_statement(fuzz, &statements->items[i]));
    VEC_PUSH(&fuzz->arena, &documents, document);
    return documents;
}

static Request request_of(Fuzz *fuzz, const char *action, const char *place, const char *value) {
    Request request = {.action = str_of(action), .resource = str_of(place), .complete = true};
    for (size_t i = 0; value != NULL && i < COUNT(keys); i++) {
        ContextKey key = {.key = str_of(keys[i])};
        VEC_PUSH(&fuzz->arena, &key.values, str_of(value));
        VEC_PUSH(&fuzz->arena, &request.context, key);
    }
    return request;
}

static void check_request(Fuzz *fuzz, const DocumentVec *before, const DocumentVec *after,
                          const Request *request) {
    Truth left = evaluate(&fuzz->arena, before, request).allowed;
    Truth right = evaluate(&fuzz->arena, after, request).allowed;
    FUZZ_REQUIRE(left == TRUTH_UNKNOWN || right == TRUTH_UNKNOWN || left == right,
                 "what is rewritten grants the same");
}

static void check_same(Fuzz *fuzz, const StatementVec *before, const StatementVec *after) {
    DocumentVec old = documents_of(fuzz, before), new = documents_of(fuzz, after);
    for (size_t a = 0; a < COUNT(requested); a++) {
        for (size_t p = 0; p < COUNT(places); p++) {
            // Each action with each context, and each place with each context.
            size_t c = (a + p) % (COUNT(contexts) + 1);
            const char *value = c < COUNT(contexts) ? contexts[c] : NULL;
            Request request = request_of(fuzz, requested[a], places[p], value);
            check_request(fuzz, &old, &new, &request);
        }
    }
}

// --- who gave it ---

static void check_given(Fuzz *fuzz, const StatementVec *statements, uint32_t count) {
    bool *seen = ARENA_ARRAY(&fuzz->arena, bool, (size_t)count + 1);
    uint32_t left = count;
    for (size_t i = 0; i < statements->count; i++) {
        const Statement *s = &statements->items[i];
        for (size_t k = 0; k < s->actions.count; k++) {
            FUZZ_REQUIRE(s->given[k].count > 0, "somebody gave every action");
            for (size_t g = 0; g < s->given[k].count; g++) {
                uint32_t serial = s->given[k].items[g].origin.asked.begin;
                FUZZ_REQUIRE(serial < count, "nobody is made up");
                left -= !seen[serial];
                seen[serial] = true;
            }
        }
    }
    FUZZ_REQUIRE(left == 0, "nobody who gave an action is lost");
}

// --- the rewritings ---

static StatementVec copy_of(Fuzz *fuzz, const StatementVec *statements) {
    StatementVec copy = {0};
    for (size_t i = 0; i < statements->count; i++)
        VEC_PUSH(&fuzz->arena, &copy, statements->items[i]);
    return copy;
}

static bool same_texts(const StrVec *a, const StrVec *b) {
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) same = str_equal(a->items[i], b->items[i]);
    return same;
}

static void check_normal(Fuzz *fuzz, const Statement *statement) {
    Statement again = *statement;
    statement_normalise(&fuzz->arena, &again);
    FUZZ_REQUIRE(same_texts(&statement->actions, &again.actions) &&
                     same_texts(&statement->resources, &again.resources) &&
                     conditions_compare(statement->conditions, again.conditions) == 0,
                 "a normal form is its own");
}

static void check_shortened(Fuzz *fuzz, Statement *statement) {
    StrVec made = {0};
    ActionSet before = action_set_of_patterns(&fuzz->arena, &statement->actions);
    statement_shorten(&fuzz->arena, statement, &made);
    ActionSet after = action_set_of_patterns(&fuzz->arena, &statement->actions);
    FUZZ_REQUIRE(action_set_equal(before, after), "a shorter list has the same actions today");
    check_normal(fuzz, statement);
}

static void check_statements(Fuzz *fuzz, const StatementVec *chosen, uint32_t count) {
    StatementVec normal = copy_of(fuzz, chosen);
    for (size_t i = 0; i < normal.count; i++) {
        statement_normalise(&fuzz->arena, &normal.items[i]);
        check_normal(fuzz, &normal.items[i]);
    }
    check_same(fuzz, chosen, &normal);
    check_given(fuzz, &normal, count);
    StatementVec merged = copy_of(fuzz, &normal);
    statements_merge(&fuzz->arena, &merged);
    FUZZ_REQUIRE(merged.count <= normal.count, "merging makes no more statements");
    for (size_t i = 0; i < merged.count; i++) check_normal(fuzz, &merged.items[i]);
    check_same(fuzz, chosen, &merged);
    check_given(fuzz, &merged, count);
    for (size_t i = 0; i < merged.count; i++) check_shortened(fuzz, &merged.items[i]);
    check_given(fuzz, &merged, count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Fuzz fuzz;
    Bytes bytes = {data, size};
    StatementVec chosen = {0};
    uint32_t serial = 0;
    fuzz_begin(&fuzz);
    for (size_t i = fuzz_pick(&bytes, MOST_STATEMENTS) + 1; i > 0; i--)
        VEC_PUSH(&fuzz.arena, &chosen, choose_statement(&fuzz, &bytes, &serial));
    check_statements(&fuzz, &chosen, serial);
    fuzz_end(&fuzz);
    return 0;
}
