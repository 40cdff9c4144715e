#include "lint/addresses.h"

#include <math.h>

#include "lint/condition.h"
#include "model/embedded.h"
#include "policy/range.h"

bool network_is_private(const Network *network) {
    NODE_EACH(row, embedded_root(STR("schema/iam/private-networks.tsv"))) {
        Network range;
        if (network_parse(node_text(NODE_GET(row, "network")), &range) &&
            network_holds(&range, network))
            return true;
    }
    return false;
}

// A share of all addresses of IPv4, and of IPv6.
typedef struct Share {
    double of_four, of_six;
} Share;

static double *share_of(Share *share, unsigned width) {
    return width == 32 ? &share->of_four : &share->of_six;
}

static void add_share(Share *share, const Network *network) {
    *share_of(share, network->width) += ldexp(1, -(int)network->bits);
}

static Share widest_share(void) {
    Share share = {0};
    NODE_EACH(row, embedded_root(STR("schema/iam/widest-networks.tsv"))) {
        Network network;
        if (network_parse(node_text(NODE_GET(row, "network")), &network))
            add_share(&share, &network);
    }
    return share;
}

static Share share_of_all(const ItemVec *values) {
    Share share = {0};
    for (size_t i = 0; i < values->count; i++) {
        Network network;
        if (network_parse(values->items[i].text, &network)) add_share(&share, &network);
    }
    return share;
}

static RangeVec ranges_of(Lint *lint, const Operator *operator, const ItemVec * values,
                          bool with_private) {
    RangeVec ranges = {0};
    for (size_t i = 0; i < values->count; i++) {
        Str text = values->items[i].text;
        Network network;
        Range range;
        if (!network_parse(text, &network) || !range_parse(operator, text, &range)) continue;
        if (with_private || !network_is_private(&network))
            VEC_PUSH(lint_arena(lint), &ranges, range);
    }
    ranges_normalise(&ranges);
    return ranges;
}

static bool covers_network(const Operator *operator, const RangeVec * ranges, Str network) {
    Range range;
    if (!range_parse(operator, network, &range)) return false;
    RangeVec whole = {&range, 1, 1};
    return ranges_cover(ranges, &whole);
}

// Facts of an operator on addresses, or NULL.
static const Operator *address_operator(Lint *lint, const DocumentCondition *condition) {
    const OperatorFacts *facts = lint_operator(lint, condition->operator.text);
    return facts->is_known && facts->operator.family == FAMILY_IP ? &facts->operator: NULL;
}

// The share settles nearly all lists at once.
bool takes_every_address(Lint *lint, const DocumentCondition *condition) {
    const Operator *operator= address_operator(lint, condition);
    if (operator== NULL) return false;
    Share share = share_of_all(&condition->values);
    if (share.of_four < 1 && share.of_six < 1) return false;
    RangeVec ranges = ranges_of(lint, operator, & condition->values, true);
    return covers_network(operator, & ranges, STR("0.0.0.0/0")) ||
           covers_network(operator, & ranges, STR("::/0"));
}

// The share of one range: what lies between its ends, and they.
static double share_of_range(const Range *range) {
    double share = ldexp(1, -(int)range->low.width);
    for (unsigned i = 0; i < range->low.width / 8; i++)
        share += ldexp(range->high.address[i] - range->low.address[i], -8 * (int)(i + 1));
    return share;
}

bool takes_addresses_of_many(Lint *lint, const DocumentCondition *condition) {
    const Operator *operator= address_operator(lint, condition);
    if (operator== NULL) return false;
    Share share = share_of_all(&condition->values), widest = widest_share();
    if (share.of_four <= widest.of_four && share.of_six <= widest.of_six) return false;
    RangeVec ranges = ranges_of(lint, operator, & condition->values, false);
    for (size_t i = 0; i < ranges.count; i++) {
        const Range *range = &ranges.items[i];
        if (share_of_range(range) > *share_of(&widest, range->low.width)) return true;
    }
    return false;
}
