/* Theorem 2, A[1,1,1] under rbp (= srbp): a1' = c1 e, a2' = a1 e, e = alpha - beta a1 a2.
 *
 * With K = c1 a2 - a1^2/2 conserved, the motion is x' = -(beta/2)(x^3 + 2 K x - 2 c1 rho) in x = a1
 * (notes/chains.md, (K1)).  Published sentences about the way to the limit stand beside their
 * corrected forms; what is on record as refuted has its witness as the first instance.  Semistable
 * points need an exact double root, so those samplers draw dyadic numbers only, for which K and
 * rho are exact. */
#include "linear/registry.h"
#include "proofs-check/conclude.h"
#include "proofs-check/sample.h"

#include <gsl/gsl_poly.h>
#include <math.h>

static const double LIMIT_BOUND = 1e-10; /* the promise of the project for limits */
static const double ERROR_BOUND = 1e-10; /* of alpha - beta P at a limit: slope times LIMIT_BOUND */
static const double RATE_BOUND = 5e-3;   /* the tail is linear to 1e-3 where the rate is measured */
static const double NEAR = 0.25;         /* "stays near": displacements are at most an eighth */
static const double REVERSAL = 1e-8;     /* of a monotone weight: a hundred local errors */
/* Of an algebraic law at t = 1e4: log(t)/t terms, measured 2e-3 */
static const double LAW_BOUND = 5e-3;
static const double PASSAGE_BOUND = 0.02; /* time outside the ghost is O(1) of at least 800 */
static const double LATE = 1e4;

/* ---- samplers ---- */

static struct instance start_at(double c1, double alpha, double beta, double a1, double a2)
{
    struct instance instance = sample_chain(&rule_srbp, 2, (double[]){c1, 1}, (double[]){a1, a2});
    instance.problem.alpha = alpha;
    instance.problem.beta = beta;
    return instance;
}

enum { ALL_CORNERS = 12 };

/* Every kind of start: ordinary, on fixed points of each stability, on degenerate leaves, alpha =
 * 0. */
static bool sample_all(struct stream *stream, size_t index, struct instance *instance)
{
    static const double corner[ALL_CORNERS][5] = {
        /* c1, alpha, beta, a1, a2 */
        {1, 1, 1, 0, 0},
        {1, 1, 1, -2, 1},
        {1, 1, 1, -1.5, -3},
        {1, 1, 1, -2, 0.5},
        {1, 1, 1, -1.125, -111.0 / 128},
        {1, 1, 1, -0.875, -143.0 / 128},
        {1, 0, 1, 1.5, -0.5},
        {1, 0, 1, 1, 0.5},
        {1, 1, 1, 1, 1},
        {1, 1, 1, -0.5, -2},
        {1, 1, 1, -1, -1},
        {-2, 1.5, 1.25, 0.25, -3},
    };
    const double *k = index < ALL_CORNERS ? corner[index] : NULL;
    *instance = k ? start_at(k[0], k[1], k[2], k[3], k[4]) : sample_drawn_chain(stream, 2);
    return true;
}

/* Control: the top layer learns with the wrong sign (c2 < 0). */
static bool sample_wrong_top(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = sample_drawn_chain(stream, 2);
    instance->problem.c[1] = -1;
    return true;
}

/* A fixed point (x, rho/x) with S = x^2 + c1 rho/x of the wanted sign, displaced along its leaf by
 * less than the distance to the next root of the cubic, S/(3|x|), and less than NEAR. */
static bool sample_beside_fixed_point(struct stream *stream, int sign, struct instance *instance)
{
    enum { TRIES = 1000 };
    static const double LEAST_S = 0.05, SHARE = 1.0 / 16;
    for (int i = 0; i < TRIES; i++) {
        *instance = sample_drawn_chain(stream, 2);
        const double c1 = instance->problem.c[0];
        const double rho = instance->problem.alpha / instance->problem.beta;
        const double x = sample_nonzero(stream), S = x * x + c1 * rho / x;
        const double most = fmin(NEAR / 2, SHARE * fabs(S / x));
        const double d = stream_between(stream, -most, most);
        const double climb = (x * d + d * d / 2) / c1;
        instance->x0[0] = x + d;
        instance->x0[1] = rho / x + climb;
        if (sign * S >= LEAST_S && fabs(climb) <= NEAR / 2)
            return true;
    }
    return false;
}

