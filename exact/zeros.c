/* Zeros by squarefree factors: Arb isolates those of each, real ones apart from pairs of conjugates.
 *
 * The multiplicity of a zero is that of its factor, exactly.  Signs need no evaluation: from -infinity,
 * where the leading coefficient decides, e changes its sign at zeros of odd multiplicity and nowhere
 * else.  Rejected: Newton's method from a grid, which loses pairs that are close. */
#include "exact/zeros.h"

#include <stdlib.h>

/* Bits to which zeros are wanted: a double's and some more, so that rounding is the only error. */
static const slong PRECISION = 80;

static int compare_zeros(const void *a, const void *b)
{
    const double x = ((const struct zeros_zero *)a)->s, y = ((const struct zeros_zero *)b)->s;
    return (x > y) - (x < y);
}

/* Real zeros come first, with the imaginary part 0. */
size_t zeros_real(const fmpz_poly_t p, double *zero)
{
    const slong degree = fmpz_poly_degree(p);
    size_t count = 0;
    if (degree < 1)
        return 0;
    fmpz_poly_t squarefree, common;
    fmpz_poly_init(squarefree);
    fmpz_poly_init(common);
    fmpz_poly_derivative(common, p);
    fmpz_poly_gcd(common, common, p);
    fmpz_poly_div(squarefree, p, common);
    acb_ptr all = _acb_vec_init(fmpz_poly_degree(squarefree));
    arb_fmpz_poly_complex_roots(all, squarefree, 0, PRECISION);
    for (slong k = 0; k < fmpz_poly_degree(squarefree); k++)
        if (arb_is_zero(acb_imagref(all + k)))
            zero[count++] = arf_get_d(arb_midref(acb_realref(all + k)), ARF_RND_NEAR);
    _acb_vec_clear(all, fmpz_poly_degree(squarefree));
    fmpz_poly_clear(squarefree);
    fmpz_poly_clear(common);
    return count;
}

/* The real zeros of all squarefree factors. */
static void factors_collect(struct zeros *leaf, const fmpz_poly_factor_t factors, double *room)
{
    for (slong i = 0; i < factors->num; i++) {
        const size_t count = zeros_real(factors->p + i, room);
        for (size_t k = 0; k < count; k++)
            leaf->zero[leaf->count++] =
                (struct zeros_zero){.s = room[k], .multiplicity = factors->exp[i]};
    }
    qsort(leaf->zero, leaf->count, sizeof *leaf->zero, compare_zeros);
}

/* e at -infinity has the sign of the leading coefficient if its degree is even. */
static void signs_set(struct zeros *leaf, int leading)
{
    int sign = leaf->degree % 2 ? -leading : leading;
    for (size_t k = 0; k < leaf->count; k++) {
        leaf->zero[k].before = sign;
        sign = leaf->zero[k].multiplicity % 2 ? -sign : sign;
        leaf->zero[k].after = sign;
    }
}

/* Fills the zeros; e is there. */
static enum status zeros_finish(struct zeros *leaf)
{
    leaf->degree = fmpq_poly_degree(leaf->e);
    if (leaf->degree < 1)
        return status_fail(BAD_ARGUMENT, "the error does not vary along this leaf");
    if (leaf->degree > ZEROS_DEGREE_MOST)
        return status_fail(BAD_ARGUMENT, "the error on the leaf has the degree %ld; at most %d",
                           (long)leaf->degree, ZEROS_DEGREE_MOST);
    double *room = calloc((size_t)leaf->degree, sizeof *room);
    leaf->zero = calloc((size_t)leaf->degree, sizeof *leaf->zero);
    if (!room || !leaf->zero) {
        free(room);
        return status_fail(NO_MEMORY, "no memory for %ld zeros", (long)leaf->degree);
    }
    fmpz_poly_t whole;
    fmpz_poly_factor_t factors;
    fmpz_poly_init(whole);
    fmpz_poly_factor_init(factors);
    fmpq_poly_get_numerator(whole, leaf->e);
    fmpz_poly_factor_squarefree(factors, whole);
    factors_collect(leaf, factors, room);
    signs_set(leaf, fmpz_sgn(fmpz_poly_lead(whole)));
    fmpz_poly_factor_clear(factors);
    fmpz_poly_clear(whole);
    free(room);
    return OK;
}

