/* Roots of polynomials on a leaf, counted in doubles.
 *
 * Coefficients are kept together with a bound on their error: every operation is done a second time
 * with absolute values, whose sum times a few rounding errors bounds what was lost.  A polynomial of
 * degree n on an interval has Bernstein coefficients whose number of sign changes V bounds the
 * number of its roots there, counted with multiplicity, and has its parity: V = 0 and V = 1 are
 * counts [Descartes; Bernstein].  Else the interval is cut; what stays open at SPLITS_MOST is not
 * counted.  The half-line goes to (0, 1) by s = u/(1 - u), where the Bernstein coefficients are the
 * coefficients of s divided by binomial ones, without cancellation.
 *
 * Where doubles cannot count the turns, balls do.  At a fixed point e(s) = s H(s), where the rounding error of e(0) is dropped by construction, and
 * the other fixed points are the roots of H on either side. */
#include "linear/chain_leaf.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Rounding errors of a coefficient: 2 (2^i + 1) for each of the factors i < 6, halved: DBL_EPSILON. */
static const double ERRORS = 80;
static const double CUT =
    0.4765625; /* of an interval; not 1/2, where symmetric leaves have roots */

enum { ROOM = CHAIN_LEAF_DEGREE_MOST + 1, SPLITS_MOST = 48 };

/* Coefficients, lowest first, and the same of absolute values. */
struct series {
    int degree;
    double at[ROOM], size[ROOM];
};

/* ---- the leaf ---- */

static struct series series_affine(double constant, double factor, const struct series *w)
{
    struct series a = {.degree = factor != 0 ? w->degree : 0};
    for (int k = 0; k <= a.degree; k++) {
        a.at[k] = factor * w->at[k];
        a.size[k] = fabs(factor) * w->size[k];
    }
    a.at[0] += constant;
    a.size[0] += fabs(constant);
    return a;
}

/* false: the degree is too high. */
static bool series_multiply(struct series *a, const struct series *b)
{
    struct series r = {.degree = a->degree + b->degree};
    if (r.degree > CHAIN_LEAF_DEGREE_MOST)
        return false;
    for (int i = 0; i <= a->degree; i++)
        for (int j = 0; j <= b->degree; j++) {
            r.at[i + j] += a->at[i] * b->at[j];
            r.size[i + j] += a->size[i] * b->size[j];
        }
    *a = r;
    return true;
}

/* P(s) on the leaf through a, a at s = 0: (C2). */
static bool product_on_leaf(const struct flow *flow, const double *a, struct series *P)
{
    const double *c = chain_direct_weights(flow);
    struct series w = {.degree = 1, .at = {0, 1}, .size = {0, 1}};
    *P = (struct series){.degree = 0, .at = {1}, .size = {1}};
    for (size_t i = 0; i < flow->dim; i++) {
        const struct series weight = series_affine(a[i], c[i], &w);
        const struct series middle = series_affine(a[i], c[i] / 2, &w);
        if (!series_multiply(P, &weight))
            return false;
        if (i + 1 < flow->dim && !series_multiply(&w, &middle))
            return false;
    }
    while (P->degree > 0 && P->size[P->degree] == 0)
        P->degree--;
    return true;
}

/* ---- counting ---- */

/* Bernstein coefficients and bounds on their errors. */
struct bernstein {
    int degree;
    double at[ROOM], error[ROOM];
};

/* What the sign changes can be, as some signs may not be known. */
static void changes(const struct bernstein *b, int *least, int *most)
{
    enum { PLUS, MINUS, SIGNS };
    int best[SIGNS] = {0, 0}; /* the most changes that end with this sign */
    int last = 0;
    *least = 0;
    for (int k = 0; k <= b->degree; k++) {
        const bool open = !(fabs(b->at[k]) > b->error[k]);
        const int sign = open ? 0 : b->at[k] > 0 ? 1 : -1;
        const int plus = k == 0 || best[PLUS] > best[MINUS] + 1 ? best[PLUS] : best[MINUS] + 1;
        const int minus = k == 0 || best[MINUS] > best[PLUS] + 1 ? best[MINUS] : best[PLUS] + 1;
        best[PLUS] = sign < 0 ? -ROOM : plus;
        best[MINUS] = sign > 0 ? -ROOM : minus;
        *least += sign != 0 && last != 0 && sign != last;
        last = sign != 0 ? sign : last;
    }
    *most = best[PLUS] > best[MINUS] ? best[PLUS] : best[MINUS];
}

/* De Casteljau: left and right of CUT. */
static void cut(const struct bernstein *b, struct bernstein *left, struct bernstein *right)
{
    struct bernstein work = *b;
    left->degree = right->degree = b->degree;
    for (int k = 0; k <= b->degree; k++) {
        left->at[k] = work.at[0];
        left->error[k] = work.error[0];
        right->at[b->degree - k] = work.at[b->degree - k];
        right->error[b->degree - k] = work.error[b->degree - k];
        for (int j = 0; j < b->degree - k; j++) {
            const double from = (1 - CUT) * work.at[j], to = CUT * work.at[j + 1];
            work.at[j] = from + to;
            work.error[j] = (1 - CUT) * work.error[j] + CUT * work.error[j + 1] +
                            2 * DBL_EPSILON * (fabs(from) + fabs(to));
        }
    }
}

