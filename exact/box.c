/* Cell by cell: a bracket proposed by the middle of the cell, proved for all of it, or halved.
 *
 * From s = 0 the march goes by pieces on which e keeps its sign for all data, as far as it can;
 * from there to a point where e has the other sign for all data, e must fall for all data.  Where
 * the zero is expected, and how far the zeros of the members spread, is computed at the middle;
 * every test of a sign is one of balls.  Each half of a cell is given half of the cells that are
 * left to look at, so that a corner that cannot be decided does not cost the rest.  Rejected:
 * steps of a fixed size, which may pass over two zeros. */
#include "exact/box_parts.h"

#include "exact/curve_chain.h"
#include "exact/root.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MOST = 400, NODES_FIRST = 64, TRIES = 4, NEWTON_STEPS = 40, PIECES_MOST = 4096 };

static const double SHORT_BITS = 20;      /* of the places proposed: short numbers in files */
static const double FIRST_PIECES = 4;     /* pieces that the march begins with */
static const double FINEST = 1.0 / 256;   /* of the way: shorter pieces will not help */
static const double FINEST_SPREAD = 0.25; /* of the spread of the zeros */
/* Targets for the uniform rate, in units of that in the middle of the box, as long as the cells
 * do. */
enum { TARGETS = 5, SHARPENING_CELLS = 3000 };
static const double TARGET[TARGETS] = {0.125, 0.25, 0.375, 0.5, 0.625};
static const double NEWTON_CLOSE = 1e-9; /* relative: proposals need no more */
/* Behind the zero of the middle, in units of the linear spread: what lies behind those of all
 * members. */
static const double BEHIND[TRIES] = {1.05, 1.2, 1.5, 2.2};

/* ---- the cell at work ---- */

/* How cells are shared out. */
enum spending {
    SPEND_HALVES, /* each half of a cell may use half of what is left */
    SPEND_WHOLE   /* all or nothing */
};

struct work {
    const struct box_question *question;
    struct box_program *program;
    struct box *box;
    fmpq *low, *high; /* of the cell, [count] */
    arb_ptr z, state; /* [count], [layers] */
    arb_t time, range;
    size_t capacity, cells; /* room for nodes; cells looked at */
    int direction;
    struct box_node leaf; /* being made */
    double rate;          /* of the leaf, not above the true one */
    double target;        /* cells with a smaller rate are halved, though they are decided */
    double first_rate;    /* in the middle of the box; 0: there is no limit */
    enum spending spending;
    bool given_up; /* SPEND_WHOLE: too many cells, the tree is not whole */
};

static void ball_set(struct work *work, size_t i)
{
    arb_set_fmpq(work->time, work->low + i, BOX_PRECISION);
    arb_set_fmpq(work->range, work->high + i, BOX_PRECISION);
    arb_union(work->z + i, work->time, work->range, BOX_PRECISION);
}

static void time_point(struct work *work, double t)
{
    arb_set_d(work->time, work->direction * t);
}

static void time_piece(struct work *work, double t, double end)
{
    arb_set_d(work->range, work->direction * end);
    arb_set_d(work->time, work->direction * t);
    arb_union(work->time, work->time, work->range, BOX_PRECISION);
}

/* ---- proposals, in doubles ---- */

struct guess {
    double t, slope; /* of direction G(direction t), in the middle of the cell */
};

static double short_double(double x)
{
    int exponent;
    const double fraction = frexp(x, &exponent);
    return ldexp(round(ldexp(fraction, (int)SHORT_BITS)), exponent - (int)SHORT_BITS);
}

static double middle_of(struct work *work, enum box_functional functional, double t)
{
    time_point(work, t);
    box_program_range(work->program, functional, work->time, work->range);
    return arf_get_d(arb_midref(work->range), ARF_RND_NEAR);
}

static double middle_error(struct work *work, double t)
{
    return work->direction * middle_of(work, BOX_ERROR, t);
}

