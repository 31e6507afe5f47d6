/* The loops over floats give the same bits in registers of any width.
 *
 * array_float.c is compiled once more, here, without the versions for wide registers; what it is
 * compared with are the versions that the loader chose for this CPU. */
#include "ode/lanes.h"

#undef LANES_CLONES
#define LANES_CLONES
#define array_float plain_float
/* NOLINTNEXTLINE(bugprone-suspicious-include) */
#include "networks/array_float.c"
#undef array_float

#include "tests/lanes.h"

extern const struct arithmetic array_float;

static void neurons_do_not_depend_on_the_cpu(void **state)
{
    (void)state;
    lanes_compare_neurons(&array_float, &plain_float);
}

static void sums_do_not_depend_on_the_cpu(void **state)
{
    (void)state;
    lanes_compare_sums(&array_float, &plain_float);
}

static void other_passes_do_not_depend_on_the_cpu(void **state)
{
    (void)state;
    lanes_compare_the_rest(&array_float, &plain_float);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neurons_do_not_depend_on_the_cpu),
        cmocka_unit_test(sums_do_not_depend_on_the_cpu),
        cmocka_unit_test(other_passes_do_not_depend_on_the_cpu),
    };
    return cmocka_run_group_tests_name("lanes of float", tests, NULL, NULL);
}
