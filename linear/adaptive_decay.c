/* Kolen and Pollack's rule, arbp with the same decay lambda > 0 everywhere (asrbp for two layers):
 *
 *   c_i - a_(i+1) ~ exp(-lambda t),  a_i^2 - c_i^2 ~ exp(-2 lambda t),                        (R10)
 *
 * so that in the limit all moduli agree, |a_i| = |c_i| = m with m = 0 or m^(L-2) (s alpha - beta
 * m^L) = lambda, s the sign of P.  Two layers, any width: a pitchfork at lambda = |alpha|, decided
 * by u = a + c, whose direction is conserved (R11).  Three layers and more (R12): zero always
 * attracts; beyond the fold, from small starts and with a trapped bond everything goes there; from
 * balanced starts the motion is in one dimension.  Everything else is a question of basins that no
 * theorem answers. */
#include "linear/adaptive.h"
#include "linear/prediction_clock.h"

#include <float.h>
#include <math.h>

static const double RELATIVE_ERROR = 16 * DBL_EPSILON;

static void set_zero(size_t dim, double *limit)
{
    for (size_t i = 0; i < dim; i++)
        limit[i] = 0;
}

static void finish(const struct problem *problem, double error_at_limit, struct prediction *out)
{
    out->global_minimum = error_at_limit == 0 ? 1 : 0;
    out->loss = error_at_limit * error_at_limit / (2 * problem->beta);
}

/* ---- two layers ---- */

/* The zero set of a + sign c. */
static bool is_opposed(size_t N, const double *a, const double *c, double sign)
{
    for (size_t i = 0; i < N; i++)
        if (a[i] != -sign * c[i])
            return false;
    return true;
}

/* a = sign c = m w/|w|, b = c, with w = a + sign c at the start. */
static void put_pair(size_t N, const double *x0, double sign, double m, double *limit)
{
    double square = 0;
    for (size_t i = 0; i < N; i++) {
        limit[i] = x0[i] + sign * x0[2 * N + i];
        square += limit[i] * limit[i];
    }
    for (size_t i = 0; i < N; i++) {
        limit[i] *= m / sqrt(square);
        limit[N + i] = limit[2 * N + i] = sign * limit[i];
    }
}

static void predict_pair(const struct problem *problem, size_t N, const double *x0, double *limit,
                         struct prediction *out)
{
    const double alpha = problem->alpha, lambda = problem->lambda;
    const double excess = fabs(alpha) - lambda, sign = alpha >= 0 ? 1 : -1;
    const bool dies = is_opposed(N, x0, x0 + 2 * N, sign);
    out->multiplicity = 1;
    if (excess > 0 && !dies) {
        const double m = sqrt(excess / problem->beta);
        put_pair(N, x0, sign, m, limit);
        out->ending = ENDING_SETTLED;
        out->rate = fmax(-lambda, -2 * excess);
        out->error = RELATIVE_ERROR * m;
        finish(problem, sign * lambda, out);
        return;
    }
    set_zero(3 * N, limit);
    out->error = 0;
    out->rate = excess;
    out->ending = excess > 0 ? ENDING_SADDLE : ENDING_SETTLED;
    if (excess == 0 && dies) {
        out->ending = ENDING_HORIZON;
        out->reason = "lambda = |alpha| and a = -+c: exponential approach to a degenerate point";
    } else if (excess == 0) {
        out->ending = ENDING_CREEPING;
        out->multiplicity = 3;
        out->exponent = -1.0 / 2;
    }
    finish(problem, alpha, out);
}

/* ---- three layers and more ---- */

/* The value of m^(L-2) (A - beta m^L) - lambda. */
static double balance(const struct problem *problem, size_t L, double m)
{
    return pow(m, (double)L - 2) * (fabs(problem->alpha) - problem->beta * pow(m, (double)L)) -
           problem->lambda;
}

/* Where m^(L-2) (A - beta m^L) is largest: beta m^L = A (L-2)/(2L-2). */
static double fold_point(const struct problem *problem, size_t L)
{
    const double share = ((double)L - 2) / (2 * (double)L - 2);
    return pow(share * fabs(problem->alpha) / problem->beta, 1 / (double)L);
}

/* The root between low, where the balance has the sign of -turn, and high, by bisection. */
static double bisect(const struct problem *problem, size_t L, double low, double high)
{
    enum { HALVINGS = 200 };
    const bool rises = balance(problem, L, low) < 0;
    for (int i = 0; i < HALVINGS; i++) {
        const double middle = low + (high - low) / 2;
        if ((balance(problem, L, middle) < 0) == rises)
            low = middle;
        else
            high = middle;
    }
    return low + (high - low) / 2;
}

