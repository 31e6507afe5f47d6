/* Enclosures of the curve over [lo, hi], from its middle m and the deviation W of s from it.
 *
 * On a wide ball the recursion loses what cancels in a_i(0) + d_i U_i.  But the curve is an orbit
 * of an autonomous system: from its state at m, with U_1 = s - m, the recursion gives the same
 * curve, and what cancels has cancelled already.  So there are three passes:
 *
 *     centre: the data in the middle of their box; from the start to m, and the series there;
 *     values: all data, with the derivatives in them; from the start to m;
 *     full:   all data, from the state at m (met with its mean value form) over W, with the Taylor
 *             coefficients in s and their derivatives in the data.
 *
 * With f_j the Taylor coefficients of anything, dy the deviation of the data from their middle,
 * f_j over all of it is in the meet of its natural enclosure and the mean value form
 *
 *     f_j(centre) + (j + 1) f_(j+1)(full) W + sum_k (d f_j/d y_k)(full) dy_k,
 *
 * and for j = 0 of f_0(centre) + f_1(centre) W + f_2(full) W^2 + sum_k (d f_0/d y_k)(full) dy_k.
 * (The first: mean value theorem on the segment from the centre; the second: Taylor's theorem in s
 * at the data in the middle, then the mean value theorem in the data at this s.) */
#include "checker/curve.h"

#include "checker/jet.h"
#include "checker/memory.h"
#include "checker/rational.h"
#include "checker/reject.h"

/* An interval is halved no more often than this. */
enum { CURVE_DEPTH = 24 };

/* One pass: its space, the data in it, and what the recursion makes of them. */
struct strand {
    struct jet_space space;
    struct ball *alpha, *beta, *rate; /* rate: r_2 of a fan */
    struct ball *d;                   /* [terms] */
    struct ball *start;               /* [unknowns], at s = 0 */
    struct ball *base;                /* [unknowns], at the place where U_1 = 0 */
    struct ball *state, *G;           /* [unknowns], [1]: the results */
    struct ball *U, *half, *work;
};

struct curve {
    const struct premise *premise;
    struct ball_context context;
    bool fan;
    size_t unknowns, terms; /* terms: layers of a chain, N of a fan */
    size_t orders, parameters;
    size_t *parameter;
    struct strand centre, values, full;
    struct ball *deviation; /* [parameters] */
    struct ball *width;     /* W */
    struct ball *middle;    /* m */
    struct ball *coefficient, *state, *speed;
    struct ball *product, *sum;
    enum curve_direction direction;
};

/* ---- data ------------------------------------------------------------------------------------ */

enum { MOMENTS = 2 }; /* beta, alpha: chains and fans have scalar ones */

size_t curve_data_start(const struct premise *premise)
{
    return MOMENTS + premise->feedback.count;
}

static void copy_list(struct curve_data *data, size_t at, const struct premise_list *list)
{
    for (size_t k = 0; k < list->count; k++) {
        mpq_set(data->lo[at + k], list->lo[k]);
        mpq_set(data->hi[at + k], list->hi[k]);
    }
}

struct curve_data curve_data_of(const struct premise *premise)
{
    size_t start = curve_data_start(premise), count = start + premise->dim;
    struct curve_data data = {count, memory_numbers(count), memory_numbers(count)};
    copy_list(&data, 0, &premise->sigma_ii);
    copy_list(&data, 1, &premise->sigma_ti);
    copy_list(&data, MOMENTS, &premise->feedback);
    copy_list(&data, start, &premise->start);
    return data;
}

void curve_data_copy(struct curve_data *to, const struct curve_data *from)
{
    for (size_t k = 0; k < from->count; k++) {
        mpq_set(to->lo[k], from->lo[k]);
        mpq_set(to->hi[k], from->hi[k]);
    }
}

/* ---- memory ---------------------------------------------------------------------------------- */

static struct ball *jet_at(const struct strand *strand, struct ball *x, size_t i)
{
    return &x[i * strand->space.size];
}

