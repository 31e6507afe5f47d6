/* Limits and blow-ups as certificates.
 *
 * The march of exact/march.h is repeated step by step; the moduli at which it stood are the break
 * points of (CT1), and what it ended with, a bracket or the neighbourhood of a multiple zero, is the
 * rest of the hint; towards a multiple zero the steps go on, each half the way.  The checker has
 * enclosures of its own, so that everything it must find inside another thing gets a margin: the
 * zero is narrowed to more digits than were asked for, the limit box is several times as wide as the
 * balls here, the rate a little less than its lower bound, and the time of a blow-up, which the
 * checker encloses by sums, is an interval of a thousandth. */
#include "exact/certificate_limit.h"

#include "exact/limit_line.h"
#include "exact/multiple.h"

#include <stdlib.h>

enum {
    MARGIN_BITS = 2,      /* 2^2: balls of the checker may be so much wider */
    RATE_BITS = 30,       /* the rate is given up by 2^-30 of itself */
    TIME_BITS = 10,       /* half of the relative width of a blow-up's interval, as 2^-bits */
    DIGITS_LEAST = 20,    /* of a zero, so that the rate is sharp as well */
    DIGITS_MOST = 500,    /* the checker's balls end at 3072 bits behind the point */
    BITS_BEYOND = 24,     /* of the zero, beyond those of the limit */
    MULTIPLE_BITS = 2048, /* behind the point, of e beside a multiple zero */
    MULTIPLE_BITS_LEAST = 64,
    PREC_MOST = 1 << 13, /* where root_first() gives up */
    POINTS_FIRST = 64
};

/* ---- break points ---- */

struct trail {
    size_t count, room;
    arf_struct *point; /* [count], increasing, > 0 */
};

static enum status trail_add(struct trail *trail, const arf_t t)
{
    if (trail->count == trail->room) {
        const size_t room = trail->room ? 2 * trail->room : POINTS_FIRST;
        arf_struct *more = realloc(trail->point, room * sizeof *more);
        if (!more)
            return status_fail(NO_MEMORY, "%zu break points", room);
        trail->point = more;
        trail->room = room;
    }
    arf_init(trail->point + trail->count);
    arf_set(trail->point + trail->count++, t);
    return OK;
}

static void trail_free(struct trail *trail)
{
    for (size_t k = 0; k < trail->count; k++)
        arf_clear(trail->point + k);
    free(trail->point);
}

/* Is the march where root_first() ended?  If not, it goes on, with more bits where it is stuck. */
static bool is_there(struct march *march, enum march_verdict verdict, const struct root *root)
{
    if (verdict != MARCH_STUCK)
        return verdict == MARCH_BRACKET || verdict == MARCH_NONE;
    if (root->multiplicity > 1 && arf_equal(march->t, root->low))
        return true;
    march->prec *= 2;
    return march->prec > PREC_MOST;
}

/* The same steps as those of root_first(), one by one. */
static enum status trail_follow(struct trail *trail, const struct curve *curve,
                                const struct root *root)
{
    struct march march;
    enum status status = OK;
    march_init(&march, curve, root->direction, root->direction);
    for (bool there = false; !there && status == OK;) {
        march.steps_most = march.steps + 1;
        there = is_there(&march, march_run(&march), root);
        const arf_struct *last = trail->count ? trail->point + trail->count - 1 : NULL;
        if (last ? arf_cmp(march.t, last) > 0 : !arf_is_zero(march.t))
            status = trail_add(trail, march.t);
    }
    march_clear(&march);
    return status;
}

static void put_direction(struct certificate *c, int direction)
{
    certificate_line(c, "direction");
    certificate_word(c, direction > 0 ? "+" : "-");
    certificate_end_line(c);
}

static void put_trail(struct certificate *c, const struct trail *trail)
{
    certificate_line(c, "free");
    if (trail->count == 0)
        certificate_word(c, "none");
    for (size_t k = 0; k < trail->count; k++)
        certificate_dyadic(c, trail->point + k);
    certificate_end_line(c);
}

