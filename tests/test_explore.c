/* The parts of the explorer that a browser does not see: what a query may be, what a command line is
 * after it, the queue of work. */
#include "cli/explore_pool.h"
#include "cli/explore_stated.h"

#include "base/stream.h"
#include "cli/command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WORDS = 16, LINE = 256 };

static const char GOOD[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,+-/:_";

/* ---- queries ---- */

static void test_a_query_is_read_once(void **state)
{
    struct explore_query query = {.count = 0};
    (void)state;
    assert_int_equal(explore_query_read("c=1%2F2&init=-2%2c%2B1&from=&rule=rbp", "from to", &query),
                     OK);
    assert_int_equal(query.count, 4);
    assert_string_equal(explore_query_value(&query, "c"), "1/2");
    assert_string_equal(explore_query_value(&query, "init"), "-2,+1");
    assert_string_equal(explore_query_value(&query, "from"), "");
    assert_null(explore_query_value(&query, "to"));
    assert_int_equal(explore_query_read("c=%2525", "", &query), BAD_ARGUMENT);
    assert_int_equal(explore_query_read("from=1", "fromage", &query), BAD_ARGUMENT);
    assert_int_equal(explore_query_read("", "", &query), OK);
    assert_int_equal(query.count, 0);
}

/* No byte but those of the alphabet comes through, however it is written. */
static void test_every_byte(void **state)
{
    struct explore_query query = {.count = 0};
    (void)state;
    for (int byte = 1; byte < 256; byte++) {
        char plain[] = {'c', '=', (char)byte, '\0'}, encoded[LINE];
        snprintf(encoded, sizeof encoded, "c=%%%02x", (unsigned)byte);
        const bool good = strchr(GOOD, byte) != NULL;
        assert_int_equal(explore_query_read(encoded, "", &query) == OK, good);
        assert_int_equal(explore_query_read(plain, "", &query) == OK, good);
    }
    assert_int_equal(explore_query_read("c=%00", "", &query), BAD_ARGUMENT);
}

/* Random texts of likely pieces: what is accepted has known keys, each once, and good values. */
static void test_random_queries(void **state)
{
    static const char *const pieces[] = {"c",  "init", "rule", "=",  "=",   "&",  "&",    "1",
                                         "%2", "%2C",  "%00",  "@",  "out", "%",  "-1,",  "json",
                                         "z",  "%3D",  "%26",  "%c", "2/3", "..", "\xff", " "};
    enum { PIECES = sizeof pieces / sizeof *pieces, TRIALS = 200000, MOST = 12 };
    struct explore_query query = {.count = 0};
    size_t accepted = 0;
    (void)state;
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        struct stream stream = stream_at(1, stream_key("queries"), trial);
        char text[LINE] = "";
        size_t length = 0;
        for (size_t k = 0; k < MOST * stream_uniform(&stream); k++)
            length += (size_t)snprintf(text + length, sizeof text - length, "%s",
                                       pieces[(size_t)(PIECES * stream_uniform(&stream))]);
        if (explore_query_read(text, "", &query) != OK)
            continue;
        accepted += query.count > 0;
        for (size_t k = 0; k < query.count; k++) {
            assert_int_equal(strspn(query.value[k], GOOD), strlen(query.value[k]));
            assert_true(strcmp(query.key[k], "c") == 0 || strcmp(query.key[k], "init") == 0 ||
                        strcmp(query.key[k], "rule") == 0);
            for (size_t j = 0; j < k; j++)
                assert_string_not_equal(query.key[j], query.key[k]);
        }
    }
    assert_true(accepted > 100);
}

/* As many keys as there are, and one byte too many. */
static void test_long_queries(void **state)
{
    struct explore_query query = {.count = 0};
    char *text = malloc(EXPLORE_QUERY_MOST + 2);
    (void)state;
    assert_non_null(text);
    memset(text, '1', EXPLORE_QUERY_MOST + 1);
    memcpy(text, "c=", 2);
    text[EXPLORE_QUERY_MOST] = '\0';
    assert_int_equal(explore_query_read(text, "", &query), OK);
    assert_int_equal(strlen(explore_query_value(&query, "c")), EXPLORE_QUERY_MOST - 2);
    text[EXPLORE_QUERY_MOST] = '1';
    text[EXPLORE_QUERY_MOST + 1] = '\0';
    assert_int_equal(explore_query_read(text, "", &query), BAD_ARGUMENT);
    free(text);
}

