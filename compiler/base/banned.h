/* Owns nothing: names what no source of ours may call. The Makefile puts it before every file. */
#ifndef SPOTC_BASE_BANNED_H
#define SPOTC_BASE_BANNED_H

/* The headers that declare these names come first: after the poison they could not. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

/* What the C library may have made a macro cannot be poisoned as one. */
#undef alloca
#undef sprintf
#undef vsprintf

/* Copy or print without knowing the room: use base/ strings, memcpy or snprintf. */
#pragma GCC poison strcpy stpcpy strncpy stpncpy strcat strncat sprintf vsprintf gets
#pragma GCC poison bcopy

/* Say nothing of overflow or of trailing bytes: use strtol and its kin, or base/. */
#pragma GCC poison atoi atol atoll atof sscanf vsscanf scanf fscanf

/* Keep state between calls, or depend on the locale. */
#pragma GCC poison strtok asctime ctime gmtime localtime rand srand setlocale

/* Take the stack unchecked, race for a name, or start a shell. */
#pragma GCC poison alloca mktemp tmpnam tempnam vfork system popen

#endif
