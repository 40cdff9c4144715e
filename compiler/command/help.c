#include <string.h>

#include "command/command.h"

static const struct {
    char letter;
    const char *long_name;
    char short_name;
    const char *value;
    const char *help;
} rows[] = {
#define OPTION(letter, long_name, short_name, value, help) \
    {letter, long_name, short_name, value, help},
#include "command/options.def"
#undef OPTION
};

static void write_option(StrBuf *out, size_t i) {
    Str left =
        str_format(out->arena, "%s%c%s--%s%s%s", rows[i].short_name ? "-" : "",
                   rows[i].short_name ? rows[i].short_name : ' ', rows[i].short_name ? ", " : "   ",
                   rows[i].long_name, rows[i].value != NULL ? " " : "",
                   rows[i].value != NULL ? rows[i].value : "");
    strbuf_add_format(out, "  %-24s %s\n", left.data, rows[i].help);
}

static void write_options(StrBuf *out, const char *letters) {
    strbuf_add(out, STR("\nOptions:\n"));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strchr(letters, rows[i].letter) != NULL) write_option(out, i);
    }
}

static void write_overview(StrBuf *out) {
    strbuf_add(out, STR("spotc compiles a manifest, which says what Spot may do in an AWS account, "
                        "into IAM policies,\na trust policy and a CloudFormation template.\n\n"
                        "usage: spotc [COMMAND] ...\n\nCommands:\n"));
    for (const Command *command = commands; command->name != NULL; command++)
        strbuf_add_format(out, "  %-10s %s\n", command->name, command->summary);
    write_options(out, "fmqvhV");
    strbuf_add(out, STR("\nTo begin:\n"
                        "  spotc init > manifest.yaml     a manifest to edit\n"
                        "  spotc list                     what can be chosen\n"
                        "  spotc manifest.yaml -o out/    compile it\n"
                        "\n'spotc COMMAND --help' says more of each.\n"
                        "\nExit status: 0 done; 1 the answer is no (an error in a manifest, a "
                        "difference); 2 the command\nline is wrong; 3 the machine failed.\n"));
}

void help_write(StrBuf *out, const Command *command) {
    if (command == NULL) {
        write_overview(out);
        return;
    }
    strbuf_add_format(out, "usage: spotc %s%s%s\n\n%s", command->name,
                      command->arguments[0] != '\0' ? " " : "", command->arguments,
                      command->details);
    char letters[32] = "fmqvhV";
    size_t length = strlen(letters);
    for (const char *c = command->options; *c != '\0' && length + 1 < sizeof letters; c++)
        letters[length++] = *c;
    write_options(out, letters);
}