static bool sample_outside_parabola(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    return sample_beside_fixed_point(stream, 1, instance);
}

static bool sample_inside_parabola(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    return sample_beside_fixed_point(stream, -1, instance);
}

/* As published: the point on the parabola is included, and displaced to its free side. */
static bool sample_not_inside(struct stream *stream, size_t index, struct instance *instance)
{
    if (index > 0)
        return sample_outside_parabola(stream, index, instance);
    *instance = start_at(1, 1, 1, -0.875, -143.0 / 128);
    return true;
}

static bool sample_witness_first(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = index == 0 ? start_at(1, 1, 1, -2, 1) : sample_drawn_chain(stream, 2);
    return true;
}

static bool sample_witness(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    *instance = start_at(1, 1, 1, -2, 1);
    return index == 0;
}

/* a2 and c1 of one sign, anywhere in the plane. */
static bool sample_congruent(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = sample_drawn_chain(stream, 2);
    instance->x0[1] = copysign(instance->x0[1], instance->problem.c[0]);
    return instance->x0[1] != 0;
}

static bool sample_opposed(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = sample_drawn_chain(stream, 2);
    instance->x0[1] = -copysign(sample_positive(stream), instance->problem.c[0]);
    return true;
}

/* The set a1 < 0 < a2, c1 > 0, with the witness that leaves it. */
static bool sample_second_quadrant(struct stream *stream, size_t index, struct instance *instance)
{
    if (index == 0)
        return sample_witness(stream, index, instance);
    *instance = sample_drawn_chain(stream, 2);
    instance->problem.c[0] = fabs(instance->problem.c[0]);
    instance->x0[0] = -fabs(instance->x0[0]);
    instance->x0[1] = fabs(instance->x0[1]);
    return true;
}

/* K = c1 a2 - a1^2/2 >= 0; the first instance lies on K = 0. */
static bool sample_upper_leaf(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = sample_drawn_chain(stream, 2);
    const double K = index == 0 ? 0 : fabs(stream_normal(stream));
    const double x = index == 0 ? -1 : instance->x0[0];
    instance->problem.c[0] = index == 0 ? 1 : instance->problem.c[0];
    instance->x0[0] = x;
    instance->x0[1] = (x * x / 2 + K) / instance->problem.c[0];
    return true;
}

/* Small feedback of either sign. */
static bool sample_small_feedback(struct stream *stream, size_t index, struct instance *instance)
{
    static const double SMALL = 0.02;
    *instance = index == 0 ? start_at(0.01, 1, 1, 0.05, -1) : sample_drawn_chain(stream, 2);
    if (index > 0)
        instance->problem.c[0] = stream_between(stream, -SMALL, SMALL);
    return true;
}

/* |c1 a2| < a1^2 */
static bool sample_dominated(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = sample_drawn_chain(stream, 2);
    const double most = instance->x0[0] * instance->x0[0] / fabs(instance->x0[1]);
    instance->problem.c[0] = stream_between(stream, -most, most);
    return most > 0;
}

static bool sample_first_quadrant(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = sample_drawn_chain(stream, 2);
    instance->problem.alpha = sample_positive(stream);
    instance->problem.c[0] = fabs(instance->problem.c[0]);
    instance->x0[0] = sample_positive(stream);
    instance->x0[1] = sample_positive(stream);
    return true;
}

static bool sample_drawn(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = sample_drawn_chain(stream, 2);
    return true;
}

static bool sample_alpha_zero(struct stream *stream, size_t index, struct instance *instance)
{
    (void)index;
    *instance = sample_drawn_chain(stream, 2);
    instance->problem.alpha = 0;
    return true;
}

/* c1 = 0: only the top layer learns; a1 = 0 as well: nothing moves. */
static bool sample_no_feedback(struct stream *stream, size_t index, struct instance *instance)
{
    *instance = sample_drawn_chain(stream, 2);
    instance->problem.c[0] = 0;
    instance->x0[0] = index == 0 ? 0 : sample_nonzero(stream);
    return true;
}