static void strand_init(struct strand *strand, struct curve *curve, size_t orders,
                        size_t parameters)
{
    jet_space_init(&strand->space, &curve->context, orders, parameters);
    strand->alpha = jet_vector(&strand->space, 1);
    strand->beta = jet_vector(&strand->space, 1);
    strand->rate = jet_vector(&strand->space, 1);
    strand->d = jet_vector(&strand->space, curve->terms);
    strand->start = jet_vector(&strand->space, curve->unknowns);
    strand->base = jet_vector(&strand->space, curve->unknowns);
    strand->state = jet_vector(&strand->space, curve->unknowns);
    strand->G = jet_vector(&strand->space, 1);
    strand->U = jet_vector(&strand->space, 1);
    strand->half = jet_vector(&strand->space, 1);
    strand->work = jet_vector(&strand->space, 1);
}

static void strand_clear(struct strand *strand, const struct curve *curve)
{
    size_t size = strand->space.size;
    enum { SINGLES = 7 };
    struct ball *const single[SINGLES] = {strand->alpha, strand->beta, strand->rate, strand->G,
                                          strand->U,     strand->half, strand->work};
    for (size_t k = 0; k < SINGLES; k++)
        ball_vector_clear(single[k], size);
    ball_vector_clear(strand->d, curve->terms * size);
    ball_vector_clear(strand->start, curve->unknowns * size);
    ball_vector_clear(strand->base, curve->unknowns * size);
    ball_vector_clear(strand->state, curve->unknowns * size);
    jet_space_clear(&strand->space);
}

struct curve *curve_create(const struct curve_make *make)
{
    static const size_t ENTRIES_MOST = (size_t)1 << 20; /* of the jets of all unknowns */
    size_t entries = make->orders * (make->parameters + 1);
    reject_unless(entries <= ENTRIES_MOST / make->premise->dim, "too many unknowns and intervals");
    struct curve *curve = memory_new(1, sizeof *curve);
    curve->premise = make->premise;
    ball_context_init(&curve->context, make->bits);
    curve->fan = make->premise->family == FAMILY_FAN;
    curve->unknowns = make->premise->dim;
    curve->terms = curve->fan ? make->premise->sizes[1] : make->premise->layers;
    curve->orders = make->orders;
    curve->parameters = make->parameters;
    curve->parameter = memory_new(make->parameters, sizeof *curve->parameter);
    for (size_t k = 0; k < make->parameters; k++)
        curve->parameter[k] = make->parameter[k];
    strand_init(&curve->centre, curve, make->orders, 0);
    strand_init(&curve->values, curve, 1, make->parameters);
    strand_init(&curve->full, curve, make->orders, make->parameters);
    curve->deviation = ball_vector(make->parameters);
    curve->width = ball_vector(1);
    curve->middle = ball_vector(1);
    curve->coefficient = ball_vector(make->orders);
    curve->state = ball_vector(curve->unknowns);
    curve->speed = ball_vector(curve->unknowns);
    curve->product = ball_vector(1);
    curve->sum = ball_vector(1);
    return curve;
}

void curve_free(struct curve *curve)
{
    if (!curve)
        return;
    strand_clear(&curve->centre, curve);
    strand_clear(&curve->values, curve);
    strand_clear(&curve->full, curve);
    ball_vector_clear(curve->deviation, curve->parameters);
    ball_vector_clear(curve->width, 1);
    ball_vector_clear(curve->middle, 1);
    ball_vector_clear(curve->coefficient, curve->orders);
    ball_vector_clear(curve->state, curve->unknowns);
    ball_vector_clear(curve->speed, curve->unknowns);
    ball_vector_clear(curve->product, 1);
    ball_vector_clear(curve->sum, 1);
    ball_context_clear(&curve->context);
    memory_free(curve->parameter);
    memory_free(curve);
}

/* ---- data in a strand ------------------------------------------------------------------------ */

/* How a strand sees a datum: the centre has parameters in their middle. */
static void load(struct curve *curve, struct strand *strand, const struct curve_data *data,
                 size_t number, struct ball *z)
{
    struct ball *value = curve->product;
    size_t k = 0;
    rational_work(data->lo[number], data->hi[number]);
    ball_set_interval(&curve->context, value, data->lo[number], data->hi[number]);
    while (k < curve->parameters && curve->parameter[k] != number)
        k++;
    bool is_parameter = k < curve->parameters;
    if (is_parameter && strand == &curve->centre)
        ball_middle(value, value);
    if (is_parameter && strand != &curve->centre)
        jet_set_parameter(&strand->space, z, value, k);
    else
        jet_set_constant(&strand->space, z, value);
}

