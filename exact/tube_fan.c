/* Fans under fixed feedback: a cubic in s for any number of hidden units, (W1), on jets.
 *
 *     a = a(0) + c s,  b = b(0) + top s (a(0) + c s/2),  e = alpha - beta a.b */
#include "exact/tube.h"

enum { CUBIC = 3 };

struct unit {
    struct jet s, a, b, start, room;
};

static void unit_begin(struct unit *unit, const struct tube_place *at)
{
    jet_init(&unit->s);
    jet_init(&unit->a);
    jet_init(&unit->b);
    jet_init(&unit->start);
    jet_init(&unit->room);
    jet_variable(&at->s, JET_S, &unit->s);
}

static void unit_end(struct unit *unit)
{
    jet_clear(&unit->s);
    jet_clear(&unit->a);
    jet_clear(&unit->b);
    jet_clear(&unit->start);
    jet_clear(&unit->room);
}

static void unit_weights(const struct tube *tube, const struct tube_place *at, size_t i,
                         struct unit *unit)
{
    const struct jet_parts *parts = &at->parts;
    jet_scale(parts, &unit->s, tube->c + i, &unit->a);
    jet_half(&unit->a, &unit->room);
    tube_start(tube, at, i, &unit->start);
    jet_add(parts, &unit->a, &unit->start, &unit->a);
    jet_add(parts, &unit->room, &unit->start, &unit->room);
    jet_mul(parts, &unit->s, &unit->room, &unit->b);
    jet_scale(parts, &unit->b, tube->c + tube->size, &unit->b);
    tube_start(tube, at, tube->size + i, &unit->start);
    jet_add(parts, &unit->b, &unit->start, &unit->b);
}

static void fan_error(const struct tube *tube, const struct tube_place *at, struct jet *e,
                      struct jet *weight)
{
    struct unit unit;
    unit_begin(&unit, at);
    arb_t zero;
    arb_init(zero);
    jet_constant(zero, e);
    for (size_t i = 0; i < tube->size; i++) {
        unit_weights(tube, at, i, &unit);
        if (weight) {
            jet_set(&unit.a, &weight[i]);
            jet_set(&unit.b, &weight[tube->size + i]);
        }
        jet_mul(&at->parts, &unit.a, &unit.b, &unit.room);
        jet_add(&at->parts, e, &unit.room, e);
    }
    arb_clear(zero);
    unit_end(&unit);
    tube_error_of(tube, &at->parts, e);
}

/* The coefficient of s^3, -beta top |c|^2/2. */
static int leading_sign(const struct tube *tube)
{
    arb_t sum;
    arb_init(sum);
    for (size_t i = 0; i < tube->size; i++)
        arb_addmul(sum, tube->c + i, tube->c + i, TUBE_PREC);
    const int sign = -tube_sign(tube->beta) * tube_sign(tube->c + tube->size) * tube_sign(sum);
    arb_clear(sum);
    return sign;
}

/* All Taylor coefficients at s, from the first on, have the outward sign of e: it goes on growing. */
static enum ending fan_beyond(const struct tube *tube, const struct tube_place *at, int direction)
{
    struct jet e;
    jet_init(&e);
    fan_error(tube, at, &e, NULL);
    const bool grows = tube_sign(e.c + JET_S) > 0 && tube_sign(e.c + JET_SS) == direction &&
                       leading_sign(tube) > 0;
    jet_clear(&e);
    return grows ? ENDING_ESCAPED : ENDING_HORIZON;
}

void tube_fan_open(struct tube *tube)
{
    tube->error = fan_error;
    tube->beyond = fan_beyond;
    tube->degree = CUBIC;
    tube->states = tube->dim; /* signs tell no branches apart: e = 0 is connected */
}
