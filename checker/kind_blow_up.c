/* A trajectory that leaves every bounded set in finite time: the error has no zero ahead, and
 * T = int ds/|G|.
 *
 * The half line is cut into parts [t, t + 2h].  With f = 1/(delta G) on a part around m, and n
 * even,
 *
 *     int f in sum_(j < n, even) f_j(m) 2 h^(j+1)/(j+1) + f_n(part) 2 h^(n+1)/(n+1)
 *
 * by Taylor's theorem, as (t - m)^n is not negative; this also needs delta G > 0 on the part, which
 * is the proof that there is no zero there.  A step is halved when the sum gets too wide, and
 * doubled when it does not. From a place on, beyond.h, delta G >= g_0 + g_2 q^2, and what is left
 * is between 0 and
 *
 *     int_0^inf dq / (g_0 + g_2 q^2) <= int min(1/g_0, 1/(g_2 q^2)) dq = 2 / (g_0 g_2)^(1/2).
 *
 * The time is that of (EX5).  In its variable u = 1/(1 + s) the integral is over [0, 1], but there
 * the curve cannot be started anew, and enclosures of a polynomial of degree 127 are useless. */
#include "checker/beyond.h"
#include "checker/crossing.h"
#include "checker/jet.h"
#include "checker/kind.h"
#include "checker/memory.h"
#include "checker/reject.h"

#include <stdio.h>

enum {
    ORDER_LEAST = 8,        /* n, for a short claim; b bits take n^2 2^(b/n) of work, */
    ORDER_MOST = 64,        /* the least at n = b log(2)/2, */
    BITS_OF_TWO_ORDERS = 6, /* so two more for 6 bits */
    PATIENCE = 4,           /* steps after one that was too long, before a longer one is tried */
    PARTS_MOST = 1 << 14,
    STEP_BITS_LEAST = 64, /* no step is below 2^-64 */
    TOLERANCE_BITS = 14,  /* a part may have this part of the claimed interval as its radius, */
    TAIL_BITS = 10,       /* and what is left may be 2^10 times as long */
    REFINEMENTS = 4,      /* of the sum, if it does not fit into the interval */
    REFINEMENT_BITS = 8
};

struct quadrature {
    struct beyond beyond;
    mpq_t *time; /* the claim: time[0] <= T <= time[1] */
    struct curve *curve;
    struct ball_context *c;
    struct ball *f, *scaled; /* jets */
    struct ball sum, tolerance;
    mpq_t t, step;
    size_t order;     /* n */
    mp_bitcnt_t bits; /* of the claim, after the point */
    unsigned patience;
};

/* ---- one part -------------------------------------------------------------------------------- */

/* f_j h^j for f = 1/(delta G): the series in (t - m)/h, whose terms are of one size. */
static void invert(struct quadrature *q, const struct ball *series, const struct ball *h)
{
    const struct jet_space *space = curve_series_space(q->curve);
    struct ball power;
    ball_init(&power);
    ball_set_integer(q->c, &power, q->beyond.direction == CURVE_FORWARD ? 1 : -1);
    for (size_t j = 0; j < space->size; j++) {
        ball_mul(q->c, &q->scaled[j], &series[j], &power);
        ball_mul(q->c, &power, &power, h);
    }
    jet_inverse(space, q->f, q->scaled);
    ball_clear(&power);
}

/* part += f_j h^j 2 h / (j+1) */
static void add_term(struct quadrature *q, struct ball *part, const struct ball *h, size_t j)
{
    struct ball term, divisor;
    ball_init(&term);
    ball_init(&divisor);
    ball_mul(q->c, &term, h, &q->f[j]);
    ball_mul_integer(q->c, &term, &term, 2);
    ball_set_integer(q->c, &divisor, (long)j + 1);
    ball_div(q->c, &term, &term, &divisor);
    ball_add(q->c, part, part, &term);
    ball_clear(&term);
    ball_clear(&divisor);
}

