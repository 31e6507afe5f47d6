/* Lie derivatives, expanded; and ranks of gradients.
 *
 * Nothing here is approximate: two polynomials are equal if FLINT's normal forms are.  The rank is
 * taken modulo one prime at one point of integers that are drawn from a counter; a minor that does
 * not vanish there does not vanish identically. */
#include "exact/integral.h"

#include <stdio.h>

enum {
    POINT_MOST = 1000, /* coordinates 1..1000 */
    POINT_SHIFT = 29,  /* mixes high bits into low ones */
    POINT_BITS = 32,   /* the high half of a product is taken */
    POINT_PRIME_BITS = 61,
    TOLD_MAX = 120
};

struct integral_fields integral_fields_of(const struct field *field)
{
    return (struct integral_fields){.ring = field->ring,
                                    .unknowns = field->n,
                                    .variables = field->n + field->m,
                                    .count = 1,
                                    .f = field->f};
}

bool integral_is_stopped(const struct integral_fields *fields)
{
    return fields->watch && fields->watch->stop && *fields->watch->stop;
}

void integral_tell(const struct integral_fields *fields, const char *what, size_t done, size_t all,
                   size_t size)
{
    char text[TOLD_MAX];
    if (!fields->watch || !progress_is_visible(fields->watch->progress))
        return;
    snprintf(text, sizeof text, "%s %zu of %zu: %zu equations", what, done, all, size);
    progress_note(fields->watch->progress, text);
}

void integral_derivative(const struct integral_fields *fields, size_t i, const fmpq_mpoly_t p,
                         fmpq_mpoly_t derivative)
{
    const fmpq_mpoly_ctx_struct *ring = fields->ring;
    fmpq_mpoly_t slope, sum;
    fmpq_mpoly_init(slope, ring);
    fmpq_mpoly_init(sum, ring);
    for (size_t v = 0; v < fields->unknowns; v++) {
        fmpq_mpoly_derivative(slope, p, (slong)v, ring);
        if (fmpq_mpoly_is_zero(slope, ring))
            continue;
        fmpq_mpoly_mul(slope, slope, fields->f + i * fields->unknowns + v, ring);
        fmpq_mpoly_add(sum, sum, slope, ring);
    }
    fmpq_mpoly_swap(derivative, sum, ring);
    fmpq_mpoly_clear(slope, ring);
    fmpq_mpoly_clear(sum, ring);
}

/* derivative -= p q */
static void subtract_product(const fmpq_mpoly_ctx_struct *ring, const fmpq_mpoly_t p,
                             const fmpq_mpoly_t q, fmpq_mpoly_t derivative)
{
    fmpq_mpoly_t product;
    fmpq_mpoly_init(product, ring);
    fmpq_mpoly_mul(product, p, q, ring);
    fmpq_mpoly_sub(derivative, derivative, product, ring);
    fmpq_mpoly_clear(product, ring);
}

bool integral_holds(const struct integral_fields *fields, const fmpq_mpoly_t p,
                    fmpq_mpoly_struct *remainder)
{
    fmpq_mpoly_t rest;
    bool holds = true;
    fmpq_mpoly_init(rest, fields->ring);
    for (size_t i = 0; i < fields->count && holds; i++) {
        integral_derivative(fields, i, p, rest);
        if (fields->cofactor)
            subtract_product(fields->ring, p, fields->cofactor + i, rest);
        holds = fmpq_mpoly_is_zero(rest, fields->ring);
    }
    if (remainder)
        fmpq_mpoly_swap(remainder, rest, fields->ring);
    fmpq_mpoly_clear(rest, fields->ring);
    return holds;
}

bool integral_exponential_holds(const struct integral_fields *fields, const fmpq_mpoly_t p,
                                const fmpq_mpoly_t q, fmpq_mpoly_struct *remainder)
{
    fmpq_mpoly_t rest, along;
    bool holds = true;
    fmpq_mpoly_init(rest, fields->ring);
    fmpq_mpoly_init(along, fields->ring);
    for (size_t i = 0; i < fields->count && holds; i++) {
        integral_derivative(fields, i, p, rest);
        integral_derivative(fields, i, q, along);
        fmpq_mpoly_neg(along, along, fields->ring);
        subtract_product(fields->ring, p, along, rest);
        holds = fmpq_mpoly_is_zero(rest, fields->ring);
    }
    if (remainder)
        fmpq_mpoly_swap(remainder, rest, fields->ring);
    fmpq_mpoly_clear(rest, fields->ring);
    fmpq_mpoly_clear(along, fields->ring);
    return holds;
}

bool integral_moves(const struct integral_fields *fields, const fmpq_mpoly_t p)
{
    fmpq_mpoly_t slope;
    bool moves = false;
    fmpq_mpoly_init(slope, fields->ring);
    for (size_t v = 0; v < fields->unknowns && !moves; v++) {
        fmpq_mpoly_derivative(slope, p, (slong)v, fields->ring);
        moves = !fmpq_mpoly_is_zero(slope, fields->ring);
    }
    fmpq_mpoly_clear(slope, fields->ring);
    return moves;
}

