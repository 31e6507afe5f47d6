/* Certified convergence against what else knows the limit, and against altered proofs.
 *
 * The field of program.h is compared with that of field.h, which shares no line with it, over the
 * rationals; limits of chains with the exact engine, those of A[2,2,2] with the referee and with an
 * integration in 45 digits; boxes with points in them.  Then one number of a proof is changed at a time:
 * the check must see it. */
#include "exact/certificate_trap.h"
#include "exact/definite.h"
#include "exact/field.h"
#include "exact/limit.h"
#include "exact/program_exact.h"
#include "exact/rational.h"
#include "exact/stability.h"
#include "exact/statement_problem.h"
#include "exact/trap.h"
#include "exact/trap_norm.h"
#include "exact/trap_obstacle.h"
#include "linear/moments.h"
#include "tests/chains.h"

#include <stdlib.h>

enum { SEED = 2026, DIM_MOST = 64, EIGHT = 8 };

/* ---- in a line ------------------------------------------------------------------------------ */

static struct problem problem_of(const char *system, const char *rule, size_t count,
                                 const size_t *sizes)
{
    struct problem problem = problem_defaults(registry_system(system), registry_rule(rule));
    problem.depth = count - 1;
    if (strcmp(system, "chain") != 0) {
        problem.size_count = count;
        memcpy(problem.sizes, sizes, count * sizeof *sizes);
    }
    return problem;
}

static struct premise *premise_of(const struct problem *problem)
{
    struct premise *premise = NULL;
    const char *why = NULL;
    assert_int_equal(premise_of_problem(problem, NULL, &premise, &why), OK);
    assert_non_null(premise);
    return premise;
}

static void put(struct premise *premise, enum premise_list list, const char *text)
{
    fmpq *numbers = NULL;
    size_t count = 0;
    assert_int_equal(rational_read_list(text, DIM_MOST, &numbers, &count), OK);
    assert_int_equal(premise_replace(premise, list, numbers, count), OK);
    _fmpq_vec_clear(numbers, (slong)count);
}

static void put_radius(struct premise *premise, slong p, ulong q)
{
    fmpq *list = _fmpq_vec_init((slong)premise->dim);
    for (size_t i = 0; i < premise->dim; i++)
        fmpq_set_si(list + i, p, q);
    assert_int_equal(premise_replace(premise, PREMISE_RADIUS, list, premise->dim), OK);
    _fmpq_vec_clear(list, (slong)premise->dim);
}

static struct trap *prove(const struct premise *premise, slong digits)
{
    enum { HORIZON = 60 };
    const struct trap_options options = {.digits = digits, .horizon = HORIZON};
    struct trap *trap = NULL;
    assert_int_equal(trap_prove(premise, &options, &trap), OK);
    return trap;
}

static bool holds(const struct trap *trap)
{
    bool good = false;
    assert_int_equal(trap_check(trap, &good), OK);
    return good;
}

static const size_t SQUARE[] = {2, 2, 2};
static const char START[] = "1/2,-1/5,1/10,3/10,1/10,2/5,-3/10,1/5";

/* A[2,2,2], all matrices of the data the identity. */
static struct premise *square_premise(void)
{
    const struct problem problem = problem_of("hidden", "rbp", COUNT(SQUARE), SQUARE);
    struct premise *premise = premise_of(&problem);
    put(premise, PREMISE_X0, START);
    return premise;
}

/* ---- the field ------------------------------------------------------------------------------ */

static void draw_numbers(struct stream *stream, fmpq *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        fmpq_set_si(list + i, (slong)stream_below(stream, 2 * EIGHT + 1) - EIGHT,
                    1 + stream_below(stream, EIGHT));
}

static void draw_premise(struct stream *stream, struct premise *p)
{
    const size_t inputs = p->sizes[0], outputs = p->sizes[p->layers];
    draw_numbers(stream, p->sigma_ii, inputs * inputs);
    for (size_t i = 0; i < inputs; i++)
        for (size_t j = 0; j < i; j++)
            fmpq_set(p->sigma_ii + i * inputs + j, p->sigma_ii + j * inputs + i);
    draw_numbers(stream, p->sigma_ti, outputs * inputs);
    draw_numbers(stream, p->feedback, p->feedback_count);
    draw_numbers(stream, p->rates, p->rate_count);
    draw_numbers(stream, p->x0, p->dim);
}

