/* The straight-line program of a chain, forwards for values and backwards for all derivatives at
 * once.
 *
 *     D_i = c_i D_(i+1) (layered), d_i = r_i D_i or r_i c_i,  U_1 = s,
 *     a_i = a_i(0) + d_i U_i,  U_(i+1) = U_i (a_i(0) + d_i U_i/2),
 *     P_i = P_(i-1) a_i,  S_i = S_(i-1) a_i + d_i P_(i-1)^2 = dP_i/ds,
 *     G = alpha - beta P_L,  dG/ds = -beta S_L.
 *
 * One backward pass gives the derivatives in all data and in s, at a few times the cost of the
 * value; over balls they hold for the whole cell, and the mean value form follows.  Rejected: the
 * natural extension alone, which forgets that the same c_i stands in every layer above it. */
#include "exact/box_parts.h"

#include <stdlib.h>

/* ---- memory ---- */

static size_t balls_of(const struct box_question *q)
{
    const size_t lists = 10; /* of about [layers + 1] */
    return lists * (q->layers + 1) + 3 * q->count + 1;
}

static arb_ptr take(arb_ptr *at, size_t count)
{
    arb_ptr list = *at;
    *at += count;
    return list;
}

static void lists_set(struct box_program *p)
{
    const size_t L = p->question->layers, count = p->question->count;
    arb_ptr at = p->block;
    p->d = take(&at, L + 1);
    p->a = take(&at, L + 1);
    p->half = take(&at, L + 1);
    p->U = take(&at, L + 1);
    p->P = take(&at, L + 1);
    p->S = take(&at, L + 1);
    p->D = take(&at, L + 1);
    p->c = take(&at, L + 1);
    p->rate = take(&at, L + 1);
    p->adjoint = take(&at, L + 1);
    p->z = take(&at, count);
    p->middle = take(&at, count);
    p->gradient = take(&at, count + 1);
}

static void room_begin(struct box_program *p)
{
    arb_init(p->s);
    arb_init(p->value);
    arb_init(p->whole);
    arb_init(p->u);
    arb_init(p->v);
    arb_init(p->w);
    mag_init(p->error);
    mag_init(p->influence);
}

enum status box_program_create(const struct box_question *question, struct box_program **program)
{
    struct box_program *p = calloc(1, sizeof *p);
    if (!p)
        return status_fail(NO_MEMORY, "a box of %zu data", question->count);
    p->question = question;
    p->block = _arb_vec_init((slong)balls_of(question));
    lists_set(p);
    room_begin(p);
    for (size_t i = 0; i < question->layers; i++)
        arb_set_fmpq(p->rate + i, question->rates + i, BOX_PRECISION);
    *program = p;
    return OK;
}

void box_program_free(struct box_program *p)
{
    if (!p)
        return;
    _arb_vec_clear(p->block, (slong)balls_of(p->question));
    arb_clear(p->s);
    arb_clear(p->value);
    arb_clear(p->whole);
    arb_clear(p->u);
    arb_clear(p->v);
    arb_clear(p->w);
    mag_clear(p->error);
    mag_clear(p->influence);
    free(p);
}

void box_program_cell(struct box_program *p, arb_srcptr z)
{
    for (size_t i = 0; i < p->question->count; i++) {
        arb_set(p->z + i, z + i);
        arb_get_mid_arb(p->middle + i, z + i);
    }
}

/* ---- forwards ---- */

static void weights(struct box_program *p, arb_srcptr z)
{
    const struct box_question *q = p->question;
    arb_one(p->D + q->layers);
    for (size_t i = q->layers; i-- > 0;) {
        if (i < q->c_count)
            arb_set(p->c + i, z + BOX_FEEDBACK + i);
        else
            arb_one(p->c + i);
        if (q->feedback == BOX_LAYERED)
            arb_mul(p->D + i, p->c + i, p->D + i + 1, BOX_PRECISION);
        else
            arb_set(p->D + i, p->c + i);
        arb_mul(p->d + i, p->rate + i, p->D + i, BOX_PRECISION);
    }
}

static void forwards(struct box_program *p, arb_srcptr z, const arb_t s)
{
    const struct box_question *q = p->question;
    arb_srcptr start = z + BOX_FEEDBACK + q->c_count;
    weights(p, z);
    arb_set(p->U, s);
    arb_one(p->P);
    arb_zero(p->S);
    for (size_t i = 0; i < q->layers; i++) {
        arb_mul(p->u, p->d + i, p->U + i, BOX_PRECISION);
        arb_add(p->a + i, start + i, p->u, BOX_PRECISION);
        arb_mul_2exp_si(p->u, p->u, -1);
        arb_add(p->half + i, start + i, p->u, BOX_PRECISION);
        arb_mul(p->U + i + 1, p->U + i, p->half + i, BOX_PRECISION);
        arb_mul(p->P + i + 1, p->P + i, p->a + i, BOX_PRECISION);
        arb_mul(p->u, p->P + i, p->P + i, BOX_PRECISION);
        arb_mul(p->S + i + 1, p->S + i, p->a + i, BOX_PRECISION);
        arb_addmul(p->S + i + 1, p->d + i, p->u, BOX_PRECISION);
    }
}

static void functional_value(struct box_program *p, enum box_functional functional, arb_srcptr z,
                             arb_t value)
{
    const size_t L = p->question->layers;
    arb_mul(value, z + BOX_BETA, functional == BOX_ERROR ? p->P + L : p->S + L, BOX_PRECISION);
    if (functional == BOX_ERROR)
        arb_sub(value, z + BOX_ALPHA, value, BOX_PRECISION);
    else
        arb_neg(value, value);
}