void integral_make_primitive(fmpq_mpoly_t p, const fmpq_mpoly_ctx_t ring)
{
    fmpq_t content;
    if (fmpq_mpoly_is_zero(p, ring))
        return;
    fmpq_init(content);
    fmpq_set(content, p->content);
    fmpq_mpoly_scalar_div_fmpq(p, p, content, ring);
    fmpq_clear(content);
}

void integral_specialise(const struct integral_fields *fields, const fmpq *values, fmpq_mpoly_t p)
{
    for (size_t v = fields->unknowns; v < fields->variables; v++)
        fmpq_mpoly_evaluate_one_fmpq(p, p, (slong)v, values + v - fields->unknowns, fields->ring);
}

bool integral_residue(const fmpq *value, nmod_t modulus, ulong *residue)
{
    const ulong above = fmpz_fdiv_ui(fmpq_numref(value), modulus.n);
    const ulong below = fmpz_fdiv_ui(fmpq_denref(value), modulus.n);
    if (below == 0)
        return false;
    *residue = nmod_div(above, below, modulus);
    return true;
}

/* ---- rank ---- */

struct integral_point integral_point_create(size_t variables)
{
    static const ulong STEP = UWORD(0x9E3779B97F4A7C15); /* 2^64 over the golden ratio */
    struct integral_point point = {.variables = variables,
                                   .value = _fmpq_vec_init((slong)variables),
                                   .at = flint_malloc((variables + 1) * sizeof(fmpq *))};
    ulong drawn = STEP;
    for (size_t v = 0; v < variables; v++) {
        drawn = (drawn ^ (drawn >> POINT_SHIFT)) * STEP + v + 1;
        fmpq_set_si(point.value + v, 1 + (slong)((drawn >> POINT_BITS) % POINT_MOST), 1);
        point.at[v] = point.value + v;
    }
    nmod_init(&point.modulus, n_nextprime(UWORD(1) << POINT_PRIME_BITS, 1));
    return point;
}

void integral_point_clear(struct integral_point *point)
{
    _fmpq_vec_clear(point->value, (slong)point->variables);
    flint_free(point->at);
}

bool integral_point_residue(const struct integral_point *point,
                            const struct integral_fields *fields, const fmpq_mpoly_t p,
                            ulong *residue)
{
    fmpq_t value;
    fmpq_init(value);
    const bool has = fmpq_mpoly_evaluate_all_fmpq(value, p, point->at, fields->ring) &&
                     integral_residue(value, point->modulus, residue);
    fmpq_clear(value);
    return has;
}

/* grad p into the row; false as integral_point_residue(). */
static bool set_slopes(const struct integral_fields *fields, const struct integral_point *point,
                       const fmpq_mpoly_struct *p, ulong *row)
{
    bool has = true;
    fmpq_mpoly_t slope;
    fmpq_mpoly_init(slope, fields->ring);
    for (size_t v = 0; v < fields->unknowns && has; v++) {
        fmpq_mpoly_derivative(slope, p, (slong)v, fields->ring);
        has = integral_point_residue(point, fields, slope, row + v);
    }
    fmpq_mpoly_clear(slope, fields->ring);
    return has;
}

/* grad p + p grad q, or a row of zeros; along[unknowns] is scratch. */
static void set_gradient(const struct integral_fields *fields, const struct integral_point *point,
                         const fmpq_mpoly_struct *p, const fmpq_mpoly_struct *q, ulong *row,
                         ulong *along)
{
    ulong factor = 0;
    bool has = set_slopes(fields, point, p, row);
    if (q && has) {
        has = integral_point_residue(point, fields, p, &factor) &&
              set_slopes(fields, point, q, along);
        if (has)
            _nmod_vec_scalar_addmul_nmod(row, along, (slong)fields->unknowns, factor,
                                         point->modulus);
    }
    for (size_t v = 0; v < fields->unknowns && !has; v++)
        row[v] = 0;
}

size_t integral_rank(const struct integral_fields *fields, const fmpq_mpoly_struct *p,
                     const fmpq_mpoly_struct *exponent, size_t count)
{
    nmod_mat_t J;
    struct integral_point point = integral_point_create(fields->variables);
    ulong *along = _nmod_vec_init((slong)fields->unknowns);
    nmod_mat_init(J, (slong)count, (slong)fields->unknowns, point.modulus.n);
    for (size_t i = 0; i < count; i++)
        set_gradient(fields, &point, p + i, exponent ? exponent + i : NULL, J->rows[i], along);
    const size_t rank = (size_t)nmod_mat_rank(J);
    nmod_mat_clear(J);
    _nmod_vec_clear(along);
    integral_point_clear(&point);
    return rank;
}
