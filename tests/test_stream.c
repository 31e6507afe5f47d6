/* Random streams: the generator against its published answers, the keying against a second writing
 * of it.
 *
 * The known answers are those of Random123's own test file kat_vectors (philox4x32, 10 rounds);
 * both the library and the ten lines below must give them.  The streams are then compared word by
 * word with these ten lines, read in any order, and their uniform and normal variates are compared
 * with their laws. */
#include "base/stream.h"

#include <Random123/philox.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 10, WORDS = 64, STREAMS = 50, DRAWS = 2000000, BINS = 7, SEED = 2018 };

/* Standard deviations: a right generator misses this with probability 2e-6, and the seed is fixed.
 */
static const double SIGMAS = 4.75;

struct block {
    uint32_t v[4];
};

/* Philox4x32-10 as in the paper, section 4.3. */
static struct block philox(struct block c, uint64_t key)
{
    const uint64_t M0 = 0xD2511F53, M1 = 0xCD9E8D57; /* multipliers */
    const uint32_t W0 = 0x9E3779B9, W1 = 0xBB67AE85; /* Weyl: golden ratio, sqrt(3) - 1 */
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    for (int round = 0; round < ROUNDS; round++, k0 += W0, k1 += W1) {
        const uint64_t p0 = M0 * c.v[0], p1 = M1 * c.v[2];
        c = (struct block){{(uint32_t)(p1 >> 32) ^ c.v[1] ^ k0, (uint32_t)p1,
                            (uint32_t)(p0 >> 32) ^ c.v[3] ^ k1, (uint32_t)p0}};
    }
    return c;
}

static struct block philox_of_library(struct block c, uint64_t key)
{
    const philox4x32_ctr_t counter = {{c.v[0], c.v[1], c.v[2], c.v[3]}};
    const philox4x32_key_t k = {{(uint32_t)key, (uint32_t)(key >> 32)}};
    const philox4x32_ctr_t out = philox4x32(counter, k);
    return (struct block){{out.v[0], out.v[1], out.v[2], out.v[3]}};
}

struct answer {
    struct block counter;
    uint64_t key;
    struct block result;
};

/* Source: Random123 1.14, tests/kat_vectors, the three lines "philox4x32 10". */
static const struct answer answers[] = {
    {{{0, 0, 0, 0}}, 0, {{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}}},
    {{{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}},
     0xffffffffffffffff,
     {{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}}},
    {{{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}},
     0x299f31d0a4093822,
     {{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}},
};

static void philox_gives_the_known_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        const struct block own = philox(answers[i].counter, answers[i].key);
        const struct block library = philox_of_library(answers[i].counter, answers[i].key);
        assert_memory_equal(&own, &answers[i].result, sizeof own);
        assert_memory_equal(&library, &answers[i].result, sizeof library);
    }
}

/* Word number `n` of a stream, from the definition at the head of base/stream.c. */
static uint64_t word_by_definition(uint64_t seed, uint64_t key, uint64_t index, uint32_t n)
{
    const struct block name = {{(uint32_t)key, (uint32_t)(key >> 32), 0, 0}};
    const struct block d = philox(name, seed);
    const struct block place = {{(uint32_t)index, (uint32_t)(index >> 32), n / 2, d.v[2]}};
    const struct block b = philox(place, d.v[0] | (uint64_t)d.v[1] << 32);
    return b.v[2 * (n % 2)] | (uint64_t)b.v[2 * (n % 2) + 1] << 32;
}

static void words_are_those_of_the_definition(void **state)
{
    (void)state;
    const uint64_t seed = 0x0123456789abcdef, key = stream_key("t4-converges");
    for (uint64_t index = 0; index < STREAMS; index++) {
        const uint64_t far = index * 0x100000001;
        struct stream stream = stream_at(seed, key, far);
        for (uint32_t n = 0; n < WORDS; n++)
            assert_true(stream_word(&stream) == word_by_definition(seed, key, far, n));
    }
}

/* The same words, whether the streams are read one by one or all together, forwards or backwards.
 */
static void order_does_not_matter(void **state)
{
    (void)state;
    struct stream streams[STREAMS];
    uint64_t one_by_one[STREAMS][WORDS];
    for (uint64_t i = STREAMS; i-- > 0;) {
        struct stream stream = stream_at(SEED, 1, i);
        for (int n = 0; n < WORDS; n++)
            one_by_one[i][n] = stream_word(&stream);
        streams[i] = stream_at(SEED, 1, i);
    }
    for (int n = 0; n < WORDS; n++)
        for (int i = 0; i < STREAMS; i++)
            assert_true(stream_word(&streams[(i * 17) % STREAMS]) ==
                        one_by_one[(i * 17) % STREAMS][n]);
}

/* Many at once are those one by one, from any word of a block to any word of another. */
static void many_words_are_those_one_by_one(void **state)
{
    (void)state;
    enum { BEGUN = 5, TAKEN = 9 };
    for (size_t begun = 0; begun < BEGUN; begun++)
        for (size_t taken = 0; taken < TAKEN; taken++) {
            struct stream one = stream_at(SEED, 2, begun), many = one;
            uint64_t list[TAKEN];
            for (size_t n = 0; n < begun; n++)
                assert_true(stream_word(&one) == stream_word(&many));
            stream_words(&many, taken, list);
            for (size_t n = 0; n < taken; n++)
                assert_true(list[n] == stream_word(&one));
            assert_true(stream_word(&many) == stream_word(&one));
        }
}

