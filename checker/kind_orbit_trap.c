/* Exponential convergence of the trajectories from a point or a small box of starts, (CT2): polynomial pieces of an
 * orbit, tubes around them that no trajectory leaves, and a trap around the end of the last piece.
 *
 * The file says where the pieces go; how well they follow the equations is computed here: f(p) - p' by products of
 * polynomials in time along the network (series.h), Df over the tube and K, S over the trap by balls with
 * derivatives (dual.h).  All numbers are balls of K + 64 bits behind the point. */
#include "checker/dual.h"
#include "checker/frame.h"
#include "checker/kind.h"
#include "checker/memory.h"
#include "checker/network.h"
#include "checker/rational.h"
#include "checker/reject.h"
#include "checker/series.h"

#include <stdio.h>

static const size_t scale_most = 4096, order_most = 64, halvings_most = 64;
static const size_t pieces_most = (size_t)1 << 20;
static const size_t unknowns_most = 512; /* and errors: matrices of so many rows */
static const mp_bitcnt_t guard_bits = 64;
static const mp_bitcnt_t integer_bits = 1024; /* of a coefficient before the point */

struct trap {
    const struct premise *premise;
    struct text *text;
    size_t n, k, scale, order;
    struct ball_context balls;
    struct frame frame, norm; /* B, V */
    mpz_t *piece;             /* [n * (order + 1)] */
    size_t halvings;          /* h = 2^-halvings */
    mpq_t tube, growth;
    struct ball *end;    /* [n]: of the piece before */
    struct ball epsilon; /* |x - p|_B is at most this, a point */
    struct ball *box;    /* [n]: where `around` is evaluated */
    struct ball *room;   /* [n] */
    struct series_context time;
    struct dual_context space;
    struct ring series, duals;
    struct network along, around;
};

static void trap_init(struct trap *trap)
{
    size_t n = trap->n;
    ball_context_init(&trap->balls, trap->scale + guard_bits);
    frame_init(&trap->frame, n);
    frame_init(&trap->norm, trap->k);
    trap->piece = memory_integers(n * (trap->order + 1));
    mpq_inits(trap->tube, trap->growth, NULL);
    trap->end = ball_vector(n);
    trap->box = ball_vector(n);
    trap->room = ball_vector(n);
    ball_init(&trap->epsilon);
    trap->time = (struct series_context){
        .balls = &trap->balls, .scale = trap->scale, .order = trap->order, .piece = trap->piece};
    trap->space = (struct dual_context){.balls = &trap->balls, .n = n, .box = trap->box};
    trap->series = series_ring(&trap->time);
    trap->duals = dual_ring(&trap->space);
    network_make(&trap->along, trap->premise, &trap->series);
    network_make(&trap->around, trap->premise, &trap->duals);
}

static mpz_t *coefficients(const struct trap *trap, size_t unknown)
{
    return trap->piece + unknown * (trap->order + 1);
}

/* A product of matrices costs about n^3 products of balls. */
static void matrix_work(const struct trap *trap)
{
    frame_work(&trap->balls, trap->n * trap->n * trap->n);
}

/* Frames and joints */

static void read_matrix(struct trap *trap, struct frame *frame)
{
    mpq_t number;
    mpq_init(number);
    for (size_t k = 0; k < frame->n * frame->n; k++) {
        text_number(trap->text, number);
        ball_set_rational(&trap->balls, &frame->B.x[k], number);
    }
    mpq_clear(number);
    reject_unless(frame_invert(&trap->balls, frame), "a matrix that is singular, or nearly so");
}

static void set_unit_frame(struct trap *trap)
{
    size_t n = trap->n;
    for (size_t k = 0; k < n * n; k++)
        ball_set_integer(&trap->balls, &trap->frame.B.x[k], k % (n + 1) == 0);
    reject_unless(frame_invert(&trap->balls, &trap->frame), "the unit matrix is singular");
}

