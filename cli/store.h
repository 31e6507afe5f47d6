/* The store of a verification: one SQLite file, written theorem by theorem.
 *
 *   run         one row: what every theorem in the file was verified with
 *     seed TEXT, trials INTEGER (0: each theorem its own), sweep INTEGER (-1: likewise), recheck,
 *     confidence REAL, method TEXT, rtol REAL, atol REAL, horizon REAL, steps_most INTEGER
 *   theorem     one row per finished theorem
 *     id TEXT PRIMARY KEY, verdict TEXT, recorded TEXT, trials, instances (trials and those that
 *     only the sweeper was given), failures, undecided (of all instances), trajectories (the
 *     referee's) INTEGER, worst REAL, bound REAL, failure_measure_below REAL (NULL: there were
 *     failures), witness TEXT (a command; NULL: none), reason TEXT, control TEXT, control_reason
 *     TEXT, seconds REAL
 *   trajectory  one row per trial
 *     theorem TEXT, trial INTEGER, finding TEXT (holds, fails, undecided), ending TEXT (NULL: the
 *     referee was not run), t, deviation, measured, expected, residual, transverse_rate,
 *     distance_bound, drift, clock REAL (NULL: absent), steps INTEGER, reason TEXT, exact TEXT (the
 *     ending by exact algebra, horizon: undecided; NULL: not asked)
 *
 *   sample      one row per theorem that the sweeper can follow
 *     theorem TEXT, seed TEXT, stream TEXT (instance k is drawn from the stream of this seed, this
 *     key and the index k), starts, settled, both, open, disagreements INTEGER, distance,
 *     not_agreed_below REAL, control_fails INTEGER: see struct verify_sample
 *   start       one row per instance of a sample that the referee has run, or that does not hold
 *     theorem TEXT, trial INTEGER (k), sweeper TEXT (its ending; NULL: left to the referee),
 *     sweeper_finding TEXT, referee TEXT (its ending; NULL: not run), referee_finding TEXT,
 *     agreement TEXT (agree, open: the referee is undecided, disagree; NULL: one verdict),
 *     distance REAL (of the limits, relative to 1 + |limit|)
 *   verdicts    a view: `start` with seed and stream
 *   digest      theorem TEXT PRIMARY KEY, sum INTEGER: CRC-32 of all values of all rows of the theorem
 *
 * A theorem and its rows are one transaction (WAL), so that a kill at any moment loses at most the
 * theorem in work.  Memory: one object, freed by store_close() (NULL is allowed).
 * Errors: STORE_FAILED with SQLite's own message, BAD_ARGUMENT for a store made with other
 * parameters, BAD_DATA for a theorem whose rows are not those that were saved. */
#ifndef CLI_STORE_H
#define CLI_STORE_H

#include "cli/summary.h"
#include "proofs-check/verify.h"

#include <stdbool.h>

#define STORE_FILE "store.sqlite"

struct store; /* opaque */

/* Opens a new store in the directory; an old one is replaced. */
enum status store_create(const char *directory, const struct verify_plan *plan,
                         struct store **store) MUST_CHECK;

/* Opens the store that is there, or a new one; one made with another plan is BAD_ARGUMENT. */
enum status store_resume(const char *directory, const struct verify_plan *plan,
                         struct store **store) MUST_CHECK;

/* The row of a theorem that is already there. */
enum status store_find(struct store *store, const struct theorem *theorem, struct summary *summary,
                       bool *found) MUST_CHECK;

enum status store_save(struct store *store, const struct summary *summary,
                       const struct verified *verified) MUST_CHECK;

/* What pictures need of one trial; NAN where absent. */
struct store_trial {
    double deviation, measured, expected, transverse_rate;
};

/* Calls `take` for every trial of a theorem, in order. */
enum status store_trials(struct store *store, const char *theorem,
                         void (*take)(void *context, const struct store_trial *trial),
                         void *context) MUST_CHECK;

/* ---- for a report: a store that is only read ---- */

/* Opens the store of a run that has ended; nothing is written beside it. */
enum status store_read(const char *directory, struct store **store) MUST_CHECK;

/* What the run was made with; everything else of the plan is the default. */
enum status store_plan(struct store *store, struct verify_plan *plan) MUST_CHECK;

enum { STORE_ID_MAX = 96, STORE_LABEL_MAX = 32 };

/* A row of `theorem`; summary.theorem is NULL where this program has no theorem of that name. */
struct store_row {
    char id[STORE_ID_MAX];
    enum verdict recorded;
    bool has_proof;
    char proved_by[STORE_LABEL_MAX]; /* "" if nothing is proved */
    double bound;
    struct summary summary;
};

/* Calls `take` for every theorem, in the order of the run, until it fails. */
enum status store_theorems(struct store *store,
                           enum status (*take)(void *context, const struct store_row *row),
                           void *context) MUST_CHECK;

/* The trial of the largest deviation of one that holds. */
struct store_worst {
    bool found;
    size_t trial;
    double deviation, t;
    char ending[STORE_LABEL_MAX];
};
enum status store_worst(struct store *store, const char *theorem,
                        struct store_worst *worst) MUST_CHECK;

/* Closes; the write-ahead log is folded into the file. */
enum status store_close(struct store *store) MUST_CHECK;

#endif
