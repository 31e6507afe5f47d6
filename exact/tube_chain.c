/* Chains under fixed feedback: the recursion of (EX2) on jets, and the growth of (C2) on boxes. */
#include "exact/tube.h"

struct layer {
    struct jet U, a, half, room;
};

static void layer_begin(struct layer *layer, const struct tube_place *at)
{
    jet_init(&layer->U);
    jet_init(&layer->a);
    jet_init(&layer->half);
    jet_init(&layer->room);
    jet_variable(&at->s, JET_S, &layer->U);
}

static void layer_end(struct layer *layer)
{
    jet_clear(&layer->U);
    jet_clear(&layer->a);
    jet_clear(&layer->half);
    jet_clear(&layer->room);
}

/* a = a(0) + c U and half = a(0) + c U/2, at layer i. */
static void layer_weights(const struct tube *tube, const struct tube_place *at, size_t i,
                          struct layer *layer)
{
    jet_scale(&at->parts, &layer->U, tube->c + i, &layer->a);
    jet_half(&layer->a, &layer->half);
    tube_add_start(tube, at, i, &layer->a);
    tube_add_start(tube, at, i, &layer->half);
}

/* U := U half */
static void layer_next(const struct tube_place *at, struct layer *layer)
{
    jet_mul(&at->parts, &layer->U, &layer->half, &layer->room);
    jet_set(&layer->room, &layer->U);
}

static void chain_error(const struct tube *tube, const struct tube_place *at, struct jet *e,
                        struct jet *weight)
{
    struct layer layer;
    layer_begin(&layer, at);
    for (size_t i = 0; i < tube->size; i++) {
        layer_weights(tube, at, i, &layer);
        if (weight)
            jet_set(&layer.a, &weight[i]);
        if (i == 0)
            jet_set(&layer.a, e);
        else {
            jet_mul(&at->parts, e, &layer.a, &layer.room);
            jet_set(&layer.room, e);
        }
        if (i + 1 < tube->size)
            layer_next(at, &layer);
    }
    layer_end(&layer);
    tube_error_of(tube, &at->parts, e);
}

/* The sign of a_i from s outwards, where it never shrinks; 0: not proved. */
static int sign_beyond(const struct tube *tube, const struct tube_place *at, size_t i,
                       struct layer *layer)
{
    tube_start(tube, at, i, &layer->room);
    if (arb_is_zero(tube->c + i))
        return tube_sign(layer->room.c + JET_V);
    jet_scale(&at->parts, &layer->U, tube->c + i, &layer->a);
    const int moved = tube_sign(layer->a.c + JET_V);
    layer_weights(tube, at, i, layer);
    return moved * tube_sign(layer->half.c + JET_V) > 0 ? moved : 0;
}

/* (EX21): |P| grows to infinity from here, and e has the sign of -beta P already. */
static enum ending chain_beyond(const struct tube *tube, const struct tube_place *at, int direction)
{
    struct layer layer;
    int P = 1;
    layer_begin(&layer, at);
    for (size_t i = 0; i < tube->size && P != 0; i++) {
        P *= sign_beyond(tube, at, i, &layer);
        layer_weights(tube, at, i, &layer);
        layer_next(at, &layer);
    }
    layer_end(&layer);
    if (-tube_sign(tube->beta) * P != direction || tube->degree < 1)
        return ENDING_HORIZON;
    return tube->degree > 1 ? ENDING_ESCAPED : ENDING_UNBOUNDED;
}

/* The degree of U_(i + 1) doubles where c_i is not 0, (C2). */
void tube_chain_open(struct tube *tube)
{
    enum { DEGREE_MOST = 1 << 20 };
    slong width = 1;
    for (size_t i = 0; i < tube->size; i++)
        if (!arb_is_zero(tube->c + i)) {
            tube->degree += width;
            width = width < DEGREE_MOST ? 2 * width : width;
        }
    tube->error = chain_error;
    tube->beyond = chain_beyond;
    tube->signs = tube->states = tube->size;
    tube->restarts = tube->size > 2; /* of two layers the cubic loses little */
}