static void assert_value(const struct field *field, const fmpq_mpoly_struct *polynomial,
                         const fmpq *x, const fmpq_t expected)
{
    fmpq_t value;
    fmpq *at[DIM_MOST] = {0}, *copy = _fmpq_vec_init((slong)field->n);
    fmpq_init(value);
    for (size_t i = 0; i < field->n; i++) {
        fmpq_set(copy + i, x + i);
        at[i] = copy + i;
    }
    assert_true(fmpq_mpoly_evaluate_all_fmpq(value, polynomial, at, field->ring));
    assert_true(fmpq_equal(value, expected));
    _fmpq_vec_clear(copy, (slong)field->n);
    fmpq_clear(value);
}

/* f, y, S and K = -(Dy S) at the start of the premise. */
static void assert_same_field(const struct premise *premise)
{
    struct program *program = NULL;
    struct field *field = NULL;
    struct program_exact at;
    fmpq_mat_t minus;
    assert_int_equal(program_create(premise, &program), OK);
    assert_int_equal(field_create(premise, FIELD_NUMBERS, &field), OK);
    assert_int_equal(program->n, field->n);
    assert_int_equal(program->k, field->k);
    program_exact_init(program, premise->x0, &at);
    fmpq_mat_init(minus, (slong)program->k, (slong)program->k);
    program_exact_matrix(program, &at, PROGRAM_MINUS_K, minus);
    for (size_t i = 0; i < program->n; i++)
        assert_value(field, field->f + i, premise->x0, at.f + i);
    for (size_t i = 0; i < program->k; i++)
        assert_value(field, field->y + i, premise->x0, at.y + i);
    for (size_t i = 0; i < program->n * program->k; i++)
        assert_value(field, field->S + i, premise->x0, at.values + program->S[i]);
    for (size_t i = 0; i < program->k * program->k; i++) {
        fmpq *entry = fmpq_mat_entry(minus, (slong)(i / program->k), (slong)(i % program->k));
        fmpq_neg(entry, entry);
        assert_value(field, field->K + i, premise->x0, entry);
    }
    fmpq_mat_clear(minus);
    program_exact_clear(program, &at);
    program_free(program);
    field_free(field);
}

static void programs_are_the_fields(void **state)
{
    (void)state;
    static const char *const rules[] = {"bp", "rbp", "srbp", "arbp", "asrbp"};
    static const struct {
        const char *system;
        size_t count, sizes[5];
    } shapes[] = {{"chain", 4, {1, 1, 1, 1}},    {"fan", 3, {1, 3, 1}},
                  {"autoencoder", 3, {2, 1, 2}}, {"hidden", 3, {3, 2, 2}},
                  {"deep", 4, {2, 3, 1, 2}},     {"deep", 5, {1, 2, 2, 1, 2}}};
    for (size_t s = 0; s < COUNT(shapes); s++)
        for (size_t r = 0; r < COUNT(rules); r++) {
            struct stream stream = stream_at(SEED, stream_key("trap fields"), s * COUNT(rules) + r);
            const struct problem problem =
                problem_of(shapes[s].system, rules[r], shapes[s].count, shapes[s].sizes);
            struct premise *premise = premise_of(&problem);
            draw_premise(&stream, premise);
            assert_same_field(premise);
            premise_free(premise);
        }
}

/* ---- limits --------------------------------------------------------------------------------- */

/* Taylor's method of order 40 with steps of 1/16 in 45 digits, until t = 26, where |y| is near
 * exp(-2.09 t) = 2e-24. */
static const char *const SQUARE_LIMIT[] = {
    "1.17319113963106543088924346470206537",   "-0.460732608708722062171138838760401385",
    "0.379850435312683393782464472818808145",  "1.08471457191328904571405366676721552",
    "0.749325993418191228649989532450062637",  "0.318276280839357971444843580014112690",
    "-0.262402490167489001075880777449376714", "0.810446027864132492032198430074950370"};

