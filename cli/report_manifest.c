/* The manifest, read back.
 *
 * Its names are names of files in the directory and nothing else: a manifest that says "../x" is
 * damaged, and a link or a device in the place of a result is no result.  Hashes are computed anew
 * for every file, so that the report says what it was made from. */
#include "cli/report_manifest.h"

#include "base/folder.h"
#include "cli/digest.h"

#include <string.h>
#include <sys/stat.h>

static const char MANIFEST[] = "manifest.json";

enum { SECOND_WORD = 1 };

/* ---- reading ---- */

static bool is_digest(const char *text)
{
    return text && strlen(text) == DIGEST_TEXT - 1 &&
           strspn(text, "0123456789abcdef") == DIGEST_TEXT - 1;
}

static bool is_file_name(const char *name)
{
    return *name && !strchr(name, '/') && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static enum status damaged(const struct report_manifest *manifest, const char *what)
{
    return status_fail(BAD_DATA, "%s/%s is damaged: %s", manifest->directory, MANIFEST, what);
}

static enum status file_check(const struct report_manifest *manifest, const char *name)
{
    char path[FOLDER_PATH_MAX];
    struct stat about;
    TRY(folder_join(manifest->directory, name, sizeof path, path));
    if (lstat(path, &about) != 0)
        return status_fail(CANNOT_READ, "%s is missing, which the manifest lists", path);
    return S_ISREG(about.st_mode) ? OK : status_fail(CANNOT_READ, "%s is no regular file", path);
}

static enum status outputs_check(const struct report_manifest *manifest)
{
    const char *name;
    json_t *value;
    json_object_foreach(manifest->outputs, name, value)
    {
        if (!is_file_name(name) || !is_digest(json_string_value(value)))
            return damaged(manifest, "\"outputs\" holds what is no file name with its SHA-256");
        TRY(file_check(manifest, name));
    }
    return OK;
}

static enum status parts_find(struct report_manifest *manifest)
{
    if (!json_is_object(manifest->root))
        return damaged(manifest, "it is no object of JSON");
    manifest->command = json_object_get(manifest->root, "command");
    manifest->parameters = json_object_get(manifest->root, "parameters");
    manifest->versions = json_object_get(manifest->root, "versions");
    manifest->outputs = json_object_get(manifest->root, "outputs");
    if (!json_is_array(manifest->command) || json_array_size(manifest->command) <= SECOND_WORD)
        return damaged(manifest, "\"command\" is missing or no command line");
    if (!json_is_object(manifest->parameters) || !json_is_object(manifest->versions))
        return damaged(manifest, "\"parameters\" or \"versions\" is missing or no object");
    if (!json_is_object(manifest->outputs) || json_object_size(manifest->outputs) == 0)
        return damaged(manifest,
                       "\"outputs\" is missing, or lists no file: the command saved nothing");
    return outputs_check(manifest);
}

static enum status file_load(struct report_manifest *manifest)
{
    char path[FOLDER_PATH_MAX];
    struct stat about;
    json_error_t error;
    if (stat(manifest->directory, &about) != 0 || !S_ISDIR(about.st_mode))
        return status_fail(CANNOT_READ, "%s is no directory", manifest->directory);
    TRY(folder_join(manifest->directory, MANIFEST, sizeof path, path));
    if (stat(path, &about) != 0)
        return status_fail(CANNOT_READ,
                           "%s has no %s: it is not the --out of a command that has ended",
                           manifest->directory, MANIFEST);
    if (S_ISREG(about.st_mode))
        manifest->root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    else
        snprintf(error.text, sizeof error.text, "it is no regular file");
    return manifest->root ? OK : damaged(manifest, error.text);
}

enum status report_manifest_read(const char *directory, struct report_manifest *manifest)
{
    struct report_manifest made = {.directory = directory};
    enum status status = file_load(&made);
    if (status == OK)
        status = parts_find(&made);
    if (status == OK)
        *manifest = made;
    else
        report_manifest_free(&made);
    return status;
}

void report_manifest_free(struct report_manifest *manifest)
{
    json_decref(manifest->root);
    *manifest = (struct report_manifest){.root = NULL};
}

const char *report_manifest_kind(const struct report_manifest *manifest)
{
    const char *word = json_string_value(json_array_get(manifest->command, SECOND_WORD));
    return word ? word : "";
}

bool report_manifest_lists(const struct report_manifest *manifest, const char *name)
{
    return json_object_get(manifest->outputs, name) != NULL;
}

/* ---- telling ---- */

/* A word as a shell reads it. */
static const char *quoted(struct report *report, const char *word)
{
    static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_./,:=@%+-";
    const char *text = "'";
    if (*word && strspn(word, PLAIN) == strlen(word))
        return word;
    for (const char *at = word; *at; at += strcspn(at, "'"), at += *at == '\'')
        text = report_text(report, "%s%.*s%s", text, (int)strcspn(at, "'"), at,
                           at[strcspn(at, "'")] ? "'\\''" : "");
    return report_text(report, "%s'", text);
}

/* The program without the folder that it lay in. */
static const char *command_text(const struct report_manifest *manifest, struct report *report)
{
    const char *text = "settle";
    for (size_t k = SECOND_WORD; k < json_array_size(manifest->command); k++) {
        const char *word = json_string_value(json_array_get(manifest->command, k));
        text = report_text(report, "%s %s", text, word ? quoted(report, word) : "?");
    }
    return text;
}

/* What a value of JSON says, without quotes round a text. */
static const char *value_text(struct report *report, const json_t *value)
{
    if (json_is_string(value))
        return report_copy(report, json_string_value(value));
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_SORT_KEYS | JSON_REAL_PRECISION(15));
    if (!text) {
        report->failed = true;
        return "";
    }
    const char *copy = report_copy(report, text);
    free(text);
    return copy;
}

