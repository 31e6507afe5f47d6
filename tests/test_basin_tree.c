/* Certified cells against exact limits of random starts in them.
 *
 * What decides a start, exact/limit.h, shares with the cells no more than Arb and the formulas of
 * the orbit: it marches from a point.  Starts are drawn in closed cells, corners and sides included, of every
 * leaf that is proved; the ending and the signs of the limit have to be those of the class. */
#include "base/stream.h"
#include "exact/basin_tree.h"
#include "exact/limit.h"
#include "exact/rational.h"
#include "exact/tube.h"
#include "tests/flow_checks.h"

#include <signal.h>
#include <sys/time.h>

enum { SEED = 2027, DIGITS = 10, LIST_MOST = 64, STARTS_OF_A_LEAF = 2, EIGHTHS = 8 };

struct subject {
    const char *name;
    enum statement_family family;
    enum statement_rule rule;
    size_t size;
    const char *c, *x0, *alpha, *beta;
    size_t axis[2];
    const char *window;
    unsigned levels;
    double area_least; /* share that is proved: what is reached, rounded down */
};

/* Chains, plain and with feedback of the wrong sign, from which many starts blow up; each rule. */
static const struct subject subjects[] = {
    {"A[1,1,1]",
     STATEMENT_CHAIN,
     STATEMENT_DIRECT,
     2,
     "1,1",
     "0,0",
     "1",
     "1",
     {0, 1},
     "-3,3,-3,3",
     7,
     0.985},
    {"A[1,1,1], other data",
     STATEMENT_CHAIN,
     STATEMENT_DIRECT,
     2,
     "-3/2,1",
     "0,0",
     "7/5",
     "1/3",
     {0, 1},
     "-3,2,-1/3,4",
     6,
     0.98},
    {"A[1,1,1], alpha = 0",
     STATEMENT_CHAIN,
     STATEMENT_DIRECT,
     2,
     "1,1",
     "0,0",
     "0",
     "1",
     {0, 1},
     "-3,3,-3,3",
     6,
     0.93},
    {"A[1,1,1], top of the wrong sign",
     STATEMENT_CHAIN,
     STATEMENT_DIRECT,
     2,
     "1,-1",
     "0,0",
     "1",
     "1",
     {0, 1},
     "-3,3,-3,3",
     6,
     0.95},
    {"L = 3",
     STATEMENT_CHAIN,
     STATEMENT_DIRECT,
     3,
     "1,1,1",
     "0,0,1",
     "1",
     "1",
     {0, 1},
     "-3,3,-3,3",
     6,
     0.94},
    {"L = 3, the upper two",
     STATEMENT_CHAIN,
     STATEMENT_DIRECT,
     3,
     "1/2,-2,1",
     "1/3,0,0",
     "-1",
     "2",
     {2, 1},
     "-2,2,-2,2",
     5,
     0.91},
    {"L = 4",
     STATEMENT_CHAIN,
     STATEMENT_DIRECT,
     4,
     "1,1,1,1",
     "0,0,1,1",
     "1",
     "1",
     {0, 1},
     "-3,3,-3,3",
     6,
     0.78},
    {"fan",
     STATEMENT_FAN,
     STATEMENT_DIRECT,
     2,
     "1,1/2,1",
     "1/2,0,1,1/3",
     "1",
     "1",
     {0, 2},
     "-3,3,-3,3",
     6,
     0.98},
    {"fan, top of the wrong sign",
     STATEMENT_FAN,
     STATEMENT_DIRECT,
     2,
     "1,1/2,-1",
     "1/2,0,1,1/3",
     "1",
     "1",
     {0, 2},
     "-3,3,-3,3",
     6,
     0.94},
    {"bp, two layers",
     STATEMENT_CHAIN,
     STATEMENT_BP,
     2,
     "1,1",
     "0,0",
     "1",
     "1",
     {0, 1},
     "-3,3,-3,3",
     6,
     0.88},
    {"arbp, two layers",
     STATEMENT_CHAIN,
     STATEMENT_ARBP,
     2,
     "1,1",
     "0,0,1/2",
     "1",
     "1",
     {0, 1},
     "-3,3,-3,3",
     6,
     0.93},
    {"asrbp, two layers, beta < 0",
     STATEMENT_CHAIN,
     STATEMENT_ASRBP,
     2,
     "1,1",
     "0,0,1/2",
     "1",
     "-1",
     {0, 2},
     "-3,3,-3,3",
     6,
     0.88},
    {"fan under bp",
     STATEMENT_FAN,
     STATEMENT_BP,
     2,
     "1,1,1",
     "1/2,1/3,1/5,0",
     "1",
     "1",
     {0, 2},
     "-3,3,-3,3",
     5,
     0.82},
    {"asrbp, three layers",
     STATEMENT_CHAIN,
     STATEMENT_ASRBP,
     3,
     "1,1,1",
     "0,0,1/2,1/3,1",
     "1",
     "1",
     {0, 1},
     "-3,3,-3,3",
     5,
     0.4},
    {"A[2,1,2]",
     STATEMENT_AUTOENCODER,
     STATEMENT_DIRECT,
     2,
     "1,1/2",
     "0,0,1,1",
     "1",
     "1",
     {0, 1},
     "-3,3,-3,3",
     6,
     0.98},
    {"A[2,1,2], feedback along an axis",
     STATEMENT_AUTOENCODER,
     STATEMENT_DIRECT,
     2,
     "1,0",
     "0,0,-1,1",
     "1",
     "1",
     {0, 1},
     "-3,3,-3,3",
     5,
     0.95},
};

