#include "diag/listing.h"
#include "diag/render.h"

static const char introduction[] =
    "# Diagnostics\n"
    "\n"
    "<!-- Written by `make docs` from compiler/diag/*.def. -->\n"
    "\n"
    "Every message of spotc has a permanent id, which stands in brackets at its end. An id is "
    "never\n"
    "renamed and never given to another message, so that scripts and `acknowledge` entries keep\n"
    "their meaning.\n"
    "\n"
    "## How messages look\n"
    "\n"
    "Messages go to standard error, in the form that GCC made usual and editors know: the place,\n"
    "the severity, the text, the id, then the source line with a mark under what is meant, then\n"
    "notes.\n"
    "\n"
    "```\n"
    "accounts/prod.yaml:9:3: error: no product 'ocaen'; did you mean 'ocean'? [unknown-product]\n"
    "    9 |   ocaen: {integrations: [eks]}\n"
    "      |   ^~~~~\n"
    "accounts/prod.yaml:9:3: note: products: eco, elastigroup, ocean, \xE2\x80\xA6 (spotc list)\n"
    "```\n"
    "\n"
    "Lines and columns count from 1, columns in characters. Control and bidirectional characters "
    "and\n"
    "bytes that are not UTF-8 are shown escaped. `--format json`, `--format sarif` and\n"
    "`--format github` say the same for scripts, for code scanning and for GitHub Actions. `-q`\n"
    "leaves out what is not an error.\n"
    "\n"
    "All errors of a run are shown, at most 20 a file; `--max-errors N` changes that number, and "
    "a\n"
    "remark tells how many were kept back.\n"
    "\n"
    "A check that can be acknowledged says so in a note. An entry of the manifest's `acknowledge`\n"
    "names it and gives a reason, which is shown with the message from then on; an error becomes "
    "a\n"
    "warning, a warning a note:\n"
    "\n"
    "```yaml\n"
    "acknowledge: [{check: customized-partition, reason: \"Spot support, ticket 4711\"}]\n"
    "```\n"
    "\n"
    "## Exit status\n"
    "\n"
    "| status | means |\n"
    "|---|---|\n"
    "| 0 | done, nothing wrong; warnings do not change it |\n"
    "| 1 | the answer is no: an error in a manifest, a difference that `verify` or `diff` found, "
    "an "
    "error-level finding of `lint`, a denial that `explain` reports, an instance that "
    "`schema --check` refuses |\n"
    "| 2 | the command line is wrong, or what `verify`, `diff`, `lint`, `explain` or "
    "`schema --check` should judge cannot be read |\n"
    "| 3 | the machine failed: no memory, no disk, no permission |\n"
    "\n"
    "With `--werror`, warnings that were not acknowledged are errors.\n"
    "\n"
    "The messages follow in the order of their ids, and after them the [checks of\n"
    "lint](#checks-of-lint).\n";

static const char checks_introduction[] =
    "\n# Checks of lint\n"
    "\n"
    "What `spotc lint` finds in policies, trust policies and templates. Each check can be "
    "accepted,\n"
    "with a reason, by `acknowledge` in a manifest or in the file given with `--config`. *Also\n"
    "called* names the same check of IAM Access Analyzer (`aws:`), parliament (`parliament:`),\n"
    "cfn-lint (`cfn-lint:`) and iam-policy-validator (`boogy:`).\n";

static void add_aliases(StrBuf *out, Str aliases) {
    if (aliases.length == 0) return;
    strbuf_add(out, STR("\nAlso called: `"));
    for (size_t at = 0; at < aliases.length;) {
        size_t end = str_find_byte(aliases, ' ', at);
        strbuf_add(out, str_slice(aliases, at, end));
        if (end < aliases.length) strbuf_add(out, STR("`, `"));
        at = end + 1;
    }
    strbuf_add(out, STR("`.\n"));
}

static void add_message(StrBuf *out, const Message *row) {
    bool check = message_is_check(row);
    const char *acknowledged =
        row->acknowledgeable ? " It can be acknowledged." : " It cannot be acknowledged.";
    strbuf_add_format(out, "\n## %s\n\n**%s**: %s.%s\n\n%s\n", row->name,
                      severity_word(row->severity), row->title, check ? "" : acknowledged,
                      row->documentation);
    if (check) add_aliases(out, str_of(row->aliases));
}

static void add_messages(StrBuf *out, bool checks) {
    MessageId ids[MESSAGE_COUNT];
    for (unsigned id = 0; id < MESSAGE_COUNT; id++) ids[id] = (MessageId)id;
    messages_sort(ids, MESSAGE_COUNT);
    for (unsigned i = 0; i < MESSAGE_COUNT; i++) {
        const Message *row = message_get(ids[i]);
        if (message_is_check(row) == checks) add_message(out, row);
    }
}

void diag_write_reference(StrBuf *out) {
    strbuf_add(out, str_of(introduction));
    add_messages(out, false);
    strbuf_add(out, str_of(checks_introduction));
    add_messages(out, true);
}
