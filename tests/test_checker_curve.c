/* The checker's enclosures of the curve of residual time against exact rational points of it.
 *
 * Random chains and fans, under both rules, with data in boxes from none to wide, in both
 * directions.  For random members of the box and places of the interval the exact state, error,
 * slope and speeds, which the learning equations give at the exact state (not the recursion's
 * derivatives), must lie in the balls.  Enclosures must not be the whole line either: on narrow
 * boxes they are narrow.  What beyond_fault() promises, growth of the error, is tried at places
 * farther out, what curve_growth() does at the place.  The Taylor coefficients at a point must give the error elsewhere. */
#include "checker/beyond.h"
#include "checker/curve.h"
#include "checker/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum {
    SYSTEMS = 400,
    INTERVALS = 6, /* of t, for each system */
    MEMBERS = 8,   /* of the box and the interval, each */
    UNKNOWNS_MOST = 6,
    SEED = 1982,
    LONG_BITS = 32,
    BITS = 192,
    ORDERS = 3,
    ALL_ORDERS = 17 /* more than the degree of G for four layers, 15 */
};

struct trial {
    gmp_randstate_t random;
    struct premise premise;
    struct curve_data data;
    size_t parameters, *parameter;
    mpq_t *member; /* [data.count] */
    mpq_t t[2], s; /* the interval; a place */
    mpq_t state[UNKNOWNS_MOST], speed[UNKNOWNS_MOST], d[UNKNOWNS_MOST], G, slope, a, b;
};

static unsigned long below(struct trial *t, unsigned long n)
{
    return gmp_urandomm_ui(t->random, n);
}

/* A multiple of 1/8 between -2 and 2, sometimes 0; or positive. */
static void draw(struct trial *t, mpq_t q)
{
    static const unsigned long VALUES = 33, EIGHTH = 3;
    mpq_set_si(q, (long)below(t, VALUES) - (long)(VALUES / 2), 1);
    mpq_div_2exp(q, q, EIGHTH);
}

static void draw_positive(struct trial *t, mpq_t q)
{
    do
        draw(t, q);
    while (mpq_sgn(q) <= 0);
}

/* A number, or with one chance in `rare` an interval of the length 2^-shrink times a random one. */
static void draw_list(struct trial *t, struct premise_list *list, size_t count, unsigned long rare)
{
    static const unsigned long SHRINK = 8;
    *list = (struct premise_list){
        .count = count, .lo = memory_numbers(count), .hi = memory_numbers(count)};
    for (size_t k = 0; k < count; k++) {
        draw(t, list->lo[k]);
        mpq_set(list->hi[k], list->lo[k]);
        if (rare && below(t, rare) == 0) {
            draw_positive(t, t->a);
            mpq_div_2exp(t->a, t->a, 1 + below(t, SHRINK));
            mpq_add(list->hi[k], list->hi[k], t->a);
        }
    }
}

/* A chain of one to four layers or a fan of one to three branches; rare 0: a point. */
static void draw_system(struct trial *t, unsigned long rare)
{
    static const unsigned long LAYERS = 4, BRANCHES = 3;
    struct premise *p = &t->premise;
    bool fan = below(t, 3) == 0;
    *p = (struct premise){.family = fan ? FAMILY_FAN : FAMILY_CHAIN,
                          .rule = below(t, 2) ? RULE_RBP : RULE_SRBP};
    p->layers = fan ? 2 : 1 + below(t, LAYERS);
    for (size_t i = 0; i <= p->layers; i++)
        p->sizes[i] = 1;
    if (fan)
        p->sizes[1] = 1 + below(t, BRANCHES);
    p->dim = fan ? 2 * p->sizes[1] : p->layers;
    p->rate_count = p->layers;
    p->rates = memory_numbers(p->layers);
    for (size_t i = 0; i < p->layers; i++)
        draw_positive(t, p->rates[i]);
    draw_list(t, &p->sigma_ii, 1, rare);
    draw_list(t, &p->sigma_ti, 1, rare);
    draw_list(t, &p->feedback, fan ? p->sizes[1] : p->layers, rare);
    draw_list(t, &p->start, p->dim, rare);
    t->data = curve_data_of(p);
    t->member = memory_numbers(t->data.count);
    t->parameter = memory_new(t->data.count, sizeof *t->parameter);
    t->parameters = 0;
    for (size_t k = 0; k < t->data.count; k++)
        if (!mpq_equal(t->data.lo[k], t->data.hi[k]) && below(t, BRANCHES)) /* some go without */
            t->parameter[t->parameters++] = k;
}

