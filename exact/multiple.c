/* Squarefree factors, and the one that vanishes where the march is stuck.
 *
 * The test modulo a prime is one gcd of word-sized numbers and settles nearly all cases; the
 * factorisation over Z costs two thirds of a second for ten layers (degree 1023).  Signs of a factor
 * at dyadic points are exact. */
#include "exact/multiple.h"

enum { DEGREE_MOST = 2047, MULTIPLICITY_MOST = 64, PRIMES = 3 };

void multiple_init(struct multiple *multiple)
{
    multiple->kind = MULTIPLE_UNASKED;
    fmpz_poly_factor_init(multiple->factors);
}

void multiple_clear(struct multiple *multiple)
{
    fmpz_poly_factor_clear(multiple->factors);
}

/* Squarefree modulo the prime, with the same degree: then over Q. */
static bool is_squarefree_modulo(const fmpz_poly_t p, mp_limb_t prime)
{
    nmod_poly_t reduced;
    nmod_poly_init(reduced, prime);
    fmpz_poly_get_nmod_poly(reduced, p);
    const bool squarefree =
        nmod_poly_degree(reduced) == fmpz_poly_degree(p) && nmod_poly_is_squarefree(reduced);
    nmod_poly_clear(reduced);
    return squarefree;
}

static bool is_squarefree(const fmpz_poly_t p)
{
    static const mp_limb_t START = (mp_limb_t)1 << 62; /* primes of 63 bits */
    mp_limb_t prime = START;
    for (int k = 0; k < PRIMES; k++) {
        prime = n_nextprime(prime, 1);
        if (is_squarefree_modulo(p, prime))
            return true;
    }
    return false;
}

void multiple_prepare(struct multiple *multiple, const struct curve *curve)
{
    if (multiple->kind != MULTIPLE_UNASKED)
        return;
    multiple->kind = MULTIPLE_UNKNOWN;
    if (!curve->expand || curve->degree < 1 || curve->degree > DEGREE_MOST)
        return;
    fmpq_poly_t e;
    fmpz_poly_t p;
    fmpq_poly_init(e);
    fmpz_poly_init(p);
    curve->expand(curve->self, curve->degree + 1, e);
    fmpq_poly_get_numerator(p, e);
    if (fmpz_poly_degree(p) > 0) {
        multiple->kind = is_squarefree(p) ? MULTIPLE_NONE : MULTIPLE_POSSIBLE;
        if (multiple->kind == MULTIPLE_POSSIBLE)
            fmpz_poly_factor_squarefree(multiple->factors, p);
    }
    fmpq_poly_clear(e);
    fmpz_poly_clear(p);
}

/* The sign of a factor at direction t, exact. */
static int sign_at(const fmpz_poly_struct *p, const arf_t t, int direction)
{
    fmpq_t s, value;
    fmpq_init(s);
    fmpq_init(value);
    arf_get_fmpq(s, t);
    if (direction < 0)
        fmpq_neg(s, s);
    fmpz_poly_evaluate_fmpq(value, p, s);
    const int sign = fmpq_sgn(value);
    fmpq_clear(s);
    fmpq_clear(value);
    return sign;
}

/* The m-th derivative does not vanish on [t, far]: at most m zeros, counted with multiplicity. */
static bool at_most(const struct march *march, ulong m)
{
    arb_t X;
    arb_ptr jet = _arb_vec_init((slong)m + 1);
    arb_init(X);
    arb_set_interval_arf(X, march->t, march->far, march->prec);
    march_jet(march, X, (slong)m, march->prec, jet);
    const bool nonzero = arb_is_positive(jet + m) || arb_is_negative(jet + m);
    _arb_vec_clear(jet, (slong)m + 1);
    arb_clear(X);
    return nonzero;
}

ulong multiple_locate(const struct multiple *multiple, struct march *march)
{
    enum { REACH = 6, STRETCH = 3 }; /* far = t + (2^6 + 2^-3) h, to miss dyadic zeros */
    const fmpz_poly_factor_struct *f = multiple->factors;
    arf_t extra;
    arf_init(extra);
    arf_mul_2exp_si(extra, march->h, -STRETCH);
    arf_mul_2exp_si(march->far, march->h, REACH);
    arf_add(march->far, march->far, extra, ARF_PREC_EXACT, ARF_RND_DOWN);
    arf_add(march->far, march->far, march->t, ARF_PREC_EXACT, ARF_RND_DOWN);
    arf_clear(extra);
    for (slong k = 0; k < f->num; k++) {
        const ulong m = (ulong)f->exp[k];
        if (m < 2 || m > MULTIPLICITY_MOST)
            continue;
        const int here = sign_at(f->p + k, march->t, march->direction);
        const int there = sign_at(f->p + k, march->far, march->direction);
        if (here * there < 0 && at_most(march, m))
            return m;
    }
    return 0;
}

const fmpz_poly_struct *multiple_factor(const struct multiple *multiple, const struct root *root)
{
    const fmpz_poly_factor_struct *f = multiple->factors;
    for (slong k = 0; k < f->num; k++)
        if ((ulong)f->exp[k] == root->multiplicity &&
            sign_at(f->p + k, root->low, root->direction) *
                    sign_at(f->p + k, root->high, root->direction) <
                0)
            return f->p + k;
    return NULL;
}