/* dG/ds does not change with the direction twice */
static double middle_slope(struct work *work, double t)
{
    return middle_of(work, BOX_SLOPE, t);
}

/* Newton's method from a zero near by. */
static bool guess_follow(struct work *work, struct guess *guess)
{
    for (int i = 0; i < NEWTON_STEPS; i++) {
        guess->slope = middle_slope(work, guess->t);
        const double step = middle_error(work, guess->t) / guess->slope;
        if (!(guess->slope < 0) || !isfinite(step) || !(guess->t - step > 0))
            return false;
        guess->t -= step;
        if (fabs(step) <= NEWTON_CLOSE * guess->t)
            return true;
    }
    return false;
}

/* The middle of the cell as a statement of its own. */
static enum status middle_statement(const struct work *work, struct statement **statement)
{
    const struct box_question *q = work->question;
    TRY(statement_create(STATEMENT_CHAIN, STATEMENT_DIRECT, q->layers, statement));
    fmpq *middle = _fmpq_vec_init((slong)q->count), *c = (*statement)->c;
    for (size_t i = 0; i < q->count; i++) {
        fmpq_add(middle + i, work->low + i, work->high + i);
        fmpq_div_2exp(middle + i, middle + i, 1);
    }
    fmpq_set(&(*statement)->beta, middle + BOX_BETA);
    fmpq_set(&(*statement)->alpha, middle + BOX_ALPHA);
    for (size_t i = 0; i < q->layers; i++) {
        fmpq_one(c + i);
        if (i < q->c_count)
            fmpq_set(c + i, middle + BOX_FEEDBACK + i);
        fmpq_set((*statement)->x0 + i, middle + BOX_FEEDBACK + q->c_count + i);
    }
    for (size_t i = q->layers - 1; i-- > 0 && q->feedback == BOX_LAYERED;)
        fmpq_mul(c + i, c + i, c + i + 1);
    for (size_t i = 0; i < q->layers; i++)
        fmpq_mul(c + i, c + i, q->rates + i);
    _fmpq_vec_clear(middle, (slong)q->count);
    return OK;
}

/* From nothing: the exact first zero of the middle. */
static enum status guess_search(struct work *work, struct guess *guess, bool *found)
{
    struct statement *statement;
    struct curve_chain *chain;
    struct root root;
    *found = false;
    TRY(middle_statement(work, &statement));
    const enum status status = curve_chain_create(statement, &chain);
    statement_free(statement);
    TRY(status);
    root_init(&root);
    root_first(&chain->curve,
               (struct root_start){.direction = work->direction, .sign = work->direction}, &root);
    if (root.verdict == ROOT_FOUND && root.multiplicity == 1) {
        guess->t = (arf_get_d(root.low, ARF_RND_NEAR) + arf_get_d(root.high, ARF_RND_NEAR)) / 2;
        *found = guess_follow(work, guess);
    }
    root_clear(&root);
    curve_chain_free(chain);
    return OK;
}

/* ---- proofs about the cell ---- */

static bool has_sign(struct work *work, enum box_functional functional, int sign)
{
    return box_program_sign(work->program, functional, work->time) == sign;
}

/* As far as e keeps its sign for all data, by pieces no shorter than `least`; break points are
 * kept. */
static void march(struct work *work, double to, double least)
{
    struct box_node *leaf = &work->leaf;
    double t = 0, h = fmax(to / FIRST_PIECES, least);
    leaf->breaks = 0;
    while (t < to && leaf->breaks < BOX_BREAKS_MOST) {
        const double end = short_double(fmin(t + h, to));
        if (!(end > t))
            return;
        time_piece(work, t, end);
        if (has_sign(work, BOX_ERROR, work->direction)) {
            leaf->t[leaf->breaks++] = t = end;
            h *= 2;
        } else if (h <= least) {
            return;
        } else {
            h = fmax(h / 2, least);
        }
    }
}