/* ---- backwards ---- */

/* Adjoints of the a_i into the places of the start, and those of d from S; u, v: of P_i and S_i. */
static void backwards_products(struct box_program *p, enum box_functional functional, arb_ptr start)
{
    if (functional == BOX_ERROR) {
        arb_one(p->u);
        arb_zero(p->v);
    } else {
        arb_zero(p->u);
        arb_one(p->v);
    }
    for (size_t i = p->question->layers; i-- > 0;) {
        arb_mul(start + i, p->u, p->P + i, BOX_PRECISION);
        arb_addmul(start + i, p->v, p->S + i, BOX_PRECISION);
        arb_mul(p->w, p->v, p->P + i, BOX_PRECISION);
        arb_mul(p->adjoint + i, p->w, p->P + i, BOX_PRECISION);
        arb_mul(p->w, p->w, p->d + i, BOX_PRECISION);
        arb_mul_2exp_si(p->w, p->w, 1);
        arb_mul(p->u, p->u, p->a + i, BOX_PRECISION);
        arb_add(p->u, p->u, p->w, BOX_PRECISION);
        arb_mul(p->v, p->v, p->a + i, BOX_PRECISION);
    }
}

/* Through the clock; u: the adjoint of U_(i+1), in the end that of s. */
static void backwards_clock(struct box_program *p, arb_ptr start)
{
    arb_zero(p->u);
    for (size_t i = p->question->layers; i-- > 0;) {
        arb_mul(p->v, p->u, p->U + i, BOX_PRECISION); /* of half_i */
        arb_mul_2exp_si(p->w, p->v, -1);
        arb_add(p->w, p->w, start + i, BOX_PRECISION); /* of d_i U_i */
        arb_add(start + i, start + i, p->v, BOX_PRECISION);
        arb_addmul(p->adjoint + i, p->w, p->U + i, BOX_PRECISION);
        arb_mul(p->u, p->u, p->half + i, BOX_PRECISION);
        arb_addmul(p->u, p->w, p->d + i, BOX_PRECISION);
    }
}

/* From the d_i to the c_i; u: the adjoint of D_(i+1), from the layers below. */
static void backwards_weights(struct box_program *p, arb_ptr feedback)
{
    const struct box_question *q = p->question;
    arb_zero(p->u);
    for (size_t i = 0; i < q->layers; i++) {
        arb_addmul(p->u, p->adjoint + i, p->rate + i, BOX_PRECISION); /* of D_i */
        if (i < q->c_count && q->feedback == BOX_LAYERED)
            arb_mul(feedback + i, p->u, p->D + i + 1, BOX_PRECISION);
        else if (i < q->c_count)
            arb_set(feedback + i, p->u);
        if (q->feedback == BOX_LAYERED)
            arb_mul(p->u, p->u, p->c + i, BOX_PRECISION);
        else
            arb_zero(p->u);
    }
}

/* The derivatives of the functional over the cell, after forwards(). */
static void gradient_set(struct box_program *p, enum box_functional functional)
{
    const struct box_question *q = p->question;
    arb_ptr g = p->gradient, start = g + BOX_FEEDBACK + q->c_count;
    backwards_products(p, functional, start);
    backwards_clock(p, start);
    arb_set(g + q->count, p->u);
    backwards_weights(p, g + BOX_FEEDBACK);
    for (size_t i = BOX_FEEDBACK; i <= q->count; i++) {
        arb_mul(g + i, g + i, p->z + BOX_BETA, BOX_PRECISION);
        arb_neg(g + i, g + i);
    }
    arb_neg(g + BOX_BETA, functional == BOX_ERROR ? p->P + q->layers : p->S + q->layers);
    arb_set_si(g + BOX_ALPHA, functional == BOX_ERROR ? 1 : 0);
}

/* error := the sum of |gradient_i| rad_i, and which term is the largest */
static void spread(struct box_program *p, const arb_t s)
{
    const size_t count = p->question->count;
    mag_t term, size;
    mag_init(term);
    mag_init(size);
    mag_zero(p->error);
    mag_zero(p->influence);
    p->strongest = count;
    for (size_t i = 0; i <= count; i++) {
        arb_get_mag(size, p->gradient + i);
        mag_mul(term, size, i < count ? arb_radref(p->z + i) : arb_radref(s));
        mag_add(p->error, p->error, term);
        if (i < count && mag_cmp(term, p->influence) > 0) {
            mag_set(p->influence, term);
            p->strongest = i;
        }
    }
    mag_clear(term);
    mag_clear(size);
}

/* value := the mean value form, whole := the natural one */
static void enclose(struct box_program *p, enum box_functional functional, const arb_t s)
{
    forwards(p, p->z, s);
    functional_value(p, functional, p->z, p->whole);
    gradient_set(p, functional);
    spread(p, s);
    arb_get_mid_arb(p->s, s);
    forwards(p, p->middle, p->s);
    functional_value(p, functional, p->middle, p->value);
    arb_add_error_mag(p->value, p->error);
}

int box_program_sign(struct box_program *p, enum box_functional functional, const arb_t s)
{
    enclose(p, functional, s);
    if (arb_is_positive(p->value) || arb_is_positive(p->whole))
        return 1;
    return arb_is_negative(p->value) || arb_is_negative(p->whole) ? -1 : 0;
}

void box_program_range(struct box_program *p, enum box_functional functional, const arb_t s,
                       arb_t range)
{
    enclose(p, functional, s);
    arb_set(range, p->value);
}

void box_program_state(struct box_program *p, const arb_t s, arb_ptr a)
{
    forwards(p, p->z, s);
    _arb_vec_set(a, p->a, (slong)p->question->layers);
}
