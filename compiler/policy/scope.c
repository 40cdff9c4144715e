#include "policy/scope.h"

#include "model/arn.h"
#include "policy/values.h"

// Its only item. Most scopes have one, so that there is room for no more.
static void set_item(Matcher *matcher, Str shown, Str matched, Str account, unsigned how,
                     Scope *scope) {
    Str *texts = ARENA_ARRAY(matcher->arena, Str, 2);
    texts[0] = shown;
    texts[1] = account;
    scope->texts = (StrVec){texts, 1, 1};
    scope->accounts = (StrVec){texts + 1, 1, 1};
    scope->patterns.items = ARENA_NEW(matcher->arena, Pattern);
    scope->patterns.items[0] = pattern_make(matcher, matched, how);
    scope->patterns.count = scope->patterns.capacity = 1;
    scope->guide = &scope->patterns.items[0];
    scope->identity = pattern_identity(matcher->arena, matched, how);
}

// A list's identity does not depend on its order.
static void finish_list(Arena *arena, StrVec *identities, Scope *scope) {
    StrBuf identity = strbuf_new(arena);
    scope->excluded = true;
    str_sort(identities->items, identities->count);
    for (size_t i = 0; i < identities->count; i++) {
        strbuf_add_format(&identity, "not %zu:", identities->items[i].length);
        strbuf_add(&identity, identities->items[i]);
    }
    scope->identity = strbuf_str(&identity);
}

// Before 2012-10-17 IAM's language had no variables (IAM User Guide, "IAM JSON policy elements:
// Version").
static unsigned variables_in(const Document *document) {
    return document->has_variables ? PATTERN_VARIABLES : PATTERN_SYMBOLS;
}

// The scopes of a statement as they are found.
typedef struct Collector {
    Matcher *matcher;
    bool excluded;
    Scope list; // of all that are excluded
    StrVec identities;
    StrMap seen;
    ScopeVec *scopes;
} Collector;

// Adds the scope of one item, or the item to the one scope of all that are excluded; not twice.
static void add_scope(Collector *c, const Scope *one) {
    Arena *arena = c->matcher->arena;
    Str hangs_on = decisions_identity(arena, one->when);
    Str name = hangs_on.length == 0
                   ? one->identity
                   : str_format(arena, "%.*s if %.*s", STR_ARG(one->identity), STR_ARG(hangs_on));
    if (!strmap_set(arena, &c->seen, name, 0)) return;
    if (!c->excluded) {
        VEC_PUSH(arena, c->scopes, *one);
        return;
    }
    VEC_PUSH(arena, &c->identities, one->identity);
    VEC_PUSH(arena, &c->list.texts, one->texts.items[0]);
    VEC_PUSH(arena, &c->list.accounts, one->accounts.items[0]);
    VEC_PUSH(arena, &c->list.patterns, one->patterns.items[0]);
}

static void finish_scopes(Collector *c) {
    Arena *arena = c->matcher->arena;
    if (c->excluded) finish_list(arena, &c->identities, &c->list);
    if (c->excluded || c->scopes->count == 0) VEC_PUSH(arena, c->scopes, c->list);
}

void scopes_of_resources(Matcher *matcher, const Document *document,
                         const DocumentStatement *statement, ScopeVec *scopes) {
    Collector collector = {.matcher = matcher,
                           .excluded = statement->not_resource,
                           .list.kind = SCOPE_RESOURCES,
                           .scopes = scopes};
    for (size_t i = 0; i < statement->resources.count; i++) {
        Str text = statement->resources.items[i].text;
        Scope one = {.kind = SCOPE_RESOURCES, .when = statement->resources.items[i].when};
        set_item(matcher, text, text, (Str){0}, variables_in(document), &one);
        add_scope(&collector, &one);
    }
    finish_scopes(&collector);
}