static bool is_empty(const json_t *value)
{
    return json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0);
}

static void parameters_tell(const struct report_manifest *manifest, struct report *report)
{
    const char *name;
    json_t *value;
    json_object_foreach(manifest->parameters, name, value)
    {
        if (is_empty(value))
            continue;
        report_fact(report, &report->parameters,
                    (struct report_fact){.term = report_copy(report, name),
                                         .text = value_text(report, value),
                                         .form = REPORT_CODE});
    }
}

static const char *entry_text(const struct report_manifest *manifest, struct report *report,
                              const char *key)
{
    const json_t *value = json_object_get(manifest->root, key);
    return value ? value_text(report, value) : "";
}

static void environment_tell(const struct report_manifest *manifest, struct report *report)
{
    const char *versions = "", *name;
    json_t *value;
    json_object_foreach(manifest->versions, name, value)
    {
        versions = report_text(report, "%s%s%s %s", versions, *versions ? ", " : "", name,
                               value_text(report, value));
    }
    const struct report_fact facts[] = {
        {"Started", entry_text(manifest, report, "started"), REPORT_PLAIN},
        {"Versions", versions, REPORT_PLAIN},
        {"Compiler", entry_text(manifest, report, "compiler"), REPORT_PLAIN},
        {"Flags", entry_text(manifest, report, "flags"), REPORT_CODE},
        {"Processor", entry_text(manifest, report, "cpu"), REPORT_PLAIN}};
    for (size_t k = 0; k < sizeof facts / sizeof *facts; k++)
        report_fact(report, &report->environment, facts[k]);
}

static enum status file_tell(const struct report_manifest *manifest, const char *name,
                             const char *recorded, struct report *report)
{
    char path[FOLDER_PATH_MAX], hex[DIGEST_TEXT];
    struct stat about;
    TRY(folder_join(manifest->directory, name, sizeof path, path));
    TRY(digest_file(path, hex));
    if (stat(path, &about) != 0)
        return status_fail(CANNOT_READ, "%s is missing, which the manifest lists", path);
    struct report_file *file = report_file_add(report);
    if (!file)
        return report_status(report);
    *file = (struct report_file){.name = report_copy(report, name),
                                 .digest = report_copy(report, hex),
                                 .bytes = (unsigned long long)about.st_size,
                                 .as_recorded = strcmp(hex, recorded) == 0};
    if (!file->as_recorded)
        report_warn(report,
                    report_text(report,
                                "%s is not the file that the manifest lists: its SHA-256 is %s, "
                                "and was %s",
                                name, hex, recorded));
    return OK;
}

static enum status manifest_file_tell(const struct report_manifest *manifest, struct report *report)
{
    char path[FOLDER_PATH_MAX], hex[DIGEST_TEXT];
    TRY(folder_join(manifest->directory, MANIFEST, sizeof path, path));
    TRY(digest_file(path, hex));
    report_fact(report, &report->environment,
                (struct report_fact){"Manifest, SHA-256", report_copy(report, hex), REPORT_CODE});
    return OK;
}

enum status report_manifest_tell(const struct report_manifest *manifest, struct report *report)
{
    const char *name;
    json_t *value;
    report_fact(report, &report->summary,
                (struct report_fact){"Command", command_text(manifest, report), REPORT_COMMAND});
    json_object_foreach(manifest->outputs, name, value)
    {
        TRY(file_tell(manifest, name, json_string_value(value), report));
    }
    environment_tell(manifest, report);
    parameters_tell(manifest, report);
    return manifest_file_tell(manifest, report);
}
