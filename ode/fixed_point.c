/* Gauss-Newton on the leaf, and T' J T.
 *
 * Polishing solves [J; grad I] d = [f; I - I0] in the least-squares sense by a singular value
 * decomposition: the stacked system has more rows than columns but is consistent, so the solution
 * is the Newton step along the leaf.  Near a degenerate point J is small beside grad I; nothing is
 * cut off above SINGULAR_CUT, and convergence is linear with factor (m-1)/m, which POLISH_MOST
 * allows for. The tangent space T of the leaf is the orthogonal complement of the gradients, from
 * a QR decomposition with column pivoting; where gradients vanish (a singular leaf) T has more
 * columns. The rounding floor of f is the flow's own bound; without one it is taken from the terms
 * J_ij x_j at x/2, x and 2x, since at a multiple root J vanishes at x and the rounding of f does
 * not.
 * Rejected: deciding neutral directions by "eigenvalues smaller than something", which cannot tell
 * a slow direction from a conserved one. */
#include "ode/fixed_point.h"

#include "ode/dense.h"
#include "ode/leaf.h"
#include "ode/vector.h"

#include <float.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    POLISH_MOST =
        1000, /* iterations: 40 m for a root of multiplicity m to reach rounding, m <= 15 */
    POLISH_PATIENCE = 6, /* iterations without progress before giving up */
    CURVE_MOST = 6       /* of the quick polish: quadratic from a hundredth, with room */
};
static const double SINGULAR_CUT = 1e-14; /* relative: below it a direction is rounding */
static const double VANISHED = 1e-6; /* gradient of a claim, relative to its size at the start */
static const double ROUNDINGS = 1;   /* per operation and unknown, in the floor of I - I0 */
/* |f| at a root without a floor, relative to where polishing began: on a growing solution |f| does
 * not fall, however large the rounding of a huge Jacobian */
static const double FALLEN = 0.1;
/* Of a correction, over the distance to go: its square is below any rounding */
static const double CURVE_ARRIVED = 1e-6;
static const double CURVE_RADIUS = 1e-4;    /* least one of sampling the Jacobian, relative */
static const double KANTOROVICH = 1.0 / 16; /* (E2): floor * lipschitz <= KANTOROVICH * rate^2 */
/* (E2): lipschitz * position error <= EIGENVALUE * rate */
static const double EIGENVALUE = 1.0 / 16;
static const double RATE_ROUNDINGS = 4; /* of T' J T, per unknown: two sums, and T itself */

struct fixed_point_work {
    const struct flow *flow;
    size_t n, r;
    size_t row;  /* of J, in the quick polish */
    double size; /* |x0|: with eps it tells a Newton correction that no longer moves the state */
    double *J, *stack, *V, *singular, *workspace, *right, *step, *f, *probe, *best, *bound, *first;
    double *I0, *I0_terms, *gradient, *gradient_size, *tau, *Q, *R, *norms, *K, *J2, *gram,
        *offset_floor;
    gsl_permutation *order;
    struct leaf *leaf;
    double storage[];
};

struct fixed_point_work *fixed_point_work_create(const struct flow *flow)
{
    const size_t n = flow->dim, r = flow->conserved;
    const size_t square = n * n, tall = (n + r) * n;
    const size_t doubles =
        6 * square + tall + 10 * n + 2 * (n + r) + (5 + r) * r + r * n + n * r + 8;
    struct fixed_point_work *work = calloc(1, sizeof *work + doubles * sizeof(double));
    if (!work)
        return NULL;
    gsl_set_error_handler_off(); /* GSL's default handler aborts; codes are looked at here */
    double *next = work->storage;
    struct {
        double **array;
        size_t size;
    } const arrays[] = {
        {&work->J, square},       {&work->stack, tall},
        {&work->V, square},       {&work->singular, n},
        {&work->workspace, n},    {&work->right, n + r},
        {&work->step, n},         {&work->f, n},
        {&work->probe, n},        {&work->best, n},
        {&work->I0, r},           {&work->I0_terms, r},
        {&work->gradient, r * n}, {&work->gradient_size, r},
        {&work->tau, n},          {&work->Q, square},
        {&work->R, n * r},        {&work->norms, n + r},
        {&work->K, square},       {&work->J2, square},
        {&work->gram, r * r},     {&work->offset_floor, r},
        {&work->bound, n},        {&work->first, n},
    };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i].array = next;
        next += arrays[i].size;
    }
    work->flow = flow;
    work->n = n;
    work->r = r;
    work->order = gsl_permutation_alloc(r > 0 ? r : 1);
    work->leaf = leaf_create(flow);
    if (work->order && work->leaf)
        return work;
    fixed_point_work_free(work);
    return NULL;
}

