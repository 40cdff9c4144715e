// The elements of a policy document as trees: for checks of what import leaves out because it is
// not well-formed. Owns nothing.
#ifndef SPOTC_LINT_ELEMENTS_H
#define SPOTC_LINT_ELEMENTS_H

#include "model/document.h"

// What an element holds.
typedef enum Shape {
    SHAPE_TEXT,
    SHAPE_TEXTS,      // one text, or a list of them
    SHAPE_PRINCIPALS, // "*", or lists of texts by kind of principal
    SHAPE_CONDITIONS, // operator -> key -> values
    SHAPE_STATEMENTS, // one statement, or a list of them
} Shape;

// What an element is one of: of `Action` and `NotAction` a statement has one.
typedef enum Part {
    PART_VERSION,
    PART_ID,
    PART_STATEMENT,
    PART_SID,
    PART_EFFECT,
    PART_PRINCIPAL,
    PART_ACTION,
    PART_RESOURCE,
    PART_CONDITION,
    PART_COUNT
} Part;

typedef struct Element {
    Str name;
    Part part;
    Shape shape;
    bool in_statement; // else of the document
} Element;

// All elements (IAM User Guide, "Grammar of the IAM JSON policy language").
extern const Element elements[];
extern const size_t element_count;

// The element of this name, of a statement or of a document, or NULL.
const Element *element_find(Str name, bool in_statement);

// The one that is meant by a name that is none, or NULL.
const Element *element_nearest(Str name, bool in_statement);

// A text that a template or a bundle fills in: it can become anything.
bool element_is_open(Node node);

// The statements of a document one after the other, with what was understood of each.
typedef struct StatementWalk {
    const Document *document;
    Node rest;                          // the next to visit
    size_t at;                          // in document->statements
    Node node;                          // the statement that is visited; may be no mapping
    const DocumentStatement *statement; // the same, or NULL where it is not well-formed
} StatementWalk;

StatementWalk statements_begin(const Document *document);

// Goes to the next; false after the last.
bool statements_next(StatementWalk *walk);

#endif
