/* Where A[N0,1,N2] goes, without integrating; notes/autoencoder.md, (U2)-(U6).
 *
 * On the inputs that vary (Sigma_II = F F', the rest of A is frozen), with G = C W and the first
 * integral K = C B - |A|^2/2, A' = (G - (K + |A|^2/2) A) Sigma_II, a gradient flow in another
 * metric, whose limit is x G with
 *
 *     |G|^2 x^3/2 + K x - 1 = 0:
 *
 * the positive root beta; but where G is an eigenvector of Sigma_II, starts A = x0 G beyond the
 * middle of three roots go to the least one.  (Elsewhere there is a curve of such starts, a null
 * set.)  Then B = W Sigma G' / (x G Sigma G').  Where G = 0 the sign of K decides.
 * Learning rates: A and B are scaled so that the top layer learns at rate 1, (U6). */
#include "linear/autoencoder.h"

#include "linear/hidden.h"
#include "linear/matrix.h"
#include "linear/network.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* |C W| below this share of |C| |W| is zero: rounding of W */
static const double VANISHED = 1e-13;
/* K, and the position on the line of G, are known to so many eps of their terms */
static const double ROUNDINGS = 16;
static const char SOURCE[] = "Baldi, Sadowski, Lu (2018), Theorem 6; notes/autoencoder.md";

/* The scaled system: A[N0] on the inputs that vary, B[N2], G = C W, all with unit rates. */
struct lone {
    const struct hidden_terms *terms;
    double root; /* sqrt(eta_2): A = root A1, B = A2/root, C = root eta_1 C1 */
    double *A, *frozen, *B, *G;
    double K, K_error, c; /* c = |G|^2 */
};

/* Splits A1 into what moves and what is frozen. */
static void split_inputs(struct lone *s, const double *A1)
{
    const struct hidden_terms *t = s->terms;
    const size_t n = t->N0;
    memset(s->frozen, 0, n * sizeof *s->frozen);
    for (size_t k = t->inputs; k < n; k++) {
        double along = 0;
        for (size_t j = 0; j < n; j++)
            along += A1[j] * t->F[j * n + k];
        for (size_t j = 0; j < n; j++)
            s->frozen[j] += s->root * along * t->F[j * n + k];
    }
    for (size_t j = 0; j < n; j++)
        s->A[j] = s->root * A1[j] - s->frozen[j];
}

static struct lone *lone_create(const struct hidden_terms *t, const double *x0)
{
    const size_t n = t->N0, m = t->N2;
    struct lone *s = malloc(sizeof *s + (3 * n + m) * sizeof(double));
    if (!s)
        return NULL;
    *s = (struct lone){.terms = t, .root = sqrt(t->eta_2), .A = (double *)(s + 1)};
    s->frozen = s->A + n;
    s->G = s->frozen + n;
    s->B = s->G + n;
    split_inputs(s, x0);
    for (size_t o = 0; o < m; o++)
        s->B[o] = x0[n + o] / s->root;
    for (size_t j = 0; j < n; j++)
        s->G[j] = s->root * t->G[j];
    const double square = matrix_inner(n, s->A, s->A);
    double terms = square / 2;
    for (size_t o = 0; o < m; o++)
        terms += fabs(s->root * t->C[o] * s->B[o]);
    s->K = s->root * matrix_inner(m, t->C, s->B) - square / 2;
    s->K_error = ROUNDINGS * DBL_EPSILON * terms;
    s->c = matrix_inner(n, s->G, s->G);
    return s;
}

/* ---- the cubic ---- */

static double cubic_at(double c, double K, double x)
{
    return fma(x, fma(c / 2 * x, x, K), -1);
}

static double polished(double c, double K, double x)
{
    enum { STEPS = 3 }; /* quadratic, from 8 digits or more */
    for (int i = 0; i < STEPS; i++) {
        const double slope = fma(3 * c / 2 * x, x, K);
        if (slope != 0)
            x -= cubic_at(c, K, x) / slope;
    }
    return x;
}

/* The positive root of c x^3/2 + K x - 1, c > 0: Cardano's u + v with u v = -2K/(3c), written as
 * (u^3 + v^3)/(u^2 - u v + v^2) so that nothing cancels; three real roots: Viete's cosine. */
