/* Records about finitely many instances, each of them enclosed rigorously.
 *
 * Fixed points on a leaf are the zeros of e in residual time, counted by Sturm's theorem in exact
 * rationals; sign changes of dP/dt are zeros of dP/ds between the start and the limit, whose
 * bracket is that of the march, (EX2), and the count is the same at both of its ends.  A
 * polynomial that is not proved squarefree is not counted.  Statements: notes/universal.md, (UN8).
 * */
#include "proofs-check/proof_instances.h"

#include "exact/blowup.h"
#include "exact/curve_chain.h"
#include "exact/limit.h"
#include "exact/root.h"
#include "exact/statement_problem.h"

#include "linear/registry.h"

#include <math.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { TIME_DIGITS = 30, TIME_BITS = 128, DEGREE_MOST = 127 };

/* ---- from an instance to exact numbers ---- */

/* *statement = NULL: no theorem covers it. */
static enum status statement_of(const struct instance *instance, struct statement **statement)
{
    struct statement_numbers numbers;
    const char *why_not = NULL;
    *statement = NULL;
    statement_problem_numbers(&instance->problem, instance->x0, instance->dim, &numbers);
    const enum status status =
        statement_problem_make(&instance->problem, &numbers, statement, &why_not);
    statement_problem_free(&numbers);
    return status;
}

/* Instance number `index` of a record whose instances are all corners: nothing is drawn. */
static bool instance_of(const struct theorem *theorem, size_t index, struct instance *instance)
{
    struct stream stream = stream_at(0, stream_key(theorem->id), index);
    return index < theorem->corners && theorem->corners == theorem->trials &&
           theorem->sample(&stream, index, instance);
}

/* e over Q[s] of a chain under fixed feedback, or of its derivative a multiple; in whole numbers.
 * */
struct expansion {
    fmpz_poly_t e, slope;
    bool expanded;
};

static void expansion_clear(struct expansion *x)
{
    fmpz_poly_clear(x->e);
    fmpz_poly_clear(x->slope);
}

static void expand(const struct curve *curve, struct expansion *x)
{
    fmpq_poly_t e;
    fmpz_poly_init(x->e);
    fmpz_poly_init(x->slope);
    x->expanded = curve->degree > 0 && curve->degree <= DEGREE_MOST;
    if (!x->expanded)
        return;
    fmpq_poly_init(e);
    curve->expand(curve->self, curve->degree + 1, e);
    fmpq_poly_get_numerator(x->e, e);
    fmpz_poly_derivative(x->slope, x->e);
    fmpq_poly_clear(e);
}

/* FLINT counts zeros of squarefree polynomials only. */
static bool can_count(const fmpz_poly_t p)
{
    return fmpz_poly_degree(p) > 0 && fmpz_poly_is_squarefree(p);
}

/* ---- all instances of a record ---- */

/* Shows what is claimed of one instance, whose error is this curve. */
typedef void curve_prover(const struct curve *curve, size_t index, struct proof *proof);

static enum status prove_statement(const struct statement *statement, size_t index,
                                   curve_prover *prove, struct proof *proof)
{
    struct curve_chain *chain;
    TRY(curve_chain_create(statement, &chain));
    prove(&chain->curve, index, proof);
    curve_chain_free(chain);
    return OK;
}

static enum status prove_all(const struct theorem *theorem, curve_prover *prove,
                             struct proof *proof)
{
    struct instance instance;
    size_t index = 0;
    for (; instance_of(theorem, index, &instance); index++) {
        struct statement *statement;
        TRY(statement_of(&instance, &statement));
        const bool covered = statement && statement->family == STATEMENT_CHAIN &&
                             statement->rule == STATEMENT_DIRECT;
        enum status status = OK;
        if (covered)
            status = prove_statement(statement, index, prove, proof);
        else
            proof_step(proof, false, "instance %zu is a chain under fixed feedback", index + 1);
        statement_free(statement);
        TRY(status);
    }
    proof_step(proof, index > 0 && index == theorem->corners, "%zu instances, all there are",
               index);
    return OK;
}

/* ---- fixed points on a leaf ---- */

/* Zeros of e, whose degree is odd, and which falls from the outermost ones: half of them, and one
 * more, attract. */
static void count_points(const struct curve *curve, size_t index, struct proof *proof)
{
    struct expansion x;
    expand(curve, &x);
    const bool counts = x.expanded && can_count(x.e);
    const slong zeros = counts ? fmpz_poly_num_real_roots(x.e) : 0;
    const bool falls = counts && fmpz_sgn(fmpz_poly_lead(x.e)) < 0 && curve->degree % 2 == 1;
    proof_step(proof, falls && zeros == curve->degree,
               "instance %zu: e of degree %ld has %ld simple real zeros, %ld of them falling",
               index + 1, (long)curve->degree, (long)zeros, (long)(zeros + 1) / 2);
    expansion_clear(&x);
}

