/* Node by node, each a quotient of two polynomials in the unknowns and parameters.
 *
 * Sums are brought over the product of their denominators, or over the common one where these are
 * equal, and right-hand sides are reduced at the end.  What could become too large is given up before
 * it is computed: products of more than PRODUCT_MOST pairs of terms, degrees above DEGREE_MOST. */
#include "proofs-check/equations_field.h"

#include "exact/field_matrix.h"
#include "exact/rational.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NODES_MOST = 20000,
    PRODUCT_MOST = 200000, /* pairs of terms: some ten milliseconds */
    TERMS_MOST = 5000,
    DEGREE_MOST = 64 /* exponents of the equations for integrals are bytes */
};

/* p/q, of one node. */
struct fraction {
    fmpq_mpoly_struct *p, *q;
};

struct conversion {
    const struct equations *equations;
    const fmpq_mpoly_ctx_struct *ring;
    fmpq_mpoly_struct *p, *q; /* [nodes], of those with made[node] */
    bool *made;
    bool *reached;
    char *reason;
};

static struct fraction fraction_of(const struct conversion *c, uint32_t node)
{
    return (struct fraction){c->p + node, c->q + node};
}

static bool refuse(struct conversion *c, const char *why)
{
    if (!*c->reason)
        snprintf(c->reason, EQUATIONS_REASON_MAX, "%s", why);
    return false;
}

static bool is_small(struct conversion *c, const fmpq_mpoly_t p)
{
    const bool degree =
        fmpq_mpoly_is_zero(p, c->ring) || (fmpq_mpoly_total_degree_fits_si(p, c->ring) &&
                                           fmpq_mpoly_total_degree_si(p, c->ring) <= DEGREE_MOST);
    if (degree && fmpq_mpoly_length(p, c->ring) <= TERMS_MOST)
        return true;
    return refuse(c, "the right-hand sides are too large as polynomials");
}

/* to = a b, unless that is too large. */
static bool multiply(struct conversion *c, const fmpq_mpoly_t a, const fmpq_mpoly_t b,
                     fmpq_mpoly_t to)
{
    const slong pairs = fmpq_mpoly_length(a, c->ring) * fmpq_mpoly_length(b, c->ring);
    if (pairs > PRODUCT_MOST)
        return refuse(c, "the right-hand sides are too large as polynomials");
    fmpq_mpoly_mul(to, a, b, c->ring);
    return is_small(c, to);
}

/* u/v: *to = (u.p v.q)/(u.q v.p) */
static bool divide(struct conversion *c, const struct fraction *u, const struct fraction *v,
                   struct fraction *to)
{
    if (fmpq_mpoly_is_zero(v->p, c->ring))
        return refuse(c, "a right-hand side divides by 0");
    return multiply(c, u->p, v->q, to->p) && multiply(c, u->q, v->p, to->q);
}

static bool add(struct conversion *c, const struct fraction *u, const struct fraction *v,
                bool minus, struct fraction *to)
{
    fmpq_mpoly_t left, right;
    fmpq_mpoly_init(left, c->ring);
    fmpq_mpoly_init(right, c->ring);
    const bool same = fmpq_mpoly_equal(u->q, v->q, c->ring);
    bool fits = true;
    if (same) {
        fmpq_mpoly_set(left, u->p, c->ring);
        fmpq_mpoly_set(right, v->p, c->ring);
        fmpq_mpoly_set(to->q, u->q, c->ring);
    } else {
        fits = multiply(c, u->p, v->q, left) && multiply(c, v->p, u->q, right) &&
               multiply(c, u->q, v->q, to->q);
    }
    if (fits && minus)
        fmpq_mpoly_sub(to->p, left, right, c->ring);
    else if (fits)
        fmpq_mpoly_add(to->p, left, right, c->ring);
    fmpq_mpoly_clear(left, c->ring);
    fmpq_mpoly_clear(right, c->ring);
    return fits && is_small(c, to->p);
}

static bool power(struct conversion *c, const struct fraction *u, long exponent,
                  struct fraction *to)
{
    if (exponent < 0 && fmpq_mpoly_is_zero(u->p, c->ring))
        return refuse(c, "a right-hand side divides by 0");
    if (labs(exponent) > DEGREE_MOST)
        return refuse(c, "the right-hand sides are too large as polynomials");
    for (long k = 0; k < labs(exponent); k++)
        if (!multiply(c, to->p, exponent > 0 ? u->p : u->q, to->p) ||
            !multiply(c, to->q, exponent > 0 ? u->q : u->p, to->q))
            return false;
    return true;
}

