// The conditions of a statement made ready, and whether one set of them is stricter than another.
// They live in the arena of their Matcher; texts point to the statement that they were made of.
#ifndef SPOTC_POLICY_CONDITION_H
#define SPOTC_POLICY_CONDITION_H

#include "model/document.h"
#include "policy/values.h"

// One operator on one key.
typedef struct Test {
    Str operator;    // as written
    Str key;         // as written
    Str subject;     // the key in lower case
    StrVec texts;    // its values, sorted, without repeats
    Str identity;    // equal where two tests are known to mean the same,
    uint32_t number; // and its number of the Matcher
    Operator meaning;
    unsigned variables; // how it reads `${...}`: PATTERN_VARIABLES or PATTERN_SYMBOLS
    ValueSet values;
    const Decision *decision; // of a template, which this test is; or NULL
    bool of_action;           // it is one of the request's action, which is filled in later
    bool understood;          // operator and values are; else the test only equals itself
    bool divided;             // by tests_narrow
    bool any, none;           // whatever value the request has, it holds; or it does not (Null)
} Test;

// A key that must have one value, whose text is known: with another value the request is another.
// Both are numbers of the Matcher, the value's regardless of case.
typedef struct Ask {
    uint32_t subject, value;
} Ask;

enum { TESTS_MOST_ASKS = 4 }; // more tell no more apart

// All must hold. Sorted by identity, without repeats and without those that always hold.
typedef struct Tests {
    VEC(Test) items;
    Ask asks[TESTS_MOST_ASKS]; // of tests that are the only ones of their key
    size_t ask_count;
    Str identity; // the numbers of the items
} Tests;

// What holds a statement back besides its conditions. What these turn out to be is not known, so
// that a test of one only equals itself.
typedef struct Held {
    const Decision *when; // of a template
    StrVec actions;       // filled in later: the action must be one of each, or of NotAction none
} Held;

// The conditions of a statement of the document.
void tests_make(Matcher *matcher, const Document *document, const DocumentStatement *statement,
                Tests *ret_tests);

// The same tests, and what else holds their statement back; `negated` where its list of actions is
// that of a NotAction. What the tests are made of is shared.
void tests_hold(Matcher *matcher, const Tests *tests, const Held *held, bool negated,
                Tests *ret_tests);

// Whether every request that meets `strict` meets `loose` too. IAM User Guide, "Condition
// operators" and "Multivalued context keys". Of a key that has several values in a request the
// operators without ForAllValues or ForAnyValue are taken to see one.
Truth tests_imply(Matcher *matcher, const Tests *strict, const Tests *loose);

// What is asked of the key, or NULL.
const Ask *tests_ask(const Tests *tests, uint32_t subject);

// Whether it is certain, by what they ask, that no request meets both.
bool tests_are_apart(const Tests *a, const Tests *b);

// Whether a test holds where it holds for one of its values, so that a statement with it grants
// what several statements with a value each would; and was not narrowed yet.
bool test_is_divisible(const Test *test);

// The same tests, the one at `index` with these of its values only. The order may be another.
void tests_narrow(Matcher *matcher, const Tests *tests, size_t index, const StrVec *values,
                  Tests *ret_tests);

// Whether no request can meet them: one that holds for no value, or two on one key of which each
// leaves the other nothing.
bool tests_exclude(const Tests *tests);

// Whether the tests together with others could cover what neither covers alone: one holds where a
// key is absent or other than a value.
bool tests_complement(const Tests *tests);

#endif
