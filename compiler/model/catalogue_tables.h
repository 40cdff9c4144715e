// The catalogue as it stands in the binary: constant, sorted without regard to case, and without
// pointers, so that loading the program costs nothing for it. Made by tabulate from
// schema/iam/catalogue when spotc is built; only model/catalogue.c and the tests look inside.
#ifndef SPOTC_MODEL_CATALOGUE_TABLES_H
#define SPOTC_MODEL_CATALOGUE_TABLES_H

#include <stddef.h>
#include <stdint.h>

// A text of catalogue_pool.
typedef struct PoolText {
    uint32_t at;
    uint32_t length;
} PoolText;

// Lists stand in catalogue_lists, equal ones once: the number of items, then the items. A list of
// condition keys holds indexes of catalogue_keys. A list of used resource types holds two numbers
// an item: the index in catalogue_resources with USED_REQUIRED, and the place of a list of keys.
enum { USED_REQUIRED = 0x8000 };

typedef struct ServiceRecord {
    PoolText prefix;
    PoolText name;
    uint32_t first_action;
    uint32_t action_count;
    uint16_t keys;
} ServiceRecord;

typedef struct ActionRecord {
    uint32_t text; // prefix:Name, in catalogue_pool
    uint16_t service;
    uint16_t used; // place of the list of used resource types
    uint16_t keys; // place of the list of the action's own keys
    uint8_t length;
    uint8_t access; // AccessLevels
} ActionRecord;

typedef struct ResourceRecord {
    PoolText name;
    uint16_t service;
    uint16_t first_arn;
    uint16_t arn_count;
    uint16_t keys;
} ResourceRecord;

typedef struct KeyRecord {
    PoolText text;
    uint16_t types; // KeyTypes
} KeyRecord;

typedef struct CatalogueCounts {
    uint32_t services, actions, resources, keys;
} CatalogueCounts;

// The actions once more, each in the first free slot from action_slot on, as its number plus 1;
// a free slot holds 0. Looking one up is the most frequent thing that is done with the catalogue.
enum { ACTION_SLOTS = 0x10000 };
extern const uint16_t catalogue_slots[ACTION_SLOTS];

// Where to begin to look for an action: FNV-1a, blind to the case of letters; what else it cannot
// tell apart in the characters of actions does not matter.
static inline uint32_t action_slot(const char *text, size_t length) {
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < length; i++) hash = (hash ^ ((unsigned char)text[i] | 0x20)) * 16777619U;
    return (hash ^ hash >> 16) % ACTION_SLOTS;
}

extern const CatalogueCounts catalogue_counts;
extern const PoolText catalogue_about[3]; // source, version, date
extern const ServiceRecord catalogue_services[];
extern const ActionRecord catalogue_actions[]; // by service, so each has its own in one run
extern const ResourceRecord catalogue_resources[];
extern const PoolText catalogue_arns[];
extern const KeyRecord catalogue_keys[]; // each once, whatever services have it
extern const uint16_t catalogue_lists[];
extern const char catalogue_pool[];

#endif