/* One object, empty. */
static enum status zeros_begin(struct zeros **leaf)
{
    *leaf = calloc(1, sizeof **leaf);
    if (!*leaf)
        return status_fail(NO_MEMORY, "no memory for a leaf");
    fmpq_poly_init((*leaf)->e);
    return OK;
}

/* `status`, and the leaf where that is OK. */
static enum status zeros_handed(enum status status, struct zeros *leaf, struct zeros **out)
{
    if (status == OK)
        *out = leaf;
    else
        zeros_free(leaf);
    return status;
}

static enum status chain_expanded(const struct statement *statement, struct zeros *leaf)
{
    TRY(curve_chain_create(statement, &leaf->chain));
    const struct curve *curve = &leaf->chain->curve;
    if (curve->degree > ZEROS_DEGREE_MOST)
        return status_fail(BAD_ARGUMENT, "a leaf of %zu layers has the degree %ld; at most %d",
                           statement->size, (long)curve->degree, ZEROS_DEGREE_MOST);
    leaf->dim = statement->size;
    if (curve->degree > 0)
        curve->expand(curve->self, curve->degree + 1, leaf->e);
    return zeros_finish(leaf);
}

enum status zeros_create(const struct statement *statement, struct zeros **out)
{
    struct zeros *leaf;
    if (statement->family != STATEMENT_CHAIN || statement->rule != STATEMENT_DIRECT)
        return status_fail(BAD_ARGUMENT, "leaves are those of chains under fixed feedback");
    TRY(zeros_begin(&leaf));
    return zeros_handed(chain_expanded(statement, leaf), leaf, out);
}

enum status zeros_of_polynomial(size_t count, const double *coefficient, struct zeros **out)
{
    struct zeros *leaf;
    fmpq_t number;
    arf_t exact;
    TRY(zeros_begin(&leaf));
    fmpq_init(number);
    arf_init(exact);
    for (size_t k = 0; k < count; k++) {
        arf_set_d(exact, coefficient[k]); /* every finite double is a rational */
        arf_get_fmpq(number, exact);
        fmpq_poly_set_coeff_fmpq(leaf->e, (slong)k, number);
    }
    arf_clear(exact);
    fmpq_clear(number);
    return zeros_handed(zeros_finish(leaf), leaf, out);
}

void zeros_free(struct zeros *leaf)
{
    if (!leaf)
        return;
    fmpq_poly_clear(leaf->e);
    curve_chain_free(leaf->chain);
    free(leaf->zero);
    free(leaf);
}

double zeros_error(const struct zeros *leaf, double s)
{
    fmpq_t at, value;
    arf_t exact;
    arb_t rounded;
    fmpq_init(at);
    fmpq_init(value);
    arf_init(exact);
    arb_init(rounded);
    arf_set_d(exact, s);
    arf_get_fmpq(at, exact);
    fmpq_poly_evaluate_fmpq(value, leaf->e, at);
    arb_set_fmpq(rounded, value, PRECISION);
    const double e = arf_get_d(arb_midref(rounded), ARF_RND_NEAR);
    arb_clear(rounded);
    arf_clear(exact);
    fmpq_clear(value);
    fmpq_clear(at);
    return e;
}

void zeros_state(const struct zeros *leaf, double s, double *state)
{
    arb_t at;
    if (leaf->dim == 0)
        return;
    arb_ptr a = _arb_vec_init((slong)leaf->dim);
    arb_init(at);
    arb_set_d(at, s);
    curve_chain_state(leaf->chain, at, 2 * PRECISION, a);
    for (size_t i = 0; i < leaf->dim; i++)
        state[i] = arf_get_d(arb_midref(a + i), ARF_RND_NEAR);
    arb_clear(at);
    _arb_vec_clear(a, (slong)leaf->dim);
}