void fixed_point_work_free(struct fixed_point_work *work)
{
    if (!work)
        return;
    if (work->order)
        gsl_permutation_free(work->order);
    leaf_free(work->leaf);
    free(work);
}

/* Scales at x0; the rest of the leaf is known. */
static void set_scales(struct fixed_point_work *work, const double *x0, const double *I0)
{
    work->size = vector_norm(work->n, x0);
    for (size_t k = 0; k < work->r; k++) {
        work->I0[k] = I0[k];
        work->flow->gradient(work->flow, k, x0, work->step);
        const double size = vector_norm(work->n, work->step);
        work->gradient_size[k] = work->leaf->redundant ? work->leaf->scale[k] : size > 0 ? size : 1;
        work->I0_terms[k] = fabs(I0[k]);
        for (size_t j = 0; j < work->n; j++)
            work->I0_terms[k] += fabs(work->step[j] * x0[j]);
    }
}

void fixed_point_set_leaf(struct fixed_point_work *work, const double *x0, const double *I0)
{
    leaf_set(work->leaf, x0);
    set_scales(work, x0, I0);
}

void fixed_point_move_leaf(struct fixed_point_work *work, const double *x0, const double *I0)
{
    if (fixed_point_has_curve(work))
        set_scales(work, x0, I0);
    else
        fixed_point_set_leaf(work, x0, I0);
}

size_t fixed_point_leaf_dimension(const struct fixed_point_work *work)
{
    return work->n - work->leaf->generic;
}

/* bound[i] += sum_j |J_ij(scale x) x_j|: the terms of f_i, unless they cancel in J at that point
 * too. A point outside the field's domain tells nothing. */
static void add_terms_at(struct fixed_point_work *work, const double *x, double scale,
                         double *bound)
{
    const size_t n = work->n;
    for (size_t j = 0; j < n; j++)
        work->probe[j] = scale * x[j];
    if (work->flow->jacobian(work->flow, work->probe, work->J2) != OK)
        return;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const double term = fabs(work->J2[i * n + j] * x[j]);
            bound[i] += isfinite(term) ? term : 0;
        }
}

/* The rounding floor of |f(x)|. */
static void measure_floor(struct fixed_point_work *work, const double *x, double *floor)
{
    const size_t n = work->n;
    double *bound = work->bound;
    memset(bound, 0, n * sizeof *bound);
    if (work->flow->rounding) {
        work->flow->rounding(work->flow, x, bound);
    } else { /* three points: a double root hides the terms at one of them only */
        static const double scales[] = {0.5, 1, 2};
        for (size_t k = 0; k < sizeof scales / sizeof *scales; k++)
            add_terms_at(work, x, scales[k], bound);
    }
    *floor = DBL_EPSILON * vector_norm(n, bound) + DBL_MIN;
}

/* J, f, |f| and the rounding floor of |f|. */
static enum status linearise(struct fixed_point_work *work, const double *x, double *residual,
                             double *floor)
{
    measure_floor(work, x, floor);
    TRY(work->flow->field(work->flow, 1, x, work->f));
    TRY(work->flow->jacobian(work->flow, x, work->J));
    *residual = vector_norm(work->n, work->f);
    return OK;
}

enum status fixed_point_residual(struct fixed_point_work *work, const double *x, double *residual,
                                 double *floor)
{
    return linearise(work, x, residual, floor);
}

/* The terms of f_i: its rounding, and what moving each unknown by itself makes of it. */
static double terms_of_row(const struct fixed_point_work *work, const double *x, size_t i)
{
    double terms = work->bound[i];
    for (size_t j = 0; j < work->n; j++)
        terms += fabs(work->J[i * work->n + j] * x[j]);
    return terms;
}

double fixed_point_row_rounding(const struct fixed_point_work *work, const double *x, size_t i)
{
    const size_t n = work->n;
    double sum = 0;
    for (size_t j = 0; j < n; j++) {
        double held = work->flow->rounding ? work->bound[j] : 0;
        for (size_t k = 0; k < n; k++)
            held += fabs(work->J[j * n + k] * x[k]);
        const double own = fabs(work->J[j * n + j]);
        const double moved = own > 0 ? fmin(held / own, vector_norm(n, x)) : 0;
        sum += fabs(work->J[i * n + j]) * (fabs(x[j]) + moved);
    }
    return DBL_EPSILON * (sum + (work->flow->rounding ? work->bound[i] : 0));
}

/* (E30) for one row, size = max(|x|, |x0|): x_j is known to its own rounding, and to that of the row
 * that holds it, but
 * for an unknown beside larger ones never worse than these. */