static bool number(struct conversion *c, const struct expression *e, struct fraction *to)
{
    fmpq_t value;
    fmpq_init(value);
    const bool fits = rational_read(e->text, value) == OK;
    if (fits)
        fmpq_mpoly_set_fmpq(to->p, value, c->ring);
    else
        (void)refuse(c, "a number of the right-hand sides is too large or too small");
    fmpq_clear(value);
    return fits;
}

static bool refuse_call(struct conversion *c, const struct expression *e)
{
    if (!*c->reason)
        snprintf(c->reason, EQUATIONS_REASON_MAX,
                 "%s is no polynomial: first integrals are looked for where right-hand sides are "
                 "polynomials or quotients of polynomials",
                 e->kind == EXPRESSION_CALL ? e->function->name
                                            : "a power without a whole exponent");
    return false;
}

static bool convert(struct conversion *c, uint32_t node)
{
    const struct expression *e = expression_at(c->equations->arena, node);
    const struct fraction left = fraction_of(c, e->left), right = fraction_of(c, e->right);
    const struct fraction *u = &left, *v = &right;
    struct fraction result = fraction_of(c, node), *to = &result;
    const size_t n = c->equations->unknowns;
    long exponent = 0;
    switch (e->kind) {
    case EXPRESSION_NUMBER:
        return number(c, e, to);
    case EXPRESSION_UNKNOWN:
        fmpq_mpoly_gen(to->p, (slong)e->index, c->ring);
        return true;
    case EXPRESSION_PARAMETER:
        fmpq_mpoly_gen(to->p, (slong)(n + e->index), c->ring);
        return true;
    case EXPRESSION_MINUS:
        fmpq_mpoly_neg(to->p, u->p, c->ring);
        fmpq_mpoly_set(to->q, u->q, c->ring);
        return true;
    case EXPRESSION_SUM:
    case EXPRESSION_DIFFERENCE:
        return add(c, u, v, e->kind == EXPRESSION_DIFFERENCE, to);
    case EXPRESSION_PRODUCT:
        return multiply(c, u->p, v->p, to->p) && multiply(c, u->q, v->q, to->q);
    case EXPRESSION_QUOTIENT:
        return divide(c, u, v, to);
    case EXPRESSION_POWER:
        if (!expression_whole_power(c->equations->arena, node, &exponent))
            return refuse_call(c, e);
        fmpq_mpoly_one(to->p, c->ring);
        return power(c, u, exponent, to);
    default:
        return refuse_call(c, e);
    }
}

static void fraction_init(struct conversion *c, uint32_t node)
{
    fmpq_mpoly_init(c->p + node, c->ring);
    fmpq_mpoly_init(c->q + node, c->ring);
    fmpq_mpoly_one(c->q + node, c->ring);
    c->made[node] = true;
}

/* p/q in lowest terms. */
static bool reduce(struct conversion *c, uint32_t node)
{
    const struct fraction f = fraction_of(c, node);
    fmpq_mpoly_t common;
    fmpq_mpoly_init(common, c->ring);
    bool fits = fmpq_mpoly_gcd(common, f.p, f.q, c->ring);
    fits = fits && fmpq_mpoly_divides(f.p, f.p, common, c->ring) &&
           fmpq_mpoly_divides(f.q, f.q, common, c->ring);
    fmpq_mpoly_clear(common, c->ring);
    return fits ? true : refuse(c, "the quotients of the right-hand sides are too large");
}

/* scale = lcm(scale, q) */
static bool enlarge(struct conversion *c, const fmpq_mpoly_t q, fmpq_mpoly_t scale)
{
    fmpq_mpoly_t common, part;
    fmpq_mpoly_init(common, c->ring);
    fmpq_mpoly_init(part, c->ring);
    const bool fits = fmpq_mpoly_gcd(common, scale, q, c->ring) &&
                      fmpq_mpoly_divides(part, q, common, c->ring) &&
                      multiply(c, scale, part, scale);
    fmpq_mpoly_clear(common, c->ring);
    fmpq_mpoly_clear(part, c->ring);
    return fits ? true : refuse(c, "the quotients of the right-hand sides are too large");
}

/* F = f q for the least common q. */
static bool clear_denominators(struct conversion *c, struct equations_field *out)
{
    const struct equations *e = c->equations;
    struct field *field = out->field;
    fmpq_mpoly_t scale, part;
    bool fits = true;
    fmpq_mpoly_init(scale, c->ring);
    fmpq_mpoly_init(part, c->ring);
    fmpq_mpoly_one(scale, c->ring);
    for (size_t i = 0; i < e->unknowns && fits; i++)
        fits = reduce(c, e->right[i]) && enlarge(c, c->q + e->right[i], scale);
    for (size_t i = 0; i < e->unknowns && fits; i++) {
        const struct fraction f = fraction_of(c, e->right[i]);
        fits =
            fmpq_mpoly_divides(part, scale, f.q, c->ring) && multiply(c, f.p, part, field->f + i);
    }
    out->divided = !fmpq_mpoly_is_fmpq(scale, c->ring);
    fmpq_mpoly_clear(scale, c->ring);
    fmpq_mpoly_clear(part, c->ring);
    return fits;
}

