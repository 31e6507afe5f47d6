/* The march over a box of starts, and which system has which error.
 *
 * An enclosure over a stretch S of s and a box B is the natural one, and the mean-value form
 *     e(m) + e_s(S, B) (S - m) + e_x(S, B) (X - m) + e_y(S, B) (Y - m)
 * about the middles, of an error of the second order; whichever has a sign decides, (EX23).  Steps
 * that are free of zeros double and halve as in march.h; where the width of the box, and not that
 * of the step, hides the sign, shorter steps see no more, and the cell is left to be cut. */
#include "exact/tube.h"

#include <math.h>
#include <stdlib.h>

enum { LOOKS_MOST = 120, FALLS = 12, HALVED = 2, SHRINKS = 8, PIECES_MOST = 8 };
static const double STEP_FIRST = 1.0 / 16, STEP_LEAST = 1.0 / (1 << 20), STEP_MOST = 1 << 20;
static const double END_MOST = 1 << 24; /* moduli stay dyadic with fewer than 53 bits */

/* ---- which system ---- */

static bool is_pair(const struct statement *s)
{
    return s->family == STATEMENT_FAN || s->size == 2;
}

/* How the error of a system is enclosed; NULL: why it is not. */
static const char *system_open(const struct statement *s, struct tube *tube)
{
    const bool chain = s->family == STATEMENT_CHAIN;
    if (s->family == STATEMENT_AUTOENCODER) {
        if (s->size == 1)
            return "A[1,1,1] as an autoencoder is a chain of two layers: ask for that one";
        bool zero = true;
        for (size_t i = 0; i < s->size; i++)
            zero = zero && fmpq_is_zero(s->c + i);
        if (s->rule != STATEMENT_DIRECT || zero)
            return "the autoencoder's cells are proved under fixed feedback that is not 0";
        tube_autoencoder_open(tube);
        return NULL;
    }
    if (fmpq_is_zero(&s->beta))
        return "beta = 0: there are no fixed points to settle at";
    if (chain && s->size > TUBE_SIGNS_MOST)
        return "cells are proved of chains of up to 64 layers";
    if (chain && (s->rule == STATEMENT_DIRECT || s->size == 1))
        tube_chain_open(tube);
    else if (s->family == STATEMENT_FAN && s->rule == STATEMENT_DIRECT)
        tube_fan_open(tube);
    else if ((chain || s->family == STATEMENT_FAN) && is_pair(s)) {
        if (!statement_rates_are_one(s, 0))
            return "cells of this system are proved for unit learning rates";
        tube_pair_open(s, tube);
    } else if (chain && s->rule == STATEMENT_ASRBP)
        tube_skipped_open(tube);
    else
        return "cells are proved for chains under rbp and srbp, chains of two layers and fans "
               "under bp, arbp and asrbp, chains under asrbp, fans under fixed feedback and the "
               "autoencoder A[N,1,N]";
    return NULL;
}

static void numbers_take(const struct statement *s, struct tube *tube)
{
    for (size_t i = 0; i < s->dim; i++)
        arb_set_fmpq(tube->x0 + i, s->x0 + i, TUBE_PREC);
    for (size_t i = 0; i < s->c_count; i++)
        arb_set_fmpq(tube->c + i, s->c + i, TUBE_PREC);
    arb_set_fmpq(tube->alpha, &s->alpha, TUBE_PREC);
    arb_set_fmpq(tube->beta, &s->beta, TUBE_PREC);
    tube->sign_of_P = fmpq_sgn(&s->alpha) * fmpq_sgn(&s->beta);
}