/* epsilon becomes |B_+^-1 B| epsilon. */
static void change_frame(struct trap *trap, const struct ball_matrix *before)
{
    struct ball_matrix product;
    struct ball norm;
    ball_matrix_init(&product, trap->n, trap->n);
    ball_init(&norm);
    ball_matrix_multiply(&trap->balls, &product, &trap->frame.inverse, before);
    ball_matrix_norm(&trap->balls, &norm, &product);
    ball_mul(&trap->balls, &trap->epsilon, &trap->epsilon, &norm);
    ball_upper(&trap->balls, &trap->epsilon, &trap->epsilon);
    ball_matrix_clear(&product);
    ball_clear(&norm);
}

static void read_frame(struct trap *trap, bool first)
{
    struct ball_matrix before;
    text_line(trap->text, "frame");
    if (text_accept(trap->text, "same")) {
        reject_unless(!first, "the first frame is not given");
        return;
    }
    ball_matrix_init(&before, trap->n, trap->n);
    for (size_t k = 0; k < trap->n * trap->n; k++)
        ball_set(&before.x[k], &trap->frame.B.x[k]);
    if (text_accept(trap->text, "unit"))
        set_unit_frame(trap);
    else
        read_matrix(trap, &trap->frame);
    change_frame(trap, &before); /* of the first piece epsilon is still 0 */
    ball_matrix_clear(&before);
}

/* epsilon grows by |end - p(0)|_B; before the first piece `end` is the box of starts. */
static void jump(struct trap *trap)
{
    struct ball distance;
    ball_init(&distance);
    for (size_t i = 0; i < trap->n; i++) {
        series_coefficient(&trap->time, &trap->room[i], coefficients(trap, i)[0]);
        ball_sub(&trap->balls, &trap->room[i], &trap->end[i], &trap->room[i]);
    }
    frame_norm(&trap->balls, &trap->frame, trap->room, &distance);
    ball_add(&trap->balls, &trap->epsilon, &trap->epsilon, &distance);
    ball_clear(&distance);
}

/* Pieces */

static void read_piece(struct trap *trap)
{
    text_line(trap->text, "piece");
    trap->halvings = text_count(trap->text, 0, halvings_most);
    text_positive(trap->text, trap->tube);
    text_number(trap->text, trap->growth);
    for (size_t i = 0; i < trap->n; i++) {
        text_row(trap->text);
        for (size_t j = 0; j <= trap->order; j++) {
            text_integer(trap->text, coefficients(trap, i)[j]);
            reject_unless(mpz_sizeinbase(coefficients(trap, i)[j], 2) <= trap->scale + integer_bits,
                          "a coefficient that is too large");
        }
    }
}

/* Coefficient j of f(p) - p', as a vector, in room[n]; p' = 2^halvings dp/dv. */
static void defect_coefficient(struct trap *trap, size_t j)
{
    struct ball slope;
    mpz_t c;
    ball_init(&slope);
    mpz_init(c);
    for (size_t i = 0; i < trap->n; i++) {
        const struct series *f = network_f(&trap->along, i);
        mpz_set_ui(c, 0);
        if (j < trap->order) {
            mpz_mul_ui(c, coefficients(trap, i)[j + 1], j + 1);
            mpz_mul_2exp(c, c, trap->halvings);
        }
        series_coefficient(&trap->time, &slope, c);
        mpz_set_ui(trap->room[i].m, 0);
        mpz_set_ui(trap->room[i].r, 0);
        if (j < f->length)
            ball_set(&trap->room[i], &f->c[j]);
        ball_sub(&trap->balls, &trap->room[i], &trap->room[i], &slope);
    }
    ball_clear(&slope);
    mpz_clear(c);
}

static size_t defect_length(const struct trap *trap)
{
    size_t length = trap->order;
    for (size_t i = 0; i < trap->n; i++) {
        const struct series *f = network_f(&trap->along, i);
        length = f->length > length ? f->length : length;
    }
    return length;
}

/* sup |f(p) - p'|_B <= sum of the norms of the coefficients, as 0 <= v <= 1. */
static void bound_defect(struct trap *trap, struct ball *defect)
{
    struct ball norm;
    ball_init(&norm);
    ball_set_integer(&trap->balls, defect, 0);
    network_evaluate(&trap->along);
    for (size_t j = 0; j < defect_length(trap); j++) {
        defect_coefficient(trap, j);
        frame_norm(&trap->balls, &trap->frame, trap->room, &norm);
        ball_add(&trap->balls, defect, defect, &norm);
    }
    ball_upper(&trap->balls, defect, defect);
    ball_clear(&norm);
}

