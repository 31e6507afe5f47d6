/* Theorems 9 and 10: does the limit set F(K, L) decide convergence of the single weights?
 *
 *   F(K, L) = { (A, M): M A = G, M + M' - A A' = K, M M' - A G' - G A' = L }
 *
 * holds all limit points (Theorem 8).  Theorem 9: where F is discrete, the weights converge.  True;
 * but F is not discrete in general: notes/hidden.md, (S11), has a circle for A[3,3,3], spheres for
 * A[4,4,4] and circles wherever N1 > N2 and N0 >= N2 + 2.  Theorem 10, A[2,2,2], is true and holds
 * for N1 = 2 and any N0 >= 2 (S12).  A limit with a gap is isolated in F whatever the size: the
 * certificate (S13).  For N1 >= 3 convergence from every start is a conjecture. */
#include "proofs-check/hidden_case.h"
#include "proofs-check/sample.h"

#include "linear/matrix.h"
#include "linear/registry.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { UNITS_MOST = 5, SQUARE_MOST = UNITS_MOST * UNITS_MOST };
static const double MEMBER = 1e-13;   /* rounding of K and L at a point of a family */
static const double FOUND = 1e-7;     /* points of F that Gauss and Newton find are this exact */
static const double GAP_LEAST = 1e-6; /* of the certificate: far above the error of a limit */
static const double TURN = 0.5;       /* along a family */

/* ---- K and L ---- */

/* KL[2 N1 N1]: K and L at (A, M) with G given */
static void invariants(size_t N0, size_t N1, const double *A, const double *M, const double *G,
                       double *KL)
{
    double AA[SQUARE_MOST], MM[SQUARE_MOST], AG[SQUARE_MOST];
    matrix_multiply_second_transposed(N1, N0, N1, A, A, AA);
    matrix_multiply_second_transposed(N1, N1, N1, M, M, MM);
    matrix_multiply_second_transposed(N1, N0, N1, A, G, AG);
    for (size_t i = 0; i < N1; i++)
        for (size_t j = 0; j < N1; j++) {
            KL[i * N1 + j] = M[i * N1 + j] + M[j * N1 + i] - AA[i * N1 + j];
            KL[N1 * N1 + i * N1 + j] = MM[i * N1 + j] - AG[i * N1 + j] - AG[j * N1 + i];
        }
}

/* |M A - G|, largest entry */
static double miss(size_t N0, size_t N1, const double *A, const double *M, const double *G)
{
    double MA[SQUARE_MOST], most = 0;
    matrix_multiply(N1, N1, N0, M, A, MA);
    for (size_t k = 0; k < N1 * N0; k++)
        most = fmax(most, fabs(MA[k] - G[k]));
    return most;
}

/* ---- families in F ---- */

/* A[3,3,3], W = C1 = I: A = M = (-1 cos sin; 0 1 0; 0 0 1), an involution. */
static struct instance on_circle(double angle)
{
    const double c = cos(angle), s = sin(angle);
    const double M[] = {-1, c, s, 0, 1, 0, 0, 0, 1};
    struct instance instance = hidden_case_of(&system_hidden, 3, 3, 3);
    memcpy(instance.x0, M, sizeof M);
    memcpy(instance.x0 + COUNT(M), M, sizeof M);
    return instance;
}

/* A[4,4,4], W = C1 = I: M = a + b J, A = (a - b J)/(a^2 + b^2), J = cos J_i + sin J_j. */
static struct instance on_sphere(double angle)
{
    static const double a = 1, b = 0.8;
    static const double Ji[] = {0, -1, 0, 0, 1, 0, 0, 0, 0, 0, 0, -1, 0, 0, 1, 0};
    static const double Jj[] = {0, 0, -1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, -1, 0, 0};
    struct instance instance = hidden_case_of(&system_hidden, 4, 4, 4);
    for (size_t k = 0; k < COUNT(Ji); k++) {
        const double J = cos(angle) * Ji[k] + sin(angle) * Jj[k], one = k % 5 == 0;
        instance.x0[k] = (a * one - b * J) / (a * a + b * b);
        instance.x0[COUNT(Ji) + k] = a * one + b * J;
    }
    return instance;
}