/* z in [lo, hi], often an end */
static void draw_between(struct trial *t, mpq_t z, const mpq_t lo, const mpq_t hi)
{
    static const unsigned long PARTS = 8;
    mpq_sub(z, hi, lo);
    mpq_set_ui(t->a, below(t, PARTS + 1), PARTS);
    mpq_canonicalize(t->a);
    mpq_mul(z, z, t->a);
    mpq_add(z, z, lo);
}

static void draw_member(struct trial *t)
{
    for (size_t k = 0; k < t->data.count; k++)
        draw_between(t, t->member[k], t->data.lo[k], t->data.hi[k]);
}

/* ---- the exact curve ------------------------------------------------------------------------- */

static void exact_drives(struct trial *t)
{
    const struct premise *p = &t->premise;
    bool fan = p->family == FAMILY_FAN;
    for (size_t i = 0; i < p->feedback.count; i++) {
        mpq_mul(t->d[i], p->rates[fan ? 0 : i], t->member[2 + i]);
        for (size_t k = i + 1; p->rule == RULE_RBP && !fan && k < p->layers; k++)
            mpq_mul(t->d[i], t->d[i], t->member[2 + k]);
    }
}

/* The state of the member at s, by (C2) and (W1). */
static void exact_state(struct trial *t, const mpq_t s)
{
    const struct premise *p = &t->premise;
    mpq_t *a = &t->member[curve_data_start(p)];
    size_t n = p->feedback.count;
    exact_drives(t);
    mpq_set(t->b, s); /* U */
    for (size_t i = 0; i < n; i++) {
        mpq_mul(t->a, t->d[i], p->family == FAMILY_FAN ? s : t->b);
        mpq_add(t->state[i], a[i], t->a);
        mpq_div_2exp(t->a, t->a, 1);
        mpq_add(t->a, t->a, a[i]); /* a_i(0) + d_i U / 2 */
        if (p->family == FAMILY_FAN) {
            mpq_mul(t->a, t->a, s);
            mpq_mul(t->a, t->a, p->rates[1]);
            mpq_add(t->state[n + i], a[n + i], t->a);
        } else {
            mpq_mul(t->b, t->b, t->a);
        }
    }
}

/* The learning equations at the exact state: speeds, G = alpha - beta P and dG/ds = -beta grad P .
 * speed. */
static void exact_chain_rule(struct trial *t)
{
    const struct premise *p = &t->premise;
    size_t n = p->feedback.count;
    mpq_set_ui(t->G, 0, 1);
    mpq_set_ui(t->slope, 0, 1);
    if (p->family == FAMILY_FAN) {
        for (size_t i = 0; i < n; i++) {
            mpq_set(t->speed[i], t->d[i]);
            mpq_mul(t->speed[n + i], p->rates[1], t->state[i]);
            mpq_mul(t->a, t->state[i], t->state[n + i]);
            mpq_add(t->G, t->G, t->a);
            mpq_mul(t->a, t->speed[i], t->state[n + i]);
            mpq_add(t->slope, t->slope, t->a);
            mpq_mul(t->a, t->state[i], t->speed[n + i]);
            mpq_add(t->slope, t->slope, t->a);
        }
    } else {
        mpq_set_ui(t->G, 1, 1);
        for (size_t i = 0; i < n; i++) {
            mpq_mul(t->speed[i], t->d[i], t->G);
            mpq_mul(t->slope, t->slope, t->state[i]);
            mpq_mul(t->a, t->speed[i], t->G);
            mpq_add(t->slope, t->slope, t->a);
            mpq_mul(t->G, t->G, t->state[i]);
        }
    }
    mpq_mul(t->G, t->G, t->member[0]);
    mpq_sub(t->G, t->member[1], t->G);
    mpq_mul(t->slope, t->slope, t->member[0]);
    mpq_neg(t->slope, t->slope);
}

