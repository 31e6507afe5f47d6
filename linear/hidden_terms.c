/* What the moments and the feedback of A[N0,N1,N2] say before any trajectory.
 *
 *   C = eta_1 C1,  Sigma_II = F F',  W = Sigma_TI Sigma_II^+,  G = C W,
 *   Q: the range of C and its complement,
 *   loss floor = half the sum of the squared singular values of W F beyond the N1-th.
 *
 * A diagonal Sigma_II needs no decomposition, and the rank of a matrix is that of its singular
 * values above matrix_rank_cut.  Sizes above HIDDEN_DECOMPOSE_MOST keep only the moments: half a
 * second of set-up would be minutes. */
#include "linear/hidden.h"

#include "linear/matrix.h"
#include "linear/network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* |Sigma_TI - W Sigma_II| relative to |Sigma_TI|: rounding of moments and of the inverse */
static const double CONSISTENT = 1e-9;

bool hidden_is_fixed(const struct problem *problem)
{
    return problem->rule->feedback == FEEDBACK_FIXED && !problem->rule->product;
}

/* ---- one block ---- */

void hidden_terms_place(struct hidden_terms *t, double *storage)
{
    t->sigma = storage;
    t->F = t->sigma + t->N0 * t->N0;
    t->targets = t->F + t->N0 * t->N0;
    t->W = t->targets + t->N2 * t->N0;
    t->G = t->W + t->N2 * t->N0;
    t->C = t->G + t->N1 * t->N0;
    t->Q = t->C + t->N1 * t->N2;
}

size_t hidden_terms_doubles(const struct hidden_terms *t)
{
    return 2 * t->N0 * t->N0 + 2 * t->N2 * t->N0 + t->N1 * (t->N2 + t->N0 + t->N1);
}

/* ---- Sigma_II ---- */

static bool is_diagonal(size_t n, const double *M)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (i != j && M[i * n + j] != 0)
                return false;
    return true;
}

static void note_sphere(struct hidden_terms *t)
{
    t->spherical = is_diagonal(t->N0, t->sigma) && t->sigma[0] > 0;
    t->sphere = t->sigma[0];
    for (size_t i = 0; i < t->N0 && t->spherical; i++)
        t->spherical = t->sigma[i * t->N0 + i] == t->sphere;
}

/* Columns of F from eigenpairs: sqrt(value) v where the value is not zero, then the kernel. */
static void fill_factor(struct hidden_terms *t, const double *value, const double *V)
{
    const size_t n = t->N0;
    double most = 0;
    for (size_t k = 0; k < n; k++)
        most = fmax(most, value[k]);
    t->inputs = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t k = 0, at = pass ? t->inputs : 0; k < n; k++) {
            const bool counts = value[k] > matrix_rank_cut * most;
            if (counts == (pass > 0))
                continue;
            for (size_t i = 0; i < n; i++)
                t->F[i * n + at] = (counts ? sqrt(value[k]) : 1) * V[i * n + k];
            at++;
            t->inputs += counts;
        }
}

static enum status decompose_sigma(struct hidden_terms *t)
{
    const size_t n = t->N0;
    double *value = calloc(n + n * n, sizeof *value);
    if (!value)
        return status_fail(NO_MEMORY, "the spectrum of %zu inputs", n);
    double *V = value + n;
    enum status status = OK;
    if (is_diagonal(n, t->sigma))
        for (size_t i = 0; i < n; i++) {
            value[i] = t->sigma[i * n + i];
            V[i * n + i] = 1;
        }
    else
        status = matrix_symmetric_eigenvalues(n, t->sigma, value, V);
    if (status == OK)
        fill_factor(t, value, V);
    free(value);
    return status;
}

/* ---- W ---- */

