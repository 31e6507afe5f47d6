/* A learning rule as a polynomial vector field over Q, and its residual form.
 *
 *     x' = f(x) = S(x) y(x),   y' = Dy f = -K(x) y,
 *
 * y the error E, entry by entry (column by column of E: y[i + NL*j] = E_ij): every rule of
 * premise.h feeds E back linearly.  Zeros of y are the fixed points that the trap of
 * notes/certificates.md looks for.  Data are numbers, or unknown constants of their own: then what
 * is proved holds for all data at once.
 *
 * Shapes: f[n], y[k], S[i*k + j], K[i*k + j].  The ring Q[x_1..x_n, p_1..p_m] has the unknowns
 * first, in the order of the state vector, then the parameters; names[n + m], "a1", "A1_2_1",
 * "alpha", "Sigma_II_1_1", "c1", "C1_1_2" as in `settle run`.
 * Memory: one create, one free.  Errors: NO_MEMORY. */
#ifndef EXACT_FIELD_H
#define EXACT_FIELD_H

#include "base/status.h"
#include "exact/library.h"
#include "exact/premise.h"

enum field_data {
    FIELD_NUMBERS,  /* m = 0 */
    FIELD_SYMBOLIC, /* all of sigma_ti, sigma_ii, feedback are parameters; rates are numbers */
};

struct field {
    size_t n, m, k;
    fmpq_mpoly_ctx_t ring;
    char **names;
    fmpq_mpoly_struct *f, *y, *S, *K;
};

enum status field_create(const struct premise *premise, enum field_data data,
                         struct field **field) MUST_CHECK;
void field_free(struct field *field);

/* The numbers of the premise in the order of the parameters of a symbolic field, values[m]:
 * Sigma_TI row by row, Sigma_II row by row from the diagonal on, the feedback. */
void field_parameters(const struct premise *premise, fmpq *values);

/* L_f p = grad p . f, in the ring of the field. */
void field_derivative(const struct field *field, const fmpq_mpoly_t p, fmpq_mpoly_t derivative);

/* f = S y and L_f y = -K y: true for every field that field_create() makes; for tests. */
bool field_identities_hold(const struct field *field);

#endif