struct grown {
    struct statement *statement;
    struct basin_tree *tree;
    fmpq *window;
};

static void put_list(const char *text, size_t wanted, fmpq *to)
{
    fmpq *list = NULL;
    size_t count = 0;
    assert_int_equal(rational_read_list(text, LIST_MOST, &list, &count), OK);
    assert_int_equal(count, wanted);
    for (size_t i = 0; i < count; i++)
        fmpq_set(to + i, list + i);
    _fmpq_vec_clear(list, (slong)count);
}

static struct grown grow(const struct subject *s, unsigned levels, size_t threads)
{
    struct grown g;
    const char *why = NULL;
    assert_int_equal(statement_create(s->family, s->rule, s->size, &g.statement), OK);
    put_list(s->c, g.statement->c_count, g.statement->c);
    put_list(s->x0, g.statement->dim, g.statement->x0);
    put_list(s->alpha, 1, &g.statement->alpha);
    put_list(s->beta, 1, &g.statement->beta);
    g.window = _fmpq_vec_init(4);
    put_list(s->window, 4, g.window);
    const struct basin_tree_question question = {.statement = g.statement,
                                                 .axis = {s->axis[0], s->axis[1]},
                                                 .window = g.window,
                                                 .levels = levels,
                                                 .threads = threads};
    assert_int_equal(basin_tree_create(&question, &g.tree, &why), OK);
    assert_null(why);
    return g;
}

static void forget(struct grown *g)
{
    basin_tree_free(g->tree);
    statement_free(g->statement);
    _fmpq_vec_clear(g->window, 4);
}

static double number(const fmpq_t q)
{
    arf_t value;
    arf_init(value);
    arf_set_fmpq(value, q, 53, ARF_RND_NEAR);
    const double d = arf_get_d(value, ARF_RND_NEAR);
    arf_clear(value);
    return d;
}

static double decided(const struct basin_tree *tree)
{
    fmpq_t area;
    fmpq_init(area);
    basin_tree_undecided(tree, area);
    const double share = 1 - number(area);
    fmpq_clear(area);
    return share;
}

/* ---- every proved cell ---- */

static int sign_in(const struct basin_tree_class *class, size_t i)
{
    return (class->positive >> i & 1 ? 1 : 0) - (class->negative >> i & 1 ? 1 : 0);
}

