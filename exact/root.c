/* March, then more precision, then algebra.
 *
 * A polynomial that is squarefree modulo a prime, of the same degree, is squarefree over Q: then the
 * march must succeed with enough precision, and it is only repeated.  Else the squarefree factors
 * p_m of e, e = const prod p_m^m, are computed; if p_m changes its sign between two points that
 * enclose the place where the march is stuck, and the m-th derivative of e does not vanish there, the
 * zero of p_m is the only one of e, with multiplicity m.  Rejected: expanding always, which costs
 * 2^L; and counting zeros by Sturm chains, which takes a minute for eight layers. */
#include "exact/root.h"

#include "exact/multiple.h"

enum {
    PREC_DENSE = 256, /* stuck with so many bits: ask algebra */
    PREC_MOST = 1 << 13,
    PREC_UNPROVED = 1 << 11, /* where algebra is silent */
    COUNT_STEPS = 20000      /* half a second for twenty layers */
};

void root_init(struct root *root)
{
    *root = (struct root){.verdict = ROOT_UNDECIDED, .reason = NULL};
    arf_init(root->low);
    arf_init(root->high);
}

void root_clear(struct root *root)
{
    arf_clear(root->low);
    arf_clear(root->high);
}

static void found(const struct march *march, ulong multiplicity, struct root *root)
{
    root->verdict = ROOT_FOUND;
    root->multiplicity = multiplicity;
    arf_set(root->low, march->t);
    arf_set(root->high, march->far);
}

static void undecided(const char *reason, struct root *root)
{
    root->verdict = ROOT_UNDECIDED;
    root->reason = reason;
}

/* Where the march is stuck.  False: go on with more precision. */
static bool resolve(struct march *march, struct multiple *multiple, struct root *root)
{
    if (march->prec < PREC_DENSE)
        return false;
    multiple_prepare(multiple, march->curve);
    if (multiple->kind == MULTIPLE_POSSIBLE) {
        const ulong m = multiple_locate(multiple, march);
        if (m > 0) {
            found(march, m, root);
            return true;
        }
    }
    const bool proved = multiple->kind != MULTIPLE_UNKNOWN;
    if (march->prec < (proved ? PREC_MOST : PREC_UNPROVED))
        return false;
    undecided(proved ? "zeros of the error nearer to each other than the precision allowed"
                     : "a multiple zero of the error, or zeros nearer to each other than 1e-200",
              root);
    return true;
}

static void search(struct march *march, struct multiple *multiple, struct root *root)
{
    for (;; march->prec *= 2) {
        switch (march_run(march)) {
        case MARCH_BRACKET:
            found(march, 1, root);
            return;
        case MARCH_NONE:
            root->verdict = ROOT_NONE;
            return;
        case MARCH_EXHAUSTED:
            undecided("too many steps along the orbit without a zero of the error", root);
            return;
        case MARCH_STUCK:
            if (resolve(march, multiple, root))
                return;
        }
    }
}

void root_first(const struct curve *curve, struct root_start start, struct root *root)
{
    struct march march;
    struct multiple multiple;
    march_init(&march, curve, start.direction, start.sign);
    multiple_init(&multiple);
    root->direction = start.direction;
    search(&march, &multiple, root);
    multiple_clear(&multiple);
    march_clear(&march);
}

/* ---- to any accuracy ---- */

struct newton {
    slong order; /* the simple zero is that of the derivative of this order */
    arb_t X, step, middle, slope;
    arb_ptr jet; /* [order + 3] */
};

/* slope = order+1-st Taylor coefficient on X, by the mean value form where that is sharper */
static void slope_over(const struct march *march, struct newton *n, slong prec)
{
    march_jet(march, n->X, n->order + 2, prec, n->jet);
    arb_set(n->slope, n->jet + n->order + 1);
    arb_mul_ui(n->slope, n->slope, (ulong)n->order + 1, prec);
    arb_mul_ui(n->step, n->jet + n->order + 2, (ulong)(n->order + 2) * (ulong)(n->order + 1), prec);
    arb_sub(n->middle, n->X, n->middle, prec);
    arb_mul(n->step, n->step, n->middle, prec);
    arb_get_mid_arb(n->middle, n->X);
    march_jet(march, n->middle, n->order + 1, prec, n->jet);
    arb_addmul_ui(n->step, n->jet + n->order + 1, (ulong)n->order + 1, prec);
    if (arb_contains_zero(n->slope))
        arb_set(n->slope, n->step);
}

/* One interval Newton step; false if it cannot be taken. */
static bool newton_step(const struct march *march, struct newton *n, slong prec)
{
    arb_get_mid_arb(n->middle, n->X);
    slope_over(march, n, prec);
    if (!arb_is_positive(n->slope) && !arb_is_negative(n->slope))
        return false;
    arb_div(n->step, n->jet + n->order, n->slope, prec);
    arb_sub(n->step, n->middle, n->step, prec);
    return arb_intersection(n->X, n->X, n->step, prec) != 0;
}

/* An exact ball has all bits: no more than are asked for. */
static slong accuracy_of(const arb_t X, slong bits)
{
    const slong accuracy = arb_rel_accuracy_bits(X);
    return accuracy < bits ? accuracy : bits;
}

static bool newton_run(const struct march *march, struct newton *n, slong bits)
{
    enum { GUARD = 64, STEPS_MOST = 400, SLOW = 2 };
    slong prec = march->prec + GUARD, accuracy = accuracy_of(n->X, bits);
    for (int k = 0; k < STEPS_MOST && accuracy < bits; k++) {
        if (!newton_step(march, n, prec))
            prec *= 2;
        const slong now = accuracy_of(n->X, bits);
        if (now < accuracy + SLOW)
            prec += prec / 2;
        accuracy = now;
        if (SLOW * accuracy + GUARD > prec && accuracy < bits)
            prec = SLOW * accuracy + GUARD;
        if (prec > SLOW * (bits + PREC_MOST))
            return false;
    }
    return accuracy >= bits;
}

bool root_refine(const struct curve *curve, const struct root *root, slong bits, arb_t s)
{
    struct march march;
    struct newton n = {.order = (slong)root->multiplicity - 1};
    march_init(&march, curve, root->direction, 1);
    arb_init(n.X);
    arb_init(n.step);
    arb_init(n.middle);
    arb_init(n.slope);
    n.jet = _arb_vec_init(n.order + 3);
    arb_set_interval_arf(n.X, root->low, root->high, 2 * PREC_MOST); /* not rounded to others */
    const bool good = newton_run(&march, &n, bits);
    arb_mul_si(s, n.X, root->direction, ARF_PREC_EXACT);
    _arb_vec_clear(n.jet, n.order + 3);
    arb_clear(n.X);
    arb_clear(n.step);
    arb_clear(n.middle);
    arb_clear(n.slope);
    march_clear(&march);
    return good;
}

/* ---- which of the zeros ---- */

/* Zeros on the way down from 0, each once; -1: not counted. */
static slong count_below(const struct curve *curve, int sign)
{
    struct march march;
    slong count = 0;
    march_init(&march, curve, -1, sign);
    march.steps_most = COUNT_STEPS;
    enum march_verdict verdict = march_run(&march);
    for (; verdict == MARCH_BRACKET; verdict = march_run(&march)) {
        count++;
        march_pass(&march);
    }
    march_clear(&march);
    return verdict == MARCH_NONE ? count : -1;
}

slong root_index(const struct curve *curve, struct root_start start)
{
    const slong below = count_below(curve, start.sign);
    if (below < 0)
        return 0;
    return start.direction > 0 ? below + 1 : below;
}