/* A[3,2,1], C1 = (1, 0)', W = (1, 0, 0), A2 = (2, -1): rotations that fix the row of C1 W. */
static struct instance on_rotation(double angle)
{
    const double b[] = {.4, cos(angle), sin(angle)};
    struct instance instance = hidden_case_of(&system_hidden, 3, 2, 1);
    hidden_case_set_targets((double[]){1, 0, 0}, &instance);
    hidden_case_set_feedback((double[]){1, 0}, &instance);
    for (size_t j = 0; j < COUNT(b); j++) {
        instance.x0[j] = ((j == 0) + b[j]) / 2;
        instance.x0[COUNT(b) + j] = b[j];
    }
    instance.x0[6] = 2;
    instance.x0[7] = -1;
    return instance;
}

typedef struct instance family(double angle);
static family *const families[] = {on_circle, on_sphere, on_rotation};
enum { FAMILIES = COUNT(families), ANGLES = 8 };

/* ANGLES points of each family. */
static bool sample_families(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    if (index >= (size_t)FAMILIES * ANGLES)
        return false;
    const size_t place = index / FAMILIES;
    *instance = families[index % FAMILIES](TURN * (double)place);
    return true;
}

static bool sample_circle(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    *instance = on_circle(TURN * (double)index);
    return index < ANGLES;
}

/* The family through a state, by its sizes. */
static family *family_of(const struct problem *problem)
{
    return problem->sizes[0] == 4 ? on_sphere : problem->sizes[1] == 3 ? on_circle : on_rotation;
}

/* The start lies in F with TURN and -TURN along its family: F holds a curve. */
static enum status conclude_isolated(struct trial *trial, enum finding *finding)
{
    const struct hidden_terms *t = hidden_case_terms(trial);
    const size_t N0 = t->N0, N1 = t->N1, count = 2 * N1 * N1;
    double M[SQUARE_MOST], here[2 * SQUARE_MOST], there[2 * SQUARE_MOST];
    const double *x = trial->instance->x0;
    matrix_multiply(N1, t->N2, N1, t->C, x + N1 * N0, M);
    invariants(N0, N1, x, M, t->G, here);
    double off = miss(N0, N1, x, M, t->G), apart = INFINITY;
    for (int k = 1; k <= ANGLES; k++) {
        const struct instance other = family_of(&trial->instance->problem)(TURN * (k + 0.5));
        matrix_multiply(N1, t->N2, N1, t->C, other.x0 + N1 * N0, M);
        invariants(N0, N1, other.x0, M, t->G, there);
        off = fmax(off, fmax(miss(N0, N1, other.x0, M, t->G),
                             matrix_largest_difference(count, here, there)));
        apart = fmin(apart, matrix_largest_difference(t->dim, x, other.x0));
    }
    trial->measured = apart;
    trial->deviation = 0;
    if (off <= MEMBER && apart > TURN / ANGLES)
        return conclude_fails(trial, finding,
                              "%d more points with the same K and L, %.3g away or more", ANGLES,
                              apart);
    return conclude_holds(finding);
}

/* ---- A[2,2,2] ---- */

static struct instance draw_pair(struct stream *stream, size_t N0)
{
    struct instance instance = hidden_case_of(&system_hidden, N0, 2, 2);
    hidden_case_draw_start(stream, 1, &instance);
    if (stream_below(stream, 2)) {
        hidden_case_draw_inputs(stream, &instance);
        hidden_case_draw_targets(stream, &instance);
        hidden_case_draw_feedback(stream, &instance);
    }
    return instance;
}

/* The reference start of A[2,2,2], the involution -I where F is not discrete over the complex
 * numbers, and drawn ones. */
static bool sample_pair(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = draw_pair(stream, index < 2 ? 2 : 2 + index % 2);
    if (index < 2)
        *instance = hidden_case_of(&system_hidden, 2, 2, 2);
    if (index == 0)
        hidden_case_set_start((double[]){.5, -.2, .1, .3, .1, .4, -.3, .2}, instance);
    if (index == 1)
        hidden_case_set_start((double[]){-1, 0, 0, -1, -1, 0, 0, -1}, instance);
    return true;
}

static enum status speed_at(const struct flow *flow, const double *x, double *speed)
{
    double f[INSTANCE_DIM_MAX], square = 0;
    TRY(flow->field(flow, 1, x, f));
    for (size_t i = 0; i < flow->dim; i++)
        square += f[i] * f[i];
    *speed = sqrt(square);
    return OK;
}