/* box_i = c_0 + sum of c_j [0, 1] */
static void set_hull(struct trap *trap, size_t i)
{
    mpz_t lo, hi;
    struct ball end;
    mpz_init_set(lo, coefficients(trap, i)[0]);
    mpz_init_set(hi, lo);
    ball_init(&end);
    for (size_t j = 1; j <= trap->order; j++)
        if (mpz_sgn(coefficients(trap, i)[j]) < 0)
            mpz_add(lo, lo, coefficients(trap, i)[j]);
        else
            mpz_add(hi, hi, coefficients(trap, i)[j]);
    series_coefficient(&trap->time, &trap->box[i], lo);
    series_coefficient(&trap->time, &end, hi);
    ball_hull(&trap->balls, &trap->box[i], &trap->box[i], &end);
    ball_clear(&end);
    mpz_clears(lo, hi, NULL);
}

/* Every box_i is widened by |row i of B| times `reach`. */
static void widen_box(struct trap *trap, const struct ball *reach)
{
    struct ball width;
    ball_init(&width);
    for (size_t i = 0; i < trap->n; i++) {
        frame_row_norm(&trap->balls, &trap->frame, i, &width);
        ball_mul(&trap->balls, &width, &width, reach);
        ball_upper(&trap->balls, &width, &width);
        if (ball_is_bounded(&width) && ball_is_bounded(&trap->box[i]))
            mpz_add(trap->box[i].r, trap->box[i].r, width.m);
        else
            ball_set_unbounded(&trap->box[i]);
    }
    ball_clear(&width);
}

/* J = B^-1 Df B over the box. */
static void framed_jacobian(struct trap *trap, struct ball_matrix *J)
{
    struct ball_matrix product;
    ball_matrix_init(&product, trap->n, trap->n);
    network_evaluate(&trap->around);
    for (size_t i = 0; i < trap->n; i++)
        for (size_t j = 0; j < trap->n; j++)
            dual_slope(network_f(&trap->around, i), j, ball_matrix_entry(J, i, j));
    matrix_work(trap);
    ball_matrix_multiply(&trap->balls, &product, &trap->frame.inverse, J);
    ball_matrix_multiply(&trap->balls, J, &product, &trap->frame.B);
    ball_matrix_clear(&product);
}

/* A = 2 bound - (A + A') or, the other way round, A + A' - 2 bound. */
static void below(struct trap *trap, struct ball_matrix *A, const mpq_t bound)
{
    struct ball number;
    ball_init(&number);
    ball_matrix_symmetric(&trap->balls, A, A);
    ball_set_rational(&trap->balls, &number, bound);
    ball_scale(&trap->balls, &number, &number, 1);
    for (size_t k = 0; k < A->rows * A->rows; k++) {
        ball_neg(&A->x[k], &A->x[k]);
        if (k % (A->rows + 1) == 0)
            ball_add(&trap->balls, &A->x[k], &A->x[k], &number);
    }
    ball_clear(&number);
}

static void growth_holds(struct trap *trap)
{
    struct ball_matrix J;
    struct ball tube;
    ball_matrix_init(&J, trap->n, trap->n);
    ball_init(&tube);
    for (size_t i = 0; i < trap->n; i++)
        set_hull(trap, i);
    ball_set_rational(&trap->balls, &tube, trap->tube);
    widen_box(trap, &tube);
    framed_jacobian(trap, &J);
    below(trap, &J, trap->growth);
    reject_unless(frame_is_definite(&trap->balls, &J),
                  "the logarithmic norm in the tube is not proved to be below the growth");
    ball_matrix_clear(&J);
    ball_clear(&tube);
}

