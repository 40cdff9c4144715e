// What policies say of requests, by the examples and tables of the IAM User Guide; each group names
// its page (docs.aws.amazon.com/IAM/latest/UserGuide/…).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "memory.h"
#include "model/embedded.h"
#include "model/operator.h"
#include "policy/date.h"
#include "policy/evaluate.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define ABSENT "(absent)"
#define NO TRUTH_NO
#define YES TRUTH_YES
#define MAYBE TRUTH_UNKNOWN

static const char *const truth_words[] = {"no", "depends", "yes"};

// "a|b" to {a, b}.
static StrVec split(Arena *arena, const char *text) {
    StrVec values = {0};
    Str all = str_of(text);
    for (size_t at = 0; at <= all.length;) {
        size_t end = str_find_byte(all, '|', at);
        VEC_PUSH(arena, &values, str_slice(all, at, end));
        at = end + 1;
    }
    return values;
}

static ItemVec items(Arena *arena, const char *text) {
    StrVec values = split(arena, text);
    ItemVec result = {0};
    for (size_t i = 0; i < values.count; i++)
        VEC_PUSH(arena, &result, ((Item){.text = values.items[i]}));
    return result;
}

static DocumentStatement statement(Arena *arena, Effect effect, const char *actions,
                                   const char *resources) {
    return (DocumentStatement){
        .effect = effect, .actions = items(arena, actions), .resources = items(arena, resources)};
}

static void add_condition(Arena *arena, DocumentStatement *s, const char *operator,
                          const char * key, const char *values) {
    DocumentCondition condition = {.operator.text = str_of(operator), .key.text = str_of(key)};
    if (values != NULL) condition.values = items(arena, values);
    VEC_PUSH(arena, &s->conditions, condition);
}

static void add_context(Arena *arena, Request *request, const char *key, const char *values) {
    ContextKey entry = {.key = str_of(key)};
    if (strcmp(values, ABSENT) != 0) entry.values = split(arena, values);
    VEC_PUSH(arena, &request->context, entry);
}

static Evaluation judge(Arena *arena, const DocumentStatement *statements, size_t count,
                        const Request *request) {
    DocumentVec *documents = ARENA_NEW(arena, DocumentVec);
    Document document = {.kind = DOCUMENT_IDENTITY, .name = STR("policy")};
    for (size_t i = 0; i < count; i++) VEC_PUSH(arena, &document.statements, statements[i]);
    VEC_PUSH(arena, documents, document);
    return evaluate(arena, documents, request);
}

// One condition on one key: `context` is the request's value of it, NULL what is not known.
typedef struct ConditionRow {
    const char *operator, * policy, *context;
    Truth expected;
} ConditionRow;

static Truth judge_condition(Arena *arena, const ConditionRow *row) {
    Request request = {.action = STR("s3:GetObject"), .resource = STR("arn:aws:s3:::b/k")};
    DocumentStatement s = statement(arena, EFFECT_ALLOW, "s3:GetObject", "*");
    add_condition(arena, &s, row->operator, "test:Key", row->policy);
    if (row->context != NULL) add_context(arena, &request, "TEST:key", row->context);
    Evaluation result = judge(arena, &s, 1, &request);
    assert_int_equal(result.judged.count, 1);
    assert_int_equal(result.allowed, result.judged.items[0].applies);
    // What it depends on is named, and nothing is where it does not.
    assert_int_equal(result.depends.keys.count > 0, result.allowed == TRUTH_UNKNOWN);
    assert_int_equal(result.judged.items[0].failed != NULL, result.allowed == TRUTH_NO);
    return result.allowed;
}

static void check_conditions(Arena *arena, const ConditionRow *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        Truth truth = judge_condition(arena, &rows[i]);
        if (truth != rows[i].expected)
            fail_msg("%s '%s', the request has '%s': %s, should be %s", rows[i].operator,
                     rows[i].policy, rows[i].context == NULL ? "(unknown)" : rows[i].context,
                     truth_words[truth], truth_words[rows[i].expected]);
    }
}