// "123456789012" and "arn:aws:iam::123456789012:root" are the account as a whole (IAM User Guide,
// "AWS account principals"); an ARN of something in an account names it in its fifth part. An
// account is of one partition, which its number alone does not tell.
static Str account_of(Arena *arena, Str id, bool *ret_whole) {
    Str parts[ARN_PARTS];
    *ret_whole = is_account_id(id);
    if (*ret_whole) return str_format(arena, ":%.*s", STR_ARG(id));
    if (!arn_divide(id, parts)) return (Str){0};
    *ret_whole = str_equal(parts[2], STR("iam")) && str_equal(parts[5], STR("root")) &&
                 is_account_id(parts[4]);
    if (parts[4].length == 0) return (Str){0};
    // A partition that is filled in later is not said.
    if (str_find(parts[1], STR("${"), 0) < parts[1].length) parts[1] = (Str){0};
    return str_format(arena, "%.*s:%.*s", STR_ARG(parts[1]), STR_ARG(parts[4]));
}

// The account as a whole in the form that is matched: the number alone stands for one of the
// partition aws.
static Str whole_account(Arena *arena, Str account) {
    Str commercial = STR("aws:");
    if (str_starts_with(account, commercial))
        account = str_slice(account, commercial.length - 1, account.length);
    return str_format(arena, "AWS %.*s", STR_ARG(account));
}

// Whether two principals belong to one account, or may: where one does not say its partition.
static bool share_account(Str a, Str b) {
    if (a.length == 0 || b.length == 0) return false;
    size_t of_a = str_find_byte(a, ':', 0), of_b = str_find_byte(b, ':', 0);
    if (!str_equal(str_slice(a, of_a, a.length), str_slice(b, of_b, b.length))) return false;
    return of_a == 0 || of_b == 0 || str_equal(str_slice(a, 0, of_a), str_slice(b, 0, of_b));
}

// What belongs to one account may have something in common, whatever its names are. Of a name with
// variables it is not known whose it is.
static const Pattern *principal_guide(Matcher *matcher, Str account, const Pattern *own) {
    if (own->open) return NULL;
    if (account.length == 0) return own;
    Str number = str_slice(account, str_find_byte(account, ':', 0), account.length);
    Pattern *guide = ARENA_NEW(matcher->arena, Pattern);
    *guide = pattern_make(matcher, number, PATTERN_LITERAL);
    return guide;
}

static void principal_scope(Matcher *matcher, unsigned variables, Str type, Str id,
                            Scope *ret_scope) {
    Arena *arena = matcher->arena;
    bool whole = false;
    *ret_scope = (Scope){.kind = SCOPE_PRINCIPALS};
    // Principal "*" and {"AWS": "*"} mean the same.
    if (str_equal(type, STR("*")) || (str_equal(type, STR("AWS")) && str_equal(id, STR("*")))) {
        set_item(matcher, STR("*"), STR("*"), (Str){0}, PATTERN_PLAIN, ret_scope);
        return;
    }
    Str account = str_equal(type, STR("AWS")) ? account_of(arena, id, &whole) : (Str){0};
    Str shown = str_format(arena, "%.*s %.*s", STR_ARG(type), STR_ARG(id));
    Str matched = whole ? whole_account(arena, account) : shown;
    set_item(matcher, shown, matched, account, PATTERN_LITERAL | variables, ret_scope);
    ret_scope->guide = principal_guide(matcher, account, &ret_scope->patterns.items[0]);
}

void scopes_of_principals(Matcher *matcher, const Document *document,
                          const DocumentStatement *statement, ScopeVec *scopes) {
    Collector collector = {.matcher = matcher,
                           .excluded = statement->not_principal,
                           .list.kind = SCOPE_PRINCIPALS,
                           .scopes = scopes};
    Scope one;
    for (size_t i = 0; i < statement->principals.count; i++) {
        const Principal *principal = &statement->principals.items[i];
        bool anyone = str_equal(principal->type.text, STR("*"));
        for (size_t k = 0; k < principal->ids.count || (k == 0 && anyone); k++) {
            Str id = anyone ? STR("*") : principal->ids.items[k].text;
            principal_scope(matcher, variables_in(document), principal->type.text, id, &one);
            one.when = anyone ? principal->type.when : principal->ids.items[k].when;
            add_scope(&collector, &one);
            if (anyone) break;
        }
    }
    finish_scopes(&collector);
}