/* The integral over the part of the last curve_enclose(), of half length h. */
static void integrate(struct quadrature *q, struct ball *part, const mpq_t length)
{
    struct ball h;
    ball_init(&h);
    ball_set_rational(q->c, &h, length);
    ball_scale(q->c, &h, &h, -1);
    ball_set_integer(q->c, part, 0);
    invert(q, curve_series(q->curve), &h);
    add_term(q, part, &h, q->order);
    invert(q, curve_series_at_middle(q->curve), &h);
    for (size_t j = 0; j < q->order; j += 2)
        add_term(q, part, &h, j);
    ball_clear(&h);
}

/* Adds the part [t, t + step] if delta G > 0 there and the radius is small enough. */
static bool take_part(struct quadrature *q, const mpq_t end)
{
    struct ball part;
    ball_init(&part);
    curve_enclose(q->curve, q->beyond.direction, q->t, end);
    bool taken = curve_is_positive(q->curve, NULL);
    if (taken) {
        integrate(q, &part, q->step);
        taken = ball_is_bounded(&part) && mpz_cmp(part.r, q->tolerance.m) <= 0;
    }
    if (taken)
        ball_add(q->c, &q->sum, &q->sum, &part);
    ball_clear(&part);
    return taken;
}

/* ---- the tail -------------------------------------------------------------------------------- */

/* Adds [0, 2/(g_0 g_2)^(1/2)], if it is small enough and the error grows from t on. */
static bool take_tail(struct quadrature *q)
{
    struct ball tail, zero;
    ball_init(&tail);
    ball_init(&zero);
    bool taken = !beyond_fault(q->curve, &q->beyond, q->t);
    if (taken) { /* delta^2 = 1 */
        ball_mul(q->c, &tail, curve_error(q->curve, 0), curve_error(q->curve, 2));
        ball_set_integer(q->c, &zero, 2 * 2);
        ball_div(q->c, &tail, &zero, &tail);
        taken = ball_is_positive(&tail);
        ball_root_upper(q->c, &tail, &tail);
        ball_scale(q->c, &zero, &q->tolerance, TAIL_BITS);
        taken = taken && ball_is_bounded(&tail) && mpz_cmp(tail.m, zero.m) <= 0;
    }
    if (taken) {
        ball_set_integer(q->c, &zero, 0);
        ball_hull(q->c, &tail, &tail, &zero);
        ball_add(q->c, &q->sum, &q->sum, &tail);
    }
    ball_clear(&tail);
    ball_clear(&zero);
    return taken;
}

/* ---- the sum --------------------------------------------------------------------------------- */

/* Is delta G negative at the place? */
static bool has_crossed(struct quadrature *q, const mpq_t t)
{
    curve_enclose(q->curve, q->beyond.direction, t, t);
    return curve_is_negative(q->curve, NULL);
}

static bool step_is_too_short(const struct quadrature *q)
{
    mpq_t scaled;
    mpq_init(scaled);
    mpq_mul_2exp(scaled, q->step, STEP_BITS_LEAST);
    bool too_short = mpq_cmp_ui(scaled, 1, 1) < 0;
    mpq_clear(scaled);
    return too_short;
}

static const char *add_parts(struct quadrature *q)
{
    const char *fault = "the time takes too many parts";
    mpq_t end;
    mpq_init(end);
    for (unsigned long parts = 0; parts < PARTS_MOST; parts++) {
        mpq_add(end, q->t, q->step);
        if (take_part(q, end)) {
            mpq_swap(q->t, end);
            if (q->patience)
                q->patience--;
            else
                mpq_mul_2exp(q->step, q->step, 1);
            if (take_tail(q)) {
                fault = NULL;
                break;
            }
        } else {
            mpq_div_2exp(q->step, q->step, 1);
            q->patience = PATIENCE;
            if (has_crossed(q, end))
                reject("the error has a zero ahead");
            if (step_is_too_short(q)) {
                fault = "the error is not proved to have no zero ahead";
                break;
            }
        }
    }
    mpq_clear(end);
    return fault;
}