static bool is_zero_row(const struct fixed_point_work *work, const double *x, size_t i, double size)
{
    double terms = terms_of_row(work, x, i);
    for (size_t j = 0; j < work->n; j++) {
        const double held = terms_of_row(work, x, j) / fabs(work->J[j * work->n + j]);
        terms += fabs(work->J[i * work->n + j]) * (held < size ? held : size);
    }
    return fabs(work->f[i]) <= DBL_EPSILON * terms + DBL_MIN;
}

bool fixed_point_is_zero(const struct fixed_point_work *work, const double *x)
{
    const double size = fmax(work->size, vector_norm(work->n, x));
    for (size_t i = 0; i < work->n; i++)
        if (!is_zero_row(work, x, i, size))
            return false;
    return true;
}

bool fixed_point_has_fallen(const struct fixed_point_work *work, const double *first,
                            const double *x)
{
    const double size = fmax(work->size, vector_norm(work->n, x));
    for (size_t i = 0; i < work->n; i++)
        if (!(fabs(work->f[i]) <= FALLEN * fabs(first[i])) && !is_zero_row(work, x, i, size))
            return false;
    return true;
}

/* Fills gradient[] and right[n..], and tells whether every I - I0 is below its floor. */
static bool measure_leaf(struct fixed_point_work *work, const double *x)
{
    bool on_leaf = true;
    for (size_t k = 0; k < work->r; k++) {
        double *g = work->gradient + k * work->n;
        work->flow->gradient(work->flow, k, x, g);
        const double offset = work->flow->observe(work->flow, k, x) - work->I0[k];
        double terms = work->I0_terms[k]; /* I0 carries the rounding of its own terms */
        for (size_t j = 0; j < work->n; j++)
            terms += fabs(g[j] * x[j]);
        work->right[work->n + k] = offset;
        work->offset_floor[k] =
            2 * ROUNDINGS * (double)(work->n + 1) * DBL_EPSILON * terms + DBL_MIN;
        on_leaf = on_leaf && fabs(offset) <= work->offset_floor[k];
    }
    return on_leaf;
}

/* to[] = from[] / size, if there is a size */
static void scale_into(size_t count, const double *from, double size, double *to)
{
    for (size_t i = 0; i < count; i++)
        to[i] = size > 0 ? from[i] / size : from[i];
}

/* stack[m*n]: J and each gradient, scaled to norm 1. */
static void stack_equations(struct fixed_point_work *work)
{
    const size_t n = work->n;
    scale_into(n * n, work->J, vector_norm(n * n, work->J), work->stack);
    for (size_t k = 0; k < work->r; k++) {
        const double *g = work->gradient + k * n;
        scale_into(n, g, vector_norm(n, g), work->stack + (n + k) * n);
    }
}

/* The Gauss-Newton step into step[n].  J and each gradient are scaled to norm 1: the equations are
 * consistent, and so a vanishing J (a degenerate point) is not lost beside the gradients. */
static enum status newton_step(struct fixed_point_work *work)
{
    const size_t n = work->n, m = n + work->r;
    stack_equations(work);
    scale_into(n, work->f, vector_norm(n * n, work->J), work->right);
    for (size_t k = n; k < m; k++)
        scale_into(1, work->right + k, vector_norm(n, work->gradient + (k - n) * n),
                   work->right + k);
    gsl_matrix_view A = gsl_matrix_view_array(work->stack, m, n);
    gsl_matrix_view V = gsl_matrix_view_array(work->V, n, n);
    gsl_vector_view S = gsl_vector_view_array(work->singular, n);
    gsl_vector_view w = gsl_vector_view_array(work->workspace, n);
    gsl_vector_view b = gsl_vector_view_array(work->right, m);
    gsl_vector_view d = gsl_vector_view_array(work->step, n);
    for (size_t i = 0; i < m * n; i++)
        if (!isfinite(work->stack[i]))
            return status_fail(NOT_FINITE, "fixed point: the Jacobian is not finite");
    int code = gsl_linalg_SV_decomp(&A.matrix, &V.matrix, &S.vector, &w.vector);
    if (code) { /* the iteration of Golub and Reinsch gives up on some singular matrices */
        stack_equations(work);
        code = gsl_linalg_SV_decomp_jacobi(&A.matrix, &V.matrix, &S.vector);
    }
    for (size_t i = 0; i < n; i++)
        if (work->singular[i] <= SINGULAR_CUT * work->singular[0])
            work->singular[i] = 0; /* gsl_linalg_SV_solve leaves out zero singular values */
    if (!code)
        code = gsl_linalg_SV_solve(&A.matrix, &V.matrix, &S.vector, &b.vector, &d.vector);
    return code ? status_fail(SOLVER_FAILED, "fixed point: %s", gsl_strerror(code)) : OK;
}

