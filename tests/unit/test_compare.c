// Differences of policies: random small ones against every request that can tell them apart, and
// what two ways to write one policy must give.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "import/import.h"
#include "policy/compare.h"
#include "reading.h"

enum { RANDOM_PAIRS = 4000, MOST_STATEMENTS = 3, STEPS = 100000000 };

// --- differences as text ---

// A document of these statements, written as YAML's flow style.
static void document_of(Reading *reading, DocumentKind kind, const char *statements,
                        DocumentVec *documents) {
    Document document = {0};
    Node bad = NO_NODE;
    Str text =
        str_format(&reading->arena, "{Version: \"2012-10-17\", Statement: [%s]}", statements);
    bool good = document_from_tree(&reading->arena, reading_yaml(reading, text.data), kind,
                                   &document, &bad);
    if (!good) fail_msg("not a policy: %s", statements);
    VEC_PUSH(&reading->arena, documents, document);
}

static Access access_of(Reading *reading, Matcher *matcher, DocumentKind kind,
                        const char *statements) {
    DocumentVec documents = {0};
    Access access;
    document_of(reading, kind, statements, &documents);
    access_make(matcher, &documents, &access);
    return access;
}

static void describe_scope(StrBuf *out, const Scope *scope) {
    if (scope->texts.count == 0) return;
    strbuf_add(out, scope->excluded ? STR(" not") : STR(" on"));
    for (size_t i = 0; i < scope->texts.count; i++)
        strbuf_add_format(out, " %.*s", STR_ARG(scope->texts.items[i]));
}

static void describe_change(StrBuf *out, const AccessChange *change) {
    static const char *const doubts[] = {[DOUBT_NONE] = "",
                                         [DOUBT_RESOURCE] = "resource? ",
                                         [DOUBT_CONDITION] = "condition? ",
                                         [DOUBT_ACTION] = "action? ",
                                         [DOUBT_TOGETHER] = "together? ",
                                         [DOUBT_EFFORT] = "effort? "};
    strbuf_add_format(out, "%s%s", doubts[change->doubt],
                      change->class->effect == EFFECT_DENY ? "Deny" : "Allow");
    if (action_set_count(change->actions) > 20)
        strbuf_add_format(out, " %zu actions", action_set_count(change->actions));
    for (ActionId a = 0; action_set_count(change->actions) <= 20; a++) {
        if (!action_set_next(change->actions, &a)) break;
        strbuf_add_format(out, " %.*s", STR_ARG(action_text(a)));
    }
    for (size_t i = 0; i < change->texts.count; i++)
        strbuf_add_format(out, " %.*s", STR_ARG(change->texts.items[i]));
    describe_scope(out, &change->class->resource);
    describe_scope(out, &change->class->principal);
    for (size_t i = 0; i < change->tests->items.count; i++) {
        const Test *test = &change->tests->items.items[i];
        strbuf_add_format(out, " if %.*s %.*s", STR_ARG(test->operator), STR_ARG(test->key));
        for (size_t k = 0; k < test->texts.count; k++)
            strbuf_add_format(out, " %.*s", STR_ARG(test->texts.items[k]));
    }
    strbuf_add(out, STR("\n"));
}

// What the first has and the second has not.
static Difference difference_of(Reading *reading, DocumentKind kind, const char *statements,
                                const char *other) {
    Matcher matcher = matcher_new(&reading->arena, STEPS);
    Access access = access_of(reading, &matcher, kind, statements);
    Access other_access = access_of(reading, &matcher, kind, other);
    Difference difference;
    access_difference(&matcher, &access, &other_access, &difference);
    return difference;
}

// The same as text: a change a line; then a line for each pattern that will match more.
static Str difference_text(Reading *reading, DocumentKind kind, const char *statements,
                           const char *other) {
    Difference difference = difference_of(reading, kind, statements, other);
    StrBuf out = strbuf_new(&reading->arena);
    for (size_t i = 0; i < difference.changes.count; i++)
        describe_change(&out, &difference.changes.items[i]);
    for (size_t i = 0; i < difference.future.count; i++) {
        Str pattern = difference.future.items[i];
        strbuf_add_format(&out, "future %.*s\n", STR_ARG(pattern));
    }
    return strbuf_str(&out);
}

typedef struct Row {
    const char *statements, *other, *left;
} Row;

static void check_rows(Reading *reading, DocumentKind kind, const Row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        Str left = difference_text(reading, kind, rows[i].statements, rows[i].other);
        if (!str_equal(left, str_of(rows[i].left)))
            fail_msg("[%s]\nbeyond [%s]\ngives:\n%.*sexpected:\n%s", rows[i].statements,
                     rows[i].other, STR_ARG(left), rows[i].left);
    }
}

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define ALLOW(action, resource) "{Effect: Allow, Action: " action ", Resource: " resource "}"
#define DENY(action, resource) "{Effect: Deny, Action: " action ", Resource: " resource "}"
#define IF(condition) \
    "{Effect: Allow, Action: 'ec2:RunInstances', Resource: '*', Condition: {" condition "}}"
#define RUN "Allow ec2:RunInstances on *"

// --- tables ---

