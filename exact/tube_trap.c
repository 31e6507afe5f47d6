/* The trap around fixed points, for cells on which the error changes its sign.
 *
 * x' = V(x) e(x), e' = -K(x) e along solutions.  If K >= mu > 0 on the box W that contains the cell
 * and w_i to both sides, and w_i > sup |V_i| sup |e| / mu with the first supremum over W and the second
 * over the cell, no start leaves W, and all settle.  (EX20.2) proves such cells without it; certificates
 * know the trap only. */
#include "exact/tube.h"

#include <stdlib.h>

enum { ROUNDS = 6, WIDTH_BITS = 8 };

struct trap {
    const struct tube *tube;
    struct tube_place place;
    struct jet *from, *weight, e; /* [states] each */
    mag_t error, least, bound;    /* sup |e| on the cell; the least width; room */
};

static struct jet *jets_create(size_t count)
{
    struct jet *jets = malloc((count + 1) * sizeof *jets);
    for (size_t k = 0; jets && k < count; k++)
        jet_init(&jets[k]);
    return jets;
}

static void jets_free(struct jet *jets, size_t count)
{
    for (size_t k = 0; jets && k < count; k++)
        jet_clear(&jets[k]);
    free(jets);
}

/* The state over the cell, wider by w, at s = 0. */
static void widen(struct trap *trap, const arb_t x, const arb_t y, arf_srcptr w)
{
    const struct tube *tube = trap->tube;
    for (size_t i = 0; i < tube->states; i++) {
        const arb_struct *start = i == tube->axis[0] ? x : i == tube->axis[1] ? y : tube->x0 + i;
        jet_constant(start, &trap->from[i]);
        arb_add_error_arf(trap->from[i].c + JET_V, w + i);
    }
    trap->place.from = trap->from;
    tube->error(tube, &trap->place, &trap->e, trap->weight);
}

/* bound = sup |V_i| sup |e| / inf K; false: K is not positive. */
static bool reach(struct trap *trap, size_t i)
{
    mag_t speed, least;
    mag_init(speed);
    mag_init(least);
    arb_get_mag(speed, trap->weight[i].c + JET_S);
    arb_get_mag_lower(least, trap->e.c + JET_S);
    const bool falls = arb_is_negative(trap->e.c + JET_S) && !mag_is_zero(least);
    mag_mul(trap->bound, speed, trap->error);
    if (falls)
        mag_div(trap->bound, trap->bound, least);
    mag_clear(speed);
    mag_clear(least);
    return falls;
}

/* w := 2 reach, a short dyadic number, and not 0. */
static bool enlarge(struct trap *trap, arf_ptr w)
{
    for (size_t i = 0; i < trap->tube->states; i++) {
        if (!reach(trap, i))
            return false;
        mag_mul_2exp_si(trap->bound, trap->bound, 1);
        mag_max(trap->bound, trap->bound, trap->least);
        arf_set_mag(w + i, trap->bound);
        arf_set_round(w + i, w + i, WIDTH_BITS, ARF_RND_UP);
    }
    return true;
}

/* Is every w_i larger than 1.5 times the reach, for the sake of other enclosures? */
static bool is_closed(struct trap *trap, arf_srcptr w)
{
    enum { HALVES = 3 };
    arf_t bound;
    bool closed = true;
    arf_init(bound);
    for (size_t i = 0; i < trap->tube->states && closed; i++) {
        closed = reach(trap, i);
        arf_set_mag(bound, trap->bound);
        arf_mul_ui(bound, bound, HALVES, ARF_PREC_EXACT, ARF_RND_DOWN);
        arf_mul_2exp_si(bound, bound, -1);
        closed = closed && arf_cmp(w + i, bound) > 0;
    }
    arf_clear(bound);
    return closed;
}

static bool trap_close(struct trap *trap, const arb_t x, const arb_t y, arf_ptr w,
                       struct tube_verdict *signs)
{
    enum { LEAST_BITS = -30 };
    mag_one(trap->least);
    mag_mul_2exp_si(trap->least, trap->least, LEAST_BITS);
    for (size_t i = 0; i < trap->tube->states; i++)
        arf_zero(w + i);
    widen(trap, x, y, w);
    arb_get_mag(trap->error, trap->e.c + JET_V);
    bool closed = false;
    for (int round = 0; round < ROUNDS && !closed; round++) {
        if (!enlarge(trap, w))
            return false;
        widen(trap, x, y, w);
        closed = is_closed(trap, w);
    }
    signs->positive = signs->negative = 0;
    for (size_t i = 0; i < trap->tube->signs; i++) {
        const int sign = tube_sign(trap->from[i].c + JET_V);
        signs->positive |= (uint64_t)(sign > 0) << i;
        signs->negative |= (uint64_t)(sign < 0) << i;
    }
    return closed;
}

bool tube_trap(const struct tube *tube, const arb_t x, const arb_t y, arf_ptr w,
               struct tube_verdict *signs)
{
    struct trap trap = {.tube = tube, .place.parts = {JET_LENGTH, TUBE_PREC}};
    if (tube->states != tube->dim)
        return false;
    trap.from = jets_create(tube->states);
    trap.weight = jets_create(tube->states);
    jet_init(&trap.e);
    arb_init(&trap.place.s);
    arb_init(&trap.place.x);
    arb_init(&trap.place.y);
    mag_init(trap.error);
    mag_init(trap.least);
    mag_init(trap.bound);
    const bool closed = trap.from && trap.weight && trap_close(&trap, x, y, w, signs);
    mag_clear(trap.error);
    mag_clear(trap.least);
    mag_clear(trap.bound);
    jet_clear(&trap.e);
    jets_free(trap.from, tube->states);
    jets_free(trap.weight, tube->states);
    return closed;
}
