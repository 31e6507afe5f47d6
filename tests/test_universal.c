/* Statements for all data at once, against everything else that knows them.
 *
 * Leading terms are compared with expansions from the field and with values at random rationals far
 * out; discriminants with zeros that are isolated; boxes with exact limits of random members, which
 * must lie in the limit box and be approached at the rate, or faster.  Each proof of a record is
 * seen to fail without its hypothesis; a false step, a contradiction and a missing step are
 * planted. */
#include "exact/box_parts.h"
#include "exact/discriminant.h"
#include "exact/identity.h"
#include "exact/leading.h"
#include "exact/limit.h"
#include "linear/registry.h"
#include "proofs-check/proof_instances.h"
#include "proofs-check/sample.h"
#include "proofs-check/verify.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { SEED = 2027, DEPTH_MOST = 24 };

static struct stream stream_of(const char *name, uint64_t index)
{
    return stream_at(SEED, stream_key(name), index);
}

/* ---- identities ----------------------------------------------------------------------------- */

static void test_identities(void **state)
{
    (void)state;
    assert_true(identity_holds(&(struct identity){"a b", "(a + b)^2", "a^2 + 2*a*b + b^2"}));
    assert_false(identity_holds(&(struct identity){"a b", "(a + b)^2", "a^2 + a*b + b^2"}));
    assert_false(identity_holds(&(struct identity){"a b", "(a + b^2", "a^2"}));
    assert_false(identity_holds(&(struct identity){"a b", "a + x", "a + x"})); /* no such letter */
    assert_false(identity_holds(&(struct identity){"", "1", "1"}));
    assert_true(identity_holds(&(struct identity){"a", "1/3*a + 1/6*a", "1/2*a"}));
    const struct identity_field circle = {"x y w", 2, {"-w*y", "w*x"}};
    assert_true(identity_along(&circle, "x^2 + y^2", "0"));
    assert_true(identity_along(&circle, "x*y", "w*x^2 - w*y^2"));
    assert_false(identity_along(&circle, "x*y", "w*x^2 + w*y^2"));
    const struct identity pair = {"x a b", "x - a", "x - b"};
    assert_true(identity_resultant(&pair, "x", "a - b") != identity_resultant(&pair, "x", "b - a"));
    assert_false(identity_resultant(&pair, "y", "a - b"));
    assert_true(identity_discriminant(
        &(struct identity_discriminant){"x a b c", "a*x^2 + b*x + c", "x", "b^2 - 4*a*c"}));
    assert_false(identity_discriminant(
        &(struct identity_discriminant){"x a b c", "a*x^2 + b*x + c", "x", "b^2 + 4*a*c"}));
}

/* ---- leading terms -------------------------------------------------------------------------- */

static struct leading *leading_by(enum status (*way)(const enum leading_layer *, struct leading *),
                                  const enum leading_layer *layer, size_t L)
{
    struct leading *P = NULL;
    assert_int_equal(leading_create(L, &P), OK);
    assert_int_equal(way(layer, P), OK);
    return P;
}

static void test_leading_terms_of_all_depths(void **state)
{
    static const enum leading_layer layer[DEPTH_MOST] = {LEADING_MOVES};
    (void)state;
    for (size_t L = 1; L <= DEPTH_MOST; L++) {
        struct leading *P = leading_by(leading_of_weights, layer, L);
        struct leading *second = leading_by(leading_of_clock, layer, L);
        assert_true(leading_equal(P, second));
        assert_true(leading_is_closed_form(P));
        assert_true(leading_is_top_times_square(layer, P));
        assert_true(fmpz_equal_ui(P->degree, ((ulong)1 << L) - 1));
        if (L <= LEADING_EXPANDED_MOST)
            assert_true(leading_agrees_with_expansion(layer, P));
        /* one more or less anywhere is seen */
        fmpz_add_ui(second->exponent, second->exponent, 2);
        assert_false(leading_equal(P, second));
        assert_false(leading_is_closed_form(second));
        assert_false(leading_agrees_with_expansion(layer, second));
        fmpz_add_ui(P->halvings, P->halvings, 1);
        assert_false(leading_is_closed_form(P));
        assert_false(leading_agrees_with_expansion(layer, P));
        leading_free(P);
        leading_free(second);
    }
}