static void compare(const struct subject *s, const struct grown *g,
                    const struct basin_tree_class *class, struct limit *limit)
{
    assert_int_equal(limit_decide(g->statement, DIGITS, limit), OK);
    if (limit->ending != class->ending)
        fail_msg("%s: a start of a cell proved to be %s is %s (%s)", s->name,
                 ending_name(class->ending), ending_name(limit->ending),
                 limit->reason ? limit->reason : "");
    for (size_t i = 0; class->ending == ENDING_SETTLED && i < g->tree->signs; i++)
        assert_int_equal(tube_sign(limit->x + i), sign_in(class, i));
}

/* The residual time of the limit lies in the bracket of the cell.  The clocks of autoencoders and of chains
 * under bp are others; that of two adaptive layers is w = e^s. */
static void compare_clock(const struct grown *g, const struct basin_tree_leaf *leaf,
                          const struct limit *limit)
{
    const struct statement *s = g->statement;
    double clock = arf_get_d(arb_midref(limit->clock), ARF_RND_NEAR);
    const bool pair = s->rule != STATEMENT_DIRECT && (s->size == 2 || s->family == STATEMENT_FAN);
    const bool other = s->family == STATEMENT_AUTOENCODER ||
                       (s->family == STATEMENT_CHAIN && s->rule == STATEMENT_BP);
    if (other || limit->ending != ENDING_SETTLED)
        return;
    if (limit->direction == 0)
        clock = 0;
    else if (pair)
        clock = log(clock);
    if (leaf->direction == 0)
        assert_true(fabs(clock) < leaf->far);
    else
        assert_true(leaf->near < leaf->direction * clock && leaf->direction * clock < leaf->far);
}

/* x0 := low + (high - low) k/8 */
static void place(const fmpq *box, uint64_t k, fmpq_t to)
{
    fmpq_sub(to, box + 1, box);
    fmpq_mul_ui(to, to, k);
    fmpq_div_2exp(to, to, 3);
    fmpq_add(to, to, box);
}

static size_t leaves_compare(const struct subject *s, struct grown *g)
{
    size_t count = 0;
    struct limit *limit = limit_create(g->statement);
    fmpq *box = _fmpq_vec_init(4);
    struct stream stream = stream_at(SEED, stream_key(s->name), 0);
    for (size_t k = 0; k < g->tree->leaves; k++) {
        const struct basin_tree_leaf *leaf = g->tree->leaf + k;
        if (leaf->class == BASIN_TREE_UNDECIDED)
            continue;
        basin_tree_box(g->tree, leaf, box);
        for (size_t trial = 0; trial < STARTS_OF_A_LEAF; trial++, count++) {
            place(box, stream_below(&stream, EIGHTHS + 1), g->statement->x0 + s->axis[0]);
            place(box + 2, stream_below(&stream, EIGHTHS + 1), g->statement->x0 + s->axis[1]);
            compare(s, g, g->tree->class + leaf->class, limit);
            compare_clock(g, leaf, limit);
        }
    }
    _fmpq_vec_clear(box, 4);
    limit_free(limit);
    return count;
}

static void proved_cells_agree_with_exact_limits(void **state)
{
    size_t count = 0;
    (void)state;
    for (size_t k = 0; k < sizeof subjects / sizeof *subjects; k++) {
        const struct subject *s = &subjects[k];
        struct grown g = grow(s, s->levels, 2);
        if (!(decided(g.tree) >= s->area_least))
            fail_msg("%s: only %.4f of the area is proved", s->name, decided(g.tree));
        count += leaves_compare(s, &g);
        forget(&g);
    }
    assert_true(count > 5000);
}

/* ---- enclosures ---- */

enum { BOXES = 12, POINTS = 12 };
static const double WIDE = 0.125; /* half a side of a box, half a stretch */

