/* The data of a box: from a premise, with every number made an interval around itself.
 *
 * A relative share keeps signs and keeps zeros zero, so that no layer changes its kind inside a
 * box. */
#include "exact/box.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* NULL: no memory */
static struct box_question *question_create(enum box_feedback feedback, size_t layers,
                                            size_t c_count)
{
    struct box_question *q = calloc(1, sizeof *q);
    if (!q)
        return NULL;
    q->feedback = feedback;
    q->layers = layers;
    q->c_count = c_count;
    q->count = BOX_FEEDBACK + c_count + layers;
    q->low = _fmpq_vec_init((slong)q->count);
    q->high = _fmpq_vec_init((slong)q->count);
    q->rates = _fmpq_vec_init((slong)layers);
    for (size_t i = 0; i < layers; i++)
        fmpq_one(q->rates + i);
    return q;
}

enum status box_question_create(enum box_feedback feedback, size_t layers, size_t c_count,
                                struct box_question **question)
{
    if (layers == 0 || c_count > layers || c_count + 1 < layers)
        return status_fail(BAD_ARGUMENT, "%zu feedback weights of %zu layers", c_count, layers);
    struct box_question *q = question_create(feedback, layers, c_count);
    if (!q)
        return status_fail(NO_MEMORY, "a box for %zu layers", layers);
    *question = q;
    return OK;
}

void box_question_free(struct box_question *q)
{
    if (!q)
        return;
    _fmpq_vec_clear(q->low, (slong)q->count);
    _fmpq_vec_clear(q->high, (slong)q->count);
    _fmpq_vec_clear(q->rates, (slong)q->layers);
    free(q);
}

/* x - within |x| and x + within |x| */
static void vary(struct box_question *q, size_t i, const fmpq *x, const fmpq *within)
{
    fmpq_t room;
    fmpq_init(room);
    fmpq_mul(room, x, within);
    fmpq_abs(room, room);
    fmpq_sub(q->low + i, x, room);
    fmpq_add(q->high + i, x, room);
    fmpq_clear(room);
}

static void vary_all(const struct box_variation *variation, struct box_question *q)
{
    const struct premise *p = variation->premise;
    const fmpq *within = variation->within;
    fmpq_t none;
    fmpq_init(none);
    vary(q, BOX_BETA, p->sigma_ii, within);
    vary(q, BOX_ALPHA, p->sigma_ti, within);
    for (size_t i = 0; i < q->c_count; i++) {
        const bool fixed = i + 1 == q->layers && !variation->top_is_given;
        vary(q, BOX_FEEDBACK + i, p->feedback + i, fixed ? none : within);
    }
    for (size_t i = 0; i < q->layers; i++) {
        vary(q, BOX_FEEDBACK + q->c_count + i, p->x0 + i, within);
        fmpq_set(q->rates + i, p->rates + i);
    }
    fmpq_clear(none);
}

enum status box_question_of_premise(const struct box_variation *variation,
                                    struct box_question **question, const char **why_not)
{
    const struct premise *p = variation->premise;
    *question = NULL;
    *why_not = NULL;
    if (strcmp(p->family, "chain") != 0 || premise_rule_adapts(p->rule) || p->rule == PREMISE_BP)
        *why_not = "boxes are known for chains under rbp and srbp";
    else if (p->feedback_count != p->layers)
        *why_not = "a chain whose feedback weights are not one for each layer";
    if (*why_not)
        return OK;
    struct box_question *q = question_create(p->rule == PREMISE_RBP ? BOX_LAYERED : BOX_DIRECT,
                                             p->layers, p->feedback_count);
    if (!q)
        return status_fail(NO_MEMORY, "a box for %zu layers", p->layers);
    vary_all(variation, q);
    *question = q;
    return OK;
}

const char *box_question_name(const struct box_question *q, size_t i, char *name)
{
    if (i < BOX_FEEDBACK)
        snprintf(name, BOX_NAME_MAX, "%s", i == BOX_BETA ? "beta" : "alpha");
    else if (i < BOX_FEEDBACK + q->c_count)
        snprintf(name, BOX_NAME_MAX, "c%zu", i - BOX_FEEDBACK + 1);
    else
        snprintf(name, BOX_NAME_MAX, "a%zu", i - BOX_FEEDBACK - q->c_count + 1);
    return name;
}

size_t box_question_intervals(const struct box_question *q)
{
    size_t intervals = 0;
    for (size_t i = 0; i < q->count; i++)
        intervals += !fmpq_equal(q->low + i, q->high + i);
    return intervals;
}
