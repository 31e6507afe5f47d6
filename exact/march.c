/* Steps that are free of zeros, and brackets.
 *
 * With g = sign e(direction t), positive at t, and m the middle of X = [t, t + h], Taylor's theorem
 * encloses g on X by g(m) + g'(m) r + g''(X) r^2/2, |r| <= h/2: its width is O(h^2) about a double
 * zero where the natural extension's is O(h), so that the march comes near one in a geometric series
 * of steps.  The same gives g' on X by g'(m) + g''(X) r. */
#include "exact/march.h"

enum { JET = 3, MIDDLE = 2, FIRST_STEP = -4, STEPS_MOST = 30000, RESOLUTION = 3 };

void march_init(struct march *march, const struct curve *curve, int direction, int sign)
{
    enum { PREC_FIRST = 128 };
    *march = (struct march){.curve = curve,
                            .direction = direction,
                            .sign = sign,
                            .prec = PREC_FIRST,
                            .steps_most = STEPS_MOST};
    arf_init(march->t);
    arf_init(march->h);
    arf_init(march->far);
    arf_init(march->asked);
    arf_init(march->point);
    arb_init(march->X);
    arb_init(march->number);
    arb_init(march->form);
    march->over = _arb_vec_init(JET);
    march->at = _arb_vec_init(MIDDLE);
    arf_one(march->h);
    arf_mul_2exp_si(march->h, march->h, FIRST_STEP);
}

void march_clear(struct march *march)
{
    arf_clear(march->t);
    arf_clear(march->h);
    arf_clear(march->far);
    arf_clear(march->asked);
    arf_clear(march->point);
    arb_clear(march->X);
    arb_clear(march->number);
    arb_clear(march->form);
    _arb_vec_clear(march->over, JET);
    _arb_vec_clear(march->at, MIDDLE);
}

void march_jet(const struct march *march, const arb_t t, slong order, slong prec, arb_ptr g)
{
    arb_t s;
    arb_init(s);
    arb_mul_si(s, t, march->direction, prec);
    march->curve->jet(march->curve->self, s, order, prec, g);
    for (slong k = 0; k <= order; k++)
        if (march->sign * (march->direction < 0 && k % 2 ? -1 : 1) < 0)
            arb_neg(g + k, g + k);
    arb_clear(s);
}

static const arf_struct *end_of(const struct march *march)
{
    return march->curve->end[march->direction > 0];
}

/* far = t + h, no further than the end of the orbit; the jets over the step and in its middle. */
static void look(struct march *m)
{
    const arf_struct *end = end_of(m);
    arf_add(m->far, m->t, m->h, ARF_PREC_EXACT, ARF_RND_DOWN);
    if (end && arf_cmp(m->far, end) > 0) {
        arf_set(m->far, end);
        arf_sub(m->h, end, m->t, ARF_PREC_EXACT, ARF_RND_DOWN);
    }
    arb_set_interval_arf(m->X, m->t, m->far, m->prec);
    march_jet(m, m->X, JET - 1, m->prec, m->over);
    arf_add(m->point, m->t, m->far, ARF_PREC_EXACT, ARF_RND_DOWN);
    arf_mul_2exp_si(m->point, m->point, -1);
    arb_set_arf(m->number, m->point);
    march_jet(m, m->number, MIDDLE - 1, m->prec, m->at);
}

/* number = [-h/2, h/2] */
static void half_step(struct march *m)
{
    arf_mul_2exp_si(m->point, m->h, -1);
    arb_zero(m->number);
    arb_add_error_arf(m->number, m->point);
}

static bool is_free(struct march *m)
{
    if (arb_is_positive(m->over))
        return true;
    half_step(m);
    arb_mul(m->form, m->number, m->over + 2, m->prec); /* g'' r/2 */
    arb_add(m->form, m->form, m->at + 1, m->prec);
    arb_mul(m->form, m->form, m->number, m->prec);
    arb_add(m->form, m->form, m->at, m->prec);
    if (arb_is_positive(m->form))
        return true;
    arb_mul(m->form, m->number, m->at + 1, m->prec); /* with r^2 >= 0 */
    arb_add(m->form, m->form, m->at, m->prec);
    arb_sqr(m->number, m->number, m->prec);
    arb_nonnegative_part(m->number, m->number);
    arb_addmul(m->form, m->number, m->over + 2, m->prec);
    return arb_is_positive(m->form);
}

/* g at the end of the step, into form. */
static void value_at_end(struct march *m)
{
    arb_set_arf(m->number, m->far);
    march_jet(m, m->number, 0, m->prec, m->form);
}

static bool has_sign(const arb_t x)
{
    return arb_is_positive(x) || arb_is_negative(x);
}

/* Rounding, and not an overflow, hides the sign of g at two points, so that shorter steps would see no
 * more.  (At one point g may vanish.) */
static bool is_blind(struct march *m)
{
    if (has_sign(m->at) || !arb_is_finite(m->at))
        return false;
    value_at_end(m);
    return !has_sign(m->form) && arb_is_finite(m->form);
}

/* g' < 0 on the step, g < 0 at its end; g > 0 at t is what the march has proved. */
static bool is_bracket(struct march *m)
{
    if (!arb_is_negative(m->over + 1)) {
        half_step(m);
        arb_mul_2exp_si(m->number, m->number, 1);
        arb_mul(m->form, m->number, m->over + 2, m->prec);
        arb_add(m->form, m->form, m->at + 1, m->prec);
        if (!arb_is_negative(m->form))
            return false;
    }
    value_at_end(m);
    return arb_is_negative(m->form);
}

/* Asked at t each time it has doubled. */
static bool rest_is_free(struct march *m)
{
    const struct curve *curve = m->curve;
    const arf_struct *end = end_of(m);
    if (end)
        return arf_cmp(m->t, end) >= 0;
    if (!curve->beyond)
        return false;
    arf_mul_2exp_si(m->point, m->asked, 1);
    if (arf_cmp(m->t, m->point) < 0)
        return false;
    arf_set(m->asked, m->t);
    arb_set_arf(m->number, m->t);
    arb_mul_si(m->number, m->number, m->direction, m->prec);
    const enum curve_fate fate = curve->beyond(curve->self, m->number, m->prec);
    return fate == CURVE_FREE || (fate == CURVE_RISES && m->sign > 0) ||
           (fate == CURVE_FALLS && m->sign < 0);
}

/* Below 2^(-prec/RESOLUTION) of max(1, t), rounding decides. */
static bool is_too_short(struct march *m)
{
    arf_set(m->point, m->t);
    if (arf_cmp_2exp_si(m->t, 0) < 0)
        arf_one(m->point);
    arf_mul_2exp_si(m->point, m->point, -m->prec / RESOLUTION);
    return arf_cmp(m->h, m->point) < 0;
}

enum march_verdict march_run(struct march *m)
{
    for (; m->steps < m->steps_most; m->steps++) {
        look(m);
        if (is_free(m)) {
            arf_set(m->t, m->far);
            if (rest_is_free(m))
                return MARCH_NONE;
            arf_mul_2exp_si(m->h, m->h, 1);
            continue;
        }
        if (is_bracket(m))
            return MARCH_BRACKET;
        if (is_too_short(m) || is_blind(m))
            return MARCH_STUCK;
        arf_mul_2exp_si(m->h, m->h, -1);
    }
    return MARCH_EXHAUSTED;
}

void march_pass(struct march *m)
{
    arf_set(m->t, m->far);
    arf_zero(m->asked);
    m->sign = -m->sign;
}
