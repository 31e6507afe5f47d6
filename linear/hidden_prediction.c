/* Where A[N0,N1,N2] goes under fixed feedback, without integrating; notes/hidden.md, (S4), (S5).
 *
 *   one unit           everything (autoencoder_prediction.c)
 *   C = 0              A1 is frozen, A2 solves a linear equation
 *   spectral starts    A1 = U a V', C A2 = U m U' with C W = U g V' and V eigenvectors of Sigma_II
 *                      (zero weights are one): mode by mode a^3 + k a = 2 g, all weights
 *   W = 0              P -> 0
 *   other starts       the map P = W Sigma R' (R Sigma R')^+ R, where R has full rank; its rows
 *                      are those of C W and of A1(0) outside the range of C.
 *
 * For the last, that the weights converge is a theorem for N1 <= 2 and a conjecture above, (S4);
 * where R has not full rank the limit depends on the way, and nothing is said. */
#include "linear/hidden.h"

#include "linear/autoencoder.h"
#include "linear/matrix.h"
#include "linear/network.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double VANISHED = 1e-13; /* relative: rounding of W and of products */
static const double ALIGNED = 1e-12;  /* relative: rounding of singular vectors */
static const double FULL = 1e-9;      /* relative: R has full rank, well above rounding */
static const double PREDICTED = 64;   /* eps of the size of a limit: its error */
static const double MINIMAL = 1e-12;  /* excess loss, relative to the loss at P = 0 */

static const char SOURCE[] = "notes/hidden.md";

/* ---- what every prediction ends with ---- */

void hidden_predict_unusual(const struct hidden_terms *t, struct prediction *prediction, bool *said)
{
    *said = true;
    if (t->decay[0] != 0 || t->decay[1] != 0)
        prediction->reason = "no theorem covers weight decay here";
    else if (!(t->eta_2 > 0))
        prediction->reason = "the top layer has no positive learning rate";
    else if (!t->decomposed)
        prediction->reason = "the matrices are too large to be decomposed";
    else if (!t->kernel_frozen) { /* A1 ~ t on the kernel, A2 ~ t^2: (S7) */
        prediction->ending = ENDING_UNBOUNDED;
        prediction->exponent = 2;
    } else if (!t->consistent)
        prediction->reason = "targets correlate with inputs that do not vary";
    else
        *said = false;
}

static void note_loss(const struct hidden_terms *t, const double *P, struct prediction *prediction)
{
    double scale = t->loss_floor; /* of the loss at P = 0: |W F|^2/2 */
    for (size_t o = 0; o < t->N2; o++)
        for (size_t k = 0; k < t->inputs; k++) {
            double sum = 0;
            for (size_t j = 0; j < t->N0; j++)
                sum += t->W[o * t->N0 + j] * t->F[j * t->N0 + k];
            scale += sum * sum / 2;
        }
    prediction->loss = hidden_loss_of(t, P);
    prediction->global_minimum = prediction->loss <= MINIMAL * scale;
}

enum status hidden_predict_state(const struct hidden_terms *t, const double *x,
                                 struct prediction *prediction)
{
    double *lambda = malloc((t->dim + t->N2 * t->N0) * sizeof *lambda);
    if (!lambda)
        return status_fail(NO_MEMORY, "a prediction for %zu unknowns", t->dim);
    double *P = lambda + t->dim;
    size_t count = 0;
    const enum status status = hidden_spectrum(t, x, lambda, &count);
    matrix_multiply(t->N2, t->N1, t->N0, x + t->N1 * t->N0, x, P);
    prediction->about = PREDICTION_STATE;
    prediction->rate = count > 0 ? lambda[0] : NAN;
    prediction->ending = count > 0 && lambda[0] > 0 ? ENDING_SADDLE : ENDING_SETTLED;
    prediction->error = PREDICTED * DBL_EPSILON * matrix_norm(t->dim, x);
    note_loss(t, P, prediction);
    free(lambda);
    return status;
}

void hidden_predict_output(const struct hidden_terms *t, const double *P,
                           struct prediction *prediction)
{
    prediction->about = PREDICTION_OUTPUT;
    prediction->ending = ENDING_SETTLED;
    prediction->error = PREDICTED * DBL_EPSILON * fmax(1, matrix_norm(t->N2 * t->N0, P));
    note_loss(t, P, prediction);
}

/* ---- spectral starts ---- */

