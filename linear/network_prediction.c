/* Where a network of any depth goes, without integrating it.
 *
 * What is known, each proved in notes/networks.md:
 *   rest        a zero of the field stays; the spectrum tells whether it attracts
 *   fixed C_i   P -> W from every start if B_1 = C_1 ... C_(L-1) is injective (M10); through a
 *               narrow layer P -> W Sigma R' (R Sigma R')^+ R, R = B_1 W, where the weights
 *               converge (M11); no fixed point, and growth like t, where a skipped channel asks
 *               for more than a narrow layer can carry (M12); from zero weights, mode by mode (M13)
 *   bp          from low loss, or from unbalanced starts, P -> W; one hidden layer: from almost
 *               every start to the best P that there is (M16), (M17)
 *   decay       Kolen and Pollack, product feedback: soft thresholds (M20), (M21)
 * Everything else ends as inconclusive, with the reason: adaptive feedback without decay may cycle
 * (M19), and no theorem covers the weight mirror or sign symmetry.
 * A limit of P where that of the weights is unknown is PREDICTION_OUTPUT; `reason` then says what
 * is known of the weights, or which starts are excepted. */
#include "linear/matrix.h"
#include "linear/network_data.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    SIZE_MOST = 256, /* of a layer: dense decompositions of this order take a tenth of a second */
    MATRICES = 24    /* matrices of the largest order that one prediction holds at once */
};

static const char SOURCE[] = "notes/networks.md";

/* An eigenvalue of the Jacobian above this share of its norm is positive: rounding of QR. */
static const double POSITIVE = 1e-10;
/* |C'C - I|: rounding of columns that were made orthonormal in doubles */
static const double ORTHONORMAL = 1e-13;
/* A loss is below the lowest saddle's, a singular value above the next one, by this share */
static const double CLEAR = 1e-9;
/* Error of a product of inverses, in units of size times condition times DBL_EPSILON */
static const double ROUNDINGS = 16;

static const char OF_WEIGHTS[] =
    "of P; the weights stay bounded, that they converge is conjectured";
static const char IF_CONVERGES[] = "of P, if the weights converge, which is conjectured";
static const char ALMOST[] = "from almost every start: a null set ends at saddles";

/* The question, with what every answer needs of it. */
struct question {
    const struct flow *flow;
    const struct network_data *data;
    const double *x0;
    double *limit;
    size_t layers, inputs, outputs, narrow;
    double *W;          /* [outputs*inputs] */
    double condition;   /* of Sigma_II */
    double *next, *end; /* room for matrices */
};

typedef enum status answer(struct question *question, struct prediction *prediction);

static enum status say_nothing(struct prediction *prediction, const char *reason)
{
    *prediction = prediction_none(SOURCE, reason);
    return OK;
}

static double *take(struct question *question, size_t rows, size_t columns)
{
    double *at = question->next;
    question->next += rows * columns;
    assert(question->next <= question->end);
    return at;
}

static bool is_zero(size_t count, const double *M)
{
    return !(matrix_largest(count, M) > 0);
}

static bool has_positive_rates(const struct network_data *d)
{
    for (size_t k = 1; k <= d->shape.layers; k++)
        if (!(d->rate[k] > 0))
            return false;
    return true;
}

/* tr (W - P) Sigma (W - P)' / 2, the loss above the least of any P */
static double loss_of_output(struct question *q, const double *P)
{
    double *off = take(q, q->outputs, q->inputs), *driven = take(q, q->outputs, q->inputs);
    double sum = 0;
    for (size_t k = 0; k < q->outputs * q->inputs; k++)
        off[k] = q->W[k] - P[k];
    matrix_multiply(q->outputs, q->inputs, q->inputs, off, q->data->sigma_ii, driven);
    for (size_t k = 0; k < q->outputs * q->inputs; k++)
        sum += off[k] * driven[k];
    return sum / 2;
}

/* The limit of P stands in question->limit. */
static void answer_output(struct question *q, double condition, const char *label,
                          const char *reason, struct prediction *prediction)
{
    const size_t count = q->outputs * q->inputs;
    *prediction = prediction_none(label, reason);
    prediction->about = PREDICTION_OUTPUT;
    prediction->ending = ENDING_SETTLED;
    prediction->multiplicity = 1;
    prediction->error = ROUNDINGS * (double)(q->inputs + q->outputs) * DBL_EPSILON * condition *
                        matrix_largest(count, q->W);
    if (!q->data->decays) {
        const double all =
            loss_of_output(q, memset(take(q, q->outputs, q->inputs), 0, count * sizeof(double)));
        prediction->loss = fmax(loss_of_output(q, q->limit) - q->data->unreachable, 0);
        prediction->global_minimum = prediction->loss <= CLEAR * all;
    }
}