/* Exact double roots: h = g^(1/3) dyadic, beta = 1, c1 a power of two, K = -3/2 h^2 + offset. */
static struct instance on_critical_leaf(struct stream *stream, double offset, bool free_side)
{
    enum { NUMERATORS = 24, POWERS = 3 };
    static const double GRID = 16; /* all numbers are multiples of a negative power of two */
    const double h = (double)(8 + stream_below(stream, NUMERATORS)) / GRID;
    const double c1 =
        ldexp(stream_below(stream, 2) ? 1 : -1, (int)stream_below(stream, POWERS) - 1);
    const double gap = (double)(1 + stream_below(stream, NUMERATORS)) / GRID;
    const double x = free_side ? -h + fmin(gap, h / 2) : -h - gap;
    const double K = -1.5 * h * h + offset;
    return start_at(c1, h * h * h / c1, 1, x, (x * x / 2 + K) / c1);
}

/* The attracting side of the semistable point. */
static bool sample_semistable(struct stream *stream, size_t index, struct instance *instance)
{
    *instance =
        index == 0 ? start_at(1, 1, 1, -1.125, -111.0 / 128) : on_critical_leaf(stream, 0, false);
    return true;
}

static bool sample_semistable_free_side(struct stream *stream, size_t index,
                                        struct instance *instance)
{
    (void)index;
    *instance = on_critical_leaf(stream, 0, true);
    return true;
}

/* Leaves just above the critical one: K = K* + d, d = 2^-17 ... 2^-30. */
static bool sample_ghost(struct stream *stream, size_t index, struct instance *instance)
{
    enum { WIDEST = 17, WIDTHS = 14 };
    const int width = WIDEST + (int)(index % WIDTHS);
    *instance = on_critical_leaf(stream, ldexp(1, -width), false);
    return true;
}

/* ---- conclusions ---- */

static double K_of(const struct trial *trial)
{
    const double *x = trial->instance->x0;
    return trial->instance->problem.c[0] * x[1] - x[0] * x[0] / 2;
}

static double g_of(const struct trial *trial)
{
    const struct problem *p = &trial->instance->problem;
    return p->c[0] * p->alpha / p->beta;
}

/* False on purpose: the limit that belongs to twice the feedback weight. */
static enum status limit_of_doubled_feedback(struct trial *trial, enum finding *finding)
{
    struct problem doubled = trial->instance->problem;
    doubled.c[0] *= 2;
    TRY(problem_predict(&doubled, trial->instance->x0, trial->limit, &trial->prediction));
    trial->predicted = true;
    return conclude_predicted_limit(trial, finding);
}

/* The parabola a1^2 + c1 a2 = 0 on the hyperbola: a1^3 = -c1 rho has one real solution, and
 * a2 = -alpha^(2/3) / (c1^(1/3) beta^(2/3)) there. */
static enum status meets_parabola_once(struct trial *trial, enum finding *finding)
{
    const struct problem *p = &trial->instance->problem;
    double root[3];
    const int count = gsl_poly_solve_cubic(0, 0, g_of(trial), &root[0], &root[1], &root[2]);
    if (count != 1)
        return conclude_fails(trial, finding, "%d common points: a tangency", count);
    const double a2 = -cbrt(p->alpha * p->alpha) / (cbrt(p->c[0]) * cbrt(p->beta * p->beta));
    return conclude_close(trial, "a2", -root[0] * root[0] / p->c[0], a2, finding);
}

/* Distinct real roots of x^3 + 2 K x - 2 g. */
static int leaf_intersections(const struct trial *trial)
{
    double root[3];
    const int count =
        gsl_poly_solve_cubic(0, 2 * K_of(trial), -2 * g_of(trial), &root[0], &root[1], &root[2]);
    int distinct = 1;
    for (int i = 1; i < count; i++)
        distinct += root[i] != root[i - 1];
    return distinct;
}