/* Another error on the same leaf: alpha so large that one zero is left. */
static void count_points_far(const struct curve *curve, size_t index, struct proof *proof)
{
    struct expansion x;
    expand(curve, &x);
    if (x.expanded) {
        fmpz_t far;
        fmpz_init(far);
        fmpz_poly_height(far, x.e);
        fmpz_mul_2exp(far, far, DEGREE_MOST);
        fmpz_poly_set_coeff_fmpz(x.e, 0, far);
        fmpz_clear(far);
    }
    const bool counts = x.expanded && can_count(x.e);
    const slong zeros = counts ? fmpz_poly_num_real_roots(x.e) : 0;
    proof_step(proof, zeros == curve->degree, "instance %zu, alpha far away: %ld simple real zeros",
               index + 1, (long)zeros);
    expansion_clear(&x);
}

static enum status points(const struct theorem *theorem, struct proof *proof)
{
    return prove_all(theorem, count_points, proof);
}

static enum status points_far(const struct theorem *theorem, struct proof *proof)
{
    return prove_all(theorem, count_points_far, proof);
}

const struct proof_method proof_instances_points = {
    .gives = VERDICT_CERTIFIED,
    .label = "UN8",
    .scope = "every instance of the record",
    .prove = points,
    .without = "alpha of the record: another one, far away",
    .control = points_far,
};

/* ---- sign changes of dP/dt ---- */

/* Zeros of p(direction (x + shift)) at x > 0; -1: not counted, for a multiple zero or one at 0. */
static slong zeros_beyond(const fmpz_poly_t p, int direction, const arf_t shift)
{
    slong negative = 0, positive = -1;
    fmpq_t at;
    fmpq_poly_t line, moved;
    fmpz_poly_t whole;
    fmpq_init(at);
    fmpq_poly_init(line);
    fmpq_poly_init(moved);
    fmpz_poly_init(whole);
    arf_get_fmpq(at, shift);
    fmpq_poly_set_coeff_si(line, 1, 1);
    fmpq_poly_set_coeff_fmpq(line, 0, at);
    fmpq_poly_scalar_mul_si(line, line, direction);
    fmpq_poly_set_fmpz_poly(moved, p);
    fmpq_poly_compose(moved, moved, line);
    fmpq_poly_get_numerator(whole, moved);
    if (can_count(whole) && !fmpz_is_zero(whole->coeffs))
        _fmpz_poly_num_real_roots_sturm(&negative, &positive, whole->coeffs,
                                        fmpz_poly_length(whole));
    fmpz_poly_clear(whole);
    fmpq_poly_clear(moved);
    fmpq_poly_clear(line);
    fmpq_clear(at);
    return positive;
}

/* Zeros of the slope strictly between the start and the zero in the bracket; -1: not counted. */
static slong turns_of(const struct root *root, const fmpz_poly_t slope)
{
    arf_t zero;
    arf_init(zero);
    const slong all = zeros_beyond(slope, root->direction, zero);
    const slong low = zeros_beyond(slope, root->direction, root->low);
    const slong high = zeros_beyond(slope, root->direction, root->high);
    arf_clear(zero);
    return all < 0 || low < 0 || low != high ? -1 : all - low;
}

/* The sign of e at the start, exactly. */
static int start_sign(const fmpz_poly_t e)
{
    return fmpz_sgn(fmpz_poly_get_coeff_ptr(e, 0));
}

/* -1: not counted */
static slong turns_on(const struct curve *curve)
{
    struct expansion x;
    struct root root;
    slong turns = -1;
    root_init(&root);
    expand(curve, &x);
    const int sign = x.expanded ? start_sign(x.e) : 0;
    if (sign != 0) {
        root_first(curve, (struct root_start){.direction = sign, .sign = sign}, &root);
        if (root.verdict == ROOT_FOUND)
            turns = turns_of(&root, x.slope);
    }
    expansion_clear(&x);
    root_clear(&root);
    return turns;
}

/* dP/ds has degree 2^L - 2: are all of its zeros passed? */
static void show_turns(const struct curve *curve, size_t index, slong missing, struct proof *proof)
{
    const slong turns = turns_on(curve);
    proof_step(proof, turns == curve->degree - 1 - missing,
               "instance %zu: dP/ds of degree %ld vanishes %ld times on the way to the limit",
               index + 1, (long)curve->degree - 1, (long)turns);
}

static void count_turns(const struct curve *curve, size_t index, struct proof *proof)
{
    show_turns(curve, index, 0, proof);
}

static void count_fewer_turns(const struct curve *curve, size_t index, struct proof *proof)
{
    show_turns(curve, index, 2, proof);
}

static enum status turns(const struct theorem *theorem, struct proof *proof)
{
    return prove_all(theorem, count_turns, proof);
}

static enum status fewer_turns(const struct theorem *theorem, struct proof *proof)
{
    return prove_all(theorem, count_fewer_turns, proof);
}

const struct proof_method proof_instances_turns = {
    .gives = VERDICT_CERTIFIED,
    .label = "UN8",
    .scope = "every instance of the record",
    .prove = turns,
    .without = "false conclusion: two less",
    .control = fewer_turns,
};

