#include "diag/renderers.h"

const DiagFormat diag_formats[] = {
    {"text", render_text},     {"json", render_json}, {"sarif", render_sarif},
    {"github", render_github}, {NULL, NULL},
};
