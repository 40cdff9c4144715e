// How wide an entry of Resource is: whether it takes in things of a type whatever their names.
// Owns nothing; what is made lives in the arena given.
#ifndef SPOTC_LINT_BREADTH_H
#define SPOTC_LINT_BREADTH_H

#include "base/wildcard.h"
#include "model/catalogue.h"

// A thing of a type, by a name that nobody gives: only wildcards match it.
typedef struct Example {
    Str service;
    Str resource; // the last part of its ARN
} Example;

typedef VEC(Example) ExampleVec;

// An example for each form of ARN that the type has, among those of the action (both as in the
// catalogue; an empty type: all that the action has). None where the action is not in the
// catalogue, or has no such type.
ExampleVec examples_of(Arena *arena, Str action, Str type);

// What an entry of Resource takes in, where that does not depend on names.
typedef struct Breadth {
    bool everything; // it is "*" or the like; else:
    Str service;
    bool is_service_open; // `service` is a pattern
    Wildcard resource;
} Breadth;

// False where the entry names things, or may: a text without wildcards, or one that is filled in
// later after the account.
bool breadth_of(Arena *arena, Str entry, Breadth *ret_breadth);

// Colons of an ARN before its resource: as many as can be filled in.
enum { BREADTH_COLONS = 5 };

// What an entry may take in once it is filled in, where what is filled in for its first placeholder
// holds so many colons. False where it is no ARN then, or no placeholder of it can hold any.
bool breadth_filled_in(Arena *arena, Str entry, unsigned colons, Breadth *ret_breadth);

// Whether it takes in every thing of a type, given by its examples, in some account and region:
// "arn:aws:iam::*:role/*" does for roles, "arn:aws:iam::*:role/nodes-*" does not.
bool breadth_takes(const Breadth *breadth, const ExampleVec *examples);

#endif