/* Takes the range of the slope and of the state over a piece of the bracket. */
static bool piece_falls(struct work *work, double t, double end)
{
    time_piece(work, t, end);
    if (!has_sign(work, BOX_SLOPE, -1))
        return false;
    arb_t slope;
    arb_init(slope);
    /* the better of two enclosures, as its sign was that of either */
    const struct box_program *p = work->program;
    arb_set(slope, arb_is_negative(p->value) ? p->value : p->whole);
    arb_abs(slope, slope);
    arf_t least;
    arf_init(least);
    arb_get_lbound_arf(least, slope, BOX_PRECISION);
    work->rate = fmin(work->rate, arf_get_d(least, ARF_RND_DOWN));
    arf_clear(least);
    arb_clear(slope);
    return true;
}

/* By pieces, halved where it is not decided. */
static bool falls(struct work *work, double from, double to, double least)
{
    double t = from, h = to - from;
    work->rate = INFINITY;
    for (int k = 0; k < PIECES_MOST && t < to; k++) {
        const double end = fmin(t + h, to);
        if (piece_falls(work, t, end)) {
            t = end;
            continue;
        }
        h /= 2;
        if (!(h >= least))
            return false;
    }
    return t >= to;
}

/* The first of some places behind the zero where e has the other sign for all data. */
static bool place_behind(struct work *work, const struct guess *guess, double spread)
{
    for (int k = 0; k < TRIES; k++) {
        work->leaf.v = short_double(guess->t + BEHIND[k] * spread);
        time_point(work, work->leaf.v);
        if (work->leaf.v > guess->t && has_sign(work, BOX_ERROR, -work->direction))
            return true;
    }
    return false;
}

/* The sign of e at the start for all data: else a member may go the other way. */
static bool starts_off(struct work *work)
{
    time_point(work, 0);
    return has_sign(work, BOX_ERROR, work->direction);
}

static bool cell_is_leaf(struct work *work, const struct guess *guess)
{
    struct box_node *leaf = &work->leaf;
    time_point(work, guess->t);
    box_program_range(work->program, BOX_ERROR, work->time, work->range);
    const double spread =
        mag_get_d(arb_radref(work->range)) / fabs(guess->slope) + NEWTON_CLOSE * guess->t;
    const double least = fmax(FINEST_SPREAD * spread, FINEST * guess->t);
    leaf->kind = BOX_LEAF;
    leaf->direction = work->direction;
    if (!starts_off(work) || !place_behind(work, guess, spread))
        return false;
    march(work, guess->t, least);
    const double u = leaf->breaks > 0 ? leaf->t[leaf->breaks - 1] : 0;
    return u < leaf->v && falls(work, u, leaf->v, least);
}

/* ---- results ---- */

static int sign_of(const arb_t x)
{
    return arb_is_positive(x) ? 1 : arb_is_negative(x) ? -1 : 0;
}

/* The limits of all members of the leaf. */
static enum status leaf_take(struct work *work)
{
    struct box *box = work->box;
    const size_t L = box->layers;
    struct box_node *leaf = &work->leaf;
    const double u = leaf->breaks > 0 ? leaf->t[leaf->breaks - 1] : 0;
    leaf->sign = calloc(L, sizeof *leaf->sign);
    if (!leaf->sign)
        return status_fail(NO_MEMORY, "the signs of a leaf");
    time_piece(work, u, leaf->v);
    box_program_state(work->program, work->time, work->state);
    for (size_t i = 0; i < L; i++) {
        leaf->sign[i] = (signed char)sign_of(work->state + i);
        if (box->leaves == 0)
            arb_set(box->limit + i, work->state + i);
        else
            arb_union(box->limit + i, box->limit + i, work->state + i, BOX_PRECISION);
    }
    if (box->leaves == 0 || arf_cmp_d(box->rate, work->rate) > 0)
        arf_set_d(box->rate, work->rate);
    box->leaves++;
    return OK;
}