static bool contains_text(const arb_t ball, const char *text, slong digits)
{
    enum { BITS = 200 };
    arb_t number;
    arb_init(number);
    assert_int_equal(arb_set_str(number, text, BITS), 0);
    arf_t slack;
    arf_init(slack);
    arf_set_d(slack, pow(10, -(double)digits));
    arb_add_error_arf(number, slack);
    const bool inside = arb_overlaps(ball, number);
    arb_clear(number);
    arf_clear(slack);
    return inside;
}

static void the_square_network_settles(void **state)
{
    (void)state;
    enum { DIGITS = 20, KNOWN = 24 };
    struct premise *premise = square_premise();
    struct trap *trap = prove(premise, DIGITS);
    assert_true(trap->proved);
    assert_true(trap_digits(trap) >= DIGITS);
    assert_true(holds(trap));
    for (size_t i = 0; i < trap->program->n; i++)
        assert_true(contains_text(trap->limit + i, SQUARE_LIMIT[i], KNOWN));
    /* the control: the box is small enough to tell the 19th digit */
    assert_false(contains_text(trap->limit, "1.1731911396310654409", KNOWN));
    print_message("# A[2,2,2]: %zu pieces, trap at t = %g, %.1f digits\n", trap->count,
                  trap->entry.time, trap_digits(trap));
    trap_free(trap);
    premise_free(premise);
}

/* The integrator's limit, as good as it says. */
static void the_referee_ends_there(void **state)
{
    (void)state;
    static const char *const rules[] = {"rbp", "bp", "arbp"};
    static const size_t sizes[] = {2, 3, 2};
    for (size_t r = 0; r < COUNT(rules); r++) {
        struct problem problem = problem_of("hidden", rules[r], COUNT(sizes), sizes);
        struct premise *premise = premise_of(&problem);
        struct stream stream = stream_at(SEED, stream_key("trap referee"), r);
        double x0[DIM_MOST] = {0};
        for (size_t i = 0; i < premise->dim; i++) {
            fmpq_set_si(premise->x0 + i, (slong)stream_below(&stream, 2 * EIGHT) - EIGHT, EIGHT);
            x0[i] = fmpq_get_d(premise->x0 + i);
        }
        struct trap *trap = prove(premise, EIGHT);
        assert_true(trap->proved);
        struct flow *flow = NULL;
        assert_int_equal(problem_flow(&problem, &flow), OK);
        struct plan plan = plan_defaults();
        plan.method = METHOD_RK8PD;
        struct outcome *outcome = outcome_create(flow);
        assert_int_equal(trajectory_run(flow, &plan, x0, outcome), OK);
        assert_int_equal(outcome->ending, ENDING_SETTLED);
        for (size_t i = 0; i < premise->dim; i++) {
            arb_t ball;
            arf_t slack;
            arb_init(ball);
            arf_init(slack);
            arb_set_d(ball, outcome->limit[i]);
            arf_set_d(slack, 1e-8); /* 1000 steps at the standard tolerance 1e-10 */
            arb_add_error_arf(ball, slack);
            assert_true(arb_overlaps(ball, trap->limit + i));
            assert_true(mag_get_d(arb_radref(trap->limit + i)) < 1e-6);
            arb_clear(ball);
            arf_clear(slack);
        }
        outcome_free(outcome);
        flow_free(flow);
        trap_free(trap);
        premise_free(premise);
    }
}

/* ---- chains --------------------------------------------------------------------------------- */

static struct statement *statement_of(const struct problem *problem, const struct premise *premise)
{
    struct statement_numbers numbers;
    struct statement *statement = NULL;
    const char *why = NULL;
    double zeros[DIM_MOST] = {0};
    statement_problem_numbers(problem, zeros, premise->dim, &numbers);
    fmpq *x0 = _fmpq_vec_init((slong)premise->dim);
    for (size_t i = 0; i < premise->dim; i++)
        fmpq_set(x0 + i, premise->x0 + i);
    statement_problem_replace(&numbers.x0, &numbers.dim, x0, premise->dim);
    if (premise->feedback_count > 0) {
        fmpq *c = _fmpq_vec_init((slong)premise->feedback_count);
        for (size_t i = 0; i < premise->feedback_count; i++)
            fmpq_set(c + i, premise->feedback + i);
        statement_problem_replace(&numbers.c, &numbers.c_count, c, premise->feedback_count);
    }
    fmpq_set(&numbers.alpha, premise->sigma_ti);
    fmpq_set(&numbers.beta, premise->sigma_ii);
    assert_int_equal(statement_problem_make(problem, &numbers, &statement, &why), OK);
    statement_problem_free(&numbers);
    assert_non_null(statement);
    return statement;
}