/* The same from the claims that are independent here; the others follow them, (E14). */
static double off_dependent(struct fixed_point_work *work)
{
    const size_t n = work->n;
    double square = 0;
    leaf_factor(work->leaf, work->gradient);
    for (size_t k = 0; k < work->leaf->rank; k++) {
        const size_t claim = work->leaf->pick[k];
        const double offset = fmax(fabs(work->right[n + claim]), work->offset_floor[claim]);
        const double step = offset * vector_norm(n, work->leaf->inverse + k * n);
        square += step * step;
    }
    return sqrt(square);
}

double fixed_point_off_leaf(struct fixed_point_work *work, const double *x)
{
    const size_t n = work->n, r = work->r;
    if (r == 0)
        return 0;
    measure_leaf(work, x);
    if (work->leaf->redundant)
        return off_dependent(work);
    for (size_t a = 0; a < r; a++)
        for (size_t b = 0; b < r; b++) {
            double sum = 0;
            for (size_t j = 0; j < n; j++)
                sum += work->gradient[a * n + j] * work->gradient[b * n + j];
            work->gram[a * r + b] = sum;
        }
    /* the least d with G d = I - I0 has |d|^2 = (I - I0)' (G G')^-1 (I - I0); signs are not
     * trusted */
    gsl_matrix_view A = gsl_matrix_view_array(work->gram, r, r);
    if (gsl_linalg_cholesky_decomp1(&A.matrix) || gsl_linalg_cholesky_invert(&A.matrix))
        return INFINITY;
    double square = 0;
    for (size_t k = 0; k < r; k++) {
        const double offset = fmax(fabs(work->right[n + k]), work->offset_floor[k]);
        square += offset * offset * work->gram[k * r + k];
    }
    return square >= 0 ? sqrt(square) : INFINITY;
}

static const int CORRECTIONS = 5; /* quadratic convergence */

static void to_leaf_dependent(struct fixed_point_work *work, double *x)
{
    const size_t n = work->n;
    for (int i = 0; i < CORRECTIONS && !measure_leaf(work, x); i++) {
        leaf_factor(work->leaf, work->gradient);
        for (size_t k = 0; k < work->leaf->rank; k++)
            for (size_t j = 0; j < n; j++)
                x[j] -= work->right[n + work->leaf->pick[k]] * work->leaf->inverse[k * n + j];
    }
}

enum status fixed_point_to_leaf(struct fixed_point_work *work, double *x)
{
    const size_t n = work->n;
    if (work->leaf->redundant) {
        to_leaf_dependent(work, x);
        return OK;
    }
    for (int i = 0; i < CORRECTIONS && !measure_leaf(work, x); i++) {
        memset(work->J, 0, n * n * sizeof(double));
        memset(work->f, 0, n * sizeof(double)); /* only the leaf: the least-norm correction */
        TRY(newton_step(work));
        for (size_t j = 0; j < n; j++)
            x[j] -= work->step[j];
    }
    return OK;
}

bool fixed_point_is_explained(size_t n, const double *f, const double *J, double resolution)
{
    static const double EXPLAINED = 4; /* |row of J| times the resolution: 1 at any root */
    for (size_t i = 0; i < n; i++)
        if (!(fabs(f[i]) <= EXPLAINED * vector_norm(n, J + i * n) * resolution))
            return false;
    return true;
}

/* One iterate: residual, floor, and whether it solves the equations to rounding. */
static enum status measure_iterate(struct fixed_point_work *work, const double *x,
                                   struct fixed_point *iterate, double *miss)
{
    TRY(linearise(work, x, &iterate->residual, &iterate->residual_floor));
    if (iterate->iterations == 0)
        memcpy(work->first, work->f, work->n * sizeof(double)); /* f where polishing began */
    const bool on_leaf = measure_leaf(work, x);
    iterate->found =
        on_leaf && iterate->residual <= iterate->residual_floor && fixed_point_is_zero(work, x);
    *miss = iterate->residual + (on_leaf ? 0 : vector_norm(work->r, work->right + work->n));
    if (!isfinite(*miss))
        return OK;
    TRY(newton_step(work));
    const double resolution = DBL_EPSILON * fmax(work->size, vector_norm(work->n, x));
    const double correction = vector_norm(work->n, work->step);
    /* a root at the origin has no floor to reach: there the correction tells, if it explains f */
    const double resolved = vector_norm(work->n * work->n, work->J) * resolution;
    if (!iterate->found && on_leaf && correction <= resolution &&
        fixed_point_has_fallen(work, work->first, x) &&
        fixed_point_is_explained(work->n, work->f, work->J, resolution)) {
        iterate->found = true;
        iterate->residual_floor += resolved;
    }
    iterate->position_error = fmax(correction, resolution);
    return OK;
}