static struct tube *tube_of(const struct subject *s, struct grown *g)
{
    struct tube *tube = NULL;
    const char *why = NULL;
    *g = grow(s, 0, 1);
    assert_int_equal(tube_create(g->statement, s->axis, &tube, &why), OK);
    return tube;
}

/* The error and all its derivatives at a point. */
static void at_point(const struct tube *tube, const double at[3], struct jet *e)
{
    struct tube_place place = {.parts = {JET_LENGTH, TUBE_PREC}};
    arb_init(&place.s);
    arb_init(&place.x);
    arb_init(&place.y);
    arb_set_d(&place.s, at[0]);
    arb_set_d(&place.x, at[1]);
    arb_set_d(&place.y, at[2]);
    tube->error(tube, &place, e, NULL);
}

static double value_of(const struct jet *e, int k)
{
    return arf_get_d(arb_midref(e->c + k), ARF_RND_NEAR);
}

/* One coefficient by differences of another: (f(+h) - f(-h))/2h with h = 2^-16, whose error is of the
 * order h^2, and 2^-64/h of rounding: far below 1e-6 of 1 + |f_s|. */
static void compare_difference(const struct subject *s, const struct tube *tube, const double at[3],
                               const int by[3])
{
    static const double H = 1.0 / (1 << 16), ALLOWED = 1e-6;
    const int axis = by[0], of = by[1], to = by[2];
    double place[3] = {at[0], at[1], at[2]};
    struct jet e[3];
    for (int k = 0; k < 3; k++) {
        jet_init(&e[k]);
        place[axis] = at[axis] + (k - 1) * H;
        at_point(tube, place, &e[k]);
    }
    const double scale = to == JET_SS ? 2 : 1, /* half the second derivative */
        difference = (value_of(&e[2], of) - value_of(&e[0], of)) / (2 * H),
                 derivative = scale * value_of(&e[1], to);
    if (!(fabs(derivative - difference) <= ALLOWED * (1 + fabs(derivative))))
        fail_msg("%s: coefficient %d is %.12g, by differences %.12g", s->name, to, derivative,
                 difference);
    for (int k = 0; k < 3; k++)
        jet_clear(&e[k]);
}

static void derivatives_are_those_of_differences(void **state)
{
    static const int table[][3] = {{0, JET_V, JET_S},  {0, JET_S, JET_SS}, {1, JET_V, JET_X},
                                   {1, JET_S, JET_SX}, {2, JET_V, JET_Y},  {2, JET_S, JET_SY}};
    (void)state;
    for (size_t k = 0; k < sizeof subjects / sizeof *subjects; k++) {
        struct grown g;
        struct tube *tube = tube_of(&subjects[k], &g);
        struct stream stream = stream_at(SEED, stream_key("differences"), k);
        for (size_t box = 0; box < BOXES && tube->error; box++) {
            const double at[3] = {stream_between(&stream, -1, 1), stream_between(&stream, -2, 2),
                                  stream_between(&stream, -2, 2)};
            for (size_t row = 0; row < sizeof table / sizeof *table; row++)
                compare_difference(&subjects[k], tube, at, table[row]);
        }
        tube_free(tube);
        forget(&g);
    }
}

/* What is enclosed over a stretch and a box contains what is at their points, corners included. */
static void compare_enclosure(const struct tube *tube, struct stream *stream)
{
    double middle[3], at[3];
    arb_t x, y, value, slope;
    struct jet e;
    arb_init(x);
    arb_init(y);
    arb_init(value);
    arb_init(slope);
    jet_init(&e);
    for (int k = 0; k < 3; k++) /* short dyadic numbers */
        middle[k] = floor(stream_between(stream, -64, 64)) / (k == 0 ? 64 : 32);
    arb_set_d(x, middle[1]);
    arb_set_d(y, middle[2]);
    mag_set_d(arb_radref(x), WIDE);
    mag_set_d(arb_radref(y), WIDE);
    const struct tube_stretch stretch = {
        .low = middle[0] - WIDE, .high = middle[0] + WIDE, .x = x, .y = y};
    tube_enclose(tube, &stretch, value, slope);
    for (int point = 0; point < POINTS; point++) {
        for (int k = 0; k < 3; k++)
            at[k] = middle[k] + WIDE * ((double)stream_below(stream, 3) - 1);
        at_point(tube, at, &e);
        assert_true(arb_overlaps(value, e.c + JET_V));
        assert_true(arb_overlaps(slope, e.c + JET_S));
    }
    arb_clear(x);
    arb_clear(y);
    arb_clear(value);
    arb_clear(slope);
    jet_clear(&e);
}