/* No option that names a file, or that is the server's own, is a request's to give. */
static void test_no_option_names_a_file(void **state)
{
    static const enum option_word never[] = {
        OPTION_data,  OPTION_labels, OPTION_offline, OPTION_open,    OPTION_out,   OPTION_port,
        OPTION_quiet, OPTION_resume, OPTION_replace, OPTION_threads, OPTION_steps, OPTION_samples};
    (void)state;
    for (size_t k = 0; k < sizeof never / sizeof *never; k++)
        assert_false(explore_query_allows(never[k]));
    assert_true(explore_query_allows(OPTION_c));
}

/* ---- command lines ---- */

struct started {
    char text[LINE];
    char *argv[WORDS];
    int argc;
    struct options options;
};

static void start(struct started *started, const char *line)
{
    memset(started, 0, sizeof *started);
    snprintf(started->text, sizeof started->text, "settle explore %s", line);
    for (char *word = strtok(started->text, " "); word; word = strtok(NULL, " "))
        started->argv[started->argc++] = word;
    assert_int_equal(
        options_parse(started->argc, started->argv, &command_explore, &started->options), OK);
}

static void commands_equal(const char *line, const char *raw, const char *command)
{
    struct started started;
    struct explore_query query = {.count = 0};
    struct explore_stated stated;
    start(&started, line);
    assert_int_equal(explore_query_read(raw, "", &query), OK);
    assert_int_equal(explore_stated_make(&started.options, &query, &stated), OK);
    char *text = explore_stated_command(&stated, &command_run, OPTION_COUNT);
    assert_non_null(text);
    assert_string_equal(text, command);
    free(text);
    explore_stated_free(&stated);
    options_free(&started.options);
}

static void test_a_query_takes_the_place_of_options(void **state)
{
    (void)state;
    commands_equal("chain --c 1 --init -2,1", "", "settle run chain --c 1 --init -2,1");
    commands_equal("chain --c 1 --init -2,1", "c=1/3", "settle run chain --c 1/3 --init -2,1");
    commands_equal("chain --c 1 --init -2,1", "c=", "settle run chain --init -2,1");
    commands_equal("chain --c 1", "init=3,-4&rule=srbp",
                   "settle run chain --c 1 --init 3,-4 --rule srbp");
    commands_equal("chain --c 1 --window=-1,1,-1,1 --grid 9x9", "window=0,1,0,1",
                   "settle run chain --c 1");
    commands_equal("chain --quiet --port 80", "", "settle run chain");
    commands_equal("chain --activation tanh", "no-derivative=1",
                   "settle run chain --activation tanh --no-derivative");
    commands_equal("chain --activation tanh --no-derivative",
                   "no-derivative=", "settle run chain --activation tanh");
}

static void refused(const char *line, const char *raw)
{
    struct started started;
    struct explore_query query = {.count = 0};
    struct explore_stated stated;
    start(&started, line);
    assert_int_equal(explore_query_read(raw, "", &query), OK);
    const enum status status = explore_stated_make(&started.options, &query, &stated);
    assert_int_equal(command_exit(status), EXIT_USAGE);
    assert_true(strlen(status_message()) > 0);
    options_free(&started.options);
}

static void test_bounds(void **state)
{
    (void)state;
    refused("chain", "depth=33");
    refused("chain", "grid=201x10");
    refused("chain", "grid=10x10x10");
    refused("deep --sizes 2,2,2", "sizes=65,1,1");
    refused("deep --sizes 2,2,2", "sizes=12,12,12");
    refused("deep --sizes 2,2,2 --rule arbp", "sizes=8,8,8"); /* C is unknown, too */
    refused("polynomial --q 0,1", "plane=x,x");
}

/* ---- the pool ---- */

static void count_up(void *job)
{
    atomic_fetch_add((atomic_int *)job, 1);
}

static void test_the_pool_does_all_work(void **state)
{
    enum { JOBS = 20000, ROOM = 64 };
    struct explore_pool *pool = NULL;
    atomic_int done = 0;
    int added = 0, full = 0;
    (void)state;
    assert_int_equal(explore_pool_create(4, ROOM, &pool), OK);
    while (added < JOBS)
        if (explore_pool_add(pool, count_up, &done))
            added++;
        else
            full++;
    explore_pool_end(pool);
    assert_int_equal(atomic_load(&done), JOBS);
    assert_false(explore_pool_add(pool, count_up, &done));
    explore_pool_free(pool);
    explore_pool_free(NULL);
    (void)full;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_query_is_read_once),
                                       cmocka_unit_test(test_every_byte),
                                       cmocka_unit_test(test_random_queries),
                                       cmocka_unit_test(test_long_queries),
                                       cmocka_unit_test(test_no_option_names_a_file),
                                       cmocka_unit_test(test_a_query_takes_the_place_of_options),
                                       cmocka_unit_test(test_bounds),
                                       cmocka_unit_test(test_the_pool_does_all_work)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
