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
#include "cli/versions.h"
#include "linear/channel_activation.h"
#include "nonlinear/activation.h"

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

enum { PATH_LENGTH = 4096, LINE_LENGTH = 512, TIME_LENGTH = 32, ENTRIES_MOST = 65536 };

static const char MANIFEST[] = "manifest.json";
static const double NANOSECONDS = 1e9; /* in a second */

struct manifest {
    const struct options *options;
    const char *directory;
    struct timespec begun; /* monotonic */
    char started[TIME_LENGTH];
    json_t *parameters, *outputs;
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

enum status manifest_create(const struct options *options, const char *directory,
                            struct manifest **manifest)
{
    TRY(directory_create(directory));
    struct manifest *made = calloc(1, sizeof *made);
    if (!made)
        return status_fail(NO_MEMORY, "no memory for the manifest of %s", directory);
    made->options = options;
    made->directory = directory;
    made->parameters = json_object();
    made->outputs = json_object();
    clock_gettime(CLOCK_MONOTONIC, &made->begun);
    time_t now = time(NULL);
    struct tm utc;
    strftime(made->started, sizeof made->started, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    *manifest = made;
    return OK;
}

static void file_remove(const struct manifest *manifest, const char *name)
{
    char path[PATH_LENGTH];
    if (!strchr(name, '/') && folder_join(manifest->directory, name, sizeof path, path) == OK)
        unlink(path); /* one that stays will be overwritten, or that will fail */
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
}

const char *manifest_directory(const struct manifest *manifest)
{
    return manifest->directory;
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

void manifest_plan(struct manifest *manifest, const struct plan *plan)
{
    manifest_parameter(manifest, "method", json_string(options_method_name(plan->method)));
    manifest_parameter(manifest, "rtol", json_finite(plan->rtol));
    manifest_parameter(manifest, "atol", json_finite(plan->atol));
    manifest_parameter(manifest, "horizon", json_finite(plan->horizon));
    manifest_parameter(manifest, "steps_most", json_integer((json_int_t)plan->steps_most));
}

/* N0, ..., NL as given. */
static json_t *sizes_array(const struct problem *problem)
{
    json_t *array = json_array();
    for (size_t k = 0; k < problem->size_count; k++)
        json_array_append_new(array, json_integer((json_int_t)problem->sizes[k]));
    return array;
}

/* The numbers of a matrix; of a large one, which the command line has from a file, only how many
 * there are. */
static json_t *entries_array(const struct entries *entries)
{
    if (entries->count > ENTRIES_MOST)
        return json_pack("{s:I}", "numbers", (json_int_t)entries->count);
    return json_vector(entries->count, problem_entries(entries));
}

/* What was read, and the digests that tell one file from another. */
static void data_parameters(struct manifest *manifest, const struct problem_given *given)
{
    char text[PROBLEM_TEXT_MAX], hex[DIGEST_TEXT];
    if (given->moments.count == 0)
        return;
    manifest_parameter(manifest, "data", json_text(problem_data(given, sizeof text, text)));
    if (digest_file(given->source.data, hex) == OK)
        manifest_parameter(manifest, "data_sha256", json_string(hex));
    if (given->source.labels && digest_file(given->source.labels, hex) == OK)
        manifest_parameter(manifest, "labels_sha256", json_string(hex));
}

static void neuron_parameters(struct manifest *manifest, const struct problem *problem)
{
    char text[ACTIVATION_TEXT_MAX];
    if (problem->neuron_count == 0)
        return;
    manifest_parameter(manifest, "activation",
                       json_text(activation_list_text(problem, sizeof text, text)));
    manifest_parameter(manifest, "no_derivative", json_boolean(problem->no_derivative));
    manifest_parameter(manifest, "biases", json_boolean(problem->biases));
    manifest_parameter(manifest, "gaussian", json_finite(problem->gaussian));
    manifest_parameter(manifest, "weights", entries_array(&problem->sample_weights));
    if (problem->teacher.neurons.activation)
        manifest_parameter(
            manifest, "teacher",
            json_text(activation_teacher_text(&problem->teacher, sizeof text, text)));
}

void manifest_problem(struct manifest *manifest, const struct problem_given *given)
{
    const struct problem *problem = &given->problem;
    manifest_parameter(manifest, "system", json_text(problem->system->name));
    manifest_parameter(manifest, "rule", json_text(problem->rule ? problem->rule->name : NULL));
    manifest_parameter(manifest, "sizes", sizes_array(problem));
    manifest_parameter(manifest, "alpha", json_finite(problem->alpha));
    manifest_parameter(manifest, "beta", json_finite(problem->beta));
    manifest_parameter(manifest, "sigma_ii", entries_array(&problem->sigma_ii));
    manifest_parameter(manifest, "sigma_ti", entries_array(&problem->sigma_ti));
    manifest_parameter(
        manifest, "channel_activation",
        json_text(problem->channel_activation ? problem->channel_activation->name : NULL));
    neuron_parameters(manifest, problem);
    manifest_parameter(manifest, "inputs", entries_array(&problem->inputs));
    manifest_parameter(manifest, "targets", entries_array(&problem->targets));
    manifest_parameter(manifest, "lambda", json_finite(problem->lambda));
    manifest_parameter(manifest, "decays", json_vector(problem->decay_count, problem->decays));
    manifest_parameter(manifest, "mirror", json_finite(problem->mirror));
    manifest_parameter(manifest, "c", json_vector(problem->c_count, problem_feedback(problem)));
    manifest_parameter(manifest, "rates", json_vector(problem->rate_count, problem->rates));
    manifest_parameter(manifest, "q", json_vector(problem->q_count, problem->q));
    manifest_parameter(manifest, "init", json_vector(given->dim, given->x0));
    data_parameters(manifest, given);
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
    free(manifest);
}
