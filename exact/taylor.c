/* Steps with point starts and balls that grow.
 *
 * Starts are rationals, and precision is cheap, so that the balls need no frames of coordinates: what they
 * lose on the way, a few bits a step, is what `prec` has in store.  Rejected: Lohner's method with
 * QR, which boxes of starts would need. */
#include "exact/taylor.h"

#include <math.h>
#include <stdlib.h>

/* order^2 2^(prec/order), what a unit of time costs, is least for order = prec log(2)/2. */
enum { BITS_PER_ORDER = 3, ORDER_LEAST = 8 };
/* Of the step at which the last term is lost in rounding: the remainder is larger than that term. */
static const double CAUTION = 0.5;

enum status taylor_create(const struct taylor_field *field, slong prec, int sign, arb_srcptr x,
                          struct taylor **out)
{
    struct taylor *t = calloc(1, sizeof *t);
    if (!t)
        return status_fail(NO_MEMORY, "a Taylor integration of %zu unknowns", field->n);
    const slong n = (slong)field->n;
    t->field = field;
    t->prec = prec;
    t->sign = sign;
    t->order = ORDER_LEAST + prec / BITS_PER_ORDER;
    t->stride = t->order + 2;
    t->x = _arb_vec_init(n);
    t->series = _arb_vec_init((n + 1) * t->stride);
    t->over = _arb_vec_init((n + 1) * t->stride);
    t->hull = _arb_vec_init(n);
    arf_init(t->h);
    arb_poly_init(t->error);
    root_init(&t->root);
    _arb_vec_set(t->x, x, n);
    *out = t;
    return OK;
}

void taylor_free(struct taylor *t)
{
    if (!t)
        return;
    const slong n = (slong)t->field->n;
    _arb_vec_clear(t->x, n);
    _arb_vec_clear(t->series, (n + 1) * t->stride);
    _arb_vec_clear(t->over, (n + 1) * t->stride);
    _arb_vec_clear(t->hull, n);
    arf_clear(t->h);
    arb_poly_clear(t->error);
    root_clear(&t->root);
    free(t);
}

/* ---- the length of a step ---- */

/* |x_order| h^order about 2^-prec: a proposal, no proof depends on it. */
static void propose(struct taylor *t)
{
    mag_t largest, size;
    mag_init(largest);
    mag_init(size);
    for (size_t j = 0; j < t->field->n; j++) {
        arb_get_mag(size, t->series + (slong)j * t->stride + t->order);
        mag_max(largest, largest, size);
    }
    arf_one(t->h);
    if (!mag_is_zero(largest))
        arf_set_d(t->h, CAUTION * exp2(-(mag_get_d_log2_approx(largest) + (double)t->prec) /
                                       (double)t->order));
    mag_clear(largest);
    mag_clear(size);
}

/* ball = x + slack [-h, h] (first coefficient of `from`) */
static void picard(const struct taylor *t, arb_srcptr from, slong slack, arb_ptr ball)
{
    arb_t step;
    arb_init(step);
    for (size_t j = 0; j < t->field->n; j++) {
        arb_srcptr slope = from + (slong)j * t->stride + 1;
        arb_mul_arf(step, slope, t->h, t->prec);
        arb_mul_si(step, step, slack, t->prec);
        arb_set(ball + j, t->x + j);
        arb_add_error(ball + j, step); /* a symmetric interval contains [0, h] slope */
    }
    arb_clear(step);
}

static bool contains_all(const struct taylor *t, arb_srcptr image)
{
    bool inside = true;
    for (size_t j = 0; j < t->field->n; j++)
        inside = inside && arb_is_finite(image + j) && arb_contains(t->hull + j, image + j);
    return inside;
}

/* Picard: if x + [-h, h] V(hull) is inside hull, the solution stays in it for |t| <= h.  Candidates
 * for hull are twice the last image, so that unknowns which rest at the start get a width, too. */
static bool encloses(struct taylor *t)
{
    enum { CANDIDATES = 4, SLACK = 2 };
    const struct taylor_rows rows = {.stride = t->stride, .prec = t->prec, .at = t->over};
    arb_ptr image = _arb_vec_init((slong)t->field->n);
    bool inside = false;
    picard(t, t->series, SLACK, t->hull);
    for (int k = 0; k < CANDIDATES && !inside; k++) {
        t->field->series(t->field, t->hull, 1, &rows);
        picard(t, t->over, 1, image);
        inside = contains_all(t, image);
        if (!inside)
            picard(t, t->over, SLACK, t->hull);
    }
    if (inside)
        t->field->series(t->field, t->hull, t->order + 1, &rows);
    _arb_vec_clear(image, (slong)t->field->n);
    return inside;
}

