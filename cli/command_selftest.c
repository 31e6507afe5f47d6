/* settle selftest: may this build be believed on this machine?
 *
 * One line for each test of selftest/selftest.h, as it ends; before them the libraries, which must be
 * no older than those that the program was built with.  A test that fails tells how its first case
 * did.  The exit status is the verdict: 0 all pass, 1 one fails, 4 they could not be run. */
#include "cli/command.h"

#include "base/nearest.h"
#include "cli/interrupt.h"
#include "cli/json.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "cli/versions.h"
#include "selftest/selftest.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 12, HINT_MAX = 80, VERSION_PARTS = 3, DECIMAL = 10 };

struct session {
    const struct options *options;
    struct selftest_plan plan;
    json_t *tests; /* with --json */
    size_t run, failed;
    double begun;
};

/* ---- saying it ---- */

static void print_line(const struct session *session, const char *name, double seconds,
                       const struct selftest_tally *tally)
{
    const bool passes = tally->failed == 0;
    if (session->tests || (passes && options_given(session->options, OPTION_quiet)))
        return;
    printf("%-4s %-*s %6zu tried, %zu failed, %.1f s: %s\n", passes ? "ok" : "FAIL", WIDTH, name,
           tally->tried, tally->failed, seconds, passes ? tally->told : tally->first);
    fflush(stdout);
}

/* Of a test that fails, `told` is not what is the case. */
static void append_json(struct session *session, const char *name, const char *title,
                        double seconds, const struct selftest_tally *tally)
{
    if (!session->tests)
        return;
    const bool passes = tally->failed == 0;
    json_t *endings = json_object();
    for (int k = 0; k < ENDING_COUNT; k++)
        if (tally->endings[k] > 0)
            json_object_set_new(endings, ending_name((enum ending)k),
                                json_integer((json_int_t)tally->endings[k]));
    json_array_append_new(
        session->tests,
        json_pack("{s:s, s:s, s:b, s:I, s:I, s:I, s:I, s:o, s:o, s:o}", "name", name, "title",
                  title, "passes", (int)passes, "tried", (json_int_t)tally->tried, "failed",
                  (json_int_t)tally->failed, "judged", (json_int_t)tally->judged, "agreed",
                  (json_int_t)tally->agreed, "endings", endings, "says",
                  json_text(passes ? tally->told : tally->first), "seconds", json_finite(seconds)));
}

static void tell(struct session *session, const struct selftest *test, double seconds,
                 const struct selftest_tally *tally)
{
    session->run++;
    session->failed += tally->failed > 0;
    print_line(session, test->name, seconds, tally);
    append_json(session, test->name, test->title, seconds, tally);
}

/* ---- libraries ---- */

/* Is version a older than b?  Numbers parted by points. */
static bool is_older(const char *a, const char *b)
{
    for (size_t part = 0; part < VERSION_PARTS; part++) {
        char *after_a, *after_b;
        const unsigned long x = strtoul(a, &after_a, DECIMAL), y = strtoul(b, &after_b, DECIMAL);
        if (x != y)
            return x < y;
        if (*after_a != '.' || *after_b != '.')
            return false;
        a = after_a + 1;
        b = after_b + 1;
    }
    return false;
}

static enum status libraries(const struct selftest_plan *plan, struct selftest_tally *tally)
{
    struct version loaded[VERSIONS_COUNT], built[VERSIONS_COUNT];
    char text[SELFTEST_TEXT_MAX] = "";
    (void)plan;
    versions_loaded(loaded);
    versions_built(built);
    for (size_t k = 0; k < VERSIONS_COUNT; k++) {
        const size_t used = strlen(text);
        tally->tried++;
        snprintf(text + used, sizeof text - used, "%s%s %s", k > 0 ? ", " : "", loaded[k].name,
                 loaded[k].number);
        if (is_older(loaded[k].number, built[k].number))
            selftest_blame(tally, "%s %s was loaded, and the program was built with %s",
                           loaded[k].name, loaded[k].number, built[k].number);
    }
    selftest_tell(tally, "%s", text);
    return OK;
}

static const struct selftest libraries_test = {
    .name = "libraries",
    .title = "no library is older than the one that the program was built with",
    .run = libraries,
};

/* ---- running ---- */

static bool is_wanted(const struct session *session, const struct selftest *test)
{
    for (size_t k = 0; k < session->options->words; k++)
        if (strcmp(session->options->word[k], test->name) == 0)
            return true;
    return session->options->words == 0;
}