/* One intersection where 8 K^3 + 27 g^2 > 0 (so for every K >= 0), two at 0, three below. */
static enum status intersects_as_discriminant_says(struct trial *trial, enum finding *finding)
{
    const double K = K_of(trial), g = g_of(trial);
    const double discriminant = 8 * K * K * K + 27 * g * g;
    const int expected = discriminant > 0 || (g == 0 && K == 0) ? 1 : discriminant == 0 ? 2 : 3;
    return conclude_close(trial, "intersections", leaf_intersections(trial), expected, finding);
}

static enum status intersects_once(struct trial *trial, enum finding *finding)
{
    return conclude_close(trial, "intersections", leaf_intersections(trial), 1, finding);
}

/* The flow of the transformed problem goes to the transformed limit. */
static enum status limit_transforms(struct trial *trial, double alpha, double c1, double s1,
                                    double s2, enum finding *finding)
{
    bool rests;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    struct instance image = *trial->instance;
    image.problem.alpha *= alpha;
    image.problem.c[0] *= c1;
    image.x0[0] *= s1;
    image.x0[1] *= s2;
    struct trial other;
    TRY(trial_begin(&other, trial->theorem, &image, &trial->plan));
    const enum status status = conclude_came_to_rest(&other, &rests, finding);
    if (status == OK && rests) {
        const double *a = trial->outcome->limit, *b = other.outcome->limit;
        trial->deviation = fmax(fabs(s1 * a[0] - b[0]), fabs(s2 * a[1] - b[1]));
        *finding = trial->deviation <= trial->theorem->bound ? FINDING_HOLDS : FINDING_FAILS;
    }
    trial_end(&other);
    return status;
}

/* alpha -> -alpha is the reflection a1 -> -a1; c1 -> -c1 the point reflection. */
static enum status reflects(struct trial *trial, enum finding *finding)
{
    TRY(limit_transforms(trial, -1, 1, -1, 1, finding));
    return *finding == FINDING_HOLDS ? limit_transforms(trial, 1, -1, -1, -1, finding) : OK;
}

/* False on purpose: alpha -> -alpha as the reflection a2 -> -a2. */
static enum status reflects_the_other_way(struct trial *trial, enum finding *finding)
{
    return limit_transforms(trial, -1, 1, 1, -1, finding);
}

/* a1 stays; a2 -> rho/a1, or nothing moves where a1 = 0. */
static enum status only_top_learns(struct trial *trial, enum finding *finding)
{
    bool rests;
    TRY(conclude_came_to_rest(trial, &rests, finding));
    if (!rests)
        return OK;
    const struct problem *p = &trial->instance->problem;
    const double *x = trial->instance->x0;
    const double a2 = x[0] != 0 ? p->alpha / p->beta / x[0] : x[1];
    TRY(conclude_close(trial, "a2", trial->outcome->limit[1], a2, finding));
    if (*finding == FINDING_HOLDS && trial->outcome->limit[0] != x[0])
        return conclude_fails(trial, finding, "a1 moves");
    return OK;
}

/* The published linear statement: at S = 0 a small error stays as it is. */
static enum status error_stays(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    TRY(trial_outcome(trial, &outcome));
    const double before = fabs(chain_error(trial->flow, trial->instance->x0));
    const double after = fabs(chain_error(trial->flow, outcome->last));
    trial->deviation = fabs(after / before - 1);
    if (!(trial->deviation <= trial->theorem->bound))
        return conclude_fails(trial, finding, "the error goes from %.4g to %.4g (%s)", before,
                              after, ending_name(outcome->ending));
    return conclude_holds(finding);
}

/* |a1 + h| t -> 2 / (3 beta h), h = g^(1/3). */
static enum status approaches_like_one_over_t(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    trial->plan.no_endings = true;
    trial->plan.horizon = LATE;
    TRY(trial_outcome(trial, &outcome));
    const double h = cbrt(g_of(trial));
    const double law = 2 / (3 * trial->instance->problem.beta * fabs(h));
    return conclude_close(trial, "|a1 + h| t", fabs(outcome->last[0] + h) * outcome->t / law, 1,
                          finding);
}