/* W Sigma = Sigma_TI for a regular Sigma: Sigma W' = Sigma_TI'. */
static enum status divide_regular(struct hidden_terms *t)
{
    const size_t n = t->N0, m = t->N2;
    double *right = malloc(2 * n * m * sizeof *right);
    if (!right)
        return status_fail(NO_MEMORY, "least squares of %zu inputs", n);
    double *solution = right + n * m;
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++)
            right[j * m + i] = t->targets[i * n + j];
    const enum status status = matrix_solve(n, m, t->sigma, right, solution);
    for (size_t i = 0; i < m && status == OK; i++)
        for (size_t j = 0; j < n; j++)
            t->W[i * n + j] = solution[j * m + i];
    free(right);
    return status;
}

/* Diagonal or singular: W = Sigma_TI sum_k f_k f_k' / |f_k|^4. */
static void divide_by_factor(struct hidden_terms *t)
{
    const size_t n = t->N0;
    memset(t->W, 0, t->N2 * n * sizeof *t->W);
    for (size_t k = 0; k < t->inputs; k++) {
        double square = 0;
        for (size_t i = 0; i < n; i++)
            square += t->F[i * n + k] * t->F[i * n + k];
        for (size_t o = 0; o < t->N2; o++) {
            double along = 0;
            for (size_t i = 0; i < n; i++)
                along += t->targets[o * n + i] * t->F[i * n + k];
            for (size_t i = 0; i < n; i++)
                t->W[o * n + i] += along / square * (t->F[i * n + k] / square);
        }
    }
}

/* Exactly where Sigma_II is a multiple of the identity. */
static enum status divide(struct hidden_terms *t)
{
    if (t->spherical) {
        for (size_t k = 0; k < t->N2 * t->N0; k++)
            t->W[k] = t->targets[k] / t->sphere;
        return OK;
    }
    if (t->inputs == t->N0 && !is_diagonal(t->N0, t->sigma))
        return divide_regular(t);
    divide_by_factor(t);
    return OK;
}

/* Is T = Sigma_TI (or C Sigma_TI) zero on the kernel of Sigma_II?  T[rows*N0]. */
static bool vanishes_on_kernel(const struct hidden_terms *t, size_t rows, const double *T)
{
    const size_t n = t->N0;
    const double size = matrix_largest(rows * n, T);
    for (size_t i = 0; i < rows; i++)
        for (size_t k = t->inputs; k < n; k++) {
            double along = 0;
            for (size_t j = 0; j < n; j++)
                along += T[i * n + j] * t->F[j * n + k];
            if (!(fabs(along) <= CONSISTENT * size))
                return false;
        }
    return true;
}

/* ---- the loss that N1 units cost at least ---- */

static enum status fill_loss_floor(struct hidden_terms *t)
{
    const size_t least = t->N2 < t->inputs ? t->N2 : t->inputs;
    t->loss_floor = t->consistent ? 0 : NAN;
    if (!t->consistent || t->N1 >= least)
        return OK;
    double *WF = malloc((t->N2 * t->N0 + least) * sizeof *WF);
    if (!WF)
        return status_fail(NO_MEMORY, "the least loss of %zu units", t->N1);
    double *s = WF + t->N2 * t->N0;
    for (size_t o = 0; o < t->N2; o++)
        for (size_t k = 0; k < t->inputs; k++) {
            double sum = 0;
            for (size_t j = 0; j < t->N0; j++)
                sum += t->W[o * t->N0 + j] * t->F[j * t->N0 + k];
            WF[o * t->inputs + k] = sum;
        }
    const enum status status = matrix_singular_values(t->N2, t->inputs, WF, s, NULL, NULL);
    for (size_t k = t->N1; k < least && status == OK; k++)
        t->loss_floor += s[k] * s[k] / 2;
    free(WF);
    return status;
}

