/* The parts of the checker against other ways to the same numbers.
 *
 * SHA-256 against the vectors of FIPS 180-4; arithmetic modulo primes against GMP's, ranks against matrices of known
 * rank; polynomials against their values; and the learning equations, which network.h writes as T_i E Q', against
 * the definition of the rules by backward signals S_i, for all families and rules at random rational
 * points.  Then the same equations over the other two rings: series against values in time, balls with
 * derivatives against differentiated polynomials. */
#include "checker/dual.h"
#include "checker/field.h"
#include "checker/memory.h"
#include "checker/modular.h"
#include "checker/rational.h"
#include "checker/reject.h"
#include "checker/series.h"
#include "checker/sha256.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { SEED = 18051983, TRIALS = 200, SMALL = 7, BITS = 256, SCALE = 64, ORDER = 3, CORNERS = 16 };

static gmp_randstate_t stream;

static int begin(void **state)
{
    (void)state;
    memory_take_over();
    gmp_randinit_default(stream);
    gmp_randseed_ui(stream, SEED);
    return 0;
}

static int end(void **state)
{
    (void)state;
    memory_release(); /* the stream, too */
    return 0;
}

static unsigned long below(unsigned long n)
{
    return gmp_urandomm_ui(stream, n);
}

/* p/q with |p| <= SMALL, 0 < q <= SMALL. */
static void draw(mpq_t x)
{
    mpq_set_si(x, (long)below(2 * SMALL + 1) - SMALL, 1 + below(SMALL));
    mpq_canonicalize(x);
}

static mpq_t *draw_numbers(size_t count)
{
    mpq_t *x = memory_numbers(count);
    for (size_t k = 0; k < count; k++)
        draw(x[k]);
    return x;
}

/* SHA-256 */

static void the_hash_is_that_of_the_standard(void **state)
{
    static const struct {
        const char *text, *hash;
    } known[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqr"
         "lmnopqrsmnopqrstnopqrstu",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    };
    (void)state;
    char digits[SHA256_DIGITS + 1];
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        sha256(strlen(known[k].text), known[k].text, digits);
        assert_string_equal(digits, known[k].hash);
    }
}