enum status fixed_point_polish(struct fixed_point_work *work, double *x, struct fixed_point *point)
{
    const size_t n = work->n;
    double best = INFINITY;
    size_t stale = 0;
    *point = (struct fixed_point){.residual = INFINITY};
    for (size_t i = 0; i < POLISH_MOST && stale < POLISH_PATIENCE; i++) {
        struct fixed_point iterate = {.iterations = i};
        double miss = INFINITY;
        TRY(measure_iterate(work, x, &iterate, &miss));
        if (!isfinite(miss))
            break;
        stale = miss < best ? 0 : stale + 1;
        if (miss < best || (iterate.found && !point->found)) {
            best = miss;
            memcpy(work->best, x, n * sizeof *x);
            *point = iterate;
        }
        if (miss == 0 || (point->found && (stale > 0 || !iterate.found)))
            break;
        for (size_t j = 0; j < n; j++)
            x[j] -= work->step[j];
        TRY(fixed_point_to_leaf(work,
                                x)); /* else its curvature swamps a root of high multiplicity */
    }
    if (isfinite(point->residual))
        memcpy(x, work->best, n * sizeof *x);
    return OK;
}

/* ---- the same on a regular leaf that is a curve, without the singular value decomposition ---- */

static double square_of(size_t n, const double *v)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += v[i] * v[i];
    return sum;
}

bool fixed_point_has_curve(const struct fixed_point_work *work)
{
    return work->n <= FLOW_DENSE_MOST && work->r + 1 == work->n && !work->leaf->redundant &&
           work->leaf->generic == work->r;
}

/* Gaussian elimination with row pivoting; A[n*n] and b[n] are used up, b becomes the solution.
 * false where A is nearly singular. */
static bool eliminate(size_t n, double *A, double *b)
{
    for (size_t i = 0; i < n; i++) {
        size_t pivot = i;
        for (size_t m = i + 1; m < n; m++)
            pivot = fabs(A[m * n + i]) > fabs(A[pivot * n + i]) ? m : pivot;
        for (size_t j = 0; j < n && pivot != i; j++) {
            const double kept = A[i * n + j];
            A[i * n + j] = A[pivot * n + j];
            A[pivot * n + j] = kept;
        }
        const double kept = b[i];
        b[i] = b[pivot];
        b[pivot] = kept;
        if (!(fabs(A[i * n + i]) > VANISHED))
            return false;
        for (size_t m = i + 1; m < n; m++) {
            const double factor = A[m * n + i] / A[i * n + i];
            for (size_t j = i + 1; j < n; j++)
                A[m * n + j] -= factor * A[i * n + j];
            b[m] -= factor * b[i];
        }
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t j = i + 1; j < n; j++)
            b[i] -= A[i * n + j] * b[j];
        b[i] /= A[i * n + i];
    }
    return true;
}

/* curve_solve() for two unknowns, by Cramer's rule: no pivot to guess. */
static bool curve_solve_two(const struct fixed_point_work *work, const double *J,
                            const double right[2], double *step)
{
    const double *g = work->gradient, size = work->gradient_size[0];
    const double determinant = g[0] * J[1] - g[1] * J[0], inverse = 1 / determinant;
    step[0] = (right[0] * J[1] - g[1] * right[1]) * inverse;
    step[1] = (g[0] * right[1] - right[0] * J[0]) * inverse;
    return determinant * determinant >
           VANISHED * VANISHED * size * size * (J[0] * J[0] + J[1] * J[1]);
}

/* step = A^-1 right, A the gradients, each over its size at the start, and the given row of J over
 * its norm; false where A is nearly singular, as on a singular leaf: there the quick way ends. */
static bool curve_solve(struct fixed_point_work *work, size_t row, const double *right,
                        double *step)
{
    const size_t n = work->n, r = work->r;
    const double *J = work->J + row * n;
    const double size = sqrt(square_of(n, J));
    if (n == 2)
        return curve_solve_two(work, J, right, step);
    for (size_t k = 0; k < r; k++) {
        for (size_t j = 0; j < n; j++)
            work->stack[k * n + j] = work->gradient[k * n + j] / work->gradient_size[k];
        step[k] = right[k] / work->gradient_size[k];
    }
    for (size_t j = 0; j < n; j++)
        work->stack[r * n + j] = J[j] / size;
    step[r] = right[r] / size;
    return eliminate(n, work->stack, step);
}