/* Fails where it still moves with more than unit speed at the horizon. */
static enum status conclude_comes_to_rest(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    double speed = 0;
    TRY(speed_at(trial->flow, trial->instance->x0, &speed));
    trial->deviation = 0;
    if (speed == 0) /* a start at rest has converged */
        return conclude_holds(finding);
    trial->plan.horizon = 1e4;
    TRY(trial_outcome(trial, &outcome));
    TRY(speed_at(trial->flow, outcome->last, &speed));
    if (outcome->ending == ENDING_HORIZON && outcome->t >= trial->plan.horizon && speed > 1)
        return conclude_fails(trial, finding, "moves with speed %.3g at t = %.3g", speed,
                              outcome->t);
    return conclude_converges(trial, finding);
}

/* One Gauss-Newton step with damping for A[4], unknowns of M = G A^-1; returns the square sum. */
struct factorisation {
    const double *G, *KL; /* [4], [8] */
};

static bool residual_of(const struct factorisation *f, const double *A, double *residual)
{
    const double determinant = A[0] * A[3] - A[1] * A[2];
    if (!(fabs(determinant) > FOUND))
        return false;
    const double inverse[] = {A[3] / determinant, -A[1] / determinant, -A[2] / determinant,
                              A[0] / determinant};
    double M[4];
    matrix_multiply(2, 2, 2, f->G, inverse, M);
    invariants(2, 2, A, M, f->G, residual);
    for (size_t k = 0; k < 8; k++)
        residual[k] -= f->KL[k];
    return true;
}

static double square_of(const double *r)
{
    double square = 0;
    for (size_t k = 0; k < 8; k++)
        square += r[k] * r[k];
    return square;
}

/* (J'J + damping) step = J'r with J by differences */
static bool marquardt_step(const struct factorisation *f, const double *A, const double *r,
                           double damping, double *next)
{
    static const double STEP = 1e-6; /* sqrt eps, and a little */
    double J[8 * 4], moved[4], up[8], normal[16], right[4], step[4];
    for (size_t j = 0; j < 4; j++) {
        memcpy(moved, A, sizeof moved);
        moved[j] += STEP;
        if (!residual_of(f, moved, up))
            return false;
        for (size_t k = 0; k < 8; k++)
            J[k * 4 + j] = (up[k] - r[k]) / STEP;
    }
    matrix_multiply_first_transposed(4, 8, 4, J, J, normal);
    matrix_multiply_first_transposed(4, 8, 1, J, r, right);
    for (size_t j = 0; j < 4; j++)
        normal[j * 4 + j] += damping * (1 + normal[j * 4 + j]);
    if (matrix_solve(4, 1, normal, right, step) != OK)
        return false;
    for (size_t j = 0; j < 4; j++)
        next[j] = A[j] - step[j];
    return true;
}

/* Levenberg and Marquardt from A[4], in place; true where K and L are met. */
static bool factorise(const struct factorisation *f, double *A)
{
    enum { STEPS = 100 };
    static const double MET = 1e-18, LOWER = 0.2, RAISE = 5;
    double r[8], next[4], other[8], damping = 1e-2;
    if (!residual_of(f, A, r))
        return false;
    for (int i = 0; i < STEPS && square_of(r) > MET; i++) {
        const bool moved = marquardt_step(f, A, r, damping, next) && residual_of(f, next, other);
        if (moved && square_of(other) < square_of(r)) {
            memcpy(A, next, 4 * sizeof *A);
            memcpy(r, other, sizeof r);
            damping *= LOWER;
        } else {
            damping *= RAISE;
        }
    }
    return square_of(r) <= MET;
}

/* The limit is the one real point of F(K, L) that STARTS searches find; at least one finds it. */
static enum status conclude_only_point(struct trial *trial, enum finding *finding)
{
    enum { STARTS = 40 };
    const struct hidden_terms *t = hidden_case_terms(trial);
    double M[4], KL[8], A[4];
    bool rests = false;
    size_t found = 0;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    const double *limit = trial->outcome->limit;
    matrix_multiply(2, 2, 2, t->C, limit + 4, M);
    invariants(2, 2, limit, M, t->G, KL);
    const struct factorisation f = {.G = t->G, .KL = KL};
    struct stream stream = stream_at(10, stream_key("F(K, L)"), 0);
    double size = 1;
    trial->deviation = 0;
    for (size_t k = 0; k < 4; k++)
        size = fmax(size, fabs(limit[k]));
    for (int i = 0; i < STARTS; i++) {
        for (size_t k = 0; k < 4; k++)
            A[k] = size * stream_normal(&stream);
        if (!factorise(&f, A))
            continue;
        found++;
        trial->deviation = fmax(trial->deviation, matrix_largest_difference(4, A, limit) / size);
    }
    if (found == 0)
        return conclude_undecided(trial, finding, "no search for points of F ended");
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "another point of F, %.3g away", trial->deviation);
    return conclude_holds(finding);
}