double hidden_weight_left(double k, double a, double y, double Wv)
{
    const double K = k / 2, b = sqrt(k), spread = a * a + k;
    const double integral = 2 * (a / (k * spread) + atan(a / b) / (k * b));
    return K * (y / (spread / 2) + Wv * integral);
}

/* The scaled system (top layer at rate 1) in the basis of the singular vectors of G or of A1. */
struct spectral {
    const struct hidden_terms *terms;
    size_t modes;                   /* min(N1, N0) */
    double root;                    /* sqrt(eta_2) */
    double *A, *M, *G;              /* [N1*N0], [N1*N1], [N1*N0] */
    double *U, *V;                  /* [N1*modes], [N0*modes] */
    double *g, *a, *m, *end;        /* [modes] */
    bool creeps, grows, degenerate; /* a double root; a mode that grows; no closed form */
    double exponent;
};

static struct spectral *spectral_create(const struct hidden_terms *t, const double *x0)
{
    const size_t N0 = t->N0, N1 = t->N1, k = N1 < N0 ? N1 : N0;
    struct spectral *s =
        calloc(1, sizeof *s + (2 * N1 * N0 + N1 * N1 + N1 * k + N0 * k + 4 * k) * sizeof(double));
    if (!s)
        return NULL;
    s->terms = t;
    s->modes = k;
    s->root = sqrt(t->eta_2);
    s->A = (double *)(s + 1);
    s->G = s->A + N1 * N0;
    s->M = s->G + N1 * N0;
    s->U = s->M + N1 * N1;
    s->V = s->U + N1 * k;
    s->g = s->V + N0 * k;
    s->a = s->g + k;
    s->m = s->a + k;
    s->end = s->m + k;
    for (size_t i = 0; i < N1 * N0; i++) {
        s->A[i] = s->root * x0[i];
        s->G[i] = s->root * t->G[i];
    }
    matrix_multiply(N1, t->N2, N1, t->C, x0 + N1 * N0, s->M);
    return s;
}

/* Singular vectors U[rows*modes], V[columns*modes]. */
struct basis {
    size_t rows, columns, modes;
    const double *U, *V;
};

/* diagonal[k] = u_k' X v_k */
static void project_on_modes(const struct basis *b, const double *X, double *diagonal)
{
    for (size_t k = 0; k < b->modes; k++) {
        diagonal[k] = 0;
        for (size_t i = 0; i < b->rows; i++)
            for (size_t j = 0; j < b->columns; j++)
                diagonal[k] +=
                    b->U[i * b->modes + k] * X[i * b->columns + j] * b->V[j * b->modes + k];
    }
}

/* |X - U diag V'| */
static double beside_modes(const struct basis *b, const double *X, const double *diagonal)
{
    double square = 0;
    for (size_t i = 0; i < b->rows; i++)
        for (size_t j = 0; j < b->columns; j++) {
            double rest = X[i * b->columns + j];
            for (size_t k = 0; k < b->modes; k++)
                rest -= b->U[i * b->modes + k] * diagonal[k] * b->V[j * b->modes + k];
            square += rest * rest;
        }
    return sqrt(square);
}

/* Is v_k an eigenvector of Sigma_II? */
static bool is_principal(const struct spectral *s, size_t k)
{
    const struct hidden_terms *t = s->terms;
    const size_t n = t->N0;
    double value = 0, square = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < n; i++) {
            double driven = 0;
            for (size_t j = 0; j < n; j++)
                driven += t->sigma[i * n + j] * s->V[j * s->modes + k];
            const double v = s->V[i * s->modes + k], rest = driven - value * v;
            value += pass ? 0 : v * driven;
            square += pass ? rest * rest : 0;
        }
    return sqrt(square) <= ALIGNED * matrix_norm(n * n, t->sigma);
}

