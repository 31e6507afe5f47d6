/* All zeros of the error on a leaf, and the values of a number at which they meet.
 *
 * Against closed forms: on the Chebyshev leaves of (L5) the zeros of P are cosines, and (UN5) has the curve of
 * two layers.  Against the exact limit, which finds one zero by another way.  And against themselves: between two
 * critical values nothing may change, at random leaves. */
#include "exact/discriminant.h"
#include "exact/limit.h"
#include "exact/rational.h"
#include "exact/zeros_family.h"
#include "tests/chains.h"

enum { SEED = 2027, LEAVES = 200, MEMBERS = 12, GRAIN = 16, LAYERS_MOST = 5 };

static const double ROUNDING = 4e-15; /* of numbers of the size 4: some last bits */

static void list_read(const char *text, fmpq *to, size_t count)
{
    fmpq *read = NULL;
    size_t length = 0;
    assert_int_equal(rational_read_list(text, count, &read, &length), OK);
    for (size_t i = 0; i < length; i++)
        fmpq_set(to + i, read + i);
    _fmpq_vec_clear(read, (slong)length);
}

/* c = (1, ..., 1), beta = 1. */
static struct statement *chain_at(size_t layers, const char *alpha, const char *start)
{
    struct statement *s;
    assert_int_equal(statement_create(STATEMENT_CHAIN, STATEMENT_DIRECT, layers, &s), OK);
    for (size_t i = 0; i < layers; i++)
        fmpq_one(s->c + i);
    fmpq_one(&s->beta);
    list_read(alpha, &s->alpha, 1);
    if (start)
        list_read(start, s->x0, layers);
    return s;
}

static void assert_near(double a, double b, double tolerance)
{
    if (!(fabs(a - b) <= tolerance))
        fail_msg("%.17g is not %.17g within %g", a, b, tolerance);
}

/* a1 = 4 x, a_(i+1) = a_i^2/2 - 4: P = 2^L U_(2^L - 1)(x), with the zeros cos(k pi/2^L). */
static void chebyshev_leaves(void **state)
{
    (void)state;
    for (size_t layers = 1; layers <= LAYERS_MOST; layers++) {
        struct zeros *zeros;
        struct statement *s = chain_at(layers, "0", NULL);
        fmpq_set_si(s->x0, -4, 1);
        for (size_t i = 1; i < layers; i++)
            fmpq_set_si(s->x0 + i, 4, 1);
        assert_int_equal(zeros_create(s, &zeros), OK);
        const size_t most = ((size_t)1 << layers) - 1;
        assert_int_equal(zeros->count, most);
        assert_int_equal(zeros->degree, most);
        for (size_t k = 0; k < most; k++) {
            const double x = -cos(3.14159265358979323846 * (double)(k + 1) / (double)(most + 1));
            double a[LAYERS_MOST];
            zeros_state(zeros, zeros->zero[k].s, a);
            assert_near(a[0], 4 * x, ROUNDING);
            assert_int_equal(zeros->zero[k].multiplicity, 1);
            assert_int_equal(zeros->zero[k].before, k % 2 ? -1 : 1);
            assert_int_equal(zeros->zero[k].after, k % 2 ? 1 : -1);
        }
        zeros_free(zeros);
        statement_free(s);
    }
}

/* The critical leaf: (x + 1)^2 (2 - x). */
static void double_zero(void **state)
{
    (void)state;
    struct zeros *zeros;
    struct statement *s = chain_at(2, "1", "-2,1/2");
    assert_int_equal(zeros_create(s, &zeros), OK);
    assert_int_equal(zeros->count, 2);
    assert_true(zeros->zero[0].s == 1 && zeros->zero[1].s == 4);
    assert_int_equal(zeros->zero[0].multiplicity, 2);
    assert_true(zeros->zero[0].before == 1 && zeros->zero[0].after == 1);
    assert_true(zeros_error(zeros, 2) == 1 && zeros_error(zeros, 1) == 0);
    zeros_free(zeros);
    statement_free(s);
}