// Something in an account may be what the account as a whole was trusted for already, or, in the
// role's own account, more.
static Truth item_covers(Matcher *matcher, const Scope *whole, size_t w, const Scope *part,
                         size_t p) {
    Truth truth = pattern_covers(matcher, &whole->patterns.items[w], &part->patterns.items[p]);
    if (truth != TRUTH_NO) return truth;
    bool same_account = share_account(whole->accounts.items[w], part->accounts.items[p]);
    return same_account ? TRUTH_UNKNOWN : TRUTH_NO;
}

static bool item_is_disjoint(Matcher *matcher, const Scope *a, size_t i, const Scope *b, size_t k) {
    bool same_account = share_account(a->accounts.items[i], b->accounts.items[k]);
    return !same_account &&
           pattern_is_disjoint(matcher, &a->patterns.items[i], &b->patterns.items[k]);
}

// Whether `item` of `part` is covered by any of the items of `whole`.
static Truth any_covers(Matcher *matcher, const Scope *whole, const Scope *part, size_t item) {
    Truth best = TRUTH_NO;
    for (size_t w = 0; w < whole->patterns.count && best != TRUTH_YES && matcher->steps > 0; w++)
        best = truth_or(best, item_covers(matcher, whole, w, part, item));
    return matcher->steps == 0 ? TRUTH_UNKNOWN : best;
}

// One against all but a list: it must have nothing of the list.
static Truth rest_covers(Matcher *matcher, const Scope *excluded, const Scope *part) {
    bool apart = true;
    for (size_t i = 0; i < excluded->patterns.count; i++) {
        if (matcher->steps == 0) return TRUTH_UNKNOWN;
        if (item_covers(matcher, part, 0, excluded, i) == TRUTH_YES) return TRUTH_NO;
        apart &= item_is_disjoint(matcher, excluded, i, part, 0);
    }
    if (apart) return TRUTH_YES;
    return any_covers(matcher, excluded, part, 0) == TRUTH_YES ? TRUTH_NO : TRUTH_UNKNOWN;
}

// All but a list against one: only `*` has it all.
static Truth covers_rest(const Scope *whole) {
    const Pattern *pattern = &whole->patterns.items[0];
    if (pattern->wild && pattern->count == 1 && str_equal(whole->identity, STR("*")))
        return TRUTH_YES;
    return pattern->open ? TRUTH_UNKNOWN : TRUTH_NO;
}

static Truth rest_covers_rest(Matcher *matcher, const Scope *whole, const Scope *part) {
    Truth all = TRUTH_YES;
    for (size_t i = 0; i < whole->patterns.count && all != TRUTH_NO; i++)
        all = truth_and(all, any_covers(matcher, part, whole, i));
    return all;
}

bool scope_is_empty(const Scope *scope) {
    for (size_t i = 0; scope->excluded && i < scope->patterns.count; i++) {
        const Pattern *pattern = &scope->patterns.items[i];
        if (pattern->wild && pattern->count == 1 && str_equal(scope->texts.items[i], STR("*")))
            return true;
    }
    return false;
}

Truth scope_covers(Matcher *matcher, const Scope *whole, const Scope *part) {
    if (whole->excluded == part->excluded && str_equal(whole->identity, part->identity) &&
        (whole->patterns.count == 0) == (part->patterns.count == 0))
        return TRUTH_YES;
    if (whole->patterns.count == 0 || part->patterns.count == 0) return TRUTH_UNKNOWN;
    if (!whole->excluded && !part->excluded) return item_covers(matcher, whole, 0, part, 0);
    if (!part->excluded) return rest_covers(matcher, whole, part);
    return whole->excluded ? rest_covers_rest(matcher, whole, part) : covers_rest(whole);
}

bool scope_is_disjoint(Matcher *matcher, const Scope *a, const Scope *b) {
    if (a->patterns.count == 0 || b->patterns.count == 0 || (a->excluded && b->excluded))
        return false;
    if (!a->excluded && !b->excluded) return item_is_disjoint(matcher, a, 0, b, 0);
    return a->excluded ? any_covers(matcher, a, b, 0) == TRUTH_YES
                       : any_covers(matcher, b, a, 0) == TRUTH_YES;
}