static double distance_of(size_t n, const double *v, const double *w)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (v[i] - w[i]) * (v[i] - w[i]);
    return sqrt(sum);
}

/* step[n] with G step = I - I0 and J_row step = f_row, (J2); |step|^2, or NaN. */
static double curve_step(struct fixed_point_work *work, size_t row)
{
    const size_t n = work->n;
    double *right = work->right; /* the offsets stand in right[n..] */
    if (n == 2) {
        const double both[2] = {right[2], work->f[row]};
        return curve_solve_two(work, work->J + row * n, both, work->step)
                   ? work->step[0] * work->step[0] + work->step[1] * work->step[1]
                   : NAN;
    }
    memcpy(right, right + n, work->r * sizeof *right);
    right[work->r] = work->f[row];
    return curve_solve(work, row, right, work->step) ? square_of(n, work->step) : NAN;
}

/* The unit tangent of the leaf: G T = 0. */
static bool curve_tangent(struct fixed_point_work *work, size_t row, double *T)
{
    const size_t n = work->n;
    double *right = work->right;
    memset(right, 0, n * sizeof *right);
    right[n - 1] = sqrt(square_of(n, work->J + row * n));
    if (!curve_solve(work, row, right, T))
        return false;
    const double size = sqrt(square_of(n, T));
    for (size_t j = 0; j < n; j++)
        T[j] /= size;
    return isfinite(size);
}

/* f, J and the claims, without floors. */
static enum status evaluate_curve(struct fixed_point_work *work, const double *x)
{
    const struct flow *flow = work->flow;
    TRY(flow->field(flow, 1, x, work->f));
    TRY(flow->jacobian(flow, x, work->J));
    for (size_t k = 0; k < work->r; k++) {
        flow->gradient(flow, k, x, work->gradient + k * work->n);
        work->right[work->n + k] = flow->observe(flow, k, x) - work->I0[k];
    }
    return OK;
}

static size_t largest_entry(size_t n, const double *v)
{
    size_t largest = 0;
    for (size_t i = 1; i < n; i++)
        largest = fabs(v[i]) > fabs(v[largest]) ? i : largest;
    return largest;
}

/* Are both equations below their floors at x?  Fills the point, but for its spectrum. */
static enum status examine_curve(struct fixed_point_work *work, const double *x, size_t row,
                                 struct fixed_point *point)
{
    const size_t n = work->n;
    TRY(linearise(work, x, &point->residual, &point->residual_floor));
    const bool on_leaf = measure_leaf(work, x);
    point->found =
        on_leaf && point->residual <= point->residual_floor && fixed_point_is_zero(work, x);
    const double correction = sqrt(curve_step(work, row));
    const double resolution = DBL_EPSILON * fmax(work->size, sqrt(square_of(n, x)));
    point->position_error = correction <= resolution ? resolution : correction; /* NaN stays */
    return OK;
}

enum status fixed_point_polish_curve(struct fixed_point_work *work, double reach, double *x,
                                     struct fixed_point *point)
{
    const size_t n = work->n;
    *point = (struct fixed_point){.residual = INFINITY};
    TRY(evaluate_curve(work, x));
    memcpy(work->K, work->J, n * n * sizeof(double));
    const size_t row = work->row = largest_entry(n, work->f);
    const double arrived = CURVE_ARRIVED * CURVE_ARRIVED * reach * reach;
    double correction = curve_step(work, row), before = reach * reach; /* squares */
    for (; correction <= before && point->iterations < CURVE_MOST; point->iterations++) {
        for (size_t j = 0; j < n; j++)
            x[j] -= work->step[j];
        if (correction <= arrived)
            break;
        TRY(evaluate_curve(work, x));
        before = correction;
        correction = curve_step(work, row);
    }
    for (int i = 0; i < 2 && correction <= arrived && !point->found; i++) {
        TRY(examine_curve(work, x, row, point));
        for (size_t j = 0; j < n && !point->found; j++)
            x[j] -= work->step[j];
    }
    return OK;
}

/* |J - J(x + radius T)|/radius */
static enum status sample_curve(struct fixed_point_work *work, const double *x, double radius,
                                double *lipschitz)
{
    const size_t n = work->n;
    double *T = work->Q;
    *lipschitz = INFINITY;
    if (!curve_tangent(work, work->row, T))
        return OK;
    for (size_t i = 0; i < n; i++)
        work->probe[i] = x[i] + radius * T[i];
    TRY(work->flow->jacobian(work->flow, work->probe, work->J2));
    *lipschitz = distance_of(n * n, work->J2, work->J) / radius;
    return OK;
}

