/* With |s| = 1/u - 1,  T = int_0^1 u^(d-2) / |R(u)| du,  R(u) = u^d e(s): a proper integral, because R
 * has no zero on [0, 1].  R comes from the homogeneous recursion of a chain, never from expanded
 * coefficients, whose alternating signs leave no digit from four layers on.  The quadrature is
 * Arb's, rigorous for functions that are holomorphic where they are finite, as rational ones are. */
#include "exact/blowup.h"

struct integrand {
    const struct curve *curve;
    int direction;
};

static int evaluate(acb_ptr out, const acb_t u, void *param, slong order, slong prec)
{
    (void)order; /* rational: holomorphic wherever it is finite */
    const struct integrand *f = param;
    acb_t R;
    acb_init(R);
    f->curve->inverted(f->curve->self, u, f->direction, prec, R);
    acb_pow_ui(out, u, (ulong)f->curve->degree - 2, prec);
    acb_div(out, out, R, prec);
    acb_clear(R);
    return 0;
}

/* Evaluations times bits, and bits: half a minute for 1000 digits with seven layers. */
enum { WORK_MOST = 1000000000, BITS_MOST = 4096 };

static void integrate(struct integrand *f, slong bits, slong prec, acb_t value)
{
    acb_calc_integrate_opt_t options;
    acb_t zero, one;
    mag_t tolerance;
    acb_calc_integrate_opt_init(options);
    options->eval_limit = WORK_MOST / prec;
    acb_init(zero);
    acb_init(one);
    mag_init(tolerance);
    acb_one(one);
    mag_zero(tolerance); /* relative accuracy only */
    acb_calc_integrate(value, evaluate, f, zero, one, bits, tolerance, options, prec);
    acb_clear(zero);
    acb_clear(one);
    mag_clear(tolerance);
}

bool blowup_time(const struct curve *curve, int direction, slong bits, arb_t time)
{
    enum { GUARD = 32, DOUBLINGS = 2, DEGREE_MOST = 4095 };
    struct integrand f = {.curve = curve, .direction = direction};
    slong prec = bits + GUARD;
    bool good = false;
    acb_t value;
    if (!curve->inverted || curve->degree < 2 || curve->degree > DEGREE_MOST || bits > BITS_MOST)
        return false;
    acb_init(value);
    for (int k = 0; k < DOUBLINGS && !good; k++, prec *= 2) {
        integrate(&f, bits + GUARD, prec, value);
        arb_abs(time, acb_realref(value));
        good = arb_is_positive(time) && arb_rel_accuracy_bits(time) >= bits;
    }
    acb_clear(value);
    return good;
}
