// What a role's statements give together, as classes. An Access lives in the arena of its Matcher
// and points to the documents that it was made of.
#ifndef SPOTC_POLICY_ACCESS_H
#define SPOTC_POLICY_ACCESS_H

#include "policy/condition.h"
#include "policy/expand.h"
#include "policy/near.h"

// More than a role's policies can hold (IAM User Guide, "IAM and AWS STS quotas").
enum { ACCESS_MOST_CLASSES = 8192, ACCESS_EFFECTS = EFFECT_DENY + 1 };

// Tests that what hangs on conditions of a template, or is filled in later, can be held to in all:
// four for each class.
enum { ACCESS_MOST_TESTS = 4 * ACCESS_MOST_CLASSES };

// An action as a statement writes it that more can be said of than which actions it matches today:
// it has wildcards, or matches none.
typedef struct ActionText {
    Item item; // at its widest, where a part of it is filled in later
    Pattern pattern;
    uint32_t number; // of the Matcher: equal where the texts are, whatever their case
    bool known;      // it matches something
} ActionText;

typedef VEC(ActionText) ActionTextVec;
typedef VEC(const ActionText *) ActionTextList;

// A statement with its actions made ready.
typedef struct ReadyStatement {
    const DocumentStatement *statement;
    const Document *document;
    ActionTextVec texts; // where not_action: all that it surely keeps out, or all that it may
    Heads heads;         // of the texts
} ReadyStatement;

// All statements of one effect, of one resource pattern, one principal and one set of conditions.
typedef struct AccessClass {
    Str key; // equal for classes of one sort, also of two Accesses of one Matcher
    DocumentKind kind;
    Effect effect;
    Scope resource, principal;
    const Tests *tests;
    ActionSet actions;    // an Allow's without what a Deny of the same role takes back for certain
    bool shares;          // that set with other classes
    bool more;            // it may have actions that the catalogue lacks
    bool open;            // which actions it has is known when they are filled in: these at most
    bool empty;           // it has no action of the catalogue; else
    ActionId first, last; // these are the least and the greatest that it has
    VEC(const ReadyStatement *) statements;
    VEC(const ReadyStatement *) excluding;   // those of them that are a NotAction
    Heads excluded;                          // the first entry of each of these
    const ReadyStatement *shortest;          // of these that which has the fewest entries; or NULL
    VEC(const struct AccessClass *) denials; // an Allow's: the Denies that cover it for certain
} AccessClass;

// All classes of one kind and effect.
typedef struct AccessSort {
    VEC(AccessClass *) classes;
    Near near; // the numbers are the places in that list
} AccessSort;

typedef struct Access {
    VEC(AccessClass *) classes; // in the order of their statements
    ActionTextList foreign; // what Action and NotAction name and the catalogue lacks, repeats too
    StrMap by_key;          // -> index
    AccessSort sorts[DOCUMENT_KIND_COUNT][ACCESS_EFFECTS];
    size_t tests;   // of what hangs on conditions of a template, or is filled in later
    bool too_large; // more than ACCESS_MOST_CLASSES or ACCESS_MOST_TESTS, or no steps left
} Access;

// The classes of all documents. A Deny is taken away from an Allow where it is certain to cover it;
// it stays a class of its own as well.
void access_make(Matcher *matcher, const DocumentVec *documents, Access *ret_access);

// A walk over classes of one kind and effect.
typedef struct AccessSearch {
    const AccessSort *sort;
    NearSearch near;
} AccessSearch;

// Begins a walk over the classes of that effect and the kind of `class`, which may be of another
// Access; left out are only such as certainly have no request in common with what of `class` meets
// the tests.
AccessSearch access_near(const Access *access, Effect effect, const AccessClass *class,
                         const Tests *tests);

// The next one; NULL where there are no more.
AccessClass *access_next(AccessSearch *search);

// Whether a class has any action of the set.
bool class_has_any(const AccessClass *class, ActionSet set);

// Whether a class certainly has this action, which is a pattern or none of the catalogue's, by the
// texts of its statements; and whether a Deny takes it back.
bool class_has_text(Matcher *matcher, const AccessClass *class, const ActionText *text);
bool class_denies_text(Matcher *matcher, const AccessClass *class, const ActionText *text);

// Whether a class may have anything that the text matches, or a statement may; no: it certainly has
// not.
bool class_may_have_text(Matcher *matcher, const AccessClass *class, const ActionText *text);
Truth statement_has_text(Matcher *matcher, const ReadyStatement *statement, const ActionText *text);

// Whether a class has, by a NotAction of its own, all that the NotAction of `statement` leaves:
// actions to come as well.
bool class_has_rest(Matcher *matcher, const AccessClass *class, const ReadyStatement *statement);

#endif