/* d_i = r_i c_i, or r_i c_i c_(i+1)...c_L where the channel of a chain is layered. */
static void load_drives(struct curve *curve, struct strand *strand, const struct curve_data *data)
{
    const struct jet_space *space = &strand->space;
    bool layered = !curve->fan && premise_is_layered(curve->premise);
    struct ball *signal = strand->work, *rate = strand->half;
    for (size_t i = curve->terms; i-- > 0;) {
        struct ball *d = jet_at(strand, strand->d, i);
        load(curve, strand, data, MOMENTS + i, d);
        if (layered && i + 1 < curve->terms)
            jet_mul(space, d, d, signal);
        jet_set(space, signal, d);
        ball_set_rational(&curve->context, curve->product,
                          curve->premise->rates[curve->fan ? 0 : i]);
        jet_set_constant(space, rate, curve->product);
        jet_mul(space, d, d, rate);
    }
}

static void load_strand(struct curve *curve, struct strand *strand, const struct curve_data *data)
{
    size_t start = curve_data_start(curve->premise);
    load(curve, strand, data, 0, strand->beta);
    load(curve, strand, data, 1, strand->alpha);
    load_drives(curve, strand, data);
    for (size_t i = 0; i < curve->unknowns; i++)
        load(curve, strand, data, start + i, jet_at(strand, strand->start, i));
    ball_set_integer(&curve->context, curve->product, 1);
    if (curve->fan)
        ball_set_rational(&curve->context, curve->product, curve->premise->rates[1]);
    jet_set_constant(&strand->space, strand->rate, curve->product);
}

void curve_set_data(struct curve *curve, const struct curve_data *data)
{
    load_strand(curve, &curve->centre, data);
    load_strand(curve, &curve->values, data);
    load_strand(curve, &curve->full, data);
    for (size_t k = 0; k < curve->parameters; k++) {
        size_t number = curve->parameter[k];
        ball_set_interval(&curve->context, &curve->deviation[k], data->lo[number],
                          data->hi[number]);
        ball_deviation(&curve->deviation[k], &curve->deviation[k]);
    }
}

/* ---- the recursion --------------------------------------------------------------------------- */

/* half = d_i U / 2, work = a_i + half, and a_i + d_i U. */
static void advance(struct strand *strand, const struct ball *start, size_t i)
{
    const struct jet_space *space = &strand->space;
    jet_mul(space, strand->half, jet_at(strand, strand->d, i), strand->U);
    jet_half(space, strand->half, strand->half);
    jet_add(space, strand->work, &start[i * space->size], strand->half);
    jet_add(space, jet_at(strand, strand->state, i), strand->work, strand->half);
}

static void run_chain(struct strand *strand, const struct ball *start, size_t terms)
{
    const struct jet_space *space = &strand->space;
    for (size_t i = 0; i < terms; i++) {
        advance(strand, start, i);
        if (i)
            jet_mul(space, strand->G, strand->G, jet_at(strand, strand->state, i));
        else
            jet_set(space, strand->G, jet_at(strand, strand->state, i));
        if (i + 1 < terms)
            jet_mul(space, strand->U, strand->U, strand->work);
    }
}

static void run_fan(struct strand *strand, const struct ball *start, size_t terms)
{
    const struct jet_space *space = &strand->space;
    jet_set_zero(space, strand->G);
    for (size_t i = 0; i < terms; i++) {
        struct ball *b = jet_at(strand, strand->state, terms + i);
        advance(strand, start, i);
        jet_mul(space, b, strand->U, strand->work);
        jet_mul(space, b, b, strand->rate);
        jet_add(space, b, b, &start[(terms + i) * space->size]);
        jet_mul(space, strand->work, b, jet_at(strand, strand->state, i));
        jet_add(space, strand->G, strand->G, strand->work);
    }
}

/* State and G from `start` with U_1 = strand->U, which is used up. */
static void run(const struct curve *curve, struct strand *strand, const struct ball *start)
{
    const struct jet_space *space = &strand->space;
    if (curve->fan)
        run_fan(strand, start, curve->terms);
    else
        run_chain(strand, start, curve->terms);
    jet_mul(space, strand->G, strand->G, strand->beta);
    jet_sub(space, strand->G, strand->alpha, strand->G);
}