static void every_part_of_the_key_counts(void **state)
{
    (void)state;
    const uint64_t big = (uint64_t)1 << 63;
    const uint64_t keys[][3] = {{0, 0, 0},   {1, 0, 0},   {0, 1, 0}, {0, 0, 1}, {big, 0, 0},
                                {0, big, 0}, {0, 0, big}, {1, 1, 0}, {0, 1, 1}, {1, 0, 1}};
    enum { KEYS = sizeof keys / sizeof *keys };
    uint64_t first[KEYS];
    for (size_t i = 0; i < KEYS; i++) {
        struct stream stream = stream_at(keys[i][0], keys[i][1], keys[i][2]);
        first[i] = stream_word(&stream);
        for (size_t k = 0; k < i; k++)
            assert_true(first[i] != first[k]);
    }
}

/* Source: the FNV-1a test vectors of draft-eastlake-fnv, 64 bits. */
static void names_are_hashed_by_fnv1a(void **state)
{
    (void)state;
    assert_true(stream_key("") == 0xcbf29ce484222325);
    assert_true(stream_key("a") == 0xaf63dc4c8601ec8c);
    assert_true(stream_key("foobar") == 0x85944171f73967e8);
}

static double chi_square(const size_t *count, double expected)
{
    double sum = 0;
    for (int b = 0; b < BINS; b++)
        sum += ((double)count[b] - expected) * ((double)count[b] - expected) / expected;
    return sum;
}

static void bounded_integers_are_even(void **state)
{
    (void)state;
    struct stream stream = stream_at(SEED, 2, 0);
    size_t below[BINS] = {0}, high[BINS] = {0};
    const uint64_t three_quarters = (uint64_t)3
                                    << 62; /* plain remainders would favour the low third */
    for (int n = 0; n < DRAWS; n++) {
        below[stream_below(&stream, BINS)]++;
        const uint64_t word = stream_below(&stream, three_quarters);
        assert_true(word < three_quarters);
        high[word / (three_quarters / BINS + 1)]++;
    }
    /* chi-square with BINS-1 degrees of freedom: mean BINS-1, variance 2(BINS-1), right tail fatter
     */
    const double most = (BINS - 1) + 1.5 * SIGMAS * sqrt(2. * (BINS - 1));
    assert_true(chi_square(below, (double)DRAWS / BINS) < most);
    assert_true(chi_square(high, (double)DRAWS / BINS) < most);
    assert_true(stream_below(&stream, 1) == 0);
}

/* Mean and variance against the law, each within SIGMAS standard errors. */
static void check_moments(double (*draw)(struct stream *), double mean, double variance,
                          double fourth_moment)
{
    struct stream stream = stream_at(SEED, 3, 0);
    double sum = 0, squares = 0;
    for (int n = 0; n < DRAWS; n++) {
        const double x = draw(&stream) - mean;
        sum += x;
        squares += x * x;
    }
    assert_true(fabs(sum / DRAWS) < SIGMAS * sqrt(variance / DRAWS));
    assert_true(fabs(squares / DRAWS - variance) <
                SIGMAS * sqrt((fourth_moment - variance * variance) / DRAWS));
}

static void variates_have_their_moments(void **state)
{
    (void)state;
    check_moments(stream_uniform, 1 / 2., 1 / 12., 1 / 80.);
    check_moments(stream_normal, 0, 1, 3);
}

static void variates_are_inside_their_interval(void **state)
{
    (void)state;
    struct stream stream = stream_at(SEED, 4, 0);
    bool odd = false;
    for (int n = 0; n < DRAWS; n++) {
        const double u = stream_uniform(&stream), x = stream_between(&stream, -2.385, 1e-3);
        assert_true(u > 0 && u < 1);
        assert_true(x > -2.385 && x < 1e-3);
        odd = odd || fmod(ldexp(u, 53), 2) == 1; /* all 53 bits are in use */
        const double close = stream_between(&stream, 1, 1 + 0x1p-51);
        assert_true(close == 1 + 0x1p-52);
    }
    assert_true(odd);
}

/* Words that a run would meet once in 2^53 draws. */
static void zero_and_one_are_never_drawn(void **state)
{
    (void)state;
    struct stream zeros = {.left = 4}, ones = {.left = 4};
    memset(ones.word, UINT8_MAX, sizeof ones.word);
    struct stream after = zeros;
    assert_true(stream_word(&after) == 0 && stream_word(&after) == 0); /* both are passed over */
    assert_true(stream_uniform(&zeros) == stream_uniform(&after));
    assert_true(stream_uniform(&ones) == 1 - 0x1p-53);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_the_known_answers),
        cmocka_unit_test(words_are_those_of_the_definition),
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(many_words_are_those_one_by_one),
        cmocka_unit_test(every_part_of_the_key_counts),
        cmocka_unit_test(names_are_hashed_by_fnv1a),
        cmocka_unit_test(bounded_integers_are_even),
        cmocka_unit_test(variates_have_their_moments),
        cmocka_unit_test(variates_are_inside_their_interval),
        cmocka_unit_test(zero_and_one_are_never_drawn),
    };
    return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
