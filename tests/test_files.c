/* Directories and tables: whole or not at all, and numbers that come back as they went.
 *
 * Each test works in a directory of its own under TMPDIR.  The failures are real ones: a file where
 * a directory is wanted, a directory that does not exist, a name too long, a limit on the file
 * size. */
#include "base/folder.h"
#include "base/stream.h"
#include "base/table.h"

#include <dirent.h>
#include <errno.h>
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { TEXT_MAX = 4096, ROWS = 1000, SEED = 2018 };

struct place {
    char folder[TEXT_MAX];
};

static int place_create(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    const char *temporary = getenv("TMPDIR");
    if (!place)
        return -1;
    snprintf(place->folder, sizeof place->folder, "%s/settle-test-XXXXXX",
             temporary ? temporary : "/tmp");
    *state = place;
    return mkdtemp(place->folder) ? 0 : -1;
}

static int place_free(void **state)
{
    struct place *place = *state;
    char command[TEXT_MAX + 16];
    snprintf(command, sizeof command, "rm -rf '%s'", place->folder);
    const int failed = system(command);
    free(place);
    return failed;
}

/* The path of a name in the place; valid until the next call. */
static const char *path_in(const struct place *place, const char *name)
{
    static char path[TEXT_MAX];
    assert_int_equal(folder_join(place->folder, name, sizeof path, path), OK);
    return path;
}

static void read_text(const struct place *place, const char *name, char *text)
{
    FILE *file = fopen(path_in(place, name), "r");
    assert_non_null(file);
    text[fread(text, 1, TEXT_MAX - 1, file)] = '\0';
    fclose(file);
}

static size_t count_files(const char *folder)
{
    size_t count = 0;
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            count++;
    closedir(directory);
    return count;
}

static void folders_are_made_with_their_parents(void **state)
{
    const struct place *place = *state;
    struct stat about;
    char deep[TEXT_MAX];
    snprintf(deep, sizeof deep, "%s", path_in(place, "a/b//c/"));
    assert_int_equal(folder_create(deep), OK);
    assert_int_equal(folder_create(deep), OK); /* again is fine */
    assert_int_equal(stat(path_in(place, "a/b/c"), &about), 0);
    assert_true(S_ISDIR(about.st_mode));
    assert_int_equal(count_files(deep), 0); /* the probe is gone */
}

/* A process that is killed while it tries a directory leaves nothing that a second start keeps. */
static void what_a_killed_process_left_is_removed(void **state)
{
    const struct place *place = *state;
    FILE *left = fopen(path_in(place, ".settle-can-write"), "w");
    assert_non_null(left);
    assert_int_equal(fclose(left), 0);
    assert_int_equal(folder_create(place->folder), OK);
    assert_int_equal(access(path_in(place, ".settle-can-write"), F_OK), -1);
}

static void folders_that_cannot_be_are_refused(void **state)
{
    const struct place *place = *state;
    char path[TEXT_MAX];
    assert_int_equal(folder_write(place->folder, "file", "text"), OK);
    snprintf(path, sizeof path, "%s", path_in(place, "file"));
    assert_int_equal(folder_create(path), CANNOT_WRITE);
    assert_non_null(strstr(status_message(), path));
    assert_non_null(strstr(status_message(), strerror(ENOTDIR)));
    snprintf(path, sizeof path, "%s", path_in(place, "file/below"));
    assert_int_equal(folder_create(path), CANNOT_WRITE);
    assert_int_equal(folder_create(""), BAD_ARGUMENT);
    assert_int_equal(folder_create("/proc/settle"), CANNOT_WRITE);
}

static void a_folder_that_is_read_only_is_refused(void **state)
{
    assert_int_equal(folder_create("/proc"), CANNOT_WRITE); /* even for root */
    assert_non_null(strstr(status_message(), "/proc"));
    const struct place *place = *state;
    if (geteuid() == 0)
        return; /* root may write anywhere else */
    assert_int_equal(chmod(place->folder, S_IRUSR | S_IXUSR), 0);
    assert_int_equal(folder_create(place->folder), CANNOT_WRITE);
    assert_int_equal(chmod(place->folder, S_IRWXU), 0);
}

static void paths_are_joined(void **state)
{
    (void)state;
    char path[8];
    assert_int_equal(folder_join("a", "b", sizeof path, path), OK);
    assert_string_equal(path, "a/b");
    assert_int_equal(folder_join("a/", "b", sizeof path, path), OK);
    assert_string_equal(path, "a/b");
    assert_int_equal(folder_join("", "b", sizeof path, path), OK);
    assert_string_equal(path, "b");
    assert_int_equal(folder_join("1234", "67", sizeof path, path), OK); /* just fits */
    assert_int_equal(folder_join("1234", "678", sizeof path, path), BAD_ARGUMENT);
    assert_string_equal(path, "1234/67");
}

