/* Two versions of one arithmetic, bit by bit: the one of the library, whose loops the loader chose
 * for this CPU, and one compiled into the test for the baseline CPU (MB12).
 *
 * Arrays have lengths that leave remainders in registers of any width, and values of all sizes down
 * to subnormal ones, infinities and NaN.
 * Memory, errors: none; a difference fails the running test. */
#ifndef TESTS_LANES_H
#define TESTS_LANES_H

#include "base/stream.h"
#include "networks/array.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { LANES_ROWS = 37, LANES_COLUMNS = 61, LANES_COUNT = LANES_ROWS * LANES_COLUMNS };

struct lanes_pair {
    struct array ours, plain; /* the same numbers in two arithmetics */
    double memory[2][LANES_COUNT];
};

static inline void lanes_draw(uint64_t key, const struct arithmetic *ours,
                              const struct arithmetic *plain, struct lanes_pair *pair)
{
    static const double SPECIAL[] = {0.0, -0.0, INFINITY, -INFINITY, NAN, 1e-310, -1e-40, 1e30};
    static const int EXPONENT = 40, DEEP = 160;
    struct stream stream = stream_at(2018, stream_key("lanes"), key);
    pair->ours = array_view(ours, LANES_ROWS, LANES_COLUMNS, pair->memory[0]);
    pair->plain = array_view(plain, LANES_ROWS, LANES_COLUMNS, pair->memory[1]);
    for (size_t i = 0; i < LANES_COUNT; i++) {
        const int low = i % 8 == 0 ? DEEP : EXPONENT; /* some of them far down */
        const int exponent = 3 - (int)stream_below(&stream, (uint64_t)low);
        double value = ldexp(stream_between(&stream, -1, 1), exponent);
        if (i >= LANES_COUNT - sizeof SPECIAL / sizeof *SPECIAL && key == 0)
            value = SPECIAL[LANES_COUNT - 1 - i];
        array_put(&pair->ours, i, value);
        array_put(&pair->plain, i, value);
    }
}

static inline void lanes_expect_same(const char *what, const struct lanes_pair *pair)
{
    if (memcmp(pair->memory[0], pair->memory[1], LANES_COUNT * pair->ours.arithmetic->bytes) != 0)
        fail_msg("%s %s: the bits depend on the CPU", pair->ours.arithmetic->name, what);
}

static inline void lanes_compare_neurons(const struct arithmetic *ours,
                                         const struct arithmetic *plain)
{
    static struct lanes_pair x, d, bias;
    for (uint64_t key = 0; key < 8; key++)
        for (const struct neuron *const *neuron = neuron_registry; *neuron; neuron++) {
            lanes_draw(key, ours, plain, &x);
            lanes_draw(key + 8, ours, plain, &d);
            lanes_draw(key + 16, ours, plain, &bias);
            struct array b = array_rows(&bias.ours, 3, 1), c = array_rows(&bias.plain, 3, 1);
            array_activate(*neuron, &b, &x.ours);
            array_activate(*neuron, &c, &x.plain);
            lanes_expect_same((*neuron)->name, &x);
            array_activate(*neuron, NULL, &x.ours);
            array_activate(*neuron, NULL, &x.plain);
            lanes_expect_same((*neuron)->name, &x);
            array_gate(*neuron, &x.ours, &d.ours);
            array_gate(*neuron, &x.plain, &d.plain);
            lanes_expect_same("gate", &d);
        }
}

static inline void lanes_compare_sums(const struct arithmetic *ours, const struct arithmetic *plain)
{
    static struct lanes_pair x, y, z;
    lanes_draw(1, ours, plain, &x);
    lanes_draw(2, ours, plain, &y);
    lanes_draw(3, ours, plain, &z);
    assert_true(array_dot(&x.ours, &y.ours) == array_dot(&x.plain, &y.plain));
    struct array s = array_rows(&z.ours, 0, 1), t = array_rows(&z.plain, 0, 1);
    array_column_sums(3.14159, &x.ours, &s);
    array_column_sums(3.14159, &x.plain, &t);
    lanes_expect_same("column sums", &z);
    for (enum loss loss = LOSS_CROSS_ENTROPY; loss <= LOSS_SQUARED; loss++) {
        assert_true(array_error(loss, &x.ours, &y.ours, &z.ours) ==
                    array_error(loss, &x.plain, &y.plain, &z.plain));
        lanes_expect_same("outputs", &y);
        lanes_expect_same("errors", &z);
    }
}

static inline void lanes_compare_the_rest(const struct arithmetic *ours,
                                          const struct arithmetic *plain)
{
    static struct lanes_pair x, y;
    static const double FACTOR = 0.3;
    for (uint64_t key = 0; key < 8; key++) {
        lanes_draw(key, ours, plain, &x);
        lanes_draw(key + 1, ours, plain, &y);
        array_add(FACTOR, &x.ours, &y.ours);
        array_add(FACTOR, &x.plain, &y.plain);
        array_times(&x.ours, &y.ours);
        array_times(&x.plain, &y.plain);
        array_scale(FACTOR, &y.ours);
        array_scale(FACTOR, &y.plain);
        lanes_expect_same("add, times, scale", &y);
        array_signs(&y.ours, &x.ours);
        array_signs(&y.plain, &x.plain);
        lanes_expect_same("signs", &x);
    }
}

#endif