static void sees_through_ways_to_write(void **state) {
    static const Row rows[] = {
        {ALLOW("'ec2:RunInstances'", "'*'"), ALLOW("[EC2:runinstances, 'ec2:*']", "'*'"), ""},
        {ALLOW("['sqs:SendMessage', 's3:GetObject']", "[a, b]"),
         ALLOW("'s3:GetObject'", "[b, a]") "," ALLOW("'sqs:SendMessage'", "a") "," ALLOW(
             "'sqs:SendMessage'", "b") "," ALLOW("'s3:GetObject'", "[b]"),
         ""},
        {ALLOW("'s3:GetObject'", "'arn:aws:s3:::logs/a*'"),
         ALLOW("'s3:Get*'", "'arn:aws:s3:::logs/*'"), ""},
        {ALLOW("'sqs:*'", "'*'") "," DENY("'sqs:DeleteQueue'", "'*'"),
         "{Effect: Allow, NotAction: 'sqs:DeleteQueue', Resource: '*'}",
         "Deny sqs:DeleteQueue on *\n"},
        {"{Effect: Allow, NotAction: 's3:*', NotResource: [b, a]}",
         "{Effect: Allow, NotAction: 'S3:*', NotResource: [a, b]}", ""},
        {ALLOW("'example:Added'", "'*'"), ALLOW("'EXAMPLE:*'", "'*'"), ""},
        {ALLOW("'example:Added'", "'*'"), "{Effect: Allow, NotAction: 's3:*', Resource: '*'}", ""},
    };
    check_rows(*state, DOCUMENT_IDENTITY, rows, COUNT(rows));
}

static void names_what_is_left(void **state) {
    static const Row rows[] = {
        {ALLOW("['s3:GetObject', 's3:PutObject']", "'*'"), ALLOW("'s3:GetObject'", "'*'"),
         "Allow s3:PutObject on *\n"},
        {ALLOW("'s3:GetObject'", "'arn:aws:s3:::logs/*'"),
         ALLOW("'s3:GetObject'", "'arn:aws:s3:::logs/a*'"),
         "Allow s3:GetObject on arn:aws:s3:::logs/*\n"},
        {ALLOW("'s3:GetObject'", "'arn:aws:s3:::LOGS/*'"),
         ALLOW("'s3:GetObject'", "'arn:aws:s3:::logs/*'"),
         "Allow s3:GetObject on arn:aws:s3:::LOGS/*\n"},
        {ALLOW("'example:Added'", "'*'"), ALLOW("'ec2:*'", "'*'"), "Allow example:Added on *\n"},
        {ALLOW("'sqs:SendMessage'", "'*'"), ALLOW("'sqs:*'", "'*'") "," DENY("'sqs:Send*'", "'*'"),
         "Allow sqs:SendMessage on *\n"},
        {ALLOW("'example:A'", "'*'") "," DENY("'example:*'", "'*'"), "", "Deny example:* on *\n"},
        {ALLOW("'ec2:RunInstances'", "'*'"),
         "{Effect: Allow, Action: 'ec2:RunInstances', NotResource: a}", RUN "\n"},
        {"{Effect: Allow, Action: 'ec2:RunInstances', NotResource: a}",
         ALLOW("'ec2:RunInstances'", "[b*]"), "Allow ec2:RunInstances not a\n"},
        {"{Effect: Allow, Action: 'ec2:RunInstances', NotResource: [a*, b]}",
         "{Effect: Allow, Action: 'ec2:RunInstances', NotResource: [ab, b]}", ""},
        {"{Effect: Allow, Action: 'ec2:RunInstances', NotResource: [ab]}",
         "{Effect: Allow, Action: 'ec2:RunInstances', NotResource: [a*]}",
         "Allow ec2:RunInstances not ab\n"},
    };
    check_rows(*state, DOCUMENT_IDENTITY, rows, COUNT(rows));
}

static void says_what_it_cannot_tell(void **state) {
    static const Row rows[] = {
        {ALLOW("'s3:GetObject'", "'arn:aws:s3:::${Bucket}/*'"),
         ALLOW("'s3:GetObject'", "'arn:aws:s3:::logs/*'"),
         "resource? Allow s3:GetObject on arn:aws:s3:::${Bucket}/*\n"},
        {ALLOW("'s3:GetObject'", "'arn:aws:s3:::${Bucket}/a'"),
         ALLOW("'s3:GetObject'", "'arn:aws:s3:::${Bucket}/*'"), ""},
        {ALLOW("'s3:GetObject'", "'arn:aws:s3:::${Bucket}'"),
         ALLOW("'s3:GetObject'", "'arn:aws:sqs:::queue'"),
         "Allow s3:GetObject on arn:aws:s3:::${Bucket}\n"},
        {ALLOW("'s3:GetObject'", "'*'"),
         "{Effect: Allow, Action: 's3:GetObject', NotResource: a}," ALLOW("'s3:*'", "a"),
         "together? Allow s3:GetObject on *\n"},
        {IF(""), IF("StringEquals: {a: b}") "," IF("StringNotEquals: {a: b}"),
         "together? " RUN "\n"},
        {IF(""),
         IF("StringEquals: {a: b}") ",{Effect: Allow, Action: 'ec2:StopInstances', Resource: '*', "
                                    "Condition: {StringNotEquals: {a: b}}}",
         RUN "\n"},
        {IF("StringEquals: {a: '${aws:username}'}"), IF("StringEquals: {a: b}"),
         "condition? " RUN " if StringEquals a ${aws:username}\n"},
        {IF("NoSuchOperator: {a: c}"), IF("NoSuchOperator: {a: b}"),
         "condition? " RUN " if NoSuchOperator a c\n"},
    };
    check_rows(*state, DOCUMENT_IDENTITY, rows, COUNT(rows));
}

