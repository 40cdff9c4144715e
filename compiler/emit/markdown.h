// Trees of blocks as Markdown. Owns nothing; texts live in the arena given.
#ifndef SPOTC_EMIT_MARKDOWN_H
#define SPOTC_EMIT_MARKDOWN_H

#include "diag/diag.h"
#include "read/tree.h"

// A page is a list of blocks, each a mapping with one of these keys:
//   title, section, subsection   a heading of level 1 to 3: pieces
//   text                         a paragraph: pieces
//   bullets                      a list: pieces an item
//   steps                        a numbered list: a list of blocks an item
//   code                         lines as they are; a text
//   command                      for a shell: a list of lines that are one command, each a list of
//                                words. A word is a text, {env: NAME} (a variable, quoted),
//                                {set: NAME, env: NAME} (NAME="$NAME"), {to: file} (> file) or
//                                {json: value}
//   table                        a list of rows, the first of them the heading: pieces a cell
// Pieces are a text, or a list of texts, {code: text}, {strong: text} and
// {link: text, to: URL, query: {name: value}}.
// Every text is escaped, shell words are quoted and queries are percent-encoded here, so that a
// page says what its tree does whatever the texts are. Follows CommonMark 0.31, with GitHub's
// tables. Returns false after reporting template-error
// at the place that the tree tells.
bool markdown_text(Arena *arena, Diags *diags, Node page, Str *ret_text);

#endif