/* L = 3 of notes/chains.md, (L2), and the text of it. */
static void test_leading_text(void **state)
{
    static const enum leading_layer moving[3] = {LEADING_MOVES};
    static const enum leading_layer mixed[3] = {LEADING_MOVES, LEADING_SILENT, LEADING_MOVES};
    static const enum leading_layer dead[3] = {LEADING_MOVES, LEADING_DEAD, LEADING_MOVES};
    static const char *const expected[] = {"c1^4*c2^2*c3/16", "c1^2*a2(0)^2*c3/2", "0"};
    const enum leading_layer *const layers[] = {moving, mixed, dead};
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        struct leading *P = leading_by(leading_of_weights, layers[k], 3);
        char *text = leading_text(layers[k], P);
        assert_string_equal(text, expected[k]);
        assert_true(leading_agrees_with_expansion(layers[k], P));
        assert_int_equal(leading_is_top_times_square(layers[k], P), k < 2);
        flint_free(text);
        leading_free(P);
    }
}

/* Every pattern of moving, silent and dead layers of five layers or less, the top one included. */
static void test_leading_patterns(void **state)
{
    enum { KINDS = 3 };
    (void)state;
    for (size_t L = 1, patterns = KINDS; L <= LEADING_EXPANDED_MOST; L++, patterns *= KINDS)
        for (size_t index = 0; index < patterns; index++) {
            enum leading_layer layer[LEADING_EXPANDED_MOST];
            bool dead = false;
            for (size_t i = 0, rest = index; i < L; i++, rest /= KINDS) {
                layer[i] = (enum leading_layer)(rest % KINDS);
                dead = dead || layer[i] == LEADING_DEAD;
            }
            struct leading *P = leading_by(leading_of_weights, layer, L);
            assert_int_equal(P->is_zero, dead);
            assert_true(leading_agrees_with_expansion(layer, P));
            assert_int_equal(leading_is_top_times_square(layer, P),
                             !dead && layer[L - 1] == LEADING_MOVES);
            leading_free(P);
        }
}

/* One odd exponent is enough, but for that of the top. */
static void test_squares_are_told(void **state)
{
    static const enum leading_layer layer[3] = {LEADING_MOVES};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct leading *P = leading_by(leading_of_weights, layer, 3);
        fmpz_add_ui(P->exponent + i, P->exponent + i, 1);
        assert_false(leading_is_top_times_square(layer, P));
        fmpz_add_ui(P->exponent + i, P->exponent + i, 1);
        assert_int_equal(leading_is_top_times_square(layer, P), i < 2);
        fmpz_add_ui(P->degree, P->degree, 1);
        assert_false(leading_is_top_times_square(layer, P));
        leading_free(P);
    }
}

/* ---- the discriminant ----------------------------------------------------------------------- */

static void test_discriminant_is_proved(void **state)
{
    struct discriminant_step step[DISCRIMINANT_STEPS];
    (void)state;
    discriminant_prove(step);
    for (size_t i = 0; i < DISCRIMINANT_STEPS; i++)
        if (!step[i].holds)
            fail_msg("%s", step[i].claim);
}

