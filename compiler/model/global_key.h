// The condition keys that are not of one service: rows of schema/iam/global-keys.tsv. Owned by the
// binary. (Those of services: model/catalogue.h.)
#ifndef SPOTC_MODEL_GLOBAL_KEY_H
#define SPOTC_MODEL_GLOBAL_KEY_H

#include "model/access.h"

// Of what a key tells.
#define KEY_PROPERTIES(PROPERTY)            \
    PROPERTY(KEY_OF_PRINCIPAL, "principal") \
    PROPERTY(KEY_OF_SESSION, "session")     \
    PROPERTY(KEY_OF_NETWORK, "network")     \
    PROPERTY(KEY_OF_RESOURCE, "resource")   \
    PROPERTY(KEY_OF_REQUEST, "request")

typedef enum KeyProperty {
#define KEY_PROPERTY_ID(id, name) id,
    KEY_PROPERTIES(KEY_PROPERTY_ID)
#undef KEY_PROPERTY_ID
        KEY_PROPERTY_COUNT
} KeyProperty;

typedef struct GlobalKey {
    Str text; // as AWS spells it: "aws:SourceIp", "aws:PrincipalTag/${TagKey}"
    KeyTypes types;
    KeyProperty property;
    bool from_caller; // an HTTP header, which a caller sets as it likes
    bool sensitive;   // tells an owner or a network: a wildcard in its value opens it to strangers
    bool deprecated;
    Str instead; // of a deprecated one, separated by commas: the keys to use
} GlobalKey;

size_t global_key_count(void);

// The key at an index, in the order of the table.
GlobalKey global_key_at(size_t index);

// The key that is written so, whatever its case; where it ends in a tag's key, any may stand there:
// "aws:PrincipalTag/team". Leaves *ret_key alone and returns false where there is none.
bool global_key_find(Str text, GlobalKey *ret_key);

#endif