static bool convert_all(struct conversion *c, struct equations_field *out)
{
    const size_t nodes = expression_count(c->equations->arena);
    size_t count = 0;
    expression_reach(c->equations->arena, c->equations->unknowns, c->equations->right, c->reached);
    for (size_t node = 1; node < nodes; node++)
        count += c->reached[node];
    if (count > NODES_MOST)
        return refuse(c, "the right-hand sides are too large as polynomials");
    for (uint32_t node = 1; node < nodes; node++) {
        if (!c->reached[node])
            continue;
        fraction_init(c, node);
        if (!convert(c, node))
            return false;
    }
    return clear_denominators(c, out);
}

/* ---- memory ---- */

static struct field *field_of(const struct equations *e)
{
    const size_t count = e->unknowns + e->parameters;
    struct field *f = calloc(1, sizeof *f + count * (sizeof *f->names + UNKNOWN_NAME_MAX));
    if (!f)
        return NULL;
    f->n = e->unknowns;
    f->m = e->parameters;
    f->names = (char **)(f + 1);
    for (size_t i = 0; i < count; i++) {
        f->names[i] = (char *)(f->names + count) + i * UNKNOWN_NAME_MAX;
        memcpy(f->names[i], i < f->n ? e->unknown[i].name : e->parameter[i - f->n].name,
               UNKNOWN_NAME_MAX);
    }
    fmpq_mpoly_ctx_init(f->ring, (slong)count, ORD_DEGLEX);
    f->f = field_polynomials(f->n, f->ring);
    f->y = field_polynomials(0, f->ring);
    f->S = field_polynomials(0, f->ring);
    f->K = field_polynomials(0, f->ring);
    if (f->f && f->y && f->S && f->K)
        return f;
    field_free(f);
    return NULL;
}

static bool read_values(struct conversion *c, struct equations_field *out)
{
    fmpq_t value;
    bool fits = true;
    fmpq_init(value);
    assert(out->values);
    for (size_t k = 0; k < c->equations->parameters && fits; k++) {
        fits = rational_read(c->equations->parameter[k].text, value) == OK;
        fmpq_set(out->values + k, value);
    }
    fmpq_clear(value);
    return fits ? true : refuse(c, "a parameter is too large or too small");
}

static bool fill_with(struct conversion *c, struct equations_field *out)
{
    const size_t nodes = expression_count(c->equations->arena);
    const bool fits = convert_all(c, out) && read_values(c, out);
    for (size_t node = 0; node < nodes; node++)
        if (c->made[node]) {
            fmpq_mpoly_clear(c->p + node, c->ring);
            fmpq_mpoly_clear(c->q + node, c->ring);
        }
    return fits;
}

/* No field: the reason stays. */
static void field_drop(struct equations_field *out)
{
    _fmpq_vec_clear(out->values, (slong)out->field->m);
    out->values = NULL;
    field_free(out->field);
    out->field = NULL;
}

static enum status fill(const struct equations *e, struct equations_field *out)
{
    const size_t nodes = expression_count(e->arena);
    struct conversion c = {.equations = e, .ring = out->field->ring, .reason = out->reason};
    c.p = calloc(nodes, sizeof *c.p);
    c.q = calloc(nodes, sizeof *c.q);
    c.made = calloc(nodes, sizeof *c.made);
    c.reached = calloc(nodes, sizeof *c.reached);
    const bool room = c.p && c.q && c.made && c.reached;
    if (!room || !fill_with(&c, out))
        field_drop(out);
    free(c.p);
    free(c.q);
    free(c.made);
    free(c.reached);
    return room ? OK : status_fail(NO_MEMORY, "%zu parts of formulas", nodes);
}

enum status equations_field_create(const struct equations *equations,
                                   struct equations_field **field)
{
    struct equations_field *out = calloc(1, sizeof *out);
    if (out)
        out->field = field_of(equations);
    if (!out || !out->field) {
        free(out);
        return status_fail(NO_MEMORY, "a field of %zu unknowns", equations->unknowns);
    }
    out->values = _fmpq_vec_init((slong)out->field->m);
    const enum status status = fill(equations, out);
    if (status == OK)
        *field = out;
    else
        equations_field_free(out);
    return status;
}

void equations_field_free(struct equations_field *field)
{
    if (!field)
        return;
    if (field->values)
        _fmpq_vec_clear(field->values, (slong)field->field->m);
    field_free(field->field);
    free(field);
}
