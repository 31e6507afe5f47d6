# settle: one Makefile for all folders.  `make help` lists the targets.
#
# Every .c file of a source folder goes into $(BUILD)/libsettle.a, every tests/test_*.c and bench/*.c is a
# program of its own, every tests/e2e/*.sh is an end-to-end test: adding a file needs no change here.

PREFIX  ?= /usr/local
DESTDIR ?=
JOBS    ?= $(shell nproc 2>/dev/null || echo 2)
SAN     ?=
MPI     ?=
CC      ?= cc

# The library, and what the program puts on top of it; scripts/check-layers knows who may see whom.
LIBRARY_FOLDERS := base ode linear nonlinear networks equations exact export proofs-check
PROGRAM_FOLDERS := selftest plots cli
FOLDERS := $(LIBRARY_FOLDERS) $(PROGRAM_FOLDERS)

# -ffp-contract=off: no fused operation unless it is written, so that results are the same everywhere.
CFLAGS_HERE := -std=c11 -g -ffp-contract=off -fopenmp -Wall -Wextra -Wpedantic -Wshadow \
               -Wstrict-prototypes -Wmissing-prototypes -Werror=implicit-function-declaration
CPPFLAGS_HERE := -I. -D_POSIX_C_SOURCE=200809L
# Debian keeps the serial HDF5 apart from those for MPI; elsewhere it has no suffix.
ifneq ($(wildcard /usr/include/hdf5/serial/hdf5.h),)
CPPFLAGS_HERE += -I/usr/include/hdf5/serial
HDF5 := -lhdf5_serial_hl -lhdf5_serial
else
HDF5 := -lhdf5_hl -lhdf5
endif
LDLIBS_LIBRARY := -lsundials_cvode -lsundials_sunlinsoldense -lsundials_sunlinsolspgmr \
                  -lsundials_sunnonlinsolfixedpoint -lsundials_sunmatrixdense -lsundials_nvecserial \
                  -lsundials_generic -lgsl -lgslcblas -lz -lflint-arb -lflint -lgmp -lm -ldl
LDLIBS_SETTLE := -lsqlite3 -ljansson -lnettle -lmicrohttpd $(HDF5) $(LDLIBS_LIBRARY)
LDLIBS_TESTS  := -lcmocka

ifeq ($(SAN),1)
BUILD := build-san
OPTIMISE := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
CPPFLAGS_HERE += -DSETTLE_SANITIZE
else ifeq ($(SAN),thread) # clang: its OpenMP library tells the sanitizer what it orders; gcc's does not
BUILD := build-thread
OPTIMISE := -O1 -fno-omit-frame-pointer -fsanitize=thread
CPPFLAGS_HERE += -DSETTLE_SANITIZE
else ifeq ($(SAN),fuzz) # the objects of the fuzzing targets that need the whole library
BUILD := build-fuzz
OPTIMISE := -O1 -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
CPPFLAGS_HERE += -DSETTLE_SANITIZE
else ifeq ($(SAN),coverage)
BUILD := build-coverage
OPTIMISE := -O1 --coverage -fprofile-update=atomic
CPPFLAGS_HERE += -DSETTLE_SANITIZE
else
BUILD := build
OPTIMISE := -O2
endif

# With MPI=1 the program has ranks.  Communication is in files of its own, so the other objects are those of the
# plain build, and what knows of MPI stays in a folder of its own.
MPI_SOURCES := cli/ranks_desk.c cli/ranks_mpi.c
ifeq ($(MPI),1)
PROGRAM := $(BUILD)-mpi/settle
RANKS := $(MPI_SOURCES:%.c=$(BUILD)-mpi/%.o)
MPI_CFLAGS ?= $(shell mpicc --showme:compile 2>/dev/null || pkg-config --cflags ompi-c)
MPI_LIBS ?= $(shell mpicc --showme:link 2>/dev/null || pkg-config --libs ompi-c)
else
PROGRAM := $(BUILD)/settle
endif

COMPILE = $(CC) $(CPPFLAGS_HERE) $(CPPFLAGS) $(CFLAGS_HERE) $(OPTIMISE) $(CFLAGS)
LINK    = $(CC) $(CFLAGS_HERE) $(OPTIMISE) $(CFLAGS) $(LDFLAGS) -Wl,--as-needed

