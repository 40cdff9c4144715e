#include "same_access.h"

#include "policy/compare.h"

enum { MOST_STEPS = 20000000 };

void require_same_access(Fuzz *fuzz, const DocumentVec *a, const DocumentVec *b, const char *text) {
    Matcher matcher = matcher_new(&fuzz->arena, MOST_STEPS);
    Access left, right;
    Difference more, less;
    access_make(&matcher, a, &left);
    access_make(&matcher, b, &right);
    if (left.too_large || right.too_large) return;
    access_difference(&matcher, &left, &right, &more);
    access_difference(&matcher, &right, &left, &less);
    FUZZ_REQUIRE(matcher.steps == 0 || more.changes.count + less.changes.count == 0, text);
}