static void put_pair(struct certificate *c, const char *keyword, const arf_t low, const arf_t high)
{
    certificate_line(c, keyword);
    certificate_dyadic(c, low);
    certificate_dyadic(c, high);
    certificate_end_line(c);
}

/* ---- the limit box ---- */

/* x, MARGIN times as wide, and of positive width where it is a point. */
static void widen(arb_ptr x, slong dim, slong bits)
{
    mag_t most, share;
    mag_init(most);
    mag_init(share);
    mag_zero(most);
    for (slong k = 0; k < dim; k++) {
        arb_get_mag(share, x + k);
        mag_max(most, most, share);
    }
    if (mag_is_zero(most))
        mag_one(most);
    mag_mul_2exp_si(most, most, -bits);
    for (slong k = 0; k < dim; k++) {
        mag_mul_2exp_si(arb_radref(x + k), arb_radref(x + k), MARGIN_BITS);
        arb_get_mag(share, x + k);
        mag_mul_2exp_si(share, share, -bits);
        mag_add(arb_radref(x + k), arb_radref(x + k), mag_is_zero(share) ? most : share);
    }
    mag_clear(most);
    mag_clear(share);
}

static void put_box(struct certificate *c, arb_ptr x, size_t dim, slong bits)
{
    enum { GUARD = 8 };
    widen(x, (slong)dim, bits);
    certificate_line(c, "limit");
    for (size_t k = 0; k < dim; k++)
        certificate_interval(c, x + k, bits + GUARD);
    certificate_end_line(c);
}

/* ---- on a line ---- */

struct line_work {
    const struct certificate_question *question;
    struct certificate *certificate;
    const struct limit_line *line;
    struct root root;
    struct trail trail;
    arf_t low, high; /* moduli around the zero */
    slong bits;      /* of the limit box */
};

static struct certificate_head head_of(const struct certificate_question *question,
                                       const char *kind, const char *sentence)
{
    return (struct certificate_head){.premise = question->premise,
                                     .kind = kind,
                                     .sentence = sentence,
                                     .data = CERTIFICATE_STATED};
}

/* The residual times from low to high, with their sign. */
static void span(const struct line_work *w, slong prec, arb_t s)
{
    arb_set_interval_arf(s, w->low, w->high, prec);
    arb_mul_si(s, s, w->root.direction, prec);
}

static void put_state(const struct line_work *w)
{
    const size_t dim = w->question->limit->dim;
    const slong prec = 2 * (w->bits + BITS_BEYOND);
    arb_ptr x = _arb_vec_init((slong)dim);
    arb_t s;
    arb_init(s);
    span(w, prec, s);
    w->line->state(w->line->self, s, prec, x);
    put_box(w->certificate, x, dim, w->bits);
    arb_clear(s);
    _arb_vec_clear(x, (slong)dim);
}

/* Less than |e'| between low and high; false: not proved to be positive. */
static bool put_rate(const struct line_work *w)
{
    const slong prec = 2 * (w->bits + BITS_BEYOND);
    arb_ptr jet = _arb_vec_init(2);
    arb_t s;
    arf_t rate, less;
    arb_init(s);
    arf_init(rate);
    arf_init(less);
    span(w, prec, s);
    w->line->curve->jet(w->line->curve->self, s, 1, prec, jet);
    arb_get_abs_lbound_arf(rate, jet + 1, prec);
    arf_mul_2exp_si(less, rate, -RATE_BITS);
    arf_sub(rate, rate, less, RATE_BITS + 2, ARF_RND_DOWN);
    const bool positive = arf_sgn(rate) > 0;
    certificate_line(w->certificate, "rate");
    certificate_dyadic(w->certificate, rate);
    certificate_end_line(w->certificate);
    arb_clear(s);
    arf_clear(rate);
    arf_clear(less);
    _arb_vec_clear(jet, 2);
    return positive;
}