/* Fills modes and tells whether the start is spectral. */
static enum status find_modes(struct spectral *s, bool *spectral)
{
    const struct hidden_terms *t = s->terms;
    const size_t N0 = t->N0, N1 = t->N1;
    const double reach = s->root * matrix_norm(N1 * t->N2, t->C) * matrix_norm(t->N2 * N0, t->W);
    const bool driven = matrix_norm(N1 * N0, s->G) > VANISHED * reach;
    const struct basis of_A = {N1, N0, s->modes, s->U, s->V}, of_M = {N1, N1, s->modes, s->U, s->U};
    *spectral = false;
    TRY(matrix_singular_values(N1, N0, driven ? s->G : s->A, s->g, s->U, s->V));
    for (size_t k = 0; k < s->modes; k++)
        if (!driven || s->g[k] <= matrix_rank_cut * s->g[0])
            s->g[k] = 0;
    project_on_modes(&of_A, s->A, s->a);
    project_on_modes(&of_M, s->M, s->m);
    if (beside_modes(&of_A, s->A, s->a) > ALIGNED * matrix_norm(N1 * N0, s->A) ||
        beside_modes(&of_M, s->M, s->m) > ALIGNED * matrix_norm(N1 * N1, s->M))
        return OK;
    for (size_t k = 0; k < s->modes; k++)
        if ((s->g[k] != 0 || s->a[k] != 0) && !t->spherical && !is_principal(s, k))
            return OK;
    *spectral = true;
    return OK;
}

/* a' is this, times half a variance: h = 2 g - k a - a^3. */
static double speed(double g, double k, double a)
{
    return fma(-a, fma(a, a, k), 2 * g);
}

static double size_of_terms(double g, double k, double a)
{
    return fabs(2 * g) + fabs(k * a) + fabs(a * a * a);
}

/* The next root of h from a0 in the direction of motion; *touches: a double root. */
static double next_root(double g, double k, double a0, bool *touches)
{
    enum { BISECTIONS = 200 };
    const double h0 = speed(g, k, a0), d = h0 > 0 ? 1 : -1;
    const double turn = k < 0 ? sqrt(-k / 3) : 0;
    const double stops[] = {-d * turn, d * turn, d * (1 + fabs(a0) + fmax(fabs(2 * g), fabs(k)))};
    double near = a0, far = a0;
    *touches = false;
    if (fabs(h0) <= PREDICTED * DBL_EPSILON * size_of_terms(g, k, a0))
        return a0;
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
        if (!(d * stops[i] > d * a0))
            continue;
        far = stops[i];
        const double h = speed(g, k, far);
        *touches =
            turn > 0 && i < 2 && fabs(h) <= PREDICTED * DBL_EPSILON * size_of_terms(g, k, far);
        if (*touches)
            return far;
        if (d * h < 0)
            break;
        near = far;
    }
    for (int i = 0; i < BISECTIONS; i++) {
        const double middle = near + (far - near) / 2;
        if (d * speed(g, k, middle) > 0)
            near = middle;
        else
            far = middle;
    }
    return near;
}

/* Where mode k ends; y[N2] is its outgoing weight A2 u_k (scaled), in place. */
static void follow_mode(struct spectral *s, size_t k, double *y)
{
    const struct hidden_terms *t = s->terms;
    const double a0 = s->a[k], K = 2 * s->m[k] - a0 * a0;
    const bool critical = s->g[k] == 0 && a0 != 0 &&
                          fabs(K) <= PREDICTED * DBL_EPSILON * (fabs(2 * s->m[k]) + a0 * a0);
    bool touches = false;
    s->end[k] = critical ? 0 : next_root(s->g[k], K, a0, &touches);
    if (s->g[k] == 0 && K > 0 && !critical)
        s->end[k] = 0;
    s->creeps = s->creeps || touches || critical;
    for (size_t o = 0; o < t->N2; o++) {
        double Wv = 0;
        for (size_t j = 0; j < t->N0; j++)
            Wv += t->W[o * t->N0 + j] * s->V[j * s->modes + k];
        if (s->end[k] != 0)
            y[o] = Wv / s->end[k];
        else if (a0 != 0 && !critical)
            y[o] = hidden_weight_left(K, a0, y[o], Wv);
        else if (critical) {
            s->grows = s->grows || fabs(Wv) > VANISHED * matrix_norm(t->N2 * t->N0, t->W);
            y[o] = 0;
        }
    }
    s->exponent = critical ? -1.0 / 2 : touches ? fmax(-1, s->exponent) : s->exponent;
}