// Each row: the first condition is met only where the second is.
static void knows_stricter_conditions(void **state) {
    static const char *const rows[][2] = {
        {"StringEquals: {a: b}", "StringEquals: {A: [b, c]}"},
        {"StringEquals: {a: b, c: d}", "StringEquals: {a: b}"},
        {"StringEquals: {a: bc}", "StringLike: {a: 'b*'}"},
        {"StringLike: {a: 'bc*'}", "StringLike: {a: ['x', 'b*']}"},
        {"StringEquals: {a: B}", "StringEqualsIgnoreCase: {a: b}"},
        {"StringEqualsIgnoreCase: {a: '1'}", "StringEquals: {a: '1'}"},
        {"StringEquals: {a: b}", "StringNotEquals: {a: c}"},
        {"StringNotEquals: {a: [b, c]}", "StringNotEquals: {a: b}"},
        {"StringNotLike: {a: 'b*'}", "StringNotEquals: {a: bc}"},
        {"StringEquals: {a: b}", "StringEqualsIfExists: {a: b}"},
        {"StringEquals: {a: b}", "'Null': {a: 'false'}"},
        {"'Null': {a: 'true'}", "StringEqualsIfExists: {a: b}"},
        {"'Null': {a: 'true'}", "StringNotEquals: {a: b}"},
        {"StringEquals: {a: b}", "StringLikeIfExists: {a: '*'}"},
        {"", "'ForAllValues:StringLike': {a: '*'}"},
        {"'ForAllValues:StringEquals': {a: b}", "'ForAllValues:StringEquals': {a: [b, c]}"},
        {"'ForAnyValue:StringEquals': {a: bc}", "'ForAnyValue:StringLike': {a: 'b*'}"},
        {"'ForAnyValue:StringEquals': {a: b}", "'Null': {a: false}"},
        {"NumericLessThan: {a: '5'}", "NumericLessThan: {a: '5.5'}"},
        {"NumericEquals: {a: '1e3'}", "NumericEquals: {a: '1000.0'}"},
        {"NumericLessThan: {a: '5'}", "NumericLessThanEquals: {a: '5'}"},
        {"NumericEquals: {a: '5'}", "NumericNotEquals: {a: '6'}"},
        {"NumericEquals: {a: ['1', '9']}", "NumericNotEquals: {a: ['5', '7']}"},
        {"ArnLike: {a: 'arn:aws:iam::*:role/*'}", "ArnNotLike: {a: 'arn:aws:iam::*:user/*'}"},
        {"DateLessThan: {a: '2020-01-01T00:00:00Z'}", "DateLessThan: {a: '2020-01-01T01:00:00Z'}"},
        {"DateEquals: {a: '2020-01-01T01:00:00+01:00'}", "DateEquals: {a: '1577836800'}"},
        {"DateGreaterThan: {a: '2020-03-01'}", "DateGreaterThan: {a: '2020-02-29T23:59:59Z'}"},
        {"Bool: {a: 'true'}", "Bool: {a: True}"},
        {"IpAddress: {a: 10.1.2.0/24}", "IpAddress: {a: 10.1.0.0/16}"},
        {"IpAddress: {a: 10.0.0.0/8}", "IpAddress: {a: [10.0.0.0/9, 10.128.0.0/9]}"},
        {"IpAddress: {a: '2001:db8:1::/48'}", "IpAddress: {a: '2001:DB8::/32'}"},
        {"IpAddress: {a: 10.9.9.9/16}", "IpAddress: {a: 10.1.2.3/8}"},
        {"IpAddress: {a: 10.1.2.3}", "NotIpAddress: {a: 192.168.0.0/16}"},
        {"ArnEquals: {a: 'arn:aws:iam::1:role/x'}", "ArnLike: {a: 'arn:aws:iam::*:role/*'}"},
        {"StringEquals: {a: 'arn:aws:iam::1:role/x'}", "ArnLike: {a: 'arn:aws:iam::*:role/*'}"},
        {"ArnLike: {a: 'arn:aws:iam::1:role/x*'}", "StringLike: {a: 'arn:aws:iam::1:*'}"},
        {"StringEquals: {a: [b, c]}", "StringEquals: {a: b}}}, {Effect: Allow, Action: "
                                      "'ec2:*', Resource: '*', Condition: {StringEquals: {a: c}"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Reading *reading = *state;
        Str strict = str_format(&reading->arena, IF("%s"), rows[i][0]);
        Str loose = str_format(&reading->arena, IF("%s"), rows[i][1]);
        Str left = difference_text(reading, DOCUMENT_IDENTITY, strict.data, loose.data);
        if (left.length != 0)
            fail_msg("{%s} is stricter than {%s}, but there is left\n%.*s", rows[i][0], rows[i][1],
                     STR_ARG(left));
    }
}

// Each row: the first condition can be met where the second is not, and that is certain.
static void knows_looser_conditions(void **state) {
    static const char *const rows[][2] = {
        {"", "StringEquals: {a: b}"},
        {"StringEquals: {a: [b, c]}", "StringEquals: {a: b}"},
        {"StringLike: {a: 'b*'}", "StringEquals: {a: 'b*'}"},
        {"StringEquals: {a: B}", "StringEquals: {a: b}"},
        {"StringEqualsIfExists: {a: b}", "StringEquals: {a: b}"},
        {"StringNotEquals: {a: b}", "'Null': {a: 'false'}"},
        {"StringNotEquals: {a: b}", "StringNotEquals: {a: [b, c]}"},
        {"'ForAllValues:StringEquals': {a: b}", "'Null': {a: 'false'}"},
        {"StringEquals: {b: c}", "StringEquals: {a: c}"},
        {"NumericLessThanEquals: {a: '5'}", "NumericLessThan: {a: '5'}"},
        {"DateLessThan: {a: '2020-01-01T00:00:01Z'}", "DateLessThan: {a: '2020-01-01T00:00:00Z'}"},
        {"IpAddress: {a: 10.0.0.0/8}", "IpAddress: {a: [10.0.0.0/9, 10.128.0.0/10]}"},
        {"IpAddress: {a: 10.0.0.0/8}", "IpAddress: {a: '::/0'}"},
        {"IpAddress: {a: '::/0'}", "IpAddress: {a: 0.0.0.0/0}"},
        {"Bool: {a: 'true'}", "Bool: {a: 'false'}"},
        {"ArnLike: {a: 'arn:aws:iam::1:role/*'}", "ArnLike: {a: 'arn:aws:iam::*:role/x*'}"},
        {"StringEquals: {a: 'arn:aws:iam::1:2:role/x'}", "ArnLike: {a: 'arn:aws:iam::*:role/x'}"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Reading *reading = *state;
        Str loose = str_format(&reading->arena, IF("%s"), rows[i][0]);
        Str strict = str_format(&reading->arena, IF("%s"), rows[i][1]);
        Str left = difference_text(reading, DOCUMENT_IDENTITY, loose.data, strict.data);
        if (!str_starts_with(left, STR(RUN)))
            fail_msg("{%s} is looser than {%s}, but there is left\n%.*s", rows[i][0], rows[i][1],
                     STR_ARG(left));
    }
}

static void divides_by_values(void **state) {
    static const Row rows[] = {
        {IF("StringEquals: {a: [b, c, d]}"),
         IF("StringEquals: {a: b}") "," IF("StringLike: {a: 'c*'}"), RUN " if StringEquals a d\n"},
        {IF("StringEquals: {a: [b, c], x: [y, z]}"),
         IF("StringEquals: {a: b, x: y}") "," IF("StringEquals: {a: b, x: z}") "," IF(
             "StringEquals: {a: c, x: z}"),
         RUN " if StringEquals a c if StringEquals x y\n"},
        {IF("StringEquals: {a: [b, c], x: [y, z]}"),
         IF("StringEquals: {a: b, x: y}") "," IF("StringEquals: {a: b, x: z}") "," IF(
             "StringEquals: {a: c, x: z}") "," IF("StringEquals: {a: c, x: y}"),
         ""},
    };
    check_rows(*state, DOCUMENT_IDENTITY, rows, COUNT(rows));
}

#define ALL_BUT(effect, actions) "{Effect: " effect ", NotAction: " actions ", Resource: '*'}"
#define NEW_IF(value)                                                 \
    "{Effect: Allow, Action: 'nosuch:Do', Resource: '*', Condition: " \
    "{StringEquals: {'aws:RequestedRegion': " value "}}}"

// What is named, in Action or NotAction, counts as much as what the catalogue has.
static void knows_actions_beyond_the_catalogue(void **state) {
    static const Row rows[] = {
        {ALL_BUT("Allow", "'iam:*'"), ALL_BUT("Allow", "['iam:*', 'newsvc:*']"),
         "Allow newsvc:* on *\nfuture \n"},
        {ALL_BUT("Allow", "['iam:*', 'newsvc:*']"), ALL_BUT("Allow", "'iam:*'"), ""},
        {ALL_BUT("Deny", "'s3:GetObject'"), ALL_BUT("Deny", "['s3:GetObject', 'nosuch:Foo']"),
         "Deny nosuch:Foo on *\nfuture \n"},
        {ALL_BUT("Allow", "'nosuch:B'"), ALL_BUT("Allow", "'nosuch:A'"),
         "Allow nosuch:A on *\nfuture \n"},
        {ALL_BUT("Allow", "['nosuch:A', 'NOSUCH:a']"), ALL_BUT("Allow", "'nosuch:a'"), ""},
        {ALL_BUT("Allow", "'iam:*'"),
         ALL_BUT("Allow", "['iam:*', 'newsvc:*']") "," ALLOW("'newsvc:*'", "'*'"), "future \n"},
        {ALL_BUT("Allow", "'iam:*'"),
         ALL_BUT("Allow", "['iam:*', 'newsvc:*']") "," ALLOW("'newsvc:*'", "a"),
         "Allow newsvc:* on *\nfuture \n"},
        {ALLOW("'*'", "'*'"), ALL_BUT("Allow", "'newsvc:Do'"), "Allow newsvc:Do on *\nfuture *\n"},
        {ALLOW("'*:Do*'", "'*'"), ALL_BUT("Allow", "'newsvc:D*'"),
         "action? Allow newsvc:D* on *\nfuture *:Do*\n"},
        {ALLOW("'nosuch:Do'", "'arn:aws:s3:::${Bucket}'"), ALLOW("'nosuch:Do'", "'arn:aws:s3:::a'"),
         "resource? Allow nosuch:Do on arn:aws:s3:::${Bucket}\n"},
        {ALLOW("'nosuch:Do'", "'*'"),
         "{Effect: Allow, Action: 'nosuch:Do', NotResource: a}," ALLOW("'nosuch:*'", "a"),
         "together? Allow nosuch:Do on *\n"},
        {NEW_IF("[a, b]"), NEW_IF("a") "," NEW_IF("b"), ""},
        {NEW_IF("[a, b, c]"), NEW_IF("a") "," NEW_IF("b"),
         "Allow nosuch:Do on * if StringEquals aws:RequestedRegion c\n"},
        {NEW_IF("a") "," NEW_IF("b"), NEW_IF("[a, b]"), ""},
    };
    check_rows(*state, DOCUMENT_IDENTITY, rows, COUNT(rows));
}

static void remarks_on_the_future(void **state) {
    static const Row rows[] = {
        {ALLOW("'ce:DescribeReport*'", "'*'"), ALLOW("'ce:DescribeReport'", "'*'"),
         "future ce:DescribeReport*\n"},
        {ALLOW("'ce:DescribeReport*'", "'*'"), ALLOW("'ce:Describe*'", "'*'"), ""},
        {ALLOW("'*'", "'*'"), "{Effect: Allow, NotAction: 'example:*', Resource: '*'}",
         "Allow example:* on *\nfuture *\n"},
        {"{Effect: Allow, NotAction: 'example:*', Resource: '*'}", ALLOW("'*'", "'*'"), ""},
        {"{Effect: Allow, NotAction: 'example:*', Resource: '*'}",
         "{Effect: Allow, NotAction: ['example:a', 'example:*'], Resource: '*'}", ""},
        {"{Effect: Allow, NotAction: 'example:a', Resource: '*'}",
         "{Effect: Allow, NotAction: 'example:*', Resource: '*'}",
         "action? Allow example:* on *\nfuture \n"},
        {ALLOW("'sqs:Untag*'", "'*'"), "", "Allow sqs:UntagQueue on *\n"},
    };
    check_rows(*state, DOCUMENT_IDENTITY, rows, COUNT(rows));
}

#define TRUST(principal) "{Effect: Allow, Principal: " principal ", Action: 'sts:AssumeRole'}"

static void compares_trust(void **state) {
    static const Row rows[] = {
        {TRUST("{AWS: '123456789012'}"), TRUST("{AWS: 'arn:aws:iam::123456789012:root'}"), ""},
        {TRUST("{AWS: '*'}"), TRUST("'*'"), ""},
        {TRUST("{Service: ec2.amazonaws.com}"), TRUST("'*'"), ""},
        {TRUST("{Service: [ec2.amazonaws.com, ecs.amazonaws.com]}"),
         TRUST("{Service: ec2.amazonaws.com}"),
         "Allow sts:AssumeRole on Service ecs.amazonaws.com\n"},
        {TRUST("{AWS: 'arn:aws:iam::123456789012:role/x'}"), TRUST("{AWS: '123456789012'}"),
         "resource? Allow sts:AssumeRole on AWS arn:aws:iam::123456789012:role/x\n"},
        {TRUST("{AWS: '123456789012'}"), TRUST("{AWS: '123456789013'}"),
         "Allow sts:AssumeRole on AWS 123456789012\n"},
    };
    check_rows(*state, DOCUMENT_TRUST, rows, COUNT(rows));
}

// --- random policies against brute force ---

static uint32_t next_random(uint32_t *seed, uint32_t below) {
    *seed = *seed * 1664525U + 1013904223U;
    return (*seed >> 8) % below;
}

static const char *const actions[] = {"sqs:SendMessage",   "sqs:PurgeQueue", "sqs:DeleteQueue",
                                      "sqs:DeleteMessage", "sns:Publish",    "example:Go",
                                      "newsvc:Do",         "newsvc:Doing",   "newsvc:Stop"};
static const char *const action_patterns[] = {
    "sqs:SendMessage", "SQS:PurgeQueue", "sqs:Delete*", "sqs:*",      "*",
    "s?s:*e",          "sns:Publish",    "example:Go",  "example:G?", "s*:*Message",
    "newsvc:Do",       "NewSvc:D*",      "newsvc:*",    "*:Do*",      "newsvc:*g"};
static const char *const resources[] = {"a", "ab", "abc", "b", "ba", "", "xaby"};
static const char *const resource_patterns[] = {"*", "a", "a*", "*b", "ab*", "a?", "?", "b", "*b*"};
// The request's value of the key, or NULL where it lacks it.
static const char *const contexts[] = {NULL, "u", "v", "U", "uv", "vx", "2"};
static const char *const conditions[] = {"",
                                         "StringEquals: {k: u}",
                                         "StringEquals: {k: [u, v]}",
                                         "StringEquals: {K: uv}",
                                         "StringNotEquals: {k: u}",
                                         "StringNotEquals: {k: [v, u]}",
                                         "StringLike: {k: 'u*'}",
                                         "StringLike: {k: ['*v', 'u']}",
                                         "StringNotLike: {k: '*v*'}",
                                         "StringEqualsIfExists: {k: u}",
                                         "StringEqualsIgnoreCase: {k: u}",
                                         "StringLikeIfExists: {k: '*'}",
                                         "'Null': {k: 'true'}",
                                         "'Null': {k: 'false'}",
                                         "StringNotEqualsIgnoreCase: {k: u}"};

static void add_random_list(StrBuf *out, uint32_t *seed, const char *name, const char *const *words,
                            size_t count) {
    bool not = next_random(seed, 5) == 0;
    strbuf_add_format(out, "%s%s: [", not ? "Not" : "", name);
    for (uint32_t left = 1 + next_random(seed, 3); left > 0; left--)
        strbuf_add_format(out, "'%s'%s", words[next_random(seed, (uint32_t)count)],
                          left > 1 ? ", " : "], ");
}

static const char *random_statements(Arena *arena, uint32_t *seed) {
    StrBuf out = strbuf_new(arena);
    for (uint32_t left = 1 + next_random(seed, MOST_STATEMENTS); left > 0; left--) {
        strbuf_add_format(&out, "{Effect: %s, ", next_random(seed, 5) == 0 ? "Deny" : "Allow");
        add_random_list(&out, seed, "Action", action_patterns, COUNT(action_patterns));
        add_random_list(&out, seed, "Resource", resource_patterns, COUNT(resource_patterns));
        strbuf_add_format(&out, "Condition: {%s}}%s",
                          conditions[next_random(seed, (uint32_t)COUNT(conditions))],
                          left > 1 ? "," : "");
    }
    return str_to_c(arena, strbuf_str(&out));
}

static char lower(char c, bool folds) {
    return folds && c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

// What IAM documents, without a thought for speed.
static bool matches(Str pattern, Str text, bool folds) {
    if (pattern.length == 0) return text.length == 0;
    Str rest = str_slice(pattern, 1, pattern.length);
    if (pattern.data[0] == '*')
        return matches(rest, text, folds) ||
               (text.length > 0 && matches(pattern, str_slice(text, 1, text.length), folds));
    if (text.length == 0) return false;
    return (pattern.data[0] == '?' ||
            lower(pattern.data[0], folds) == lower(text.data[0], folds)) &&
           matches(rest, str_slice(text, 1, text.length), folds);
}

static bool any_matches(const ItemVec *patterns, const char *text, bool folds) {
    for (size_t i = 0; i < patterns->count; i++) {
        if (matches(patterns->items[i].text, str_of(text), folds)) return true;
    }
    return false;
}

static bool value_holds(Str operator, Str value, const char *context) {
    if (str_find(operator, STR("Like"), 0) < operator.length)
        return matches(value, str_of(context), false);
    if (str_find(operator, STR("IgnoreCase"), 0) < operator.length)
        return str_equal_ignoring_case(value, str_of(context));
    return str_equal(value, str_of(context));
}

// IAM User Guide, "Condition operators": the operators that the tests use, on one key.
static bool condition_holds(const DocumentCondition *condition, const char *context) {
    Str operator= condition->operator.text;
    bool negated = str_find(operator, STR("Not"), 0) < operator.length, any = false;
    if (str_equal(operator, STR("Null")))
        return str_equal(condition->values.items[0].text, STR("true")) == (context == NULL);
    if (context == NULL) return negated || str_ends_with(operator, STR("IfExists"));
    for (size_t i = 0; i < condition->values.count; i++)
        any |= value_holds(operator, condition->values.items[i].text, context);
    return any != negated;
}

typedef struct Request {
    const char *action, *resource, *context;
} Request;

static bool statement_holds(const DocumentStatement *statement, const Request *request) {
    if (any_matches(&statement->actions, request->action, true) == statement->not_action ||
        any_matches(&statement->resources, request->resource, false) == statement->not_resource)
        return false;
    for (size_t i = 0; i < statement->conditions.count; i++) {
        if (!condition_holds(&statement->conditions.items[i], request->context)) return false;
    }
    return true;
}

static bool allows(const Document *document, const Request *request) {
    bool allowed = false;
    for (size_t i = 0; i < document->statements.count; i++) {
        const DocumentStatement *statement = &document->statements.items[i];
        if (!statement_holds(statement, request)) continue;
        if (statement->effect == EFFECT_DENY) return false;
        allowed = true;
    }
    return allowed;
}

// Whether a pattern of the policy that matches nothing today matches the action.
static bool is_named(const Document *document, const char *action) {
    for (size_t i = 0; i < document->statements.count; i++) {
        const ItemVec *patterns = &document->statements.items[i].actions;
        for (size_t k = 0; k < patterns->count; k++) {
            Str pattern = patterns->items[k].text;
            ActionMatches found;
            ActionId first = 0;
            catalogue_match(pattern, &found);
            if (!catalogue_next(&found, &first) && matches(pattern, str_of(action), true))
                return true;
        }
    }
    return false;
}

// The first request that `document` allows and `other` does not. What only actions to come can
// tell apart, which neither names, may be a remark.
static bool find_beyond(const Document *document, const Document *other, bool remarked,
                        Request *ret_request) {
    for (size_t a = 0; a < COUNT(actions); a++) {
        ActionId id = 0;
        if (remarked && !catalogue_find_action(str_of(actions[a]), &id) &&
            !is_named(document, actions[a]) && !is_named(other, actions[a]))
            continue;
        for (size_t r = 0; r < COUNT(resources); r++) {
            for (size_t c = 0; c < COUNT(contexts); c++) {
                Request request = {actions[a], resources[r], contexts[c]};
                if (!allows(document, &request) || allows(other, &request)) continue;
                *ret_request = request;
                return true;
            }
        }
    }
    return false;
}

// One side of a pair.
typedef struct Side {
    const char *statements;
    DocumentVec documents;
    Access access;
    size_t allows, denies, doubts, future; // left over against the other side
} Side;

static void compare_sides(Matcher *matcher, Side *side, const Side *other) {
    Difference difference;
    access_difference(matcher, &side->access, &other->access, &difference);
    side->future = difference.future.count;
    for (size_t i = 0; i < difference.changes.count; i++) {
        const AccessChange *change = &difference.changes.items[i];
        if (change->class->effect == EFFECT_DENY)
            side->denies++;
        else
            side->allows++;
        side->doubts += change->doubt != DOUBT_NONE;
    }
}

static void check_side(const Side *side, const Side *other, size_t *ret_covered) {
    Request request;
    if (side->allows > 0 || other->denies > 0) return;
    ++*ret_covered;
    bool remarked = side->future + other->future > 0;
    if (find_beyond(&side->documents.items[0], &other->documents.items[0], remarked, &request))
        fail_msg("[%s]\nis said to be covered by\n[%s]\nbut %s on '%s' with k=%s is not",
                 side->statements, other->statements, request.action, request.resource,
                 request.context == NULL ? "(absent)" : request.context);
}

static void read_side(Reading *reading, Matcher *matcher, const char *statements, Side *side) {
    *side = (Side){.statements = statements};
    document_of(reading, DOCUMENT_IDENTITY, statements, &side->documents);
    access_make(matcher, &side->documents, &side->access);
}

static void never_claims_too_much(void **state) {
    uint32_t seed = 3;
    size_t covered = 0, told = 0;
    for (int i = 0; i < RANDOM_PAIRS; i++) {
        Reading *reading = *state;
        Side left, right;
        Matcher matcher = matcher_new(&reading->arena, STEPS);
        read_side(reading, &matcher, random_statements(&reading->arena, &seed), &left);
        read_side(reading, &matcher, random_statements(&reading->arena, &seed), &right);
        compare_sides(&matcher, &left, &right);
        compare_sides(&matcher, &right, &left);
        check_side(&left, &right, &covered);
        check_side(&right, &left, &covered);
        told += left.doubts == 0;
        reading_tear_down(state);
        reading_set_up(state);
    }
    // Enough of both that the test says something.
    assert_true(covered > RANDOM_PAIRS / 10);
    assert_true(told > RANDOM_PAIRS / 2);
}

// The classes of the changes that have the action, each with its doubt.
static Str changes_of(Reading *reading, const char *statements, const char *other,
                      const char *action) {
    Difference difference = difference_of(reading, DOCUMENT_IDENTITY, statements, other);
    StrBuf out = strbuf_new(&reading->arena);
    for (size_t i = 0; i < difference.changes.count; i++) {
        AccessChange change = difference.changes.items[i];
        ActionId id = 0;
        bool has = catalogue_find_action(str_of(action), &id) && action_set_has(change.actions, id);
        for (size_t k = 0; k < change.texts.count; k++)
            has |= str_equal(change.texts.items[k], str_of(action));
        change.actions = action_set_new(&reading->arena);
        change.texts.count = 0;
        change.tests = change.class->tests; // how values are put together again hangs on others
        StrBuf line = strbuf_new(&reading->arena);
        describe_change(&line, &change);
        bool said = str_find(strbuf_str(&out), strbuf_str(&line), 0) < out.length;
        if (has && !said) strbuf_add(&out, strbuf_str(&line));
    }
    return strbuf_str(&out);
}

// A random policy of Allows that names an action, at the least on a resource of its own.
static const char *random_allows(Arena *arena, uint32_t *seed, const char *action) {
    static const char *const wholes[] = {"%s", "[%s, 'ec2:*']", "'*'", "'ec2:*'"};
    StrBuf out = strbuf_new(arena);
    for (uint32_t left = 1 + next_random(seed, MOST_STATEMENTS); left > 0; left--) {
        const char *whole = wholes[next_random(seed, (uint32_t)COUNT(wholes))];
        strbuf_add_format(&out, "{Effect: Allow, %sAction: ", next_random(seed, 3) ? "" : "Not");
        Str form = str_of(whole);
        size_t at = str_find(form, STR("%s"), 0);
        strbuf_add(&out, str_slice(form, 0, at));
        if (at < form.length) {
            strbuf_add(&out, str_of(action));
            strbuf_add(&out, str_slice(form, at + 2, form.length));
        }
        strbuf_add(&out, STR(", "));
        add_random_list(&out, seed, "Resource", resource_patterns, COUNT(resource_patterns));
        strbuf_add_format(&out, "Condition: {%s}}%s",
                          conditions[next_random(seed, (uint32_t)COUNT(conditions))], ",");
    }
    strbuf_add_format(&out, ALLOW("%s", "'own'"), action);
    return str_to_c(arena, strbuf_str(&out));
}

// The same is said of an action that the catalogue lacks as of one that it has, however certain.
static void says_the_same_of_actions_beyond_the_catalogue(void **state) {
    static const char *const names[] = {"sns:Publish", "newsvc:Publish"};
    uint32_t seed = 11;
    size_t told = 0;
    for (int i = 0; i < RANDOM_PAIRS / 4; i++) {
        Reading *reading = *state;
        uint32_t begin = seed;
        Str said[2];
        for (unsigned n = 0; n < 2; n++) {
            seed = begin;
            const char *left = random_allows(&reading->arena, &seed, names[n]);
            const char *right = random_allows(&reading->arena, &seed, names[n]);
            said[n] = changes_of(reading, left, right, names[n]);
            if (n == 1 && !str_equal(said[0], said[1]))
                fail_msg("of a known action: %.*s\nof another: %.*s\n[%s]\nbeyond [%s]",
                         STR_ARG(said[0]), STR_ARG(said[1]), left, right);
        }
        told += said[0].length > 0;
        reading_tear_down(state);
        reading_set_up(state);
    }
    assert_true(told > RANDOM_PAIRS / 16);
}

static void finds_nothing_against_itself(void **state) {
    uint32_t seed = 5;
    for (int i = 0; i < RANDOM_PAIRS; i++) {
        Reading *reading = *state;
        const char *statements = random_statements(&reading->arena, &seed);
        Str left = difference_text(reading, DOCUMENT_IDENTITY, statements, statements);
        if (left.length != 0) fail_msg("[%s] against itself:\n%.*s", statements, STR_ARG(left));
        reading_tear_down(state);
        reading_set_up(state);
    }
}

// --- effort ---

// A comparison that would take too long ends, and says that it does not know.
static void gives_up_openly(void **state) {
    Reading *reading = *state;
    Matcher matcher = matcher_new(&reading->arena, UINT64_MAX);
    Access access =
        access_of(reading, &matcher, DOCUMENT_IDENTITY, ALLOW("'s3:GetObject'", "'ab*'"));
    Access other = access_of(reading, &matcher, DOCUMENT_IDENTITY, ALLOW("'s3:GetObject'", "'a*'"));
    Difference difference;
    matcher.steps = 3;
    access_difference(&matcher, &access, &other, &difference);
    assert_int_equal(difference.changes.count, 1);
    assert_int_equal(difference.changes.items[0].doubt, DOUBT_EFFORT);
}

// Wherever it ends, what is left of actions that the catalogue lacks is not taken for covered.
static void gives_up_openly_beyond_the_catalogue(void **state) {
    static const struct {
        const char *statements, *other;
    } rows[] = {
        {ALL_BUT("Allow", "'iam:*'"), ALL_BUT("Allow", "['iam:*', 'nosuch:A', 'newsvc:*']")},
        {ALL_BUT("Allow", "'nosuch:B'"), ALL_BUT("Allow", "['nosuch:A', 'nosuch:A*']")},
        {ALLOW("'*'", "'*'"), ALL_BUT("Allow", "'newsvc:Do'")},
        {ALLOW("['nosuch:A', 'nosuch:B']", "'*'"), ALLOW("'nosuch:A'", "'*'")},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Reading *reading = *state;
        Matcher matcher = matcher_new(&reading->arena, STEPS);
        Access access = access_of(reading, &matcher, DOCUMENT_IDENTITY, rows[i].statements);
        Access other = access_of(reading, &matcher, DOCUMENT_IDENTITY, rows[i].other);
        for (uint64_t steps = 0; steps < 10000; steps += 37) {
            Difference difference;
            matcher.steps = steps;
            access_difference(&matcher, &access, &other, &difference);
            if (difference.changes.count == 0)
                fail_msg("[%s] covered after %zu steps", rows[i].statements, (size_t)steps);
        }
    }
}

// One NotAction for each of many resources: what each keeps out is looked up, not tried.
static void looks_up_what_is_excluded(void **state) {
    enum { STATEMENTS = 500 };
    Reading *reading = *state;
    Matcher matcher = matcher_new(&reading->arena, STEPS);
    StrBuf narrow = strbuf_new(&reading->arena), wide = strbuf_new(&reading->arena);
    for (int i = 0; i < STATEMENTS; i++) {
        static const char form[] = "{Effect: Allow, NotAction: %s, Resource: r%d},";
        Str own = str_format(&reading->arena, "'newsvc:A%d'", i);
        strbuf_add_format(&narrow, form, own.data, i);
        strbuf_add_format(&wide, form, "'iam:*'", i);
    }
    Access access = access_of(reading, &matcher, DOCUMENT_IDENTITY, strbuf_str(&wide).data);
    Access other = access_of(reading, &matcher, DOCUMENT_IDENTITY, strbuf_str(&narrow).data);
    Difference difference;
    access_difference(&matcher, &access, &other, &difference);
    assert_int_equal(difference.changes.count, STATEMENTS);
    for (int i = 0; i < STATEMENTS; i++) {
        const AccessChange *change = &difference.changes.items[i];
        assert_int_equal(change->doubt, DOUBT_NONE);
        assert_int_equal(change->texts.count, 1);
    }
}

static void has_a_limit(void **state) {
    Reading *reading = *state;
    StrBuf list = strbuf_new(&reading->arena);
    Matcher matcher = matcher_new(&reading->arena, STEPS);
    for (int i = 0; i <= ACCESS_MOST_CLASSES; i++) strbuf_add_format(&list, "r%d, ", i);
    Str most = str_slice(strbuf_str(&list), 0, str_find(strbuf_str(&list), STR("r8192"), 0));
    Str fits = str_format(&reading->arena, ALLOW("'s3:*'", "[%.*s]"), STR_ARG(most));
    Str more = str_format(&reading->arena, ALLOW("'s3:*'", "[%.*s]"), STR_ARG(strbuf_str(&list)));
    assert_false(access_of(reading, &matcher, DOCUMENT_IDENTITY, fits.data).too_large);
    assert_true(access_of(reading, &matcher, DOCUMENT_IDENTITY, more.data).too_large);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, reading_set_up, reading_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(sees_through_ways_to_write),
        TEST(names_what_is_left),
        TEST(says_what_it_cannot_tell),
        TEST(knows_stricter_conditions),
        TEST(knows_looser_conditions),
        TEST(divides_by_values),
        TEST(knows_actions_beyond_the_catalogue),
        TEST(remarks_on_the_future),
        TEST(compares_trust),
        TEST(never_claims_too_much),
        TEST(says_the_same_of_actions_beyond_the_catalogue),
        TEST(finds_nothing_against_itself),
        TEST(gives_up_openly),
        TEST(gives_up_openly_beyond_the_catalogue),
        TEST(looks_up_what_is_excluded),
        TEST(has_a_limit),
    };
    return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