static void polynomials(void **state)
{
    (void)state;
    struct zeros *zeros;
    const double q[] = {0, 0, -1, 1}, even[] = {1, 0, 1}, none[] = {3};
    assert_int_equal(zeros_of_polynomial(COUNT(q), q, &zeros), OK);
    assert_int_equal(zeros->count, 2);
    assert_true(zeros->zero[0].s == 0 && zeros->zero[0].multiplicity == 2);
    assert_true(zeros->zero[0].before == -1 && zeros->zero[0].after == -1);
    assert_true(zeros->zero[1].s == 1 && zeros->zero[1].after == 1);
    zeros_free(zeros);
    assert_int_equal(zeros_of_polynomial(COUNT(even), even, &zeros), OK);
    assert_int_equal(zeros->count, 0);
    zeros_free(zeros);
    assert_int_equal(zeros_of_polynomial(COUNT(none), none, &zeros), BAD_ARGUMENT);
}

static void draw(struct stream *stream, fmpq *to)
{
    fmpq_set_si(to, (slong)floor((stream_uniform(stream) - 0.5) * 4 * GRAIN), GRAIN);
}

static struct statement *random_chain(struct stream *stream)
{
    const size_t layers = 2 + (size_t)(stream_uniform(stream) * 2);
    struct statement *s = chain_at(layers, "0", NULL);
    draw(stream, &s->alpha);
    for (size_t i = 0; i < layers; i++) {
        draw(stream, s->x0 + i);
        if (i + 1 < layers)
            draw(stream, s->c + i);
        if (fmpq_is_zero(s->c + i))
            fmpq_one(s->c + i);
    }
    return s;
}

/* The exact limit is the next zero in the direction of the error, and the same number of all. */
static void next_is_the_limit(void **state)
{
    (void)state;
    size_t compared = 0;
    for (size_t n = 0; n < LEAVES; n++) {
        struct stream stream = stream_at(SEED, stream_key("leaves"), n);
        struct statement *s = random_chain(&stream);
        struct zeros *zeros;
        struct limit *limit = limit_create(s);
        assert_int_equal(zeros_create(s, &zeros), OK);
        assert_int_equal(limit_decide(s, 20, limit), OK);
        if (limit->direction != 0 && limit->has_limit) {
            size_t k = 0;
            while (k < zeros->count && zeros->zero[k].s <= 0)
                k++;
            k -= limit->direction < 0;
            assert_true(k < zeros->count);
            const double clock = arf_get_d(arb_midref(limit->clock), ARF_RND_NEAR);
            assert_near(zeros->zero[k].s, clock, 1e-15 * (1 + fabs(clock)));
            assert_int_equal(zeros->zero[k].multiplicity, limit->multiplicity);
            const slong index = limit_index(s, limit);
            assert_true(index == 0 || index == (slong)k + 1);
            compared++;
        }
        limit_free(limit);
        zeros_free(zeros);
        statement_free(s);
    }
    assert_true(compared > LEAVES / 2);
}

static size_t count_at(const struct zeros_family *family, double value)
{
    struct zeros *zeros;
    assert_int_equal(zeros_family_at(family, value, &zeros), OK);
    const size_t count = zeros->count;
    zeros_free(zeros);
    return count;
}

/* Two layers, K varied: one critical value, that of the curve, and counts by the closed form. */
static void curve_of_two_layers(void **state)
{
    (void)state;
    struct statement *s = chain_at(2, "1", "-2,1");
    struct zeros_family *family;
    assert_int_equal(zeros_family_create(s, ZEROS_LEVEL, 0, &family), OK);
    assert_int_equal(family->count, 1);
    assert_true(family->critical[0] == -1.5);
    assert_true(zeros_family_standard(family) == -1);
    struct discriminant_point at;
    discriminant_point_init(&at);
    fmpq_one(at.c1);
    fmpq_one(at.alpha);
    fmpq_one(at.beta);
    for (slong k = -3 * GRAIN; k < GRAIN; k++) {
        fmpq_set_si(at.K, k, GRAIN);
        assert_int_equal(count_at(family, (double)k / GRAIN), discriminant_equilibria(&at));
    }
    discriminant_point_clear(&at);
    zeros_family_free(family);
    statement_free(s);
}

