// Policy documents: whatever tree the input is, it is taken for a policy of each kind, linted,
// judged, and compared with itself in another order.
#include "granting.h"
#include "policy/evaluate.h"
#include "same_access.h"

enum { MOST_REQUESTS = 16 };

// --- the order of statements ---

static DocumentVec reversed(Fuzz *fuzz, const Document *document) {
    Document other = *document;
    DocumentVec documents = {0};
    other.statements = (DocumentStatementVec){0};
    for (size_t i = document->statements.count; i > 0; i--)
        VEC_PUSH(&fuzz->arena, &other.statements, document->statements.items[i - 1]);
    VEC_PUSH(&fuzz->arena, &documents, other);
    return documents;
}

// --- requests ---

// A request of which a statement speaks itself.
static Request request_of(const DocumentStatement *statement, size_t turn) {
    Request request = {.action = STR("s3:GetObject"), .complete = turn % 2 == 1};
    if (statement->actions.count > 0)
        request.action = statement->actions.items[turn % statement->actions.count].text;
    if (statement->resources.count > 0)
        request.resource = statement->resources.items[turn % statement->resources.count].text;
    return request;
}

static void check_request(Fuzz *fuzz, const DocumentVec *documents, const DocumentVec *backwards,
                          const Request *request) {
    Evaluation evaluation = evaluate(&fuzz->arena, documents, request);
    Evaluation other = evaluate(&fuzz->arena, backwards, request);
    FUZZ_REQUIRE(evaluation.allowed == other.allowed, "requests are judged alike in any order");
    FUZZ_REQUIRE(evaluation.judged.count == other.judged.count, "by the same statements");
    if (!request->complete) return;
    Request open = *request;
    open.complete = false;
    Truth guess = evaluate(&fuzz->arena, documents, &open).allowed;
    FUZZ_REQUIRE(guess == TRUTH_UNKNOWN || guess == evaluation.allowed,
                 "what is said of an open request holds of the whole one");
}

// --- a document ---

static void check_kind(Fuzz *fuzz, Node root, DocumentKind kind) {
    Document document = {0};
    Node bad = NO_NODE;
    DocumentVec documents = {0};
    bool good = document_from_tree(&fuzz->arena, root, kind, &document, &bad);
    FUZZ_REQUIRE(good != node_exists(bad), "what is not well-formed is named");
    document.name = STR("input");
    VEC_PUSH(&fuzz->arena, &documents, document);
    DocumentVec backwards = reversed(fuzz, &document);
    if (good)
        require_same_access(fuzz, &documents, &backwards, "the order of statements means nothing");
    for (size_t i = 0; i < document.statements.count && i < MOST_REQUESTS; i++) {
        Request request = request_of(&document.statements.items[i], i);
        if (kind == DOCUMENT_IDENTITY) check_request(fuzz, &documents, &backwards, &request);
    }
}

static void check_lint(Fuzz *fuzz, Node root) {
    RoleDocumentsVec roles = {0};
    RoleDocuments role = {.id = STR("role"), .span = node_span(root)};
    Document document = {0};
    Node bad = NO_NODE;
    (void)document_from_tree(&fuzz->arena, root, document_kind(root), &document, &bad);
    document.name = STR("input");
    VEC_PUSH(&fuzz->arena, &role.documents, document);
    VEC_PUSH(&fuzz->arena, &roles, role);
    granting_lint(fuzz, &roles);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Fuzz fuzz;
    Node root = NO_NODE;
    fuzz_begin(&fuzz);
    bool done =
        read_json(&fuzz.arena, &fuzz.diags, fuzz_source(&fuzz, "input.json", data, size), &root);
    for (unsigned kind = 0; done && kind < DOCUMENT_KIND_COUNT; kind++)
        check_kind(&fuzz, root, (DocumentKind)kind);
    if (done) check_lint(&fuzz, root);
    fuzz_end(&fuzz);
    return done ? 0 : -1;
}
