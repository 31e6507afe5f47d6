/* Which relay does what is found by trying all patterns of 0, 1 and between: at most one of them
 * solves the problem, and the problems are small.
 *
 * Elimination knows nothing of C: scaling its rows does not change which pivots are negative.  So
 * complementarity_invert() refuses a matrix that is definite for no C, as one becomes by way of a
 * singular one, however far beyond it is again regular.
 * Rejected: partial pivoting, which inverts the matrix on both sides of such a point alike. */
#include "ode/complementarity.h"

#include <math.h>
#include <string.h>

enum { M = COMPLEMENTARITY_MOST };

/* C G is symmetric: rounding of its entries, with room */
static const double AGREES = 1e-9;
/* Pivots of C G scaled to a unit diagonal: below it, it is not definite for certain */
static const double DEFINITE = 1e-6;
/* Pivots over the entry that they come from: rounding */
static const double SINGULAR = 1e-13;

/* c[l] from c[k] by the ratio of two entries that mirror each other, until none is left. */
static void spread_scales(const struct complementarity *p, bool *known, double *c)
{
    const double *G = p->G;
    for (size_t round = 0; round < p->m; round++)
        for (size_t k = 0; k < p->m; k++)
            for (size_t l = 0; l < p->m; l++)
                if (known[k] && !known[l] && G[k * M + l] != 0 && G[l * M + k] != 0) {
                    c[l] = c[k] * G[k * M + l] / G[l * M + k];
                    known[l] = true;
                }
}

bool complementarity_scales(const struct complementarity *p, double *c)
{
    bool known[M] = {false};
    for (size_t first = 0; first < p->m; first++) {
        if (!known[first])
            c[first] = 1;
        known[first] = true;
        spread_scales(p, known, c);
    }
    for (size_t k = 0; k < p->m; k++)
        for (size_t l = 0; l < k; l++) {
            const double a = c[k] * p->G[k * M + l], b = c[l] * p->G[l * M + k];
            const double size = sqrt(fabs(c[k] * p->G[k * M + k] * c[l] * p->G[l * M + l]));
            if (!(fabs(a - b) <= AGREES * size))
                return false;
        }
    return true;
}

/* Cholesky with a unit diagonal. */
bool complementarity_is_definite(const struct complementarity *p, const double *c)
{
    double L[M][M] = {{0}};
    const double *G = p->G;
    for (size_t k = 0; k < p->m; k++)
        if (!(c[k] > 0 && G[k * M + k] < 0))
            return false;
    for (size_t k = 0; k < p->m; k++)
        for (size_t l = 0; l <= k; l++) {
            const double size = sqrt(c[k] * G[k * M + k] * c[l] * G[l * M + l]);
            double sum = -c[k] * G[k * M + l] / size;
            for (size_t j = 0; j < l; j++)
                sum -= L[k][j] * L[l][j];
            if (k == l && !(sum > DEFINITE))
                return false;
            L[k][l] = k == l ? sqrt(sum) : sum / L[l][l];
        }
    return true;
}

bool complementarity_invert(size_t n, const double *A, double *inverse)
{
    double B[M][2 * M] = {{0}};
    for (size_t i = 0; i < n; i++) {
        memcpy(B[i], A + i * M, n * sizeof *A);
        B[i][n + i] = 1;
    }
    for (size_t k = 0; k < n; k++) {
        if (!(B[k][k] < -SINGULAR * fabs(A[k * M + k])))
            return false;
        for (size_t i = 0; i < n; i++) {
            const double factor = i == k ? 0 : B[i][k] / B[k][k];
            for (size_t j = 0; j < 2 * n && i != k; j++)
                B[i][j] -= factor * B[k][j];
        }
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            inverse[i * M + j] = B[i][n + j] / B[i][i];
    return true;
}

void complementarity_pattern(size_t m, size_t pattern, enum complementarity_role *role)
{
    for (size_t l = 0; l < m; l++, pattern /= ROLES)
        role[l] = (enum complementarity_role)(pattern % ROLES);
}

/* q_k + (G theta)_k */
static double speed(const struct complementarity *p, size_t k, const double *theta)
{
    double w = p->q[k];
    for (size_t l = 0; l < p->m; l++)
        w += p->G[k * M + l] * theta[l];
    return w;
}

bool complementarity_solve(const struct complementarity *p, const enum complementarity_role *role,
                           double *theta, double *w)
{
    size_t slides[M], count = 0;
    double A[M * M] = {0}, inverse[M * M], rest[M];
    for (size_t k = 0; k < p->m; k++) {
        theta[k] = role[k] == ROLE_ABOVE;
        if (role[k] == ROLE_SLIDES)
            slides[count++] = k;
    }
    for (size_t i = 0; i < count; i++) {
        rest[i] = speed(p, slides[i], theta);
        for (size_t j = 0; j < count; j++)
            A[i * M + j] = p->G[slides[i] * M + slides[j]];
    }
    if (!complementarity_invert(count, A, inverse))
        return false;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            theta[slides[i]] -= inverse[i * M + j] * rest[j];
    for (size_t k = 0; k < p->m; k++)
        w[k] = speed(p, k, theta);
    return true;
}