/* A1 = U end V', A2 += (y - A2 u) u' mode by mode, in the units of the problem. */
static enum status place_modes(struct spectral *s, const double *x0, double *limit)
{
    const struct hidden_terms *t = s->terms;
    const size_t N0 = t->N0, N1 = t->N1, first = N1 * N0;
    double *y = malloc(2 * t->N2 * sizeof *y);
    if (!y)
        return status_fail(NO_MEMORY, "a prediction for %zu unknowns", t->dim);
    double *before = y + t->N2;
    memset(limit, 0, first * sizeof *limit);
    memcpy(limit + first, x0 + first, t->N2 * N1 * sizeof *limit);
    for (size_t k = 0; k < s->modes; k++) {
        for (size_t o = 0; o < t->N2; o++) {
            before[o] = 0;
            for (size_t i = 0; i < N1; i++)
                before[o] += x0[first + o * N1 + i] * s->U[i * s->modes + k];
            y[o] = before[o] / s->root;
        }
        follow_mode(s, k, y);
        for (size_t i = 0; i < N1; i++) {
            const double u = s->U[i * s->modes + k];
            for (size_t j = 0; j < N0; j++)
                limit[i * N0 + j] += u * s->end[k] * s->V[j * s->modes + k] / s->root;
            for (size_t o = 0; o < t->N2; o++)
                limit[first + o * N1 + i] += (s->root * y[o] - before[o]) * u;
        }
    }
    free(y);
    return OK;
}

static enum status predict_spectral(const struct hidden_terms *t, const double *x0, double *limit,
                                    struct prediction *prediction, bool *said)
{
    struct spectral *s = spectral_create(t, x0);
    if (!s)
        return status_fail(NO_MEMORY, "a prediction for %zu unknowns", t->dim);
    s->exponent = -INFINITY;
    enum status status = find_modes(s, said);
    if (status == OK && *said)
        status = place_modes(s, x0, limit);
    if (status == OK && *said)
        status = hidden_predict_state(t, limit, prediction);
    if (status == OK && *said && s->grows) {
        prediction->ending = ENDING_UNBOUNDED;
        prediction->exponent = 1.0 / 2;
        prediction->error = prediction->loss = prediction->global_minimum = NAN;
    } else if (status == OK && *said && s->creeps) {
        prediction->ending = ENDING_CREEPING;
        prediction->exponent = s->exponent;
        prediction->multiplicity = s->exponent < -1.0 / 2 ? 2 : 3;
    }
    free(s);
    return status;
}

/* ---- C = 0 ---- */

/* A2 + (W - P) F (A1 F)^+ */
static enum status predict_frozen(const struct hidden_terms *t, const double *x0, double *limit,
                                  struct prediction *prediction)
{
    const size_t n = t->inputs, first = t->N1 * t->N0;
    double *work = calloc((2 * t->N1 + t->N2) * t->N0 + t->N2 * t->N1, sizeof *work);
    if (!work)
        return status_fail(NO_MEMORY, "a prediction for %zu unknowns", t->dim);
    double *AF = work, *inverse = AF + first, *EF = inverse + first;
    double *change = EF + t->N2 * t->N0;
    size_t rank = 0;
    for (size_t k = 0; k < n; k++) {
        for (size_t i = 0; i < t->N1; i++)
            for (size_t j = 0; j < t->N0; j++)
                AF[i * n + k] += x0[i * t->N0 + j] * t->F[j * t->N0 + k];
        for (size_t o = 0; o < t->N2; o++) {
            for (size_t j = 0; j < t->N0; j++)
                EF[o * n + k] += t->W[o * t->N0 + j] * t->F[j * t->N0 + k];
            for (size_t i = 0; i < t->N1; i++)
                EF[o * n + k] -= x0[first + o * t->N1 + i] * AF[i * n + k];
        }
    }
    enum status status = matrix_pseudo_inverse(t->N1, n, AF, inverse, &rank);
    if (status == OK) {
        matrix_multiply(t->N2, n, t->N1, EF, inverse, change);
        memcpy(limit, x0, t->dim * sizeof *limit);
        for (size_t k = 0; k < t->N2 * t->N1; k++)
            limit[first + k] += change[k];
        status = hidden_predict_state(t, limit, prediction);
    }
    free(work);
    return status;
}

/* ---- the map ---- */

/* R[N1*N0]: Q'C W and U'A1(0) on the inputs that vary; false if A1(0) is not zero on the others. */
static bool fill_rows(const struct hidden_terms *t, const double *x0, double *R)
{
    const size_t N0 = t->N0, N1 = t->N1;
    double outside = 0;
    for (size_t p = 0; p < N1; p++)
        for (size_t j = 0; j < N0; j++) {
            const double *from = p < t->rank ? t->G : x0;
            R[p * N0 + j] = 0;
            for (size_t i = 0; i < N1; i++)
                R[p * N0 + j] += t->Q[i * N1 + p] * from[i * N0 + j];
        }
    for (size_t i = 0; i < N1; i++)
        for (size_t k = t->inputs; k < N0; k++) {
            double along = 0;
            for (size_t j = 0; j < N0; j++)
                along += x0[i * N0 + j] * t->F[j * N0 + k];
            outside = fmax(outside, fabs(along));
        }
    return outside <= ALIGNED * matrix_norm(N1 * N0, x0);
}

