/* Theorem 1: one-dimensional polynomial flows x' = Q(x) = k0 + k1 x + ... + kn x^n.
 *
 * Published: a solution that starts between two roots, or outside all of them with Q pointing
 * inwards, converges to the next root; for n odd and kn < 0 all solutions do.  Completed here: no
 * real root at all, n <= 1, multiple roots, blow-up times, and the remark on x' = x^p, which is
 * false as printed (notes/chains.md, (P1)-(P5)).
 *
 * Instances are random coefficients, and products of linear and irreducible quadratic factors.
 * Prescribed multiple roots, and the starts near them, are multiples of GRID, and so few that all
 * coefficients are exact in double precision: a multiple root is destroyed by a single rounding.
 *
 * Trajectories are compared with the predictions in balls, which never integrate the flow; blow-up
 * times also with partial fractions over complex roots and with closed forms. */
#include "proofs-check/conclude.h"
#include "proofs-check/sample.h"

#include <complex.h>
#include <gsl/gsl_poly.h>
#include <math.h>

enum { DEGREE_MOST = 9, GRID_REACH = 8, GRID_POINTS = 2 * GRID_REACH + 1, KINDS = 3 };
static const double GRID = 0.25;        /* prescribed roots lie at GRID (-8, ..., 8) */
static const double START_GRID = 0.125; /* the start and the root differ by a multiple of this */
static const double START_SPREAD = 1.5; /* standard deviation of drawn starts */
static const double WIDE_SPREAD = 3;    /* of starts that should converge from everywhere */
static const double LEAST_HEIGHT = 0.5; /* imaginary part of prescribed complex roots */

/* ---- polynomials ---- */

struct polynomial {
    size_t count;       /* degree + 1 */
    double least, most; /* of the real roots that were put in */
    double q[DEGREE_MOST + 1];
};

static struct polynomial constant(double lead)
{
    return (struct polynomial){.count = 1, .least = INFINITY, .most = -INFINITY, .q = {lead}};
}

/* Q (x - root) */
static void put_root(struct polynomial *Q, double root)
{
    Q->least = fmin(Q->least, root);
    Q->most = fmax(Q->most, root);
    Q->q[Q->count] = 0;
    for (size_t i = Q->count; i > 0; i--)
        Q->q[i] = Q->q[i - 1] - root * Q->q[i];
    Q->q[0] = -root * Q->q[0];
    Q->count++;
}

/* Q ((x - centre)^2 + height^2) */
static void put_pair(struct polynomial *Q, double centre, double height)
{
    const double linear = -2 * centre, free = centre * centre + height * height;
    const struct polynomial old = *Q;
    Q->count += 2;
    for (size_t i = 0; i < Q->count; i++) {
        const double square = i >= 2 ? old.q[i - 2] : 0;
        const double once = i >= 1 && i - 1 < old.count ? old.q[i - 1] : 0;
        const double none = i < old.count ? old.q[i] : 0;
        Q->q[i] = square + linear * once + free * none;
    }
}

static double value_at(const double *q, size_t count, double x)
{
    double sum = 0;
    for (size_t i = count; i-- > 0;)
        sum = sum * x + q[i];
    return sum;
}

static double sign_of(double x)
{
    return x < 0 ? -1 : 1;
}

/* Replaces Q by -Q if that is what makes it point to `side` at x. */
static void turn_towards(struct polynomial *Q, double side, double x)
{
    const double turn = side * sign_of(value_at(Q->q, Q->count, x));
    for (size_t i = 0; i < Q->count; i++)
        Q->q[i] *= turn;
}

/* The point at a distance from the outermost root on that side. */
static double beyond(const struct polynomial *Q, double side, double distance)
{
    return side > 0 ? Q->most + distance : Q->least - distance;
}

static double draw_sign(struct stream *stream)
{
    return stream_below(stream, 2) ? 1 : -1;
}

/* 1/2, 1 or 2 */
static double draw_power(struct stream *stream)
{
    return ldexp(1, (int)stream_below(stream, 3) - 1);
}

static double draw_grid(struct stream *stream)
{
    return GRID * ((double)stream_below(stream, GRID_POINTS) - GRID_REACH);
}

/* A multiple of START_GRID in (0, 1]. */
static double draw_offset(struct stream *stream)
{
    return START_GRID * (double)(1 + stream_below(stream, 8));
}

static struct polynomial draw_coefficients(struct stream *stream, size_t degree)
{
    struct polynomial Q = {.count = degree + 1};
    for (size_t i = 0; i < degree; i++)
        Q.q[i] = stream_normal(stream);
    Q.q[degree] = sample_nonzero(stream);
    return Q;
}

static struct instance start_at(const struct polynomial *Q, double x0)
{
    return sample_polynomial(Q->count, Q->q, x0);
}

/* A boundary case. */
struct corner {
    size_t count;
    double q[DEGREE_MOST + 1], x0;
};