/* Time to settle behind the ghost of the double root: pi / (beta sqrt(3/2 h^2 d)). */
static enum status passes_in_time(struct trial *trial, enum finding *finding)
{
    const struct outcome *outcome;
    TRY(trial_outcome(trial, &outcome));
    const double h = cbrt(g_of(trial)), d = K_of(trial) + 1.5 * h * h;
    const double passage = acos(-1) / (trial->instance->problem.beta * sqrt(1.5 * h * h * d));
    if (outcome->ending != ENDING_SETTLED)
        return conclude_fails(trial, finding, "ends %s at t = %.6g", ending_name(outcome->ending),
                              outcome->t);
    TRY(conclude_close(trial, "passage time", outcome->t / passage, 1, finding));
    return OK;
}

/* Control for sign changes: one layer more, (L5). */
static bool sample_three_layers(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    *instance = sample_six_changes();
    return index == 0;
}

/* Control for cycles: ten layers, decay 30, alpha 31, beside the unstable equilibrium (1, ..., 1),
 * (D2). */
static bool sample_cycling(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    *instance = sample_cycling_chain();
    return index == 0;
}

/* ---- the records ---- */

static const struct theorem records[] = {
    {
        .id = "t2-converges",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 2",
        .hypotheses = "A[1,1,1] under rbp (= srbp), beta > 0, c1 != 0; any alpha, any start",
        .statement =
            "From every start the weights converge, to a global minimum alpha = beta a1 a2",
        .label = "K1",
        .recorded = VERDICT_PROVED,
        .trials = 1500,
        .corners = ALL_CORNERS,
        .sweep = 40,
        .bound = ERROR_BOUND,
        .sample = sample_all,
        .conclude = conclude_global_minimum,
        .control = {.what = "the top layer learns with the wrong sign", .sample = sample_wrong_top},
        .proof = &proof_chain_converges,
    },
    {
        .id = "t2-limit",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 2, Eq. 31",
        .hypotheses =
            "A[1,1,1] under rbp (= srbp), beta > 0, c1 != 0; any start; K = c1 a2 - a1^2/2 there",
        .statement = "The limit is the next real root of a1^3 + 2 K a1 - 2 c1 rho in the direction "
                     "of motion",
        .label = "K1",
        .recorded = VERDICT_PROVED,
        .trials = 1000,
        .corners = ALL_CORNERS,
        .sweep = 20,
        .bound = LIMIT_BOUND,
        .sample = sample_all,
        .conclude = conclude_predicted_limit,
        .control = {.what = "the limit of twice the feedback weight",
                    .sample = sample_drawn,
                    .conclude = limit_of_doubled_feedback},
        .proof = &proof_pair_limit,
    },
    {
        .id = "t2-rate",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 2, Eq. 33",
        .hypotheses = "A[1,1,1] under rbp (= srbp), beta > 0, c1 != 0; a start that is no fixed "
                      "point and whose limit has a1^2 + c1 a2 > 0 (all starts but a null set)",
        .statement = "the approach is exponential with rate beta (a1^2 + c1 a2) at the limit",
        .label = "H2",
        .recorded = VERDICT_SUPPORTED,
        .trials = 1000,
        .corners = 0,
        .bound = RATE_BOUND,
        .sample = sample_drawn,
        .conclude = conclude_predicted_rate,
        .control = {.what = "the rate without the lower layer, beta a1^2",
                    .sample = sample_drawn,
                    .conclude = conclude_rate_of_top_layer},
    },
    {
        .id = "t2-attractors-published",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 2, discussion",
        .hypotheses = "A[1,1,1] under rbp (= srbp), beta > 0, c1 != 0; starts beside a fixed "
                      "point, on its leaf",
        .statement = "all fixed points are attractors except those interior to the parabola a1^2 + "
                     "c1 a2 = 0",
        .label = "K2",
        .recorded = VERDICT_REFUTED,
        .trials = 200,
        .corners = 1,
        .bound = NEAR,
        .sample = sample_not_inside,
        .conclude = conclude_stays_near,
        .control = {.what = "fixed points interior to the parabola",
                    .sample = sample_inside_parabola},
        .proof = &proof_witness_semistable,
    },
    {
        .id = "t2-attractors",
        .source = "corrects Baldi, Sadowski, Lu (2018); notes/chains.md",
        .hypotheses = "A[1,1,1] under rbp (= srbp), beta > 0, c1 != 0; a fixed point with a1^2 + "
                      "c1 a2 > 0, starts beside it, on its leaf",
        .statement = "the fixed point attracts along its leaf",
        .label = "K2",
        .recorded = VERDICT_SUPPORTED,
        .trials = 1000,
        .corners = 0,
        .sweep = 20,
        .bound = NEAR,
        .sample = sample_outside_parabola,
        .conclude = conclude_stays_near,
        .control = {.what = "fixed points interior to the parabola",
                    .sample = sample_inside_parabola},
    },
    {
        .id = "t2-parabola-meets-once",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 2, Eq. 28",
        .hypotheses = "A[1,1,1] under rbp (= srbp), alpha != 0, beta > 0, c1 != 0",
        .statement = "the parabola a1^2 + c1 a2 = 0 meets the hyperbola a1 a2 = rho in one point, "
                     "a2 = -alpha^(2/3)/(c1^(1/3) beta^(2/3))",
        .label = "K6",
        .recorded = VERDICT_PROVED,
        .trials = 1000,
        .corners = 0,
        .bound = LIMIT_BOUND,
        .sample = sample_drawn,
        .conclude = meets_parabola_once,
        .control = {.what = "alpha = 0", .sample = sample_alpha_zero},
        .proof = &proof_pair_parabola,
    },
    {
        .id = "t2-leaf-intersections",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 2, Eqs. 30-31",
        .hypotheses =
            "A[1,1,1] under rbp (= srbp), beta > 0, c1 != 0; a leaf, K = c1 a2 - a1^2/2 on it",
        .statement = "the leaf meets P = rho once where 8 K^3 + 27 (c1 rho)^2 > 0 or K >= 0, twice "
                     "where it is 0 and K < 0, three times where it is negative",
        .label = "K6",
        .recorded = VERDICT_PROVED,
        .trials = 1000,
        .corners = ALL_CORNERS,
        .bound = 0,
        .sample = sample_all,
        .conclude = intersects_as_discriminant_says,
        .control = {.what = "every leaf meets it once",
                    .sample = sample_all,
                    .conclude = intersects_once},
        .proof = &proof_pair_leaf,
    },
    {
        .id = "t2-sign-change-published",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 2, discussion",
        .hypotheses = "A[1,1,1] under rbp (= srbp), beta > 0, c1 != 0; any start",
        .statement = "dP/dt can change sign only once along a trajectory",
        .label = "K3",
        .recorded = VERDICT_REFUTED,
        .trials = 400,
        .corners = 1,
        .bound = 1,
        .sample = sample_witness_first,
        .conclude = conclude_sign_changes_bounded,
        .control = {.what = "a chain of three layers with six changes",
                    .sample = sample_three_layers},
        .proof = &proof_witness_turns,
    },
    {
        .id = "t2-sign-change",
        .source = "corrects Baldi, Sadowski, Lu (2018); notes/chains.md",
        .hypotheses = "A[1,1,1] under rbp (= srbp), beta > 0, c1 != 0; any start",
        .statement = "dP/dt changes sign at most twice along a trajectory",
        .label = "K3",
        .recorded = VERDICT_PROVED,
        .trials = 1000,
        .corners = 1,
        .bound = 2,
        .sample = sample_witness_first,
        .conclude = conclude_sign_changes_bounded,
        .control = {.what = "a chain of three layers with six changes",
                    .sample = sample_three_layers},
        .proof = &proof_chain_degree,
    },
    {
        .id = "t2-congruent-pointwise",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 2, Eq. 24",
        .hypotheses = "A[1,1,1] under rbp (= srbp), beta > 0; a state with c1 a2 > 0",
        .statement = "dP/dt has the sign of alpha - beta P",
        .label = "K4",
        .recorded = VERDICT_PROVED,
        .trials = 2000,
        .corners = 0,
        .bound = 0,
        .sample = sample_congruent,
        .conclude = conclude_sensitivity_positive,
        .control = {.what = "a2 and c1 of opposite signs", .sample = sample_opposed},
        .proof = &proof_slope_pair,
    },
    {
        .id = "t2-congruent-invariant-published",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 2, discussion",
        .hypotheses = "A[1,1,1] under rbp (= srbp), beta > 0, c1 > 0; a start with a1 < 0 < a2",
        .statement = "dP/dt keeps the sign of alpha - beta P all the way",
        .label = "K4",
        .recorded = VERDICT_REFUTED,
        .trials = 400,
        .corners = 1,
        .bound = 0,
        .sample = sample_second_quadrant,
        .conclude = conclude_sign_changes_bounded,
        .control = {.what = "the witness alone: a1 = -2, a2 = 1", .sample = sample_witness},
        .proof = &proof_witness_turns,
    },
    {
        .id = "t2-congruent-invariant",
        .source = "corrects Baldi, Sadowski, Lu (2018); notes/chains.md",
        .hypotheses =
            "A[1,1,1] under rbp (= srbp), beta > 0, c1 != 0; a start with K = c1 a2 - a1^2/2 >= 0",
        .statement = "dP/dt has the sign of alpha - beta P all the way",
        .label = "K4",
        .recorded = VERDICT_SUPPORTED,
        .trials = 600,
        .corners = 1,
        .bound = 0,
        .sample = sample_upper_leaf,
        .conclude = conclude_sign_changes_bounded,
        .control = {.what = "a leaf with K < 0", .sample = sample_witness},
    },
    {
        .id = "t2-small-feedback-published",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 2, discussion",
        .hypotheses = "A[1,1,1] under rbp (= srbp), beta > 0, c1 small, of either sign; any state; "
                      "tried: |c1| <= 0.02",
        .statement = "dP/dt has the sign of alpha - beta P",
        .label = "K5",
        .recorded = VERDICT_REFUTED,
        .trials = 2000,
        .corners = 1,
        .bound = 0,
        .sample = sample_small_feedback,
        .conclude = conclude_sensitivity_positive,
        .control = {.what = "feedback opposed to a2", .sample = sample_opposed},
        .proof = &proof_witness_small_pair,
    },
    {
        .id = "t2-small-feedback",
        .source = "corrects Baldi, Sadowski, Lu (2018); notes/chains.md",
        .hypotheses = "A[1,1,1] under rbp (= srbp), beta > 0; a state with |c1 a2| < a1^2",
        .statement = "dP/dt has the sign of alpha - beta P",
        .label = "K5",
        .recorded = VERDICT_PROVED,
        .trials = 2000,
        .corners = 0,
        .bound = 0,
        .sample = sample_dominated,
        .conclude = conclude_sensitivity_positive,
        .control = {.what = "feedback opposed to a2", .sample = sample_opposed},
        .proof = &proof_slope_pair_small,
    },
    {
        .id = "t2-first-quadrant",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 2, discussion",
        .hypotheses =
            "A[1,1,1] under rbp (= srbp), alpha > 0, beta > 0, c1 > 0; a start with a1 > 0, a2 > 0",
        .statement = "a1, a2 and P are monotone",
        .label = "K10",
        .recorded = VERDICT_SUPPORTED,
        .trials = 600,
        .corners = 0,
        .bound = REVERSAL,
        .sample = sample_first_quadrant,
        .conclude = conclude_weights_monotone,
        .control = {.what = "a start outside the quadrant", .sample = sample_witness},
    },
    {
        .id = "t2-reflections",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 2, proof",
        .hypotheses = "A[1,1,1] under rbp (= srbp), beta > 0, c1 != 0; any start",
        .statement = "alpha -> -alpha is the reflection a1 -> -a1 of the plane, c1 -> -c1 the "
                     "point reflection",
        .label = "K8",
        .recorded = VERDICT_PROVED,
        .trials = 300,
        .corners = 0,
        .bound = LIMIT_BOUND,
        .sample = sample_drawn,
        .conclude = reflects,
        .control = {.what = "alpha -> -alpha as the reflection a2 -> -a2",
                    .sample = sample_drawn,
                    .conclude = reflects_the_other_way},
        .proof = &proof_pair_reflections,
    },
    {
        .id = "t2-zero-feedback",
        .source = "notes/chains.md",
        .hypotheses = "A[1,1,1] under rbp (= srbp), beta > 0, c1 = 0; any start",
        .statement = "a1 stays and a2 -> rho/a1; where a1 = 0 nothing moves",
        .label = "K9",
        .recorded = VERDICT_SUPPORTED,
        .trials = 300,
        .corners = 1,
        .sweep = 20,
        .bound = LIMIT_BOUND,
        .sample = sample_no_feedback,
        .conclude = only_top_learns,
        .control = {.what = "c1 != 0", .sample = sample_drawn},
    },
    {
        .id = "t2-neutral-published",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 2, linearisation, Eq. 33",
        .hypotheses = "A[1,1,1] under rbp (= srbp), alpha != 0, beta > 0, c1 != 0; a fixed point "
                      "with a1^2 + c1 a2 = 0; starts on its leaf, on the side that it attracts",
        .statement = "a small error w = alpha - beta P stays constant",
        .label = "K11",
        .recorded = VERDICT_REFUTED,
        .trials = 20,
        .corners = 1,
        .bound = 0.5,
        .sample = sample_semistable,
        .conclude = error_stays,
        .control = {.what = "a hyperbolic fixed point, where the error decays",
                    .sample = sample_drawn},
        .proof = &proof_witness_semistable,
    },
    {
        .id = "t2-semistable-law",
        .source = "notes/chains.md",
        .hypotheses = "A[1,1,1] under rbp (= srbp), alpha != 0, beta > 0, c1 != 0; starts on the "
                      "leaf of the semistable point a1 = -h, h = (c1 rho)^(1/3), on the side that "
                      "it attracts; tried: h > 0",
        .statement = "the point is approached with |a1 + h| t -> 2/(3 beta h)",
        .label = "K11",
        .recorded = VERDICT_SUPPORTED,
        .trials = 60,
        .corners = 1,
        .bound = LAW_BOUND,
        .sample = sample_semistable,
        .conclude = approaches_like_one_over_t,
        .control = {.what = "the free side, where the orbit leaves",
                    .sample = sample_semistable_free_side},
    },
    {
        .id = "t2-ghost-passage",
        .source = "notes/chains.md",
        .hypotheses = "A[1,1,1] under rbp (= srbp), alpha != 0, beta > 0, c1 != 0; h = (c1 "
                      "rho)^(1/3) > 0, K* = -(3/2) h^2; a start with a1 < -h on the leaf K = K* + "
                      "d, d > 0 small; tried: d = 2^-17, ..., 2^-30",
        .statement = "the leaf, just above the critical one, is passed in the time pi/(beta "
                     "sqrt(3/2 h^2 d)), and the trajectory never settles on the way",
        .label = "K7",
        .recorded = VERDICT_SUPPORTED,
        .trials = 140,
        .corners = 0,
        .bound = PASSAGE_BOUND,
        .sample = sample_ghost,
        .conclude = passes_in_time,
        .control = {.what = "the critical leaf itself, d = 0", .sample = sample_semistable},
    },
    {
        .id = "t2-no-limit-cycles",
        .source = "Baldi, Sadowski, Lu (2018), Theorem 2",
        .hypotheses = "A[1,1,1] under rbp (= srbp), beta > 0, c1 != 0, no decay; any start",
        .statement = "no trajectory is a limit cycle",
        .label = "L14",
        .recorded = VERDICT_PROVED,
        .trials = 400,
        .corners = ALL_CORNERS,
        .sweep = 20,
        .bound = 0,
        .sample = sample_all,
        .conclude = conclude_no_cycle,
        .control = {.what = "ten layers with weight decay", .sample = sample_cycling},
        .proof = &proof_chain_cycles,
    },
};

const struct chapter chapter_theorem_2 = {
    .title = "Theorem 2: A[1,1,1]",
    .theorem = records,
    .theorems = sizeof records / sizeof *records,
};
