/* Taylor's method in integers: every number is a whole multiple of 2^-(scale + GUARD).
 *
 * Coefficients in time follow from the straight-line program, one order after the other; then the
 * step is the longest h = 2^-shift whose last terms are below the resolution 2^-scale, and the
 * coefficients are rounded in the variable v = t/h, where they fall.  Roundings are not tracked. */
#include "exact/trap_orbit.h"

#include <assert.h>
#include <stdlib.h>

enum {
    GUARD = 64, /* bits: coefficients in time grow like radius^-order */
    TERMS = 2   /* the last ones decide on the step */
};

struct trap_orbit {
    const struct program *program;
    slong scale, order, bits; /* bits = scale + GUARD */
    fmpz *x;                  /* [n] at scale */
    fmpz *series;             /* [field_nodes*(order + 1)] at bits */
    fmpz_t sum;
};

slong trap_orbit_order(slong scale)
{
    /* the work is order^2 2^(scale/order) for a unit of time: least near 0.35 scale; files and
     * checks are shorter with somewhat less */
    const slong order = scale / 3;
    return order < 12 ? 12 : order > TRAP_ORBIT_ORDER_MOST ? TRAP_ORBIT_ORDER_MOST : order;
}

enum status trap_orbit_create(const struct program *program, const fmpq *x0, slong scale,
                              slong order, struct trap_orbit **orbit)
{
    struct trap_orbit *o = calloc(1, sizeof *o);
    if (!o)
        return status_fail(NO_MEMORY, "an orbit of %zu unknowns", program->n);
    *o = (struct trap_orbit){
        .program = program, .scale = scale, .order = order, .bits = scale + GUARD};
    o->x = _fmpz_vec_init((slong)program->n);
    o->series = _fmpz_vec_init((slong)program->field_nodes * (order + 1));
    fmpz_init(o->sum);
    for (size_t i = 0; i < program->n; i++) {
        fmpz_mul_2exp(o->x + i, fmpq_numref(x0 + i), (ulong)scale);
        fmpz_fdiv_q(o->x + i, o->x + i, fmpq_denref(x0 + i));
    }
    for (size_t i = 0; i < program->field_nodes; i++)
        if (program->node[i].kind == PROGRAM_CONSTANT) {
            const fmpq *number = program->constant + program->node[i].first;
            fmpz *at = o->series + (slong)i * (order + 1);
            fmpz_mul_2exp(at, fmpq_numref(number), (ulong)o->bits);
            fmpz_fdiv_q(at, at, fmpq_denref(number));
        }
    *orbit = o;
    return OK;
}

void trap_orbit_free(struct trap_orbit *o)
{
    if (!o)
        return;
    _fmpz_vec_clear(o->x, (slong)o->program->n);
    _fmpz_vec_clear(o->series, (slong)o->program->field_nodes * (o->order + 1));
    fmpz_clear(o->sum);
    free(o);
}

/* sum += coefficient `k` of the product */
static void add_product(struct trap_orbit *o, struct program_product product, slong k)
{
    const fmpz *a = o->series + (slong)product.a * (o->order + 1);
    const fmpz *b = o->series + (slong)product.b * (o->order + 1);
    const struct program_node *node = o->program->node;
    if (node[product.a].kind == PROGRAM_CONSTANT)
        fmpz_addmul(o->sum, a, b + k);
    else if (node[product.b].kind == PROGRAM_CONSTANT)
        fmpz_addmul(o->sum, b, a + k);
    else
        for (slong i = 0; i <= k; i++)
            fmpz_addmul(o->sum, a + i, b + k - i);
}

/* Coefficient k of all nodes, those of the unknowns being there. */
static void extend(struct trap_orbit *o, slong k)
{
    const struct program *p = o->program;
    for (size_t i = 0; i < p->field_nodes; i++) {
        const struct program_node node = p->node[i];
        if (node.kind != PROGRAM_SUM)
            continue;
        fmpz_zero(o->sum);
        for (size_t q = node.first; q < node.first + node.count; q++)
            add_product(o, p->product[q], k);
        fmpz_fdiv_q_2exp(o->series + (slong)i * (o->order + 1) + k, o->sum, (ulong)o->bits);
    }
}

/* The least shift with |x_k| 2^(-k shift) below 2^-scale for the last terms. */
static slong shift_of(const struct trap_orbit *o)
{
    slong shift = 0;
    assert(o->order > TERMS);
    for (size_t i = 0; i < o->program->n; i++)
        for (slong k = o->order + 1 - TERMS; k <= o->order; k++) {
            const slong above = (slong)fmpz_bits(o->series + (slong)i * (o->order + 1) + k) - GUARD;
            if (above > k * shift)
                shift = (above + k - 1) / k;
        }
    return shift;
}

slong trap_orbit_expand(struct trap_orbit *o)
{
    const struct program *p = o->program;
    const slong stride = o->order + 1;
    for (size_t i = 0; i < p->n; i++)
        fmpz_mul_2exp(o->series + (slong)i * stride, o->x + i, GUARD);
    for (slong k = 0; k < o->order; k++) {
        extend(o, k);
        for (size_t i = 0; i < p->n; i++)
            fmpz_fdiv_q_ui(o->series + (slong)i * stride + k + 1,
                           o->series + (slong)p->f[i] * stride + k, (ulong)k + 1);
    }
    return shift_of(o);
}

void trap_orbit_piece(const struct trap_orbit *o, slong shift, fmpz *c)
{
    for (slong i = 0; i < (slong)o->program->n; i++)
        for (slong k = 0; k <= o->order; k++) {
            const slong place = i * (o->order + 1) + k;
            fmpz_fdiv_q_2exp(c + place, o->series + place, (ulong)(GUARD + k * shift));
        }
}

void trap_orbit_move(struct trap_orbit *o, const fmpz *c)
{
    for (slong i = 0; i < (slong)o->program->n; i++) {
        fmpz_zero(o->x + i);
        for (slong k = 0; k <= o->order; k++)
            fmpz_add(o->x + i, o->x + i, c + i * (o->order + 1) + k);
    }
}