/* Random rationals; and points on the curve, K = -3 h^2/2, c1 alpha = beta h^3, and beside it. */
static void test_discriminant_counts(void **state)
{
    enum { CASES = 2000, DENOMINATOR = 8, RANGE = 25 };
    int seen[4] = {0};
    struct discriminant_point at;
    (void)state;
    discriminant_point_init(&at);
    for (uint64_t k = 0; k < CASES; k++) {
        struct stream stream = stream_of("discriminant", k);
        fmpq *const number[] = {at.c1, at.alpha, at.beta, at.K};
        for (size_t i = 0; i < 4; i++)
            fmpq_set_si(number[i], (slong)stream_below(&stream, 2 * RANGE) - RANGE, DENOMINATOR);
        if (k % 4 == 0) { /* on the curve, and one part in 10^30 beside it */
            fmpq_set_si(at.K, -3 * (slong)(k % 7 + 1) * (slong)(k % 7 + 1), 2);
            fmpq_set_si(at.c1, 1, 1);
            fmpq_set_si(at.alpha, (slong)((k % 7 + 1) * (k % 7 + 1) * (k % 7 + 1)), 1);
            fmpq_set_si(at.beta, 1, 1);
        }
        if (k % 8 == 0) {
            fmpq_t little;
            fmpq_init(little);
            fmpq_set_str(little, "1/1000000000000000000000000000000", 10);
            (k % 16 ? fmpq_add : fmpq_sub)(at.K, at.K, little);
            fmpq_clear(little);
        }
        const int count = discriminant_equilibria(&at);
        assert_int_equal(count, discriminant_equilibria_by_zeros(&at));
        seen[count < 0 ? 0 : count]++;
        if (count == 3)
            assert_int_equal(discriminant_sign(&at), 1);
    }
    discriminant_point_clear(&at);
    for (size_t i = 0; i < 4; i++)
        assert_true(seen[i] > 0); /* beta = 0, one, two, three */
}

/* ---- proofs of records ---------------------------------------------------------------------- */

/* Every proof on record holds, and not without its hypothesis; every exact verdict has a proof. */
static void test_proofs_of_records(void **state)
{
    size_t proofs = 0;
    (void)state;
    for (size_t k = 0; theorem_chapters[k]; k++)
        for (size_t j = 0; j < theorem_chapters[k]->theorems; j++) {
            const struct theorem *theorem = &theorem_chapters[k]->theorem[j];
            struct proof proof;
            struct verify_proof result;
            const bool exact = theorem->proof != NULL;
            if (theorem->recorded == VERDICT_PROVED || theorem->recorded == VERDICT_CERTIFIED)
                assert_true(exact);
            if (exact)
                assert_int_equal(theorem->recorded, theorem->proof->gives);
            assert_int_equal(verify_proof(theorem, &proof, &result), OK);
            if (*result.gap)
                fail_msg("%s: %s", theorem->id, result.gap);
            assert_int_equal(result.verdict, exact ? theorem->recorded : VERDICT_UNDECIDED);
            assert_int_equal(result.control_fails, exact);
            assert_int_equal(result.steps, proof.steps);
            proofs += exact;
        }
    assert_true(proofs >= 30);
}

/* ---- planted proofs ------------------------------------------------------------------------- */

static enum status proves(const struct theorem *theorem, struct proof *proof)
{
    (void)theorem;
    proof_step(proof, true, "one step");
    return OK;
}

static enum status has_gap(const struct theorem *theorem, struct proof *proof)
{
    (void)theorem;
    proof_step(proof, true, "one step");
    proof_step(proof, false, "a step that is not shown");
    proof_step(proof, true, "another step");
    return OK;
}

static enum status shows_nothing(const struct theorem *theorem, struct proof *proof)
{
    (void)theorem;
    (void)proof;
    return OK;
}

static enum status shows_too_much(const struct theorem *theorem, struct proof *proof)
{
    (void)theorem;
    for (size_t i = 0; i <= PROOF_STEPS_MOST; i++)
        proof_step(proof, true, "step %zu", i);
    return OK;
}

