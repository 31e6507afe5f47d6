/* From a problem to an exact statement.
 *
 * The numbers of a problem are doubles, which are rationals, too; whoever knows them better, as the
 * command line does, replaces them before the statement is made.
 *
 * Shapes: as in linear/problem.h; x0[dim].  Memory: statement_problem_numbers() makes arrays that
 * statement_problem_free() frees.  Errors: NO_MEMORY; a problem that no theorem covers gives
 * *statement = NULL and says why. */
#ifndef EXACT_STATEMENT_PROBLEM_H
#define EXACT_STATEMENT_PROBLEM_H

#include "exact/statement.h"
#include "linear/problem.h"

struct statement_numbers {
    size_t c_count, rate_count, dim;
    fmpq *c, *rates, *x0; /* [c_count], [rate_count], [dim]: as given, not as used */
    fmpq alpha, beta;
};

/* Every double exactly as it is. */
void statement_problem_numbers(const struct problem *problem, const double *x0, size_t dim,
                               struct statement_numbers *numbers);
void statement_problem_free(struct statement_numbers *numbers);

/* Puts a list in the place of c, rates or x0; the list is the statement's to free from then on. */
void statement_problem_replace(fmpq **list, size_t *count, fmpq *by, size_t by_count);

enum status statement_problem_make(const struct problem *problem,
                                   const struct statement_numbers *numbers,
                                   struct statement **statement, const char **why_not) MUST_CHECK;

#endif