static void enclosures_enclose(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof subjects / sizeof *subjects; k++) {
        struct grown g;
        struct tube *tube = tube_of(&subjects[k], &g);
        struct stream stream = stream_at(SEED, stream_key("enclosures"), k);
        for (size_t box = 0; box < BOXES && tube->error; box++)
            compare_enclosure(tube, &stream);
        tube_free(tube);
        forget(&g);
    }
}

/* ---- the tree ---- */

/* Boxes tile the window, areas add up to it, and each smallest cell is in its leaf. */
static void leaves_tile_the_window(void **state)
{
    struct grown g = grow(&subjects[1], 5, 2);
    fmpq *box = _fmpq_vec_init(4);
    double sum = 0;
    (void)state;
    for (size_t k = 0; k < g.tree->leaves; k++) {
        basin_tree_box(g.tree, g.tree->leaf + k, box);
        sum += (number(box + 1) - number(box)) * (number(box + 3) - number(box + 2));
    }
    assert_float_equal(sum, 5 * (4 + 1.0 / 3), 1e-12); /* the window's area, to rounding */
    for (uint32_t i = 0; i < 32; i++)
        for (uint32_t j = 0; j < 32; j++) {
            const struct basin_tree_leaf *leaf = basin_tree_find(g.tree, i, j);
            const unsigned up = g.tree->levels - leaf->level;
            assert_int_equal(leaf->i, i >> up);
            assert_int_equal(leaf->j, j >> up);
        }
    fmpq_t all, most;
    fmpq_init(all);
    fmpq_init(most);
    basin_tree_undecided(g.tree, all);
    for (size_t k = 0; k < g.tree->classes; k++) {
        fmpq_add(all, all, &g.tree->class[k].area);
        basin_tree_most(g.tree, k, most);
        fmpq_sub(most, most, &g.tree->class[k].area); /* what is open */
        assert_float_equal(number(most), 1 - decided(g.tree), 1e-15);
    }
    assert_true(fmpq_is_one(all));
    fmpq_clear(all);
    fmpq_clear(most);
    _fmpq_vec_clear(box, 4);
    forget(&g);
}

static void coordinates_have_their_cells(void **state)
{
    struct grown g = grow(&subjects[0], 3, 1);
    (void)state;
    assert_int_equal(basin_tree_index_of_double(g.tree, 0, -3), 0);
    assert_int_equal(basin_tree_index_of_double(g.tree, 0, 3), 7);
    assert_int_equal(basin_tree_index_of_double(g.tree, 1, 0), 4);
    assert_int_equal(basin_tree_index_of_double(g.tree, 1, -1e-300), 3);
    forget(&g);
}

static void threads_change_nothing(void **state)
{
    (void)state;
    for (size_t k = 0; k < 5; k += 4) {
        struct grown one = grow(&subjects[k], 5, 1), three = grow(&subjects[k], 5, 3);
        assert_int_equal(one.tree->leaves, three.tree->leaves);
        assert_int_equal(one.tree->breaks, three.tree->breaks);
        assert_memory_equal(one.tree->leaf, three.tree->leaf,
                            one.tree->leaves * sizeof *one.tree->leaf);
        assert_memory_equal(one.tree->at, three.tree->at, one.tree->breaks * sizeof *one.tree->at);
        for (size_t c = 0; c < one.tree->classes; c++)
            assert_true(fmpq_equal(&one.tree->class[c].area, &three.tree->class[c].area));
        forget(&one);
        forget(&three);
    }
}

