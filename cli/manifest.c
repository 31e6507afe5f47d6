/* manifest.json: how the files of a directory were made.
 *
 * The manifest is written last, so a directory without one is unfinished; a command that begins
 * anew in an old directory first removes what the old manifest lists, so that no picture of another
 * run stays behind.  It holds what a reader needs to make the files again (command line, effective
 * parameters, seed) and what can change their last digits (versions as loaded, compiler, flags,
 * CPU), with the SHA-256 of every output. */
#include "cli/manifest.h"

#include "base/folder.h"
#include "cli/digest.h"
#include "cli/json.h"
#include "cli/problem_json.h"
#include "cli/versions.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#ifndef SETTLE_BUILD_FLAGS
#define SETTLE_BUILD_FLAGS "unknown"
#endif

#ifdef __clang__
#define COMPILER __VERSION__
#else
#define COMPILER "gcc " __VERSION__
#endif

enum { PATH_LENGTH = 4096, LINE_LENGTH = 512, TIME_LENGTH = 32 };

static const char MANIFEST[] = "manifest.json";
static const double NANOSECONDS = 1e9; /* in a second */

struct manifest {
    const struct options *options;
    const char *directory;
    int lock;              /* of the directory */
    struct timespec begun; /* monotonic */
    char started[TIME_LENGTH];
    json_t *parameters, *outputs;
    bool told_undrawn;
    enum status status; /* the first failure on the way */
    char message[STATUS_MESSAGE_MAX];
};

/* Proves that the directory can be written; what the user can mend is BAD_ARGUMENT. */
static enum status directory_create(const char *directory)
{
    if (folder_create(directory) == OK)
        return OK;
    char message[STATUS_MESSAGE_MAX];
    snprintf(message, sizeof message, "%s", status_message());
    return status_fail(BAD_ARGUMENT, "--out: %s", message);
}

/* folder_lock() or folder_lock_shared() */
typedef enum status locking(const char *path, int *lock);

static enum status directory_lock(const char *directory, locking *take, int *lock)
{
    char message[STATUS_MESSAGE_MAX];
    if (take(directory, lock) == OK)
        return OK;
    snprintf(message, sizeof message, "%s", status_message());
    return status_fail(BAD_ARGUMENT, "--out: %s; wait for its end, or give another --out", message);
}

