/* Gauss's elimination decides whether an exact matrix is positive definite: by its pivots. */
#include "exact/definite.h"

#include <math.h>

enum { SHORT = 64 }; /* bits */

/* D = its midpoints; the largest row sum of radii, which no eigenvalue moves by more. */
static void split(const arb_mat_t A, arb_mat_t D, arb_t reach)
{
    const slong n = arb_mat_nrows(A);
    arb_t row, radius;
    arb_init(row);
    arb_init(radius);
    arb_zero(reach);
    for (slong i = 0; i < n; i++) {
        arb_zero(row);
        for (slong j = 0; j < n; j++) {
            arb_get_mid_arb(arb_mat_entry(D, i, j), arb_mat_entry(A, i, j));
            arb_get_rad_arb(radius, arb_mat_entry(A, i, j));
            arb_add(row, row, radius, SHORT);
        }
        arb_max(reach, reach, row, SHORT);
    }
    arb_clear(row);
    arb_clear(radius);
}

/* Is A - shift, for all of the symmetric A, positive definite (sign = 1), or shift - A (-1)?
 * Gauss's elimination on the midpoints, from which the radii are taken off first: done with the
 * balls themselves it would multiply them. */
static bool is_definite(const arb_mat_t A, double shift, int sign)
{
    const slong n = arb_mat_nrows(A);
    arb_t number, reach;
    arb_mat_t D;
    arb_init(number);
    arb_init(reach);
    arb_mat_init(D, n, n);
    split(A, D, reach);
    arb_set_d(number, shift);
    for (slong i = 0; i < n; i++)
        arb_sub(arb_mat_entry(D, i, i), arb_mat_entry(D, i, i), number, SHORT);
    if (sign < 0)
        arb_mat_neg(D, D);
    for (slong i = 0; i < n; i++)
        arb_sub(arb_mat_entry(D, i, i), arb_mat_entry(D, i, i), reach, SHORT);
    const bool definite = arb_is_finite(reach) && arb_mat_ldl(D, D, SHORT);
    arb_clear(number);
    arb_clear(reach);
    arb_mat_clear(D);
    return definite;
}

double definite_reach(const arb_mat_t A)
{
    arb_t reach;
    arf_t bound;
    arb_mat_t D;
    arb_init(reach);
    arf_init(bound);
    arb_mat_init(D, arb_mat_nrows(A), arb_mat_ncols(A));
    split(A, D, reach);
    arb_get_ubound_arf(bound, reach, SHORT);
    const double number = arf_get_d(bound, ARF_RND_UP);
    arb_clear(reach);
    arf_clear(bound);
    arb_mat_clear(D);
    return number;
}

bool definite_above(const arb_mat_t A, double bound)
{
    return isfinite(bound) && is_definite(A, bound, 1);
}

bool definite_below(const arb_mat_t A, double bound)
{
    return isfinite(bound) && is_definite(A, bound, -1);
}

void definite_symmetric_part(arb_mat_t A)
{
    const slong n = arb_mat_nrows(A);
    for (slong i = 0; i < n; i++)
        for (slong j = 0; j < i; j++) {
            arb_ptr below = arb_mat_entry(A, i, j), above = arb_mat_entry(A, j, i);
            arb_add(below, below, above, SHORT);
            arb_mul_2exp_si(below, below, -1);
            arb_set(above, below);
        }
}

void definite_read(arb_mat_t A, const double *entries)
{
    const slong rows = arb_mat_nrows(A), columns = arb_mat_ncols(A);
    for (slong i = 0; i < rows; i++)
        for (slong j = 0; j < columns; j++)
            arb_set_d(arb_mat_entry(A, i, j), entries[i * columns + j]);
}

bool definite_contracts(const arb_mat_t K, const arb_mat_t V, const arb_mat_t inverse, double mu)
{
    const slong k = arb_mat_nrows(K);
    arb_mat_t A;
    arb_mat_init(A, k, k);
    arb_mat_mul(A, inverse, K, SHORT);
    arb_mat_mul(A, A, V, SHORT);
    definite_symmetric_part(A);
    const bool contracts = definite_above(A, mu);
    arb_mat_clear(A);
    return contracts;
}
