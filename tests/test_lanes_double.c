/* The loops over doubles, and those that draw, give the same bits in registers of any width.
 *
 * array_double.c and array_normals.c are compiled once more, here, without the versions for wide registers; what it is
 * compared with are the versions that the loader chose for this CPU. */
#include "ode/lanes.h"

#undef LANES_CLONES
#define LANES_CLONES
#define array_double  plain_double
#define array_normals plain_normals
#define MANTISSA      BITS_BELOW_ONE /* both files have one, and a BIAS */
#define BIAS          EXPONENT_BIAS
#define WHOLE         ROUNDS_TO_WHOLE
/* NOLINTNEXTLINE(bugprone-suspicious-include) */
#include "networks/array_normals.c"
#undef MANTISSA
#undef BIAS
#undef WHOLE
/* NOLINTNEXTLINE(bugprone-suspicious-include) */
#include "networks/array_double.c"
#undef array_double
#undef array_normals

#include "tests/lanes.h"

extern const struct arithmetic array_double;
void array_normals(struct stream *stream, double deviation, struct array *x);

static void neurons_do_not_depend_on_the_cpu(void **state)
{
    (void)state;
    lanes_compare_neurons(&array_double, &plain_double);
}

static void sums_do_not_depend_on_the_cpu(void **state)
{
    (void)state;
    lanes_compare_sums(&array_double, &plain_double);
}

static void other_passes_do_not_depend_on_the_cpu(void **state)
{
    (void)state;
    lanes_compare_the_rest(&array_double, &plain_double);
}

static void normals_do_not_depend_on_the_cpu(void **state)
{
    (void)state;
    static struct lanes_pair x;
    for (uint64_t key = 0; key < 8; key++) {
        lanes_draw(key, &array_double, &array_double, &x);
        struct stream one = stream_at(2018, 7, key), same = one;
        array_normals(&one, 2, &x.ours);
        plain_normals(&same, 2, &x.plain);
        lanes_expect_same("normals", &x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neurons_do_not_depend_on_the_cpu),
        cmocka_unit_test(sums_do_not_depend_on_the_cpu),
        cmocka_unit_test(other_passes_do_not_depend_on_the_cpu),
        cmocka_unit_test(normals_do_not_depend_on_the_cpu),
    };
    return cmocka_run_group_tests_name("lanes of double", tests, NULL, NULL);
}