/* P -> W */
static enum status answer_optimum(struct question *q, const char *label, const char *reason,
                                  struct prediction *prediction)
{
    memcpy(q->limit, q->W, q->outputs * q->inputs * sizeof *q->W);
    answer_output(q, q->condition, label, reason, prediction);
    return OK;
}

/* The largest eigenvalue transverse to the zero-error set at the state x, (M7). */
static double transverse_rate(struct question *q, const double *x)
{
    double *lambda = take(q, q->outputs, q->inputs);
    return q->flow->transverse(q->flow, x, lambda) > 0 ? lambda[0] : NAN;
}

static void answer_state(struct question *q, const char *label, struct prediction *prediction)
{
    *prediction = prediction_none(label, NULL);
    prediction->about = PREDICTION_STATE;
    prediction->ending = ENDING_SETTLED;
    prediction->multiplicity = 1;
    prediction->error = ROUNDINGS * (double)(q->inputs + q->outputs) * DBL_EPSILON * q->condition *
                        (1 + matrix_largest(q->flow->dim, q->limit));
    if (q->flow->loss && !q->data->decays)
        prediction->loss = fmax(q->flow->loss(q->flow, q->limit), 0);
}

/* ---- at rest ---- */

static enum status largest_eigenvalue(const struct flow *flow, const double *x, double *largest,
                                      double *size)
{
    const size_t n = flow->dim;
    double *J = malloc((n * n + n) * sizeof *J);
    if (!J)
        return status_fail(NO_MEMORY, "spectrum of %s", flow->title);
    enum status status = flow->jacobian(flow, x, J);
    *size = matrix_largest(n * n, J);
    *largest = 0;
    if (status == OK && *size > 0)
        status = matrix_eigenvalues(n, J, J + n * n, NULL);
    if (status == OK && *size > 0)
        *largest = J[n * n];
    free(J);
    return status;
}

/* Zero weights of gradient descent are no minimum, whatever the spectrum says: all layers together
 * can be moved so that P grows towards W. */
static bool leaves_zero(const struct question *q)
{
    return q->data->rule->feedback == FEEDBACK_TRANSPOSED && !q->data->decays &&
           is_zero(q->flow->dim, q->x0) && !is_zero(q->outputs * q->inputs, q->data->sigma_ti);
}

static enum status predict_rest(struct question *q, struct prediction *prediction)
{
    double largest = NAN, size = 0;
    memcpy(q->limit, q->x0, q->flow->dim * sizeof *q->x0);
    answer_state(q, "notes/networks.md, (M7)", prediction);
    prediction->error = 0;
    prediction->rate = transverse_rate(q, q->x0);
    if (prediction->rate < 0)
        return OK;
    if (q->flow->jacobian)
        TRY(largest_eigenvalue(q->flow, q->x0, &largest, &size));
    prediction->rate = largest;
    if (largest < -POSITIVE * size)
        return OK;
    prediction->ending = ENDING_SADDLE;
    if (largest > POSITIVE * size || leaves_zero(q))
        return OK;
    return say_nothing(prediction, "at rest; the linearisation does not tell whether it attracts");
}

static enum status is_at_rest(struct question *q, bool *rests)
{
    double *f = malloc(q->flow->dim * sizeof *f);
    if (!f)
        return status_fail(NO_MEMORY, "prediction for %s", q->flow->title);
    const enum status status = q->flow->field(q->flow, 1, q->x0, f);
    *rests = status == OK && is_zero(q->flow->dim, f);
    free(f);
    return status;
}

/* ---- fixed feedback ---- */

