// Skeletons of the user's: --templates. Trees live in the run's arena.
#ifndef SPOTC_COMMAND_TEMPLATES_H
#define SPOTC_COMMAND_TEMPLATES_H

#include "command/command.h"

// Reads the files of the folder that --templates names, where it is given, into run->templates.
// CloudFormation's short tags are understood. False, with what is wrong reported and the status
// set, where any of it cannot be read, or no file in it has the form of a template's name.
bool templates_load(Run *run);

// Warns of files that take the place of no skeleton: for when all bundles of the run are known,
// since these may name template parts.
void templates_report_unused(Run *run);

#endif
