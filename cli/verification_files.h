/* The tables and figures of a verification, made from its store.
 *
 *   theorems.tsv   one row per theorem: what the printed table shows, and the witness
 *   limits.tsv, rates.tsv, exponents.tsv   see plots/verification.h
 *
 * They depend on seed, trials and tolerances only, so an interrupted and resumed run leaves the
 * same bytes.  Errors: those of tables, figures and store. */
#ifndef CLI_VERIFICATION_FILES_H
#define CLI_VERIFICATION_FILES_H

#include "cli/manifest.h"
#include "cli/store.h"
#include "cli/summary.h"

enum status verification_files_save(const struct summaries *summaries, struct store *store,
                                    const struct verify_plan *plan,
                                    struct manifest *manifest) MUST_CHECK;

/* theorems.tsv alone: of what has no store. */
enum status verification_files_verdicts(const struct summaries *summaries,
                                        struct manifest *manifest) MUST_CHECK;

#endif