static enum status count_on(const struct statement *statement, long *count)
{
    struct curve_chain *chain;
    TRY(curve_chain_create(statement, &chain));
    *count = (long)turns_on(&chain->curve);
    curve_chain_free(chain);
    return OK;
}

enum status proof_instances_count_turns(const struct instance *instance, long *count)
{
    struct statement *statement;
    *count = -1;
    TRY(statement_of(instance, &statement));
    const bool covered =
        statement && statement->family == STATEMENT_CHAIN && statement->rule == STATEMENT_DIRECT;
    const enum status status = covered ? count_on(statement, count) : OK;
    statement_free(statement);
    return status;
}

static enum status ending_of(const struct statement *statement, enum ending *ending)
{
    struct limit *limit = limit_create(statement);
    if (!limit)
        return status_fail(NO_MEMORY, "an exact limit");
    const enum status status = limit_decide(statement, TIME_DIGITS, limit);
    *ending = limit->ending;
    limit_free(limit);
    return status;
}

enum status proof_instances_ending(const struct instance *instance, enum ending *ending)
{
    struct statement *statement;
    *ending = ENDING_HORIZON;
    TRY(statement_of(instance, &statement));
    const enum status status = statement ? ending_of(statement, ending) : OK;
    statement_free(statement);
    return status;
}

/* ---- blow-up times ---- */

/* x' = Q(x) from x0 is e(s) = Q(x0 + s) on the line, which nothing else moves. */
static bool blowup_on_line(const fmpq_poly_t Q, const fmpq_t x0, arb_t time)
{
    fmpq_poly_t e, shift;
    struct curve curve;
    struct root root;
    bool enclosed = false;
    fmpq_poly_init(e);
    fmpq_poly_init(shift);
    fmpq_poly_set_coeff_si(shift, 1, 1);
    fmpq_poly_set_coeff_fmpq(shift, 0, x0);
    fmpq_poly_compose(e, Q, shift);
    curve_of_polynomial(e, &curve);
    const int sign = fmpq_poly_is_zero(e) ? 0 : fmpz_sgn(fmpq_poly_numref(e));
    root_init(&root);
    if (sign != 0) {
        root_first(&curve, (struct root_start){.direction = sign, .sign = sign}, &root);
        enclosed = root.verdict == ROOT_NONE && blowup_time(&curve, sign, TIME_BITS, time);
    }
    root_clear(&root);
    fmpq_poly_clear(shift);
    fmpq_poly_clear(e);
    return enclosed;
}

/* Q of a polynomial in one dimension; of two equal weights that learn at equal rates under bp: then
 * both are x, and x' = eta (alpha x - beta x^3). */
static bool line_of(const struct instance *instance, fmpq_poly_t Q)
{
    enum { CUBIC = 3 };
    const struct problem *p = &instance->problem;
    double q[CUBIC + 1] = {0};
    const double *from = p->q;
    size_t count = p->q_count;
    if (p->rule == &rule_bp) {
        const bool equal = instance->dim == 2 && instance->x0[0] == instance->x0[1] &&
                           p->rate_count == 2 && p->rates[0] == p->rates[1];
        q[1] = p->rates[0] * p->alpha;
        q[CUBIC] = -p->rates[0] * p->beta;
        from = q;
        count = equal && fabs(p->rates[0]) == 1 ? COUNT(q) : 0; /* products that are exact */
    }
    for (size_t i = 0; i < count; i++) {
        fmpq_t number;
        arf_t value;
        fmpq_init(number);
        arf_init(value);
        arf_set_d(value, from[i]);
        arf_get_fmpq(number, value);
        fmpq_poly_set_coeff_fmpq(Q, (slong)i, number);
        arf_clear(value);
        fmpq_clear(number);
    }
    return count > 0;
}

static bool on_line(const struct instance *instance, arb_t time, bool *enclosed)
{
    fmpq_poly_t Q;
    fmpq_t x0;
    arf_t value;
    fmpq_poly_init(Q);
    fmpq_init(x0);
    arf_init(value);
    const bool is_line = line_of(instance, Q);
    arf_set_d(value, instance->x0[0]);
    arf_get_fmpq(x0, value);
    *enclosed = is_line && blowup_on_line(Q, x0, time);
    arf_clear(value);
    fmpq_clear(x0);
    fmpq_poly_clear(Q);
    return is_line;
}

static enum status decide(const struct statement *statement, arb_t time, bool *enclosed)
{
    struct limit *limit = limit_create(statement);
    if (!limit)
        return status_fail(NO_MEMORY, "an exact limit");
    const enum status status = limit_decide(statement, TIME_DIGITS, limit);
    *enclosed = status == OK && limit->ending == ENDING_ESCAPED && limit->has_time;
    if (*enclosed)
        arb_set(time, limit->time);
    limit_free(limit);
    return status;
}

enum status proof_instances_blowup(const struct instance *instance, arb_t time, bool *enclosed)
{
    struct statement *statement;
    *enclosed = false;
    if (on_line(instance, time, enclosed))
        return OK;
    TRY(statement_of(instance, &statement));
    const enum status status = statement ? decide(statement, time, enclosed) : OK;
    statement_free(statement);
    return status;
}