static bool sample_two_layers(struct stream *stream, size_t index, struct instance *instance)
{
    static const double half[2] = {0.5, 0.5};
    (void)stream;
    *instance = (struct instance){.problem = problem_defaults(&system_chain, &rule_srbp), .dim = 2};
    instance->problem.depth = 2;
    instance->problem.alpha = 1 + (double)index / 8;
    instance->problem.beta = 1;
    memcpy(instance->x0, half, sizeof half);
    return true;
}

static enum status holds(struct trial *trial, enum finding *finding)
{
    (void)trial;
    *finding = FINDING_HOLDS;
    return OK;
}

static enum status fails(struct trial *trial, enum finding *finding)
{
    snprintf(trial->reason, sizeof trial->reason, "found to be false");
    *finding = FINDING_FAILS;
    return OK;
}

struct planted {
    enum verdict gives;
    prover *prove, *control;
    conclusion *conclude;
    enum verdict verdict;
    const char *reason; /* part of it */
};

static void check_planted(const struct planted *planted)
{
    const struct proof_method method = {.gives = planted->gives,
                                        .label = "UN1",
                                        .scope = "planted",
                                        .prove = planted->prove,
                                        .without = "planted",
                                        .control = planted->control};
    const struct theorem theorem = {
        .id = "planted",
        .source = "a test",
        .hypotheses = "planted",
        .statement = "planted",
        .label = "UN1",
        .recorded = planted->gives,
        .trials = 4,
        .corners = 4,
        .sample = sample_two_layers,
        .conclude = planted->conclude,
        .control = {.what = "planted", .sample = sample_two_layers, .conclude = fails},
        .proof = &method};
    struct verify_plan plan = verify_defaults();
    struct verified result;
    assert_int_equal(verify_theorem(&theorem, &plan, &result), OK);
    assert_int_equal(result.verdict, planted->verdict);
    assert_int_equal(result.as_recorded, planted->verdict == planted->gives);
    if (planted->reason && !strstr(result.reason, planted->reason))
        fail_msg("'%s' does not say '%s'", result.reason, planted->reason);
    verify_free(&result);
}

static void test_nothing_is_no_proof(void **state)
{
    struct proof proof = {.steps = 0};
    (void)state;
    assert_false(proof_holds(&proof));
    assert_non_null(proof_gap(&proof));
    proof_step(&proof, true, "one");
    assert_true(proof_holds(&proof));
    assert_null(proof_gap(&proof));
    proof_step(&proof, false, "two");
    assert_false(proof_holds(&proof));
    assert_string_equal(proof_gap(&proof), "two");
}