static enum status node_add(struct work *work, const struct box_node *node)
{
    struct box *box = work->box;
    if (box->nodes == work->capacity) {
        const size_t capacity = work->capacity ? 2 * work->capacity : NODES_FIRST;
        struct box_node *grown = realloc(box->node, capacity * sizeof *grown);
        if (!grown)
            return status_fail(NO_MEMORY, "%zu cells of a box", capacity);
        box->node = grown;
        work->capacity = capacity;
    }
    box->node[box->nodes++] = *node;
    return OK;
}

static enum status open_add(struct work *work, int depth)
{
    work->box->open++;
    work->box->open_share += ldexp(1, -depth);
    return node_add(work, &(struct box_node){.kind = BOX_OPEN});
}

/* ---- the tree ---- */

/* The zero of the parent, or a new one. */
static enum status cell_guess(struct work *work, struct guess *guess, bool *found)
{
    const double e = middle_of(work, BOX_ERROR, 0);
    const int direction = e > 0 ? 1 : -1;
    const bool same = direction == work->direction && guess->t > 0;
    work->direction = direction;
    *found = e != 0 && same && guess_follow(work, guess);
    return *found || e == 0 ? OK : guess_search(work, guess, found);
}

/* Where to halve, if not what the last test says: any coordinate that is an interval. */
static size_t coordinate_of(const struct work *work)
{
    size_t i = work->program->strongest;
    const size_t count = work->question->count;
    if (i < count && !fmpq_equal(work->low + i, work->high + i))
        return i;
    for (i = 0; i < count && fmpq_equal(work->low + i, work->high + i); i++)
        ;
    return i;
}

struct cell {
    int depth;
    size_t budget; /* cells that may be looked at, itself included */
    struct guess guess;
};

static enum status cell_decide(struct work *work, struct cell cell);

static bool is_given_up(struct work *work)
{
    work->given_up = work->given_up || (work->spending == SPEND_WHOLE &&
                                        (work->cells >= SHARPENING_CELLS || work->box->open > 0));
    return work->given_up;
}