static double positive_root(double c, double K)
{
    const double q = 2 * K / (3 * c), discriminant = 1 / (c * c) + q * q * q;
    if (discriminant < 0) {
        const double rho = sqrt(-q);
        return polished(c, K, 2 * rho * cos(acos(fmin(1, 1 / (c * rho * rho * rho))) / 3));
    }
    const double u = cbrt(1 / c + sqrt(discriminant)), v = -q / u;
    return polished(c, K, 2 / c / (u * u - u * v + v * v));
}

/* Are there two negative roots that coincide, to rounding? */
static bool nearly_double(double c, double beta)
{
    const double square = c * c * beta * beta / 4;
    return fabs(square - 2 * c / beta) <= ROUNDINGS * DBL_EPSILON * square;
}

/* The negative roots, where there are two: (x - beta)(c x^2/2 + c beta x/2 + 1/beta). */
static bool negative_roots(double c, double K, double beta, double *least, double *middle)
{
    const double square = c * c * beta * beta / 4 - 2 * c / beta;
    if (!(square > 0))
        return false;
    *least = polished(c, K, -(c * beta / 2 + sqrt(square)) / c);
    *middle = polished(c, K, 2 / (c * beta * *least));
    return true;
}

/* ---- C W != 0 ---- */

/* Is a b = c d, exactly? */
static bool same_product(double a, double b, double c, double d)
{
    const double p = a * b, q = c * d;
    return p == q && fma(a, b, -p) == fma(c, d, -q);
}

enum line { LINE_OFF, LINE_NEAR, LINE_ON };

/* Is G an eigenvector of Sigma_II, so that the flow keeps the line of G? */
static bool keeps_line(const struct lone *s)
{
    const struct hidden_terms *t = s->terms;
    const size_t n = t->N0;
    double along = 0, off = 0, size = 0;
    if (t->spherical || t->inputs == 1)
        return true;
    for (int pass = 0; pass < 2; pass++)
        for (size_t j = 0; j < n; j++) {
            const double driven = matrix_inner(n, t->sigma + j * n, s->G);
            along += pass ? 0 : driven * s->G[j] / s->c;
            off = fmax(off, pass ? fabs(driven - along * s->G[j]) : 0);
            size = fmax(size, fabs(driven));
        }
    return off <= ROUNDINGS * DBL_EPSILON * size;
}

/* Does A lie on the line of G, and stay there?  With one varying input it always does. */
static enum line line_of(const struct lone *s)
{
    const size_t n = s->terms->N0;
    const double x0 = matrix_inner(n, s->A, s->G) / s->c;
    bool on = true;
    double off = 0;
    if (s->terms->inputs == 1)
        return LINE_ON;
    if (!keeps_line(s))
        return LINE_OFF;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            on = on && same_product(s->A[i], s->G[j], s->A[j], s->G[i]);
    for (size_t i = 0; i < n; i++)
        off = fmax(off, fabs(s->A[i] - x0 * s->G[i]));
    if (on)
        return LINE_ON;
    return off <= ROUNDINGS * DBL_EPSILON * fabs(x0) * sqrt(s->c) ? LINE_NEAR : LINE_OFF;
}

/* A = x G with the frozen part, B by least squares, in the units of the problem. */
static void place_limit(const struct lone *s, const double *A, double *limit)
{
    const struct hidden_terms *t = s->terms;
    const size_t n = t->N0;
    double square = 0;
    memset(limit + n, 0, t->N2 * sizeof *limit);
    for (size_t j = 0; j < n; j++) {
        const double driven = matrix_inner(n, t->sigma + j * n, A); /* (Sigma A')_j */
        square += A[j] * driven;
        for (size_t o = 0; o < t->N2; o++)
            limit[n + o] += t->W[o * n + j] * driven;
    }
    for (size_t o = 0; o < t->N2; o++)
        limit[n + o] *= s->root / square;
    for (size_t j = 0; j < n; j++)
        limit[j] = (A[j] + s->frozen[j]) / s->root;
}

static enum status predict_root(struct lone *s, double x, double *limit,
                                struct prediction *prediction)
{
    const size_t n = s->terms->N0;
    for (size_t j = 0; j < n; j++)
        s->A[j] = x * s->G[j];
    place_limit(s, s->A, limit);
    TRY(hidden_predict_state(s->terms, limit, prediction));
    prediction->multiplicity = 1;
    /* the root moves by dK x/slope, and doubles resolve the rest */
    const double slope = fabs(3 * s->c / 2 * x * x + s->K), size = sqrt(s->c) * fabs(x) / s->root;
    prediction->error += size * (s->K_error / slope);
    return OK;
}