enum status tube_create(const struct statement *s, const size_t axis[2], struct tube **out,
                        const char **why_not)
{
    *out = NULL;
    if (axis[0] == axis[1] || axis[0] >= s->dim || axis[1] >= s->dim)
        return status_fail(BAD_ARGUMENT, "a plane has two different unknowns");
    struct tube *tube = calloc(1, sizeof *tube);
    if (!tube)
        return status_fail(NO_MEMORY, "the error over boxes of %zu unknowns", s->dim);
    tube->size = s->size;
    tube->dim = s->dim;
    tube->c_count = s->c_count;
    tube->axis[0] = axis[0];
    tube->axis[1] = axis[1];
    tube->end[0] = tube->end[1] = INFINITY;
    tube->x0 = _arb_vec_init((slong)s->dim);
    tube->c = _arb_vec_init((slong)s->c_count);
    arb_init(tube->alpha);
    arb_init(tube->beta);
    numbers_take(s, tube);
    *why_not = system_open(s, tube);
    if (!*why_not) {
        *out = tube;
        return OK;
    }
    tube_free(tube);
    return OK;
}

void tube_free(struct tube *tube)
{
    if (!tube)
        return;
    _arb_vec_clear(tube->x0, (slong)tube->dim);
    _arb_vec_clear(tube->c, (slong)tube->c_count);
    arb_clear(tube->alpha);
    arb_clear(tube->beta);
    free(tube);
}

/* ---- for all systems ---- */

int tube_sign(const arb_t x)
{
    return arb_is_positive(x) ? 1 : arb_is_negative(x) ? -1 : 0;
}

void tube_start(const struct tube *tube, const struct tube_place *at, size_t i, struct jet *f)
{
    if (at->from)
        jet_set(&at->from[i], f);
    else if (i == tube->axis[0])
        jet_variable(&at->x, JET_X, f);
    else if (i == tube->axis[1])
        jet_variable(&at->y, JET_Y, f);
    else
        jet_constant(tube->x0 + i, f);
}

void tube_add_start(const struct tube *tube, const struct tube_place *at, size_t i, struct jet *f)
{
    const slong prec = at->parts.prec;
    if (at->from) {
        jet_add(&at->parts, f, &at->from[i], f);
        return;
    }
    const arb_struct *value = i == tube->axis[0]   ? &at->x
                              : i == tube->axis[1] ? &at->y
                                                   : tube->x0 + i;
    arb_add(f->c + JET_V, f->c + JET_V, value, prec);
    if (i == tube->axis[0])
        arb_add_ui(f->c + JET_X, f->c + JET_X, 1, prec);
    if (i == tube->axis[1])
        arb_add_ui(f->c + JET_Y, f->c + JET_Y, 1, prec);
}

void tube_error_of(const struct tube *tube, const struct jet_parts *parts, struct jet *P)
{
    for (slong k = 0; k < parts->count; k++) {
        arb_mul(P->c + k, P->c + k, tube->beta, parts->prec);
        arb_neg(P->c + k, P->c + k);
    }
    arb_add(P->c + JET_V, P->c + JET_V, tube->alpha, parts->prec);
}

/* ---- enclosures ---- */

/* The error over a stretch and the box. */
struct view {
    const struct tube *tube;
    struct tube_place whole, middle, half; /* half: the box in the middle of the stretch */
    struct jet over, at;                   /* over all of it; in the middle */
    arb_t ds, dx, dy;                      /* whole - middle */
    arb_t value, slope, room;              /* mean-value forms */
    struct jet *weight, *from; /* [2*states] over, at; [states] where the orbit is started anew */
};

static void place_init(struct tube_place *place, slong count)
{
    arb_init(&place->s);
    arb_init(&place->x);
    arb_init(&place->y);
    place->parts = (struct jet_parts){count, TUBE_PREC};
    place->from = NULL;
}

static void place_clear(struct tube_place *place)
{
    arb_clear(&place->s);
    arb_clear(&place->x);
    arb_clear(&place->y);
}