static struct instance corner_instance(const struct corner *corner)
{
    return sample_polynomial(corner->count, corner->q, corner->x0);
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The same problem with time reversed, x' = -Q(x). */
static struct instance reversed(const struct instance *instance)
{
    struct instance back = *instance;
    for (size_t i = 0; i < back.problem.q_count; i++)
        back.problem.q[i] = -back.problem.q[i];
    return back;
}

/* A further trial of the same record; its finding, deviation and reason replace those of `trial`.
 */
static enum status conclude_also(struct trial *trial, const struct instance *instance,
                                 conclusion *conclude, enum finding *finding)
{
    struct trial other;
    TRY(trial_begin(&other, trial->theorem, instance, &trial->plan));
    const enum status status = conclude(&other, finding);
    trial->deviation = fmax(trial->deviation, other.deviation);
    for (size_t i = 0; i < sizeof trial->reason; i++)
        trial->reason[i] = other.reason[i];
    trial_end(&other);
    return status;
}

/* ---- t1-limit ---- */

/* The first five have limits to 16 digits: 0.6823278038280193, sqrt 2, 0 (double root), 1 and
 * 1.148698354997035 = 2^(1/5); then no root, a triple root, a start on a semistable root, degree 1.
 */
static const struct corner limit_corners[] = {
    {.count = 4, .q = {1, -1, 0, -1}, .x0 = 1.5},
    {.count = 4, .q = {0, 2, 0, -1}, .x0 = 0.25},
    {.count = 4, .q = {0, 0, -1, 1}, .x0 = 0.5},
    {.count = 4, .q = {6, -5, -2, 1}, .x0 = -0.5},
    {.count = 6, .q = {2, 0, 0, 0, 0, -1}, .x0 = 0},
    {.count = 3, .q = {1, 0, 1}, .x0 = -1},
    {.count = 4, .q = {0, 0, 0, -1}, .x0 = 1},
    {.count = 3, .q = {0, 0, 1}, .x0 = 0},
    {.count = 2, .q = {1, -2}, .x0 = 3},
};

/* Simple roots on the grid; some coincide. */
static struct polynomial draw_real_roots(struct stream *stream)
{
    struct polynomial Q = constant(draw_sign(stream) * draw_power(stream));
    for (size_t n = 1 + stream_below(stream, 5); n > 0; n--)
        put_root(&Q, draw_grid(stream));
    return Q;
}

/* A double or triple root, and up to three others. */
static struct polynomial draw_multiple_root(struct stream *stream)
{
    struct polynomial Q = constant(draw_sign(stream) * draw_power(stream));
    const double root = draw_grid(stream);
    for (size_t m = 2 + stream_below(stream, 2); m > 0; m--)
        put_root(&Q, root);
    for (size_t n = stream_below(stream, 2); n > 0; n--)
        put_root(&Q, draw_grid(stream));
    if (stream_below(stream, 2))
        put_pair(&Q, draw_grid(stream), LEAST_HEIGHT * (double)(1 + stream_below(stream, 3)));
    return Q;
}

static bool sample_any(struct stream *stream, size_t index, struct instance *instance)
{
    if (index < COUNT(limit_corners)) {
        *instance = corner_instance(&limit_corners[index]);
        return true;
    }
    const size_t kind = index % KINDS;
    const struct polynomial Q =
        kind == 0   ? draw_coefficients(stream, 1 + stream_below(stream, DEGREE_MOST))
        : kind == 1 ? draw_real_roots(stream)
                    : draw_multiple_root(stream);
    *instance =
        start_at(&Q, kind == 0 ? START_SPREAD * stream_normal(stream)
                               : draw_grid(stream) + draw_sign(stream) * draw_offset(stream));
    return true;
}

/* False: the trajectory of Q ends where that of -Q should. */
static enum status conclude_other_direction(struct trial *trial, enum finding *finding)
{
    const struct instance back = reversed(trial->instance);
    TRY(problem_predict(&back.problem, back.x0, trial->limit, &trial->prediction));
    trial->predicted = true;
    return conclude_predicted_limit(trial, finding);
}

/* ---- t1-no-root ---- */

static const struct corner no_root_corners[] = {
    {.count = 3, .q = {1, 0, 1}, .x0 = -1}, /* a life of pi in all: 3 pi/4 ahead, pi/4 behind */
    {.count = 3, .q = {-1, 0, -1}, .x0 = 0},
    {.count = 5, .q = {1, 0, 0, 0, 1}, .x0 = 0},
};

static struct polynomial draw_pairs(struct stream *stream, size_t pairs)
{
    struct polynomial Q = constant(draw_sign(stream) * sample_positive(stream));
    for (size_t i = 0; i < pairs; i++)
        put_pair(&Q, stream_normal(stream), LEAST_HEIGHT + stream_uniform(stream));
    return Q;
}

static bool sample_no_root(struct stream *stream, size_t index, struct instance *instance)
{
    if (index < COUNT(no_root_corners)) {
        *instance = corner_instance(&no_root_corners[index]);
        return true;
    }
    const struct polynomial Q = draw_pairs(stream, 1 + stream_below(stream, 4));
    *instance = start_at(&Q, START_SPREAD * stream_normal(stream));
    return true;
}

static bool sample_with_root(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    struct polynomial Q = draw_pairs(stream, 1 + stream_below(stream, 3));
    put_root(&Q, stream_normal(stream));
    put_root(&Q, stream_normal(stream));
    *instance = start_at(&Q, START_SPREAD * stream_normal(stream));
    return true;
}

static enum status conclude_blows_up_both_ways(struct trial *trial, enum finding *finding)
{
    TRY(conclude_blowup_time(trial, finding));
    if (*finding != FINDING_HOLDS)
        return OK;
    const struct instance back = reversed(trial->instance);
    return conclude_also(trial, &back, conclude_blowup_time, finding);
}

/* ---- t1-always-iff ---- */

static const struct corner always_corners[] = {
    {.count = 2, .q = {0, -1}, .x0 = 1},
    {.count = 4, .q = {0, 0, 0, -1}, .x0 = -1},
    {.count = 2, .q = {0, 1}, .x0 = 1},
    {.count = 3, .q = {0, 0, 1}, .x0 = 1},
};

static struct instance draw_always(struct stream *stream)
{
    struct polynomial Q = draw_coefficients(stream, 2 * stream_below(stream, 5) + 1);
    Q.q[Q.count - 1] = -fabs(Q.q[Q.count - 1]);
    return start_at(&Q, WIDE_SPREAD * stream_normal(stream));
}

/* The other kinds, from outside all roots: |r| < 1 + max |k_i/kn| (Cauchy), on a side where Q
 * points out. */
static struct instance draw_not_always(struct stream *stream)
{
    const size_t n = 1 + stream_below(stream, DEGREE_MOST);
    struct polynomial Q = draw_coefficients(stream, n);
    Q.q[n] = n % 2 == 1 ? 1 : draw_sign(stream);
    double radius = 1;
    for (size_t i = 0; i < n; i++)
        radius = fmax(radius, 1 + fabs(Q.q[i]));
    return start_at(&Q, Q.q[n] * radius);
}

static bool sample_always(struct stream *stream, size_t index, struct instance *instance)
{
    if (index < COUNT(always_corners))
        *instance = corner_instance(&always_corners[index]);
    else
        *instance = index % 2 ? draw_not_always(stream) : draw_always(stream);
    return true;
}

static bool sample_not_always(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = draw_not_always(stream);
    return true;
}

static enum status conclude_diverges(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    TRY(trial_outcome(trial, &outcome));
    trial->deviation = 0;
    if (outcome->ending == ENDING_ESCAPED || outcome->ending == ENDING_UNBOUNDED)
        return conclude_holds(finding);
    if (outcome->ending == ENDING_HORIZON || outcome->ending == ENDING_FAILED)
        return conclude_undecided(trial, finding, "%s: %s", ending_name(outcome->ending),
                                  outcome->reason);
    return conclude_fails(trial, finding, "comes to rest at x = %.10g", outcome->limit[0]);
}

static enum status conclude_always_iff(struct trial *trial, enum finding *finding)
{
    const struct problem *p = &trial->instance->problem;
    const size_t n = p->q_count - 1;
    const bool always = n % 2 == 1 && p->q[n] < 0;
    return always ? conclude_converges(trial, finding) : conclude_diverges(trial, finding);
}

/* ---- t1-multiplicity, t1-semistable ---- */

/* k (x - r)^m ((x - a)^2 + b^2), exact, from the side that r attracts and near it: the law holds
 * only up to a factor 1 + 2 |x - r| / b. */
static struct instance draw_approach(struct stream *stream, size_t m)
{
    enum {
        NEAREST = 4,
        CHOICES = 2
    }; /* 1/16 or 1/8: nearer, rounding of Q hides the law at m = 5 */
    const double root = draw_grid(stream) / 2, k = draw_power(stream);
    const double distance = ldexp(1, (int)stream_below(stream, CHOICES) - NEAREST);
    const double side = draw_sign(stream);
    /* sign Q = sign k side^m off the root; it must be -side */
    struct polynomial Q = constant(m % 2 == 1 ? -k : -side * k);
    for (size_t i = 0; i < m; i++)
        put_root(&Q, root);
    put_pair(&Q, draw_grid(stream), LEAST_HEIGHT * (double)(1 + stream_below(stream, 3)));
    return start_at(&Q, root + side * distance);
}

static bool sample_multiple(struct stream *stream, size_t index, struct instance *instance)
{
    enum { MULTIPLICITIES = 4 }; /* 2, 3, 4, 5 */
    *instance = draw_approach(stream, 2 + index % MULTIPLICITIES);
    return true;
}

/* False: the exponent is -1/m. */
static enum status conclude_other_exponent(struct trial *trial, enum finding *finding)
{
    const struct prediction *prediction;
    TRY(trial_prediction(trial, &prediction));
    trial->prediction.exponent = -1.0 / trial->prediction.multiplicity;
    return conclude_predicted_exponent(trial, finding);
}

static const struct corner semistable_corners[] = {
    {.count = 4, .q = {0, 0, -1, 1}, .x0 = 0.5},
    {.count = 3, .q = {0, 0, 1}, .x0 = -1},
};

static bool sample_even_root(struct stream *stream, size_t index, struct instance *instance)
{
    if (index < COUNT(semistable_corners))
        *instance = corner_instance(&semistable_corners[index]);
    else
        *instance = draw_approach(stream, index % 2 ? 2 : 4);
    return true;
}

static bool sample_odd_root(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = draw_approach(stream, 3);
    return true;
}

/* From x0 it creeps to r, from the mirror image 2 r - x0 it goes elsewhere. */
static enum status conclude_one_sided(struct trial *trial, enum finding *finding)
{
    TRY(conclude_predicted_limit(trial, finding));
    if (*finding != FINDING_HOLDS)
        return OK;
    if (trial->outcome->ending != ENDING_CREEPING)
        return conclude_fails(trial, finding, "ends %s", ending_name(trial->outcome->ending));
    struct instance mirrored = *trial->instance;
    const double root = trial->limit[0];
    mirrored.x0[0] = 2 * root - mirrored.x0[0];
    const struct prediction *prediction;
    struct trial other;
    TRY(trial_begin(&other, trial->theorem, &mirrored, &trial->plan));
    enum status status = trial_prediction(&other, &prediction);
    const bool comes_back = status == OK && prediction->multiplicity > 0 && other.limit[0] == root;
    trial_end(&other);
    TRY(status);
    if (comes_back)
        return conclude_fails(trial, finding, "x = %.10g attracts from both sides", root);
    return conclude_also(trial, &mirrored, conclude_predicted_limit, finding);
}

/* ---- t1-rate ---- */

/* Distinct roots on a coarse grid: 2 GRID apart, so that Q' is nearly constant over 1e-3 of the
 * gap. */
static struct polynomial draw_distinct_roots(struct stream *stream, size_t count)
{
    bool taken[GRID_POINTS] = {false};
    struct polynomial Q = constant(draw_sign(stream) * draw_power(stream));
    while (count > 0) {
        const size_t k = 2 * stream_below(stream, GRID_REACH + 1);
        if (taken[k])
            continue;
        taken[k] = true;
        put_root(&Q, GRID * ((double)k - GRID_REACH));
        count--;
    }
    return Q;
}

/* Half a grid step from a grid point; outside all roots Q is turned inwards. */
static bool sample_simple(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    struct polynomial Q = draw_distinct_roots(stream, 1 + stream_below(stream, 5));
    const double x0 = draw_grid(stream) + draw_sign(stream) * START_GRID;
    if (x0 < Q.least)
        turn_towards(&Q, 1, x0);
    if (x0 > Q.most)
        turn_towards(&Q, -1, x0);
    *instance = start_at(&Q, x0);
    return true;
}

/* False: the rate is that of the linear coefficient, Q'(0). */
static enum status conclude_other_rate(struct trial *trial, enum finding *finding)
{
    const struct prediction *prediction;
    TRY(trial_prediction(trial, &prediction));
    trial->prediction.rate = trial->instance->problem.q[1];
    return conclude_predicted_rate(trial, finding);
}

/* ---- t1-blowup-time, t1-partial-fractions ---- */

static const struct corner blowup_corners[] = {
    {.count = 3, .q = {0, 0, 1}, .x0 = 0.5}, {.count = 4, .q = {0, 0, 0, 1}, .x0 = 2},
    {.count = 3, .q = {1, 0, 1}, .x0 = -1},  {.count = 3, .q = {-1, 0, 1}, .x0 = 2},
    {.count = 3, .q = {-1, 0, -1}, .x0 = 0},
};

/* From beyond all real roots, outwards; from anywhere if there are none. */
static bool sample_blowup(struct stream *stream, size_t index, struct instance *instance)
{
    if (index < COUNT(blowup_corners)) {
        *instance = corner_instance(&blowup_corners[index]);
        return true;
    }
    const size_t real = stream_below(stream, 5);
    const size_t pairs = (real < 2) + stream_below(stream, 2);
    const double side = draw_sign(stream);
    struct polynomial Q = draw_pairs(stream, pairs);
    for (size_t i = 0; i < real; i++)
        put_root(&Q, stream_normal(stream));
    const double x0 =
        real > 0 ? beyond(&Q, side, sample_positive(stream)) : START_SPREAD * stream_normal(stream);
    turn_towards(&Q, side, x0);
    *instance = start_at(&Q, x0);
    return true;
}

/* False: only the leading term counts, T = |x0|^(1-n) / ((n-1) |kn|). */
static enum status conclude_leading_term_time(struct trial *trial, enum finding *finding)
{
    const struct prediction *prediction;
    TRY(trial_prediction(trial, &prediction));
    const struct problem *p = &trial->instance->problem;
    const double n = (double)p->q_count - 1;
    trial->prediction.escape_time =
        pow(fabs(trial->instance->x0[0]), 1 - n) / ((n - 1) * fabs(p->q[p->q_count - 1]));
    return conclude_blowup_time(trial, finding);
}

/* -sum_j Log(delta (x0 - r_j)) / Q'(r_j) over the complex roots r_j, (P3). */
static double partial_fractions(const struct problem *p, double x0, double delta,
                                const double *roots)
{
    const size_t n = p->q_count - 1;
    double complex sum = 0;
    for (size_t j = 0; j < n; j++) {
        const double complex r = roots[2 * j] + I * roots[2 * j + 1];
        double complex slope = 0;
        for (size_t i = n; i > 0; i--)
            slope = slope * r + (double)i * p->q[i];
        sum -= clog(delta * (x0 - r)) / slope;
    }
    return creal(sum);
}

static enum status sum_partial_fractions(const struct instance *instance, double delta, double *T)
{
    const struct problem *p = &instance->problem;
    double roots[2 * DEGREE_MOST];
    gsl_poly_complex_workspace *work = gsl_poly_complex_workspace_alloc(p->q_count);
    if (!work)
        return status_fail(NO_MEMORY, "roots of a polynomial of degree %zu", p->q_count - 1);
    const int code = gsl_poly_complex_solve(p->q, p->q_count, work, roots);
    gsl_poly_complex_workspace_free(work);
    if (code != 0)
        return status_fail(SOLVER_FAILED, "roots of a polynomial of degree %zu", p->q_count - 1);
    *T = partial_fractions(p, instance->x0[0], delta, roots);
    return OK;
}

/* Roots on a grid of 1/2 and complex pairs at least that far from the axis; x0 outside, outwards.
 */
static bool sample_separated(struct stream *stream, size_t index, struct instance *instance)
{
    if (index == 0) {
        *instance = corner_instance(&blowup_corners[COUNT(blowup_corners) - 1]);
        return true;
    }
    const double side = draw_sign(stream);
    struct polynomial Q = draw_distinct_roots(stream, 1 + stream_below(stream, 4));
    put_pair(&Q, draw_grid(stream), LEAST_HEIGHT * (double)(1 + stream_below(stream, 3)));
    const double x0 = beyond(&Q, side, draw_offset(stream));
    turn_towards(&Q, side, x0);
    *instance = start_at(&Q, x0);
    return true;
}

static enum status compare_fractions(struct trial *trial, double delta, enum finding *finding)
{
    const struct prediction *prediction;
    double T = NAN;
    TRY(trial_prediction(trial, &prediction));
    TRY(sum_partial_fractions(trial->instance, delta, &T));
    if (prediction->ending != ENDING_ESCAPED)
        return conclude_undecided(trial, finding, "prediction: %s",
                                  ending_name(prediction->ending));
    return conclude_close(trial, "blow-up time by partial fractions", T, prediction->escape_time,
                          finding);
}

static double direction_of_motion(const struct instance *instance)
{
    return sign_of(value_at(instance->problem.q, instance->problem.q_count, instance->x0[0]));
}

static enum status conclude_partial_fractions(struct trial *trial, enum finding *finding)
{
    return compare_fractions(trial, direction_of_motion(trial->instance), finding);
}

/* False: the sum without the factor delta. */
static enum status conclude_fractions_without_delta(struct trial *trial, enum finding *finding)
{
    return compare_fractions(trial, 1, finding);
}

/* ---- t1-linear-and-constant ---- */

static const struct corner linear_corners[] = {
    {.count = 2, .q = {0, 1}, .x0 = 1},  {.count = 2, .q = {0, -1}, .x0 = 1},
    {.count = 1, .q = {1}, .x0 = 0},     {.count = 1, .q = {-2}, .x0 = 3},
    {.count = 2, .q = {1, 1}, .x0 = -1}, /* on the repelling root */
};

static bool sample_linear(struct stream *stream, size_t index, struct instance *instance)
{
    if (index < COUNT(linear_corners)) {
        *instance = corner_instance(&linear_corners[index]);
        return true;
    }
    const struct polynomial Q = draw_coefficients(stream, index % 3 == 0 ? 0 : 1);
    *instance = start_at(&Q, WIDE_SPREAD * stream_normal(stream));
    return true;
}

static enum status conclude_no_blowup(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    const struct prediction *prediction;
    TRY(trial_outcome(trial, &outcome));
    TRY(trial_prediction(trial, &prediction));
    if (outcome->ending == ENDING_ESCAPED)
        return conclude_fails(trial, finding, "blows up at t = %.10g", outcome->blowup_time);
    return prediction->ending == ENDING_UNBOUNDED ? conclude_predicted_exponent(trial, finding)
                                                  : conclude_predicted_limit(trial, finding);
}

/* ---- the remark on x' = x^p ---- */

static struct instance power(size_t p, double x0)
{
    struct polynomial Q = {.count = p + 1};
    Q.q[p] = 1;
    return start_at(&Q, x0);
}

static bool sample_power(struct stream *stream, size_t index, struct instance *instance)
{
    enum { POWERS = 5 }; /* 2, ..., 6 */
    if (index == 0)
        *instance = power(2, -1);
    else
        *instance = power(2 + stream_below(stream, POWERS), sample_nonzero(stream));
    return true;
}

static bool sample_even_power(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = power(index % 2 ? 2 : 4, -sample_positive(stream));
    return true;
}

static bool sample_first_power(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = power(1, sample_nonzero(stream));
    return true;
}

static enum status conclude_ends_in_finite_time(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    TRY(trial_outcome(trial, &outcome));
    trial->deviation = 0;
    if (outcome->ending == ENDING_ESCAPED)
        return conclude_holds(finding);
    if (outcome->ending == ENDING_HORIZON || outcome->ending == ENDING_FAILED)
        return conclude_undecided(trial, finding, "%s: %s", ending_name(outcome->ending),
                                  outcome->reason);
    return conclude_fails(trial, finding, "x0 = %.10g: %s, so the solution exists for ever",
                          trial->instance->x0[0], ending_name(outcome->ending));
}

/* Blow-up at T = |x0|^(1-p) / (p-1), by the closed form and not by the prediction. */
static enum status conclude_power_blowup(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    TRY(trial_outcome(trial, &outcome));
    TRY(conclude_ends_in_finite_time(trial, finding));
    if (*finding != FINDING_HOLDS)
        return OK;
    const double p = (double)trial->instance->problem.q_count - 1;
    trial->measured = outcome->blowup_time;
    trial->expected = pow(fabs(trial->instance->x0[0]), 1 - p) / (p - 1);
    trial->deviation = fabs(trial->measured / trial->expected - 1);
    if (!(fabs(trial->measured - trial->expected) <= outcome->blowup_error))
        return conclude_fails(trial, finding, "blow-up at %.12g, closed form %.12g",
                              trial->measured, trial->expected);
    return conclude_holds(finding);
}

/* x -> 0 with the exponent -1/(p-1). */
static enum status conclude_power_creeps(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    TRY(trial_outcome(trial, &outcome));
    if (outcome->ending == ENDING_HORIZON || outcome->ending == ENDING_FAILED)
        return conclude_undecided(trial, finding, "%s: %s", ending_name(outcome->ending),
                                  outcome->reason);
    if (outcome->ending != ENDING_CREEPING)
        return conclude_fails(trial, finding, "ends %s", ending_name(outcome->ending));
    const double p = (double)trial->instance->problem.q_count - 1;
    return conclude_close(trial, "exponent times 1 - p", outcome->exponent * (1 - p), 1, finding);
}

static enum status conclude_power(struct trial *trial, enum finding *finding)
{
    const size_t p = trial->instance->problem.q_count - 1;
    const bool blows_up = trial->instance->x0[0] > 0 || p % 2 == 1;
    return blows_up ? conclude_power_blowup(trial, finding) : conclude_power_creeps(trial, finding);
}

/* ---- t1-start-on-root ---- */

static bool sample_on_root(struct stream *stream, size_t index, struct instance *instance)
{
    const size_t m = 1 + index % 3;
    const double root = draw_grid(stream);
    struct polynomial Q = constant(draw_sign(stream) * draw_power(stream));
    for (size_t i = 0; i < m; i++)
        put_root(&Q, root);
    for (size_t n = stream_below(stream, 3); n > 0; n--)
        put_root(&Q, draw_grid(stream));
    *instance = start_at(&Q, root);
    return true;
}

static bool sample_off_root(struct stream *stream, size_t index, struct instance *instance)
{
    sample_on_root(stream, index, instance);
    instance->x0[0] += START_GRID;
    return true;
}

static enum status conclude_stays(struct trial *trial, enum finding *finding)
{
    TRY(conclude_predicted_limit(trial, finding));
    if (*finding != FINDING_HOLDS)
        return OK;
    if (!trial->outcome->has_limit)
        return conclude_fails(trial, finding, "ends %s", ending_name(trial->outcome->ending));
    return conclude_close(trial, "limit", trial->outcome->limit[0], trial->instance->x0[0],
                          finding);
}

/* ---- the records ---- */

#define PAPER "Baldi, Sadowski, Lu (2018), Theorem 1"
#define NOTES "notes/chains.md, "

static const struct theorem records[] = {
    {
        .id = "t1-limit",
        .source = PAPER,
        .hypotheses = "x' = Q(x), Q a real polynomial of degree n >= 1; any start x0",
        .statement =
            "If Q has a real root in the direction of sign Q(x0) from x0, x converges to the "
            "nearest one; if it has none there, |x| -> infinity; if Q(x0) = 0, x stays.",
        .label = "P1",
        .recorded = VERDICT_SUPPORTED,
        .trials = 1600,
        .corners = COUNT(limit_corners),
        .bound =
            1e-9, /* rounding of Q over Q': 1e-15 over 1e-6 where two drawn roots nearly meet */
        .sample = sample_any,
        .conclude = conclude_predicted_limit,
        .control = {.what = "false conclusion: the next root in the other direction",
                    .sample = sample_any,
                    .conclude = conclude_other_direction},
    },
    {
        .id = "t1-no-root",
        .source = "corrects " PAPER "; " NOTES "(P1), (P3)",
        .hypotheses = "x' = Q(x), Q a real polynomial without real roots, of degree n >= 2 (so n "
                      "is even); any start",
        .statement = "Every solution blows up in both directions of time, at the integral of dx/Q.",
        .label = "P1, P3",
        .recorded = VERDICT_SUPPORTED,
        .trials = 300,
        .corners = COUNT(no_root_corners),
        .bound = 0, /* not used: the time is compared within the estimate's own error */
        .sample = sample_no_root,
        .conclude = conclude_blows_up_both_ways,
        .control = {.what = "Q has two real roots", .sample = sample_with_root},
    },
    {
        .id = "t1-always-iff",
        .source = PAPER,
        .hypotheses = "x' = Q(x), Q a real polynomial of degree n >= 1 with leading coefficient kn",
        .statement = "All solutions converge if and only if n is odd and kn < 0.",
        .label = "P4",
        .recorded = VERDICT_SUPPORTED,
        .trials = 600,
        .corners = COUNT(always_corners),
        .bound = 0, /* not used: a question of yes or no */
        .sample = sample_always,
        .conclude = conclude_always_iff,
        .control = {.what = "n even or kn > 0, from outside all roots: converges",
                    .sample = sample_not_always,
                    .conclude = conclude_converges},
    },
    {
        .id = "t1-multiplicity",
        .source = "completes " PAPER "; " NOTES "(P2)",
        .hypotheses = "x' = Q(x), the limit r of x is a root of Q of multiplicity m >= 2, x(0) != "
                      "r; tried: m = 2, ..., 5",
        .statement = "|x - r| is asymptotically proportional to t^(-1/(m-1)).",
        .label = "P2",
        .recorded = VERDICT_SUPPORTED,
        .trials = 240,
        .corners = 0,
        /* 2 |x - r| / (b m) with b >= 1/2, when 1/nu has doubled ten times: |x - r| <= 2^-3
           2^(-10/4) */
        .bound = 0.04,
        .measures = THEOREM_MEASURES_EXPONENTS,
        .sample = sample_multiple,
        .conclude = conclude_predicted_exponent,
        .control = {.what = "false conclusion: the exponent -1/m",
                    .sample = sample_multiple,
                    .conclude = conclude_other_exponent},
    },
    {
        .id = "t1-semistable",
        .source = PAPER,
        .hypotheses = "x' = Q(x), r a real root of Q of even multiplicity; starts on both sides of "
                      "r with no other root in between; tried: multiplicities 2 and 4",
        .statement = "r attracts from exactly one side: solutions from there creep to it, "
                     "solutions from the other side leave.",
        .label = "P2",
        .recorded = VERDICT_SUPPORTED,
        .trials = 160,
        .corners = COUNT(semistable_corners),
        .bound = 1e-9, /* of the limits on the far side; a creeping one has its own distance */
        .sample = sample_even_root,
        .conclude = conclude_one_sided,
        .control = {.what = "a root of multiplicity 3", .sample = sample_odd_root},
    },
    {
        .id = "t1-rate",
        .source = "completes " PAPER "; " NOTES "(P2)",
        .hypotheses = "x' = Q(x), the limit r of x is a simple root of Q, x(0) != r",
        .statement = "x - r decays like exp(Q'(r) t), Q'(r) < 0.",
        .label = "P2",
        .recorded = VERDICT_SUPPORTED,
        .trials = 300,
        .corners = 0,
        .bound = 2e-3, /* |Q'(x)/Q'(r) - 1| <= 1e-3 on the tail that is measured; doubled */
        .sample = sample_simple,
        .conclude = conclude_predicted_rate,
        .control = {.what = "false conclusion: the rate Q'(0)",
                    .sample = sample_simple,
                    .conclude = conclude_other_rate},
    },
    {
        .id = "t1-blowup-time",
        .source = "completes " PAPER "; " NOTES "(P3)",
        .hypotheses = "x' = Q(x), Q a real polynomial of degree n >= 2, Q(x0) != 0 and no real "
                      "root of Q in the direction of motion from x0",
        .statement = "Blow-up at the integral of dx/Q from x0 to infinity in that direction.",
        .label = "P3",
        .recorded = VERDICT_SUPPORTED,
        .trials = 800,
        .corners = COUNT(blowup_corners),
        .bound = 0, /* not used: the time is compared within the estimate's own error */
        .sample = sample_blowup,
        .conclude = conclude_blowup_time,
        .control = {.what = "false conclusion: the time of the leading term alone",
                    .sample = sample_blowup,
                    .conclude = conclude_leading_term_time},
    },
    {
        .id = "t1-partial-fractions",
        .source = NOTES "(P3)",
        .hypotheses =
            "x' = Q(x), Q a real polynomial of degree n >= 2, all its complex roots r_j simple, "
            "Q(x0) != 0 and no real root in the direction delta = +-1 of motion from x0",
        .statement = "Blow-up at T = -sum_j Log(delta (x0 - r_j)) / Q'(r_j), Log principal.",
        .label = "P3",
        .recorded = VERDICT_SUPPORTED,
        .trials = 300,
        .corners = 1,
        .bound = 1e-10, /* of the quadrature; the roots are 1/2 apart, so the sum loses 3 digits */
        .sample = sample_separated,
        .conclude = conclude_partial_fractions,
        .control = {.what = "false conclusion: the same sum without the factor delta",
                    .sample = sample_separated,
                    .conclude = conclude_fractions_without_delta},
    },
    {
        .id = "t1-linear-and-constant",
        .source = "completes " PAPER "; " NOTES "(P1)",
        .hypotheses = "x' = Q(x), Q != 0 a real polynomial of degree n = 0 or 1; any start",
        .statement = "No blow-up: where there is no root ahead, |x| grows exponentially if n = 1 "
                     "and like t if n = 0.",
        .label = "P1",
        .recorded = VERDICT_SUPPORTED,
        .trials = 150,
        .corners = COUNT(linear_corners),
        .bound = 1e-6, /* x0 relative to |x| where growth is declared */
        .sample = sample_linear,
        .conclude = conclude_no_blowup,
        .control = {.what = "degree 2 or more", .sample = sample_blowup},
    },
    {
        .id = "t1-remark-power-published",
        .source = "Baldi, Sadowski, Lu (2018), remark before Theorem 1",
        .hypotheses = "p > 1, x(0) != 0; tried: p = 2, ..., 6",
        .statement = "x' = x^p has no solution for all times.",
        .label = "P5",
        .recorded = VERDICT_REFUTED, /* p = 2, x(0) = -1: x = -1/(1+t) */
        .trials = 40,
        .corners = 1,
        .bound = 0, /* not used: a question of yes or no */
        .sample = sample_power,
        .conclude = conclude_ends_in_finite_time,
        .control = {.what = "p = 1", .sample = sample_first_power},
    },
    {
        .id = "t1-remark-power-corrected",
        .source =
            "corrects the remark before Theorem 1 of Baldi, Sadowski, Lu (2018); " NOTES "(P5)",
        .hypotheses = "x' = x^p, p >= 2 an integer, x0 != 0; tried: p = 2, ..., 6",
        .statement =
            "If x0 > 0 or p is odd, x blows up at |x0|^(1-p)/(p-1); else x -> 0 like t^(-1/(p-1)).",
        .label = "P5",
        .recorded = VERDICT_SUPPORTED,
        .trials = 200,
        .corners = 1,
        .bound =
            1e-5, /* of the exponent: a pure power has no correction, only integration errors */
        .sample = sample_power,
        .conclude = conclude_power,
        .control = {.what = "p even and x0 < 0: blow-up all the same",
                    .sample = sample_even_power,
                    .conclude = conclude_power_blowup},
    },
    {
        .id = "t1-start-on-root",
        .source = PAPER,
        .hypotheses = "x' = Q(x), Q(x0) = 0",
        .statement = "x = x0 for ever; the point is attracting if Q has an odd multiplicity there "
                     "and falls, else it repels on a side.",
        .label = "P1, P2",
        .recorded = VERDICT_SUPPORTED,
        .trials = 200,
        .corners = 0,
        .bound = 0, /* the prescribed roots are exact */
        .sample = sample_on_root,
        .conclude = conclude_stays,
        .control = {.what = "a start beside the root", .sample = sample_off_root},
    },
};

const struct chapter chapter_theorem_1 = {
    .title = "Theorem 1: one-dimensional polynomial flows",
    .theorem = records,
    .theorems = COUNT(records),
};