static void exact_member(struct trial *t, enum curve_direction direction, const mpq_t place)
{
    mpq_set(t->s, place);
    if (direction == CURVE_BACKWARD)
        mpq_neg(t->s, t->s);
    exact_state(t, t->s);
    exact_chain_rule(t);
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void start(struct trial *t)
{
    *t = (struct trial){.parameters = 0};
    gmp_randinit_default(t->random);
    gmp_randseed_ui(t->random, SEED);
    mpq_inits(t->t[0], t->t[1], t->s, t->G, t->slope, t->a, t->b, NULL);
    for (size_t i = 0; i < UNKNOWNS_MOST; i++) {
        mpq_init(t->state[i]);
        mpq_init(t->speed[i]);
        mpq_init(t->d[i]);
    }
}

/* With the memory of the last system freed, and other random numbers. */
static void start_again(struct trial *t)
{
    unsigned long seed = gmp_urandomb_ui(t->random, LONG_BITS);
    memory_release();
    start(t);
    gmp_randseed_ui(t->random, seed);
}

static struct curve *new_curve(struct trial *t, size_t orders)
{
    struct curve_make make = {.premise = &t->premise,
                              .bits = BITS,
                              .orders = orders,
                              .parameters = t->parameters,
                              .parameter = t->parameter};
    struct curve *curve = curve_create(&make);
    curve_set_data(curve, &t->data);
    return curve;
}

static void draw_interval(struct trial *t)
{
    static const unsigned long SHRINK = 10;
    draw_positive(t, t->t[0]);
    if (below(t, 3) == 0)
        mpq_set_ui(t->t[0], 0, 1);
    draw_positive(t, t->t[1]);
    mpq_div_2exp(t->t[1], t->t[1], below(t, SHRINK));
    if (below(t, SHRINK) == 0)
        mpq_set_ui(t->t[1], 0, 1);
    mpq_add(t->t[1], t->t[1], t->t[0]);
}

static void check_members(struct trial *t, struct curve *curve, enum curve_direction direction)
{
    struct ball_context *c = curve_context(curve);
    for (int k = 0; k < MEMBERS; k++) {
        draw_member(t);
        draw_between(t, t->b, t->t[0], t->t[1]);
        mpq_set(t->s, t->b);
        exact_member(t, direction, t->s);
        assert_true(ball_contains(c, curve_error(curve, 0), t->G));
        assert_true(ball_contains(c, curve_error(curve, 1), t->slope));
        for (size_t i = 0; i < t->premise.dim; i++) {
            assert_true(ball_contains(c, curve_state(curve, i), t->state[i]));
            assert_true(ball_contains(c, curve_speed(curve, i), t->speed[i]));
        }
        if (curve_is_positive(curve, NULL))
            assert_true(direction == CURVE_FORWARD ? mpq_sgn(t->G) > 0 : mpq_sgn(t->G) < 0);
        if (curve_is_negative(curve, NULL))
            assert_true(direction == CURVE_FORWARD ? mpq_sgn(t->G) < 0 : mpq_sgn(t->G) > 0);
        if (curve_is_falling(curve, NULL))
            assert_true(mpq_sgn(t->slope) < 0);
    }
}

static void enclosures_hold_all_members(void **state)
{
    (void)state;
    static const unsigned long RARE = 5; /* no interval, every one, every second, ... */
    struct trial t;
    start(&t);
    unsigned long decided = 0;
    for (int k = 0; k < SYSTEMS; k++) {
        draw_system(&t, below(&t, RARE));
        struct curve *curve = new_curve(&t, ORDERS);
        for (int i = 0; i < INTERVALS; i++) {
            enum curve_direction direction = below(&t, 2) ? CURVE_FORWARD : CURVE_BACKWARD;
            draw_interval(&t);
            curve_enclose(curve, direction, t.t[0], t.t[1]);
            check_members(&t, curve, direction);
            decided += !ball_contains_zero(curve_error(curve, 0));
        }
        curve_free(curve);
        start_again(&t);
    }
    assert_true(decided > SYSTEMS * INTERVALS / 4);
    assert_true(decided < SYSTEMS * INTERVALS);
    memory_release();
}

/* Bits of the radius of G where data and t have intervals of the length 2^-width. */
static size_t bits_of_radius(struct trial *t, mp_bitcnt_t width)
{
    t->parameters = 0;
    mpq_set_ui(t->a, 1, 1);
    mpq_div_2exp(t->a, t->a, width);
    for (size_t i = 0; i < t->data.count; i++) {
        t->parameter[t->parameters++] = i;
        mpq_add(t->data.hi[i], t->data.lo[i], t->a);
    }
    mpq_add(t->t[1], t->t[0], t->a);
    struct curve *curve = new_curve(t, ORDERS);
    curve_enclose(curve, CURVE_FORWARD, t->t[0], t->t[1]);
    size_t bits = mpz_sizeinbase(curve_error(curve, 0)->r, 2);
    curve_free(curve);
    return bits;
}

/* The radius falls like the width: ten bits less for ten bits. */
static void narrow_boxes_have_narrow_enclosures(void **state)
{
    (void)state;
    static const mp_bitcnt_t WIDTH = 30, NARROWER = 40;
    struct trial t;
    start(&t);
    unsigned long compared = 0;
    for (int k = 0; k < SYSTEMS; k++) {
        draw_system(&t, 1);
        draw_positive(&t, t.t[0]);
        size_t bits = bits_of_radius(&t, WIDTH), less = bits_of_radius(&t, NARROWER);
        if (less > BITS / 2) { /* else G hardly depends on anything */
            compared++;
            assert_true(bits - less >= NARROWER - WIDTH - 1 && bits - less <= NARROWER - WIDTH + 1);
        }
        start_again(&t);
    }
    assert_true(compared > SYSTEMS / 2);
    memory_release();
}

/* G(s + h) = sum of c_j h^j, all coefficients. */
static void coefficients_are_those_of_taylor(void **state)
{
    (void)state;
    struct trial t;
    start(&t);
    for (int k = 0; k < SYSTEMS; k++) {
        draw_system(&t, 0);
        struct curve *curve = new_curve(&t, ALL_ORDERS);
        struct ball sum, h;
        ball_init(&sum);
        ball_init(&h);
        enum curve_direction direction = below(&t, 2) ? CURVE_FORWARD : CURVE_BACKWARD;
        draw_interval(&t);
        curve_enclose(curve, direction, t.t[0], t.t[0]);
        mpq_sub(t.a, t.t[1], t.t[0]);
        if (direction == CURVE_BACKWARD)
            mpq_neg(t.a, t.a);
        ball_set_rational(curve_context(curve), &h, t.a);
        for (size_t j = ALL_ORDERS - 1; j-- > 0;) {
            ball_mul(curve_context(curve), &sum, &sum, &h);
            ball_add(curve_context(curve), &sum, &sum, curve_error(curve, j));
        }
        draw_member(&t);
        exact_member(&t, direction, t.t[1]);
        assert_true(ball_contains(curve_context(curve), &sum, t.G));
        assert_true(mpz_sizeinbase(sum.r, 2) < BITS / 2);
        ball_clear(&sum);
        ball_clear(&h);
        curve_free(curve);
        start_again(&t);
    }
    memory_release();
}

/* Where the error is proved to grow for ever it does so: for members, farther and farther out. */
static void what_grows_beyond_grows(void **state)
{
    (void)state;
    static const unsigned long RARE = 3;
    static const mp_bitcnt_t DOUBLINGS = 8;
    struct trial t;
    start(&t);
    unsigned long proved = 0;
    for (int k = 0; k < SYSTEMS; k++) {
        draw_system(&t, 0);
        draw_list(&t, &t.premise.start, t.premise.dim, RARE);
        t.data = curve_data_of(&t.premise);
        t.parameters = 0;
        struct curve *curve = new_curve(&t, BEYOND_FAN_ORDERS);
        struct beyond beyond = {&t.premise, &t.data, below(&t, 2) ? CURVE_FORWARD : CURVE_BACKWARD};
        draw_interval(&t);
        curve_enclose(curve, beyond.direction, t.t[1], t.t[1]);
        if (curve_is_positive(curve, NULL) && !beyond_fault(curve, &beyond, t.t[1])) {
            proved++;
            for (mp_bitcnt_t j = 0; j < DOUBLINGS; j++) {
                draw_member(&t);
                mpq_mul_2exp(t.t[0], t.t[1], j);
                exact_member(&t, beyond.direction, t.t[0]);
                assert_true(beyond.direction == CURVE_FORWARD
                                ? mpq_sgn(t.G) > 0 && mpq_sgn(t.slope) > 0
                                : mpq_sgn(t.G) < 0 && mpq_sgn(t.slope) > 0);
            }
        }
        curve_free(curve);
        start_again(&t);
    }
    assert_true(proved > SYSTEMS / 20 && proved < SYSTEMS / 2);
    memory_release();
}

/* The sign of state i of the member at the place if its square has grown there, else 0. */
static int exact_growth(struct trial *t, size_t i)
{
    const mpq_t *a = (const mpq_t *)&t->member[curve_data_start(&t->premise) + i];
    mpq_mul(t->a, *a, *a);
    mpq_mul(t->b, t->state[i], t->state[i]);
    return mpq_cmp(t->b, t->a) > 0 ? mpq_sgn(t->state[i]) : 0;
}

/* What is said to have grown has, with the sign that is given, for members; and at a point of numbers
 * all that has grown is known to. */
static void what_has_grown_has_its_sign(void **state)
{
    (void)state;
    static const unsigned long RARE = 2;
    struct trial t;
    start(&t);
    unsigned long proved = 0, exact = 0;
    for (int k = 0; k < 2 * SYSTEMS; k++) {
        draw_system(&t, k % 2 ? RARE : 0);
        if (t.premise.family == FAMILY_CHAIN) {
            int grown[UNKNOWNS_MOST];
            struct curve *curve = new_curve(&t, ORDERS);
            enum curve_direction direction = below(&t, 2) ? CURVE_FORWARD : CURVE_BACKWARD;
            draw_interval(&t);
            curve_enclose(curve, direction, t.t[1], t.t[1]);
            curve_growth(curve, grown);
            for (int j = 0; j < MEMBERS; j++) {
                draw_member(&t);
                exact_member(&t, direction, t.t[1]);
                for (size_t i = 0; i < t.premise.layers; i++) {
                    proved += grown[i] != 0;
                    exact += k % 2 == 0;
                    assert_true(grown[i] == exact_growth(&t, i) || (k % 2 && grown[i] == 0));
                }
            }
            curve_free(curve);
        }
        start_again(&t);
    }
    assert_true(proved > exact / 4);
    memory_release();
}

int main(void)
{
    memory_take_over();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(enclosures_hold_all_members),
        cmocka_unit_test(narrow_boxes_have_narrow_enclosures),
        cmocka_unit_test(coefficients_are_those_of_taylor),
        cmocka_unit_test(what_grows_beyond_grows),
        cmocka_unit_test(what_has_grown_has_its_sign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