static void a_file_is_replaced_whole(void **state)
{
    const struct place *place = *state;
    char text[TEXT_MAX];
    assert_int_equal(folder_write(place->folder, "note", "first\n"), OK);
    assert_int_equal(folder_write(place->folder, "note", "second\n"), OK);
    read_text(place, "note", text);
    assert_string_equal(text, "second\n");
    assert_int_equal(count_files(place->folder), 1);
    assert_int_equal(folder_write(path_in(place, "missing"), "note", ""), CANNOT_WRITE);
    memset(text, 'n', 300);
    text[300] = '\0';
    assert_int_equal(folder_write(place->folder, text, ""), BAD_ARGUMENT);
}

static void a_table_has_the_documented_form(void **state)
{
    const struct place *place = *state;
    struct table *table;
    char text[TEXT_MAX];
    const double row[] = {-0.5, NAN};
    assert_int_equal(table_open(place->folder, "t.tsv", "a1 a2", &table), OK);
    table_row(table, 2, row);
    table_blank(table);
    table_text(table, "two\twords\n");
    table_number(table, -NAN);
    table_end_row(table);
    table_number(table, INFINITY);
    table_end_row(table);
    assert_int_equal(access(path_in(place, "t.tsv"), F_OK), -1); /* not before it is closed */
    assert_int_equal(table_close(table), OK);
    read_text(place, "t.tsv", text);
    assert_string_equal(text, "# a1\ta2\n-0.5\tnan\n\ntwo words \tnan\ninf\n");
    assert_int_equal(count_files(place->folder), 1);
}

static double random_double(uint64_t trial)
{
    struct stream stream = stream_at(SEED, 1, trial);
    const int exponent = (int)stream_below(&stream, 2090) - 1070;
    return ldexp(stream_between(&stream, -2, 2), exponent);
}

static void numbers_round_trip(void **state)
{
    const struct place *place = *state;
    struct table *table;
    assert_int_equal(table_open(place->folder, "t.tsv", "x", &table), OK);
    for (uint64_t i = 0; i < ROWS; i++) {
        const double x = random_double(i);
        table_row(table, 1, &x);
    }
    assert_int_equal(table_close(table), OK);
    FILE *file = fopen(path_in(place, "t.tsv"), "r");
    char line[TEXT_MAX];
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    for (uint64_t i = 0; i < ROWS; i++) {
        assert_non_null(fgets(line, sizeof line, file));
        assert_true(strtod(line, NULL) == random_double(i));
    }
    assert_null(fgets(line, sizeof line, file));
    fclose(file);
}

static void a_discarded_table_leaves_nothing(void **state)
{
    const struct place *place = *state;
    struct table *table;
    assert_int_equal(table_open(place->folder, "t.tsv", "x", &table), OK);
    table_number(table, 2.385);
    table_discard(table);
    table_discard(NULL);
    assert_int_equal(table_close(NULL), OK);
    assert_int_equal(count_files(place->folder), 0);
    struct table *untouched = NULL;
    assert_int_equal(table_open(path_in(place, "missing"), "t.tsv", "x", &untouched), CANNOT_WRITE);
    assert_non_null(strstr(status_message(), "missing/t.tsv"));
    assert_null(untouched);
}

/* A limit on the file size stands for a full disk: writes beyond it fail. */
static void a_full_disk_keeps_the_old_table(void **state)
{
    const struct place *place = *state;
    struct rlimit before, small;
    struct table *table;
    char text[TEXT_MAX];
    assert_int_equal(folder_write(place->folder, "t.tsv", "old\n"), OK);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_IGN);
    small = (struct rlimit){.rlim_cur = TEXT_MAX, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const enum status opened = table_open(place->folder, "t.tsv", "x", &table);
    for (int i = 0; opened == OK && i < ROWS; i++)
        table_row(table, 1, &(double){DBL_MIN});
    const enum status closed = opened == OK ? table_close(table) : opened;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(closed, CANNOT_WRITE);
    assert_non_null(strstr(status_message(), strerror(EFBIG)));
    read_text(place, "t.tsv", text);
    assert_string_equal(text, "old\n");
    assert_int_equal(count_files(place->folder), 1);
}

#define FILE_TEST(name) cmocka_unit_test_setup_teardown(name, place_create, place_free)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILE_TEST(folders_are_made_with_their_parents),
        FILE_TEST(folders_that_cannot_be_are_refused),
        FILE_TEST(a_folder_that_is_read_only_is_refused),
        FILE_TEST(what_a_killed_process_left_is_removed),
        FILE_TEST(paths_are_joined),
        FILE_TEST(a_file_is_replaced_whole),
        FILE_TEST(a_table_has_the_documented_form),
        FILE_TEST(numbers_round_trip),
        FILE_TEST(a_discarded_table_leaves_nothing),
        FILE_TEST(a_full_disk_keeps_the_old_table),
    };
    return cmocka_run_group_tests_name("files", tests, NULL, NULL);
}