// reference_policies_elements_condition_operators.html#Conditions_String
static void compares_texts(void **state) {
    static const ConditionRow rows[] = {
        {"StringEquals", "iamuser-admin", "iamuser-admin", YES},
        {"StringEquals", "iamuser-admin", "IamUser-Admin", NO},
        {"StringEquals", "a|b", "b", YES},
        {"StringEquals", "a*", "ab", NO},
        {"StringEquals", "a*", "a*", YES},
        {"StringNotEquals", "a", "b", YES},
        {"StringNotEquals", "a", "a", NO},
        {"StringNotEquals", "a|b", "b", NO},
        {"StringNotEquals", "a|b", "c", YES},
        {"StringEqualsIgnoreCase", "iamuser-admin", "IamUser-Admin", YES},
        {"StringEqualsIgnoreCase", "a", "b", NO},
        {"StringNotEqualsIgnoreCase", "a", "A", NO},
        {"StringNotEqualsIgnoreCase", "a", "B", YES},
        {"StringLike", "home/*", "home/bob/x", YES},
        {"StringLike", "Home/*", "home/bob", NO},
        {"StringLike", "h?me", "home", YES},
        {"StringLike", "h?me", "hme", NO},
        {"StringLike", "h?me", "h\xc3\xb6me", YES}, // one character of two bytes
        {"StringLike", "h??me", "h\xc3\xb6me", NO},
        {"StringLike", "*", "", YES},
        {"StringLike", "?", "", NO},
        {"StringLike", "a*b*c", "aXbXbXc", YES},
        {"StringNotLike", "home/*", "home/bob", NO},
        {"StringNotLike", "home/*|tmp/*", "etc/bob", YES},
        {"StringEquals", NULL, "a", NO}, // an empty list
        {"StringNotEquals", NULL, "a", YES},
    };
    check_conditions(*state, rows, COUNT(rows));
}

// …#Conditions_Numeric
static void compares_numbers(void **state) {
    static const ConditionRow rows[] = {
        {"NumericLessThanEquals", "10", "10", YES},
        {"NumericLessThanEquals", "10", "10.0000000000000000000001", NO},
        {"NumericLessThan", "10", "9.99", YES},
        {"NumericLessThan", "10", "10", NO},
        {"NumericLessThan", "9", "10", NO}, // not as texts
        {"NumericGreaterThan", "10", "11", YES},
        {"NumericGreaterThan", "10", "10", NO},
        {"NumericGreaterThanEquals", "10", "1e1", YES},
        {"NumericGreaterThanEquals", "-1", "-2", NO},
        {"NumericEquals", "1.0", "1", YES},
        {"NumericEquals", "9007199254740993", "9007199254740992", NO}, // beyond a double
        {"NumericNotEquals", "1.0", "1", NO},
        {"NumericNotEquals", "1", "2", YES},
        {"NumericEquals", "ten", "10", MAYBE},
        {"NumericEquals", "10", "ten", MAYBE},
        {"NumericNotEquals", "10", "ten", MAYBE},
        {"NumericEquals", "ten|10", "10", YES},
    };
    check_conditions(*state, rows, COUNT(rows));
}

// …#Conditions_Date
static void compares_dates(void **state) {
    static const ConditionRow rows[] = {
        {"DateGreaterThan", "2020-01-01T00:00:01Z", "2020-01-01T00:00:02Z", YES},
        {"DateGreaterThan", "2020-01-01T00:00:01Z", "2020-01-01T00:00:01Z", NO},
        {"DateGreaterThanEquals", "2020-01-01T00:00:01Z", "2020-01-01T00:00:01Z", YES},
        {"DateLessThan", "2020-01-01T00:00:01Z", "2020-01-01T00:00:00.999Z", YES},
        {"DateLessThanEquals", "2020-01-01T00:00:01Z", "2020-01-01T00:00:01.001Z", NO},
        {"DateEquals", "2020-01-01T00:00:00Z", "1577836800", YES}, // seconds since 1970
        {"DateEquals", "2020-01-01T02:00:00+02:00", "2020-01-01", YES},
        {"DateEquals", "2019-12-31T19:30:00-04:30", "2020-01", YES},
        {"DateEquals", "2020-01-01T00:00Z", "2020", YES},
        {"DateNotEquals", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00.000Z", NO},
        {"DateNotEquals", "2020-01-01", "2020-01-02", YES},
        {"DateEquals", "2020-02-30", "2020-03-01", MAYBE},
        {"DateLessThan", "tomorrow", "2020-03-01", MAYBE},
    };
    check_conditions(*state, rows, COUNT(rows));
}

static void reads_dates(void **state) {
    static const struct {
        const char *text;
        int64_t seconds;
    } rows[] = {
        {"1970-01-01", 0},
        {"2000-02-29", 951782400},
        {"2100-03-01", 4107542400},
        {"1969-12-31T23:59:59Z", -1},
        {"0001-01-01", -62135596800},
        {"0000-01-01", -62167219200},
        {"2024-12-31T23:59Z", 1735689540},
        {"1735689540", 1735689540},
        {"0", 0},
    };
    static const char *const wrong[] = {"",
                                        "2020-13-01",
                                        "2020-00-01",
                                        "2021-02-29",
                                        "1900-02-29",
                                        "2020-1-1",
                                        "2020-01-01T",
                                        "2020-01-01T00",
                                        "2020-01-01T00:00",
                                        "2020-01-01T24:00Z",
                                        "2020-01-01T00:60Z",
                                        "2020-01-01T00:00:00.Z",
                                        "2020-01-01T00:00Zx",
                                        "2020T00:00Z",
                                        "2020-01T00:00Z",
                                        "2020-01-01T00:00+2:00",
                                        "-1",
                                        "1.",
                                        "1234567890123456"};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        Date date;
        if (!date_parse(str_of(rows[i].text), &date)) fail_msg("'%s' is a date", rows[i].text);
        if (date.seconds != rows[i].seconds)
            fail_msg("'%s' is %jd", rows[i].text, (intmax_t)date.seconds);
    }
    for (size_t i = 0; i < COUNT(wrong); i++) {
        Date date;
        if (date_parse(str_of(wrong[i]), &date)) fail_msg("'%s' is no date", wrong[i]);
    }
}