/* Letters a, around the lengths at which the padding needs another block, and a million of them. */
static void the_hash_of_many_letters(void **state)
{
    static const struct {
        size_t count;
        const char *hash;
    } known[] = {
        {55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"},
        {56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"},
        {63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"},
        {64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
        {65, "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"},
        {1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
    };
    (void)state;
    char digits[SHA256_DIGITS + 1];
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        char *text = malloc(known[k].count);
        assert_non_null(text);
        memset(text, 'a', known[k].count);
        sha256(known[k].count, text, digits);
        assert_string_equal(digits, known[k].hash);
        free(text);
    }
}

/* Arithmetic modulo a prime */

static const char *const primes[] = {
    "3", "5", "65537", "2147483647", "2305843009213693951", "4611686018427387847"};
enum { PRIMES = sizeof primes / sizeof *primes, DECIMAL = 10 };

static void modular_numbers_are_those_of_gmp(void **state)
{
    (void)state;
    mpz_t prime, a, b, expected;
    mpq_t x;
    mpz_inits(prime, a, b, expected, NULL);
    mpq_init(x);
    for (size_t k = 0; k < PRIMES; k++) {
        struct modular field;
        mpz_set_str(prime, primes[k], DECIMAL);
        modular_init(&field, prime);
        for (size_t trial = 0; trial < TRIALS; trial++) {
            mpz_urandomm(a, stream, prime);
            mpz_urandomm(b, stream, prime);
            if (trial < 2) /* the largest */
                mpz_sub_ui(a, prime, 1);
            if (trial < 1)
                mpz_sub_ui(b, prime, 1);
            uint64_t u = mpz_get_ui(a), v = mpz_get_ui(b);
            mpz_mul(expected, a, b);
            mpz_mod(expected, expected, prime);
            assert_true(modular_times(&field, u, v) == mpz_get_ui(expected));
            mpz_add(expected, a, b);
            mpz_mod(expected, expected, prime);
            assert_true(modular_add(&field, u, v) == mpz_get_ui(expected));
            /* q (p/q) = p */
            mpq_set_si(x, (long)below(99) - 49, 1UL << below(SMALL));
            mpq_canonicalize(x);
            assert_true(
                modular_times(&field, modular_of(&field, x), mpz_fdiv_ui(mpq_denref(x), field.p)) ==
                mpz_fdiv_ui(mpq_numref(x), field.p));
        }
    }
    mpz_clears(prime, a, b, expected, NULL);
    mpq_clear(x);
}

enum { ROWS = 12, COLUMNS = 9, RANK = 5 };

/* Rows that are combinations of RANK random ones; the echelon form keeps that many. */
static void ranks_are_found(void **state)
{
    (void)state;
    mpz_t prime;
    struct modular field;
    struct modular_echelon echelon;
    mpz_init_set_str(prime, "4611686018427387847", DECIMAL);
    modular_init(&field, prime);
    modular_echelon_init(&echelon, &field, COLUMNS);
    uint64_t base[RANK][COLUMNS], row[COLUMNS];
    for (size_t i = 0; i < RANK; i++)
        for (size_t c = 0; c < COLUMNS; c++)
            base[i][c] = below(field.p);
    for (size_t k = 0; k < ROWS; k++) {
        memset(row, 0, sizeof row);
        for (size_t i = 0; i < RANK; i++) {
            uint64_t factor = below(field.p);
            for (size_t c = 0; c < COLUMNS; c++)
                row[c] = modular_add(&field, row[c], modular_times(&field, factor, base[i][c]));
        }
        assert_true(modular_echelon_add(&echelon, row) == (k < RANK));
    }
    assert_int_equal(echelon.rank, RANK);
    memset(row, 0, sizeof row);
    assert_false(modular_echelon_add(&echelon, row));
    mpz_clear(prime);
}

/* Polynomials */

enum { VARIABLES = 3, TERMS = 6, HIGHEST = 4 };

static void draw_polynomial(struct polynomial *p)
{
    unsigned char exponents[VARIABLES];
    mpq_t number;
    mpq_init(number);
    polynomial_init(p, VARIABLES);
    for (size_t k = 0; k < TERMS; k++) {
        draw(number);
        for (size_t i = 0; i < VARIABLES; i++)
            exponents[i] = (unsigned char)below(HIGHEST);
        polynomial_append(p, number, exponents);
    }
    polynomial_collect(p);
    mpq_clear(number);
}

static bool has_value(const struct polynomial *p, const mpq_t expected, mpq_t *x)
{
    mpq_t value;
    mpq_init(value);
    polynomial_value(p, x, value);
    bool equal = mpq_equal(value, expected) != 0;
    mpq_clear(value);
    return equal;
}

static void values_of_sums_and_products(void **state)
{
    (void)state;
    mpq_t factor, p_value, q_value, expected;
    mpq_inits(factor, p_value, q_value, expected, NULL);
    for (size_t trial = 0; trial < TRIALS; trial++) {
        struct polynomial p, q, sum;
        mpq_t *x = draw_numbers(VARIABLES);
        draw_polynomial(&p);
        draw_polynomial(&q);
        draw(factor);
        polynomial_value(&p, x, p_value);
        polynomial_value(&q, x, q_value);
        polynomial_init(&sum, VARIABLES);
        polynomial_add_product(&sum, factor, &p, &q);
        mpq_mul(expected, p_value, q_value);
        mpq_mul(expected, expected, factor);
        assert_true(has_value(&sum, expected, x));
        polynomial_add(&sum, factor, &p);
        mpq_mul(p_value, p_value, factor);
        mpq_add(expected, expected, p_value);
        assert_true(has_value(&sum, expected, x));
        mpq_neg(factor, factor); /* and all of it away again */
        polynomial_add(&sum, factor, &p);
        polynomial_add_product(&sum, factor, &p, &q);
        assert_true(polynomial_is_zero(&sum));
    }
    mpq_clears(factor, p_value, q_value, expected, NULL);
}

/* (p q)' = p' q + p q' */
static void derivatives_obey_the_product_rule(void **state)
{
    (void)state;
    mpq_t one, minus_one;
    mpq_inits(one, minus_one, NULL);
    mpq_set_si(one, 1, 1);
    mpq_set_si(minus_one, -1, 1);
    for (size_t trial = 0; trial < TRIALS; trial++) {
        struct polynomial p, q, product, slope, sum;
        size_t i = below(VARIABLES);
        draw_polynomial(&p);
        draw_polynomial(&q);
        polynomial_init(&product, VARIABLES);
        polynomial_init(&slope, VARIABLES);
        polynomial_init(&sum, VARIABLES);
        polynomial_add_product(&product, one, &p, &q);
        polynomial_derivative(&product, i, &sum);
        polynomial_derivative(&p, i, &slope);
        polynomial_add_product(&sum, minus_one, &slope, &q);
        polynomial_derivative(&q, i, &slope);
        polynomial_add_product(&sum, minus_one, &p, &slope);
        assert_true(polynomial_is_zero(&sum));
    }
    mpq_clears(one, minus_one, NULL);
}

/* The learning equations */

struct shape {
    enum premise_family family;
    size_t layers, sizes[5];
};
static const struct shape shapes[] = {
    {FAMILY_CHAIN, 1, {1, 1}},      {FAMILY_CHAIN, 3, {1, 1, 1, 1}},
    {FAMILY_FAN, 2, {1, 3, 1}},     {FAMILY_AUTOENCODER, 2, {3, 1, 3}},
    {FAMILY_HIDDEN, 2, {2, 3, 2}},  {FAMILY_HIDDEN, 2, {3, 1, 2}},
    {FAMILY_DEEP, 3, {2, 1, 3, 2}}, {FAMILY_DEEP, 4, {1, 2, 2, 1, 2}},
};
enum { SHAPES = sizeof shapes / sizeof *shapes, RULES = 5 };

static struct premise_list draw_list(size_t count)
{
    mpq_t *numbers = draw_numbers(count);
    return (struct premise_list){.count = count, .lo = numbers, .hi = numbers};
}

static void make_symmetric(size_t N, mpq_t *sigma)
{
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < i; j++)
            mpq_set(sigma[i * N + j], sigma[j * N + i]);
}

static struct premise draw_premise(const struct shape *shape, enum premise_rule rule)
{
    struct premise premise = {.family = shape->family, .rule = rule, .layers = shape->layers};
    size_t L = shape->layers, inputs = shape->sizes[0], outputs = shape->sizes[L];
    memcpy(premise.sizes, shape->sizes, (L + 1) * sizeof *shape->sizes);
    premise.sigma_ii = draw_list(inputs * inputs);
    make_symmetric(inputs, premise.sigma_ii.lo);
    premise.sigma_ti = draw_list(outputs * inputs);
    bool adaptive = premise_feedback_is_adaptive(&premise);
    if (premise_feedback_is_fixed(&premise))
        premise.feedback =
            draw_list(premise_feedback_at(&premise, L) + (shape->family == FAMILY_CHAIN));
    premise.dim = adaptive ? premise_feedback_at(&premise, L) : premise_weight_at(&premise, L + 1);
    premise.start = draw_list(premise.dim);
    premise.rate_count = adaptive ? 2 * L - 1 : L;
    premise.rates = draw_numbers(premise.rate_count);
    return premise;
}

/* z[rows * columns] += x y, x of rows * inner; the steps say how their entries lie. */
struct factors {
    mpq_t *x, *y;
    size_t x_row, x_column, y_row, y_column;
};

static mpq_t *product_of(size_t rows, size_t inner, size_t columns, const struct factors *by)
{
    mpq_t *z = memory_numbers(rows * columns), product;
    mpq_init(product);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            for (size_t k = 0; k < inner; k++) {
                mpq_mul(product, by->x[i * by->x_row + k * by->x_column],
                        by->y[k * by->y_row + j * by->y_column]);
                mpq_add(z[i * columns + j], z[i * columns + j], product);
            }
    mpq_clear(product);
    return z;
}

/* Definition of the rules: signals S_L = c_L E downwards, A_i' = r_i S_i Q_(i-1)'. */
struct signals {
    mpq_t *Q[PREMISE_SIZES_MAX], *S[PREMISE_SIZES_MAX], *E;
};

static mpq_t *weights(const struct premise *premise, size_t i)
{
    return premise->start.lo + premise_weight_at(premise, i);
}

static mpq_t *feedback(const struct premise *premise, size_t i)
{
    mpq_t *list = premise_feedback_is_adaptive(premise) ? premise->start.lo : premise->feedback.lo;
    return list + premise_feedback_at(premise, i);
}

static void forward_signals(const struct premise *premise, struct signals *signals)
{
    const size_t *N = premise->sizes;
    size_t L = premise->layers;
    signals->Q[0] = memory_numbers(N[0] * N[0]);
    for (size_t i = 0; i < N[0]; i++)
        mpq_set_si(signals->Q[0][i * N[0] + i], 1, 1);
    for (size_t i = 1; i <= L; i++)
        signals->Q[i] = product_of(N[i], N[i - 1], N[0],
                                   &(struct factors){.x = weights(premise, i),
                                                     .x_row = N[i - 1],
                                                     .x_column = 1,
                                                     .y = signals->Q[i - 1],
                                                     .y_row = N[0],
                                                     .y_column = 1});
    signals->E = product_of(N[L], N[0], N[0],
                            &(struct factors){.x = signals->Q[L],
                                              .x_row = N[0],
                                              .x_column = 1,
                                              .y = premise->sigma_ii.lo,
                                              .y_row = N[0],
                                              .y_column = 1});
    for (size_t k = 0; k < N[L] * N[0]; k++)
        mpq_sub(signals->E[k], premise->sigma_ti.lo[k], signals->E[k]);
}

static mpq_t *backward_signal(const struct premise *premise, const struct signals *signals,
                              size_t i)
{
    const size_t *N = premise->sizes;
    size_t above = i + 1;
    struct factors by = {.y = signals->S[above], .y_row = N[0], .y_column = 1};
    if (premise->rule == RULE_BP) {
        by.x = weights(premise, above);
        by.x_row = 1;
        by.x_column = N[i];
        return product_of(N[i], N[above], N[0], &by);
    }
    by.x = feedback(premise, i);
    by.x_row = premise_feedback_columns(premise, i);
    by.x_column = 1;
    if (!premise_is_layered(premise))
        by.y = signals->E;
    return product_of(N[i], by.x_row, N[0], &by);
}

static void backward_signals(const struct premise *premise, struct signals *signals)
{
    size_t L = premise->layers, count = premise->sizes[L] * premise->sizes[0];
    signals->S[L] = memory_numbers(count);
    for (size_t k = 0; k < count; k++) {
        mpq_set(signals->S[L][k], signals->E[k]);
        if (premise->family == FAMILY_CHAIN && premise_feedback_is_fixed(premise))
            mpq_mul(signals->S[L][k], signals->S[L][k], premise->feedback.lo[L - 1]);
    }
    for (size_t i = L - 1; i >= 1; i--)
        signals->S[i] = backward_signal(premise, signals, i);
}

/* f[dim] at the start. */
static mpq_t *field_by_signals(const struct premise *premise)
{
    const size_t *N = premise->sizes;
    struct signals signals = {.E = NULL};
    mpq_t *f = memory_numbers(premise->dim);
    size_t L = premise->layers;
    forward_signals(premise, &signals);
    backward_signals(premise, &signals);
    for (size_t i = 1; i <= L; i++) {
        mpq_t *block = product_of(N[i], N[0], N[i - 1],
                                  &(struct factors){.x = signals.S[i],
                                                    .x_row = N[0],
                                                    .x_column = 1,
                                                    .y = signals.Q[i - 1],
                                                    .y_row = 1,
                                                    .y_column = N[0]});
        for (size_t k = 0; k < N[i] * N[i - 1]; k++)
            mpq_mul(f[premise_weight_at(premise, i) + k], block[k], premise->rates[i - 1]);
    }
    for (size_t i = 1; i < L && premise_feedback_is_adaptive(premise); i++) {
        size_t columns = premise_feedback_columns(premise, i);
        mpq_t *block = product_of(
            N[i], N[0], columns,
            &(struct factors){.x = signals.Q[i],
                              .x_row = N[0],
                              .x_column = 1,
                              .y = premise_is_layered(premise) ? signals.S[i + 1] : signals.E,
                              .y_row = 1,
                              .y_column = N[0]});
        for (size_t k = 0; k < N[i] * columns; k++)
            mpq_mul(f[premise_feedback_at(premise, i) + k], block[k], premise->rates[L + i - 1]);
    }
    return f;
}

static void equations_are_those_of_the_rules(void **state)
{
    (void)state;
    for (size_t k = 0; k < SHAPES * RULES; k++) {
        struct premise premise = draw_premise(&shapes[k / RULES], (enum premise_rule)(k % RULES));
        struct field field;
        field_build(&premise, &field);
        mpq_t *expected = field_by_signals(&premise);
        for (size_t i = 0; i < field.n; i++)
            assert_true(has_value(&field.f[i], expected[i], premise.start.lo));
    }
}

/* Data that are `any` are variables: at the numbers of a premise f is that of the premise. */
static void parameters_stand_for_data(void **state)
{
    (void)state;
    for (size_t k = 0; k < SHAPES * RULES; k++) {
        struct premise premise = draw_premise(&shapes[k / RULES], (enum premise_rule)(k % RULES));
        struct premise general = premise;
        struct field field;
        general.sigma_ii.any = general.sigma_ti.any = true;
        general.feedback.any = premise_feedback_is_fixed(&premise);
        field_build(&general, &field);
        mpq_t *x = memory_numbers(field.variables);
        for (size_t i = 0; i < premise.dim; i++)
            mpq_set(x[i], premise.start.lo[i]);
        for (size_t i = 0; i < premise.sigma_ii.count; i++)
            mpq_set(x[premise_parameter(&general, DATA_SIGMA_II, i)], premise.sigma_ii.lo[i]);
        for (size_t i = 0; i < premise.sigma_ti.count; i++)
            mpq_set(x[premise_parameter(&general, DATA_SIGMA_TI, i)], premise.sigma_ti.lo[i]);
        for (size_t i = 0; i < premise.feedback.count; i++)
            mpq_set(x[premise_parameter(&general, DATA_FEEDBACK, i)], premise.feedback.lo[i]);
        mpq_t *expected = field_by_signals(&premise);
        for (size_t i = 0; i < field.n; i++)
            assert_true(has_value(&field.f[i], expected[i], x));
    }
}

/* f = S y and Dy f = -K y as polynomials. */
static void the_residual_form_is_an_identity(void **state)
{
    (void)state;
    mpq_t one, minus_one;
    mpq_inits(one, minus_one, NULL);
    mpq_set_si(one, 1, 1);
    mpq_set_si(minus_one, -1, 1);
    for (size_t k = 0; k < SHAPES * RULES; k++) {
        struct premise premise = draw_premise(&shapes[k / RULES], (enum premise_rule)(k % RULES));
        struct field field;
        field_build(&premise, &field);
        field_response(&field);
        for (size_t i = 0; i < field.n; i++) {
            struct polynomial sum;
            polynomial_init(&sum, field.variables);
            polynomial_add(&sum, minus_one, &field.f[i]);
            for (size_t u = 0; u < field.k; u++)
                polynomial_add_product(&sum, one, network_S(&field.network, i, u), &field.y[u]);
            assert_true(polynomial_is_zero(&sum));
        }
        for (size_t u = 0; u < field.k; u++) {
            struct polynomial sum, slope;
            polynomial_init(&sum, field.variables);
            polynomial_init(&slope, field.variables);
            for (size_t v = 0; v < field.k; v++)
                polynomial_add_product(&sum, one, &field.K[u * field.k + v], &field.y[v]);
            for (size_t i = 0; i < field.n; i++) {
                polynomial_derivative(&field.y[u], i, &slope);
                polynomial_add_product(&sum, one, &slope, &field.f[i]);
            }
            assert_true(polynomial_is_zero(&sum));
        }
    }
    mpq_clears(one, minus_one, NULL);
}

/* The other rings */

static void derivatives_by_balls_hold_those_of_polynomials(void **state)
{
    (void)state;
    struct ball_context balls;
    ball_context_init(&balls, BITS);
    for (size_t k = 0; k < SHAPES * RULES; k++) {
        struct premise premise = draw_premise(&shapes[k / RULES], (enum premise_rule)(k % RULES));
        struct field field;
        struct network around;
        struct dual_context context = {
            .balls = &balls, .n = premise.dim, .box = ball_vector(premise.dim)};
        struct ring ring = dual_ring(&context);
        struct polynomial slope;
        struct ball found;
        mpq_t value;
        mpq_init(value);
        ball_init(&found);
        field_build(&premise, &field);
        polynomial_init(&slope, field.variables);
        for (size_t i = 0; i < premise.dim; i++)
            ball_set_rational(&balls, &context.box[i], premise.start.lo[i]);
        network_make(&around, &premise, &ring);
        network_evaluate(&around);
        for (size_t i = 0; i < premise.dim; i++)
            for (size_t j = 0; j < premise.dim; j++) {
                polynomial_derivative(&field.f[i], j, &slope);
                polynomial_value(&slope, premise.start.lo, value);
                dual_slope(network_f(&around, i), j, &found);
                assert_true(ball_contains(&balls, &found, value));
                assert_true(mpz_sizeinbase(found.r, 2) < BITS / 2); /* and little else */
            }
    }
}

/* p(v) of a piece, and of a polynomial of balls: the ball of the value. */
static void value_of_piece(const struct series_context *time, size_t unknown, const mpq_t v,
                           mpq_t value)
{
    mpq_t c;
    mpq_init(c);
    mpq_set_ui(value, 0, 1);
    for (size_t j = ORDER + 1; j-- > 0;) {
        mpq_mul(value, value, v);
        mpq_set_z(c, time->piece[unknown * (ORDER + 1) + j]);
        mpq_div_2exp(c, c, SCALE);
        mpq_add(value, value, c);
    }
    mpq_clear(c);
}

static void value_of_series(struct ball_context *balls, const struct series *p, const mpq_t v,
                            struct ball *value)
{
    struct ball at;
    ball_init(&at);
    ball_set_rational(balls, &at, v);
    ball_set_integer(balls, value, 0);
    for (size_t j = p->length; j-- > 0;) {
        ball_mul(balls, value, value, &at);
        ball_add(balls, value, value, &p->c[j]);
    }
}

static void series_hold_values_in_time(void **state)
{
    (void)state;
    struct ball_context balls;
    mpq_t v, value;
    mpq_inits(v, value, NULL);
    mpq_set_ui(v, 3, CORNERS);
    mpq_canonicalize(v);
    ball_context_init(&balls, BITS);
    for (size_t k = 0; k < SHAPES * RULES; k++) {
        struct premise premise = draw_premise(&shapes[k / RULES], (enum premise_rule)(k % RULES));
        struct field field;
        struct network along;
        struct series_context time = {.balls = &balls, .scale = SCALE, .order = ORDER};
        struct ring ring = series_ring(&time);
        struct ball found;
        mpq_t *x = memory_numbers(premise.dim);
        ball_init(&found);
        time.piece = memory_integers(premise.dim * (ORDER + 1));
        for (size_t c = 0; c < premise.dim * (ORDER + 1); c++) {
            mpz_urandomb(time.piece[c], stream, SCALE);
            if (below(2))
                mpz_neg(time.piece[c], time.piece[c]);
        }
        for (size_t i = 0; i < premise.dim; i++)
            value_of_piece(&time, i, v, x[i]);
        field_build(&premise, &field);
        network_make(&along, &premise, &ring);
        network_evaluate(&along);
        for (size_t i = 0; i < premise.dim; i++) {
            polynomial_value(&field.f[i], x, value);
            value_of_series(&balls, network_f(&along, i), v, &found);
            assert_true(ball_contains(&balls, &found, value));
            assert_true(mpz_sizeinbase(found.r, 2) < BITS / 2);
        }
    }
    mpq_clears(v, value, NULL);
}

/* Limits */

enum { NUMBERS_TOO_MANY = 1 << 25, LONG_BITS = 1 << 24, BITS_TOO_MANY = 33, BITS_OF_ALL = 34 };

/* How far a check has come. */
struct progress {
    bool has_number, has_worked;
};

static void make_a_long_number(void *data)
{
    struct progress *progress = data;
    mpz_t z;
    mpz_init(z);
    mpz_realloc2(z, (mp_bitcnt_t)1 << BITS_TOO_MANY);
    progress->has_number = true;
    if (progress->has_worked)
        return;
    reject_work(1);
    progress->has_worked = true;
}

static void make_too_long_a_number(void)
{
    mpz_t z;
    mpz_init(z);
    mpz_realloc2(z, (mp_bitcnt_t)1 << BITS_OF_ALL);
}

/* As vectors of balls. */
static void make_many_numbers(void *data)
{
    (void)data;
    ball_vector(NUMBERS_TOO_MANY);
}

static void add_long_numbers(void *data)
{
    mpq_t x, y;
    (void)data;
    mpq_inits(x, y, NULL);
    mpq_set_ui(x, 1, 1);
    mpq_div_2exp(x, x, LONG_BITS);
    mpq_set_ui(y, 1, 3);
    rational_work(x, y);
}

static void numbers_are_in_the_limits(void **state)
{
    char reason[REJECT_REASON_MAX];
    (void)state;
    assert_false(reject_catch(make_many_numbers, NULL, reason));
    assert_string_equal(reason, "the check takes too much memory");
    memory_release();
    assert_false(reject_catch(add_long_numbers, NULL, reason));
    assert_string_equal(reason, "the check takes too long");
}

/* GMP is given what it wants for the operation at work; the check is over at the next test, or at its
 * end. */
static void gmp_is_not_jumped_out_of(void **state)
{
    char reason[REJECT_REASON_MAX];
    (void)state;
    struct progress progress = {.has_number = false};
    assert_false(reject_catch(make_a_long_number, &progress, reason));
    assert_string_equal(reason, "the check takes too much memory");
    assert_true(progress.has_number && !progress.has_worked);
    memory_release();
    progress = (struct progress){.has_worked = true};
    assert_false(reject_catch(make_a_long_number, &progress, reason));
    assert_string_equal(reason, "the check takes too much memory");
    assert_true(progress.has_number);
    memory_release();
    assert_false(reject_catch(add_long_numbers, NULL, reason)); /* nothing waits any more */
    assert_string_equal(reason, "the check takes too long");
}

static void the_last_memory_ends_the_program(void **state)
{
    static const int exit_trouble = 2;
    int status = 0;
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        make_too_long_a_number();
        _exit(0);
    }
    assert_true(child > 0 && waitpid(child, &status, 0) == child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == exit_trouble);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(the_hash_is_that_of_the_standard),
        TEST(the_hash_of_many_letters),
        TEST(modular_numbers_are_those_of_gmp),
        TEST(ranks_are_found),
        TEST(values_of_sums_and_products),
        TEST(derivatives_obey_the_product_rule),
        TEST(equations_are_those_of_the_rules),
        TEST(parameters_stand_for_data),
        TEST(the_residual_form_is_an_identity),
        TEST(derivatives_by_balls_hold_those_of_polynomials),
        TEST(series_hold_values_in_time),
        TEST(numbers_are_in_the_limits),
        TEST(gmp_is_not_jumped_out_of),
        TEST(the_last_memory_ends_the_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
