// A template's values with its functions carried out as far as they are known before deployment:
// what stays unknown becomes a symbolic text, the same for equal functions. A Fold owns nothing but
// what its arena holds; the nodes that it makes are in `tree` and have the places of the functions
// that made them.
#ifndef SPOTC_IMPORT_FOLD_H
#define SPOTC_IMPORT_FOLD_H

#include "base/map.h"
#include "diag/diag.h"
#include "model/document.h"
#include "read/read.h"

// How many of the template's conditions may decide within one statement: it then stands there once
// for each of their outcomes. What hangs on any further one stays symbolic.
enum { FOLD_MAX_CHOICES = 4 };

// Functions can make a text out of itself many times over; all of it together has this bound, with
// FOLD_NODE_COST for each node and attachment. What can be read fits without functions.
enum { FOLD_MAX_MADE = 6 * 1024 * 1024, FOLD_NODE_COST = 16 };

typedef struct Fold {
    Arena *arena;
    Diags *diags;
    Node template; // the root
    TreeBuilder *tree;
    size_t made;
    bool failed;      // template-too-large was reported
    ItemVec *remarks; // one a condition that decides
    StrMap remarked;
    StrMap *indexes; // of a mapping of the template: key -> node; made when asked for
    StrMap defined;  // condition -> its number among the definitions
    StrVec definitions;
    const Decision *when; // what is known to hold where the fold is
    VEC(const Decision *) decisions;
    StrMap deciding; // a condition, an outcome and what it stands under -> its decision
    StrMap decided;  // the id of a node that was made -> what it hangs on, among the decisions
    // Within a statement: the conditions met so far, and which outcome each has this time.
    bool choosing;
    Str choices[FOLD_MAX_CHOICES];
    unsigned choice_count, outcomes;
} Fold;

void fold_begin(Fold *fold, Arena *arena, Diags *diags, Node template, ItemVec *remarks);

// Carries out what stands in a value, and returns the new node's id; 0 where the value is dropped
// (AWS::NoValue) or the fold has failed.
uint32_t fold_value(Fold *fold, Node value);

// A value as one text, for names and references; empty where there is none.
Item fold_text(Fold *fold, Node value);

// An item of a list, and what it hangs on.
typedef struct FoldItem {
    Node node;
    const Decision *when;
} FoldItem;

typedef VEC(FoldItem) FoldItemVec;

// The items of a list, with both branches where Fn::If decides what the list or an item of it is,
// and without what is dropped. A value that is no list is one item. `when` of each has that of the
// fold.
void fold_items(Fold *fold, Node value, FoldItemVec *ret_items);

// What a node that was made hangs on, beside what its document does; NULL: nothing.
const Decision *fold_decision(const Fold *fold, Node node);

// A policy document: {Version, Statement: [...]}. Actions, resources and principals have those of
// either branch of Fn::If; where it decides elsewhere in a statement, the statement stands there
// once for each outcome, with the same place. Where the value is a text, such as that of a function
// that cannot be carried out, the text.
uint32_t fold_document(Fold *fold, Node value);

// --- for the functions themselves ---

// The one member of a mapping that is a function call, which is its argument; else no node.
Node fold_call(Node value);
bool fold_is_no_value(Node value);

// Counts what is made; false, and template-too-large is reported, where that is too much.
bool fold_pay(Fold *fold, size_t cost, Span span);
// Adds a node; 0 where that is too much.
uint32_t fold_add(Fold *fold, NodeKind kind, Str text, Span span);
// A copy of a node of the template or of what was made.
uint32_t fold_copy(Fold *fold, Node node);
// The member of a mapping of the template, at the cost of its key.
Node fold_get(Fold *fold, Node mapping, Str key);
// Appends to a text that a function makes; stops where that is too much.
void fold_write(Fold *fold, StrBuf *out, Str text, Span span);
// The argument of Fn::If that holds: its place among these (1 or 2), or 0 where it is not known.
unsigned fold_choose(Fold *fold, Node argument);

// A mapping that is a call, carried out.
uint32_t fold_function(Fold *fold, Node call);

#endif
