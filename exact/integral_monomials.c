/* Lists of exponents, degree by degree: compositions of a number, in the order in which the first
 * unknown loses its exponent to the next ones. */
#include "exact/integral_monomials.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Does the next exponent vector of this degree exist?  From (d, 0, ..., 0) to (0, ..., 0, d). */
static bool next_of_degree(unsigned char *e, size_t n)
{
    size_t i = n - 1;
    const unsigned char last = e[n - 1];
    while (i-- > 0)
        if (e[i] > 0) {
            e[n - 1] = 0;
            e[i]--;
            e[i + 1] = (unsigned char)(last + 1);
            return true;
        }
    return false;
}

static void first_of_degree(unsigned char *e, size_t n, size_t degree)
{
    memset(e, 0, n);
    e[0] = (unsigned char)degree;
}

/* C(n - 1 + degree, degree), or INTEGRAL_COLUMNS_MOST + 1. */
static size_t count_of_degree(size_t n, size_t degree)
{
    size_t count = 1;
    if (n == 0)
        return degree == 0;
    for (size_t k = 1; k <= degree; k++) {
        count = count * (n - 1 + k) / k;
        if (count > INTEGRAL_COLUMNS_MOST)
            return INTEGRAL_COLUMNS_MOST + 1;
    }
    return count;
}

size_t integral_monomials_count(const struct integral_shape *shape)
{
    size_t count = 0;
    for (size_t d = shape->least; d <= shape->most; d++)
        for (size_t e = 0; e <= shape->extra; e++) {
            count += count_of_degree(shape->unknowns, d) * count_of_degree(shape->constants, e);
            if (count > INTEGRAL_COLUMNS_MOST)
                return INTEGRAL_COLUMNS_MOST + 1;
        }
    return count;
}

/* A monomial in the unknowns times all of degree e in the constants; returns where the next
 * goes. */
static unsigned char *list_constants(const struct integral_shape *shape,
                                     const unsigned char *unknowns, size_t e, unsigned char *at)
{
    unsigned char constant[UCHAR_MAX + 1] = {0};
    const size_t c = shape->constants;
    if (c == 0 && e > 0)
        return at;
    first_of_degree(constant, c ? c : 1, e);
    do {
        memset(at, 0, shape->variables);
        memcpy(at, unknowns, shape->unknowns);
        memcpy(at + shape->variables - c, constant, c);
        at += shape->variables;
    } while (c > 0 && next_of_degree(constant, c));
    return at;
}

/* All products of degree d in the unknowns and e in the constants. */
static unsigned char *list_degrees(const struct integral_shape *shape, size_t d, size_t e,
                                   unsigned char *at)
{
    unsigned char unknowns[UCHAR_MAX + 1] = {0};
    first_of_degree(unknowns, shape->unknowns, d);
    do
        at = list_constants(shape, unknowns, e, at);
    while (next_of_degree(unknowns, shape->unknowns));
    return at;
}

static enum status too_many(const struct integral_shape *shape)
{
    return status_fail(BAD_ARGUMENT, "degree %zu in %zu unknowns needs more than %d monomials",
                       shape->most, shape->unknowns, INTEGRAL_COLUMNS_MOST);
}

enum status integral_monomials_create(const struct integral_shape *shape,
                                      struct integral_monomials *monomials)
{
    const size_t columns = integral_monomials_count(shape);
    if (columns > INTEGRAL_COLUMNS_MOST || shape->variables > UCHAR_MAX)
        return too_many(shape);
    unsigned char *exponents = malloc(columns * shape->variables + 1);
    if (!exponents)
        return status_fail(NO_MEMORY, "%zu monomials", columns);
    unsigned char *at = exponents;
    for (size_t d = shape->least; d <= shape->most; d++)
        for (size_t e = 0; e <= shape->extra; e++)
            at = list_degrees(shape, d, e, at);
    *monomials = (struct integral_monomials){shape->variables, columns, exponents};
    return OK;
}

enum status integral_monomials_of(const struct integral_shape *shape, const fmpq_mpoly_t p,
                                  const fmpq_mpoly_ctx_t ring, struct integral_monomials *monomials)
{
    const size_t length = (size_t)fmpq_mpoly_length(p, ring);
    ulong exponents[UCHAR_MAX + 1];
    unsigned char unknowns[UCHAR_MAX + 1];
    size_t columns = 0;
    for (size_t e = 0; e <= shape->extra; e++)
        columns += length * count_of_degree(shape->constants, e);
    if (columns > INTEGRAL_COLUMNS_MOST || shape->variables > UCHAR_MAX)
        return too_many(shape);
    unsigned char *list = malloc(columns * shape->variables + 1), *at = list;
    if (!list)
        return status_fail(NO_MEMORY, "%zu monomials", columns);
    for (size_t i = length; i-- > 0;) { /* FLINT has the highest degree first */
        fmpq_mpoly_get_term_exp_ui(exponents, p, (slong)i, ring);
        for (size_t v = 0; v < shape->unknowns; v++)
            unknowns[v] = (unsigned char)exponents[v];
        for (size_t e = 0; e <= shape->extra; e++)
            at = list_constants(shape, unknowns, e, at);
    }
    *monomials = (struct integral_monomials){shape->variables, columns, list};
    return OK;
}

void integral_monomials_free(struct integral_monomials *monomials)
{
    free(monomials->exponents);
    monomials->exponents = NULL;
}