SOURCES := $(filter-out cli/main.c $(MPI_SOURCES),$(wildcard $(addsuffix /*.c,$(FOLDERS))))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/plots/report_asset.o $(BUILD)/plots/explore_asset.o
LIBRARY_OBJECTS := $(filter $(LIBRARY_FOLDERS:%=$(BUILD)/%/%),$(OBJECTS))
ARCHIVES := $(BUILD)/libcommands.a $(BUILD)/libsettle.a
# The checker of certificates shares nothing with what it checks: no object, and no library but GMP.
CHECKER := $(wildcard checker/*.c)
TESTS   := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/test_*.c))
BENCHES := $(patsubst %.c,$(BUILD)/%,$(wildcard bench/*.c))
E2E     := $(wildcard tests/e2e/*.sh)
SCRIPTS := scripts/check-layers scripts/check-names scripts/check-labels scripts/check-headers \
           scripts/check-theorems
HEADERS := $(wildcard $(addsuffix /*.h,$(FOLDERS) checker tests bench))
C_FILES := $(SOURCES) $(CHECKER) $(MPI_SOURCES) $(wildcard cli/main.c tests/*.c bench/*.c)

, := ,

# A sub-make uses all cores unless the user said how many.
PARALLEL = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(JOBS))

.PHONY: all check verify figures install uninstall deb lint format bench contradictions clean help dependencies programs run-checks \
        fuzz valgrind races coverage
.SECONDARY:
.DELETE_ON_ERROR:

all: $(PROGRAM) $(if $(wildcard checker/main.c),$(BUILD)/settle-check) ## build the programs (default)

check: dependencies ## install what is missing, build, run every test
	@$(MAKE) --no-print-directory $(PARALLEL) programs
	@$(MAKE) --no-print-directory run-checks

verify: dependencies ## install what is missing, build, verify all theorems into verify-results/
	@$(MAKE) --no-print-directory $(PARALLEL) all
	$(PROGRAM) verify --out verify-results

figures: dependencies ## install what is missing, build, draw every figure into figures-results/
	@$(MAKE) --no-print-directory $(PARALLEL) all
	@SETTLE="$(CURDIR)/$(PROGRAM)" scripts/make-figures

# Where an installation puts what: the programs, their pages, the shell's completion, the library.
BINDIR = $(DESTDIR)$(PREFIX)/bin
MANDIR = $(DESTDIR)$(PREFIX)/share/man/man1
COMPLETIONS = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
DOCDIR = $(DESTDIR)$(PREFIX)/share/doc/settle
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR = $(DESTDIR)$(PREFIX)/include/settle
VERSION = $(shell sed -n 's/^static const char SETTLE_VERSION.. = "\(.*\)";$$/\1/p' cli/versions.c)
LIBRARY_HEADERS := $(wildcard $(LIBRARY_FOLDERS:%=%/*.h) base/*.def)

install: all ## install programs, manual pages, completion and library under PREFIX (/usr/local), staged in DESTDIR
	install -D -m 755 $(PROGRAM) $(BINDIR)/settle
	install -D -m 755 $(BUILD)/settle-check $(BINDIR)/settle-check
	install -d $(MANDIR) $(COMPLETIONS) $(DESTDIR)$(LIBDIR)/pkgconfig
	$(PROGRAM) list commands --man > $(MANDIR)/settle.1
	install -m 644 man/settle-check.1 $(MANDIR)/settle-check.1
	$(PROGRAM) list commands --bash > $(COMPLETIONS)/settle
	install -D -m 644 $(BUILD)/libsettle.a $(DESTDIR)$(LIBDIR)/libsettle.a
	for header in $(LIBRARY_HEADERS); do \
	    install -D -m 644 $$header $(INCLUDEDIR)/$$header || exit 1; done
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@VERSION@|$(VERSION)|' \
	    -e 's|@LIBS@|$(LDLIBS_LIBRARY)|' settle.pc.in > $(DESTDIR)$(LIBDIR)/pkgconfig/settle.pc
	for file in README.md CHANGELOG.md CITATION.cff $(wildcard notes/*.md notes/*.bib); do \
	    install -D -m 644 $$file $(DOCDIR)/$$file || exit 1; done
	install -d $(DOCDIR)/notes/pictures
	install -m 644 $(wildcard notes/pictures/*.png) $(DOCDIR)/notes/pictures

uninstall: ## remove what `make install` put there
	rm -f $(BINDIR)/settle $(BINDIR)/settle-check $(MANDIR)/settle.1 $(MANDIR)/settle-check.1 $(COMPLETIONS)/settle \
	    $(DESTDIR)$(LIBDIR)/libsettle.a $(DESTDIR)$(LIBDIR)/pkgconfig/settle.pc
	rm -rf $(INCLUDEDIR) $(DOCDIR)

deb: ## build Debian packages into build-deb/, and try them in a clean system where debootstrap can make one
	@scripts/install-dependencies build package
	scripts/build-deb build-deb
	scripts/try-deb build-deb

lint: ## clang-format, clang-tidy, cppcheck, shellcheck
	@scripts/install-dependencies build lint
	clang-format --dry-run --Werror $(C_FILES) $(HEADERS)
	printf '%s\n' $(C_FILES) | xargs -P $(JOBS) -I FILE sh -c \
	    'clang-tidy --quiet FILE -- -std=c11 -fopenmp $(CPPFLAGS_HERE) $(shell mpicc --showme:compile) 2> /dev/null'
	cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
	    --suppress=missingIncludeSystem --error-exitcode=1 -j $(JOBS) $(CPPFLAGS_HERE) $(C_FILES)
	shellcheck .ci/run $(wildcard scripts/*) $(E2E)

format: ## lay the sources out with clang-format
	clang-format -i $(C_FILES) $(HEADERS)

bench: all $(BENCHES) ## build and run the benchmarks
	@for program in $(BENCHES); do echo "== $$program"; $$program || exit 1; done

contradictions: all $(BUILD)/bench/bench_contradictions ## 100,000 cases: exact, integrated, certified; 15 minutes
	$(BUILD)/bench/bench_contradictions 100000 $(BUILD)/settle-check

# Bytes at random, with clang's fuzzer; what it finds goes to build-fuzz/.  Three targets are built of the few
# sources that they need, the others with the whole library; each has its limits and its corpus.
TARGET ?= checker
SECONDS ?= 3600
FUZZ_WORK ?= 28 # binary digits of the work that the checker may do for one input
FUZZ_SOURCES_checker := $(filter-out checker/main.c,$(CHECKER))
FUZZ_HEADERS_checker := $(wildcard checker/*.h)
FUZZ_LIBS_checker := -lgmp
FUZZ_LIMITS_checker := -timeout=300 -rss_limit_mb=3000 -max_len=65536
FUZZ_SEEDS_checker := ../tests/fuzz/corpus ../tests/certificates
FUZZ_DICT_checker := ../tests/fuzz/certificate.dict
FUZZ_SOURCES_dataset := $(wildcard base/*.c networks/dataset*.c)
FUZZ_HEADERS_dataset := $(wildcard base/*.h networks/dataset*.h) tests/fuzz/fuzz.h
FUZZ_LIBS_dataset := -lz -lm
FUZZ_LIMITS_dataset := -timeout=30 -rss_limit_mb=1000 -max_len=32768
FUZZ_SOURCES_ode := $(wildcard equations/*.c) base/nearest.c base/number.c base/status.c linear/prediction.c ode/flow.c
FUZZ_HEADERS_ode := $(wildcard equations/*.h) linear/problem.h tests/fuzz/fuzz.h
FUZZ_LIBS_ode := -lm -ldl
FUZZ_LIMITS_ode := -timeout=30 -rss_limit_mb=2000 -max_len=8192
FUZZ_WHOLE := checkpoint integral moments number options report svg
ifneq ($(filter $(TARGET),$(FUZZ_WHOLE)),)
FUZZ_SOURCES_$(TARGET) := build-fuzz/libcommands.a build-fuzz/libsettle.a
FUZZ_HEADERS_$(TARGET) := tests/fuzz/fuzz.h
FUZZ_LIBS_$(TARGET) := build-fuzz/libcommands.a build-fuzz/libsettle.a $(LDLIBS_TESTS) $(LDLIBS_SETTLE)
FUZZ_LIMITS_$(TARGET) := -timeout=30 -rss_limit_mb=2000 -close_fd_mask=1
endif
FUZZ_SEEDS_$(TARGET) ?= ../tests/fuzz/$(TARGET)
FUZZ_DICT_$(TARGET) ?= ../tests/fuzz/$(TARGET).dict

fuzz: build-fuzz/fuzz_$(TARGET) ## search for inputs that break TARGET, tests/fuzz/fuzz_*.c, for SECONDS=3600; needs clang
	@mkdir -p build-fuzz/corpus-$(TARGET)
	cd build-fuzz && ./fuzz_$(TARGET) $(FUZZ_LIMITS_$(TARGET)) -max_total_time=$(SECONDS) -print_final_stats=1 \
	    -dict=$(FUZZ_DICT_$(TARGET)) corpus-$(TARGET) $(FUZZ_SEEDS_$(TARGET))

ifneq ($(SAN),fuzz)
build-fuzz/libcommands.a build-fuzz/libsettle.a: $(SOURCES) $(HEADERS)
	$(MAKE) --no-print-directory SAN=fuzz CC="$(FUZZ_CC)" $@
	@touch $@
endif
FUZZ_CC ?= clang

build-fuzz/fuzz_$(TARGET): tests/fuzz/fuzz_$(TARGET).c $(FUZZ_SOURCES_$(TARGET)) $(FUZZ_HEADERS_$(TARGET))
	@mkdir -p $(@D)
	clang $(CPPFLAGS_HERE) -DREJECT_WORK_BITS=$(FUZZ_WORK) -std=c11 -g -O2 -fno-omit-frame-pointer -fopenmp \
	    -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all $(filter %.c,$^) \
	    $(FUZZ_LIBS_$(TARGET)) -o $@

valgrind: all ## a set of commands under valgrind
	@scripts/install-dependencies build hardening
	scripts/run-valgrind $(PROGRAM)

races: ## threaded commands under the thread sanitizer of clang
	@scripts/install-dependencies build hardening
	@$(MAKE) --no-print-directory $(PARALLEL) SAN=thread CC=clang build-thread/settle
	scripts/run-races build-thread/settle

# Of the lines of the program, which do tests and end-to-end tests run?
coverage: ## tests with gcov: build-coverage/coverage.txt tells the lines that none runs
	@scripts/install-dependencies build hardening
	@$(MAKE) --no-print-directory $(PARALLEL) SAN=coverage programs
	-@$(MAKE) --no-print-directory SAN=coverage run-checks
	gcovr --root . --object-directory build-coverage $(FOLDERS:%=--filter '%/') --exclude '.*report_asset.*' \
	    --txt build-coverage/coverage.txt --csv build-coverage/coverage.csv --print-summary

clean: ## remove everything that was built
	rm -rf build build-san build-mpi build-san-mpi build-fuzz build-thread build-coverage build-deb verify-results figures-results

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile
	@echo "SAN=1 before any of them: with the address and undefined-behaviour sanitizers, in build-san/"
	@echo "MPI=1 before any of them: with ranks, \`mpirun settle basin ...', in build-mpi/; needs Open MPI"

dependencies:
	@scripts/install-dependencies build

programs: all $(TESTS)

run-checks:
	@SETTLE="$(CURDIR)/$(PROGRAM)" SETTLE_CHECK="$(CURDIR)/$(BUILD)/settle-check" BUILD="$(BUILD)" CC="$(CC)" \
	    scripts/run-tests $(TESTS) $(SCRIPTS) $(E2E)

$(BUILD)/settle: $(BUILD)/cli/main.o $(ARCHIVES)
	$(LINK) $^ $(LDLIBS_SETTLE) -o $@

# ranks_mpi.o comes first and has all that ranks_one.o of the archive has, which so stays out.
$(BUILD)-mpi/settle: $(BUILD)/cli/main.o $(RANKS) $(ARCHIVES)
	$(LINK) $^ $(LDLIBS_SETTLE) $(MPI_LIBS) -o $@

$(BUILD)/settle-check: $(CHECKER:%.c=$(BUILD)/%.o)
	$(LINK) $^ -lgmp -o $@

$(BUILD)-mpi/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(COMPILE) $(MPI_CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/libsettle.a: $(LIBRARY_OBJECTS)
$(BUILD)/libcommands.a: $(filter-out $(LIBRARY_OBJECTS),$(OBJECTS))
$(ARCHIVES):
	@rm -f $@
	$(AR) rcs $@ $^

# test_memory lets each of these fail, one call after the other (in its own objects, not in the libraries).
WRAPPED := aligned_alloc calloc free malloc CVodeCreate N_VNew_Serial SUNContext_Create SUNDenseMatrix SUNLinSol_Dense \
           SUNLinSol_SPGMR SUNNonlinSol_FixedPoint gsl_eigen_nonsymm_alloc \
           gsl_eigen_nonsymmv_alloc gsl_matrix_complex_alloc gsl_integration_workspace_alloc gsl_odeiv2_control_y_new \
           gsl_odeiv2_evolve_alloc gsl_odeiv2_step_alloc gsl_permutation_alloc gsl_vector_alloc \
           gsl_vector_complex_alloc
$(BUILD)/tests/test_memory: LDLIBS_TESTS += $(addprefix -Wl$(,)--wrap=,$(WRAPPED))
$(BUILD)/tests/test_dataset: LDLIBS_TESTS += $(addprefix -Wl$(,)--wrap=,calloc realloc free)
# The kept corpora of the fuzzing targets, run again: a target is an object of its test.
FUZZ_REPLAYED := dataset ode $(FUZZ_WHOLE)
$(foreach target,$(FUZZ_REPLAYED),$(eval $(BUILD)/tests/test_corpus_$(target): $(BUILD)/tests/fuzz/fuzz_$(target).o))

$(BUILD)/tests/test_%: $(BUILD)/tests/test_%.o $(ARCHIVES)
	$(LINK) $(filter %.o,$^) $(filter %.a,$^) $(LDLIBS_TESTS) $(LDLIBS_SETTLE) -o $@

# Tests of the checker's parts see nothing of settle, as the checker does.
$(BUILD)/tests/test_checker_%: $(BUILD)/tests/test_checker_%.o $(filter-out %/main.o,$(CHECKER:%.c=$(BUILD)/%.o))
	$(LINK) $^ $(LDLIBS_TESTS) -lgmp -o $@

$(BUILD)/bench/%: $(BUILD)/bench/%.o $(ARCHIVES)
	$(LINK) $^ $(LDLIBS_SETTLE) -o $@

$(BUILD)/cli/manifest.o: CPPFLAGS_HERE += -DSETTLE_BUILD_FLAGS='"$(strip $(CFLAGS_HERE) $(OPTIMISE) $(CFLAGS))"'

# A square root that may set errno is not vectorised; the bits are the same.
$(patsubst %,$(BUILD)/ode/sweep_%.o,curve curve_root curve_evidence error lanes step wide_step) \
    $(BUILD)/networks/array_normals.o: CFLAGS_HERE += -fno-math-errno

# What a page is made of, as arrays of bytes: a string may be too long for a compiler.  Of each page the parts,
# and the files of each part.
ASSETS_report := style:plots/report.css script:plots/report.js
ASSETS_explore := page:plots/explore.html style:plots/explore.css \
                  script:plots/explore_text.js,plots/explore_drawing.js,plots/explore_page.js,plots/explore_ask.js,$(strip \
                  )plots/explore_tracks.js,plots/explore_controls.js,plots/explore_figure.js,$(strip \
                  )plots/explore_pointer.js,plots/explore.js
asset_files = $(subst $(,), ,$(foreach part,$(ASSETS_$(1)),$(lastword $(subst :, ,$(part)))))
$(BUILD)/plots/report_asset.c: $(call asset_files,report)
$(BUILD)/plots/explore_asset.c: $(call asset_files,explore)
$(BUILD)/plots/%_asset.c: plots/%_asset.h Makefile
	@mkdir -p $(@D)
	@{ echo '#include "plots/$*_asset.h"'; for part in $(ASSETS_$*); do \
	    echo "const char $*_asset_$${part%%:*}[] = {"; \
	    cat $$(echo $${part#*:} | tr , ' ') | od -An -v -td1 | sed 's/-*[0-9][0-9]*/&,/g'; echo '0};'; done; } > $@

$(BUILD)/plots/%_asset.o: $(BUILD)/plots/%_asset.c
	$(COMPILE) -MMD -MP -c $< -o $@

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -c $< -o $@

-include $(OBJECTS:.o=.d) $(CHECKER:%.c=$(BUILD)/%.d) $(RANKS:.o=.d) $(BUILD)/cli/main.d $(addsuffix .d,$(TESTS) $(BENCHES) $(FUZZ_REPLAYED:%=$(BUILD)/tests/fuzz/fuzz_%))
