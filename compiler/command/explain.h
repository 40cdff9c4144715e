// What the parts of `spotc explain` share. An Explanation lives in the compilation's arena.
#ifndef SPOTC_COMMAND_EXPLAIN_H
#define SPOTC_COMMAND_EXPLAIN_H

#include "command/session.h"
#include "model/catalogue.h"
#include "policy/evaluate.h"
#include "policy/expand.h"

// What is asked of one role of one manifest.
typedef struct Question {
    const Compilation *compilation;
    const Role *role;
    DocumentVec documents; // the role's policies, named after their files
    Str pattern;           // of actions; as the catalogue spells it
    Str resource;          // an ARN, or no text where none is given
    ContextKeyVec context;
    bool verbose;
} Question;

// What is said of one action, by the policies that spotc writes. What else can be attached to a
// role, AWS managed policies and a permissions boundary, is known by name only: the answer names it
// where it could change it.
typedef enum Verdict { VERDICT_ALLOWED, VERDICT_DEPENDS, VERDICT_DENIED, VERDICT_COUNT } Verdict;

extern const char *const verdict_names[];

typedef struct Explanation {
    const Question *question;
    ActionId action;
    Evaluation evaluation;
    Verdict verdict;
    bool maybe_managed; // it is denied unless an attached AWS managed policy allows it
    Str boundary;       // that must allow it too; empty where it is denied or there is none
} Explanation;

typedef VEC(Explanation) ExplanationVec;

// Judges one action.
Explanation explain_action(const Question *question, ActionId action);

// --context to `ret_context`; reports what is not KEY=VALUE or KEY!, and warns of keys that no
// action knows. False after an error.
bool explain_read_context(Run *run, ContextKeyVec *ret_context);

// Whether a RESOURCE is one ARN; reports where it is not.
bool explain_check_resource(Run *run, Str resource);

// Warns where the action is never asked about such a resource.
void explain_warn_resource(Run *run, const Question *question, ActionId action);

// The same where a pattern matches no action that is.
void explain_warn_never_asked(Run *run, const Question *question);

// Takes away the actions that are never asked about such a resource.
void explain_keep_askable(Arena *arena, ActionSet actions, Str resource);

// Who gave a grant of the question's role, and who asked for it.
typedef struct GrantSource {
    Str part; // "ocean/eks", "ocean" or "preset read-only"
    Origin origin;
} GrantSource;

typedef VEC(GrantSource) GrantSourceVec;

// The grants of the action that went into a statement, each once, in bundle order.
void explain_sources(const Explanation *explanation, const Judged *judged,
                     GrantSourceVec *ret_sources);

// The names of the products, integrations and presets of the library whose statements allow the
// action, in their order.
void explain_givers(Arena *arena, const Library *library, Str action, StrVec *ret_names);

// The condition keys of an action, whatever its resource, in byte order.
StrVec explain_keys(Arena *arena, ActionId action);

// "manifest.yaml:7:20"
Str explain_place(Arena *arena, Span span);

// One action in full, as text and as JSON.
void explain_write_text(StrBuf *out, const Explanation *explanation);
void explain_write_json(StrBuf *out, const Explanation *explanation);

// Several actions: `explained` are those that may be allowed, of `asked` that the pattern matches.
void explain_write_table(StrBuf *out, const Question *question, const ExplanationVec *explained,
                         size_t asked);
void explain_write_table_json(StrBuf *out, const Question *question,
                              const ExplanationVec *explained, size_t asked);

// What a verdict or a statement depends on: "the resource and aws:RequestedRegion", and the same
// with "fit" behind it.
Str explain_on(Arena *arena, const Dependence *depends);
Str explain_if(Arena *arena, const Dependence *depends);

#endif