static void test_planted_proofs(void **state)
{
    static const struct planted cases[] = {
        {VERDICT_PROVED, proves, has_gap, holds, VERDICT_PROVED, NULL},
        {VERDICT_PROVED, proves, has_gap, fails, VERDICT_UNDECIDED,
         "proved by (UN1), but a trial says: found to be"},
        {VERDICT_PROVED, has_gap, has_gap, holds, VERDICT_SUPPORTED,
         "not proved: a step that is not shown"},
        {VERDICT_PROVED, has_gap, has_gap, fails, VERDICT_REFUTED, "found to be false"},
        {VERDICT_PROVED, proves, proves, holds, VERDICT_SUPPORTED, "does not need its hypothesis"},
        {VERDICT_PROVED, proves, shows_nothing, holds, VERDICT_SUPPORTED,
         "does not need its hypothesis"},
        {VERDICT_PROVED, shows_nothing, has_gap, holds, VERDICT_SUPPORTED, "there is no step"},
        {VERDICT_PROVED, shows_too_much, has_gap, holds, VERDICT_SUPPORTED, "more steps than"},
        {VERDICT_REFUTED, proves, has_gap, fails, VERDICT_REFUTED, NULL},
        {VERDICT_REFUTED, proves, has_gap, holds, VERDICT_UNDECIDED,
         "refuted by (UN1), but the trials say: supported"},
        {VERDICT_REFUTED, has_gap, has_gap, holds, VERDICT_SUPPORTED, "not proved"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_planted(&cases[i]);
}

/* ---- planted instances ---------------------------------------------------------------------- */

/* The Chebyshev leaf of two layers, (L5): all turning points are passed, or, with the small alpha,
 * the limit comes before them. */
static bool sample_turns(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    *instance = sample_chain(&rule_srbp, 2, (double[]){1, 1}, (double[]){-4, 4});
    instance->problem.alpha = index == 0 ? 20 : -10;
    return index < 2;
}

/* Three equilibria on its leaf, and one. */
static bool sample_points(struct stream *stream, size_t index, struct instance *instance)
{
    (void)stream;
    *instance = sample_chain(&rule_srbp, 2, (double[]){1, 1}, (double[]){-4, 4});
    instance->problem.alpha = index == 0 ? 0.25 : 1000;
    return index < 2;
}

static bool proves_instances(const struct proof_method *method, sampler *sample, size_t corners)
{
    const struct theorem theorem = {
        .id = "planted", .trials = corners, .corners = corners, .sample = sample, .proof = method};
    struct proof proof;
    struct verify_proof result;
    assert_int_equal(verify_proof(&theorem, &proof, &result), OK);
    return result.verdict == VERDICT_CERTIFIED;
}

static void test_planted_instances(void **state)
{
    (void)state;
    assert_true(proves_instances(&proof_instances_turns, sample_turns, 1));
    assert_false(proves_instances(&proof_instances_turns, sample_turns, 2));
    assert_true(proves_instances(&proof_instances_points, sample_points, 1));
    assert_false(proves_instances(&proof_instances_points, sample_points, 2));
    /* instances that are promised and not there */
    assert_false(proves_instances(&proof_instances_points, sample_points, 3));
}

/* x' = x^2 - 1 blows up from 2 after log(3)/2, goes to -1 from 1/2, and rests at 1. */
static void test_blowups_are_enclosed(void **state)
{
    static const double q[] = {-1, 0, 1}, starts[] = {2, 0.5, 1};
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        const struct instance instance = sample_polynomial(3, q, starts[k]);
        bool enclosed = true;
        arb_t time, expected;
        arb_init(time);
        arb_init(expected);
        assert_int_equal(proof_instances_blowup(&instance, time, &enclosed), OK);
        assert_int_equal(enclosed, k == 0);
        arb_log_ui(expected, 3, BOX_PRECISION);
        arb_mul_2exp_si(expected, expected, -1);
        if (k == 0)
            assert_true(arb_overlaps(time, expected));
        arb_clear(expected);
        arb_clear(time);
    }
}

/* ---- boxes ---------------------------------------------------------------------------------- */

static void set_data(struct box_question *q, size_t i, slong thousandths, slong within)
{
    fmpq_t factor;
    fmpq_init(factor);
    fmpq_set_si(factor, 1000 - within, 1000);
    fmpq_set_si(q->low + i, thousandths, 1000);
    fmpq_set(q->high + i, q->low + i);
    fmpq_mul(q->low + i, q->low + i, factor);
    fmpq_set_si(factor, 1000 + within, 1000);
    fmpq_mul(q->high + i, q->high + i, factor);
    if (fmpq_cmp(q->low + i, q->high + i) > 0)
        fmpq_swap(q->low + i, q->high + i);
    fmpq_clear(factor);
}

/* A member: each datum at `share` of its interval, share in 0..SHARES. */
enum { SHARES = 16 };

static void member_data(const struct box_question *q, struct stream *stream, fmpq *member)
{
    for (size_t i = 0; i < q->count; i++) {
        const slong corner = stream_below(stream, 2) ? SHARES : 0;
        const slong share =
            stream_below(stream, 2) ? corner : (slong)stream_below(stream, SHARES + 1);
        fmpq_t part;
        fmpq_init(part);
        fmpq_sub(member + i, q->high + i, q->low + i);
        fmpq_set_si(part, share, SHARES);
        fmpq_mul(member + i, member + i, part);
        fmpq_add(member + i, member + i, q->low + i);
        fmpq_clear(part);
    }
}

static struct statement *member_statement(const struct box_question *q, const fmpq *member)
{
    struct statement *s = NULL;
    assert_int_equal(statement_create(STATEMENT_CHAIN, STATEMENT_DIRECT, q->layers, &s), OK);
    fmpq_set(&s->beta, member + BOX_BETA);
    fmpq_set(&s->alpha, member + BOX_ALPHA);
    for (size_t i = 0; i < q->layers; i++) {
        fmpq_one(s->c + i);
        if (i < q->c_count)
            fmpq_set(s->c + i, member + BOX_FEEDBACK + i);
        fmpq_set(s->x0 + i, member + BOX_FEEDBACK + q->c_count + i);
    }
    if (q->feedback == BOX_LAYERED)
        statement_direct_of_layered(s->c, q->layers);
    for (size_t i = 0; i < q->layers; i++)
        fmpq_mul(s->c + i, s->c + i, q->rates + i);
    return s;
}

/* Is the exact limit in the limit box, and its rate no less? */
static bool member_agrees(const struct box_question *q, const struct box *box, const fmpq *member)
{
    enum { DIGITS = 20, BITS = 128 };
    struct statement *s = member_statement(q, member);
    struct limit *limit = limit_create(s);
    arb_t rate;
    assert_non_null(limit);
    assert_int_equal(limit_decide(s, DIGITS, limit), OK);
    bool agrees = limit->ending == ENDING_SETTLED && limit->has_limit && limit->has_rate;
    for (size_t i = 0; i < q->layers && agrees; i++)
        agrees = arb_contains(box->limit + i, limit->x + i);
    arb_init(rate);
    arb_abs(rate, limit->rate);
    arb_sub_arf(rate, rate, box->rate, BITS);
    agrees = agrees && !arb_is_negative(rate);
    arb_clear(rate);
    limit_free(limit);
    statement_free(s);
    return agrees;
}

/* Derivatives in all data and in time, against central differences: the error is h^2. */
static double functional_at(struct box_program *program, enum box_functional functional,
                            arb_srcptr z, double s)
{
    arb_t time, value;
    arb_init(time);
    arb_init(value);
    arb_set_d(time, s);
    box_program_cell(program, z);
    box_program_range(program, functional, time, value);
    const double x = arf_get_d(arb_midref(value), ARF_RND_NEAR);
    arb_clear(value);
    arb_clear(time);
    return x;
}

static void check_gradient(struct box_program *program, enum box_functional functional,
                           struct stream *stream)
{
    static const double H = 0x1p-12, CLOSE = 1e-5; /* h^2 times third derivatives of a hundred */
    const size_t count = program->question->count;
    arb_ptr z = _arb_vec_init((slong)count);
    double derivative[16], s = stream_between(stream, -1, 1);
    for (size_t i = 0; i < count; i++)
        arb_set_d(z + i, stream_between(stream, -1.5, 1.5));
    (void)functional_at(program, functional, z, s);
    for (size_t i = 0; i <= count; i++)
        derivative[i] = arf_get_d(arb_midref(program->gradient + i), ARF_RND_NEAR);
    for (size_t i = 0; i <= count; i++) {
        double value[2];
        for (int side = 0; side < 2; side++) {
            arb_t step;
            const double h = side ? H : -H;
            arb_init(step);
            arb_set_d(step, h);
            if (i < count)
                arb_add(z + i, z + i, step, 2 * BOX_PRECISION);
            value[side] = functional_at(program, functional, z, i < count ? s : s + h);
            if (i < count)
                arb_sub(z + i, z + i, step, 2 * BOX_PRECISION);
            arb_clear(step);
        }
        const double difference = (value[1] - value[0]) / (2 * H);
        if (!(fabs(difference - derivative[i]) <= CLOSE * (1 + fabs(difference))))
            fail_msg("derivative %zu: %.17g, by differences %.17g", i, derivative[i], difference);
    }
    _arb_vec_clear(z, (slong)count);
}

static void test_gradients(void **state)
{
    enum { CASES = 10 };
    (void)state;
    for (uint64_t k = 0; k < 4 * CASES; k++) {
        struct stream stream = stream_of("gradients", k);
        const size_t L = 1 + k % 4;
        struct box_question *q = NULL;
        struct box_program *program = NULL;
        assert_int_equal(box_question_create(k / 4 % 2 ? BOX_LAYERED : BOX_DIRECT, L,
                                             L - (L > 1 && k / 8 % 2), &q),
                         OK);
        for (size_t i = 0; i < L; i++)
            fmpq_set_si(q->rates + i, (slong)i + 2, 3);
        assert_int_equal(box_program_create(q, &program), OK);
        check_gradient(program, BOX_ERROR, &stream);
        check_gradient(program, BOX_SLOPE, &stream);
        box_program_free(program);
        box_question_free(q);
    }
}

struct box_case {
    enum box_feedback feedback;
    size_t layers, c_count;
    slong within; /* thousandths */
    slong data[12];
    slong rate; /* of the first layer, thousandths */
};

static const struct box_case box_cases[] = {
    {BOX_DIRECT, 1, 1, 300, {1000, 1500, 750, -250}, 1000},
    {BOX_DIRECT,
     1,
     1,
     300,
     {-1000, 1500, -750, -250},
     1000}, /* the first cell is not the slowest */
    {BOX_DIRECT, 2, 1, 200, {1000, 1000, 1000, 500, 500}, 1000},
    {BOX_DIRECT, 2, 1, 30, {1000, 1000, 1000, -2000, 1000}, 1000},
    {BOX_DIRECT, 2, 2, 100, {1250, -1500, -750, 1125, 250, 1500}, 2000},
    {BOX_DIRECT, 3, 2, 100, {1000, 1000, 1000, 1000, 500, 500, 500}, 1000},
    {BOX_LAYERED, 3, 2, 100, {1000, 1000, 1250, -750, 500, 750, -500}, 1500},
    {BOX_LAYERED, 4, 3, 20, {750, 2000, 1000, 1000, 1250, 500, 500, 250, 750}, 1000},
    {BOX_DIRECT, 3, 2, 5, {1000, 7000, 1000, 1000, -3300, 2445, 489}, 1000}, /* turns */
};

static struct box_question *question_of(const struct box_case *k)
{
    struct box_question *q = NULL;
    assert_int_equal(box_question_create(k->feedback, k->layers, k->c_count, &q), OK);
    for (size_t i = 0; i < q->count; i++)
        set_data(q, i, k->data[i], k->within);
    fmpq_set_si(q->rates, k->rate, 1000);
    return q;
}

/* Members of cells that are open are not claimed; of a complete box all are. */
static void test_boxes_hold_their_members(void **state)
{
    enum { MEMBERS = 150, CELLS = 3000, DATA_MOST = 12 };
    size_t complete = 0;
    (void)state;
    for (size_t k = 0; k < sizeof box_cases / sizeof *box_cases; k++) {
        struct box_question *q = question_of(&box_cases[k]);
        struct box *box = NULL;
        fmpq *member = _fmpq_vec_init(DATA_MOST);
        assert_int_equal(box_decide(q, CELLS, &box), OK);
        assert_int_equal(box->complete, box->open == 0);
        complete += box->complete;
        for (uint64_t j = 0; j < MEMBERS && box->complete; j++) {
            struct stream stream = stream_of("box members", k * MEMBERS + j);
            member_data(q, &stream, member);
            if (!member_agrees(q, box, member))
                fail_msg("box %zu, member %lu is outside", k, (unsigned long)j);
        }
        _fmpq_vec_clear(member, DATA_MOST);
        box_free(box);
        box_question_free(q);
    }
    assert_int_equal(complete, sizeof box_cases / sizeof *box_cases);
}

/* The tree is one: every split has two halves, the volumes add up to one. */
static size_t walk(const struct box *box, size_t at, int depth, double *volume)
{
    const struct box_node *node = &box->node[at];
    assert_true(at < box->nodes);
    if (node->kind == BOX_SPLIT)
        return walk(box, walk(box, at + 1, depth + 1, volume), depth + 1, volume);
    *volume += ldexp(1, -depth);
    if (node->kind == BOX_LEAF) {
        assert_true(node->v > 0);
        for (size_t i = 0; i < node->breaks; i++)
            assert_true(node->t[i] > (i ? node->t[i - 1] : 0) && node->t[i] < node->v);
    }
    return at + 1;
}

static void test_box_tree(void **state)
{
    enum { CELLS = 500 };
    (void)state;
    for (size_t k = 0; k < sizeof box_cases / sizeof *box_cases; k++) {
        struct box_question *q = question_of(&box_cases[k]);
        struct box *box = NULL;
        double volume = 0;
        assert_int_equal(box_decide(q, CELLS, &box), OK);
        assert_int_equal(walk(box, 0, 0, &volume), box->nodes);
        assert_true(volume == 1); /* powers of two */
        box_free(box);
        box_question_free(q);
    }
}

/* What is not true is never complete: two branches in one box (c1 alpha through the critical level
 * of its leaf), members at rest beside others, c_L < 0 without a limit. */
static void test_boxes_that_do_not_hold(void **state)
{
    static const struct box_case cases[] = {
        {BOX_DIRECT, 2, 1, 200, {1000, 1000, 1000, -2000, 500}, 1000},
        {BOX_DIRECT, 2, 1, 200, {1000, 1000, 1000, 1000, 1000}, 1000},
        {BOX_DIRECT, 2, 2, 50, {1000, 1000, 1000, -1000, 2000, -1000}, 1000},
    };
    enum { CELLS = 2000 };
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct box_question *q = question_of(&cases[k]);
        struct box *box = NULL;
        assert_int_equal(box_decide(q, CELLS, &box), OK);
        assert_false(box->complete);
        assert_true(box->open > 0 && box->open_share > 0);
        box_free(box);
        box_question_free(q);
    }
}