/* Roots inside (0, 1): sign changes, as simple ones are all that can be proved. */
static int roots_inside(const struct bernstein *b, int splits)
{
    int least, most;
    changes(b, &least, &most);
    if (most == 0 || (least == 1 && most == 1))
        return most;
    if (splits == 0)
        return CHAIN_LEAF_UNKNOWN;
    struct bernstein left, right;
    cut(b, &left, &right);
    const int before = roots_inside(&left, splits - 1);
    if (before == CHAIN_LEAF_UNKNOWN)
        return CHAIN_LEAF_UNKNOWN;
    const int after = roots_inside(&right, splits - 1);
    return after == CHAIN_LEAF_UNKNOWN ? after : before + after;
}

/* C(n, k) / C(m, k) for k <= n <= m */
static double binomials(int n, int m, int k)
{
    double ratio = 1;
    for (int j = 0; j < k; j++)
        ratio *= (double)(n - j) / (double)(m - j);
    return ratio;
}

/* Roots beyond 0 in a direction: in units of the geometric mean of the moduli of all roots. */
static int roots_beyond(const struct series *p, double direction)
{
    const int n = p->degree;
    struct bernstein b = {.degree = n};
    if (n == 0)
        return 0;
    const double unit = pow(fabs(p->at[0] / p->at[n]), 1.0 / n);
    double power = 1, binomial = 1;
    for (int k = 0; k <= n; k++) {
        b.at[k] = p->at[k] * power / binomial;
        b.error[k] = ERRORS * DBL_EPSILON * p->size[k] * fabs(power) / binomial;
        power *= direction * unit;
        binomial *= (double)(n - k) / (k + 1);
    }
    if (!(fabs(b.at[0]) > b.error[0]) || !(fabs(b.at[n]) > b.error[n]))
        return CHAIN_LEAF_UNKNOWN;
    return roots_inside(&b, SPLITS_MOST);
}

/* Roots between 0 and `end`: b_j = sum over k <= j of C(j, k)/C(n, k) p_k end^k. */
static int roots_between(const struct series *p, double end)
{
    const int n = p->degree;
    struct bernstein b = {.degree = n};
    double power = 1;
    for (int k = 0; k <= n; k++, power *= end)
        for (int j = k; j <= n; j++) {
            const double share = binomials(j, n, k);
            b.at[j] += share * p->at[k] * power;
            b.error[j] += ERRORS * DBL_EPSILON * share * p->size[k] * fabs(power);
        }
    return roots_inside(&b, SPLITS_MOST);
}

/* ---- from outside ---- */

struct chain_leaf_root chain_leaf_root(const struct problem *problem, const struct flow *flow,
                                       const double *a)
{
    const struct chain_leaf_root unknown = {CHAIN_LEAF_UNKNOWN, CHAIN_LEAF_UNKNOWN};
    struct series P, H;
    if (problem->beta == 0 || !product_on_leaf(flow, a, &P) || P.degree == 0 ||
        P.degree > CHAIN_LEAF_ROOTS_MOST)
        return unknown;
    H.degree = P.degree - 1;
    memcpy(H.at, P.at + 1, (size_t)P.degree * sizeof *H.at);
    memcpy(H.size, P.size + 1, (size_t)P.degree * sizeof *H.size);
    const int before = roots_beyond(&H, -1), after = roots_beyond(&H, 1);
    if (before == CHAIN_LEAF_UNKNOWN || after == CHAIN_LEAF_UNKNOWN)
        return unknown;
    return (struct chain_leaf_root){.index = before + 1, .count = before + 1 + after};
}

/* The clock at `limit`, from the first weight that moves; NAN: none does. */
static double clock_between(const struct flow *flow, const double *a0, const double *limit)
{
    const double *c = chain_direct_weights(flow);
    double factor = 1; /* w_i = factor s as long as no weight has moved */
    for (size_t i = 0; i < flow->dim; i++) {
        if (c[i] != 0)
            return (limit[i] - a0[i]) / (c[i] * factor);
        factor *= a0[i];
    }
    return NAN;
}

/* Divides by s where that is exact: a root at the start is none on the way. */
static void drop_roots_at_start(struct series *S)
{
    for (; S->degree > 0 && S->size[0] == 0; S->degree--) {
        memmove(S->at, S->at + 1, (size_t)S->degree * sizeof *S->at);
        memmove(S->size, S->size + 1, (size_t)S->degree * sizeof *S->size);
    }
}

static int turns_in_doubles(const struct flow *flow, const double *a0, double end)
{
    struct series P, S;
    if (!product_on_leaf(flow, a0, &P))
        return CHAIN_LEAF_UNKNOWN;
    if (P.degree == 0)
        return 0;
    S.degree = P.degree - 1;
    for (int k = 0; k <= S.degree; k++) {
        S.at[k] = (k + 1) * P.at[k + 1];
        S.size[k] = (k + 1) * P.size[k + 1];
    }
    drop_roots_at_start(&S);
    return roots_between(&S, end);
}

int chain_leaf_turns(const struct problem *problem, const struct flow *flow, const double *a0,
                     const double *limit)
{
    const double end = clock_between(flow, a0, limit);
    if (end == 0)
        return 0; /* it never moves */
    if (!isfinite(end))
        return CHAIN_LEAF_UNKNOWN;
    const int turns = turns_in_doubles(flow, a0, end);
    if (turns != CHAIN_LEAF_UNKNOWN)
        return turns;
    struct chain_clock clock;
    chain_clock_init(&clock, problem, flow, a0);
    return clock_turning_points(&clock.clock, end);
}