/* B_i[N_i*N_L]: C_i of a skipped channel, C_i ... C_(L-1) of a layered one; I at the top. */
static const double *direct_feedback(struct question *q, size_t i)
{
    const struct network_shape *shape = &q->data->shape;
    double *B = take(q, shape->sizes[i], q->outputs);
    if (i == shape->layers) {
        memset(B, 0, q->outputs * q->outputs * sizeof *B);
        for (size_t k = 0; k < q->outputs; k++)
            B[k * q->outputs + k] = 1;
        return B;
    }
    const double *C = q->data->c + shape->channel[i];
    if (q->data->rule->channel == CHANNEL_SKIPPED || i + 1 == shape->layers)
        memcpy(B, C, shape->sizes[i] * q->outputs * sizeof *B);
    else
        matrix_multiply(shape->sizes[i], shape->sizes[i + 1], q->outputs, C,
                        direct_feedback(q, i + 1), B);
    return B;
}

static enum status rank_of(struct question *q, size_t rows, size_t columns, const double *M,
                           size_t *rank)
{
    double *Q = take(q, rows, rows);
    return matrix_range(rows, columns, M, Q, rank);
}

/* Is the skipped channel a layered one in disguise, C_i = R_i C_(i+1) for all i? */
static enum status is_nested(struct question *q, bool *nested)
{
    const struct network_shape *shape = &q->data->shape;
    *nested = true;
    for (size_t i = 1; i + 1 < shape->layers && *nested; i++) {
        double *room = q->next;
        TRY(network_nesting(q->data, i, take(q, shape->sizes[i], shape->sizes[i + 1]), nested));
        q->next = room;
    }
    return OK;
}

/* R = B_1 W and, next to the top, the part of A_1 that the channel never reaches:
 * *rows rows of N_0. */
static enum status rows_that_stay(struct question *q, const double *B, double **R, size_t *rows)
{
    const size_t n = q->data->shape.sizes[1];
    size_t rank = 0;
    *R = take(q, 2 * n, q->inputs);
    *rows = n;
    matrix_multiply(n, q->outputs, q->inputs, B, q->W, *R);
    if (q->layers > 2)
        return OK;
    double *Q = take(q, n, n);
    TRY(matrix_range(n, q->outputs, B, Q, &rank));
    for (size_t p = rank; p < n; p++, (*rows)++)
        for (size_t j = 0; j < q->inputs; j++) {
            double sum = 0;
            for (size_t l = 0; l < n; l++)
                sum += Q[l * n + p] * q->x0[l * q->inputs + j];
            (*R)[*rows * q->inputs + j] = sum;
        }
    return OK;
}

/* limit = W Sigma V (V' Sigma V)^-1 V' for the rows of R, V an orthonormal basis of their span. */
static enum status project_on_rows(struct question *q, size_t rank, const double *basis)
{
    const size_t n = q->inputs, m = q->outputs;
    double *V = take(q, n, rank), *SV = take(q, n, rank), *G = take(q, rank, rank);
    double *right = take(q, rank, m), *X = take(q, rank, m);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < rank; k++)
            V[i * rank + k] = basis[i * n + k];
    matrix_multiply(n, n, rank, q->data->sigma_ii, V, SV);
    matrix_multiply_first_transposed(rank, n, rank, V, SV, G);
    for (size_t k = 0; k < rank; k++)
        for (size_t o = 0; o < m; o++) {
            right[k * m + o] = 0;
            for (size_t i = 0; i < n; i++)
                right[k * m + o] += SV[i * rank + k] * q->W[o * n + i];
        }
    TRY(matrix_solve(rank, m, G, right, X));
    for (size_t o = 0; o < m; o++)
        for (size_t i = 0; i < n; i++) {
            q->limit[o * n + i] = 0;
            for (size_t k = 0; k < rank; k++)
                q->limit[o * n + i] += X[k * m + o] * V[i * rank + k];
        }
    return OK;
}

/* (M11) */
static enum status predict_narrow(struct question *q, const double *B,
                                  struct prediction *prediction)
{
    double *R, *turned, *basis, *s;
    size_t rows, rank = 0;
    const size_t n = q->inputs, hidden = q->data->shape.sizes[1];
    TRY(rows_that_stay(q, B, &R, &rows));
    turned = take(q, n, rows);
    basis = take(q, n, n);
    s = take(q, 2, n);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < rows; k++)
            turned[i * rows + k] = R[k * n + i];
    TRY(matrix_range(n, rows, turned, basis, &rank));
    TRY(matrix_singular_values(n, rows, turned, s, NULL, NULL));
    const size_t enough = q->layers == 2 ? (hidden < n ? hidden : n) : q->narrow;
    if (rank != enough || rank == 0)
        return say_nothing(prediction, "B_1 is not injective, and B_1 W has a smaller rank than "
                                       "the narrowest layer");
    TRY(project_on_rows(q, rank, basis));
    answer_output(q, q->condition * s[0] / s[rank - 1], "notes/networks.md, (M11)", IF_CONVERGES,
                  prediction);
    return OK;
}