/* The one number T'JT; NAN where there is no tangent. */
static double rate_along_curve(struct fixed_point_work *work)
{
    const size_t n = work->n;
    double *T = work->Q, along = 0;
    if (!curve_tangent(work, work->row, T))
        return NAN;
    for (size_t i = 0; i < n; i++)
        along += T[i] * vector_dot(n, work->J + i * n, T);
    return along;
}

/* Does a rate that was computed as T' J T exceed its rounding?  J[n*n]. */
static bool is_above_rounding(size_t n, const double *J, double rate)
{
    return fabs(rate) > RATE_ROUNDINGS * (double)n * DBL_EPSILON * vector_norm(n * n, J);
}

enum status fixed_point_spectrum_curve(struct fixed_point_work *work, const double *x, double away,
                                       double *rate, struct fixed_point *point)
{
    const size_t n = work->n;
    const double least = CURVE_RADIUS * (1 + sqrt(square_of(n, x)));
    if (away >= least) /* K: the Jacobian where the polish began */
        point->lipschitz = distance_of(n * n, work->K, work->J) / away;
    else
        TRY(sample_curve(work, x, least, &point->lipschitz));
    point->count = work->flow->transverse ? work->flow->transverse(work->flow, x, rate) : 0;
    const bool closed = point->count > 0;
    if (!closed) {
        rate[0] = rate_along_curve(work);
        point->count = 1;
    }
    point->leaf = 1;
    point->rate = rate[0];
    point->norm = fabs(rate[0]);
    point->simple =
        fixed_point_is_simple(point) && (closed || is_above_rounding(n, work->J, rate[0]));
    return OK;
}

/* Orthonormal basis of the leaf's tangent space at x: the last `columns` columns of work->Q. */
static enum status tangent_space(struct fixed_point_work *work, const double *x, size_t *columns)
{
    const size_t n = work->n, r = work->r;
    *columns = n;
    memset(work->Q, 0, n * n * sizeof(double));
    for (size_t i = 0; i < n; i++)
        work->Q[i * n + i] = 1;
    if (r == 0)
        return OK;
    for (size_t k = 0; k < r; k++) {
        work->flow->gradient(work->flow, k, x, work->step);
        for (size_t j = 0; j < n;
             j++) /* the transpose, scaled so that 1 is the size at the start */
            work->R[j * r + k] = work->step[j] / work->gradient_size[k];
    }
    const size_t rank_most = r < n ? r : n;
    int sign;
    gsl_matrix_view A = gsl_matrix_view_array(work->R, n, r);
    gsl_vector_view tau = gsl_vector_view_array(work->tau, rank_most);
    gsl_vector_view norms = gsl_vector_view_array(work->norms, r);
    gsl_matrix_view Q = gsl_matrix_view_array(work->Q, n, n);
    int code = gsl_linalg_QRPT_decomp(&A.matrix, &tau.vector, work->order, &sign, &norms.vector);
    size_t rank = 0;
    while (rank < rank_most && fabs(work->R[rank * r + rank]) > VANISHED)
        rank++;
    for (size_t i = rank; i < rank_most; i++)
        work->tau[i] = 0; /* leave vanished directions out of Q's rotations */
    /* Q = H_1 ... H_rank, applied to the identity from the left, last reflection first */
    for (size_t i = rank; i-- > 0 && !code;) {
        gsl_vector_view v = gsl_matrix_subcolumn(&A.matrix, i, i, n - i);
        gsl_matrix_view block = gsl_matrix_submatrix(&Q.matrix, i, 0, n - i, n);
        code = gsl_linalg_householder_hm(work->tau[i], &v.vector, &block.matrix);
    }
    *columns = n - rank;
    return code ? status_fail(SOLVER_FAILED, "leaf: %s", gsl_strerror(code)) : OK;
}

/* K = T' M T for the tangent basis in Q; K[columns*columns]. */
static void restrict_to_tangent(const struct fixed_point_work *work, const double *M,
                                size_t columns, double *K)
{
    const size_t n = work->n, first = n - columns;
    for (size_t a = 0; a < columns; a++)
        for (size_t b = 0; b < columns; b++) {
            double sum = 0;
            for (size_t i = 0; i < n; i++) {
                double Mt = 0;
                for (size_t j = 0; j < n; j++)
                    Mt += M[i * n + j] * work->Q[j * n + first + b];
                sum += work->Q[i * n + first + a] * Mt;
            }
            K[a * columns + b] = sum;
        }
}

