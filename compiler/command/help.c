#include <string.h>

#include "command/command.h"
#include "command/options.h"

static void write_option(StrBuf *out, const OptionRow *row) {
    Str name = row->short_name == 0
                   ? str_format(out->arena, "    --%s", row->long_name)
                   : str_format(out->arena, "-%c, --%s", row->short_name, row->long_name);
    const char *value = row->value == NULL ? "" : row->value;
    Str left = str_format(out->arena, "%s%s%s", name.data, value[0] == '\0' ? "" : " ", value);
    strbuf_add_format(out, "  %-24s %s\n", left.data, row->help);
}

// The common options and those of the letters given.
static void write_options(StrBuf *out, const char *letters) {
    strbuf_add(out, STR("\nOptions:\n"));
    for (const OptionRow *row = option_rows; row->long_name != NULL; row++) {
        if (strchr(COMMON_OPTIONS, row->letter) != NULL || strchr(letters, row->letter) != NULL)
            write_option(out, row);
    }
}

static void write_overview(StrBuf *out) {
    strbuf_add(out, STR("spotc compiles a manifest, which says what Spot may do in an AWS account, "
                        "into IAM policies,\na trust policy and a CloudFormation template.\n\n"
                        "usage: spotc [COMMAND] ...\n\nCommands:\n"));
    for (const Command *command = commands; command->name != NULL; command++)
        strbuf_add_format(out, "  %-10s %s\n", command->name, command->summary);
    write_options(out, "");
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
    write_options(out, command->options);
}