// …#Conditions_Boolean, #Conditions_BinaryEquals
static void compares_booleans_and_bytes(void **state) {
    static const ConditionRow rows[] = {
        {"Bool", "true", "true", YES},
        {"Bool", "true", "false", NO},
        {"Bool", "false", "False", YES},
        {"Bool", "true|false", "false", YES},
        {"BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", YES},
        {"BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "QmluYXJ5VmFsdWVJbkJhc2U2NA", YES},
        {"BinaryEquals", "QQ==", "Qg==", NO},
        {"BinaryEquals", "QQ==", "QQE=", NO},
        {"BinaryEquals", "QQ=", "QQ==", MAYBE},
        {"BinaryEquals", "Q", "QQ==", MAYBE},
        {"BinaryEquals", "Q!==", "QQ==", MAYBE},
    };
    check_conditions(*state, rows, COUNT(rows));
}

// …#Conditions_IPAddress
static void compares_addresses(void **state) {
    static const ConditionRow rows[] = {
        {"IpAddress", "203.0.113.0/24", "203.0.113.255", YES},
        {"IpAddress", "203.0.113.0/24", "203.0.114.0", NO},
        {"IpAddress", "203.0.113.7/24", "203.0.113.1", YES}, // bits beyond the mask do not count
        {"IpAddress", "203.0.113.5", "203.0.113.5", YES},
        {"IpAddress", "203.0.113.5", "203.0.113.4", NO},
        {"IpAddress", "0.0.0.0/0", "198.51.100.1", YES},
        {"IpAddress", "0.0.0.0/0", "2001:db8::1", NO},
        {"IpAddress", "203.0.113.128/25", "203.0.113.127", NO},
        {"IpAddress", "203.0.113.0/24|2001:DB8:1234:5678::/64", "2001:db8:1234:5678:9::", YES},
        {"IpAddress", "2001:DB8:1234:5678::/64", "2001:db8:1234:5679::", NO},
        {"NotIpAddress", "203.0.113.0/24", "203.0.113.9", NO},
        {"NotIpAddress", "203.0.113.0/24", "198.51.100.1", YES},
        {"IpAddress", "203.0.113.0/24", "203.0.113.0/25", YES},
        {"IpAddress", "203.0.113.0/24", "203.0.113.0/23", NO},
        {"IpAddress", "203.0.113.0/33", "203.0.113.0", MAYBE},
        {"IpAddress", "203.0.113/24", "203.0.113.0", MAYBE},
        {"IpAddress", "", "203.0.113.0", MAYBE},
        {"IpAddress", "203.0.113.0/24", "everywhere", MAYBE},
        {"IpAddress", "2001:db8:1234:5678:9abc:def0:1234:5678:9abc:def0:1234", "::1", MAYBE},
    };
    check_conditions(*state, rows, COUNT(rows));
}

// …#Conditions_ARN: each of the six parts is compared apart
static void compares_arns(void **state) {
    static const char topic[] = "arn:aws:sns:eu-west-1:123456789012:topic:a";
    static const ConditionRow rows[] = {
        {"ArnEquals", "arn:aws:sns:*:123456789012:topic*", topic, YES},
        {"ArnLike", "arn:aws:sns:*:123456789012:topic*", topic, YES},
        {"ArnLike", "arn:aws:sns:eu-west-1:123456789012:topic:a", topic, YES},
        {"ArnLike", "arn:aws:sns:eu-west-1:123456789012:TOPIC:a", topic, NO},
        {"ArnLike", "arn:aws:sns:*a", topic, MAYBE}, // four parts
        {"ArnLike", "arn:aws:sqs:*a", topic, NO},
        {"ArnLike", "arn:aws:sns:*:*:a:b", topic, NO}, // no wildcard reaches beyond a part
        {"ArnLike", "arn:aws:sns:*1:*2:topic:?", topic, YES},
        {"ArnLike", "arn:*:*:*:*:*", topic, YES},
        {"ArnLike", "arn:*:*:*:*:*", "topic", NO},
        {"ArnNotEquals", "arn:aws:sns:*:*:*", topic, NO},
        {"ArnNotLike", "arn:aws:sqs:*:*:*", topic, YES},
        {"ArnLike", "arn:aws:sns:${AWS::Region}:123456789012:*", topic, MAYBE},
        {"ArnLike", "arn:aws:sqs:${AWS::Region}:123456789012:*", topic, NO},
    };
    check_conditions(*state, rows, COUNT(rows));
}

// …#Conditions_IfExists, #Conditions_Null and the box "Important" at the page's top; for sets
// reference_policies_condition-single-vs-multi-valued-context-keys.html
static void knows_absent_keys(void **state) {
    static const struct {
        const char *operator, * policy;
        Truth absent, unknown;
    } rows[] = {
        {"StringEquals", "a", NO, MAYBE},
        {"StringNotEquals", "a", YES, MAYBE},
        {"StringLike", "*", NO, MAYBE},
        {"StringNotLike", "*", YES, MAYBE},
        {"NumericLessThan", "1", NO, MAYBE},
        {"NumericNotEquals", "1", YES, MAYBE},
        {"DateNotEquals", "2020", YES, MAYBE},
        {"Bool", "false", NO, MAYBE},
        {"BinaryEquals", "QQ==", NO, MAYBE},
        {"IpAddress", "0.0.0.0/0", NO, MAYBE},
        {"NotIpAddress", "0.0.0.0/0", YES, MAYBE},
        {"ArnLike", "arn:*:*:*:*:*", NO, MAYBE},
        {"ArnNotLike", "arn:*:*:*:*:*", YES, MAYBE},
        {"StringEqualsIfExists", "a", YES, MAYBE},
        {"StringNotEqualsIfExists", "a", YES, MAYBE},
        {"BoolIfExists", "true", YES, MAYBE},
        {"Null", "true", YES, MAYBE},
        {"Null", "false", NO, MAYBE},
        {"Null", "true|false", YES, YES},
        {"Null", NULL, NO, NO},
        {"ForAllValues:StringEquals", "a", YES, MAYBE},
        {"ForAllValues:StringNotEquals", "a", YES, MAYBE},
        {"ForAllValues:StringEqualsIfExists", "a", YES, MAYBE},
        {"ForAnyValue:StringEquals", "a", NO, MAYBE},
        {"ForAnyValue:StringNotEquals", "a", NO, MAYBE},
        {"ForAnyValue:StringEqualsIfExists", "a", YES, MAYBE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        ConditionRow both[] = {{rows[i].operator, rows[i].policy, ABSENT, rows[i].absent},
                               {rows[i].operator, rows[i].policy, NULL, rows[i].unknown}};
        check_conditions(*state, both, 2);
    }
}

static void knows_present_keys(void **state) {
    static const ConditionRow rows[] = {
        {"StringEqualsIfExists", "a", "a", YES},
        {"StringEqualsIfExists", "a", "b", NO},
        {"StringNotEqualsIfExists", "a", "a", NO},
        {"Null", "true", "a", NO},
        {"Null", "false", "a", YES},
        {"Null", "true|false", "a", YES},
        {"Null", "false", "", MAYBE},         // whether an empty text is a value is not documented
        {"NullIfExists", "true", "a", MAYBE}, // there is no such operator
        {"StringsEqual", "a", "a", MAYBE},
    };
    check_conditions(*state, rows, COUNT(rows));
}

// reference_policies_condition-single-vs-multi-valued-context-keys.html, and the table of
// "Evaluation logic for condition set operators"
static void compares_sets(void **state) {
    static const ConditionRow rows[] = {
        {"ForAllValues:StringLike", "PostDateTime|Message|Tags", "PostDateTime|UserName", NO},
        {"ForAllValues:StringLike", "PostDateTime|Message|Tags", "PostDateTime|Message", YES},
        {"ForAnyValue:StringLike", "ID|PostDateTime", "UserName|Message|PostDateTime", YES},
        {"ForAnyValue:StringLike", "ID|PostDateTime", "UserName", NO},
        {"ForAllValues:StringNotEquals", "a|b", "c|d", YES},
        {"ForAllValues:StringNotEquals", "a|b", "c|a", NO},
        {"ForAnyValue:StringNotEquals", "a|b", "a|c", YES},
        {"ForAnyValue:StringNotEquals", "a|b", "a|b", NO},
        {"ForAllValues:StringEquals", "a", "", YES}, // an empty text counts as no value
        {"ForAnyValue:StringEquals", "", "", NO},
        {"ForAllValues:NumericLessThan", "10", "1|9", YES},
        {"ForAllValues:NumericLessThan", "10", "1|10", NO},
        {"ForAllValues:NumericLessThan", "10", "1|ten", MAYBE},
        {"ForAllValues:NumericLessThan", "10", "11|ten", NO},
        // Several values without a set operator
        {"StringEquals", "a|b", "a|b", YES},
        {"StringEquals", "a|b", "c|d", NO},
        {"StringEquals", "a", "a|b", MAYBE},
    };
    check_conditions(*state, rows, COUNT(rows));
}

// reference_policies_variables.html
static void fills_in_variables(void **state) {
    static const struct {
        const char *operator, * policy, *username; // NULL: not known
        Truth expected;                            // where the request's key is "home/bob/"
    } rows[] = {
        {"StringLike", "home/${aws:username}/", "bob", YES},
        {"StringLike", "home/${AWS:UserName}/*", "bob", YES},
        {"StringLike", "home/${aws:username}/", "eve", NO},
        {"StringLike", "home/${aws:username}/", ABSENT, NO},
        {"StringNotLike", "home/${aws:username}/", ABSENT, MAYBE},
        {"StringLike", "home/${aws:username}/", NULL, MAYBE},
        {"StringLike", "tmp/${aws:username}/", NULL, NO},
        {"StringEquals", "home/${aws:username, 'bob'}/", ABSENT, YES},
        {"StringEquals", "home/${aws:username,'eve'}/", ABSENT, NO},
        {"StringEquals", "home/${aws:username, 'eve'}/", "bob", YES},
        {"StringEquals", "home/${aws:username, 'eve'}/", NULL, MAYBE},
        {"StringEqualsIgnoreCase", "HOME/${aws:username}/", "Bob", YES},
        {"StringLike", "home/${aws:username}/", "b*", MAYBE},
        {"StringLike", "home/${aws:username}/", "bob|eve", MAYBE},
        {"StringLike", "home/${*}/", "bob", NO},
        {"StringLike", "home${?}bob*", "bob", NO},
        {"StringLike", "${Home}/bob/", "bob", MAYBE},
        {"StringLike", "${Home}/eve/", "bob", NO},
        {"StringLike", "home/${aws:username", "bob", NO},
        {"NumericEquals", "${aws:username}", "bob", MAYBE}, // no variables there
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Request request = {.action = STR("s3:ListBucket"), .resource = STR("arn:aws:s3:::b")};
        DocumentStatement s = statement(*state, EFFECT_ALLOW, "s3:ListBucket", "arn:aws:s3:::b");
        add_condition(*state, &s, rows[i].operator, "s3:prefix", rows[i].policy);
        add_context(*state, &request, "s3:prefix", "home/bob/");
        if (rows[i].username != NULL)
            add_context(*state, &request, "aws:username", rows[i].username);
        Evaluation result = judge(*state, &s, 1, &request);
        if (result.allowed != rows[i].expected)
            fail_msg("%s %s, user %s: %s", rows[i].operator, rows[i].policy,
                     rows[i].username == NULL ? "(unknown)" : rows[i].username,
                     truth_words[result.allowed]);
        assert_int_equal(result.depends.keys.count > 0, result.allowed == TRUTH_UNKNOWN);
    }
}

static void escapes_symbols(void **state) {
    static const ConditionRow rows[] = {
        {"StringLike", "a${*}", "a*", YES},   {"StringLike", "a${*}", "ab", NO},
        {"StringLike", "a${?}", "a?", YES},   {"StringLike", "a${?}", "ab", NO},
        {"StringEquals", "${$}a", "$a", YES}, {"StringEquals", "${$}{a}", "${a}", YES},
        {"StringEquals", "$a", "$a", YES},
    };
    check_conditions(*state, rows, COUNT(rows));
}

// reference_policies_elements_resource.html
static void matches_resources(void **state) {
    static const struct {
        const char *patterns, *resource; // NULL: not known
        bool not_resource;
        Truth expected;
    } rows[] = {
        {"*", "arn:aws:s3:::b/k", false, YES},
        {"*", "*", false, YES},
        {"*", NULL, false, YES},
        {"**", NULL, false, YES},
        {"arn:aws:s3:::b/*", NULL, false, MAYBE},
        {"arn:aws:s3:::b/*|*", NULL, false, YES},
        {"arn:aws:s3:::b/*", "*", false, NO},
        {"arn:aws:s3:::b/*", "arn:aws:s3:::b/k/l", false, YES},
        {"arn:aws:s3:::b/*", "arn:aws:s3:::b", false, NO},
        {"arn:aws:s3:::B/*", "arn:aws:s3:::b/k", false, NO},
        {"arn:aws:s3:::b/?", "arn:aws:s3:::b/k", false, YES},
        {"arn:aws:iam::123456789012:user/accounting/*",
         "arn:aws:iam::123456789012:user/accounting/eu/bob", false, YES},
        {"arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:eu-west-1:123456789012:instance/i-1", false,
         YES},
        {"arn:aws:ec2:*:*:volume/*", "arn:aws:ec2:eu-west-1:123456789012:instance/i-1", false, NO},
        {"arn:aws:sqs", "arn:aws:sqs:eu-west-1:123456789012:q", false, YES},
        {"arn:aws:sns", "arn:aws:sqs:eu-west-1:123456789012:q", false, NO},
        {"arn:aws:s3:::b", "arn:aws:s3:::b", false, YES},
        {"arn:${AWS::Partition}:s3:::b", "arn:aws:s3:::b", false, MAYBE},
        {"arn:${AWS::Partition}:s3:::b", "arn:aws:s3:::c", false, NO},
        {"arn:aws:s3:::${aws:username}", "arn:aws:s3:::eve", false, YES},
        {"arn:aws:s3:::${aws:username}", "arn:aws:s3:::bob", false, NO},
        {"arn:aws:s3:::${aws:userid}", "arn:aws:s3:::bob", false, MAYBE},
        {"arn:aws:s3:::${aws:PrincipalTag/team}", "arn:aws:s3:::bob", false, NO},
        {"arn:aws:s3:::${aws:PrincipalTag/team}", NULL, false, NO},
        {"arn:aws:s3:::b/*", "arn:aws:s3:::b/k", true, NO},
        {"arn:aws:s3:::b/*", "arn:aws:s3:::c/k", true, YES},
        {"arn:aws:s3:::b/*", NULL, true, MAYBE},
        {"*", NULL, true, NO},
        {"arn:aws:s3:::${aws:PrincipalTag/team}", "arn:aws:s3:::bob", true, MAYBE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Request request = {.action = STR("s3:GetObject")};
        DocumentStatement s = statement(*state, EFFECT_ALLOW, "s3:*", rows[i].patterns);
        s.not_resource = rows[i].not_resource;
        if (rows[i].resource != NULL) request.resource = str_of(rows[i].resource);
        add_context(*state, &request, "aws:username", "eve");
        add_context(*state, &request, "aws:PrincipalTag/team", ABSENT);
        Evaluation result = judge(*state, &s, 1, &request);
        if (result.allowed != rows[i].expected)
            fail_msg("%s on %s: %s", rows[i].patterns,
                     rows[i].resource == NULL ? "(unknown)" : rows[i].resource,
                     truth_words[result.allowed]);
        bool named = result.depends.resource || result.depends.keys.count > 0;
        assert_int_equal(named, result.allowed == TRUTH_UNKNOWN);
        assert_int_equal(result.depends.resource,
                         rows[i].resource == NULL && result.allowed == TRUTH_UNKNOWN);
    }
}

// reference_policies_elements_action.html, reference_policies_elements_notaction.html
static void matches_actions(void **state) {
    static const struct {
        const char *patterns, *action;
        bool not_action, expected;
    } rows[] = {
        {"ec2:RunInstances", "ec2:RunInstances", false, true},
        {"EC2:runinstances", "ec2:RunInstances", false, true},
        {"ec2:Run*", "ec2:RunInstances", false, true},
        {"ec2:Describe*|ec2:Run*", "ec2:RunInstances", false, true},
        {"ec2:?unInstances", "ec2:RunInstances", false, true},
        {"*", "ec2:RunInstances", false, true},
        {"ec2:Describe*", "ec2:RunInstances", false, false},
        {"ec2:Run", "ec2:RunInstances", false, false},
        {"ec2:RunInstances", "ec2:RunInstances", true, false},
        {"iam:*", "ec2:RunInstances", true, true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Item *pattern = NULL;
        DocumentStatement s = statement(*state, EFFECT_ALLOW, rows[i].patterns, "*");
        s.not_action = rows[i].not_action;
        if (statement_has_action(&s, str_of(rows[i].action), &pattern) != rows[i].expected)
            fail_msg("%s has %s: should be %d", rows[i].patterns, rows[i].action, rows[i].expected);
        assert_int_equal(pattern != NULL, rows[i].expected && !rows[i].not_action);
    }
}

// reference_policies_evaluation-logic.html: by the answers of an Allow and of a Deny
static void weighs_effects(void **state) {
    static const struct {
        const char *allow, *deny; // the value of the key that each asks for; NULL: no statement
        const char *context;      // NULL: not known
        Truth allowed;
        bool by_deny;
        size_t keys; // that it depends on
    } rows[] = {
        {NULL, NULL, "a", NO, false, 0},    {"a", NULL, "a", YES, false, 0},
        {"a", NULL, "b", NO, false, 0},     {"a", "a", "a", NO, true, 0},
        {NULL, "a", "a", NO, true, 0},      {"a", "b", "a", YES, false, 0},
        {"a", NULL, NULL, MAYBE, false, 1}, {"a", "b", NULL, MAYBE, true, 1},
        {NULL, "a", NULL, NO, false, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Request request = {.action = STR("s3:GetObject"), .resource = STR("arn:aws:s3:::b/k")};
        DocumentStatement statements[2];
        size_t count = 0;
        if (rows[i].deny != NULL) {
            statements[count] = statement(*state, EFFECT_DENY, "*", "*");
            add_condition(*state, &statements[count++], "StringEquals", "x:Key", rows[i].deny);
        }
        if (rows[i].allow != NULL) {
            statements[count] = statement(*state, EFFECT_ALLOW, "s3:*", "*");
            add_condition(*state, &statements[count++], "StringEquals", "X:key", rows[i].allow);
        }
        if (rows[i].context != NULL) add_context(*state, &request, "x:key", rows[i].context);
        Evaluation result = judge(*state, statements, count, &request);
        if (result.allowed != rows[i].allowed || result.by_deny != rows[i].by_deny ||
            result.depends.keys.count != rows[i].keys)
            fail_msg("row %zu: %s, by Deny %d, on %zu keys", i, truth_words[result.allowed],
                     result.by_deny, result.depends.keys.count);
    }
}

// A sure Allow leaves only Denies to depend on; conditions of one statement must all hold.
static void names_only_what_matters(void **state) {
    Request request = {.action = STR("s3:GetObject")};
    DocumentStatement s[3] = {statement(*state, EFFECT_ALLOW, "s3:Get*", "*"),
                              statement(*state, EFFECT_ALLOW, "s3:*", "arn:aws:s3:::b/*"),
                              statement(*state, EFFECT_DENY, "s3:*", "*")};
    add_condition(*state, &s[1], "StringEquals", "x:Allow", "a");
    add_condition(*state, &s[2], "StringEquals", "x:Deny", "a");
    Evaluation result = judge(*state, s, 3, &request);
    assert_int_equal(result.allowed, MAYBE);
    assert_true(result.by_deny);
    assert_false(result.depends.resource);
    assert_int_equal(result.depends.keys.count, 1);
    assert_true(str_equal(result.depends.keys.items[0], STR("x:Deny")));
    assert_int_equal(result.judged.count, 3);
    // The second may apply, the first does.
    assert_int_equal(result.judged.items[1].applies, MAYBE);
    assert_true(result.judged.items[1].depends.resource);
    // With the Deny ruled out it is allowed.
    add_context(*state, &request, "x:deny", ABSENT);
    assert_int_equal(judge(*state, s, 3, &request).allowed, YES);
    // Of two conditions one that fails decides, whatever the other.
    add_condition(*state, &s[1], "Bool", "x:Flag", "true");
    add_context(*state, &request, "x:flag", "false");
    result = judge(*state, &s[1], 1, &request);
    assert_int_equal(result.allowed, NO);
    assert_true(str_equal(result.judged.items[0].failed->key.text, STR("x:Flag")));
    assert_int_equal(result.judged.items[0].depends.keys.count, 0);
}

// What is not listed in a complete request is absent; trust policies say nothing of actions.
static void knows_complete_requests(void **state) {
    Request request = {.action = STR("s3:GetObject"), .resource = STR("*"), .complete = true};
    DocumentStatement s = statement(*state, EFFECT_ALLOW, "s3:*", "*");
    add_condition(*state, &s, "StringNotEquals", "x:Key", "a");
    assert_int_equal(judge(*state, &s, 1, &request).allowed, YES);
    add_condition(*state, &s, "StringLike", "x:Key", "${aws:username}");
    assert_int_equal(judge(*state, &s, 1, &request).allowed, NO);
    DocumentVec documents = {0};
    Document document = {.kind = DOCUMENT_TRUST};
    VEC_PUSH(*state, &document.statements, statement(*state, EFFECT_ALLOW, "*", "*"));
    VEC_PUSH(*state, &documents, document);
    assert_int_equal(evaluate(*state, &documents, &request).allowed, NO);
}

static void knows_every_operator(void **state) {
    size_t count = 0;
    (void)state;
    NODE_EACH(row, embedded_root(STR("schema/iam/operators.tsv"))) {
        Operator operator;
        Str name = node_text(NODE_GET(row, "operator"));
        assert_true(operator_parse(name, &operator));
        assert_true(str_equal(operator.name, name));
        assert_int_equal(operator.negated, str_find(name, STR("Not"), 0) < name.length);
        assert_int_equal(operator.quantifier, QUANTIFIER_NONE);
        assert_false(operator.if_exists);
        count++;
    }
    assert_int_equal(count, 27);
    Operator operator= {0};
    assert_true(operator_parse(STR("ForAnyValue:ArnLikeIfExists"), &operator));
    assert_int_equal(operator.family, FAMILY_ARN);
    assert_int_equal(operator.quantifier, QUANTIFIER_ANY_VALUE);
    assert_true(operator.if_exists && operator.wildcards && operator.variables);
    static const char *const wrong[] = {
        "", "stringequals", "NullIfExists", "IfExists", "ForAllValues:", "ForSome:Bool", "Bool "};
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_false(operator_parse(str_of(wrong[i]), &operator));
}

// Patterns made to be slow end all the same.
static void is_never_slow(void **state) {
    enum { LENGTH = 4000 };
    StrBuf pattern = strbuf_new(*state), text = strbuf_new(*state);
    for (size_t i = 0; i < LENGTH; i++) {
        strbuf_add(&pattern, STR("*a"));
        strbuf_add_byte(&text, 'a');
    }
    strbuf_add(&pattern, STR("b\0"));
    strbuf_add(&text, STR("c\0"));
    ConditionRow row = {"StringLike", strbuf_str(&pattern).data, strbuf_str(&text).data, NO};
    assert_int_equal(judge_condition(*state, &row), NO);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, memory_set_up, memory_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(compares_texts),
        TEST(compares_numbers),
        TEST(compares_dates),
        TEST(reads_dates),
        TEST(compares_booleans_and_bytes),
        TEST(compares_addresses),
        TEST(compares_arns),
        TEST(knows_absent_keys),
        TEST(knows_present_keys),
        TEST(compares_sets),
        TEST(fills_in_variables),
        TEST(escapes_symbols),
        TEST(matches_resources),
        TEST(matches_actions),
        TEST(weighs_effects),
        TEST(names_only_what_matters),
        TEST(knows_complete_requests),
        TEST(knows_every_operator),
        TEST(is_never_slow),
    };
    return cmocka_run_group_tests_name("evaluate", tests, NULL, NULL);
}
