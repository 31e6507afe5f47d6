/* From argv to a problem: long lists, lists from files, words for matrices, drawn lists.
 *
 * What the end-to-end tests see through a trajectory is seen here number by number, and for
 * problems too large to be integrated in a test: up to 25088 unknowns. */
#include "cli/options.h"
#include "cli/problem_from_options.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { WORDS = 32, LINE = 512 };

/* A command line and the problem that it states. */
struct stated {
    char text[LINE];
    char *argv[WORDS];
    struct options options;
    struct problem_given given;
};

static enum status state(struct stated *stated, const char *line)
{
    int argc = 0;
    memset(stated, 0, sizeof *stated);
    snprintf(stated->text, sizeof stated->text, "settle run %s", line);
    for (char *word = strtok(stated->text, " "); word && argc < WORDS; word = strtok(NULL, " "))
        stated->argv[argc++] = word;
    const enum status status = options_parse(argc, stated->argv, &command_run, &stated->options);
    return status == OK ? problem_from_options(&stated->options, &stated->given) : status;
}

static void state_good(struct stated *stated, const char *line)
{
    if (state(stated, line) != OK)
        fail_msg("%s: %s", line, status_message());
}

static void forget(struct stated *stated)
{
    problem_given_free(&stated->given);
    options_free(&stated->options);
}

static double mean_square(size_t count, const double *values)
{
    double sum = 0;
    for (size_t k = 0; k < count; k++)
        sum += values[k] * values[k] / (double)count;
    return sum;
}

/* ---- sizes ---- */

static void networks_of_any_size_are_stated(void **unused)
{
    (void)unused;
    static const struct {
        const char *line;
        size_t dim, outputs;
    } cases[] = {
        {"deep --sizes 2,3,2", 12, 4},
        {"deep --sizes 32,32,32 --rule bp", 2048, 1024},
        {"deep --sizes 784,16,784 --rule bp", 25088, 784 * 784},
        {"deep --sizes 20,30,10 --rule arbp", 600 + 300 + 300, 200},
        {"chain --depth 256", 256, 0},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct stated s;
        state_good(&s, cases[k].line);
        assert_int_equal(s.given.dim, cases[k].dim);
        assert_int_equal(s.given.flow->outputs, cases[k].outputs);
        const double *x0 = s.given.x0;
        if (cases[k].outputs > 1) { /* drawn, deviation 1/2: 4 standard errors of a mean square */
            const double n = (double)s.given.dim;
            assert_true(s.given.start_random && s.given.start_seed == 1);
            assert_true(fabs(mean_square(s.given.dim, x0) * 4 - 1) < 4 * sqrt(2 / n));
        } else {
            assert_true(!s.given.start_random && x0[0] == 0.5 && x0[s.given.dim - 1] == 0.5);
        }
        forget(&s);
    }
}

/* ---- lists ---- */

static void long_lists_come_from_files(void **unused)
{
    (void)unused;
    enum { NUMBERS = 300 };
    char path[] = "/tmp/settle-list-XXXXXX", line[LINE];
    const int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    assert_non_null(file);
    for (int k = 0; k < NUMBERS; k++)
        fprintf(file, "%d/7%s", k, k % 3 ? "\n" : k % 2 ? " , " : "\t\r\n");
    assert_int_equal(fclose(file), 0);
    struct stated s;
    snprintf(line, sizeof line, "deep --sizes 1,5,50,1 --c @%s", path);
    state_good(&s, line); /* C1 is 5 x 50, C2 is 50 x 1 */
    assert_int_equal(s.given.problem.c_count, NUMBERS);
    assert_non_null(s.given.problem.c_far);
    for (int k = 0; k < NUMBERS; k++)
        assert_true(problem_feedback(&s.given.problem)[k] == k / 7.);
    forget(&s);
    snprintf(line, sizeof line, "deep --sizes 10,30 --rule bp --init @%s --sigma-ti @%s", path,
             path);
    state_good(&s, line);
    assert_true(s.given.x0[0] == 0 && s.given.x0[NUMBERS - 1] == (NUMBERS - 1) / 7.);
    const double *ti = problem_entries(&s.given.problem.sigma_ti);
    assert_true(s.given.problem.sigma_ti.far && ti[NUMBERS - 1] == (NUMBERS - 1) / 7.);
    forget(&s);
    snprintf(line, sizeof line, "deep --sizes 10,30 --rule bp --rates @%s", path);
    assert_int_equal(state(&s, line), BAD_ARGUMENT);
    assert_non_null(strstr(status_message(), "more than 256 numbers"));
    forget(&s);
    unlink(path);
}

