/* The store of a verification: one SQLite file, written theorem by theorem.
 *
 *   run         one row: what every theorem in the file was verified with
 *     seed TEXT, trials INTEGER (0: each theorem its own), confidence REAL, method TEXT,
 *     rtol REAL, atol REAL, horizon REAL, steps_most INTEGER
 *   theorem     one row per finished theorem
 *     id TEXT PRIMARY KEY, verdict TEXT, recorded TEXT, trials, failures, undecided, trajectories
 *     INTEGER, worst REAL, bound REAL, failure_measure_below REAL (NULL: there were failures),
 *     witness TEXT (a command; NULL: none), reason TEXT, control TEXT, control_reason TEXT,
 *     seconds REAL
 *   trajectory  one row per trial
 *     theorem TEXT, trial INTEGER, finding TEXT (holds, fails, undecided), ending TEXT (NULL: the
 *     referee was not run), t, deviation, measured, expected, residual, transverse_rate,
 *     distance_bound, drift, clock REAL (NULL: absent), steps INTEGER, reason TEXT
 *
 * A theorem and its rows are one transaction (WAL), so that a kill at any moment loses at most the
 * theorem in work.  Memory: one object, freed by store_close() (NULL is allowed).
 * Errors: STORE_FAILED with SQLite's own message, BAD_ARGUMENT for a store made with other
 * parameters. */
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

/* Closes; the write-ahead log is folded into the file. */
enum status store_close(struct store *store) MUST_CHECK;

#endif