/* A separatrix is a line: halving the cells doubles their number, and nothing else is left. */
static void undecided_cells_double(void **state)
{
    enum { FIRST = 6, LAST = 10, GRID_256 = 8 };
    struct grown g = grow(&subjects[0], LAST, 2);
    (void)state;
    for (unsigned level = FIRST; level < LAST; level++) {
        const double ratio =
            (double)g.tree->undecided_at[level + 1] / (double)g.tree->undecided_at[level];
        assert_true(ratio > 1.8 && ratio < 2.2);
    }
    const double grey = (double)g.tree->undecided_at[GRID_256] / (256.0 * 256.0);
    assert_true(grey < 1 - 0.993);
    forget(&g);
}

/* ---- what is not proved ---- */

static const char *refusal(const struct subject *s)
{
    const char *why = NULL;
    struct tube *tube = NULL;
    struct statement *statement;
    assert_int_equal(statement_create(s->family, s->rule, s->size, &statement), OK);
    put_list(s->c, statement->c_count, statement->c);
    put_list(s->beta, 1, &statement->beta);
    assert_int_equal(tube_create(statement, s->axis, &tube, &why), OK);
    assert_null(tube);
    statement_free(statement);
    return why;
}

static void other_systems_are_refused(void **state)
{
    static const struct subject refused[] = {
        {.family = STATEMENT_CHAIN,
         .rule = STATEMENT_ARBP,
         .size = 3,
         .c = "1,1,1",
         .beta = "1",
         .axis = {0, 1}},
        {.family = STATEMENT_CHAIN,
         .rule = STATEMENT_BP,
         .size = 3,
         .c = "1,1,1",
         .beta = "1",
         .axis = {0, 1}},
        {.family = STATEMENT_CHAIN,
         .rule = STATEMENT_BP,
         .size = 2,
         .c = "1,2",
         .beta = "1",
         .axis = {0, 1}},
        {.family = STATEMENT_CHAIN,
         .rule = STATEMENT_DIRECT,
         .size = 2,
         .c = "1,1",
         .beta = "0",
         .axis = {0, 1}},
        {.family = STATEMENT_POWER,
         .rule = STATEMENT_DIRECT,
         .size = 2,
         .c = "1,1",
         .beta = "1",
         .axis = {0, 1}},
        {.family = STATEMENT_AUTOENCODER,
         .rule = STATEMENT_DIRECT,
         .size = 2,
         .c = "0,0",
         .beta = "1",
         .axis = {0, 1}},
    };
    (void)state;
    for (size_t k = 0; k < sizeof refused / sizeof *refused; k++)
        assert_non_null(refusal(&refused[k]));
}

/* Where nothing moves, and where the start is on the separatrix itself, nothing is proved. */
static void what_is_open_stays_open(void **state)
{
    static const struct subject frozen = {
        "a1 = c1 = 0", STATEMENT_CHAIN, STATEMENT_DIRECT, 3, "0,1,1", "0,0,0", "1",
        "1",           {1, 2},          "-1,1,-1,1",      2, 0};
    (void)state;
    struct grown g = grow(&frozen, 2, 1);
    assert_int_equal(g.tree->classes, 0);
    assert_int_equal(g.tree->undecided, g.tree->leaves);
    forget(&g);
    g = grow(&subjects[0], 9, 2);
    /* (-2, 1/2) lies on the separatrix: its limit is the double zero at (-1, -1) */
    const uint32_t i = basin_tree_index_of_double(g.tree, 0, -2),
                   j = basin_tree_index_of_double(g.tree, 1, 0.5);
    assert_int_equal(basin_tree_find(g.tree, i, j)->class, BASIN_TREE_UNDECIDED);
    forget(&g);
}