/* Rows of unequal origin have unequal units: each to length 1, which R Sigma R' does not notice. */
static void scale_rows(size_t rows, size_t columns, double *R)
{
    for (size_t i = 0; i < rows; i++) {
        const double size = matrix_norm(columns, R + i * columns);
        for (size_t j = 0; j < columns && size > 0; j++)
            R[i * columns + j] /= size;
    }
}

/* P = W F (R F)^+ R with the work[] of predict_map. */
static enum status fill_map(const struct hidden_terms *t, double *R, double *work, bool *full,
                            double *P)
{
    const size_t n = t->inputs, least = t->N1 < n ? t->N1 : n;
    double *RF = work, *inverse = RF + t->N1 * t->N0, *WF = inverse + t->N1 * t->N0;
    double *half = WF + t->N2 * t->N0, *s = half + t->N2 * t->N1;
    size_t rank = 0;
    scale_rows(t->N1, t->N0, R);
    for (size_t k = 0; k < n; k++)
        for (size_t j = 0; j < t->N0; j++) {
            for (size_t i = 0; i < t->N1; i++)
                RF[i * n + k] += R[i * t->N0 + j] * t->F[j * t->N0 + k];
            for (size_t o = 0; o < t->N2; o++)
                WF[o * n + k] += t->W[o * t->N0 + j] * t->F[j * t->N0 + k];
        }
    TRY(matrix_singular_values(t->N1, n, RF, s, NULL, NULL));
    TRY(matrix_pseudo_inverse(t->N1, n, RF, inverse, &rank));
    *full = s[least - 1] > FULL * s[0];
    matrix_multiply(t->N2, n, t->N1, WF, inverse, half);
    matrix_multiply(t->N2, t->N1, t->N0, half, R, P);
    return OK;
}

static enum status predict_map(const struct hidden_terms *t, const double *x0, double *limit,
                               struct prediction *prediction)
{
    const size_t doubles = 3 * t->N1 * t->N0 + t->N2 * t->N0 + t->N2 * t->N1 + t->N1;
    double *R = calloc(doubles, sizeof *R);
    if (!R)
        return status_fail(NO_MEMORY, "a prediction for %zu unknowns", t->dim);
    bool full = false;
    const bool inside = fill_rows(t, x0, R);
    const enum status status = fill_map(t, R, R + t->N1 * t->N0, &full, limit);
    if (!full)
        prediction->reason = "the rows of C1 W and of A1(0) outside the range of C1 do not have "
                             "full rank: the limit depends on the way";
    else if (!inside)
        prediction->reason = "A1(0) is not zero on the inputs that do not vary";
    else
        hidden_predict_output(t, limit, prediction);
    free(R);
    return status;
}

/* ---- */

static enum status predict_from(const struct hidden_terms *t, const double *x0, double *limit,
                                struct prediction *prediction)
{
    bool said = false;
    if (t->rank == 0)
        return predict_frozen(t, x0, limit, prediction);
    TRY(predict_spectral(t, x0, limit, prediction, &said));
    if (said)
        return OK;
    if (matrix_norm(t->N2 * t->N0, t->W) == 0 && t->inputs == t->N0) {
        memset(limit, 0, t->N2 * t->N0 * sizeof *limit);
        hidden_predict_output(t, limit, prediction);
        return OK;
    }
    return predict_map(t, x0, limit, prediction);
}

enum status hidden_predict(const struct problem *problem, const double *x0, double *limit,
                           struct prediction *prediction)
{
    struct hidden_terms *terms;
    bool said;
    if (!hidden_is_fixed(problem))
        return network_predict(problem, x0, limit, prediction);
    if (problem->sizes[1] == 1)
        return autoencoder_predict(problem, x0, limit, prediction);
    TRY(hidden_terms_of(problem, &terms));
    *prediction = prediction_none(SOURCE, NULL);
    hidden_predict_unusual(terms, prediction, &said);
    const enum status status = said ? OK : predict_from(terms, x0, limit, prediction);
    free(terms);
    return status;
}