/* c in +-[1/2, 3/2], a in [-3/2, 3/2], alpha in [-2, 2]; c_L = 1. */
static void draw_chain(struct stream *stream, struct premise *p)
{
    enum { START_MOST = 12, FEEDBACK_LEAST = 4 };
    for (size_t i = 0; i < p->dim; i++)
        fmpq_set_si(p->x0 + i, (slong)stream_below(stream, 2 * START_MOST + 1) - START_MOST, EIGHT);
    for (size_t i = 0; i + 1 < p->feedback_count; i++) {
        const slong c = FEEDBACK_LEAST + (slong)stream_below(stream, EIGHT + 1);
        fmpq_set_si(p->feedback + i, stream_below(stream, 2) ? c : -c, EIGHT);
    }
    fmpq_set_si(p->sigma_ti, (slong)stream_below(stream, 4 * EIGHT + 1) - 2 * EIGHT, EIGHT);
}

/* +1: the limits agree; 0: one of both does not know; fails where they contradict. */
static int compare_chain(const struct problem *problem, const struct premise *premise)
{
    enum { FEW = 6, MANY = 40 };
    struct statement *statement = statement_of(problem, premise);
    struct limit *limit = limit_create(statement);
    assert_int_equal(limit_decide(statement, MANY, limit), OK);
    struct trap *trap = prove(premise, FEW);
    const bool both = trap->proved && limit->ending != ENDING_HORIZON;
    if (both) {
        assert_int_equal(limit->ending, ENDING_SETTLED);
        assert_true(limit->has_limit);
        for (size_t i = 0; i < premise->dim; i++)
            assert_true(arb_contains(trap->limit + i, limit->x + i));
    }
    trap_free(trap);
    limit_free(limit);
    statement_free(statement);
    return both;
}

static void chains_settle_at_the_exact_limit(void **state)
{
    (void)state;
    enum { CASES = 14, DEPTH_LEAST = 2, DEPTH_MOST = 4, AGREEMENTS_LEAST = 60 };
    static const char *const rules[] = {"bp", "rbp"};
    int agreements = 0;
    for (size_t r = 0; r < COUNT(rules); r++)
        for (size_t L = DEPTH_LEAST; L <= DEPTH_MOST; L++)
            for (uint64_t k = 0; k < CASES; k++) {
                const struct problem problem = chain_of(rules[r], L);
                struct premise *premise = premise_of(&problem);
                struct stream stream =
                    stream_at(SEED, stream_key("trap chains"), (r * EIGHT + L) * CASES + k);
                draw_chain(&stream, premise);
                agreements += compare_chain(&problem, premise);
                premise_free(premise);
            }
    print_message("# chains: %d limits agree\n", agreements);
    assert_true(agreements >= AGREEMENTS_LEAST);
}

/* ---- boxes ---------------------------------------------------------------------------------- */

static void a_box_holds_its_points(void **state)
{
    (void)state;
    enum { CORNERS = 4, FEW = 6 };
    struct premise *premise = square_premise();
    put_radius(premise, 1, 1000);
    struct trap *box = prove(premise, FEW);
    assert_true(box->proved);
    assert_true(holds(box));
    for (uint64_t k = 0; k < CORNERS; k++) {
        struct premise *point = square_premise();
        struct stream stream = stream_at(SEED, stream_key("trap corners"), k);
        for (size_t i = 0; i < point->dim; i++)
            if (stream_below(&stream, 2))
                fmpq_add(point->x0 + i, point->x0 + i, premise->radius + i);
            else
                fmpq_sub(point->x0 + i, point->x0 + i, premise->radius + i);
        struct trap *trap = prove(point, FEW);
        assert_true(trap->proved);
        for (size_t i = 0; i < point->dim; i++)
            assert_true(arb_contains(box->limit + i, trap->limit + i));
        trap_free(trap);
        premise_free(point);
    }
    trap_free(box);
    /* the control: too wide */
    put_radius(premise, 1, 20);
    box = prove(premise, FEW);
    assert_false(box->proved);
    assert_non_null(box->reason);
    trap_free(box);
    premise_free(premise);
}