static enum status test_run(struct session *session, const struct selftest *test)
{
    struct selftest_tally tally = {.tried = 0};
    if (!is_wanted(session, test))
        return OK;
    const double begun = progress_clock();
    struct progress *progress = terminal_wait_begin(session->options, test->name);
    const enum status status = test->run(&session->plan, &tally);
    terminal_wait_end(progress);
    TRY(status);
    if (tally.tried == 0)
        selftest_blame(&tally, "nothing was tried");
    tell(session, test, progress_clock() - begun, &tally);
    return OK;
}

static enum status tests_run(struct session *session)
{
    TRY(test_run(session, &libraries_test));
    for (const struct selftest *const *test = selftest_registry; *test; test++)
        TRY(test_run(session, *test));
    return OK;
}

static void names_list(size_t size, char *text)
{
    size_t length = (size_t)snprintf(text, size, "%s", libraries_test.name);
    for (const struct selftest *const *test = selftest_registry; *test && length < size; test++)
        length += (size_t)snprintf(text + length, size - length, ", %s", (*test)->name);
}

static enum status name_check(const char *name)
{
    char hint[HINT_MAX], names[SELFTEST_TEXT_MAX];
    struct nearest nearest = nearest_to(name);
    nearest_offer(&nearest, libraries_test.name);
    if (strcmp(name, libraries_test.name) == 0)
        return OK;
    for (const struct selftest *const *test = selftest_registry; *test; test++) {
        if (strcmp(name, (*test)->name) == 0)
            return OK;
        nearest_offer(&nearest, (*test)->name);
    }
    names_list(sizeof names, names);
    return status_fail(UNKNOWN_NAME, "no test is called '%.40s'%s; there are %.300s", name,
                       nearest_hint(&nearest, sizeof hint, hint), names);
}

static enum status results_print(struct session *session)
{
    const double seconds = progress_clock() - session->begun;
    if (!session->tests) {
        printf("%zu of %zu tests pass, %.1f s\n", session->run - session->failed, session->run,
               seconds);
        return OK;
    }
    json_t *tests = session->tests;
    session->tests = NULL;
    return json_print(json_pack("{s:o, s:b, s:f}", "tests", tests, "passes",
                                (int)(session->failed == 0), "seconds", seconds),
                      stdout);
}

static enum status session_run(struct session *session)
{
    for (size_t k = 0; k < session->options->words; k++)
        TRY(name_check(session->options->word[k]));
    if (options_given(session->options, OPTION_json) && !(session->tests = json_array()))
        return status_fail(NO_MEMORY, "no memory for the results");
    interrupt_watch();
    TRY(tests_run(session));
    return results_print(session);
}

static enum status selftest_run(const struct options *options, enum exit_code *exit_code)
{
    struct session session = {.options = options,
                              .plan = {.trials = options->trials,
                                       .threads = (int)options->threads,
                                       .stop = interrupt_flag()},
                              .begun = progress_clock()};
    const enum status status = session_run(&session);
    json_decref(session.tests);
    if (status == OK)
        *exit_code = session.failed > 0 ? EXIT_REFUTED : EXIT_HOLDS;
    return status;
}

const struct command command_selftest = {
    .name = "selftest",
    .title = "does this build get known answers right on this machine?",
    .arguments = "[TEST ...]",
    .help =
        "Tries what every answer rests on, in a few seconds: the libraries and the floating-point\n"
        "environment on every thread; limits, rates, exponents and times that are known to 16\n"
        "digits and more, by algebra, by three integrators, by exact algebra and in sweeps;\n"
        "blow-ups at known times; and traps, where stopping rules go wrong: ties, double roots,\n"
        "saddles that symmetry reaches bit for bit, centers, folds, continua, switching surfaces\n"
        "met nearly at once, and every system under every rule.  One false ending fails.  The\n"
        "judges are tried, too: they are shown forged endings.  Results must be the same, bit by\n"
        "bit, for any number of threads.\n"
        "--trials N tries N traps of each kind; --quiet prints failures and the sum.\n"
        "Exit status: 0 all pass, 1 one fails, 4 they could not be run.\n"
        "\n"
        "example: after building or moving to another machine\n"
        "  settle selftest\n"
        "a thousand chains of each kind\n"
        "  settle selftest chains --trials 1000\n"
        "what failed, for a script\n"
        "  settle selftest --json | jq -r '.tests[] | select(.passes | not) | .name, .says'\n",
    .options = "json quiet threads trials",
    .least = 0,
    .most = OPTIONS_WORDS_MAX,
    .run = selftest_run,
};