/* (M12): rank (C_1 W) > min N_i in a skipped channel */
static enum status predict_growth(struct question *q, const double *B,
                                  struct prediction *prediction)
{
    size_t rank = 0;
    const size_t n = q->data->shape.sizes[1];
    double *CW = take(q, n, q->inputs);
    matrix_multiply(n, q->outputs, q->inputs, B, q->W, CW);
    TRY(rank_of(q, n, q->inputs, CW, &rank));
    if (rank <= q->narrow)
        return say_nothing(prediction, "the skipped channel is not nested (C_i = R_i C_(i+1)), and "
                                       "no theorem covers it");
    *prediction =
        prediction_none("notes/networks.md, (M12)", q->layers == 3 ? NULL : "A_1 grows like t");
    prediction->ending = ENDING_UNBOUNDED;
    prediction->exponent = q->layers == 3 ? 1 : NAN;
    return OK;
}

/* Are all B_i'B_i = I? */
static bool is_orthonormal(struct question *q)
{
    const size_t m = q->outputs;
    for (size_t i = 1; i < q->layers; i++) {
        double *room = q->next, *gram = take(q, m, m);
        const double *B = direct_feedback(q, i);
        matrix_multiply_first_transposed(m, q->data->shape.sizes[i], m, B, B, gram);
        q->next = room;
        for (size_t k = 0; k < m * m; k++)
            if (!(fabs(gram[k] - (k % (m + 1) == 0)) <= ORTHONORMAL))
                return false;
    }
    return true;
}

/* A_i = B_i U diag(a) (B_(i-1) U)', with V in the place of the second factor below */
static void set_layer(struct question *q, size_t i, size_t modes, const double *a,
                      const double *left, const double *right)
{
    const struct network_shape *shape = &q->data->shape;
    double *A = q->limit + shape->forward[i];
    for (size_t r = 0; r < shape->sizes[i]; r++)
        for (size_t c = 0; c < shape->sizes[i - 1]; c++) {
            A[r * shape->sizes[i - 1] + c] = 0;
            for (size_t k = 0; k < modes; k++)
                A[r * shape->sizes[i - 1] + c] += left[r * modes + k] * a[k] * right[c * modes + k];
        }
}

/* (M13): each mode is a chain that starts at zero, a_1 = z, a_(i+1) = a_i^2/2. */
static enum status predict_from_zero(struct question *q, struct prediction *prediction)
{
    const size_t L = q->layers, modes = q->inputs < q->outputs ? q->inputs : q->outputs;
    double *s = take(q, 2, modes), *a = take(q, 2, modes);
    double *U = take(q, q->outputs, modes), *V = take(q, q->inputs, modes);
    TRY(matrix_singular_values(q->outputs, q->inputs, q->W, s, U, V));
    if (!(s[modes - 1] > matrix_rank_cut * s[0]))
        return answer_optimum(q, "notes/networks.md, (M10)", OF_WEIGHTS, prediction);
    const double degree = ldexp(1, (int)L) - 1; /* of P in z: 2^L - 1 */
    for (size_t k = 0; k < modes; k++)
        a[k] = exp2((degree - (double)L + log2(s[k])) / degree);
    const double *right = V;
    for (size_t i = 1; i <= L; i++) {
        double *left = take(q, q->data->shape.sizes[i], modes), *room = q->next;
        matrix_multiply(q->data->shape.sizes[i], q->outputs, modes, direct_feedback(q, i), U, left);
        q->next = room;
        set_layer(q, i, modes, a, left, right);
        for (size_t k = 0; k < modes; k++)
            a[k] *= a[k] / 2;
        right = left;
    }
    answer_state(q, "notes/networks.md, (M13)", prediction);
    prediction->rate = transverse_rate(q, q->limit);
    prediction->global_minimum = 1;
    return OK;
}