/* ---- altered proofs ------------------------------------------------------------------------- */

static void longer_step(struct trap *t)
{
    t->piece[3].shift--;
}

static void altered_coefficient(struct trap *t)
{
    fmpz_t one;
    fmpz_init_set_ui(one, 1);
    fmpz_mul_2exp(one, one, (ulong)t->scale - 20); /* 2^-20 in x */
    fmpz_add(t->piece[2].c + 1, t->piece[2].c + 1, one);
    fmpz_clear(one);
}

static void thin_tube(struct trap *t)
{
    arf_mul_2exp_si(t->piece[4].tube, t->piece[4].tube, -4);
}

static void low_growth(struct trap *t)
{
    t->piece[0].growth -= 1;
}

static void missing_piece(struct trap *t)
{
    const struct trap_piece first = t->piece[5], second = t->piece[6];
    t->piece[5] = second; /* exchanged: nothing is lost to free */
    t->piece[6] = first;
}

static void fast_decay(struct trap *t)
{
    t->end.mu *= 1.25;
}

static void narrow_widths(struct trap *t)
{
    for (size_t i = 0; i < t->program->n; i++)
        t->end.width[i] /= 2;
}

static void another_norm(struct trap *t)
{
    t->end.V[0] *= 64;
}

static void singular_norm(struct trap *t)
{
    memset(t->end.V, 0, t->program->k * t->program->k * sizeof *t->end.V);
}

static void another_limit(struct trap *t)
{
    arb_neg(t->limit + 1, t->limit + 1);
}

static void small_limit_box(struct trap *t)
{
    mag_mul_2exp_si(arb_radref(t->limit), arb_radref(t->limit), -2);
}

static void another_start(struct trap *t)
{
    fmpq_t more;
    fmpq_init(more);
    fmpq_set_si(more, 1, 1000);
    fmpq_add(t->premise->x0, t->premise->x0, more);
    fmpq_clear(more);
}

/* A_1 does not move, as far as K knows. */
static void dropped_rows(struct trap *t)
{
    for (size_t i = 0; i < 4 * t->program->k; i++)
        t->program->S[i] = t->program->zero;
}

/* The errors in another order: some entries of K have the wrong sign. */
static void exchanged_errors(struct trap *t)
{
    const uint32_t first = t->program->y[0];
    t->program->y[0] = t->program->y[3];
    t->program->y[3] = first;
}

static void dropped_unknown(struct trap *t)
{
    t->program->f[2] = t->program->zero;
}

static void infinite_growth(struct trap *t)
{
    t->piece[1].growth = INFINITY;
}

static void huge_tube(struct trap *t)
{
    arf_one(t->piece[0].tube);
}

static void altered_proofs_fail(void **state)
{
    (void)state;
    static void (*const alter[])(struct trap *) = {
        longer_step,     altered_coefficient, thin_tube,       low_growth,
        missing_piece,   fast_decay,          narrow_widths,   another_norm,
        singular_norm,   another_limit,       dropped_rows,    exchanged_errors,
        small_limit_box, another_start,       dropped_unknown, infinite_growth,
        huge_tube};
    enum { FEW = 6 };
    for (size_t k = 0; k < COUNT(alter); k++) {
        struct premise *premise = square_premise();
        struct trap *trap = prove(premise, FEW);
        assert_true(trap->proved);
        assert_true(holds(trap));
        alter[k](trap);
        if (holds(trap))
            fail_msg("altered proof %zu is accepted", k);
        trap_free(trap);
        premise_free(premise);
    }
}

