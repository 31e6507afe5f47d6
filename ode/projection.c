/* Newton's iteration with the pseudo-inverse of the gradients.
 *
 * Where the claims are independent and the leaf is a curve, from the Cholesky factor of G G'; else
 * from a pivoted QR of as many gradients as are independent there, (E14).  Where gradients become
 * dependent, as at a saddle of gradient descent, a correction of rounding is a jump above the
 * tolerance, and the steps would collapse: there the state is corrected in the claims that remain.
 * Leaving it alone altogether would not do: on a leaf that is singular all along, corrections would
 * come and go, and each return would be a jump, too. */
#include "ode/projection.h"

#include "ode/leaf.h"
#include "ode/vector.h"

#include <float.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PROJECTION_MOST = 4 }; /* Newton iterations: quadratic from a local error of 1e-10 */
/* Of the tolerance: noise that the error test lets pass; 1 does, too */
static const double NOISE_SHARE = 0.3;

struct projection {
    const struct flow *flow;
    const struct plan *plan;
    struct leaf *leaf;
    double *I0, *I, *G, *gram, *y;
    double storage[];
};

struct projection *projection_create(const struct flow *flow, const struct plan *plan)
{
    const size_t n = flow->dim, m = flow->conserved;
    struct projection *p = calloc(1, sizeof *p + (2 * m + m * n + m * m + n) * sizeof(double));
    if (!p)
        return NULL;
    p->flow = flow;
    p->plan = plan;
    p->I0 = p->storage;
    p->I = p->I0 + m;
    p->G = p->I + m;
    p->gram = p->G + m * n;
    p->y = p->gram + m * m;
    p->leaf = leaf_create(flow);
    if (p->leaf)
        return p;
    free(p);
    return NULL;
}

void projection_free(struct projection *projection)
{
    if (!projection)
        return;
    leaf_free(projection->leaf);
    free(projection);
}

void projection_set_leaf(struct projection *projection, const double *x0)
{
    flow_integrals(projection->flow, x0, projection->I0);
    leaf_set(projection->leaf, x0);
}

/* Gradients G[k*n + j] at y and offsets I - I0; returns the largest offset. */
static double leaf_offset(struct projection *p, const double *y)
{
    double worst = 0;
    flow_integrals(p->flow, y, p->I);
    for (size_t k = 0; k < p->flow->conserved; k++) {
        p->flow->gradient(p->flow, k, y, p->G + k * p->flow->dim);
        p->I[k] -= p->I0[k];
        worst = fmax(worst, fabs(p->I[k]));
    }
    return worst;
}

/* The Cholesky factor of G G'; false where the gradients are dependent. */
static bool factor_gram(struct projection *p)
{
    const size_t n = p->flow->dim, m = p->flow->conserved;
    for (size_t a = 0; a < m; a++)
        for (size_t b = 0; b < m; b++) {
            double sum = 0;
            for (size_t j = 0; j < n; j++)
                sum += p->G[a * n + j] * p->G[b * n + j];
            if (!isfinite(sum))
                return false;
            p->gram[a * m + b] = sum;
        }
    gsl_matrix_view A = gsl_matrix_view_array(p->gram, m, m);
    return gsl_linalg_cholesky_decomp1(&A.matrix) == GSL_SUCCESS;
}

/* Square of the error of component j of a correction: rounding in I, eps times its terms, carried
 * over by G' (G G')^-1; p->gram holds the inverse. */
static double correction_noise(const struct projection *p, const double *terms, size_t j)
{
    const size_t n = p->flow->dim, m = p->flow->conserved;
    double squares = 0;
    for (size_t k = 0; k < m; k++) {
        double share = 0;
        for (size_t a = 0; a < m; a++)
            share += p->G[a * n + j] * p->gram[a * m + k];
        squares += share * share * terms[k] * terms[k];
    }
    return DBL_EPSILON * DBL_EPSILON * squares;
}