static enum status predict_fixed(struct question *q, struct prediction *prediction)
{
    size_t rank = 0;
    bool nested = true;
    if (is_zero(q->flow->dim, q->x0) && q->data->white && network_has_unit_rates(q->data) &&
        is_orthonormal(q))
        return predict_from_zero(q, prediction);
    const double *B = direct_feedback(q, 1);
    if (q->data->rule->channel == CHANNEL_SKIPPED)
        TRY(is_nested(q, &nested));
    if (!nested)
        return predict_growth(q, B, prediction);
    TRY(rank_of(q, q->data->shape.sizes[1], q->outputs, B, &rank));
    if (rank == q->outputs)
        return answer_optimum(q, "notes/networks.md, (M10)", OF_WEIGHTS, prediction);
    return predict_narrow(q, B, prediction);
}

/* ---- starts that lack a mode ---- */

static const char LACKS[] = "the start lacks one of the target's modes, to rounding: it may end at "
                            "a saddle";

/* One hidden layer, Sigma_II = I: is A_1 v + F u zero for one of the first `count` modes, F[n*m]
 * the feedback?  Such a mode grows only by rounding, (M17), (M20). */
static bool lacks_mode(const struct question *q, size_t count, const double *U, const double *V,
                       const double *F)
{
    const size_t n = q->data->shape.sizes[1], m = q->outputs;
    const size_t modes = q->inputs < m ? q->inputs : m;
    const double size = matrix_largest(n * q->inputs, q->x0) + matrix_largest(n * m, F);
    for (size_t k = 0; k < count; k++) {
        double grows = 0;
        for (size_t p = 0; p < n; p++) {
            double sum = 0;
            for (size_t j = 0; j < q->inputs; j++)
                sum += q->x0[p * q->inputs + j] * V[j * modes + k];
            for (size_t o = 0; o < m; o++)
                sum += F[p * m + o] * U[o * modes + k];
            grows = fmax(grows, fabs(sum));
        }
        if (grows <= CLEAR * size)
            return true;
    }
    return false;
}

/* ---- gradient descent ---- */

/* Eigenvalues of W Sigma W', increasing, and their vectors. */
static enum status squares_of_target(struct question *q, double *value, double *vector)
{
    const size_t n = q->inputs, m = q->outputs;
    double *driven = take(q, m, n), *square = take(q, m, m);
    matrix_multiply(m, n, n, q->W, q->data->sigma_ii, driven);
    matrix_multiply_second_transposed(m, n, m, driven, q->W, square);
    return matrix_symmetric_eigenvalues(m, square, value, vector);
}

/* One hidden layer: does K = eta_1 A_2'A_2 - eta_2 A_1 A_1' force A_2 to be onto, or A_1 to be
 * one-to-one, for all time? */
static enum status is_unbalanced(struct question *q, bool *unbalanced)
{
    const size_t n = q->data->shape.sizes[1], *sizes = q->data->shape.sizes;
    const double *A = q->x0, *above = q->x0 + q->data->shape.forward[2];
    double *K = take(q, n, n), *gram = take(q, n, n), *value = take(q, 2, n);
    size_t positive = 0, negative = 0;
    matrix_multiply_first_transposed(n, sizes[2], n, above, above, K);
    matrix_multiply_second_transposed(n, sizes[0], n, A, A, gram);
    for (size_t k = 0; k < n * n; k++)
        K[k] = q->data->rate[1] * K[k] - q->data->rate[2] * gram[k];
    TRY(matrix_symmetric_eigenvalues(n, K, value, NULL));
    const double size = fmax(fabs(value[0]), fabs(value[n - 1]));
    for (size_t k = 0; k < n; k++) {
        positive += value[k] > CLEAR * size;
        negative += value[k] < -CLEAR * size;
    }
    *unbalanced = size > 0 && (positive >= sizes[2] || negative >= sizes[0]);
    return OK;
}

/* limit = the part of W on the `kept` leading eigenvectors of W Sigma W' */
static void keep_leading(struct question *q, size_t kept, const double *vector)
{
    const size_t n = q->inputs, m = q->outputs;
    memset(q->limit, 0, m * n * sizeof *q->limit);
    for (size_t k = m - kept; k < m; k++)
        for (size_t j = 0; j < n; j++) {
            double along = 0;
            for (size_t o = 0; o < m; o++)
                along += vector[o * m + k] * q->W[o * n + j];
            for (size_t o = 0; o < m; o++)
                q->limit[o * n + j] += vector[o * m + k] * along;
        }
}

