#include "command/command.h"

const Command commands[] = {
    {"compile", "MANIFEST... -o DIR", "write the policies, trust policies and template",
     "Compiles each manifest into DIR/<name>/: the policies and trust policy of each role as JSON\n"
     "that can be pasted in the IAM console, and the CloudFormation template with all of it. The\n"
     "word 'compile' may be left out. '-' reads standard input. A manifest with an error writes\n"
     "nothing; a file that would not change is not touched.\n",
     "obwdet", command_compile},
    {"check", "MANIFEST...", "say what is wrong, and write nothing",
     "Does all that compile does but writing: for pre-commit hooks and pull requests.\n", "bwdet",
     command_check},
    {"verify", "MANIFEST... -o DIR", "say whether DIR is what compile would write",
     "Prints a unified diff and exits with 1 where DIR is not byte for byte what compile would\n"
     "write: for CI, where the compiled files are kept beside their manifests.\n",
     "obwet", command_verify},
    {"show", "MANIFEST policy|trust|template|stack-set|terraform|runbook", "print one artifact",
     "Prints one file to standard output: the policy or trust policy of a role, or what there is\n"
     "one of for all roles. terraform and runbook are made whether or not the manifest asks.\n",
     "brpnwt", command_show},
    {"list", "[PRODUCT[/INTEGRATION]]", "print what can be chosen, and the actions under it",
     "Without an argument: products, integrations and presets. With a product or integration:\n"
     "its actions, resources, conditions, parameters and sources.\n",
     "b", command_list},
    {"diff", "OLD NEW", "print what permission is gained and lost",
     "OLD and NEW: each a manifest, a policy as JSON (also as the AWS command line prints it), a\n"
     "CloudFormation template, or a folder that compile wrote. Exits with 0 where both grant the\n"
     "same, 1 where not or where it is not known, 2 where one cannot be read. --format is that of\n"
     "the difference: text, json or markdown.\n",
     "brnFf", command_diff},
    {"explain", "MANIFEST ACTION [RESOURCE]", "say whether an action is allowed, and why",
     "Says whether the role may do ACTION (on RESOURCE, an ARN), by which statement, from which\n"
     "bundle, and which line of the manifest asked for it. ACTION may be a pattern, such as\n"
     "'ec2:*': then each action that it matches is listed. What the request holds is told by\n"
     "--context, such as aws:RequestedRegion=eu-west-1; what is not told is not known, and the\n"
     "answer may depend on it. With --without: the actions that would go. Exits with 1 where the\n"
     "answer is that it is denied.\n",
     "brnxO", command_explain},
    {"lint", "FILE...", "check policies, trust policies and templates",
     "Checks any IAM policy (JSON), CloudFormation template, output folder, bundle, or what a\n"
     "manifest compiles to. Exits with 1 where a finding is an error. A finding is accepted by an\n"
     "entry of `acknowledge` in the manifest, or in the file of --config:\n"
     "    acknowledge: [{check: ID, reason: WHY, file: PATTERN, statement: SID}]\n"
     "docs/diagnostics.md explains each check.\n",
     "bwC", command_lint},
    {"schema", "manifest|bundle|lint, or --check SCHEMA INSTANCE",
     "print a JSON Schema, or apply one",
     "Prints the JSON Schema of manifests, bundles or lint's configuration, for editors.\n"
     "With --check: exits with 0 where INSTANCE (YAML or JSON) is valid, 1 where not, 2 where\n"
     "SCHEMA uses a keyword that spotc does not implement.\n",
     "c", command_schema},
    {"init", "", "print a commented manifest to start from",
     "Prints a manifest with every key explained: spotc init > manifest.yaml\n", "", command_init},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

const Command *command_find(Str name) {
    for (const Command *command = commands; command->name != NULL; command++) {
        if (str_equal(name, str_of(command->name))) return command;
    }
    return NULL;
}