/* theta >= e^y, y = growth h in [-1, 1]: 1 + y + y^2/2, and y^3/4 more if y > 0. */
static void growth_factor(struct trap *trap, struct ball *theta)
{
    static const unsigned long quarter = 2; /* 2^-2 */
    mpq_t y, term, sum;
    mpq_inits(y, term, sum, NULL);
    mpq_div_2exp(y, trap->growth, trap->halvings);
    reject_unless(mpq_cmp_si(y, -1, 1) >= 0 && mpq_cmp_si(y, 1, 1) <= 0,
                  "growth times the length of the piece is above 1");
    mpq_set_ui(sum, 1, 1);
    mpq_add(sum, sum, y);
    mpq_mul(term, y, y);
    mpq_mul(y, term, y);
    mpq_div_2exp(term, term, 1);
    mpq_add(sum, sum, term);
    mpq_div_2exp(y, y, quarter);
    if (mpq_sgn(y) > 0)
        mpq_add(sum, sum, y);
    ball_set_rational(&trap->balls, theta, sum);
    mpq_clears(y, term, sum, NULL);
}

/* epsilon at the end of the piece, if the tube holds. */
static void cross(struct trap *trap, const struct ball *defect)
{
    struct ball theta, most, added, reach;
    struct ball_context *c = &trap->balls;
    ball_init(&theta);
    ball_init(&most);
    ball_init(&added);
    ball_init(&reach);
    growth_factor(trap, &theta);
    ball_set_integer(c, &most, 1);
    if (mpq_sgn(trap->growth) > 0)
        ball_set(&most, &theta);
    ball_scale(c, &added, defect, -(long)trap->halvings);
    ball_add(c, &reach, &trap->epsilon, &added);
    ball_mul(c, &reach, &reach, &most);
    reject_unless(ball_is_below(c, &reach, trap->tube), "the trajectory may leave the tube");
    ball_mul(c, &trap->epsilon, &trap->epsilon, &theta);
    ball_addmul(c, &trap->epsilon, &added, &most);
    ball_upper(c, &trap->epsilon, &trap->epsilon);
    ball_clear(&theta);
    ball_clear(&most);
    ball_clear(&added);
    ball_clear(&reach);
}

static void move_to_end(struct trap *trap)
{
    mpz_t sum;
    mpz_init(sum);
    for (size_t i = 0; i < trap->n; i++) {
        mpz_set_ui(sum, 0);
        for (size_t j = 0; j <= trap->order; j++)
            mpz_add(sum, sum, coefficients(trap, i)[j]);
        series_coefficient(&trap->time, &trap->end[i], sum);
    }
    mpz_clear(sum);
}

static void follow_piece(struct trap *trap, bool first)
{
    struct ball defect;
    ball_init(&defect);
    read_frame(trap, first);
    read_piece(trap);
    jump(trap);
    growth_holds(trap);
    bound_defect(trap, &defect);
    cross(trap, &defect);
    move_to_end(trap);
    ball_clear(&defect);
}

static void follow_orbit(struct trap *trap)
{
    text_line(trap->text, "pieces");
    size_t pieces = text_count(trap->text, 1, pieces_most);
    for (size_t i = 0; i < trap->n; i++)
        ball_set_interval(&trap->balls, &trap->end[i], trap->premise->start.lo[i],
                          trap->premise->start.hi[i]);
    for (size_t k = 0; k < pieces; k++)
        follow_piece(trap, k == 0);
}

/* The trap */

struct closing {
    mpq_t *width, mu, *lo, *hi; /* width[n], the limit box [n] */
    size_t width_line, rate_line, limit_line;
    struct ball *entry, *way, zeta; /* [n] */
};

static void read_closing(struct trap *trap, struct closing *closing)
{
    struct text *text = trap->text;
    size_t n = trap->n;
    mpq_init(closing->mu);
    closing->width = memory_numbers(n);
    closing->lo = memory_numbers(n);
    closing->hi = memory_numbers(n);
    text_line(text, "width");
    closing->width_line = text->line;
    for (size_t i = 0; i < n; i++)
        text_positive(text, closing->width[i]);
    text_line(text, "norm");
    read_matrix(trap, &trap->norm);
    text_line(text, "rate");
    closing->rate_line = text->line;
    text_positive(text, closing->mu);
    text_line(text, "limit");
    closing->limit_line = text->line;
    for (size_t i = 0; i < n; i++)
        text_interval(text, closing->lo[i], closing->hi[i]);
}

