/* A file as a claim: are its points in the box, evenly, and do only sure endings refute it? */
#include "equations/ode_file.h"
#include "proofs-check/hunt.h"
#include "proofs-check/hunt_equations.h"
#include "proofs-check/hunt_points.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { DIM = 2, COMMAND_MAX = 1024 };

static const char text[] = "x'=y\n"
                           "y'=mu*(1-x^2)*y-nu*x\n"
                           "par kappa=7, mu=1, nu=2\n";

struct fixture {
    struct equations *equations;
    struct hunt_equations own;
};

/* x in [-4, 2], y in [-3, 3], mu in [1/2, 3/2] */
static void fixture_make(struct fixture *f)
{
    const double x0[DIM] = {0.5, 0};
    assert_int_equal(ode_file_parse("of this test.ode", text, strlen(text), &f->equations), OK);
    assert_int_equal(equations_set(f->equations, "nu=2/3"), OK);
    const struct problem problem = equations_problem(f->equations);
    assert_int_equal(hunt_equations_init(&problem, x0, DIM, &f->own), OK);
    assert_int_equal(hunt_equations_over(&f->own, "mu", -9, 9), OK);
    assert_int_equal(hunt_equations_over(&f->own, "X", -4, 2), OK);
    assert_int_equal(hunt_equations_over(&f->own, "mu", 0.5, 1.5), OK); /* the last word counts */
    hunt_equations_state(&f->own);
}

static struct hunt_place place_of(const struct fixture *f)
{
    return (struct hunt_place){.space = &f->own.claim.space, .dropped = HUNT_NONE_DROPPED};
}

static void test_box_is_stated(void **state)
{
    (void)state;
    struct fixture f;
    fixture_make(&f);
    assert_string_equal(f.own.claim.hypotheses, "x in [-4, 2], y in [-3, 3], mu in [0.5, 1.5]");
    assert_int_equal(f.own.box.count, DIM + 1);
    assert_int_equal(hunt_equations_over(&f.own, "kapa", 0, 1), UNKNOWN_NAME);
    assert_non_null(strstr(status_message(), "did you mean kappa"));
    equations_free(f.equations);
}

static void test_numbers_go_where_they_belong(void **state)
{
    (void)state;
    struct fixture f;
    struct instance instance;
    char command[COMMAND_MAX];
    const double value[] = {-3, 2.5, 1.25}, outside[] = {-3, 2.5, 1.75};
    fixture_make(&f);
    const struct hunt_place place = place_of(&f);
    assert_int_equal(hunt_space_instance(&place, value, &instance), OK);
    assert_int_equal(instance_command(&instance, sizeof command, command), OK);
    /* what was typed stays as it was typed, and what is as in the file is not said */
    assert_string_equal(command,
                        "settle run 'of this test.ode' --par mu=1.25,nu=2/3 --init -3,2.5");
    assert_true(hunt_space_meets(&place, &instance));
    assert_int_equal(hunt_space_instance(&place, outside, &instance), OK);
    assert_false(hunt_space_meets(&place, &instance));
    equations_free(f.equations);
}

/* 3000 draws of each kind; four standard deviations of sqrt(3000/12) of the mean. */
static void test_sweep_is_even(void **state)
{
    (void)state;
    enum { POINTS = 6000 };
    static const double FOUR_DEVIATIONS = 4 * 0.00527;
    struct fixture f;
    struct hunt_points *points = NULL;
    double sum[2][DIM + 1] = {{0}};
    size_t drawn[2] = {0};
    fixture_make(&f);
    assert_int_equal(hunt_points_create(&f.own.claim.space, HUNT_NONE_DROPPED, 5, &points), OK);
    for (int n = 0; n < POINTS; n++) {
        struct hunt_point point;
        bool exists = false;
        assert_int_equal(hunt_points_sweep(points, &point, &exists), OK);
        assert_true(exists);
        drawn[point.independent]++;
        for (size_t k = 0; k <= DIM; k++)
            sum[point.independent][k] +=
                (point.value[k] - f.own.box.from[k]) / (f.own.box.to[k] - f.own.box.from[k]);
    }
    assert_int_equal(drawn[0], drawn[1]);
    for (int kind = 0; kind < 2; kind++)
        for (size_t k = 0; k <= DIM; k++)
            assert_true(fabs(sum[kind][k] / (double)drawn[kind] - 0.5) < FOUR_DEVIATIONS);
    hunt_points_free(points);
    equations_free(f.equations);
}

/* First the start of the file with its modifications, where these are in the box, then the middle. */
static void test_boundary_cases(void **state)
{
    (void)state;
    enum { LOOKED_AT = 200 };
    struct fixture f;
    struct hunt_points *points = NULL;
    size_t middle = 0, ends = 0;
    fixture_make(&f);
    assert_int_equal(hunt_points_create(&f.own.claim.space, HUNT_NONE_DROPPED, 5, &points), OK);
    for (int n = 0; n < LOOKED_AT; n++) {
        struct hunt_point point;
        bool exists = false;
        assert_int_equal(hunt_points_boundary(points, &point, &exists), OK);
        if (!exists)
            continue;
        const double *v = point.value;
        if (n == 0)
            assert_true(v[0] == 0.5 && v[1] == 0 && v[2] == 1);
        assert_true(v[0] >= -4 && v[0] <= 2 && fabs(v[1]) <= 3 && v[2] >= 0.5 && v[2] <= 1.5);
        middle += v[0] == -1 && v[1] == 0 && v[2] == 1;
        ends += v[1] == 3 || v[1] == -3;
    }
    assert_true(middle > 0);
    assert_true(ends > 0);
    hunt_points_free(points);
    equations_free(f.equations);
}

static void test_found_and_shrunk(void **state)
{
    (void)state;
    struct fixture f;
    struct hunt_plan plan = hunt_defaults();
    struct hunted *hunted = hunt_create();
    fixture_make(&f);
    plan.evaluations = 20;
    plan.threads = 1;
    assert_int_equal(hunt_claim(&f.own.claim, &plan, hunted), OK);
    assert_int_equal(hunted->verdict, HUNT_FOUND);
    assert_int_equal(hunted->violation.confirmation.bdf.ending, ENDING_CYCLING);
    assert_int_equal(hunted->violation.confirmation.rk.ending, ENDING_CYCLING);
    const double *v = hunted->violation.point.value;
    for (size_t k = 0; k <= DIM; k++)
        assert_true(hunt_shrink_cost(v[k]) <= hunt_shrink_cost(-1.5));
    assert_true(v[2] >= 0.5 && v[2] <= 1.5); /* not 0, though simpler, and failing too */
    hunt_free(hunted);
    equations_free(f.equations);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_box_is_stated),
        cmocka_unit_test(test_numbers_go_where_they_belong),
        cmocka_unit_test(test_sweep_is_even),
        cmocka_unit_test(test_boundary_cases),
        cmocka_unit_test(test_found_and_shrunk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
