// CloudFormation's functions, and which policy of a template belongs to whom.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "importing.h"
#include "reading.h"

static const char *import_as(Reading *reading, const char *name, Str text) {
    Imported imported = {0};
    const Source *source = reading_source(reading, name, text);
    if (!import_source(&reading->arena, &reading->diags, source, &imported))
        return reading_messages(reading);
    // Each remark is reported, and nothing else is.
    assert_int_equal(reading->diags.items.count, imported.remarks.count);
    (void)reading_messages(reading);
    return importing_text(&reading->arena, &imported);
}

static void assert_import(void **state, const char *text, const char *expected) {
    assert_string_equal(import_as(*state, "t.yaml", str_of(text)), expected);
}

// --- functions ---

// What `value`, in YAML, is as the Resource of a policy.
static const char *resource_of(Reading *reading, const char *value) {
    static const char head[] = "    Allow Action a:b Resource ";
    Str text =
        str_format(&reading->arena,
                   "Mappings: {M: {k: {text: found, list: [x, y], number: 012}}}\n"
                   "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      "
                   "PolicyDocument: {Statement: {Effect: Allow, Action: a:b, Resource: %s}}\n",
                   value);
    const char *imported = import_as(reading, "t.yaml", text), *found = strstr(imported, head);
    if (found == NULL) return imported;
    Str rest = str_of(found + strlen(head));
    return str_to_c(&reading->arena, str_slice(rest, 0, str_find_byte(rest, '\n', 0)));
}