static void words_become_matrices(void **unused)
{
    (void)unused;
    struct stated s;
    state_good(&s, "deep --sizes 3,2 --sigma-ii diag:2,3,4 --sigma-ti diag:-1,1/2");
    const double ii[] = {2, 0, 0, 0, 3, 0, 0, 0, 4}, ti[] = {-1, 0, 0, 0, 0.5, 0};
    assert_memory_equal(problem_entries(&s.given.problem.sigma_ii), ii, sizeof ii);
    assert_memory_equal(problem_entries(&s.given.problem.sigma_ti), ti, sizeof ti);
    forget(&s);
    state_good(&s, "deep --sizes 3,2 --sigma-ii identity --sigma-ti identity");
    const double one[] = {1, 0, 0, 0, 1, 0, 0, 0, 1}, wide[] = {1, 0, 0, 0, 1, 0};
    assert_memory_equal(problem_entries(&s.given.problem.sigma_ii), one, sizeof one);
    assert_memory_equal(problem_entries(&s.given.problem.sigma_ti), wide, sizeof wide);
    forget(&s);
    state_good(&s, "deep --sizes 3,2 --sigma-ti zero");
    const double zero[6] = {0};
    assert_int_equal(s.given.problem.sigma_ti.count, 6);
    assert_memory_equal(problem_entries(&s.given.problem.sigma_ti), zero, sizeof zero);
    forget(&s);
}

/* ---- drawn lists ---- */

/* Every C_i has the deviation 1/sqrt(columns): C1 is 40 x 90, C2 90 x 10. */
static void feedback_is_drawn_by_fan_in(void **unused)
{
    (void)unused;
    enum { C1 = 40 * 90, C2 = 90 * 10 };
    struct stated s, t;
    state_good(&s, "deep --sizes 5,40,90,10 --c random:3");
    const double *c = problem_feedback(&s.given.problem);
    assert_int_equal(s.given.problem.c_count, C1 + C2);
    assert_true(fabs(mean_square(C1, c) * 90 - 1) < 4 * sqrt(2. / C1));
    assert_true(fabs(mean_square(C2, c + C1) * 10 - 1) < 4 * sqrt(2. / C2));
    state_good(&t, "deep --sizes 5,40,90,10 --c random:3:1/8");
    const double *scaled = problem_feedback(&t.given.problem);
    for (size_t k = 0; k < C1 + C2; k++) /* one stream, another scale */
        assert_true(fabs(scaled[k] * 8 / sqrt(k < C1 ? 90 : 10) - c[k]) <= 1e-15 * fabs(c[k]) * 4);
    forget(&t);
    state_good(&t, "deep --sizes 5,40,90,10 --rule srbp --c random:3");
    assert_int_equal(t.given.problem.c_count, 40 * 10 + 90 * 10); /* skipped: N_i x N_L */
    forget(&t);
    state_good(&t, "deep --sizes 5,40,90,10 --rule pfa --lambda 1 --c random:3");
    assert_int_equal(t.given.problem.c_count, 10 * 10); /* R */
    forget(&t);
    state_good(&t, "deep --sizes 5,40,90,10 --c random:4");
    assert_true(problem_feedback(&t.given.problem)[0] != c[0]);
    forget(&t);
    forget(&s);
    state_good(&t, "chain --depth 4 --c random:9");
    assert_int_equal(t.given.problem.c_count, 3);
    forget(&t);
}

/* The start and the feedback of one seed are not the same numbers. */
static void streams_are_apart(void **unused)
{
    (void)unused;
    struct stated s;
    state_good(&s, "deep --sizes 2,2,2 --c random:3:1 --init random:3:1");
    for (size_t k = 0; k < 4; k++)
        assert_true(problem_feedback(&s.given.problem)[k] != s.given.x0[k]);
    forget(&s);
}

/* ---- numbers ---- */

static void decays_are_one_or_many(void **unused)
{
    (void)unused;
    struct stated s;
    state_good(&s, "deep --sizes 2,2,2 --rule kp --lambda 1/4");
    assert_true(s.given.problem.lambda == 0.25 && s.given.problem.decay_count == 0);
    forget(&s);
    state_good(&s, "deep --sizes 2,2,2 --rule kp --lambda 1/4,1/2,0");
    assert_true(s.given.problem.lambda == 0 && s.given.problem.decay_count == 3);
    assert_true(s.given.problem.decays[1] == 0.5);
    forget(&s);
}

/* An init tells the depth, also where it holds a channel. */
static void starts_tell_the_depth(void **unused)
{
    (void)unused;
    struct stated s;
    state_good(&s, "chain --rule arbp --init 1,2,3,4,5");
    assert_int_equal(s.given.problem.depth, 3);
    forget(&s);
    state_good(&s, "chain --rule sign-symmetry --init 1,2,3");
    assert_int_equal(s.given.problem.depth, 3);
    forget(&s);
    state_good(&s, "chain --init 1,2,3,4");
    assert_int_equal(s.given.problem.depth, 4);
    forget(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(networks_of_any_size_are_stated),
        cmocka_unit_test(long_lists_come_from_files),
        cmocka_unit_test(words_become_matrices),
        cmocka_unit_test(feedback_is_drawn_by_fan_in),
        cmocka_unit_test(streams_are_apart),
        cmocka_unit_test(decays_are_one_or_many),
        cmocka_unit_test(starts_tell_the_depth),
    };
    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
