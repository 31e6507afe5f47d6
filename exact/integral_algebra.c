/* Products as they arise, and a row echelon form of their coordinates modulo the kernel's prime.
 *
 * A new generator g multiplies every product so far by g, g^2, ... up to the degree: each monomial
 * in the generators is made exactly once. */
#include "exact/integral_algebra.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM_LEAST = 64 };

struct product {
    fmpq_mpoly_t p;
    size_t degree;
};

struct integral_algebra {
    const struct integral_kernel *kernel;
    size_t unknowns, degree, rank, count, room;
    struct product *product; /* [room]; the first is 1 */
    nmod_t modulus;
    ulong *row;   /* [nullity*nullity]: echelon rows, row k with the pivot k or zero */
    bool *filled; /* [nullity] */
    ulong *vector;
};

void integral_algebra_free(struct integral_algebra *a)
{
    if (!a)
        return;
    for (size_t k = 0; k < a->count; k++)
        fmpq_mpoly_clear(a->product[k].p, a->kernel->ring);
    free(a->product);
    free(a->row);
    free(a->filled);
    free(a->vector);
    free(a);
}

/* A new product, 0; NULL: no memory. */
static struct product *push(struct integral_algebra *a, size_t degree)
{
    if (a->count == a->room) {
        const size_t room = a->room ? 2 * a->room : ROOM_LEAST;
        struct product *more = realloc(a->product, room * sizeof *more);
        if (!more)
            return NULL;
        a->product = more;
        a->room = room;
    }
    struct product *last = a->product + a->count++;
    last->degree = degree;
    fmpq_mpoly_init(last->p, a->kernel->ring);
    return last;
}

enum status integral_algebra_create(const struct integral_kernel *kernel, size_t unknowns,
                                    size_t degree, struct integral_algebra **algebra)
{
    const size_t n = kernel->nullity;
    struct integral_algebra *a = calloc(1, sizeof *a);
    if (!a)
        return status_fail(NO_MEMORY, "%zu integrals", n);
    *a = (struct integral_algebra){.kernel = kernel, .unknowns = unknowns, .degree = degree};
    nmod_init(&a->modulus, kernel->prime);
    a->row = calloc(n * n + 1, sizeof *a->row);
    a->filled = calloc(n + 1, sizeof *a->filled);
    a->vector = calloc(n + 1, sizeof *a->vector);
    struct product *one = push(a, 0);
    if (!a->row || !a->filled || !a->vector || !one) {
        integral_algebra_free(a);
        return status_fail(NO_MEMORY, "%zu integrals", n);
    }
    fmpq_mpoly_one(one->p, kernel->ring);
    *algebra = a;
    return OK;
}

/* Coefficients at the leading monomials; false where the prime divides a denominator. */
static bool set_coordinates(struct integral_algebra *a, const fmpq_mpoly_t p)
{
    const struct integral_monomials *monomials = &a->kernel->monomials;
    ulong exponents[UCHAR_MAX + 1];
    bool has = true;
    fmpq_t value;
    fmpq_init(value);
    for (size_t k = 0; k < a->kernel->nullity && has; k++) {
        const unsigned char *e = monomials->exponents + a->kernel->lead[k] * monomials->variables;
        for (size_t v = 0; v < monomials->variables; v++)
            exponents[v] = e[v];
        fmpq_mpoly_get_coeff_fmpq_ui(value, p, exponents, a->kernel->ring);
        has = integral_residue(value, a->modulus, a->vector + k);
    }
    fmpq_clear(value);
    return has;
}

/* The vector minus its part in the span, from the last coordinate down; its pivot, or nullity. */
static size_t reduce(const struct integral_algebra *a)
{
    const size_t n = a->kernel->nullity;
    for (size_t k = n; k-- > 0;) {
        if (a->vector[k] == 0)
            continue;
        if (!a->filled[k])
            return k;
        const ulong factor = nmod_neg(a->vector[k], a->modulus);
        _nmod_vec_scalar_addmul_nmod(a->vector, a->row + k * n, (slong)k + 1, factor, a->modulus);
    }
    return n;
}

/* Does p raise the rank?  Then it is a row. */
static bool span(struct integral_algebra *a, const fmpq_mpoly_t p)
{
    const size_t n = a->kernel->nullity;
    if (!set_coordinates(a, p))
        return false;
    const size_t pivot = reduce(a);
    if (pivot == n)
        return false;
    const ulong inverse = nmod_inv(a->vector[pivot], a->modulus);
    _nmod_vec_scalar_mul_nmod(a->row + pivot * n, a->vector, (slong)pivot + 1, inverse, a->modulus);
    a->filled[pivot] = true;
    a->rank++;
    return true;
}

static size_t degree_of(const struct integral_algebra *a, const fmpq_mpoly_t p)
{
    ulong exponents[UCHAR_MAX + 1];
    size_t most = 0;
    for (slong i = 0; i < fmpq_mpoly_length(p, a->kernel->ring); i++) {
        size_t degree = 0;
        fmpq_mpoly_get_term_exp_ui(exponents, p, i, a->kernel->ring);
        for (size_t v = 0; v < a->unknowns; v++)
            degree += exponents[v];
        most = degree > most ? degree : most;
    }
    return most;
}

/* g, and g times all products, as often as the degree allows. */
static enum status add_products(struct integral_algebra *a, const fmpq_mpoly_t g, size_t degree)
{
    const size_t before = a->count;
    for (size_t k = 0; k < before; k++) {
        size_t from = k;
        while (a->product[from].degree + degree <= a->degree) {
            struct product *next = push(a, a->product[from].degree + degree);
            if (!next)
                return status_fail(NO_MEMORY, "%zu products of integrals", a->count);
            fmpq_mpoly_mul(next->p, a->product[from].p, g, a->kernel->ring);
            from = a->count - 1;
            if (a->rank < a->kernel->nullity)
                span(a, next->p);
        }
    }
    return OK;
}

enum status integral_algebra_add(struct integral_algebra *a, const fmpq_mpoly_t p, bool *is_new)
{
    const size_t degree = degree_of(a, p);
    *is_new = degree > 0 && degree <= a->degree && span(a, p);
    return *is_new ? add_products(a, p, degree) : OK;
}

size_t integral_algebra_rank(const struct integral_algebra *a)
{
    return a->rank;
}

bool integral_algebra_spans(const struct integral_algebra *a, size_t k)
{
    memset(a->vector, 0, a->kernel->nullity * sizeof *a->vector);
    a->vector[k] = 1;
    return reduce(a) == a->kernel->nullity;
}