static void test_functions(void **state) {
    static const struct {
        const char *value, *text;
    } rows[] = {
        {"plain", "plain"},
        {"'${aws:username}'", "${aws:username}"},
        {"'${Bucket}-${!Bucket}-${Fn::x}-${'", "${!Bucket}-${!!Bucket}-${!Fn::x}-${"},
        {"!Sub '${Bucket}-${!Bucket}-${!!Bucket}'", "${Bucket}-${!Bucket}-${!!Bucket}"},
        {"!Join ['', ['${x}', !Sub '${x}']]", "${!x}${x}"},
        {"!Sub ['${x}', {x: '${A}'}]", "${!A}"},
        // Ref
        {"!Ref Bucket", "${Bucket}"},
        {"{Ref: AWS::Partition}", "${AWS::Partition}"},
        {"!Ref aws:username", "${Ref:aws:username}"},
        {"!Ref ''", "${Ref:}"},
        {"{Ref: [a]}", "${Ref:a}"},
        // Fn::GetAtt
        {"!GetAtt Bucket.Arn", "${Bucket.Arn}"},
        {"!GetAtt [Bucket, Arn]", "${Bucket.Arn}"},
        {"{'Fn::GetAtt': [Db, Endpoint.Address]}", "${Db.Endpoint.Address}"},
        {"!GetAtt [Bucket, !Ref Name]", "${Fn::GetAtt:Bucket,<Name>}"},
        {"!GetAtt [A, B, C]", "${Fn::GetAtt:A,B,C}"},
        // Fn::Sub
        {"!Sub 'arn:${AWS::Partition}:s3:::${Bucket}/*'", "arn:${AWS::Partition}:s3:::${Bucket}/*"},
        {"!Sub 'home/${!aws:username}/${A.Arn}'", "home/${aws:username}/${A.Arn}"},
        {"!Sub ['${x}-${y}-${x}', {x: 1, y: !Ref P}]", "1-${P}-1"},
        {"{'Fn::Sub': ['${x}', {x: {'Fn::Sub': '${Q}'}}]}", "${Q}"},
        {"!Sub ['${x}', {x: '${y}', y: no}]", "${!y}"},
        {"!Sub 'open ${'", "open ${"},
        {"!Sub [a]", "${Fn::Sub:a}"},
        {"!Sub ['${x}', {x: [a]}]", "${Fn::Sub:%24%7B!x%7D,[x=[a]]}"},
        // Fn::Join, Fn::Split and Fn::Select
        {"!Join ['', ['arn:', !Ref AWS::Partition, ':s3:::b']]", "arn:${AWS::Partition}:s3:::b"},
        {"!Join ['-', [a, !Ref AWS::NoValue, 7, true]]", "a-7-true"},
        {"!Join ['-', []]", ""},
        {"!Join [',', !Ref List]", "${Fn::Join:%2C,<List>}"},
        {"!Join [',', !Split ['|', 'a|b||c']]", "a,b,,c"},
        {"!Join [',', !FindInMap [M, k, list]]", "x,y"},
        {"!Select [1, [a, b]]", "b"},
        {"!Select ['0', [!Ref A, b]]", "${A}"},
        {"!Select [2, [a, b]]", "${Fn::Select:2,[a,b]}"},
        {"!Select [0, !GetAZs '']", "${Fn::Select:0,<Fn::GetAZs:>}"},
        {"!Select [1, !Split ['/', !Sub 'x/${Url}']]", "${Fn::Select:1,<Fn::Split:/,x/<Url>>}"},
        {"!Select [1, !Split ['/', 'a/b/c']]", "b"},
        {"!Split ['', abc]", "${Fn::Split:,abc}"},
        // Fn::FindInMap
        {"!FindInMap [M, k, text]", "found"},
        {"!Sub ['n${n}', {n: !FindInMap [M, k, number]}]", "n012"},
        {"!FindInMap [M, k, none]", "${Fn::FindInMap:M,k,none}"},
        {"!FindInMap [M, k, none, {DefaultValue: !Ref D}]", "${D}"},
        // What is not known says what it may be, and what decides that.
        {"!FindInMap [M, k, !Ref K]", "${Fn::FindInMap:M,k,<K>;|text=found|list=[x,y]|number=012}"},
        {"!FindInMap [!Ref M, none, text]", "${Fn::FindInMap:<M>,none,text;|M=}"},
        {"!FindInMap [M, !Ref AWS::Region, text]",
         "${Fn::FindInMap:M,<AWS::Region>,text;|k=found}"},
        {"!Select [0, [[x, y], z]]", "x y"},
        // All others
        {"!ImportValue shared-bucket", "${Fn::ImportValue:shared-bucket}"},
        {"{'Fn::ImportValue': !Sub '${Env}-bucket'}", "${Fn::ImportValue:<Env>-bucket}"},
        {"!ImportValue 'a*b?c$d{e}f%g<h>'", "${Fn::ImportValue:a%2Ab%3Fc%24d%7Be%7Df%25g%3Ch%3E}"},
        {"!Base64 text", "${Fn::Base64:text}"},
        {"{'Fn::New': {a: 1, b: [c, d]}}", "${Fn::New:[a=1,b=[c,d]]}"},
        {"!Cidr [!GetAtt V.CidrBlock, 2, 8]", "${Fn::Cidr:<V.CidrBlock>,2,8}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(resource_of(*state, rows[i].value), rows[i].text);
}

#define POLICY(body)                                                               \
    "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      " \
    "PolicyDocument:\n"                                                            \
    "        Statement:\n" body

static void test_nothing(void **state) {
    assert_import(state,
                  POLICY("        - Sid: !Ref AWS::NoValue\n"
                         "          Effect: Allow\n"
                         "          Action: [a:b, !Ref AWS::NoValue, a:c]\n"
                         "          Resource: '*'\n"
                         "        - !Ref AWS::NoValue\n"),
                  "role \n"
                  "  identity P\n"
                  "    Allow Action a:b a:c Resource *\n");
}

#define REMARK(name)                                                                            \
    "remark the condition '" name "' is not known before the template is deployed; what holds " \
    "in either case is taken together\n"

// Items of a list are granted together, so both branches are; a condition of a statement is not.
static void test_if(void **state) {
    assert_import(state,
                  POLICY("        - Effect: Allow\n"
                         "          Action: [a:b, !If [Prod, a:c, !Ref AWS::NoValue], a:d]\n"
                         "          Resource: !If [Prod, [r, s], !If [Test, t, u]]\n"),
                  "role \n"
                  "  identity P\n"
                  "    Allow Action a:b a:c a:d Resource r s t u\n" REMARK("Prod") REMARK("Test"));
    assert_import(state,
                  POLICY("        - Effect: Allow\n"
                         "          Action: a:b\n"
                         "          Resource: !Join ['', [x, !If [Prod, p, q]]]\n"
                         "          Condition: !If\n"
                         "          - Prod\n"
                         "          - Bool: {k: true}\n"
                         "          - !Ref AWS::NoValue\n"),
                  "role \n"
                  "  identity P\n"
                  "    Allow Action a:b Resource xp if Bool k true\n"
                  "    Allow Action a:b Resource xq\n" REMARK("Prod"));
    assert_import(state,
                  POLICY("        - !If\n"
                         "          - Prod\n"
                         "          - {Effect: Allow, Action: a:b, Resource: '*'}\n"
                         "          - !If\n"
                         "            - Test\n"
                         "            - {Effect: Deny, Action: a:c, Resource: '*'}\n"
                         "            - !Ref AWS::NoValue\n"),
                  "role \n"
                  "  identity P\n"
                  "    Allow Action a:b Resource *\n"
                  "    Deny Action a:c Resource *\n" REMARK("Prod") REMARK("Test"));
}

// What lies in a branch is there only where its own condition holds as the outer one does.
static void test_if_within_itself(void **state) {
    assert_import(state,
                  POLICY("        - Effect: Allow\n"
                         "          Action: [!If [Prod, !If [Prod, a:b, a:c], !If [Prod, a:d, "
                         "a:e]]]\n"
                         "          Resource: '*'\n"
                         "        - a text, which AWS refuses\n"),
                  "role \n"
                  "  identity P (bad)\n"
                  "    Allow Action a:b a:e Resource *\n" REMARK("Prod"));
}

// Nothing is said of a resource that has to do with no policy.
static void test_condition_of_another_resource(void **state) {
    assert_import(state,
                  "Resources:\n"
                  "  Bucket: {Type: AWS::S3::Bucket, Condition: Wanted}\n"
                  "  P:\n"
                  "    Type: AWS::IAM::ManagedPolicy\n"
                  "    Properties: {PolicyDocument: {Statement: {Effect: Allow, Action: a:b, "
                  "Resource: '*'}}}\n",
                  "role \n"
                  "  identity P\n"
                  "    Allow Action a:b Resource *\n");
}

// Two conditions make four cases, of which equal ones stand there once; five are too many.
static void test_if_outcomes(void **state) {
    assert_import(state,
                  POLICY("        - Effect: Allow\n"
                         "          NotAction: [!If [A, a, x], !If [B, b, x]]\n"
                         "          Resource: '*'\n"),
                  "role \n"
                  "  identity P\n"
                  "    Allow NotAction a b Resource *\n"
                  "    Allow NotAction x b Resource *\n"
                  "    Allow NotAction a x Resource *\n"
                  "    Allow NotAction x x Resource *\n" REMARK("A") REMARK("B"));
    assert_import(state,
                  POLICY("        - Effect: Allow\n"
                         "          NotAction: [!If [A, a, a], !If [B, b, b], !If [C, c, c],"
                         " !If [D, d, d], !If [E, e, x]]\n"
                         "          Resource: '*'\n"),
                  "role \n"
                  "  identity P\n"
                  "    Allow NotAction a b c d ${Fn::If:E,e,x;Conditions/E=;} Resource *\n"
                  "unread this action of 'P' is not known before the template is deployed\n" REMARK(
                      "A") REMARK("B") REMARK("C") REMARK("D"));
}

// --- who has what ---

static void test_attachments(void **state) {
    assert_import(
        state,
        "Resources:\n"
        "  Reader:\n"
        "    Type: AWS::IAM::Role\n"
        "    Properties:\n"
        "      RoleName: reader\n"
        "      AssumeRolePolicyDocument:\n"
        "        Statement:\n"
        "          Effect: Allow\n"
        "          Principal: {AWS: !Sub 'arn:${AWS::Partition}:iam::1:root'}\n"
        "          Action: sts:AssumeRole\n"
        "      ManagedPolicyArns: [!Ref Managed, arn:aws:iam::aws:policy/SecurityAudit]\n"
        "      PermissionsBoundary: !Ref Boundary\n"
        "      Policies:\n"
        "      - PolicyName: !Sub '${AWS::StackName}-inline'\n"
        "        PolicyDocument: {Statement: {Effect: Allow, Action: a:inline, Resource: '*'}}\n"
        "  Writer:\n"
        "    Type: AWS::IAM::User\n"
        "    Properties: {ManagedPolicyArns: !If [Dev, [!GetAtt Managed.PolicyArn], []]}\n"
        "  Managed:\n"
        "    Type: AWS::IAM::ManagedPolicy\n"
        "    Properties:\n"
        "      Roles: [!Ref Reader]\n" // the role lists it too
        "      PolicyDocument: {Statement: {Effect: Allow, Action: a:managed, Resource: '*'}}\n"
        "  Named:\n"
        "    Type: AWS::IAM::RolePolicy\n"
        "    Properties:\n"
        "      RoleName: reader\n"
        "      PolicyDocument: {Statement: {Effect: Deny, Action: a:named, Resource: '*'}}\n"
        "  Elsewhere:\n"
        "    Type: AWS::IAM::Policy\n"
        "    Properties:\n"
        "      Roles: [made-by-hand]\n"
        "      PolicyDocument: {Statement: {Effect: Allow, Action: a:else, Resource: '*'}}\n",
        "role Reader\n"
        "  managed arn:aws:iam::aws:policy/SecurityAudit\n"
        "  boundary ${Boundary}\n"
        "  trust Reader\n"
        "    Allow to AWS arn:${AWS::Partition}:iam::1:root Action sts:AssumeRole\n"
        "  identity Reader/${AWS::StackName}-inline\n"
        "    Allow Action a:inline Resource *\n"
        "  identity Managed\n"
        "    Allow Action a:managed Resource *\n"
        "  identity Named\n"
        "    Deny Action a:named Resource *\n"
        "role Writer\n"
        "  identity Managed\n"
        "    Allow Action a:managed Resource *\n"
        "role \n"
        "  identity Elsewhere\n"
        "    Allow Action a:else Resource *\n" REMARK("Dev"));
}

static void test_resource_policies(void **state) {
    assert_import(state,
                  "Resources:\n"
                  "  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: t}}\n"
                  "  Key:\n"
                  "    Type: AWS::KMS::Key\n"
                  "    Properties:\n"
                  "      KeyPolicy: {Statement: {Effect: Allow, Principal: {AWS: '*'}, Action:"
                  " 'kms:*', Resource: '*'}}\n"
                  "  Bucket:\n"
                  "    Type: AWS::S3::BucketPolicy\n"
                  "    Properties:\n"
                  "      PolicyDocument: !Sub '{\"Statement\": {\"Effect\": \"Deny\","
                  " \"Principal\": \"*\", \"Action\": \"s3:*\", \"Resource\": \"${B.Arn}\"}}'\n",
                  "role \n"
                  "  resource Key\n"
                  "    Allow to AWS * Action kms:* Resource *\n"
                  "role \n"
                  "  resource Bucket\n"
                  "    Deny to * Action s3:* Resource ${B.Arn}\n");
}

static void test_not_known(void **state) {
    assert_import(
        state,
        "Transform: AWS::LanguageExtensions\n"
        "Resources:\n"
        "  Fn::ForEach::Roles: [Name, [A, B], {}]\n"
        "  P:\n"
        "    Type: AWS::IAM::ManagedPolicy\n"
        "    Condition: Wanted\n"
        "    Properties: {PolicyDocument: !Ref Document}\n"
        "  Q:\n"
        "    Type: AWS::IAM::ManagedPolicy\n"
        "    Properties: {PolicyDocument: [1]}\n"
        "  R: {Type: AWS::IAM::ManagedPolicy}\n",
        "role \n"
        "  identity Q (bad)\n"
        "unread what 'Transform' makes is not known before the template is deployed, and is left "
        "out\n"
        "unread what 'Fn::ForEach::Roles' makes is not known before the template is deployed, and "
        "is left out\n"
        "unread the policy of 'P' is not known before the template is deployed, and is left out\n"
        "remark the condition 'Wanted' decides whether 'P' is made; it is taken as made\n");
}

static void test_json(void **state) {
    const char *text =
        "{\"Resources\": {\"P\": {\"Type\": \"AWS::IAM::ManagedPolicy\", \"Properties\": {"
        "\"PolicyDocument\": {\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\","
        " \"Action\": {\"Fn::If\": [\"C\", \"a:b\", \"a:c\"]}, \"Resource\": {\"Fn::Join\": [\":\","
        " [\"arn\", {\"Ref\": \"AWS::Partition\"}, {\"Fn::GetAtt\": [\"B\", \"Arn\"]}]]}}]}}}}}";
    assert_string_equal(
        import_as(*state, "t.json", str_of(text)),
        "role \n"
        "  identity P\n"
        "    Allow Action a:b a:c Resource arn:${AWS::Partition}:${B.Arn}\n" REMARK("C"));
}

// --- places ---

// A text that a function made stands where the function stands; so does the short form.
static void test_places(void **state) {
    Reading *reading = *state;
    const char *text =
        POLICY("        - Effect: Allow\n"
               "          Action: [!Sub 'a:${X}']\n"
               "          Resource: &r !Join\n"
               "          - ''\n"
               "          - [a, !Ref B]\n"
               "          Condition: {Bool: {k: {Ref: C}, l: !If [N, &d one, 2]}}\n");
    Imported imported = {0};
    const Source *source = reading_source(reading, "t.yaml", str_of(text));
    assert_true(import_source(&reading->arena, &reading->diags, source, &imported));
    const DocumentStatement *statement =
        &imported.roles.items[0].documents.items[0].statements.items[0];
    const Item *items[] = {&statement->actions.items[0], &statement->resources.items[0],
                           &statement->conditions.items[0].values.items[0],
                           &statement->conditions.items[1].values.items[0]};
    const char *written[] = {"!Sub 'a:${X}'", "&r !Join\n          - ''\n          - [a, !Ref B]",
                             "{Ref: C}", "&d one"};
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        Span span = items[i]->span;
        assert_string_equal(
            str_to_c(&reading->arena, str_slice(str_of(text), span.begin, span.end)), written[i]);
    }
}

// --- bounds ---

static void assert_refused(Reading *reading, const StrBuf *text, const char *message) {
    const char *messages = import_as(reading, "t.yaml", strbuf_str(text));
    if (strstr(messages, message) == NULL) fail_msg("%s", messages);
}

// Each level repeats what the one below made: 10^15 bytes. [template-too-large]
static void test_blow_up(void **state) {
    Reading *reading = *state;
    StrBuf text = strbuf_new(&reading->arena);
    strbuf_add(&text, STR(POLICY("        - Effect: Allow\n"
                                 "          Action: a:b\n"
                                 "          Resource: ")));
    for (int i = 0; i < 15; i++)
        strbuf_add(&text, STR("!Sub ['${x}${x}${x}${x}${x}${x}${x}${x}${x}${x}', {x: "));
    strbuf_add(&text, STR("1"));
    for (int i = 0; i < 15; i++) strbuf_add(&text, STR("}]"));
    assert_refused(reading, &text,
                   "template-too-large: the functions of this template make more than the 6 MiB "
                   "that spotc holds");
}

// Many references to one large map.
static void test_copies(void **state) {
    Reading *reading = *state;
    StrBuf text = strbuf_new(&reading->arena);
    strbuf_add(&text, STR("Mappings: {M: {k: {l: ["));
    for (int i = 0; i < 20000; i++) strbuf_add(&text, STR("x,"));
    strbuf_add(&text, STR("]}}}\n" POLICY("        - Effect: Allow\n"
                                          "          Action: a:b\n"
                                          "          Resource: [")));
    for (int i = 0; i < 20000; i++) strbuf_add(&text, STR("!FindInMap [M, k, l],"));
    strbuf_add(&text, STR("]\n"));
    assert_refused(reading, &text, "template-too-large");
}

static void test_depth(void **state) {
    Reading *reading = *state;
    StrBuf text = strbuf_new(&reading->arena);
    strbuf_add(&text, STR("Resources: "));
    for (int i = 0; i < 40; i++) strbuf_add(&text, STR("!If [c, "));
    for (int i = 0; i < 40; i++) strbuf_add_byte(&text, ']');
    assert_refused(reading, &text, "too-deep: nested more than 64 levels deep");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, reading_set_up, reading_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_functions),
        TEST(test_nothing),
        TEST(test_if),
        TEST(test_if_outcomes),
        TEST(test_if_within_itself),
        TEST(test_condition_of_another_resource),
        TEST(test_attachments),
        TEST(test_resource_policies),
        TEST(test_not_known),
        TEST(test_json),
        TEST(test_places),
        TEST(test_blow_up),
        TEST(test_copies),
        TEST(test_depth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