/* low < zero < high, twice as wide as what is known of it, inside the bracket. */
static bool narrow(struct line_work *w)
{
    const slong bits = w->bits + BITS_BEYOND;
    arb_t zero;
    mag_t width;
    arb_init(zero);
    mag_init(width);
    const bool good = root_refine(w->line->curve, &w->root, bits, zero);
    arb_abs(zero, zero);
    arb_get_mag(width, zero);
    mag_mul_2exp_si(width, width, -bits);
    mag_mul_2exp_si(arb_radref(zero), arb_radref(zero), 1);
    mag_add(arb_radref(zero), arb_radref(zero), width);
    arb_get_lbound_arf(w->low, zero, bits + 2);
    arb_get_ubound_arf(w->high, zero, bits + 2);
    if (arf_cmp(w->low, w->root.low) < 0)
        arf_set(w->low, w->root.low);
    if (arf_cmp(w->high, w->root.high) > 0)
        arf_set(w->high, w->root.high);
    arb_clear(zero);
    mag_clear(width);
    return good;
}

static enum status write_simple(struct line_work *w)
{
    const struct certificate_head head =
        head_of(w->question, "limit",
                "the trajectory from the start converges exponentially to a zero of the error in "
                "the limit box");
    struct certificate *c = w->certificate;
    if (!narrow(w)) {
        certificate_none("the zero could not be narrowed", c);
        return OK;
    }
    TRY(certificate_open(&head, c));
    put_direction(c, w->root.direction);
    put_trail(c, &w->trail);
    put_pair(c, "bracket", w->root.low, w->root.high);
    put_pair(c, "zero", w->low, w->high);
    put_state(w);
    const bool good = put_rate(w);
    TRY(certificate_close(c));
    if (!good)
        certificate_none("no positive lower bound of the rate was found", c);
    return OK;
}

/* ---- multiple zeros ---- */

static void put_factor(struct certificate *c, ulong multiplicity, const fmpz_poly_struct *p)
{
    certificate_line(c, "factor");
    certificate_count(c, multiplicity);
    for (slong k = 0; k <= fmpz_poly_degree(p); k++)
        certificate_integer(c, fmpz_poly_get_coeff_ptr(p, k));
    certificate_end_line(c);
}

static enum status write_factor(struct line_work *w, const fmpz_poly_struct *p)
{
    enum { SENTENCE = 128 };
    char sentence[SENTENCE];
    struct certificate *c = w->certificate;
    const struct certificate_head head = head_of(w->question, "multiple-zero", sentence);
    snprintf(
        sentence, sizeof sentence,
        "the trajectory from the start converges to a zero of the error of multiplicity %lu in "
        "the limit box",
        (unsigned long)w->root.multiplicity);
    TRY(certificate_open(&head, c));
    put_direction(c, w->root.direction);
    put_trail(c, &w->trail);
    put_factor(c, w->root.multiplicity, p);
    put_pair(c, "zero", w->low, w->high);
    put_state(w);
    return certificate_close(c);
}

/* Break points from where the march was stuck to `low`, each half as far from the zero as the one
 * before: there is no zero on the way, as the one in the root is the only one. */
static enum status approach(struct line_work *w)
{
    enum status status = OK;
    arf_t t, half, rest;
    arf_init(t);
    arf_init(half);
    arf_init(rest);
    arf_sub(rest, w->high, w->low, ARF_PREC_EXACT, ARF_RND_DOWN);
    arf_set(t, w->root.low);
    while (status == OK && arf_cmp(t, w->low) < 0) {
        arf_sub(half, w->low, t, ARF_PREC_EXACT, ARF_RND_DOWN);
        arf_mul_2exp_si(half, half, -1);
        if (arf_cmp(half, rest) > 0)
            arf_add(t, t, half, w->bits + BITS_BEYOND, ARF_RND_UP);
        else
            arf_set(t, w->low);
        status = trail_add(&w->trail, t);
    }
    arf_clear(t);
    arf_clear(half);
    arf_clear(rest);
    return status;
}