/* Z = Dy, K = -Dy S over the box. */
static void response(struct trap *trap, struct ball_matrix *Dy, struct ball_matrix *S,
                     struct ball_matrix *K)
{
    network_evaluate(&trap->around);
    network_evaluate_drive(&trap->around);
    matrix_work(trap);
    for (size_t u = 0; u < trap->k; u++)
        for (size_t i = 0; i < trap->n; i++) {
            const struct dual *drive = network_S(&trap->around, i, u);
            dual_slope(network_y(&trap->around, u), i, ball_matrix_entry(Dy, u, i));
            ball_set(ball_matrix_entry(S, i, u), &drive->value);
        }
    ball_matrix_multiply(&trap->balls, K, Dy, S);
    for (size_t e = 0; e < trap->k * trap->k; e++)
        ball_neg(&K->x[e], &K->x[e]);
}

/* entry_i = |row i of B| epsilon: how far from x_1 trajectories are at most; box: there. */
static void bound_entry(struct trap *trap, struct closing *closing)
{
    closing->entry = ball_vector(trap->n);
    for (size_t i = 0; i < trap->n; i++) {
        frame_row_norm(&trap->balls, &trap->frame, i, &closing->entry[i]);
        ball_mul(&trap->balls, &closing->entry[i], &closing->entry[i], &trap->epsilon);
        ball_upper(&trap->balls, &closing->entry[i], &closing->entry[i]);
    }
}

/* |V^-1 y| at x_1, exactly there. */
static void bound_error_at_end(struct trap *trap, struct ball *norm)
{
    for (size_t i = 0; i < trap->n; i++)
        ball_set(&trap->box[i], &trap->end[i]);
    network_evaluate(&trap->around);
    struct ball *y = ball_vector(trap->k);
    for (size_t u = 0; u < trap->k; u++) {
        const struct dual *error = network_y(&trap->around, u);
        ball_set(&y[u], &error->value);
    }
    frame_norm(&trap->balls, &trap->norm, y, norm);
    ball_vector_clear(y, trap->k);
}

/* zeta = |V^-1 y(x_1)| + sup |V^-1 Dy B| epsilon. */
static void bound_errors(struct trap *trap, struct closing *closing, struct ball_matrix *Dy,
                         struct ball_matrix *S, struct ball_matrix *K)
{
    struct ball_matrix product, framed;
    struct ball slope;
    ball_matrix_init(&product, trap->k, trap->n);
    ball_matrix_init(&framed, trap->k, trap->n);
    ball_init(&slope);
    ball_init(&closing->zeta);
    bound_error_at_end(trap, &closing->zeta);
    for (size_t i = 0; i < trap->n; i++)
        ball_set(&trap->box[i], &trap->end[i]);
    widen_box(trap, &trap->epsilon);
    response(trap, Dy, S, K);
    matrix_work(trap);
    ball_matrix_multiply(&trap->balls, &product, &trap->norm.inverse, Dy);
    ball_matrix_multiply(&trap->balls, &framed, &product, &trap->frame.B);
    ball_matrix_norm(&trap->balls, &slope, &framed);
    ball_addmul(&trap->balls, &closing->zeta, &slope, &trap->epsilon);
    ball_upper(&trap->balls, &closing->zeta, &closing->zeta);
    ball_matrix_clear(&product);
    ball_matrix_clear(&framed);
    ball_clear(&slope);
}

/* The box W. */
static void set_box(struct trap *trap, const struct closing *closing)
{
    struct ball width;
    ball_init(&width);
    for (size_t i = 0; i < trap->n; i++) {
        ball_set(&trap->box[i], &trap->end[i]);
        ball_set_rational(&trap->balls, &width, closing->width[i]);
        ball_upper(&trap->balls, &width, &width);
        if (ball_is_bounded(&width))
            mpz_add(trap->box[i].r, trap->box[i].r, width.m);
        else
            ball_set_unbounded(&trap->box[i]);
    }
    ball_clear(&width);
}

