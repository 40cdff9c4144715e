// CloudFormation's limits of templates, and the form in which templates are written.
#ifndef SPOTC_EMIT_LIMITS_H
#define SPOTC_EMIT_LIMITS_H

#include "emit/emit.h"

// The template as a file, `stem`.yaml or .json as the manifest has it, with its tree.
Artifact template_artifact(const Emission *emission, ArtifactKind kind, Str stem, Node template);

// Whether CloudFormation takes it at all: it has Resources and keeps the quotas template-…; reports
// template-error or template-limit where not.
// `what` is its name in messages: "the template".
bool template_within_limits(const Emission *emission, Node template, size_t bytes,
                            const char *what);

// Whether a template that is not made yet can be small enough, as far as the bytes tell that it has
// at the least; reports template-limit at `because` where not.
bool template_may_fit(const Emission *emission, size_t least, Node because, const char *what);

// Reports template-not-inline where it is too large to be sent in a request; false where that is
// an error.
bool template_fits_inline(const Emission *emission, size_t bytes, const char *what);

#endif