/* e is the power `multiplicity` of the distance, and the checker has to see its sign. */
static void spare_bits(struct line_work *w)
{
    const slong M = (slong)w->root.multiplicity;
    const slong most = MULTIPLE_BITS / (M > 1 ? M : 1) - BITS_BEYOND;
    if (w->bits > most)
        w->bits = most > MULTIPLE_BITS_LEAST ? most : MULTIPLE_BITS_LEAST;
}

/* Between the march and the zero, to as many digits as the box shall have. */
static enum status close_in(struct line_work *w)
{
    spare_bits(w);
    if (narrow(w) && arf_cmp(w->low, w->root.low) > 0)
        return approach(w);
    arf_set(w->low, w->root.low);
    arf_set(w->high, w->root.high);
    return OK;
}

static enum status write_multiple(struct line_work *w)
{
    struct multiple multiple;
    enum status status = close_in(w);
    multiple_init(&multiple);
    multiple_prepare(&multiple, w->line->curve);
    const fmpz_poly_struct *p = multiple_factor(&multiple, &w->root);
    if (p && status == OK)
        status = write_factor(w, p);
    else
        certificate_none("the factor of the multiple zero was not found again", w->certificate);
    multiple_clear(&multiple);
    return status;
}

/* ---- blow-up ---- */

static enum status write_blowup(struct line_work *w)
{
    const struct certificate_head head =
        head_of(w->question, "blow-up",
                "the trajectory from the start leaves every bounded set at a time in the interval");
    const struct limit *limit = w->question->limit;
    struct certificate *c = w->certificate;
    arb_t time;
    mag_t share;
    TRY(certificate_open(&head, c));
    arb_init(time);
    mag_init(share);
    arb_get_mag(share, limit->time);
    mag_mul_2exp_si(share, share, -TIME_BITS);
    arb_set(time, limit->time);
    mag_add(arb_radref(time), arb_radref(time), share);
    put_direction(c, limit->direction);
    certificate_line(c, "time");
    certificate_interval(c, time, 2 * TIME_BITS);
    certificate_end_line(c);
    arb_clear(time);
    mag_clear(share);
    return certificate_close(c);
}

/* ---- chains and fans ---- */

static enum status write_zero(struct line_work *w)
{
    const int direction = w->question->limit->direction;
    root_first(w->line->curve, (struct root_start){direction, direction}, &w->root);
    if (w->root.verdict != ROOT_FOUND) {
        certificate_none("the zero of the error was not found again", w->certificate);
        return OK;
    }
    TRY(trail_follow(&w->trail, w->line->curve, &w->root));
    return w->root.multiplicity == 1 ? write_simple(w) : write_multiple(w);
}

static enum status write_on_line(const struct limit_line *line, void *context)
{
    struct line_work *w = context;
    w->line = line;
    root_init(&w->root);
    arf_init(w->low);
    arf_init(w->high);
    const enum status status =
        w->question->limit->ending == ENDING_ESCAPED ? write_blowup(w) : write_zero(w);
    root_clear(&w->root);
    arf_clear(w->low);
    arf_clear(w->high);
    trail_free(&w->trail);
    return status;
}

static slong box_bits(const struct certificate_question *question)
{
    const slong digits = question->digits > DIGITS_LEAST ? question->digits : DIGITS_LEAST;
    return limit_bits(digits < DIGITS_MOST ? digits : DIGITS_MOST);
}

static enum status write_line(const struct certificate_question *question, struct certificate *c)
{
    struct line_work w = {.question = question, .certificate = c, .bits = box_bits(question)};
    return question->statement->family == STATEMENT_FAN
               ? limit_fan_line(question->statement, write_on_line, &w)
               : limit_chain_line(question->statement, write_on_line, &w);
}

/* ---- the autoencoder ---- */