/* A member at the value of the statement itself is the statement; nothing changes between critical values. */
static void member_is_consistent(const struct zeros_family *family, const struct zeros *own)
{
    struct zeros *same;
    assert_int_equal(zeros_family_at(family, zeros_family_standard(family), &same), OK);
    assert_int_equal(same->count, own->count);
    for (size_t k = 0; k < same->count; k++)
        assert_near(same->zero[k].s, own->zero[k].s, 1e-14 * (1 + fabs(own->zero[k].s)));
    zeros_free(same);
    for (size_t k = 0; k + 1 < family->count; k++) {
        const double from = family->critical[k], width = family->critical[k + 1] - from;
        const size_t count = count_at(family, from + width / 2);
        for (int j = 1; j < MEMBERS; j++)
            assert_int_equal(count_at(family, from + width * j / MEMBERS), count);
    }
}

static void nothing_between_critical_values(void **state)
{
    (void)state;
    static const enum zeros_letter letters[] = {ZEROS_ALPHA, ZEROS_BETA, ZEROS_FEEDBACK,
                                                ZEROS_LEVEL};
    size_t critical = 0;
    for (size_t n = 0; n < LEAVES / 8; n++) {
        struct stream stream = stream_at(SEED, stream_key("families"), n);
        struct statement *s = random_chain(&stream);
        struct zeros *own;
        assert_int_equal(zeros_create(s, &own), OK);
        for (size_t k = 0; k < COUNT(letters); k++) {
            struct zeros_family *family;
            const size_t index =
                letters[k] == ZEROS_LEVEL || letters[k] == ZEROS_FEEDBACK ? n % (s->size - 1) : 0;
            assert_int_equal(zeros_family_create(s, letters[k], index, &family), OK);
            member_is_consistent(family, own);
            critical += family->count;
            zeros_family_free(family);
        }
        zeros_free(own);
        statement_free(s);
    }
    assert_true(critical > LEAVES / 2);
}

/* The number of zeros does change at the critical values of alpha: 1, 3, 5, 7, 5, 3, 1. */
static void everything_at_critical_values(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 3, 5, 7, 5, 3, 1};
    struct statement *s = chain_at(3, "1/10", "-3,3/2,-11/8");
    struct zeros_family *family;
    assert_int_equal(zeros_family_create(s, ZEROS_ALPHA, 0, &family), OK);
    assert_int_equal(family->count, COUNT(counts) - 1);
    assert_int_equal(count_at(family, family->critical[0] - 1), counts[0]);
    for (size_t k = 0; k + 1 < family->count; k++)
        assert_int_equal(count_at(family, (family->critical[k] + family->critical[k + 1]) / 2),
                         counts[k + 1]);
    zeros_family_free(family);
    statement_free(s);
}

static void refusals(void **state)
{
    (void)state;
    struct zeros_family *family;
    struct zeros *zeros;
    struct statement *s = chain_at(4, "1", NULL);
    assert_int_equal(zeros_family_create(s, ZEROS_ALPHA, 0, &family), BAD_ARGUMENT);
    statement_free(s);
    s = chain_at(2, "1", NULL);
    fmpq_zero(s->c);
    assert_int_equal(zeros_family_create(s, ZEROS_LEVEL, 0, &family), BAD_ARGUMENT);
    s->rule = STATEMENT_BP;
    assert_int_equal(zeros_create(s, &zeros), BAD_ARGUMENT);
    statement_free(s);
    s = chain_at(8, "1", NULL);
    assert_int_equal(zeros_create(s, &zeros), BAD_ARGUMENT);
    statement_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chebyshev_leaves),
        cmocka_unit_test(double_zero),
        cmocka_unit_test(polynomials),
        cmocka_unit_test(next_is_the_limit),
        cmocka_unit_test(curve_of_two_layers),
        cmocka_unit_test(nothing_between_critical_values),
        cmocka_unit_test(everything_at_critical_values),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