/* Both halves; what the first does not use the second may. */
static enum status cell_halve(struct work *work, size_t i, struct cell cell)
{
    const size_t before = work->cells;
    const bool whole = work->spending == SPEND_WHOLE;
    const size_t budget = whole ? cell.budget : cell.budget / 2;
    fmpq_t end, middle;
    enum status status = node_add(work, &(struct box_node){.kind = BOX_SPLIT, .coordinate = i});
    TRY(status);
    fmpq_init(end);
    fmpq_init(middle);
    fmpq_add(middle, work->low + i, work->high + i);
    fmpq_div_2exp(middle, middle, 1);
    struct cell half = {.depth = cell.depth + 1, .budget = budget, .guess = cell.guess};
    fmpq_set(end, work->high + i);
    fmpq_set(work->high + i, middle);
    ball_set(work, i);
    status = cell_decide(work, half);
    fmpq_set(work->high + i, end);
    if (status == OK) {
        fmpq_set(end, work->low + i);
        fmpq_set(work->low + i, middle);
        ball_set(work, i);
        half.budget = whole ? budget : cell.budget - (work->cells - before);
        status = cell_decide(work, half);
        fmpq_set(work->low + i, end);
    }
    ball_set(work, i);
    fmpq_clear(middle);
    fmpq_clear(end);
    return status;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the tree, DEPTH_MOST */
static enum status cell_decide(struct work *work, struct cell cell)
{
    bool found;
    if (is_given_up(work))
        return OK;
    if (cell.budget == 0)
        return open_add(work, cell.depth);
    work->cells++;
    box_program_cell(work->program, work->z);
    TRY(cell_guess(work, &cell.guess, &found));
    if (cell.depth == 0 && found)
        work->first_rate = fabs(cell.guess.slope);
    const bool proved = found && cell_is_leaf(work, &cell.guess);
    const size_t i = coordinate_of(work);
    if (proved && (work->rate >= work->target || i == work->question->count)) {
        TRY(leaf_take(work));
        return node_add(work, &work->leaf);
    }
    if (!found)
        cell.guess.t = 0;
    cell.budget--;
    if (cell.budget < 2 || cell.depth == DEPTH_MOST || i == work->question->count)
        return open_add(work, cell.depth);
    return cell_halve(work, i, cell);
}

/* ---- all ---- */

static void work_begin(struct work *work)
{
    const struct box_question *q = work->question;
    work->low = _fmpq_vec_init((slong)q->count);
    work->high = _fmpq_vec_init((slong)q->count);
    work->z = _arb_vec_init((slong)q->count);
    work->state = _arb_vec_init((slong)q->layers);
    arb_init(work->time);
    arb_init(work->range);
    for (size_t i = 0; i < q->count; i++) {
        fmpq_set(work->low + i, q->low + i);
        fmpq_set(work->high + i, q->high + i);
        ball_set(work, i);
    }
}

static void work_end(struct work *work)
{
    const struct box_question *q = work->question;
    _fmpq_vec_clear(work->low, (slong)q->count);
    _fmpq_vec_clear(work->high, (slong)q->count);
    _arb_vec_clear(work->z, (slong)q->count);
    _arb_vec_clear(work->state, (slong)q->layers);
    arb_clear(work->time);
    arb_clear(work->range);
}

static struct box *box_create(size_t layers)
{
    struct box *box = calloc(1, sizeof *box);
    if (!box)
        return NULL;
    box->layers = layers;
    box->limit = _arb_vec_init((slong)layers);
    arf_init(box->rate);
    return box;
}

/* One tree. */
static enum status pass(struct work *work, size_t cells_most, struct box **made)
{
    const size_t layers = work->question->layers;
    struct box *box = box_create(layers);
    if (!box)
        return status_fail(NO_MEMORY, "a box of %zu layers", layers);
    work->box = box;
    work->capacity = work->cells = 0;
    work->direction = 0;
    const enum status status = cell_decide(work, (struct cell){.budget = cells_most});
    box->cells = work->cells;
    box->complete = box->open == 0 && box->leaves > 0 && !work->given_up;
    if (status == OK)
        *made = box;
    else
        box_free(box);
    return status;
}

/* What is proved is made sharper, from coarse cells to finer ones. */
static enum status sharpen(struct work *work, struct box **box)
{
    for (size_t k = 0; k < TARGETS; k++) {
        struct box *finer = NULL;
        work->target = TARGET[k] * work->first_rate;
        work->spending = SPEND_WHOLE;
        TRY(pass(work, SHARPENING_CELLS, &finer));
        const bool better = finer && finer->complete;
        box_free(better ? *box : finer);
        if (!better)
            return OK;
        *box = finer;
    }
    return OK;
}

static enum status decide_in(struct work *work, size_t cells_most, struct box **box)
{
    TRY(pass(work, cells_most, box));
    if (!(*box)->complete || (*box)->cells >= SHARPENING_CELLS)
        return OK;
    const enum status status = sharpen(work, box);
    if (status != OK)
        box_free(*box);
    return status;
}

enum status box_decide(const struct box_question *question, size_t cells_most, struct box **box)
{
    struct work work = {.question = question};
    TRY(box_program_create(question, &work.program));
    work_begin(&work);
    const enum status status = decide_in(&work, cells_most, box);
    work_end(&work);
    box_program_free(work.program);
    return status;
}

void box_free(struct box *box)
{
    if (!box)
        return;
    for (size_t i = 0; i < box->nodes; i++)
        free(box->node[i].sign);
    free(box->node);
    _arb_vec_clear(box->limit, (slong)box->layers);
    arf_clear(box->rate);
    free(box);
}