/* One hidden layer, equal rates: F = A_2' */
static enum status lacks_mode_of_target(struct question *q, bool *lacks)
{
    const size_t n = q->data->shape.sizes[1], m = q->outputs;
    const size_t modes = q->inputs < m ? q->inputs : m;
    double *s = take(q, 2, modes), *U = take(q, m, modes), *V = take(q, q->inputs, modes);
    double *F = take(q, n, m);
    const double *above = q->x0 + q->data->shape.forward[2];
    *lacks = false;
    if (!q->data->white || q->data->rate[1] != q->data->rate[2])
        return OK;
    TRY(matrix_singular_values(m, q->inputs, q->W, s, U, V));
    for (size_t p = 0; p < n; p++)
        for (size_t o = 0; o < m; o++)
            F[p * m + o] = above[o * n + p];
    *lacks = lacks_mode(q, q->narrow, U, V, F);
    return OK;
}

static enum status predict_gradient(struct question *q, struct prediction *prediction)
{
    const size_t m = q->outputs, least = q->inputs < m ? q->inputs : m;
    double *value = take(q, 2, m), *vector = take(q, m, m), *P = take(q, m, q->inputs);
    bool unbalanced = false, lacks = false;
    TRY(squares_of_target(q, value, vector));
    if (q->narrow == least) {
        q->flow->output(q->flow, q->x0, P);
        if (loss_of_output(q, P) < (1 - CLEAR) * value[m - least] / 2)
            return answer_optimum(q, "notes/networks.md, (M16)", NULL, prediction);
        if (q->layers == 2)
            TRY(is_unbalanced(q, &unbalanced));
        if (q->layers == 2 && !unbalanced)
            TRY(lacks_mode_of_target(q, &lacks));
        if (lacks)
            return say_nothing(prediction, LACKS);
        if (q->layers == 2)
            return answer_optimum(q, "notes/networks.md, (M17)", unbalanced ? NULL : ALMOST,
                                  prediction);
    } else if (q->layers == 2) {
        TRY(lacks_mode_of_target(q, &lacks));
        if (lacks)
            return say_nothing(prediction, LACKS);
        const double kept = value[m - q->narrow], next = value[m - q->narrow - 1];
        if (!(next < (1 - CLEAR) * kept))
            return say_nothing(prediction, "the best P of this rank is not unique");
        keep_leading(q, q->narrow, vector);
        answer_output(q, q->condition * value[m - 1] / (kept - next), "notes/networks.md, (M17)",
                      ALMOST, prediction);
        return OK;
    }
    return say_nothing(prediction, "bp converges from every start, but above the lowest saddle's "
                                   "loss no theorem tells where to");
}

/* ---- decay in both channels ---- */

static bool has_one_decay(const struct network_data *d)
{
    for (size_t k = 2; k < 2 * d->shape.layers; k++)
        if (d->decay[k] != d->decay[1])
            return false;
    return d->decay[1] > 0;
}

/* left[m*m] = G^(1/2), right[m*m] = G^(-1/2) for G = R'R; the identity without R. */
static enum status roots_of_product(struct question *q, double *left, double *right, bool *regular)
{
    const size_t m = q->outputs;
    double *G = take(q, m, m), *value = take(q, 2, m), *vector = take(q, m, m);
    memset(G, 0, m * m * sizeof *G);
    for (size_t k = 0; k < m; k++)
        G[k * m + k] = 1;
    if (q->data->R)
        matrix_multiply_first_transposed(m, q->data->shape.product, m, q->data->R, q->data->R, G);
    TRY(matrix_symmetric_eigenvalues(m, G, value, vector));
    *regular = value[0] > matrix_rank_cut * value[m - 1];
    memset(left, 0, m * m * sizeof *left);
    memset(right, 0, m * m * sizeof *right);
    for (size_t i = 0; i < m && *regular; i++)
        for (size_t j = 0; j < m; j++)
            for (size_t k = 0; k < m; k++) {
                const double both = vector[i * m + k] * vector[j * m + k], root = sqrt(value[k]);
                left[i * m + j] += root * both;
                right[i * m + j] += both / root;
            }
    return OK;
}