static const char *sum_up(struct quadrature *q)
{
    ball_set_integer(q->c, &q->sum, 0);
    mpq_set_ui(q->t, 0, 1);
    mpq_set_ui(q->step, 1, 1);
    return add_parts(q);
}

static const char *refine(struct quadrature *q)
{
    mpq_t width;
    mpq_init(width);
    mpq_sub(width, q->time[1], q->time[0]);
    ball_set_rational(q->c, &q->tolerance, width);
    ball_scale(q->c, &q->tolerance, &q->tolerance, -TOLERANCE_BITS);
    mpq_clear(width);
    for (unsigned k = 0; k < REFINEMENTS; k++) {
        const char *fault = sum_up(q);
        if (fault)
            return fault;
        if (ball_is_within(q->c, &q->sum, q->time[0], q->time[1]))
            return NULL;
        if (ball_is_below(q->c, &q->sum, q->time[0]) || ball_is_above(q->c, &q->sum, q->time[1]))
            reject("the time of the blow-up is not in the interval");
        ball_scale(q->c, &q->tolerance, &q->tolerance, -REFINEMENT_BITS);
    }
    return "the time of the blow-up is not proved to be in the interval";
}

/* ---- the claim ------------------------------------------------------------------------------- */

static const char *attempt(struct curve *curve, void *claim)
{
    struct quadrature *q = claim;
    struct crossing start = {.direction = q->beyond.direction};
    const char *fault = crossing_fault_before(curve, &start);
    if (fault)
        return fault;
    q->curve = curve;
    q->c = curve_context(curve);
    if (q->c->bits < 2 * q->bits && q->c->bits < curve_precisions[CURVE_PRECISIONS - 1])
        return "the bits are too few";
    q->f = jet_vector(curve_series_space(curve), 1);
    q->scaled = jet_vector(curve_series_space(curve), 1);
    ball_init(&q->sum);
    ball_init(&q->tolerance);
    fault = refine(q);
    ball_vector_clear(q->f, q->order + 1);
    ball_vector_clear(q->scaled, q->order + 1);
    ball_clear(&q->sum);
    ball_clear(&q->tolerance);
    return fault;
}

/* How many bits after the point the claim has, and the order that fits them. */
static void choose_order(struct quadrature *q)
{
    mpq_t width;
    mpq_init(width);
    mpq_sub(width, q->time[1], q->time[0]);
    size_t over = mpz_sizeinbase(mpq_numref(width), 2),
           under = mpz_sizeinbase(mpq_denref(width), 2);
    q->bits = under > over ? under - over : 0;
    q->order = ORDER_LEAST + 2 * (q->bits / BITS_OF_TWO_ORDERS);
    if (q->order > ORDER_MOST)
        q->order = ORDER_MOST;
    mpq_clear(width);
}

static void check(struct text *text, const struct premise *premise,
                  char sentence[KIND_SENTENCE_MAX])
{
    struct curve_data data = curve_data_of(premise);
    struct quadrature q = {.time = memory_numbers(2)};
    q.beyond = (struct beyond){.premise = premise, .data = &data};
    mpq_init(q.t);
    mpq_init(q.step);
    text_line(text, "direction");
    q.beyond.direction = crossing_read_direction(text);
    text_line(text, "time");
    text_interval(text, q.time[0], q.time[1]);
    const char *fault = beyond_degree_fault(&q.beyond);
    if (fault)
        reject("%s", fault);
    choose_order(&q);
    struct curve_make make = {.premise = premise, .orders = q.order + 1};
    curve_decide(&make, &data, attempt, &q);
    snprintf(sentence, KIND_SENTENCE_MAX,
             "the trajectory from the start leaves every bounded set at a time in the interval");
}

const struct kind kind_blow_up = {
    .name = "blow-up",
    .label = "CT1",
    .families = KIND_FAMILIES_SCALAR,
    .rules = KIND_RULES_FIXED,
    .check = check,
};
