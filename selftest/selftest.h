/* The self-test: what this build, on this machine, must get right before its answers are believed.
 *
 * A test is a record: it tries many cases, and the tally says how many failed and how the first one
 * did.  Its cases are those of the project's own tests, which call the same code: reference numbers,
 * traps for stopping rules, blow-ups with known times, the floating-point environment.  One false
 * ending is one too many.  notes/hardening.md, (HD1); what else
 * tests run of the program: (HD9).
 *
 * Cases are tried in parallel (OpenMP) and folded in their order: nothing depends on the number of
 * threads, which a test of its own holds them to, by a digest of all states.
 * Memory: a finding for each case of the test at hand.  Errors: NO_MEMORY, INTERRUPTED, those of the
 * functions under test where a case cannot even be stated; a case that fails is no error. */
#ifndef SELFTEST_SELFTEST_H
#define SELFTEST_SELFTEST_H

#include "base/status.h"
#include "ode/ending.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SELFTEST_TEXT_MAX = 400 };

/* How many: 0 for the defaults, which take a few seconds in all. */
struct selftest_plan {
    size_t trials;                     /* traps of each kind; 0: those of the test */
    int threads;                       /* 0: all */
    const volatile sig_atomic_t *stop; /* set by SIGINT; NULL if none */
};

/* Of one case. */
struct selftest_finding {
    bool failed;
    bool agreed; /* with what is known; neither: it is undecided, or nothing is known */
    bool judged; /* something was known of it */
    enum ending ending;
    size_t steps;
    uint64_t digest; /* of the bits of its results */
    double worst;    /* the largest error seen, in the units of the test */
    char what[SELFTEST_TEXT_MAX];
};

/* Of all. */
struct selftest_tally {
    size_t tried, failed, agreed, judged, most_steps;
    size_t endings[ENDING_COUNT];
    uint64_t digest;
    double worst;
    char first[SELFTEST_TEXT_MAX]; /* how the first of those that failed did */
    char told[SELFTEST_TEXT_MAX];  /* what there is to say if none did */
};

/* What is tried: case `index` of `count`, by any thread. */
struct selftest_work {
    size_t count;
    enum status (*one)(const void *context, uint64_t index, struct selftest_finding *finding);
    const void *context;
};

struct selftest {
    const char *name, *title;
    enum status (*run)(const struct selftest_plan *plan, struct selftest_tally *tally);
};

/* In the order in which they are run: what later ones rest on comes first. */
#define SELFTESTS(X)                                                                               \
    X(arithmetic)                                                                                  \
    X(predictions)                                                                                 \
    X(exact)                                                                                       \
    X(integrators)                                                                                 \
    X(sweeper)                                                                                     \
    X(clock)                                                                                       \
    X(escapes)                                                                                     \
    X(judges)                                                                                      \
    X(chains)                                                                                      \
    X(ghosts)                                                                                      \
    X(networks)                                                                                    \
    X(neurons)                                                                                     \
    X(systems)                                                                                     \
    X(threads)
#define X(name) extern const struct selftest selftest_##name;
SELFTESTS(X)
#undef X
extern const struct selftest *const selftest_registry[]; /* NULL-terminated */

/* Tries all of the work and adds it to the tally. */
enum status selftest_try(const struct selftest_plan *plan, const struct selftest_work *work,
                         struct selftest_tally *tally) MUST_CHECK;

/* The case fails; the first complaint is kept. */
void selftest_complain(struct selftest_finding *finding, const char *format, ...) PRINTF_LIKE(2, 3);

/* A failure of the whole test, not of one case. */
void selftest_blame(struct selftest_tally *tally, const char *format, ...) PRINTF_LIKE(2, 3);

/* What the test has to say where nothing failed. */
void selftest_tell(struct selftest_tally *tally, const char *format, ...) PRINTF_LIKE(2, 3);

/* Mixes the bits of value[count] into the digest. */
void selftest_digest(struct selftest_finding *finding, size_t count, const double *value);

/* "settled 60, horizon 3": text[size] */
const char *selftest_endings(const struct selftest_tally *tally, size_t size, char *text);

/* plan->trials, or `standard`. */
size_t selftest_trials(const struct selftest_plan *plan, size_t standard);

#endif