/* ---- enclosures ------------------------------------------------------------------------------ */

/* sum += sum_k (mixed_k) dy_k */
static void add_deviation(struct curve *curve, const struct strand *strand, struct ball *x,
                          size_t j)
{
    for (size_t k = 0; k < curve->parameters; k++)
        ball_addmul(&curve->context, curve->sum, jet_mixed(&strand->space, x, k, j),
                    &curve->deviation[k]);
}

/* z becomes the meet of itself and the sum. */
static void meet_sum(struct curve *curve, struct ball *z)
{
    ball_meet(&curve->context, z, z, curve->sum);
}

/* Coefficient j over all of [lo, hi] and the data, from its jets of the full and centre passes. */
static void enclose_coefficient(struct curve *curve, struct ball *z, struct ball *full,
                                const struct ball *centre, size_t j)
{
    struct ball_context *c = &curve->context;
    ball_set(z, &full[j]);
    ball_mul_integer(c, curve->sum, &full[j + 1], (long)j + 1);
    ball_mul(c, curve->sum, curve->sum, curve->width);
    ball_add(c, curve->sum, curve->sum, &centre[j]);
    add_deviation(curve, &curve->full, full, j);
    meet_sum(curve, z);
    if (j || curve->orders <= 2)
        return;
    ball_square(c, curve->sum, curve->width);
    ball_mul(c, curve->sum, curve->sum, &full[2]);
    ball_addmul(c, curve->sum, &centre[1], curve->width);
    ball_add(c, curve->sum, curve->sum, &centre[0]);
    add_deviation(curve, &curve->full, full, 0);
    meet_sum(curve, z);
}

/* base of the full pass: the state at s = m for all data, met with its mean value form. */
static void base_at_middle(struct curve *curve, const struct ball *m)
{
    struct strand *centre = &curve->centre, *values = &curve->values, *full = &curve->full;
    jet_set_constant(&centre->space, centre->U, m);
    run(curve, centre, centre->start);
    for (size_t i = 0; i < curve->unknowns; i++)
        jet_set(&centre->space, jet_at(centre, centre->base, i), jet_at(centre, centre->state, i));
    jet_set_constant(&values->space, values->U, m);
    run(curve, values, values->start);
    for (size_t i = 0; i < curve->unknowns; i++) {
        struct ball *x = jet_at(values, values->state, i);
        ball_set(curve->sum, jet_at(centre, centre->base, i));
        add_deviation(curve, values, x, 0);
        meet_sum(curve, x);
        jet_lift(&full->space, jet_at(full, full->base, i), &values->space, x);
    }
}

/* m: the middle of [lo, hi] times the sign of the direction; width: what s differs from it. */
static void place(struct curve *curve, const mpq_t lo, const mpq_t hi)
{
    struct ball *m = curve->middle;
    rational_work(lo, hi);
    ball_set_interval(&curve->context, m, lo, hi);
    if (curve->direction == CURVE_BACKWARD)
        ball_neg(m, m);
    ball_deviation(curve->width, m);
    ball_middle(m, m);
}

void curve_enclose(struct curve *curve, enum curve_direction direction, const mpq_t lo,
                   const mpq_t hi)
{
    struct strand *centre = &curve->centre, *full = &curve->full;
    struct ball zero;
    ball_init(&zero);
    curve->direction = direction;
    place(curve, lo, hi);
    base_at_middle(curve, curve->middle);
    jet_set_time(&centre->space, centre->U, &zero);
    run(curve, centre, centre->base);
    jet_set_time(&full->space, full->U, curve->width);
    run(curve, full, full->base);
    for (size_t j = 0; j + 1 < curve->orders; j++)
        enclose_coefficient(curve, &curve->coefficient[j], full->G, centre->G, j);
    for (size_t i = 0; i < curve->unknowns; i++) {
        struct ball *x = jet_at(full, full->state, i);
        enclose_coefficient(curve, &curve->state[i], x, jet_at(centre, centre->state, i), 0);
        ball_set(&curve->speed[i], &x[1]);
    }
    ball_clear(&zero);
}