/* Is A(0) a multiple of C != 0, or C = 0?  By the two-by-two minors. */
static bool is_parallel(const struct statement *s)
{
    fmpq_t left, right;
    bool parallel = true;
    size_t pivot = 0;
    while (pivot < s->size && fmpq_is_zero(s->c + pivot))
        pivot++;
    fmpq_init(left);
    fmpq_init(right);
    for (size_t k = 0; k < s->size && pivot < s->size && parallel; k++) {
        fmpq_mul(left, s->x0 + k, s->c + pivot);
        fmpq_mul(right, s->x0 + pivot, s->c + k);
        parallel = fmpq_equal(left, right);
    }
    fmpq_clear(left);
    fmpq_clear(right);
    return parallel;
}

/* A = x C, B = C'/(x |C|^2) for all x of the ball. */
static void put_line_box(struct certificate *c, const struct statement *s, const arb_t x,
                         slong bits)
{
    const slong prec = 2 * (bits + BITS_BEYOND), N = (slong)s->size;
    arb_ptr state = _arb_vec_init(2 * N);
    fmpq_t square;
    arb_t scale, C;
    fmpq_init(square);
    arb_init(scale);
    arb_init(C);
    _fmpq_vec_dot(square, s->c, s->c, N);
    arb_set_fmpq(scale, square, prec);
    arb_mul(scale, scale, x, prec);
    arb_inv(scale, scale, prec);
    for (slong k = 0; k < N; k++) {
        arb_set_fmpq(C, s->c + k, prec);
        arb_mul(state + k, C, x, prec);
        arb_mul(state + N + k, C, scale, prec);
    }
    put_box(c, state, 2 * s->size, bits);
    _arb_vec_clear(state, 2 * N);
    fmpq_clear(square);
    arb_clear(scale);
    arb_clear(C);
}

static enum status write_autoencoder(const struct certificate_question *question,
                                     struct certificate *c)
{
    const struct certificate_head head =
        head_of(question, "autoencoder-limit",
                "the trajectory from the start converges to the limit in the limit box");
    const slong bits = limit_bits(question->digits);
    arb_t x;
    arf_t low, high;
    mag_t width;
    TRY(certificate_open(&head, c));
    arb_init(x);
    arf_init(low);
    arf_init(high);
    mag_init(width);
    arb_get_mag(width, question->limit->clock);
    mag_mul_2exp_si(width, width, -bits);
    arb_set(x, question->limit->clock);
    mag_add(arb_radref(x), arb_radref(x), width);
    arb_get_lbound_arf(low, x, bits + BITS_BEYOND);
    arb_get_ubound_arf(high, x, bits + BITS_BEYOND);
    arb_set_interval_arf(x, low, high, 2 * (bits + BITS_BEYOND));
    put_pair(c, "zero", low, high);
    put_line_box(c, question->statement, x, bits);
    arb_clear(x);
    arf_clear(low);
    arf_clear(high);
    mag_clear(width);
    return certificate_close(c);
}

/* ---- which kind ---- */

/* NULL: there is a kind. */
static const char *why_no_kind(const struct certificate_question *q)
{
    const struct limit *limit = q->limit;
    const bool fixed = q->premise->rule == PREMISE_RBP || q->premise->rule == PREMISE_SRBP;
    if (limit->ending == ENDING_HORIZON)
        return "nothing was decided";
    if (!fixed)
        return "the format has no exact kind for rules without fixed feedback";
    if (q->statement->family == STATEMENT_AUTOENCODER && is_parallel(q->statement))
        return "the format has no kind for a start on the line of the feedback";
    if (limit->has_limit && limit->direction == 0)
        return "the format has no kind for a start at rest that is not stable";
    if (limit->ending == ENDING_UNBOUNDED)
        return "the format has no kind for growth without a blow-up";
    if (limit->ending == ENDING_ESCAPED && !limit->has_time)
        return "the time of the blow-up was not enclosed";
    return NULL;
}

enum status certificate_limit(const struct certificate_question *question, struct certificate *c)
{
    const char *why_not = why_no_kind(question);
    if (why_not) {
        certificate_none(why_not, c);
        return OK;
    }
    return question->statement->family == STATEMENT_AUTOENCODER ? write_autoencoder(question, c)
                                                                : write_line(question, c);
}