/* F[n*m] = C_1, or C_1 R G^(-1/2) */
static const double *decaying_feedback(struct question *q, const double *right)
{
    const size_t n = q->data->shape.sizes[1], m = q->outputs, rows = q->data->shape.product;
    const double *C = q->x0 + q->data->shape.channel[1];
    if (!q->data->R)
        return C;
    double *CR = take(q, n, m), *F = take(q, n, m);
    matrix_multiply(n, rows, m, C, q->data->R, CR);
    matrix_multiply(n, m, m, CR, right, F);
    return F;
}

/* limit = right U diag(s - lambda)_+ V', the `kept` first modes. */
static void keep_above_threshold(struct question *q, size_t kept, const double *s, const double *U,
                                 const double *V, const double *right)
{
    const size_t m = q->outputs, n = q->inputs, modes = n < m ? n : m;
    double *soft = take(q, m, n);
    memset(soft, 0, m * n * sizeof *soft);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++)
            for (size_t k = 0; k < kept; k++)
                soft[i * n + j] += U[i * modes + k] * (s[k] - q->data->decay[1]) * V[j * modes + k];
    matrix_multiply(m, m, n, right, soft, q->limit);
}

/* lambda above all singular values: everything decays */
static enum status answer_nothing_learnt(struct question *q, double largest,
                                         struct prediction *prediction)
{
    memset(q->limit, 0, q->flow->dim * sizeof *q->limit);
    answer_state(q, q->data->R ? "notes/networks.md, (M21)" : "M20", prediction);
    prediction->error = 0;
    prediction->rate = largest - q->data->decay[1];
    return OK;
}

/* (M20), (M21) */
static enum status predict_soft_threshold(struct question *q, struct prediction *prediction)
{
    const size_t m = q->outputs, n = q->inputs, modes = n < m ? n : m;
    const double lambda = q->data->decay[1];
    double *left = take(q, m, m), *right = take(q, m, m), *target = take(q, m, n);
    double *s = take(q, 2, modes), *U = take(q, m, modes), *V = take(q, n, modes);
    bool regular = false;
    size_t kept = 0;
    TRY(roots_of_product(q, left, right, &regular));
    if (!regular)
        return say_nothing(prediction, "R is not injective: part of the error never comes back");
    matrix_multiply(m, m, n, left, q->W, target);
    TRY(matrix_singular_values(m, n, target, s, U, V));
    while (kept < modes && s[kept] > lambda)
        kept++;
    if (kept == 0 && s[0] == lambda)
        return say_nothing(prediction, "the decay equals the largest singular value");
    if (kept == 0)
        return answer_nothing_learnt(q, s[0], prediction);
    const size_t hidden = q->data->shape.sizes[1];
    if (kept > hidden && !(s[hidden] < (1 - CLEAR) * s[hidden - 1]))
        return say_nothing(prediction, "the hidden layer has to choose between equal modes");
    if (lacks_mode(q, kept < hidden ? kept : hidden, U, V, decaying_feedback(q, right)))
        return say_nothing(prediction, LACKS);
    double gap = 1; /* relative, to the first mode that the hidden layer has no room for */
    if (kept > hidden)
        gap = 1 - s[hidden] / s[hidden - 1];
    keep_above_threshold(q, kept < hidden ? kept : hidden, s, U, V, right);
    answer_output(q, matrix_largest(m * m, right) * matrix_largest(m * m, left) * (double)m / gap,
                  q->data->R ? "notes/networks.md, (M21)" : "M20", ALMOST, prediction);
    return OK;
}

static enum status predict_decaying(struct question *q, struct prediction *prediction)
{
    const struct network_data *d = q->data;
    const bool symmetric = d->rule->feedback == FEEDBACK_ADAPTIVE &&
                           d->rule->channel == CHANNEL_LAYERED && has_one_decay(d) &&
                           network_has_unit_rates(d);
    if (symmetric && q->layers == 2 && d->white)
        return predict_soft_threshold(q, prediction);
    return say_nothing(prediction, "weight decay: known for one hidden layer under kolen-pollack "
                                   "and pfa, Sigma_II = I, one rate and one decay");
}

/* ---- the rest ---- */

/* One layer: A_1' = eta E */
static enum status predict_one_layer(struct question *q, struct prediction *prediction)
{
    memcpy(q->limit, q->W, q->flow->dim * sizeof *q->W);
    answer_state(q, "notes/networks.md, (M1)", prediction);
    prediction->rate = transverse_rate(q, q->limit);
    prediction->global_minimum = 1;
    return OK;
}