/* Real det A and W = C1 = I, invertible. */
static bool sample_two(struct stream *stream, size_t index, struct instance *instance)
{
    static const double START[] = {0.35877340800391416, 1.5106773081434572,    -1.7863312373111822,
                                   1.686613508665752,   -0.047317212156137566, -0.7999785843751532,
                                   -0.802956718390362,  -1.082816516582591};
    *instance = hidden_case_of(&system_hidden, 2, 2, 2);
    hidden_case_draw_start(stream, 1, instance);
    if (index == 0)
        hidden_case_set_start(START, instance);
    return true;
}

/* F of a + b J is the pair A = a +- b J: from .6 + .8 J two points. */
static bool sample_two_points(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    *instance = hidden_case_of(&system_hidden, 2, 2, 2);
    hidden_case_set_start((double[]){.6, .8, -.8, .6, .6, -.8, .8, .6}, instance);
    return index == 0;
}

/* ---- the certificate ---- */

/* (S13): G of rank N1, spec M simple, no s_i^2 + mu_j near zero. */
static enum status certify(const struct hidden_terms *t, const double *x, double *gap)
{
    double M[SQUARE_MOST], re[UNITS_MOST], im[UNITS_MOST], s[UNITS_MOST], g[UNITS_MOST];
    const size_t n = t->N1;
    matrix_multiply(n, t->N2, n, t->C, x + n * t->N0, M);
    TRY(matrix_eigenvalues(n, M, re, im));
    TRY(matrix_singular_values(n, t->N0, x, s, NULL, NULL));
    TRY(matrix_singular_values(n, t->N0, t->G, g, NULL, NULL));
    *gap = g[n - 1];
    for (size_t j = 0; j < n; j++) {
        for (size_t i = 0; i < n; i++)
            *gap = fmin(*gap, hypot(s[i] * s[i] + re[j], im[j]));
        for (size_t i = 0; i < j; i++)
            *gap = fmin(*gap, hypot(re[i] - re[j], im[i] - im[j]));
    }
    return OK;
}

static enum status conclude_certified(struct trial *trial, enum finding *finding)
{
    bool rests = false;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    TRY(certify(hidden_case_terms(trial), trial->outcome->limit, &trial->measured));
    trial->deviation = 0;
    if (!(trial->measured >= GAP_LEAST))
        return conclude_fails(trial, finding, "the gap of the certificate is %.3g",
                              trial->measured);
    return conclude_holds(finding);
}

static bool sample_square(struct stream *stream, size_t index, struct instance *instance)
{
    const size_t n = 2 + index % 3;
    *instance = hidden_case_of(&system_hidden, n, n, n);
    hidden_case_draw_start(stream, 1, instance);
    return true;
}

/* A double root on the way: the limit is on a fold. */
static bool sample_fold(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    *instance = hidden_case_of(&system_hidden, 2, 2, 2);
    hidden_case_set_start((double[]){-2, 0, 0, 1.25, .5, 0, 0, 0.5}, instance);
    return index == 0;
}

/* ---- conjectures ---- */

static bool sample_of_order(size_t n, struct stream *stream, struct instance *instance)
{
    *instance = hidden_case_of(&system_hidden, n, n, n);
    hidden_case_draw_start(stream, 1, instance);
    return true;
}

static bool sample_three(struct stream *stream, size_t index, struct instance *instance)
{
    if (index == 0) { /* near the circle */
        *instance = on_circle(TURN);
        for (size_t i = 0; i < instance->dim; i++)
            instance->x0[i] += 0.05 * stream_normal(stream);
        return true;
    }
    return sample_of_order(3, stream, instance);
}

static bool sample_four(struct stream *stream, size_t index, struct instance *instance)
{
    if (index == 0) { /* near the sphere */
        *instance = on_sphere(TURN);
        for (size_t i = 0; i < instance->dim; i++)
            instance->x0[i] += 0.05 * stream_normal(stream);
        return true;
    }
    return sample_of_order(4, stream, instance);
}

static bool sample_five(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    return sample_of_order(5, stream, instance);
}