static bool find_step(struct taylor *t)
{
    enum { HALVINGS = 60 };
    propose(t);
    for (int k = 0; k < HALVINGS; k++) {
        if (encloses(t))
            return true;
        arf_mul_2exp_si(t->h, t->h, -1);
    }
    return false;
}

/* ---- e on the step ---- */

static void error_jet(const void *self, const arb_t s, slong order, slong prec, arb_ptr e)
{
    const struct taylor *t = self;
    arb_poly_t shifted;
    arb_poly_init(shifted);
    arb_poly_taylor_shift(shifted, t->error, s, prec);
    for (slong k = 0; k <= order; k++)
        arb_poly_get_coeff_arb(e + k, shifted, k);
    arb_poly_clear(shifted);
}

static void set_error(struct taylor *t)
{
    const slong row = (slong)t->field->n * t->stride;
    arb_poly_zero(t->error);
    for (slong k = 0; k <= t->order; k++)
        arb_poly_set_coeff_arb(t->error, k, t->series + row + k);
    arb_poly_set_coeff_arb(t->error, t->order + 1, t->over + row + t->order + 1);
    t->curve = (struct curve){.jet = error_jet, .degree = t->order + 1, .self = t};
    t->curve.end[1] = t->h;
}

/* On most steps the plain enclosure of e excludes 0. */
static bool is_far_from_zero(const struct taylor *t)
{
    arb_t step, value;
    arf_t zero;
    arb_init(step);
    arb_init(value);
    arf_init(zero);
    arb_set_interval_arf(step, zero, t->h, t->prec);
    arb_poly_evaluate(value, t->error, step, t->prec);
    const bool far = t->sign > 0 ? arb_is_positive(value) : arb_is_negative(value);
    arb_clear(step);
    arb_clear(value);
    arf_clear(zero);
    return far;
}

static enum taylor_verdict look_for_zero(struct taylor *t)
{
    if (is_far_from_zero(t))
        return TAYLOR_GOES_ON;
    struct march march;
    march_init(&march, &t->curve, 1, t->sign);
    march.prec = t->prec;
    arf_set(march.h, t->h);
    const enum march_verdict verdict = march_run(&march);
    t->root.direction = 1;
    t->root.multiplicity = 1;
    arf_set(t->root.low, march.t);
    arf_set(t->root.high, march.far);
    march_clear(&march);
    if (verdict == MARCH_BRACKET)
        return TAYLOR_ZERO;
    return verdict == MARCH_NONE ? TAYLOR_GOES_ON : TAYLOR_STUCK;
}

/* Unknown j at time s of the step. */
static void unknown_at(const struct taylor *t, size_t j, const arb_t s, arb_t value)
{
    arb_ptr row = t->series + (slong)j * t->stride;
    arb_set(value, t->over + (slong)j * t->stride + t->order + 1);
    for (slong k = t->order; k >= 0; k--) {
        arb_mul(value, value, s, t->prec);
        arb_add(value, value, row + k, t->prec);
    }
}

enum taylor_verdict taylor_step(struct taylor *t)
{
    const struct taylor_rows rows = {.stride = t->stride, .prec = t->prec, .at = t->series};
    t->field->series(t->field, t->x, t->order, &rows);
    if (!find_step(t))
        return TAYLOR_STUCK;
    set_error(t);
    const enum taylor_verdict verdict = look_for_zero(t);
    if (verdict != TAYLOR_GOES_ON)
        return verdict;
    arb_t end;
    arb_init(end);
    arb_set_arf(end, t->h);
    for (size_t j = 0; j < t->field->n; j++)
        unknown_at(t, j, end, t->x + j); /* reads the series only */
    arb_clear(end);
    return TAYLOR_GOES_ON;
}

bool taylor_at_zero(struct taylor *t, slong bits, arb_ptr x, arb_t slope)
{
    arb_t s;
    arb_ptr jet = _arb_vec_init(2);
    arb_init(s);
    const bool good = root_refine(&t->curve, &t->root, bits, s);
    for (size_t j = 0; j < t->field->n && good; j++)
        unknown_at(t, j, s, x + j);
    error_jet(t, s, 1, t->prec, jet);
    arb_mul_si(slope, jet + 1, t->field->direction, t->prec);
    arb_clear(s);
    _arb_vec_clear(jet, 2);
    return good;
}