/* p = (4 v, 4 v), h = 1, for a chain of two layers: f - p' is (-19, -64) at v = 1, of which pieces of
 * degree one keep (-3, -4) + (0, 4) v. */
static void what_is_cut_off_counts(void **state)
{
    (void)state;
    enum { SCALE = 10, ORDER = 1, LAYERS = 2 };
    const struct problem problem = chain_of("rbp", LAYERS);
    struct premise *premise = premise_of(&problem);
    struct program *program = NULL;
    struct trap_walk *walk = NULL;
    struct trap_piece piece = {.shift = 0, .c = _fmpz_vec_init(LAYERS * (ORDER + 1))};
    arf_t defect;
    assert_int_equal(program_create(premise, &program), OK);
    assert_int_equal(trap_walk_create(premise, program, SCALE, ORDER, &walk), OK);
    fmpz_set_ui(piece.c + 1, 4 << SCALE);
    fmpz_set_ui(piece.c + 3, 4 << SCALE);
    arf_init(defect);
    trap_walk_defect(walk, &piece, defect);
    assert_true(arf_get_d(defect, ARF_RND_DOWN) >= hypot(19, 64));
    assert_true(arf_get_d(defect, ARF_RND_DOWN) < 200); /* 16 + 64 cut off in two unknowns, twice */
    arf_clear(defect);
    _fmpz_vec_clear(piece.c, LAYERS * (ORDER + 1));
    trap_walk_free(walk);
    program_free(program);
    premise_free(premise);
}

/* A slow approach with large weights, where other frames pay. */
static void frames_are_part_of_the_proof(void **state)
{
    (void)state;
    enum { FEW = 4 };
    static const size_t sizes[] = {1, 1, 1, 1, 1};
    const struct problem problem = problem_of("chain", "bp", COUNT(sizes), sizes);
    struct premise *premise = premise_of(&problem);
    put(premise, PREMISE_X0, "3,1/10,1/7,2");
    struct trap *trap = prove(premise, FEW);
    assert_true(trap->proved);
    assert_true(holds(trap));
    assert_true(trap->frames > 0);
    trap->frame[0][1] += 1; /* far from where the growths were proved */
    assert_false(holds(trap));
    trap->frame[0][1] -= 1;
    assert_true(holds(trap));
    memset(trap->frame[0], 0, premise->dim * premise->dim * sizeof **trap->frame);
    assert_false(holds(trap));
    trap_free(trap);
    premise_free(premise);
}

/* ---- what is not proved --------------------------------------------------------------------- */

static void no_trap_where_nothing_settles(void **state)
{
    (void)state;
    enum { FEW = 6 };
    const struct problem chain = chain_of("srbp", 2);
    struct premise *premise = premise_of(&chain);
    put(premise, PREMISE_FEEDBACK, "1,-1"); /* c_L < 0: this start blows up */
    put(premise, PREMISE_X0, "2,-1");
    struct trap *trap = prove(premise, FEW);
    assert_false(trap->proved);
    assert_non_null(trap->reason);
    trap_free(trap);
    premise_free(premise);
    static const size_t narrow[] = {3, 1, 3};
    const struct problem hidden = problem_of("hidden", "bp", COUNT(narrow), narrow);
    premise = premise_of(&hidden);
    assert_non_null(trap_obstacle(premise));
    put(premise, PREMISE_SIGMA_TI, "1,2,3,2,4,6,-1,-2,-3"); /* rank one: nothing in the way */
    assert_null(trap_obstacle(premise));
    put(premise, PREMISE_SIGMA_II, "1,0,0,0,1,0,0,0,0");
    assert_non_null(trap_obstacle(premise));
    premise_free(premise);
}

/* ---- stability ------------------------------------------------------------------------------ */

static struct stability *stability_of(const char *start)
{
    const struct problem problem = problem_of("hidden", "rbp", COUNT(SQUARE), SQUARE);
    struct premise *premise = premise_of(&problem);
    struct program *program = NULL;
    struct stability *stability = NULL;
    put(premise, PREMISE_X0, start);
    assert_int_equal(program_create(premise, &program), OK);
    assert_int_equal(stability_at_start(premise, program, &stability), OK);
    program_free(program);
    premise_free(premise);
    return stability;
}