static struct jet *jets_create(size_t count)
{
    struct jet *jets = count > 0 ? malloc(count * sizeof *jets) : NULL;
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

/* false: there is no memory, and nothing can be told of the cell. */
static bool view_begin(const struct tube *tube, const arb_t x, const arb_t y, struct view *view)
{
    view->tube = tube;
    view->weight = jets_create(2 * tube->states);
    view->from = jets_create(tube->states);
    place_init(&view->whole, JET_LENGTH);
    place_init(&view->middle, JET_POINT);
    place_init(&view->half, JET_LENGTH);
    jet_init(&view->over);
    jet_init(&view->at);
    arb_init(view->ds);
    arb_init(view->dx);
    arb_init(view->dy);
    arb_init(view->value);
    arb_init(view->slope);
    arb_init(view->room);
    arb_set(&view->whole.x, x);
    arb_set(&view->whole.y, y);
    arb_set(&view->half.x, x);
    arb_set(&view->half.y, y);
    arb_get_mid_arb(&view->middle.x, x);
    arb_get_mid_arb(&view->middle.y, y);
    arb_sub(view->dx, x, &view->middle.x, TUBE_PREC);
    arb_sub(view->dy, y, &view->middle.y, TUBE_PREC);
    return tube->states == 0 || (view->weight && view->from);
}

static void view_end(struct view *view)
{
    place_clear(&view->whole);
    place_clear(&view->middle);
    place_clear(&view->half);
    jets_free(view->weight, 2 * view->tube->states);
    jets_free(view->from, view->tube->states);
    jet_clear(&view->over);
    jet_clear(&view->at);
    arb_clear(view->ds);
    arb_clear(view->dx);
    arb_clear(view->dy);
    arb_clear(view->value);
    arb_clear(view->slope);
    arb_clear(view->room);
}

/* s from low to high */
static void view_stretch(struct view *view, double low, double high)
{
    arf_t a, b;
    arf_init(a);
    arf_init(b);
    arf_set_d(a, low);
    arf_set_d(b, high);
    arb_set_interval_arf(&view->whole.s, a, b, TUBE_PREC);
    arb_get_mid_arb(&view->middle.s, &view->whole.s);
    arb_sub(view->ds, &view->whole.s, &view->middle.s, TUBE_PREC);
    arf_clear(a);
    arf_clear(b);
}

/* f(m) + f_s (S - m) + f_x (X - m) + f_y (Y - m) */
static void mean_value(const struct view *view, const struct jet *over, const arb_t middle,
                       arb_t form)
{
    arb_set(form, middle);
    arb_addmul(form, over->c + JET_S, view->ds, TUBE_PREC);
    arb_addmul(form, over->c + JET_X, view->dx, TUBE_PREC);
    arb_addmul(form, over->c + JET_Y, view->dy, TUBE_PREC);
}

/* The state in the middle of the stretch, over the box, in mean-value form: the orbit started there anew
 * is the same, and what cancels in it has cancelled already. */
static void restart(struct view *view)
{
    const struct tube *tube = view->tube;
    arb_set(&view->half.s, &view->middle.s);
    tube->error(tube, &view->half, &view->over, view->from);
    for (size_t i = 0; i < tube->states; i++) {
        struct jet *from = &view->from[i];
        arb_zero(from->c + JET_S);
        arb_zero(from->c + JET_SS);
        arb_zero(from->c + JET_SX);
        arb_zero(from->c + JET_SY);
        arb_set(view->value, view->weight[tube->states + i].c + JET_V);
        arb_addmul(view->value, from->c + JET_X, view->dx, TUBE_PREC);
        arb_addmul(view->value, from->c + JET_Y, view->dy, TUBE_PREC);
        if (arb_is_finite(view->value)) /* both contain the state */
            arb_intersection(from->c + JET_V, from->c + JET_V, view->value, TUBE_PREC);
    }
    view->whole.from = view->from;
    arb_set(&view->whole.s, view->ds);
}

static void look(struct view *view, double low, double high)
{
    const struct tube *tube = view->tube;
    struct jet *weight = view->weight;
    view_stretch(view, low, high);
    tube->error(tube, &view->middle, &view->at, weight ? weight + tube->states : NULL);
    if (tube->restarts)
        restart(view);
    tube->error(tube, &view->whole, &view->over, weight);
    mean_value(view, &view->over, view->at.c + JET_V, view->value);
    arb_mul_2exp_si(view->room, view->over.c + JET_SS, 1); /* e_ss */
    arb_mul(view->slope, view->room, view->ds, TUBE_PREC);
    arb_add(view->slope, view->slope, view->at.c + JET_S, TUBE_PREC);
    arb_addmul(view->slope, view->over.c + JET_SX, view->dx, TUBE_PREC);
    arb_addmul(view->slope, view->over.c + JET_SY, view->dy, TUBE_PREC);
}

/* The sign of e everywhere; 0: not proved. */
static int value_sign(const struct view *view)
{
    const int sign = tube_sign(view->over.c + JET_V);
    return sign != 0 ? sign : tube_sign(view->value);
}

static bool falls(const struct view *view)
{
    return arb_is_negative(view->over.c + JET_S) || arb_is_negative(view->slope);
}

/* |f| (half width of d) at most, rounded: for guesses. */
static double reach(const arb_t f, const arb_t d)
{
    mag_t bound;
    mag_init(bound);
    arb_get_mag(bound, f);
    mag_mul(bound, bound, arb_radref(d));
    const double value = mag_get_d(bound);
    mag_clear(bound);
    return value;
}

/* Is the step so short that what hides the sign is the box?  This decides no more than when to give
 * up. */
static bool is_blind(const struct view *view)
{
    static const double SHARE = 1.0 / 8;
    return reach(view->over.c + JET_S, view->ds) <
           SHARE * (reach(view->over.c + JET_X, view->dx) + reach(view->over.c + JET_Y, view->dy));
}

/* ---- the march ---- */

/* On its way: e has the sign of `direction` from 0 to `direction` t. */
struct way {
    struct view *view;
    struct tube_verdict *verdict;
    int direction;
    double t, h, asked;
};

static void see(struct way *way, double from, double to)
{
    way->verdict->looks++;
    if (way->direction > 0)
        look(way->view, from, to);
    else
        look(way->view, -to, -from);
}

/* Has e the other sign at modulus t, for every start? */
static bool is_beyond_zeros(struct way *way, double t)
{
    see(way, t, t);
    return value_sign(way->view) == -way->direction;
}

static bool break_add(struct tube_verdict *verdict, double t)
{
    if (verdict->breaks == TUBE_BREAKS_MOST)
        return false;
    verdict->at[verdict->breaks++] = t;
    return true;
}

/* From t on e falls towards 0 and through it, stretch by stretch: the first one has been seen to fall. */
static bool bracket_find(struct way *way)
{
    struct tube_verdict *verdict = way->verdict;
    const double end = way->view->tube->end[way->direction > 0];
    const size_t before = verdict->breaks;
    double t = way->t, h = way->h;
    verdict->steps = before;
    for (int k = 0; k < FALLS && t + h <= fmin(end, END_MOST) && HALVED * h >= way->h; k++) {
        if (k > 0)
            see(way, t, t + h);
        if (!falls(way->view)) {
            h /= 2;
            continue;
        }
        t += h;
        if (!break_add(verdict, t))
            break;
        if (is_beyond_zeros(way, t))
            return true;
        h = fmin(2 * h, STEP_MOST);
    }
    verdict->breaks = before;
    return false;
}

/* Asked whenever t has doubled, and at the end of the orbit. */
static bool rest_is_free(struct way *way)
{
    const struct tube *tube = way->view->tube;
    const double end = tube->end[way->direction > 0];
    if (!tube->beyond || (way->t < 2 * way->asked && way->t < end))
        return false;
    way->asked = way->t;
    view_stretch(way->view, way->direction * way->t, way->direction * way->t);
    way->view->whole.from = NULL;
    way->verdict->ending = tube->beyond(tube, &way->view->whole, way->direction);
    return way->verdict->ending != ENDING_HORIZON;
}

enum step { STEP_ON, STEP_FOUND, STEP_NONE, STEP_GIVES_UP };

static enum step step_try(struct way *way)
{
    struct view *view = way->view;
    const double end = view->tube->end[way->direction > 0];
    if (way->t + way->h > end)
        way->h = end - way->t;
    see(way, way->t, way->t + way->h);
    if (value_sign(view) == way->direction) {
        way->t += way->h;
        if (rest_is_free(way))
            return break_add(way->verdict, way->t) ? STEP_NONE : STEP_GIVES_UP;
        if (way->t >= end || way->t > END_MOST || arb_is_zero(view->over.c + JET_S) ||
            !break_add(way->verdict, way->t))
            return STEP_GIVES_UP;
        way->h = fmin(2 * way->h, STEP_MOST);
        return STEP_ON;
    }
    const bool still = arb_is_zero(view->over.c + JET_S); /* nothing moves, or not e */
    const bool blind = still || is_blind(view);
    if (falls(view) && bracket_find(way))
        return STEP_FOUND;
    way->h /= 2;
    return blind || way->h < STEP_LEAST ? STEP_GIVES_UP : STEP_ON;
}

/* ---- signs ---- */

/* On the stretch of the view. */
static void weights_sign(struct view *view, struct tube_verdict *verdict)
{
    const size_t states = view->tube->states;
    verdict->positive = verdict->negative = 0;
    for (size_t i = 0; i < view->tube->signs; i++) {
        mean_value(view, &view->weight[i], view->weight[states + i].c + JET_V, view->room);
        const int natural = tube_sign(view->weight[i].c + JET_V),
                  sign = natural != 0 ? natural : tube_sign(view->room);
        if (sign > 0)
            verdict->positive |= UINT64_C(1) << i;
        if (sign < 0)
            verdict->negative |= UINT64_C(1) << i;
    }
}

/* P = alpha/beta at the limit: one open sign follows, (EX20). */
static void sign_follow(const struct tube *tube, size_t i, struct tube_verdict *verdict)
{
    int sign = tube->sign_of_P;
    for (size_t k = 0; k < tube->signs; k++)
        if (verdict->negative >> k & 1)
            sign = -sign;
    if (sign > 0)
        verdict->positive |= UINT64_C(1) << i;
    if (sign < 0)
        verdict->negative |= UINT64_C(1) << i;
}

/* On every one of so many pieces of [low, high]. */
static void signs_on_pieces(struct view *view, double low, double high, int pieces,
                            struct tube_verdict *verdict)
{
    uint64_t positive = UINT64_MAX, negative = UINT64_MAX;
    for (int k = 0; k < pieces; k++) {
        verdict->looks++;
        look(view, low + (high - low) * k / pieces, low + (high - low) * (k + 1) / pieces);
        weights_sign(view, verdict);
        positive &= verdict->positive;
        negative &= verdict->negative;
    }
    verdict->positive = positive;
    verdict->negative = negative;
}

/* Are they known, or but for one, which follows from the others?  If alpha = 0, exactly one is 0. */
static bool signs_suffice(const struct tube *tube, struct tube_verdict *verdict)
{
    size_t open = 0, which = 0;
    for (size_t i = 0; i < tube->signs; i++)
        if (!((verdict->positive | verdict->negative) >> i & 1)) {
            open++;
            which = i;
        }
    if (open == 1)
        sign_follow(tube, which, verdict);
    return open == 1 || (open == 0 && tube->sign_of_P != 0);
}

/* The bracket [low, high] of s, on which e falls: halved, as long as its middle has a sign for all
 * starts, then looked at piece by piece. */
static bool signs_find(struct view *view, double low, double high, struct tube_verdict *verdict)
{
    int pieces = 1;
    for (int k = 0; k < SHRINKS && pieces <= PIECES_MOST; k++) {
        signs_on_pieces(view, low, high, pieces, verdict);
        verdict->near = low < 0 && high <= 0 ? -high : low;
        verdict->far = low < 0 && high <= 0 ? -low : high;
        if (signs_suffice(view->tube, verdict))
            return true;
        const double middle = low + (high - low) / 2;
        verdict->looks++;
        look(view, middle, middle);
        const int sign = value_sign(view);
        if (sign == 0)
            pieces *= 2;
        else
            *(sign > 0 ? &low : &high) = middle;
    }
    return false;
}

/* ---- a box ---- */

static void settle(struct view *view, double low, double high, struct tube_verdict *verdict)
{
    verdict->near = fmin(fabs(low), fabs(high));
    verdict->far = fmax(fabs(low), fabs(high));
    verdict->ending = view->tube->signs == 0 || signs_find(view, low, high, verdict)
                          ? ENDING_SETTLED
                          : ENDING_HORIZON;
}

static void ahead(struct view *view, struct tube_verdict *verdict)
{
    struct way way = {
        .view = view, .verdict = verdict, .direction = verdict->direction, .h = STEP_FIRST};
    enum step step = STEP_ON;
    while (step == STEP_ON && verdict->looks < LOOKS_MOST)
        step = step_try(&way);
    if (step == STEP_NONE)
        verdict->steps = verdict->breaks;
    if (step != STEP_FOUND)
        return;
    const double near = verdict->steps > 0 ? verdict->at[verdict->steps - 1] : 0,
                 far = verdict->at[verdict->breaks - 1];
    if (verdict->direction > 0)
        settle(view, near, far, verdict);
    else
        settle(view, -far, -near, verdict);
}

/* e changes its sign on the box, or touches 0: its zero lies between -d and d for every start, and e falls
 * from there to here, (EX20). */
static void around(struct view *view, struct tube_verdict *verdict)
{
    const double slope = fabs(arf_get_d(arb_midref(view->at.c + JET_S), ARF_RND_NEAR)),
                 size = mag_get_d(arb_radref(view->value)) +
                        fabs(arf_get_d(arb_midref(view->value), ARF_RND_NEAR));
    if (!falls(view) || !(size < slope))
        return; /* a cell this large is cut */
    int exponent;
    frexp(size / slope, &exponent);
    double d = ldexp(1, exponent);
    for (int k = 0; k < 2 && d >= STEP_LEAST && d < view->tube->end[0]; k++, d *= 2) {
        verdict->looks += 3;
        look(view, -d, d);
        if (!falls(view))
            return;
        look(view, d, d);
        const bool high = value_sign(view) < 0;
        look(view, -d, -d);
        if (high && value_sign(view) > 0) {
            verdict->at[0] = d;
            verdict->breaks = 1;
            settle(view, -d, d, verdict);
            return;
        }
    }
}

static void march_over(struct view *view, struct tube_verdict *verdict)
{
    look(view, 0, 0);
    verdict->looks = 1;
    verdict->direction = value_sign(view);
    if (verdict->direction == 0)
        around(view, verdict);
    else
        ahead(view, verdict);
}

void tube_enclose(const struct tube *tube, const struct tube_stretch *stretch, arb_t value,
                  arb_t slope)
{
    struct view view;
    const bool ready = view_begin(tube, stretch->x, stretch->y, &view);
    if (ready)
        look(&view, stretch->low, stretch->high);
    arb_set(value, view.value);
    arb_set(slope, view.slope);
    if (!ready) { /* the whole line says nothing */
        arb_zero_pm_inf(value);
        arb_zero_pm_inf(slope);
    }
    view_end(&view);
}

void tube_prove(const struct tube *tube, const arb_t x, const arb_t y, struct tube_verdict *verdict)
{
    struct view view;
    *verdict = (struct tube_verdict){.ending = ENDING_HORIZON};
    const bool ready = view_begin(tube, x, y, &view);
    if (ready && !tube->settles)
        march_over(&view, verdict);
    else if (ready && tube->settles(tube, &view.whole))
        verdict->ending = ENDING_SETTLED;
    view_end(&view);
}