static const struct theorem records[] = {
    {
        .id = "t9-discrete",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 9, its hypothesis for N1 > 2",
        .hypotheses = "A[N0,N1,N2] under rbp, Sigma_II = I; K and L of a limit point, G = C1 W; "
                      "tried: points of families of A[3,3,3], A[4,4,4] (W = C1 = I) and A[3,2,1]",
        .statement = "F(K, L) = {(A, M): M A = G, M + M' - A A' = K, M M' - A G' - G A' = L} is a "
                     "discrete set",
        .label = "S11",
        .recorded = VERDICT_REFUTED,
        .trials = FAMILIES * ANGLES,
        .corners = FAMILIES * ANGLES,
        .bound = 0,
        .sample = sample_families,
        .conclude = conclude_isolated,
        .control = {.what = "the circle of A[3,3,3] alone", .sample = sample_circle},
    },
    {
        .id = "t9-certificate",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 9; the certificate: notes/hidden.md",
        .hypotheses = "A[n,n,n] under rbp, n = 2, 3, 4, Sigma_II = I, W = C1 = I; normal starts",
        .statement = "the limit has C1 A2 with simple spectrum and no s_i^2 + mu_j = 0, so that it "
                     "is isolated in F(K, L)",
        .label = "S13",
        .recorded = VERDICT_SUPPORTED,
        .trials = 45,
        .bound = 0,
        .sample = sample_square,
        .conclude = conclude_certified,
        .control = {.what = "a limit on a fold", .sample = sample_fold},
    },
    {
        .id = "t10-converges",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 10; extended in notes/hidden.md",
        .hypotheses = "A[N0,2,2] under rbp, N0 >= 2, Sigma_II > 0, C1 W of rank 2; any start; "
                      "tried: N0 = 2, 3",
        .statement = "from every start the weights converge",
        .label = "S12",
        .recorded = VERDICT_SUPPORTED,
        .trials = 80,
        .corners = 2,
        .bound = 0,
        .sample = sample_pair,
        .conclude = conclude_comes_to_rest,
        .control = {.what = "targets on an input that does not vary",
                    .sample = hidden_case_sample_inconsistent},
    },
    {
        .id = "t10-only-point",
        .source = "notes/hidden.md",
        .hypotheses = "A[2,2,2] under rbp, Sigma_II = I, W = C1 = I; almost every start",
        .statement = "the limit is the only real point of F(K, L)",
        .label = "S12",
        .recorded = VERDICT_SUPPORTED,
        .trials = 30,
        .corners = 1,
        .bound = FOUND * 10,
        .sample = sample_two,
        .conclude = conclude_only_point,
        .control = {.what = "C1 A2 a multiple of a rotation", .sample = sample_two_points},
    },
    {
        .id = "c9-three",
        .source = "conjecture; notes/hidden.md",
        .hypotheses = "A[3,3,3] under rbp, Sigma_II = I, W = C1 = I; any start",
        .statement = "Conjecture: from every start the weights converge",
        .label = "S14",
        .recorded = VERDICT_SUPPORTED,
        .trials = 40,
        .corners = 1,
        .bound = 0,
        .sample = sample_three,
        .conclude = conclude_comes_to_rest,
        .control = {.what = "targets on an input that does not vary",
                    .sample = hidden_case_sample_inconsistent},
    },
    {
        .id = "c9-four",
        .source = "conjecture; notes/hidden.md",
        .hypotheses = "A[4,4,4] under rbp, Sigma_II = I, W = C1 = I; any start",
        .statement = "Conjecture: from every start the weights converge",
        .label = "S14",
        .recorded = VERDICT_SUPPORTED,
        .trials = 20,
        .corners = 1,
        .bound = 0,
        .sample = sample_four,
        .conclude = conclude_comes_to_rest,
        .control = {.what = "targets on an input that does not vary",
                    .sample = hidden_case_sample_inconsistent},
    },
    {
        .id = "c9-five",
        .source = "conjecture; notes/hidden.md",
        .hypotheses = "A[5,5,5] under rbp, Sigma_II = I, W = C1 = I; any start",
        .statement = "Conjecture: from every start the weights converge",
        .label = "S14",
        .recorded = VERDICT_SUPPORTED,
        .trials = 5,
        .bound = 0,
        .sample = sample_five,
        .conclude = conclude_comes_to_rest,
        .control = {.what = "targets on an input that does not vary",
                    .sample = hidden_case_sample_inconsistent},
    },
};

const struct chapter chapter_theorem_9 = {
    .title = "Theorems 9 and 10: the limit set F(K, L)",
    .theorem = records,
    .theorems = COUNT(records),
};
