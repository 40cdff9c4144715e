// What the fuzz targets have in common. A target is called with one input after the other and keeps
// nothing between them: a Fuzz owns all that an input leads to, until fuzz_end.
#ifndef SPOTC_FUZZ_FUZZ_H
#define SPOTC_FUZZ_FUZZ_H

#include <stdint.h>

#include "diag/diag.h"
#include "read/read.h"

// What a fuzzer calls, and each fuzz_*.c defines: returns 0, or -1 for an input that is of no use
// in a corpus. What must not be ends the process.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Fuzz {
    Arena arena;
    Diags diags;
} Fuzz;

// An empty arena, in which running out of memory is a finding: inputs are small.
void fuzz_begin(Fuzz *fuzz);
void fuzz_end(Fuzz *fuzz);

// Ends the process where the condition does not hold, and says what was to be.
#define FUZZ_REQUIRE(condition, what) \
    ((condition) ? (void)0 : fuzz_fail(__FILE__, __LINE__, (what)))
_Noreturn void fuzz_fail(const char *file, int line, const char *what);

// The input, or a text, as a source of this name.
const Source *fuzz_source(Fuzz *fuzz, const char *name, const uint8_t *data, size_t size);
const Source *fuzz_source_of(Fuzz *fuzz, const char *name, Str text);

// Reads a text that spotc made; that it cannot be read is a finding.
Node fuzz_reread(Fuzz *fuzz, const char *name, Str text);

// A target of YAML: reads the input's documents, hands them to `use`, and renders what there is to
// say. Returns what LLVMFuzzerTestOneInput returns.
int fuzz_documents(const uint8_t *data, size_t size, void (*use)(Fuzz *, const NodeVec *));

// Reads YAML with CloudFormation's short tags, which some of our outputs have.
bool fuzz_read_tagged(Fuzz *fuzz, const Source *source, NodeVec *ret_documents);

// Renders all messages in every format: those for machines parse, that for people has no characters
// that could move a terminal's cursor. Returns them in all formats, one after the other.
Str fuzz_messages(Fuzz *fuzz);

// Whether both are alike, but that {Fn::GetAtt: [x, y]} is {Fn::GetAtt: x.y}.
bool fuzz_same_template(Fuzz *fuzz, Node a, Node b);

// Whether a number of the tree is rounded where it is written as JSON, which goes by way of
// integers and doubles.
bool fuzz_is_rounded(Node node);

// --- choices made by the input's bytes ---

typedef struct Bytes {
    const uint8_t *data;
    size_t left;
} Bytes;

// A number below `count`; 0 where the bytes have run out.
size_t fuzz_pick(Bytes *bytes, size_t count);

// Up to `most` of the next bytes as a text: what stands before the next line break, which is taken
// as well.
Str fuzz_line(Bytes *bytes, size_t most);

#endif