static enum status predict_cubic(struct lone *s, double *limit, struct prediction *prediction)
{
    const double beta = positive_root(s->c, s->K);
    const double x0 = matrix_inner(s->terms->N0, s->A, s->G) / s->c;
    double least = 0, middle = 0;
    const enum line line = line_of(s);
    if (line != LINE_OFF && x0 < 0 && nearly_double(s->c, beta)) {
        prediction->reason = "the negative roots coincide, to rounding";
        return OK;
    }
    if (!negative_roots(s->c, s->K, beta, &least, &middle) || line == LINE_OFF)
        return predict_root(s, beta, limit, prediction);
    const double resolution = (ROUNDINGS * DBL_EPSILON * fabs(x0) + s->K_error) *
                              (1 + fabs(middle / (3 * s->c / 2 * middle * middle + s->K)));
    if (x0 > middle + resolution)
        return predict_root(s, beta, limit, prediction);
    if (line == LINE_NEAR || x0 > middle - resolution) {
        prediction->reason = "the start is on the border of two limits, to rounding";
        return OK;
    }
    return predict_root(s, least, limit, prediction);
}

/* ---- C W = 0 ---- */

/* K > 0: A -> 0 along its own direction, B stops where it is then. */
static enum status predict_vanishing(struct lone *s, double *limit, struct prediction *prediction)
{
    const struct hidden_terms *t = s->terms;
    const size_t n = t->N0;
    if (!t->spherical) {
        if (t->inputs < n) {
            prediction->reason = "A vanishes where inputs vary; where B stops is not known";
            return OK;
        }
        memset(limit, 0, t->N2 * n * sizeof *limit);
        hidden_predict_output(t, limit, prediction);
        return OK;
    }
    const double a = matrix_norm(n, s->A);
    for (size_t o = 0; o < t->N2; o++) {
        const double Wv = matrix_inner(n, t->W + o * n, s->A) / a;
        limit[n + o] = s->root * hidden_weight_left(2 * s->K, a, s->B[o], Wv);
    }
    memset(limit, 0, n * sizeof *limit);
    return hidden_predict_state(t, limit, prediction);
}

/* |A exp(-tau Sigma)|^2, and that vector into to[N0] */
static double relaxed(const struct lone *s, double tau, double *to)
{
    const struct hidden_terms *t = s->terms;
    const size_t n = t->N0;
    memset(to, 0, n * sizeof *to);
    for (size_t k = 0; k < t->inputs; k++) {
        double value = 0, along = 0;
        for (size_t j = 0; j < n; j++) {
            value += t->F[j * n + k] * t->F[j * n + k];
            along += s->A[j] * t->F[j * n + k];
        }
        for (size_t j = 0; j < n; j++)
            to[j] += along / value * exp(-tau * value) * t->F[j * n + k];
    }
    return matrix_inner(n, to, to);
}

/* K < 0: A -> the sphere |A|^2 = -2K along the curve A exp(-tau Sigma), |.| decreasing in tau. */
static enum status predict_sphere(struct lone *s, double *limit, struct prediction *prediction)
{
    enum { DOUBLINGS = 60, BISECTIONS = 200 };
    const size_t n = s->terms->N0;
    double *to = malloc(n * sizeof *to);
    if (!to)
        return status_fail(NO_MEMORY, "a limit of %zu inputs", n);
    const double goal = -2 * s->K, sign = relaxed(s, 0, to) > goal ? 1 : -1;
    double near = 0, far = sign;
    for (int i = 0; i < DOUBLINGS && (relaxed(s, far, to) - goal) * sign > 0; i++)
        far *= 2;
    for (int i = 0; i < BISECTIONS; i++) {
        const double middle = near + (far - near) / 2;
        if ((relaxed(s, middle, to) - goal) * sign > 0)
            near = middle;
        else
            far = middle;
    }
    relaxed(s, near, to);
    place_limit(s, to, limit);
    free(to);
    return hidden_predict_state(s->terms, limit, prediction);
}

