/* The progress line: seen on a terminal, never in a file, at most ten times a second, gone at the
 * end.
 *
 * The terminal is a pseudo-terminal put in the place of stderr while a test runs. */
#define _XOPEN_SOURCE 700 /* posix_openpt() */

#include "base/progress.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { SEEN_MAX = 4096, STEPS = 100000 };

static const struct timespec PAUSE = {.tv_nsec = 120000000}; /* longer than one update interval */

/* ms: the kernel hands over what was written in pieces, when it has time */
static const int SILENCE = 200;

/* stderr, and what stands in its place */
struct terminal {
    int master, saved;
};

/* In a chroot without /dev/pts there is no pseudo-terminal: nothing to test against. */
static struct terminal terminal_open(void)
{
    const int trial = posix_openpt(O_RDWR | O_NOCTTY);
    if (trial < 0)
        skip();
    close(trial);
    const struct terminal t = {.master = posix_openpt(O_RDWR | O_NOCTTY),
                               .saved = dup(STDERR_FILENO)};
    assert_true(t.master >= 0 && grantpt(t.master) == 0 && unlockpt(t.master) == 0);
    const int slave = open(ptsname(t.master), O_RDWR | O_NOCTTY);
    assert_true(slave >= 0);
    assert_int_equal(dup2(slave, STDERR_FILENO), STDERR_FILENO);
    close(slave);
    return t;
}

/* Puts stderr back; what was written to the terminal goes to seen[SEEN_MAX]. */
static void terminal_close(struct terminal t, char *seen)
{
    struct pollfd master = {.fd = t.master, .events = POLLIN};
    size_t length = 0;
    ssize_t more = 1;
    while (more > 0 && length < SEEN_MAX - 1 && poll(&master, 1, SILENCE) > 0) {
        more = read(t.master, seen + length, SEEN_MAX - 1 - length);
        length += more > 0 ? (size_t)more : 0;
    }
    seen[length] = '\0';
    assert_int_equal(dup2(t.saved, STDERR_FILENO), STDERR_FILENO);
    close(t.saved);
    close(t.master);
}

static size_t count_lines(const char *seen)
{
    size_t count = 0;
    for (const char *at = strstr(seen, "verify"); at; at = strstr(at + 1, "verify"))
        count++;
    return count;
}

static void a_run(bool visible, char *seen)
{
    const struct terminal t = terminal_open();
    struct progress *progress = progress_create(visible);
    progress_begin(progress, "verify t4", 2 * STEPS);
    for (int i = 0; i < STEPS; i++)
        progress_advance(progress, 1);
    nanosleep(&PAUSE, NULL);
    progress_advance(progress, 1);
    progress_end(progress);
    progress_free(progress);
    terminal_close(t, seen);
}

static void the_line_is_drawn_and_erased(void **state)
{
    (void)state;
    char seen[SEEN_MAX];
    a_run(true, seen);
    assert_non_null(strstr(seen, "verify t4   100001/200000  50 %"));
    assert_non_null(strstr(seen, " s left"));
    const char *erase = "\r\033[K";
    assert_string_equal(seen + strlen(seen) - strlen(erase), erase);
    assert_true(count_lines(seen) >= 1 && count_lines(seen) <= 4); /* 0.12 s, or a slow machine */
}

static void a_quiet_run_draws_nothing(void **state)
{
    (void)state;
    char seen[SEEN_MAX];
    a_run(false, seen);
    assert_string_equal(seen, "");
}

static void a_file_is_not_a_terminal(void **state)
{
    (void)state;
    FILE *file = tmpfile();
    const int saved = dup(STDERR_FILENO);
    assert_non_null(file);
    assert_int_equal(dup2(fileno(file), STDERR_FILENO), STDERR_FILENO);
    struct progress *progress = progress_create(true);
    progress_begin(progress, "verify", 1);
    nanosleep(&PAUSE, NULL);
    progress_advance(progress, 1);
    progress_end(progress);
    progress_free(progress);
    assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);
    close(saved);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    assert_int_equal(ftell(file), 0);
    fclose(file);
}

static void no_progress_is_harmless(void **state)
{
    (void)state;
    progress_begin(NULL, "verify", 1);
    progress_advance(NULL, 1);
    progress_end(NULL);
    progress_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_line_is_drawn_and_erased),
        cmocka_unit_test(a_quiet_run_draws_nothing),
        cmocka_unit_test(a_file_is_not_a_terminal),
        cmocka_unit_test(no_progress_is_harmless),
    };
    return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