/* A = V^-1 K V; then 2 mu - (A + A') must be negative definite. */
static void contracts(struct trap *trap, const struct closing *closing, struct ball_matrix *K)
{
    struct ball_matrix product;
    ball_matrix_init(&product, trap->k, trap->k);
    ball_matrix_multiply(&trap->balls, &product, &trap->norm.inverse, K);
    ball_matrix_multiply(&trap->balls, K, &product, &trap->norm.B);
    below(trap, K, closing->mu);
    for (size_t e = 0; e < trap->k * trap->k; e++)
        ball_neg(&K->x[e], &K->x[e]);
    reject_line(closing->rate_line);
    reject_unless(frame_is_definite(&trap->balls, K),
                  "the error is not proved to contract at the rate in the trap");
    ball_matrix_clear(&product);
}

/* way_i = |(S V)_i| zeta / mu. */
static void bound_ways(struct trap *trap, struct closing *closing, const struct ball_matrix *S)
{
    struct ball_matrix product;
    struct ball mu;
    ball_matrix_init(&product, trap->n, trap->k);
    ball_init(&mu);
    ball_matrix_multiply(&trap->balls, &product, S, &trap->norm.B);
    ball_set_rational(&trap->balls, &mu, closing->mu);
    closing->way = ball_vector(trap->n);
    for (size_t i = 0; i < trap->n; i++) {
        struct ball *way = &closing->way[i];
        frame_length(&trap->balls, trap->k, ball_matrix_entry(&product, i, 0), way);
        ball_mul(&trap->balls, way, way, &closing->zeta);
        ball_div(&trap->balls, way, way, &mu);
    }
    ball_matrix_clear(&product);
    ball_clear(&mu);
}

/* entry + way is below the width, and the limit within it of x_1 is in its box. */
static void trap_holds(struct trap *trap, const struct closing *closing)
{
    struct ball reach;
    ball_init(&reach);
    for (size_t i = 0; i < trap->n; i++) {
        ball_add(&trap->balls, &reach, &closing->entry[i], &closing->way[i]);
        ball_upper(&trap->balls, &reach, &reach);
        reject_line(closing->width_line);
        reject_unless(ball_is_below(&trap->balls, &reach, closing->width[i]),
                      "the trajectory may leave the trap");
        ball_set(&trap->box[i], &trap->end[i]);
        mpz_add(trap->box[i].r, trap->box[i].r, reach.m);
        reject_line(closing->limit_line);
        reject_unless(ball_is_within(&trap->balls, &trap->box[i], closing->lo[i], closing->hi[i]),
                      "the limit is not in its box");
    }
    ball_clear(&reach);
}

static void close_trap(struct trap *trap)
{
    struct closing closing;
    struct ball_matrix Dy, S, K;
    read_closing(trap, &closing);
    ball_matrix_init(&Dy, trap->k, trap->n);
    ball_matrix_init(&S, trap->n, trap->k);
    ball_matrix_init(&K, trap->k, trap->k);
    bound_entry(trap, &closing);
    bound_errors(trap, &closing, &Dy, &S, &K);
    set_box(trap, &closing);
    response(trap, &Dy, &S, &K);
    contracts(trap, &closing, &K);
    bound_ways(trap, &closing, &S);
    trap_holds(trap, &closing);
}

static void check(struct text *text, const struct premise *premise,
                  char sentence[KIND_SENTENCE_MAX])
{
    struct trap trap = {.premise = premise, .text = text, .n = premise->dim};
    trap.k = premise->sizes[0] * premise->sizes[premise->layers];
    reject_unless(trap.n <= unknowns_most && trap.k <= unknowns_most, "too many unknowns");
    text_line(text, "scale");
    trap.scale = text_count(text, 1, scale_most);
    text_line(text, "order");
    trap.order = text_count(text, 1, order_most);
    trap_init(&trap);
    follow_orbit(&trap);
    close_trap(&trap);
    snprintf(sentence, KIND_SENTENCE_MAX,
             "every trajectory from the start converges exponentially to a zero of the error in "
             "the limit box");
}

const struct kind kind_orbit_trap = {
    .name = "orbit-trap",
    .label = "CT2",
    .families = KIND_FAMILIES_ALL,
    .rules = KIND_RULES_ALL,
    .freedom = {.intervals = DATA_START},
    .check = check,
};