/* K = 0 and equal variances: |A|^2 ~ 1/t, and B ~ (2/3) sqrt(t) W v. */
static enum status predict_critical(const struct lone *s, double *limit,
                                    struct prediction *prediction)
{
    const struct hidden_terms *t = s->terms;
    const size_t n = t->N0;
    double driven = 0, size = 0;
    if (!t->spherical) {
        prediction->reason = "C W = 0 = K, and the inputs have unequal variances";
        return OK;
    }
    for (size_t o = 0; o < t->N2; o++)
        driven = fmax(driven, fabs(matrix_inner(n, t->W + o * n, s->A)));
    for (size_t k = 0; k < t->N2 * n; k++)
        size = fmax(size, fabs(t->W[k]));
    const bool grows = driven > VANISHED * size * matrix_norm(n, s->A);
    prediction->ending = grows ? ENDING_UNBOUNDED : ENDING_CREEPING;
    prediction->exponent = grows ? 1.0 / 2 : -1.0 / 2;
    prediction->multiplicity = grows ? 0 : 3;
    if (!grows) {
        memset(limit, 0, t->dim * sizeof *limit);
        prediction->error = 0;
        prediction->loss = hidden_loss_of(t, limit); /* P = 0 */
        prediction->global_minimum = prediction->loss <= 0;
    }
    return OK;
}

static enum status predict_without_drive(struct lone *s, const double *x0, double *limit,
                                         struct prediction *prediction)
{
    const size_t n = s->terms->N0;
    if (matrix_inner(n, s->A, s->A) == 0) { /* at rest */
        memcpy(limit, x0, s->terms->dim * sizeof *limit);
        return hidden_predict_state(s->terms, limit, prediction);
    }
    if (fabs(s->K) <= s->K_error)
        return predict_critical(s, limit, prediction);
    return s->K > 0 ? predict_vanishing(s, limit, prediction)
                    : predict_sphere(s, limit, prediction);
}

/* C = 0 = A: at rest, but from A = delta the upper layer goes to W v/|delta|, or from B to 0. */
static bool is_left(const struct lone *s, const double *x0)
{
    const struct hidden_terms *t = s->terms;
    const size_t n = t->N0;
    return t->inputs > 0 && matrix_inner(n, s->A, s->A) == 0 &&
           (matrix_norm(t->N2 * n, t->W) > 0 || matrix_norm(t->N2, x0 + n) > 0);
}

/* C = 0: A is frozen, B solves a linear equation. */
static enum status predict_frozen(struct lone *s, const double *x0, double *limit,
                                  struct prediction *prediction)
{
    const size_t n = s->terms->N0;
    memcpy(limit, x0, s->terms->dim * sizeof *limit);
    if (matrix_inner(n, s->A, s->A) > 0)
        place_limit(s, s->A, limit);
    memcpy(limit, x0, n * sizeof *limit);
    TRY(hidden_predict_state(s->terms, limit, prediction));
    if (is_left(s, x0) && prediction->ending == ENDING_SETTLED)
        prediction->ending = ENDING_SADDLE;
    return OK;
}

/* ---- */

static enum status predict_from(const struct hidden_terms *t, const double *x0, double *limit,
                                struct prediction *prediction)
{
    struct lone *s = lone_create(t, x0);
    if (!s)
        return status_fail(NO_MEMORY, "a prediction for %zu unknowns", t->dim);
    const double reach = s->root * matrix_norm(t->N2, t->C) * matrix_norm(t->N2 * t->N0, t->W);
    enum status status;
    if (t->rank == 0)
        status = predict_frozen(s, x0, limit, prediction);
    else if (sqrt(s->c) <= VANISHED * reach)
        status = predict_without_drive(s, x0, limit, prediction);
    else
        status = predict_cubic(s, limit, prediction);
    if (status == OK && t->inputs < t->N0 && prediction->ending != ENDING_HORIZON)
        prediction->source = "notes/autoencoder.md, (U5): singular Sigma_II, by its pseudo-inverse";
    free(s);
    return status;
}

enum status autoencoder_predict(const struct problem *problem, const double *x0, double *limit,
                                struct prediction *prediction)
{
    struct hidden_terms *terms;
    bool said;
    if (!hidden_is_fixed(problem))
        return network_predict(problem, x0, limit, prediction);
    TRY(hidden_terms_of(problem, &terms));
    *prediction = prediction_none(SOURCE, NULL);
    hidden_predict_unusual(terms, prediction, &said);
    const enum status status = said ? OK : predict_from(terms, x0, limit, prediction);
    free(terms);
    return status;
}