double hidden_loss_of(const struct hidden_terms *t, const double *P)
{
    const size_t n = t->N0;
    if (!t->decomposed || !t->consistent)
        return NAN;
    double loss = 0;
    for (size_t o = 0; o < t->N2; o++)
        for (size_t k = 0; k < t->inputs; k++) {
            double sum = 0;
            for (size_t j = 0; j < n; j++)
                sum += (t->W[o * n + j] - P[o * n + j]) * t->F[j * n + k];
            loss += sum * sum / 2;
        }
    return loss - t->loss_floor;
}

/* ---- C ---- */

static enum status decompose_feedback(struct hidden_terms *t)
{
    const size_t n = t->N1;
    TRY(matrix_range(n, t->N2, t->C, t->Q, &t->rank));
    if (t->rank < n)
        return OK;
    memset(t->Q, 0, n * n * sizeof *t->Q); /* all of it: the unit vectors */
    for (size_t i = 0; i < n; i++)
        t->Q[i * n + i] = 1;
    return OK;
}

static bool is_small(const struct hidden_terms *t)
{
    const size_t narrow = t->N1 < t->N2 ? t->N1 : t->N2;
    return narrow <= HIDDEN_DECOMPOSE_MOST &&
           (t->N0 <= HIDDEN_DECOMPOSE_MOST ||
            (is_diagonal(t->N0, t->sigma) && t->N1 <= HIDDEN_DECOMPOSE_MOST &&
             t->N2 <= HIDDEN_DECOMPOSE_MOST));
}

static enum status decompose(struct hidden_terms *t)
{
    note_sphere(t);
    t->loss_floor = NAN;
    t->decomposed = is_small(t);
    if (!t->decomposed)
        return OK;
    TRY(decompose_sigma(t));
    TRY(divide(t));
    TRY(decompose_feedback(t));
    t->consistent = vanishes_on_kernel(t, t->N2, t->targets);
    matrix_multiply(t->N1, t->N2, t->N0, t->C, t->targets, t->G);
    t->kernel_frozen = t->consistent || vanishes_on_kernel(t, t->N1, t->G);
    matrix_multiply(t->N1, t->N2, t->N0, t->C, t->W, t->G);
    return fill_loss_floor(t);
}

/* ---- from a problem ---- */

/* numbers[2] of the layers, or `standard` where none are given */
static enum status two_numbers(const char *option, size_t count, const double *given,
                               double standard, double *numbers)
{
    if (count != 0 && count != 2)
        return status_fail(BAD_ARGUMENT, "%s has %zu numbers; here are 2 layers", option, count);
    for (size_t i = 0; i < 2; i++)
        numbers[i] = count == 0 ? standard : given[i];
    return OK;
}

static enum status fill(const struct problem *problem, const struct network_shape *shape,
                        struct hidden_terms *t)
{
    double rate[2] = {1, 1};
    TRY(two_numbers("--rates", problem->rate_count, problem->rates, 1, rate));
    TRY(two_numbers("--lambda", problem->decay_count, problem->decays, problem->lambda, t->decay));
    TRY(problem_moments(problem, t->sigma, t->targets));
    TRY(network_feedback(problem, shape, t->C));
    for (size_t k = 0; k < t->N1 * t->N2; k++)
        t->C[k] *= rate[0];
    t->eta_2 = rate[1];
    return decompose(t);
}

enum status hidden_terms_of(const struct problem *problem, struct hidden_terms **terms)
{
    struct network_shape shape;
    TRY(network_shape_of(problem, &shape));
    const struct hidden_terms sizes = {
        .N0 = shape.sizes[0], .N1 = shape.sizes[1], .N2 = shape.sizes[2], .dim = shape.dim};
    struct hidden_terms *t = calloc(1, sizeof *t + hidden_terms_doubles(&sizes) * sizeof(double));
    if (!t)
        return status_fail(NO_MEMORY, "%s of %zu unknowns", problem->system->name, shape.dim);
    *t = sizes;
    hidden_terms_place(t, (double *)(t + 1));
    const enum status status = fill(problem, &shape, t);
    if (status != OK) {
        free(t);
        return status;
    }
    *terms = t;
    return OK;
}
