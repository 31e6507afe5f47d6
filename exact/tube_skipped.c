/* Skipped adaptive feedback, three layers and more: the nested exponentials of (EX10), on jets.
 *
 *     d_1 = s,  a_i = (u_i e^d_i + v_i e^-d_i)/2,  d_(i+1) = (u_i e^d_i - v_i e^-d_i)/2 - c_i(0),
 *     u_i = a_i(0) + c_i(0),  v_i = a_i(0) - c_i(0),  a_L = a_L(0) + d_L */
#include "exact/tube.h"

struct layer {
    struct jet d, a, c, up, down, room;
};

static void layer_begin(struct layer *layer, const struct tube_place *at)
{
    jet_init(&layer->d);
    jet_init(&layer->a);
    jet_init(&layer->c);
    jet_init(&layer->up);
    jet_init(&layer->down);
    jet_init(&layer->room);
    jet_variable(&at->s, JET_S, &layer->d);
}

static void layer_end(struct layer *layer)
{
    jet_clear(&layer->d);
    jet_clear(&layer->a);
    jet_clear(&layer->c);
    jet_clear(&layer->up);
    jet_clear(&layer->down);
    jet_clear(&layer->room);
}

/* a and the d of the next layer; the last layer has no feedback of its own. */
static void layer_next(const struct tube *tube, const struct tube_place *at, size_t i,
                       struct layer *layer)
{
    const struct jet_parts *parts = &at->parts;
    tube_start(tube, at, i, &layer->a);
    if (i + 1 == tube->size) {
        jet_add(parts, &layer->a, &layer->d, &layer->a);
        return;
    }
    tube_start(tube, at, tube->size + i, &layer->c);
    jet_exp(parts, &layer->d, &layer->up);
    jet_add(parts, &layer->a, &layer->c, &layer->room);
    jet_sub(parts, &layer->a, &layer->c, &layer->a);
    jet_mul(parts, &layer->room, &layer->up, &layer->down); /* u e^d */
    jet_set(&layer->down, &layer->up);
    arb_t minus;
    arb_init(minus);
    arb_set_si(minus, -1);
    jet_scale(parts, &layer->d, minus, &layer->d);
    arb_clear(minus);
    jet_exp(parts, &layer->d, &layer->room);
    jet_mul(parts, &layer->a, &layer->room, &layer->down); /* v e^-d */
    jet_add(parts, &layer->up, &layer->down, &layer->a);
    jet_half(&layer->a, &layer->a);
    jet_sub(parts, &layer->up, &layer->down, &layer->d);
    jet_half(&layer->d, &layer->d);
    jet_sub(parts, &layer->d, &layer->c, &layer->d);
}

static void skipped_error(const struct tube *tube, const struct tube_place *at, struct jet *e,
                          struct jet *weight)
{
    struct layer layer;
    layer_begin(&layer, at);
    for (size_t i = 0; i < tube->size; i++) {
        layer_next(tube, at, i, &layer);
        if (weight)
            jet_set(&layer.a, &weight[i]);
        if (i == 0)
            jet_set(&layer.a, e);
        else {
            jet_mul(&at->parts, e, &layer.a, &layer.room);
            jet_set(&layer.room, e);
        }
    }
    layer_end(&layer);
    tube_error_of(tube, &at->parts, e);
}

void tube_skipped_open(struct tube *tube)
{
    tube->error = skipped_error;
    tube->signs = tube->size;
    tube->states = tube->signs; /* started anew from boxes, a - c and a + c lose what they share */
    tube->degree = -1;
}