enum status fixed_point_eigenvalues(struct fixed_point_work *work, const double *x,
                                    double *spectrum, size_t *count, double *size)
{
    size_t columns = 0;
    TRY(tangent_space(work, x, &columns));
    TRY(work->flow->jacobian(work->flow, x, work->J2));
    restrict_to_tangent(work, work->J2, columns, work->K);
    *size = vector_norm(columns * columns, work->K);
    *count = columns;
    if (!isfinite(*size))
        return status_fail(NOT_FINITE, "spectrum: the Jacobian is not finite");
    return columns > 0 ? dense_real_parts(columns, work->K, *size, spectrum) : OK;
}

/* Largest |J(x + h t) - J(x)| / h over the tangent directions t; work->Q and J2 are set. */
static enum status sample_lipschitz(struct fixed_point_work *work, const double *x, size_t columns,
                                    double h, double *lipschitz)
{
    const size_t n = work->n;
    *lipschitz = 0;
    for (size_t b = 0; b < columns; b++) {
        for (size_t j = 0; j < n; j++)
            work->probe[j] = x[j] + h * work->Q[j * n + n - columns + b];
        TRY(work->flow->jacobian(work->flow, work->probe, work->J));
        for (size_t i = 0; i < n * n; i++)
            work->J[i] -= work->J2[i];
        *lipschitz = fmax(*lipschitz, vector_norm(n * n, work->J) / h);
    }
    return OK;
}

/* (E2): neither the rounding of f nor the error of the position can have made the rate. */
bool fixed_point_is_simple(const struct fixed_point *point)
{
    const double rate = fabs(point->rate);
    return point->count > 0 && rate > 0 &&
           point->residual_floor * point->lipschitz <= KANTOROVICH * rate * rate &&
           point->lipschitz * point->position_error <= EIGENVALUE * rate &&
           point->jacobian_error <= EIGENVALUE * rate;
}

enum status fixed_point_spectrum(struct fixed_point_work *work, const double *x, double radius,
                                 double *spectrum, struct fixed_point *point)
{
    size_t columns = 0;
    TRY(fixed_point_eigenvalues(work, x, spectrum, &columns, &point->norm));
    TRY(sample_lipschitz(work, x, columns, radius, &point->lipschitz));
    if (point->position_error > 0)
        TRY(sample_lipschitz(work, x, columns, point->position_error, &point->jacobian_error));
    point->jacobian_error *= point->position_error;
    const size_t closed =
        work->flow->transverse ? work->flow->transverse(work->flow, x, spectrum) : 0;
    point->leaf = columns;
    point->count = closed > 0 ? closed : columns;
    point->rate = point->count > 0 ? spectrum[0] : -INFINITY;
    point->simple = fixed_point_is_simple(point) &&
                    (closed > 0 || is_above_rounding(work->n, work->J2, point->rate));
    return OK;
}

enum status fixed_point_along_leaf(struct fixed_point_work *work, const double *x,
                                   double *direction, bool *curve)
{
    size_t columns = 0;
    TRY(tangent_space(work, x, &columns));
    *curve = columns == 1;
    for (size_t j = 0; j < work->n && *curve; j++)
        direction[j] = work->Q[j * work->n + work->n - 1];
    return OK;
}

enum status fixed_point_tangent(struct fixed_point_work *work, const double *x, double *T,
                                size_t *columns)
{
    const size_t n = work->n;
    TRY(tangent_space(work, x, columns));
    for (size_t i = 0; i < n; i++)
        for (size_t b = 0; b < *columns; b++)
            T[i * *columns + b] = work->Q[i * n + n - *columns + b];
    return OK;
}

/* J there, and x - point. */
static enum status look_from(struct fixed_point_work *work, const double *x, const double *point)
{
    TRY(work->flow->jacobian(work->flow, point, work->J2));
    for (size_t j = 0; j < work->n; j++)
        work->probe[j] = x[j] - point[j];
    return OK;
}

enum status fixed_point_unstable_part(struct fixed_point_work *work, const double *x,
                                      const double *point, double *part)
{
    TRY(look_from(work, x, point));
    return dense_unstable_part(work->n, work->J2, work->probe, part);
}

enum status fixed_point_unstable_beyond(struct fixed_point_work *work, const double *x,
                                        const double *point, double rate, double *part)
{
    double residual, floor;
    TRY(fixed_point_residual(work, x, &residual, &floor));
    for (size_t j = 0; j < work->n; j++)
        work->best[j] = fabs(x[j]) + fabs(point[j]) + terms_of_row(work, x, j) / rate;
    TRY(look_from(work, x, point));
    return dense_unstable_beyond(work->n, work->J2, work->probe, work->best, part);
}

enum status fixed_point_standing_part(struct fixed_point_work *work, const double *x,
                                      const double *point, double *part)
{
    TRY(look_from(work, x, point));
    return dense_standing_part(work->n, work->J2, work->probe, part);
}
