/* The second way: all of P over Q[s, c_1..c_L, a_1(0)..a_L(0)], with every term.
 *
 * It starts from the field, da_i/ds = c_i a_1 ... a_(i-1), and integrates: the clock U and its
 * recursion are not used, so that nothing is shared with leading.c but the answer.  The number of
 * terms grows like a double exponential; five layers are what is left of a second. */
#include "exact/leading.h"

enum { LETTERS = 2 * LEADING_EXPANDED_MOST + 1 };

/* Letters: s, then c_i at i, then a_i(0) at L + i, i from 1. */
struct expansion {
    fmpq_mpoly_ctx_t context;
    fmpq_mpoly_t P, a, letter;
};

static void expansion_begin(struct expansion *x, size_t L)
{
    fmpq_mpoly_ctx_init(x->context, (slong)(2 * L + 1), ORD_LEX);
    fmpq_mpoly_init(x->P, x->context);
    fmpq_mpoly_init(x->a, x->context);
    fmpq_mpoly_init(x->letter, x->context);
    fmpq_mpoly_one(x->P, x->context);
}

static void expansion_end(struct expansion *x)
{
    fmpq_mpoly_clear(x->P, x->context);
    fmpq_mpoly_clear(x->a, x->context);
    fmpq_mpoly_clear(x->letter, x->context);
    fmpq_mpoly_ctx_clear(x->context);
}

/* a = a_i(0) + c_i int P ds, P := P a; what vanishes in this layer is left out. */
static void expansion_layer(struct expansion *x, enum leading_layer layer, size_t i, size_t L)
{
    fmpq_mpoly_zero(x->a, x->context);
    if (layer == LEADING_MOVES) {
        fmpq_mpoly_integral(x->a, x->P, 0, x->context);
        fmpq_mpoly_gen(x->letter, (slong)(i + 1), x->context);
        fmpq_mpoly_mul(x->a, x->a, x->letter, x->context);
    }
    if (layer != LEADING_DEAD) {
        fmpq_mpoly_gen(x->letter, (slong)(L + i + 1), x->context);
        fmpq_mpoly_add(x->a, x->a, x->letter, x->context);
    }
    fmpq_mpoly_mul(x->P, x->P, x->a, x->context);
}

/* The coefficient of s^degree is the monomial of `P`. */
static bool has_leading_term(struct expansion *x, const enum leading_layer *layer,
                             const struct leading *P)
{
    const slong variable = 0;
    const ulong degree = fmpz_get_ui(P->degree);
    ulong exponents[LETTERS] = {0};
    fmpq_t coefficient;
    for (size_t i = 0; i < P->L; i++)
        exponents[(layer[i] == LEADING_MOVES ? 0 : P->L) + i + 1] = fmpz_get_ui(P->exponent + i);
    fmpq_mpoly_get_coeff_vars_ui(x->a, x->P, &variable, &degree, 1, x->context);
    fmpq_init(coefficient);
    fmpq_mpoly_get_coeff_fmpq_ui(coefficient, x->a, exponents, x->context);
    fmpq_mul_2exp(coefficient, coefficient, fmpz_get_ui(P->halvings));
    const bool holds = fmpq_mpoly_length(x->a, x->context) == 1 && fmpq_is_one(coefficient) &&
                       fmpq_mpoly_degree_si(x->P, 0, x->context) == (slong)degree;
    fmpq_clear(coefficient);
    return holds;
}

bool leading_agrees_with_expansion(const enum leading_layer *layer, const struct leading *P)
{
    struct expansion x;
    if (P->L > LEADING_EXPANDED_MOST)
        return false;
    expansion_begin(&x, P->L);
    for (size_t i = 0; i < P->L; i++)
        expansion_layer(&x, layer[i], i, P->L);
    const bool zero = fmpq_mpoly_is_zero(x.P, x.context);
    const bool holds = P->is_zero ? zero : !zero && has_leading_term(&x, layer, P);
    expansion_end(&x);
    return holds;
}