static void zeros_of_the_error_attract_or_repel(void **state)
{
    (void)state;
    struct stability *s = stability_of("1,0,0,1,1,0,0,1");
    assert_non_null(s);
    assert_int_equal(s->verdict, STABILITY_ATTRACTS);
    assert_true(s->exact && s->mu > 1.9 && s->mu < 2);
    stability_free(s);
    s = stability_of("-1/2,0,0,-1/2,-2,0,0,-2");
    assert_int_equal(s->verdict, STABILITY_REPELS);
    assert_true(s->exact);
    stability_free(s);
    s = stability_of("-1,0,0,-1,-1,0,0,-1"); /* K = 0 */
    assert_int_equal(s->verdict, STABILITY_UNDECIDED);
    stability_free(s);
    s = stability_of("1,0,0,-1,1,0,0,-1"); /* K has the eigenvalues 2 and 0, twice each */
    assert_int_equal(s->verdict, STABILITY_UNDECIDED);
    stability_free(s);
    s = stability_of("0,0,0,0,0,0,0,0"); /* A1' = C E is not zero */
    assert_null(s);
}

/* A = x C, B = C'/(x |C|^2) with x = -1: the error does not vanish, and 1 and -1 are eigenvalues. */
static void the_wrong_side_repels(void **state)
{
    (void)state;
    static const size_t sizes[] = {2, 1, 2};
    const struct problem problem = problem_of("hidden", "rbp", COUNT(sizes), sizes);
    struct premise *premise = premise_of(&problem);
    struct program *program = NULL;
    struct stability *s = NULL;
    put(premise, PREMISE_FEEDBACK, "1,0");
    put(premise, PREMISE_X0, "-1,0,-1,0");
    assert_int_equal(program_create(premise, &program), OK);
    assert_int_equal(stability_at_start(premise, program, &s), OK);
    assert_non_null(s);
    assert_false(s->on_zeros);
    assert_int_equal(s->verdict, STABILITY_REPELS);
    assert_true(s->exact);
    stability_free(s);
    put(premise, PREMISE_X0, "1,0,1,0"); /* the other side: neutral directions decide nothing */
    assert_int_equal(stability_at_start(premise, program, &s), OK);
    assert_int_equal(s->verdict, STABILITY_UNDECIDED);
    stability_free(s);
    program_free(program);
    premise_free(premise);
}

/* The spectrum -(s_i^2 + mu_j) of the limit, from A_1 A_1' and C_1 A_2. */
static void the_spectrum_is_enclosed(void **state)
{
    (void)state;
    enum { FEW = 10 };
    struct premise *premise = square_premise();
    struct trap *trap = prove(premise, FEW);
    struct stability *s = NULL;
    assert_int_equal(stability_at_limit(trap->program, trap->limit, &s), OK);
    assert_int_equal(s->verdict, STABILITY_ATTRACTS);
    assert_true(s->mu > 2.08 && s->mu <= 2.0902506508349362);
    assert_int_equal(s->count, 4);
    size_t slow = 0;
    for (size_t i = 0; i < s->count; i++)
        slow += contains_text(acb_realref(s->eigenvalues + i), "-2.090250650834936", FEW);
    assert_int_equal(slow, 2);
    stability_free(s);
    trap_free(trap);
    premise_free(premise);
}

/* ---- linear algebra ------------------------------------------------------------------------- */

