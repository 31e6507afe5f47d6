/* One search of degree one for each unknown and sign, and the rank with each find.
 *
 * The gradients of p exp(q) are kept as p and q beside the known polynomials, whose q is 0, so that
 * integral_rank() sees one list. */
#include "exact/integral_exponential.h"

#include "exact/field_matrix.h"

#include <stdlib.h>

/* What is kept so far: the known ones first. */
struct keeping {
    const struct integral_fields *fields;
    size_t known, count, room, rank;
    fmpq_mpoly_struct *p, *q;    /* [room], all initialised */
    fmpq_mpoly_struct *cofactor; /* [fields->count] */
};

static void try_one(struct keeping *w, const fmpq_mpoly_t p, size_t j, slong sign)
{
    const fmpq_mpoly_ctx_struct *ring = w->fields->ring;
    if (w->count == w->room || !integral_moves(w->fields, p))
        return;
    fmpq_mpoly_set(w->p + w->count, p, ring);
    fmpq_mpoly_gen(w->q + w->count, (slong)j, ring);
    fmpq_mpoly_scalar_mul_si(w->q + w->count, w->q + w->count, sign, ring);
    const size_t rank = integral_rank(w->fields, w->p, w->q, w->count + 1);
    if (rank > w->rank &&
        integral_exponential_holds(w->fields, w->p + w->count, w->q + w->count, NULL)) {
        w->rank = rank;
        w->count++;
    }
}

/* k = -L_V(sign x_j); all 0 where the unknown is frozen: then there is nothing to look for. */
static bool set_cofactor(struct keeping *w, size_t j, slong sign)
{
    const fmpq_mpoly_ctx_struct *ring = w->fields->ring;
    bool moves = false;
    for (size_t i = 0; i < w->fields->count; i++) {
        const fmpq_mpoly_struct *speed = w->fields->f + i * w->fields->unknowns + j;
        fmpq_mpoly_scalar_mul_si(w->cofactor + i, speed, -sign, ring);
        moves = moves || !fmpq_mpoly_is_zero(speed, ring);
    }
    return moves;
}

static enum status try_unknown(struct keeping *w, size_t j, slong sign)
{
    struct integral_fields fields = *w->fields;
    struct integral_search *search = NULL;
    if (!set_cofactor(w, j, sign))
        return OK;
    fields.cofactor = w->cofactor;
    TRY(integral_search_create(&fields, 1, &search));
    for (size_t k = 0; k < search->list.count; k++)
        try_one(w, search->list.generator + k, j, sign);
    integral_search_free(search);
    return OK;
}

static enum status work(struct keeping *w)
{
    for (size_t j = 0; j < w->fields->unknowns && w->count < w->room; j++) {
        TRY(try_unknown(w, j, -1));
        TRY(try_unknown(w, j, 1));
    }
    return OK;
}

static enum status start(struct keeping *w, const struct integral_list *known)
{
    const fmpq_mpoly_ctx_struct *ring = w->fields->ring;
    w->known = w->count = known->count;
    w->room = known->count + w->fields->unknowns;
    w->p = field_polynomials(w->room, ring);
    w->q = field_polynomials(w->room, ring);
    w->cofactor = field_polynomials(w->fields->count, ring);
    if (!w->p || !w->q || !w->cofactor)
        return status_fail(NO_MEMORY, "%zu integrals", w->room);
    for (size_t k = 0; k < known->count; k++)
        fmpq_mpoly_set(w->p + k, known->generator + k, ring);
    w->rank = integral_rank(w->fields, w->p, w->q, w->count);
    return work(w);
}

/* The new ones move to the result. */
static enum status finish(const struct keeping *w, struct integral_exponentials **exponentials)
{
    const fmpq_mpoly_ctx_struct *ring = w->fields->ring;
    struct integral_exponentials *e = calloc(1, sizeof *e);
    if (!e)
        return status_fail(NO_MEMORY, "integrals");
    e->ring = ring;
    e->rank = w->rank;
    e->count = w->count - w->known;
    e->p = field_polynomials(e->count, ring);
    e->q = field_polynomials(e->count, ring);
    if (!e->p || !e->q) {
        integral_exponentials_free(e);
        return status_fail(NO_MEMORY, "integrals");
    }
    for (size_t k = 0; k < e->count; k++) {
        fmpq_mpoly_swap(e->p + k, w->p + w->known + k, ring);
        fmpq_mpoly_swap(e->q + k, w->q + w->known + k, ring);
    }
    *exponentials = e;
    return OK;
}

enum status integral_exponentials_create(const struct integral_fields *fields,
                                         const struct integral_list *known,
                                         struct integral_exponentials **exponentials)
{
    struct keeping w = {.fields = fields};
    enum status status = start(&w, known);
    if (status == OK)
        status = finish(&w, exponentials);
    field_polynomials_free(w.p, w.room, fields->ring);
    field_polynomials_free(w.q, w.room, fields->ring);
    field_polynomials_free(w.cofactor, fields->count, fields->ring);
    return status;
}

void integral_exponentials_free(struct integral_exponentials *e)
{
    if (!e)
        return;
    field_polynomials_free(e->p, e->count, e->ring);
    field_polynomials_free(e->q, e->count, e->ring);
    free(e);
}