/* On the half line A = x C, x < 0, starts may go to saddles; on the other one none does. */
static void half_lines_stay_open(void **state)
{
    const struct subject *s = &subjects[sizeof subjects / sizeof *subjects - 1];
    struct grown g = grow(s, s->levels, 1);
    (void)state;
    const uint32_t line = basin_tree_index_of_double(g.tree, 1, 0);
    const uint32_t half = 1u << (s->levels - 1);
    for (uint32_t i = 0; i < 2 * half; i++) {
        if (i == half) /* touches x = 0, and its ball may reach beyond */
            continue;
        for (uint32_t side = 0; side < 2; side++) { /* both touch the line */
            const struct basin_tree_leaf *leaf = basin_tree_find(g.tree, i, line - side);
            assert_int_equal(leaf->class == BASIN_TREE_UNDECIDED, i < half);
        }
    }
    forget(&g);
}

static volatile sig_atomic_t stop_asked;
enum { SOON = 20000 /* microseconds */ };

static void ask_to_stop(int number)
{
    (void)number;
    stop_asked = 1;
}

static void bad_questions_fail(void **state)
{
    struct grown g = grow(&subjects[0], 1, 1);
    struct basin_tree *tree = NULL;
    const char *why = NULL;
    (void)state;
    struct basin_tree_question question = {
        .statement = g.statement, .axis = {1, 1}, .window = g.window, .levels = 1, .threads = 1};
    assert_int_equal(basin_tree_create(&question, &tree, &why), BAD_ARGUMENT);
    question.axis[0] = 0;
    question.levels = BASIN_TREE_LEVELS_MOST + 1;
    assert_int_equal(basin_tree_create(&question, &tree, &why), BAD_ARGUMENT);
    question.levels = 1;
    fmpq_set(g.window + 1, g.window);
    assert_int_equal(basin_tree_create(&question, &tree, &why), BAD_ARGUMENT);
    assert_null(tree);
    forget(&g);
}

/* A stop ends the work without a tree, before its first cell and in the midst of it. */
static void a_stop_is_heeded(void **state)
{
    static const unsigned DEEP = BASIN_TREE_LEVELS_MOST;
    struct grown g = grow(&subjects[0], 1, 1);
    struct basin_tree *tree = NULL;
    const char *why = NULL;
    (void)state;
    stop_asked = 1;
    struct basin_tree_question question = {.statement = g.statement,
                                           .axis = {0, 1},
                                           .window = g.window,
                                           .levels = 1,
                                           .threads = 2,
                                           .stop = &stop_asked};
    assert_int_equal(basin_tree_create(&question, &tree, &why), INTERRUPTED);
    assert_null(tree);
    stop_asked = 0;
    assert_int_equal(basin_tree_create(&question, &tree, &why), OK);
    assert_non_null(tree);
    basin_tree_free(tree);
    tree = NULL;
    question.levels = DEEP; /* some seconds */
    assert_true(signal(SIGALRM, ask_to_stop) != SIG_ERR);
    assert_int_equal(
        setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {.tv_usec = SOON}}, NULL), 0);
    assert_int_equal(basin_tree_create(&question, &tree, &why), INTERRUPTED);
    assert_null(tree);
    forget(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stop_is_heeded),
        cmocka_unit_test(proved_cells_agree_with_exact_limits),
        cmocka_unit_test(derivatives_are_those_of_differences),
        cmocka_unit_test(enclosures_enclose),
        cmocka_unit_test(leaves_tile_the_window),
        cmocka_unit_test(coordinates_have_their_cells),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(undecided_cells_double),
        cmocka_unit_test(other_systems_are_refused),
        cmocka_unit_test(what_is_open_stays_open),
        cmocka_unit_test(half_lines_stay_open),
        cmocka_unit_test(bad_questions_fail),
    };
    return cmocka_run_group_tests_name("basin_tree", tests, NULL, NULL);
}