static enum status predict_adaptive(struct question *q, struct prediction *prediction)
{
    (void)q;
    return say_nothing(prediction, "adaptive feedback without decay: some starts cycle, some rest "
                                   "short of the minimum, and no theorem tells which");
}

static enum status predict_mirror(struct question *q, struct prediction *prediction)
{
    (void)q;
    return say_nothing(prediction, "weight mirror: fixed points are those of bp; that every start "
                                   "converges is conjectured");
}

static enum status predict_signs(struct question *q, struct prediction *prediction)
{
    (void)q;
    return say_nothing(prediction, "sign symmetry: that every start converges is conjectured");
}

static enum status predict_nothing(struct question *q, struct prediction *prediction)
{
    (void)q;
    return say_nothing(prediction, "no theorem covers this case");
}

static answer *const answers[] = {
    [FEEDBACK_DIRECT] = predict_nothing,      [FEEDBACK_FIXED] = predict_fixed,
    [FEEDBACK_TRANSPOSED] = predict_gradient, [FEEDBACK_SIGNS] = predict_signs,
    [FEEDBACK_ADAPTIVE] = predict_adaptive,   [FEEDBACK_MIRROR] = predict_mirror,
};

/* W = Sigma_TI Sigma_II^-1; regular where Sigma_II has an inverse. */
static enum status fill_target(struct question *q, bool *regular)
{
    const size_t n = q->inputs;
    double *value = take(q, 2, n);
    *regular = false;
    if (!q->data->inverse)
        return OK;
    TRY(matrix_symmetric_eigenvalues(n, q->data->sigma_ii, value, NULL));
    *regular = value[0] > matrix_rank_cut * value[n - 1];
    q->condition = value[n - 1] / value[0];
    q->W = take(q, q->outputs, n);
    matrix_multiply(q->outputs, n, n, q->data->sigma_ti, q->data->inverse, q->W);
    return OK;
}

static enum status give_answer(struct question *q, struct prediction *prediction)
{
    bool rests = false, regular = false;
    TRY(is_at_rest(q, &rests));
    if (rests)
        return predict_rest(q, prediction);
    TRY(fill_target(q, &regular));
    if (!regular)
        return say_nothing(prediction, "Sigma_II is singular, or Sigma_TI is not W Sigma_II");
    if (!has_positive_rates(q->data))
        return say_nothing(prediction, "a layer learns with a rate that is not positive");
    if (q->data->decays && q->data->rule->feedback != FEEDBACK_MIRROR)
        return predict_decaying(q, prediction);
    if (q->layers == 1)
        return predict_one_layer(q, prediction);
    return answers[q->data->rule->feedback](q, prediction);
}

static enum status answer_with_room(struct question *q, struct prediction *prediction)
{
    const struct network_shape *shape = &q->data->shape;
    size_t most = shape->product;
    for (size_t i = 0; i <= shape->layers; i++)
        most = shape->sizes[i] > most ? shape->sizes[i] : most;
    if (most > SIZE_MOST)
        return say_nothing(prediction, "a layer of more than 256 units: no prediction is made");
    const size_t count = (MATRICES + 2 * shape->layers) * (most * most + 2);
    double *room = malloc(count * sizeof *room);
    if (!room)
        return status_fail(NO_MEMORY, "prediction for %s", q->flow->title);
    q->next = room;
    q->end = room + count;
    q->condition = 1;
    const enum status status = give_answer(q, prediction);
    free(room);
    return status;
}

enum status network_predict(const struct problem *problem, const double *x0, double *limit,
                            struct prediction *prediction)
{
    struct flow *flow;
    TRY(network_flow(problem, &flow));
    struct question question = {
        .flow = flow, .data = network_data_of(flow), .x0 = x0, .limit = limit, .narrow = SIZE_MAX};
    const struct network_shape *shape = &question.data->shape;
    question.layers = shape->layers;
    question.inputs = shape->sizes[0];
    question.outputs = shape->sizes[shape->layers];
    for (size_t i = 0; i <= shape->layers; i++)
        question.narrow = shape->sizes[i] < question.narrow ? shape->sizes[i] : question.narrow;
    const enum status status = answer_with_room(&question, prediction);
    flow_free(flow);
    return status;
}