/* Largest modulus; *equal: all moduli agree and c_i = a_(i+1). */
static double largest_modulus(size_t L, const double *x0, bool *balanced)
{
    double most = 0;
    *balanced = true;
    for (size_t i = 0; i < 2 * L - 1; i++) {
        most = fmax(most, fabs(x0[i]));
        *balanced = *balanced && fabs(x0[i]) == fabs(x0[0]);
    }
    for (size_t i = 0; i + 1 < L; i++)
        *balanced = *balanced && x0[L + i] == x0[i + 1];
    return most;
}

/* |a_i| < |c_i|, |c_(i+1)| < |a_(i+1)|, c_i a_(i+1) < 0 for some i: (G8) */
static bool has_bond(size_t L, const double *x0)
{
    const double *a = x0, *c = x0 + L;
    for (size_t i = 0; i + 2 < L; i++)
        if (fabs(a[i]) < fabs(c[i]) && fabs(c[i + 1]) < fabs(a[i + 1]) && c[i] * a[i + 1] < 0)
            return true;
    return false;
}

static void predict_zero(const struct problem *problem, size_t L, double *limit,
                         struct prediction *out)
{
    set_zero(2 * L - 1, limit);
    out->ending = ENDING_SETTLED;
    out->rate = -problem->lambda;
    out->multiplicity = 1;
    out->error = 0;
    finish(problem, problem->alpha, out);
}

/* One dimension: m' = m (balance), for P alpha > 0. */
static void predict_balanced(const struct problem *problem, size_t L, const double *x0, double fold,
                             double *limit, struct prediction *out)
{
    static const double NEAR = 1e-9; /* of the threshold, relative */
    const double m0 = fabs(x0[0]), low = bisect(problem, L, 0, fold);
    const double most = pow(fabs(problem->alpha) / problem->beta, 1 / (double)L);
    if (fabs(m0 / low - 1) < NEAR) {
        out->reason = "balanced weights on the threshold between two limits";
        return;
    }
    if (m0 < low) {
        predict_zero(problem, L, limit, out);
        return;
    }
    const double m = bisect(problem, L, fold, most);
    for (size_t i = 0; i < 2 * L - 1; i++)
        limit[i] = copysign(m, x0[i]);
    const double power = pow(m, (double)L - 2), e = problem->lambda / power;
    /* along the balanced line; the others are -lambda and -2 lambda, (R12) */
    const double along =
        ((double)L - 2) * problem->lambda - (double)L * problem->beta * power * pow(m, (double)L);
    out->ending = ENDING_SETTLED;
    out->multiplicity = 1;
    out->rate = fmax(-problem->lambda, along);
    out->error = RELATIVE_ERROR * m * (double)L;
    finish(problem, e, out);
}

static void predict_deep(const struct problem *problem, size_t L, const double *x0, double *limit,
                         struct prediction *out)
{
    static const double NEAR = 1e-12; /* of the fold, relative */
    bool balanced;
    const double M = largest_modulus(L, x0, &balanced), fold = fold_point(problem, L);
    const double fold_excess =
        balance(problem, L, fold) / problem->lambda; /* lambda_c/lambda - 1 */
    const double driven =
        pow(M, (double)L - 2) * (fabs(problem->alpha) + problem->beta * pow(M, (double)L));
    double turn = problem->alpha;
    for (size_t i = 0; i < L; i++)
        turn *= x0[i] > 0 ? 1 : -1;
    if (fold_excess < -NEAR || driven < problem->lambda * (1 - NEAR) || has_bond(L, x0) ||
        (balanced && turn < 0))
        predict_zero(problem, L, limit, out);
    else if (balanced && fold_excess > NEAR)
        predict_balanced(problem, L, x0, fold, limit, out);
    else
        out->reason = "decay: the limit is 0 or |a_i| = |c_i| = m, which one is not decided";
}

enum status adaptive_predict_decaying(const struct adaptive_network *network, const double *x0,
                                      double *limit, struct prediction *prediction)
{
    const struct problem *problem = network->problem;
    *prediction = prediction_none("notes/rules.md, (R10), (R11), (R12)", NULL);
    if (!(problem->lambda > 0) || !(problem->beta > 0))
        prediction->reason = "the theorems on decay need lambda > 0 and beta > 0";
    else if (network->layers == 2)
        predict_pair(problem, network->width, x0, limit, prediction);
    else
        predict_deep(problem, network->layers, x0, limit, prediction);
    return OK;
}