static enum status manifest_create_locked(const struct options *options, const char *directory,
                                          locking *take, struct manifest **manifest)
{
    int lock = FOLDER_UNLOCKED;
    TRY(directory_create(directory));
    TRY(directory_lock(directory, take, &lock));
    struct manifest *made = calloc(1, sizeof *made);
    if (!made) {
        folder_unlock(lock);
        return status_fail(NO_MEMORY, "no memory for the manifest of %s", directory);
    }
    made->options = options;
    made->directory = directory;
    made->lock = lock;
    made->parameters = json_object();
    made->outputs = json_object();
    clock_gettime(CLOCK_MONOTONIC, &made->begun);
    time_t now = time(NULL);
    struct tm utc;
    strftime(made->started, sizeof made->started, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    *manifest = made;
    return OK;
}

bool manifest_undrawn(struct manifest *manifest)
{
    const bool first = !manifest->told_undrawn;
    manifest->told_undrawn = true;
    return first;
}

enum status manifest_create(const struct options *options, const char *directory,
                            struct manifest **manifest)
{
    return manifest_create_locked(options, directory, folder_lock, manifest);
}

enum status manifest_create_shared(const struct options *options, const char *directory,
                                   struct manifest **manifest)
{
    return manifest_create_locked(options, directory, folder_lock_shared, manifest);
}

static void file_remove(const struct manifest *manifest, const char *name)
{
    char path[PATH_LENGTH];
    if (!strchr(name, '/') && folder_join(manifest->directory, name, sizeof path, path) == OK)
        unlink(path); /* one that stays will be overwritten, or that will fail */
}

/* What `settle report` has made of other results. */
static void reports_remove(const struct manifest *manifest)
{
    file_remove(manifest, "report.html");
    file_remove(manifest, "report.tex");
}

void manifest_clear(const struct manifest *manifest)
{
    char path[PATH_LENGTH];
    if (folder_join(manifest->directory, MANIFEST, sizeof path, path) != OK)
        return;
    json_t *old = json_load_file(path, 0, NULL);
    json_t *outputs = json_object_get(old, "outputs");
    for (void *at = json_object_iter(outputs); at; at = json_object_iter_next(outputs, at))
        file_remove(manifest, json_object_iter_key(at));
    json_decref(old);
    file_remove(manifest, MANIFEST);
    reports_remove(manifest);
}

const char *manifest_directory(const struct manifest *manifest)
{
    return manifest->directory;
}

void manifest_withdraw(const struct manifest *manifest)
{
    for (void *at = json_object_iter(manifest->outputs); at;
         at = json_object_iter_next(manifest->outputs, at))
        file_remove(manifest, json_object_iter_key(at));
}

json_t *manifest_files(const struct manifest *manifest)
{
    json_t *files = json_array();
    for (void *at = json_object_iter(manifest->outputs); at;
         at = json_object_iter_next(manifest->outputs, at))
        json_array_append_new(files, json_string(json_object_iter_key(at)));
    return files;
}

void manifest_parameter(struct manifest *manifest, const char *name, json_t *value)
{
    if (json_object_set_new(manifest->parameters, name, value) != 0 && manifest->status == OK) {
        manifest->status = NO_MEMORY;
        snprintf(manifest->message, sizeof manifest->message, "no memory for the manifest");
    }
}

json_t *manifest_parameters(const struct manifest *manifest)
{
    return manifest->parameters;
}

/* The entries of `all`, which goes. */
static void parameters_add(struct manifest *manifest, json_t *all)
{
    for (void *at = json_object_iter(all); at; at = json_object_iter_next(all, at))
        manifest_parameter(manifest, json_object_iter_key(at),
                           json_incref(json_object_iter_value(at)));
    json_decref(all);
}

void manifest_plan(struct manifest *manifest, const struct plan *plan)
{
    parameters_add(manifest, problem_json_plan(plan));
}

void manifest_problem(struct manifest *manifest, const struct problem_given *given)
{
    parameters_add(manifest, problem_json(given));
}

/* "1/2,-1/3" as ["1/2", "-1/3"], "1/2" of what is no list as "1/2". */
static json_t *typed_json(const char *text, bool list)
{
    if (!list)
        return json_text(text);
    json_t *array = json_array();
    for (const char *at = text;; at += strcspn(at, ",") + 1) {
        json_array_append_new(array, json_stringn(at, strcspn(at, ",")));
        if (at[strcspn(at, ",")] == '\0')
            return array;
    }
}

void manifest_problem_as_typed(struct manifest *manifest, const struct problem_given *given)
{
    static const struct {
        enum option_word option;
        const char *name;
        bool list; /* even of one number */
    } typed[] = {{OPTION_alpha, "alpha", false},
                 {OPTION_beta, "beta", false},
                 {OPTION_c, "c", true},
                 {OPTION_init, "init", true},
                 {OPTION_lambda, "lambda", false},
                 {OPTION_mu, "mu", false},
                 {OPTION_rates, "rates", true},
                 {OPTION_sigma_ii, "sigma_ii", true},
                 {OPTION_sigma_ti, "sigma_ti", true},
                 {OPTION_radius, "radius", false},
                 {OPTION_within, "within", false}};
    manifest_problem(manifest, given);
    for (size_t k = 0; k < sizeof typed / sizeof *typed; k++) {
        const char *text = manifest->options->text[typed[k].option];
        if (text && *text != '@' && !isalpha((unsigned char)*text))
            manifest_parameter(manifest, typed[k].name,
                               typed_json(text, typed[k].list || strchr(text, ',')));
    }
}

void manifest_output(struct manifest *manifest, const char *name)
{
    char path[PATH_LENGTH], hex[DIGEST_TEXT];
    enum status status = folder_join(manifest->directory, name, sizeof path, path);
    if (status == OK && access(path, F_OK) != 0)
        return;
    if (status == OK)
        status = digest_file(path, hex);
    if (status == OK && json_object_set_new(manifest->outputs, name, json_string(hex)) != 0)
        status = status_fail(NO_MEMORY, "no memory for the manifest");
    if (status != OK && manifest->status == OK) {
        manifest->status = status;
        snprintf(manifest->message, sizeof manifest->message, "%s", status_message());
    }
}

static json_t *command_line(const struct options *options)
{
    json_t *line = json_array();
    for (int k = 0; k < options->argc; k++)
        json_array_append_new(line, json_text(options->argv[k]));
    return line;
}

static json_t *versions_object(void)
{
    struct version version[VERSIONS_COUNT];
    json_t *object = json_object();
    versions_loaded(version);
    for (size_t k = 0; k < VERSIONS_COUNT; k++)
        json_object_set_new(object, version[k].name, json_string(version[k].number));
    return object;
}

/* The model of the CPU as the kernel names it, else the machine's architecture. */
static json_t *cpu_model(void)
{
    char line[LINE_LENGTH], model[LINE_LENGTH] = "";
    FILE *file = fopen("/proc/cpuinfo", "r");
    while (file && !*model && fgets(line, sizeof line, file))
        if (strncmp(line, "model name", strlen("model name")) == 0 && strchr(line, ':'))
            snprintf(model, sizeof model, "%s", strchr(line, ':') + 2);
    if (file)
        fclose(file);
    model[strcspn(model, "\n")] = '\0';
    struct utsname machine;
    if (!*model && uname(&machine) == 0)
        snprintf(model, sizeof model, "%.*s", LINE_LENGTH - 1, machine.machine);
    return json_string(model);
}

static double seconds_since(const struct timespec *begun)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - begun->tv_sec) +
           (double)(now.tv_nsec - begun->tv_nsec) / NANOSECONDS;
}

static json_t *manifest_object(const struct manifest *manifest)
{
    json_t *object = json_object();
    json_object_set_new(object, "command", command_line(manifest->options));
    json_object_set_new(object, "started", json_string(manifest->started));
    json_object_set_new(object, "seconds", json_finite(seconds_since(&manifest->begun)));
    json_object_set(object, "parameters", manifest->parameters);
    json_object_set_new(object, "versions", versions_object());
    json_object_set_new(object, "compiler", json_string(COMPILER));
    json_object_set_new(object, "flags", json_string(SETTLE_BUILD_FLAGS));
    json_object_set_new(object, "cpu", cpu_model());
    json_object_set(object, "outputs", manifest->outputs);
    return object;
}

enum status manifest_save(struct manifest *manifest)
{
    enum status status = manifest->status;
    reports_remove(manifest);
    if (status == OK)
        status = json_save(manifest_object(manifest), manifest->directory, MANIFEST);
    else
        status = status_fail(status, "%s", manifest->message);
    manifest_free(manifest);
    return status;
}

void manifest_free(struct manifest *manifest)
{
    if (!manifest)
        return;
    json_decref(manifest->parameters);
    json_decref(manifest->outputs);
    folder_unlock(manifest->lock);
    free(manifest);
}