const struct ball *curve_error(const struct curve *curve, size_t j)
{
    return &curve->coefficient[j];
}

const struct ball *curve_state(const struct curve *curve, size_t i)
{
    return &curve->state[i];
}

const struct ball *curve_speed(const struct curve *curve, size_t i)
{
    return &curve->speed[i];
}

const struct ball *curve_series(const struct curve *curve)
{
    return curve->full.G;
}

const struct ball *curve_series_at_middle(const struct curve *curve)
{
    return curve->centre.G;
}

const struct jet_space *curve_series_space(const struct curve *curve)
{
    return &curve->full.space;
}

struct ball_context *curve_context(struct curve *curve)
{
    return &curve->context;
}

size_t curve_unknowns(const struct curve *curve)
{
    return curve->unknowns;
}

static int sign_of(const struct ball *x)
{
    return ball_is_positive(x) ? 1 : ball_is_negative(x) ? -1 : 0;
}

/* One by one, as the recursion has them: on a wide cell x - a and x + a lose what cancels, and the
 * ball of a product may contain 0 where no factor does.  The place of the last curve_enclose() is
 * its middle. */
void curve_growth(struct curve *curve, int *grown)
{
    struct strand *values = &curve->values;
    jet_set_constant(&values->space, values->U, curve->middle);
    for (size_t i = 0; i < curve->terms; i++) {
        advance(values, values->start, i);
        int moved = sign_of(values->half);
        grown[i] = moved == sign_of(values->work) ? moved : 0;
        jet_mul(&values->space, values->U, values->U, values->work);
    }
}

/* ---- statements ------------------------------------------------------------------------------ */

bool curve_is_positive(struct curve *curve, const void *data)
{
    (void)data;
    const struct ball *G = curve_error(curve, 0);
    return curve->direction == CURVE_FORWARD ? ball_is_positive(G) : ball_is_negative(G);
}

bool curve_is_negative(struct curve *curve, const void *data)
{
    (void)data;
    const struct ball *G = curve_error(curve, 0);
    return curve->direction == CURVE_FORWARD ? ball_is_negative(G) : ball_is_positive(G);
}

bool curve_is_falling(struct curve *curve, const void *data)
{
    (void)data;
    return ball_is_negative(curve_error(curve, 1));
}

/* What is to be proved, and where. */
struct task {
    enum curve_direction direction;
    curve_statement *statement;
    const void *data;
};

static bool holds_on(struct curve *curve, const struct task *task, const mpq_t lo, const mpq_t hi)
{
    curve_enclose(curve, task->direction, lo, hi);
    return task->statement(curve, task->data);
}

static bool prove(struct curve *curve, const struct task *task, const mpq_t lo, const mpq_t hi,
                  unsigned depth)
{
    if (holds_on(curve, task, lo, hi))
        return true;
    if (depth == CURVE_DEPTH)
        return false;
    mpq_t middle;
    mpq_init(middle);
    rational_work(lo, hi);
    mpq_add(middle, lo, hi);
    mpq_div_2exp(middle, middle, 1);
    bool proved = holds_on(curve, task, middle, middle) &&
                  prove(curve, task, lo, middle, depth + 1) &&
                  prove(curve, task, middle, hi, depth + 1);
    mpq_clear(middle);
    return proved;
}

bool curve_prove(struct curve *curve, enum curve_direction direction, mpq_t *ends,
                 curve_statement *statement, const void *data)
{
    struct task task = {direction, statement, data};
    return prove(curve, &task, ends[0], ends[1], 0);
}

/* Bits after the point: first what nearly all need, then more. */
const mp_bitcnt_t curve_precisions[CURVE_PRECISIONS] = {192, 768, 3072};

void curve_decide(struct curve_make *make, const struct curve_data *data, curve_attempt *attempt,
                  void *claim)
{
    const char *reason = NULL;
    for (size_t k = 0; k < CURVE_PRECISIONS; k++) {
        make->bits = curve_precisions[k];
        struct curve *curve = curve_create(make);
        curve_set_data(curve, data);
        reason = attempt(curve, claim);
        curve_free(curve);
        if (!reason)
            return;
    }
    reject("%s", reason);
}