/* Is the rounding of a correction in all claims a small share of the tolerance? */
static bool is_well_conditioned(struct projection *p, const double *y)
{
    const size_t n = p->flow->dim, m = p->flow->conserved;
    leaf_offset(p, y);
    if (!factor_gram(p))
        return false;
    gsl_matrix_view A = gsl_matrix_view_array(p->gram, m, m);
    gsl_linalg_cholesky_invert(&A.matrix);
    for (size_t k = 0; k < m; k++) {
        p->I[k] = fabs(p->I0[k]);
        for (size_t j = 0; j < n; j++)
            p->I[k] += fabs(p->G[k * n + j] * y[j]);
    }
    double squares = 0; /* in CVODE's norm, where 1 is the tolerance */
    for (size_t j = 0; j < n; j++) {
        const double tolerance = p->plan->rtol * fabs(y[j]) + p->plan->atol;
        squares += correction_noise(p, p->I, j) / (tolerance * tolerance);
    }
    return squares <= NOISE_SHARE * NOISE_SHARE * (double)n;
}

/* to[n] -= G' (G G')^-1 right[m] (destroyed) */
static void subtract_normal_part(struct projection *p, double *right, double *to)
{
    const size_t n = p->flow->dim, m = p->flow->conserved;
    gsl_matrix_view A = gsl_matrix_view_array(p->gram, m, m);
    gsl_vector_view b = gsl_vector_view_array(right, m);
    gsl_linalg_cholesky_svx(&A.matrix, &b.vector);
    for (size_t k = 0; k < m; k++)
        for (size_t j = 0; j < n; j++)
            to[j] -= right[k] * p->G[k * n + j];
}

/* ---- dependent claims, (E14) ---- */

/* Square of the noise of a correction of claim k, in CVODE's norm: rounding in I, carried over. */
static double claim_noise(const struct projection *p, const double *x, size_t k)
{
    const size_t n = p->flow->dim, claim = p->leaf->pick[k];
    double terms = fabs(p->I0[claim]), squares = 0;
    for (size_t j = 0; j < n; j++)
        terms += fabs(p->G[claim * n + j] * x[j]);
    for (size_t j = 0; j < n; j++) {
        const double tolerance = p->plan->rtol * fabs(x[j]) + p->plan->atol;
        const double share = DBL_EPSILON * terms * p->leaf->inverse[k * n + j] / tolerance;
        squares += share * share;
    }
    return squares;
}

/* Factors the gradients at x, without those whose rounding a correction would magnify: the pivot
 * order has them last. */
static void factor_quiet(struct projection *p, const double *x)
{
    leaf_factor(p->leaf, p->G);
    while (p->leaf->rank > 0) {
        double squares = 0;
        for (size_t k = 0; k < p->leaf->rank; k++)
            squares += claim_noise(p, x, k);
        if (squares <= NOISE_SHARE * NOISE_SHARE * (double)p->flow->dim)
            return;
        leaf_reduce(p->leaf, p->leaf->rank - 1);
    }
}

/* The inverse at x serves all iterations: offsets are those of one step. */
static bool correct_dependent(struct projection *p, const double *x, double *d)
{
    const size_t n = p->flow->dim;
    double before = INFINITY, worst = leaf_offset(p, x);
    if (!isfinite(worst))
        return false;
    factor_quiet(p, x);
    for (int i = 0; i < PROJECTION_MOST && worst > 0 && worst < before; i++) {
        for (size_t k = 0; k < p->leaf->rank; k++)
            for (size_t j = 0; j < n; j++)
                d[j] -= p->I[p->leaf->pick[k]] * p->leaf->inverse[k * n + j];
        for (size_t j = 0; j < n; j++)
            p->y[j] = x[j] + d[j];
        before = worst;
        worst = 0;
        flow_integrals(p->flow, p->y, p->I);
        for (size_t k = 0; k < p->flow->conserved; k++) {
            p->I[k] -= p->I0[k];
            worst = fmax(worst, fabs(p->I[k]));
        }
    }
    return isfinite(worst);
}

static bool correct_independent(struct projection *p, const double *x, double *d)
{
    const size_t n = p->flow->dim;
    if (!is_well_conditioned(p, x))
        return correct_dependent(p, x, d);
    for (int i = 0; i < PROJECTION_MOST; i++) {
        for (size_t j = 0; j < n; j++)
            p->y[j] = x[j] + d[j];
        const double worst = leaf_offset(p, p->y);
        if (!isfinite(worst))
            return false;
        if (worst == 0 || !factor_gram(p))
            break;
        subtract_normal_part(p, p->I, d);
    }
    return true;
}

bool projection_correct(struct projection *projection, const double *x, double *d)
{
    memset(d, 0, projection->flow->dim * sizeof *d);
    return projection->leaf->redundant ? correct_dependent(projection, x, d)
                                       : correct_independent(projection, x, d);
}
