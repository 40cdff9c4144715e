// Which actions beyond the catalogue one class has and the other side does not, by the texts of
// their statements. All lives in the arena of the Matcher and points to the classes.
#ifndef SPOTC_POLICY_TEXTS_H
#define SPOTC_POLICY_TEXTS_H

#include "policy/compare.h"

// What looking for an action that the catalogue lacks costs.
enum { TEXT_STEPS = 1024 };

typedef VEC(const AccessClass *) ClassVec;

// A class of the other side that may have a part of what a class has, and does not cover it.
typedef struct Meeting {
    const AccessClass *class;
    Doubt doubt; // why it is not known whether it covers it; none: it does not
    bool adds;   // it can give more together with others
} Meeting;

typedef VEC(Meeting) MeetingVec;

// An action, or a pattern of them, that the catalogue lacks.
typedef struct LeftText {
    const ActionText *text;
    Doubt doubt;
} LeftText;

typedef VEC(LeftText) LeftTextVec;

// The texts of two Accesses.
typedef struct Texts {
    Matcher *matcher;
    ActionTextList foreign; // what either names and the catalogue lacks, each once
    Heads heads;            // of these
    ActionText everything;  // every action there may ever be
    // By the number of a text, the last look at a class's texts that met it; and which look it is.
    uint64_t *seen, look;
    bool *noted, rest_noted; // by the number of a text, whether it was; what a NotAction leaves
    SymbolVec room;          // for an example at a time
    VEC(uint32_t) near;      // some of the foreign ones, by their places
} Texts;

// Both must be of the matcher.
void texts_make(Matcher *matcher, const Access *access, const Access *other, Texts *ret_texts);

// What a class has that those do not which cover its requests; and the patterns, or a NotAction
// (NULL), that match what these do not and were not noted yet. Replaces what the lists held. With
// no steps left both may lack some, but the first is empty only where nothing is left.
void texts_find(Texts *texts, const AccessClass *class, const ClassVec *covering,
                LeftTextVec *ret_left, ActionTextList *ret_future);

// Notes a pattern, or what a NotAction leaves (NULL), so that it is looked for no more. False where
// it was noted before.
bool texts_note(Texts *texts, const ActionText *text);

// Finds why a text that is left may be covered by classes that only may meet it. Returns how many
// may have a part of it.
size_t texts_settle(Matcher *matcher, const MeetingVec *meetings, LeftText *left);

#endif