static void test_box_questions(void **state)
{
    struct box_question *q = NULL;
    (void)state;
    assert_int_equal(box_question_create(BOX_DIRECT, 0, 0, &q), BAD_ARGUMENT);
    assert_int_equal(box_question_create(BOX_DIRECT, 3, 1, &q), BAD_ARGUMENT);
    assert_int_equal(box_question_create(BOX_DIRECT, 3, 4, &q), BAD_ARGUMENT);
    assert_null(q);
    struct leading *P = NULL;
    assert_int_equal(leading_create(0, &P), BAD_ARGUMENT);
    assert_null(P);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_identities),
        cmocka_unit_test(test_leading_terms_of_all_depths),
        cmocka_unit_test(test_leading_text),
        cmocka_unit_test(test_leading_patterns),
        cmocka_unit_test(test_squares_are_told),
        cmocka_unit_test(test_discriminant_is_proved),
        cmocka_unit_test(test_discriminant_counts),
        cmocka_unit_test(test_proofs_of_records),
        cmocka_unit_test(test_nothing_is_no_proof),
        cmocka_unit_test(test_planted_proofs),
        cmocka_unit_test(test_planted_instances),
        cmocka_unit_test(test_blowups_are_enclosed),
        cmocka_unit_test(test_gradients),
        cmocka_unit_test(test_boxes_hold_their_members),
        cmocka_unit_test(test_box_tree),
        cmocka_unit_test(test_boxes_that_do_not_hold),
        cmocka_unit_test(test_box_questions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