/* Random symmetric matrices with eigenvalues that are known: Q diag Q' from one reflection. */
static void definiteness_is_sharp(void **state)
{
    (void)state;
    enum { N = 6, CASES = 20, BITS = 64 };
    for (uint64_t k = 0; k < CASES; k++) {
        struct stream stream = stream_at(SEED, stream_key("trap definite"), k);
        double v[N], d[N], norm = 0, most = -INFINITY;
        for (size_t i = 0; i < N; i++) {
            v[i] = stream_normal(&stream);
            d[i] = stream_normal(&stream);
            norm += v[i] * v[i];
            most = fmax(most, d[i]);
        }
        arb_mat_t A;
        arb_mat_init(A, N, N);
        for (size_t i = 0; i < N; i++)
            for (size_t j = 0; j < N; j++) {
                double sum = 0;
                for (size_t l = 0; l < N; l++)
                    sum += ((i == l) - 2 * v[i] * v[l] / norm) * d[l] *
                           ((j == l) - 2 * v[j] * v[l] / norm);
                arb_set_d(arb_mat_entry(A, (slong)i, (slong)j), sum);
            }
        definite_symmetric_part(A);
        assert_true(definite_below(A, most + 1e-9));
        assert_false(definite_below(A, most - 1e-9));
        assert_false(definite_below(A, NAN));
        arb_mat_neg(A, A);
        assert_true(definite_above(A, -most - 1e-9));
        assert_false(definite_above(A, -most + 1e-9));
        for (slong i = 0; i < N; i++)
            mag_set_d(arb_radref(arb_mat_entry(A, i, i)), 1e-3);
        assert_true(definite_reach(A) >= 1e-3 && definite_reach(A) < 2e-3);
        assert_false(definite_above(A, -most - 1e-4));
        assert_true(definite_above(A, -most - 1.1e-3));
        arb_mat_clear(A);
    }
}

/* A Jordan block has no basis of eigenvectors. */
static void defective_matrices_have_a_norm(void **state)
{
    (void)state;
    enum { K = 3, BITS = 64 };
    const double A[K * K] = {2, 5, 0, 0, 2, 5, 0, 0, 2}, mu = 1.8;
    double V[K * K];
    arb_mat_t balls, norm, inverse;
    arb_mat_init(balls, K, K);
    arb_mat_init(norm, K, K);
    arb_mat_init(inverse, K, K);
    assert_true(fabs(trap_norm_least(K, A) - 2) < 1e-4); /* the root of rounding */
    assert_true(trap_norm_propose(K, A, mu, V));
    definite_read(balls, A);
    definite_read(norm, V);
    assert_true(arb_mat_inv(inverse, norm, BITS));
    assert_true(definite_contracts(balls, norm, inverse, mu));
    assert_false(definite_contracts(balls, norm, inverse, 2.1));
    assert_false(trap_norm_propose(K, A, 2.2, V));
    arb_mat_clear(balls);
    arb_mat_clear(norm);
    arb_mat_clear(inverse);
}

/* ---- files ---------------------------------------------------------------------------------- */

static void certificates_have_their_lines(void **state)
{
    (void)state;
    enum { FEW = 6 };
    struct premise *premise = square_premise();
    struct trap *trap = prove(premise, FEW);
    struct certificate certificate = {0};
    assert_int_equal(certificate_trap(trap, &certificate), OK);
    assert_non_null(certificate.text);
    size_t lines = 0;
    for (const char *at = certificate.text; *at; at++)
        lines += *at == '\n';
    /* premise 10 and kind; scale, order, pieces; frame, piece and n rows each; four at the end */
    assert_int_equal(lines, 11 + 3 + trap->count * (2 + trap->program->n) + 4);
    assert_non_null(strstr(certificate.text, "\nkind orbit-trap\nscale "));
    certificate_free(&certificate);
    trap_free(trap);
    premise_free(premise);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(programs_are_the_fields),
        cmocka_unit_test(the_square_network_settles),
        cmocka_unit_test(the_referee_ends_there),
        cmocka_unit_test(chains_settle_at_the_exact_limit),
        cmocka_unit_test(a_box_holds_its_points),
        cmocka_unit_test(altered_proofs_fail),
        cmocka_unit_test(what_is_cut_off_counts),
        cmocka_unit_test(frames_are_part_of_the_proof),
        cmocka_unit_test(no_trap_where_nothing_settles),
        cmocka_unit_test(zeros_of_the_error_attract_or_repel),
        cmocka_unit_test(the_wrong_side_repels),
        cmocka_unit_test(the_spectrum_is_enclosed),
        cmocka_unit_test(definiteness_is_sharp),
        cmocka_unit_test(defective_matrices_have_a_norm),
        cmocka_unit_test(certificates_have_their_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
