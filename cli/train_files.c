/* The folder of settle train: work that goes on there, and what is made of it.
 *
 * train.json is written first and says what the runs are, so that --resume goes on with nothing
 * else; then come the files of the runs; tables and figures are functions of the histories, and
 * manifest.json is written last.  Tables: epochs.tsv has a line a measurement, layers.tsv one for
 * each of its layers; learning.tsv and alignment-RULE.tsv are what the figures show. */
#include "cli/train.h"

#include "base/draft.h"
#include "base/folder.h"
#include "base/table.h"
#include "cli/drawing.h"
#include "cli/json.h"
#include "plots/figure.h"
#include "plots/learning.h"

#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char RECORD[] = "train.json", EPOCHS[] = "epochs.tsv", LAYERS[] = "layers.tsv",
                  CURVES[] = "learning.tsv";
static const double PERCENT = 100;
static const double HALF_TURN = 180;  /* degrees */
static const double ANGLE_SEEN = 0.1; /* degrees: a tenth of the width of a line */

enum { TEXT = 2 * TRAIN_TEXT, HEADER = 4096, BANDS_MOST = 7 /* more hide each other */ };
enum { DIGITS_SAID = 15 }; /* 0.1 is told as 0.1 */

/* --- the folder ---------------------------------------------------------------------------- */

static bool record_exists(const char *directory)
{
    char path[FOLDER_PATH_MAX];
    return folder_join(directory, RECORD, sizeof path, path) == OK && access(path, F_OK) == 0;
}

/* RULE-SEED.checkpoint and RULE-SEED.history, alignment-RULE.EXTENSION: is the text before the last
 * dot of a rule, with or without a seed? */
static bool begins_with_rule(const char *name, const char **rest)
{
    for (size_t k = 0; learning_registry[k]; k++) {
        const size_t length = strlen(learning_registry[k]->name);
        if (strncmp(name, learning_registry[k]->name, length) != 0)
            continue;
        *rest = name + length;
        if (**rest == '-')
            *rest += 1 + strspn(*rest + 1, "0123456789");
        if (**rest == '.')
            return true;
    }
    return false;
}

static bool is_among(const char *name, const char *const *names)
{
    for (size_t k = 0; names[k]; k++)
        if (strcmp(name, names[k]) == 0)
            return true;
    return false;
}

/* Is it the name of a file that this command makes, of any rule? */
static bool is_ours(const char *name)
{
    static const char ANGLES[] = "alignment-";
    static const char *const whole[] = {
        "epochs.tsv",   "layers.tsv",   "learning.tsv", "learning.gp",
        "learning.pdf", "learning.png", "learning.svg", NULL};
    static const char *const of_runs[] = {".checkpoint", ".history", NULL};
    static const char *const of_angles[] = {".tsv", ".gp", ".pdf", ".png", ".svg", NULL};
    const size_t begin = strlen(ANGLES);
    const char *rest;
    if (strncmp(name, ANGLES, begin) == 0)
        return begins_with_rule(name + begin, &rest) && is_among(rest, of_angles);
    return is_among(name, whole) || (begins_with_rule(name, &rest) && is_among(rest, of_runs));
}

/* Removes what earlier work has made, in a folder where train.json says that there was some. */
static void work_clear(const char *directory)
{
    char path[FOLDER_PATH_MAX];
    DIR *folder = record_exists(directory) ? opendir(directory) : NULL;
    for (struct dirent *entry = folder ? readdir(folder) : NULL; entry; entry = readdir(folder))
        if (is_ours(entry->d_name) &&
            folder_join(directory, entry->d_name, sizeof path, path) == OK)
            (void)unlink(path); /* one that stays is overwritten, or that will fail */
    if (folder)
        (void)closedir(folder);
}

/* Are there files of the runs that this training would write? */
static bool runs_exist(const struct train *train)
{
    const char *const extensions[] = {train_checkpoint, train_history};
    char name[TRAIN_NAME], path[FOLDER_PATH_MAX];
    for (size_t k = 0; k < train->runs; k++)
        for (size_t e = 0; e < sizeof extensions / sizeof *extensions; e++)
            if (folder_join(train->directory, train_file(&train->run[k], extensions[e], name),
                            sizeof path, path) == OK &&
                access(path, F_OK) == 0)
                return true;
    return false;
}

/* Hidden files that a killed process has left. */
static void drafts_clear(const struct train *train)
{
    static const char *const begins[] = {"train.",    "epochs.",    "layers.",
                                         "learning.", "alignment-", "manifest."};
    for (size_t k = 0; k < sizeof begins / sizeof *begins; k++)
        draft_clear(train->directory, begins[k]);
    for (size_t k = 0; k < train->rules; k++)
        draft_clear(train->directory, train->rule[k]->name);
}

/* What earlier work is of; NULL: there is none. */
static json_t *record_load(const char *directory)
{
    char path[FOLDER_PATH_MAX];
    if (folder_join(directory, RECORD, sizeof path, path) != OK)
        return NULL;
    return json_load_file(path, 0, NULL);
}

/* Epochs may be added. */
static bool is_other(const char *name, const json_t *old, const json_t *now)
{
    if (strcmp(name, "epochs") == 0)
        return !(json_integer_value(old) <= json_integer_value(now));
    return !json_equal(old, now);
}

/* "bp, rbp", "0.1", "none" */
static void value_say(const json_t *value, char said[TEXT])
{
    size_t at = 0;
    said[0] = '\0';
    if (json_is_string(value)) {
        snprintf(said, TEXT, "%s", json_string_value(value));
        return;
    }
    for (size_t k = 0; k < json_array_size(value) && at < TEXT; k++) {
        const json_t *entry = json_array_get(value, k);
        if (json_is_string(entry))
            at += (size_t)snprintf(said + at, TEXT - at, "%s%s", k ? ", " : "",
                                   json_string_value(entry));
        else
            at += (size_t)snprintf(said + at, TEXT - at, "%s%" JSON_INTEGER_FORMAT, k ? ", " : "",
                                   json_integer_value(entry));
    }
    if (json_is_array(value))
        return;
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(DIGITS_SAID));
    snprintf(said, TEXT, "%s", !value || json_is_null(value) || !text ? "none" : text);
    free(text);
}

/* "six was trained with rules: bp, rbp; this command asks for rules: rbp" */
static enum status differ(const char *directory, const char *name, const json_t *old,
                          const json_t *now)
{
    char was[TEXT], is[TEXT], words[TRAIN_NAME];
    value_say(old, was);
    value_say(now, is);
    snprintf(words, sizeof words, "%s", name);
    for (char *at = strchr(words, '_'); at; at = strchr(at, '_'))
        *at = ' ';
    if (strcmp(name, "epochs") == 0)
        return status_fail(BAD_ARGUMENT,
                           "--resume: %s has %s epochs, this command asks for %s; epochs can be "
                           "added only",
                           directory, was, is);
    return status_fail(BAD_ARGUMENT,
                       "--resume: %s was trained with %s: %s; this command asks for %s: %s "
                       "(--replace begins anew)",
                       directory, words, was, words, is);
}

static enum status record_compare(const char *directory, json_t *parameters)
{
    json_t *old = record_load(directory), *value;
    const char *name;
    enum status status = OK;
    if (!json_is_object(old))
        status =
            status_fail(BAD_DATA, "%s/%s is damaged; --replace begins anew", directory, RECORD);
    json_object_foreach(parameters, name, value)
    {
        if (status == OK && is_other(name, json_object_get(old, name), value))
            status = differ(directory, name, json_object_get(old, name), value);
    }
    json_decref(old);
    return status;
}

enum status train_folder_check(const struct train *train, const struct manifest *manifest)
{
    const char *directory = train->directory;
    const bool resumed = options_given(train->options, OPTION_resume);
    if (options_given(train->options, OPTION_replace))
        return OK;
    if (!record_exists(directory) && runs_exist(train))
        return status_fail(BAD_ARGUMENT,
                           "--out: %s has the runs of an earlier training, but no %s that says "
                           "what they are; --replace begins anew, or give another --out",
                           directory, RECORD);
    if (record_exists(directory) && !resumed)
        return status_fail(BAD_ARGUMENT,
                           "--out: %s has the runs of an earlier training; --resume goes on with "
                           "them, --replace begins anew, or give another --out",
                           directory);
    return record_exists(directory) ? record_compare(directory, manifest_parameters(manifest)) : OK;
}

/* The manifest of results that are made again goes first. */
static enum status folder_go_on(const struct train *train)
{
    char path[FOLDER_PATH_MAX];
    TRY(folder_join(train->directory, "manifest.json", sizeof path, path));
    (void)unlink(path); /* one that stays will be overwritten, or that will fail */
    return OK;
}

enum status train_folder_open(const struct train *train, struct manifest *manifest)
{
    if (options_given(train->options, OPTION_resume) && record_exists(train->directory)) {
        TRY(folder_go_on(train));
    } else {
        work_clear(train->directory); /* while train.json is there */
        manifest_clear(manifest);
    }
    drafts_clear(train);
    return json_save(json_incref(manifest_parameters(manifest)), train->directory, RECORD);
}

/* --- epochs.tsv and layers.tsv --------------------------------------------------------------- */

static void run_names(struct table *table, const struct train_run *run,
                      const struct training_record *record)
{
    table_text(table, run->plan.learner.rule->name);
    table_number(table, (double)run->plan.learner.seed);
    table_number(table, (double)record->epoch);
    table_number(table, (double)record->steps);
}

static void epochs_of_run(struct table *table, const struct train_run *run)
{
    for (size_t k = 0; k < run->records; k++) {
        const struct training_record *record = &run->record[k];
        const double row[] = {record->time,
                              record->rate,
                              record->loss[DATASET_TRAIN],
                              record->loss[DATASET_TEST],
                              record->accuracy[DATASET_TRAIN],
                              record->accuracy[DATASET_TEST],
                              record->total_gradient_angle};
        run_names(table, run, record);
        for (size_t i = 0; i < sizeof row / sizeof *row; i++)
            table_number(table, row[i]);
        table_end_row(table);
    }
    table_blank(table);
}

static void layer_row(struct table *table, const struct training_layer *layer)
{
    const double row[] = {layer->weight_norm,      layer->feedback_norm,  layer->weight_angle,
                          layer->delta_angle,      layer->gradient_angle, layer->norm_ratio,
                          layer->sign_concordance, layer->saturated,      layer->invariant};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        table_number(table, row[i]);
    table_end_row(table);
}

static void layers_of_run(struct table *table, const struct train_run *run)
{
    for (size_t k = 0; k < run->records; k++)
        for (size_t l = 1; l <= run->plan.learner.layers; l++) {
            run_names(table, run, &run->record[k]);
            table_number(table, (double)l);
            layer_row(table, &run->record[k].layer[l]);
        }
    table_blank(table);
}

static enum status runs_write(const struct train *train, const char *name, const char *header,
                              void (*write)(struct table *table, const struct train_run *run))
{
    struct table *table = NULL;
    TRY(table_open(train->directory, name, header, &table));
    for (size_t k = 0; k < train->runs; k++)
        write(table, &train->run[k]);
    return table_close(table);
}

/* --- the trials of a rule ----------------------------------------------------------- */

static const struct train_run *rule_run(const struct train *train, size_t rule, size_t trial)
{
    return &train->run[rule * train->trials + trial];
}

/* How many records all trials of a rule have at the same steps: a divergence ends them. */
static size_t common_records(const struct train *train, size_t rule)
{
    const struct train_run *first = rule_run(train, rule, 0);
    for (size_t k = 0; k < first->records; k++)
        for (size_t j = 0; j < train->trials; j++) {
            const struct train_run *run = rule_run(train, rule, j);
            if (k >= run->records || run->record[k].steps != first->record[k].steps)
                return k;
        }
    return first->records;
}

static double epochs_of(const struct train *train, const struct training_record *record)
{
    const double steps = (double)record->steps - (double)train->plan.noise_batches;
    return steps / (double)train_steps_of_epoch(train);
}

/* --- the figures --------------------------------------------------------------------------------- */

static void range_widen(double range[2], const struct train_spread *spread)
{
    if (isfinite(spread->least) && spread->least > 0)
        range[0] = fmin(range[0], spread->least);
    if (isfinite(spread->most))
        range[1] = fmax(range[1], spread->most);
}

static void curve_write(const struct train *train, size_t rule, struct table *table,
                        struct learning_figure *figure)
{
    const struct train_run *run = rule_run(train, rule, 0);
    const size_t records = common_records(train, rule);
    size_t points = 0;
    for (size_t k = 0; k < records; k++) {
        if (!train_is_whole(train, &run->record[k]))
            continue;
        const struct train_spread test = train_spread(
                                      train, rule, k,
                                      figure->errors ? train_test_error : train_test_loss, 0),
                                  loss = train_spread(train, rule, k, train_loss, 0);
        const double row[] = {(double)run->record[k].epoch,
                              test.mean,
                              test.least,
                              test.most,
                              loss.mean,
                              loss.least,
                              loss.most};
        points += isfinite(test.mean) || isfinite(loss.mean);
        range_widen(figure->test, &test);
        range_widen(figure->loss, &loss);
        table_text(table, train->rule[rule]->name);
        for (size_t i = 0; i < sizeof row / sizeof *row; i++)
            table_number(table, row[i]);
        table_end_row(table);
    }
    figure->single[rule] = points == 1;
    table_blank(table); /* two of them: gnuplot counts blocks */
    table_blank(table);
}

static enum status curves_write(const struct train *train, struct learning_figure *figure)
{
    struct table *table = NULL;
    TRY(table_open(train->directory, CURVES,
                   figure->errors ? "rule epoch test_error_percent least most train_loss least most"
                                  : "rule epoch test_loss least most train_loss least most",
                   &table));
    for (size_t k = 0; k < train->rules; k++)
        curve_write(train, k, table, figure);
    return table_close(table);
}

/* With the signs that a printed page has: 784-100-10 and 28 x 28. */
static void signs_set(const char *text, char set[TEXT])
{
    size_t at = 0;
    for (; *text && at + sizeof "\u00d7" < TEXT; text++)
        if (*text == '-')
            at += (size_t)snprintf(set + at, TEXT - at, "\u2013");
        else if (strncmp(text, " x ", strlen(" x ")) == 0) {
            at += (size_t)snprintf(set + at, TEXT - at, " \u00d7 ");
            text += strlen(" x ") - 1;
        } else
            set[at++] = *text;
    set[at] = '\0';
}

static void caption_write(const struct train *train, char caption[LEARNING_CAPTIONS][TEXT])
{
    const struct training_plan *plan = &train->plan;
    const unsigned long long seed = (unsigned long long)train->options->seed;
    char scale[TEXT], seeds[TRAIN_NAME] = "";
    signs_set(train->data, caption[0]);
    signs_set(train->scale, scale);
    if (train->trials > 1)
        snprintf(seeds, sizeof seeds, "s %llu to %llu", seed, seed + train->trials - 1);
    else
        snprintf(seeds, sizeof seeds, " %llu", seed);
    snprintf(caption[1], TEXT, "%.200s, %s, batch %zu, eta = %g; seed%s", scale,
             plan->learner.neuron->name, plan->batch, plan->rate, seeds);
}

/* Of several seeds. */
static void means_say(const struct train *train, char caption[TEXT])
{
    const size_t length = strlen(caption);
    if (train->trials > 1)
        snprintf(caption + length, TEXT - length, ", means");
}

static enum status learning_save(const struct train *train)
{
    char caption[LEARNING_CAPTIONS][TEXT], names[TRAIN_RULES_MAX][TEXT];
    struct learning_figure figure = {.directory = train->directory,
                                     .title = train->rules > 1 ? "Learning curves of the rules"
                                                               : train->rule[0]->title,
                                     .curves = train->rules,
                                     .errors = train->set[DATASET_TEST].label != NULL,
                                     .bands = train->trials > 1 && train->rules <= BANDS_MOST,
                                     .epochs = (double)train->plan.epochs,
                                     .test = {INFINITY, 0},
                                     .loss = {INFINITY, 0},
                                     .floor = PERCENT / 2 / (double)train->set[DATASET_TEST].count};
    caption_write(train, caption);
    if (!figure.bands)
        means_say(train, caption[1]);
    for (size_t k = 0; k < train->rules; k++) {
        snprintf(names[k], TEXT, "%s%s", train->rule[k]->name,
                 train_diverged(train, k) ? " (until it diverges)" : "");
        figure.name[k] = names[k];
    }
    for (size_t k = 0; k < LEARNING_CAPTIONS; k++)
        figure.caption[k] = caption[k];
    TRY(curves_write(train, &figure));
    return learning_draw(&figure);
}

/* Angles of the hidden layers, and whether there are any. */
static void angles_write(const struct train *train, size_t rule, struct table *table,
                         struct learning_angles *figure)
{
    static train_number *const numbers[LEARNING_PANELS] = {train_weight_angle, train_delta_angle};
    const size_t records = common_records(train, rule);
    for (size_t k = 0; k < records; k++) {
        table_number(table, epochs_of(train, &rule_run(train, rule, 0)->record[k]));
        for (size_t panel = 0; panel < LEARNING_PANELS; panel++)
            for (size_t l = 1; l <= figure->layers; l++) {
                const struct train_spread angle = train_spread(train, rule, k, numbers[panel], l);
                table_number(table, angle.mean);
                figure->panel[panel] |= isfinite(angle.mean);
                if (angle.mean > figure->most && angle.mean <= HALF_TURN)
                    figure->most = angle.mean;
            }
        table_end_row(table);
    }
}

static enum status angles_save(const struct train *train, size_t rule,
                               struct learning_angles *figure)
{
    char name[TEXT], header[HEADER] = "epochs";
    struct table *table = NULL;
    for (size_t panel = 0; panel < LEARNING_PANELS; panel++)
        for (size_t l = 1; l <= figure->layers; l++)
            snprintf(header + strlen(header), sizeof header - strlen(header), " %s_%zu",
                     panel == 0 ? "weights" : "updates", l);
    snprintf(name, sizeof name, "%s.tsv", figure->name);
    TRY(table_open(train->directory, name, header, &table));
    angles_write(train, rule, table, figure);
    return table_close(table);
}

/* Of several figures one may say that gnuplot is missing. */
struct pictures {
    struct manifest *manifest;
    bool missing; /* it has been said */
};

static enum status picture_finish(struct pictures *pictures, const char *name, enum status drawn)
{
    char file[FIGURE_FORMATS + 1][FIGURE_NAME_MAX];
    if (drawn != NO_PROGRAM || !pictures->missing) {
        pictures->missing |= drawn == NO_PROGRAM;
        return drawing_finish(pictures->manifest, name, drawn);
    }
    figure_files(name, file);
    manifest_output(pictures->manifest, file[0]);
    return OK;
}

static enum status alignment_save(const struct train *train, size_t rule, struct pictures *pictures)
{
    char caption[LEARNING_CAPTIONS][TEXT], name[LEARNING_NAME], title[TEXT], file[TEXT];
    const bool skipped = train->rule[rule]->topology == LEARNING_SKIPPED;
    struct learning_angles figure = {.directory = train->directory,
                                     .name = name,
                                     .title = title,
                                     .layers = train->plan.learner.layers - 1,
                                     .skipped = skipped,
                                     .epochs = (double)train->plan.epochs};
    figure.first = fmin(1 / (double)train_steps_of_epoch(train), figure.epochs / 2);
    snprintf(name, sizeof name, "alignment-%s", train->rule[rule]->name);
    snprintf(title, sizeof title, "Alignment under %s", train->rule[rule]->name);
    caption_write(train, caption);
    means_say(train, caption[1]);
    for (size_t k = 0; k < LEARNING_CAPTIONS; k++)
        figure.caption[k] = caption[k];
    TRY(angles_save(train, rule, &figure));
    snprintf(file, sizeof file, "%s.tsv", name);
    manifest_output(pictures->manifest, file);
    if (!figure.panel[0] && !figure.panel[1])
        return OK; /* no angle is defined: nothing to draw */
    if (figure.most < ANGLE_SEEN)
        return OK; /* the feedback is that of backpropagation */
    return picture_finish(pictures, name, learning_angles_draw(&figure));
}

static void runs_list(const struct train *train, struct manifest *manifest)
{
    char name[TRAIN_NAME];
    manifest_output(manifest, RECORD);
    for (size_t k = 0; k < train->runs; k++) {
        manifest_output(manifest, train_file(&train->run[k], train_history, name));
        manifest_output(manifest, train_file(&train->run[k], train_checkpoint, name));
    }
}

enum status train_files_save(const struct train *train, struct manifest *manifest)
{
    struct pictures pictures = {.manifest = manifest};
    TRY(runs_write(train, EPOCHS,
                   "rule seed epoch steps time rate train_loss test_loss train_accuracy "
                   "test_accuracy gradient_angle",
                   epochs_of_run));
    TRY(runs_write(train, LAYERS,
                   "rule seed epoch steps layer weight_norm feedback_norm weight_angle delta_angle "
                   "gradient_angle norm_ratio sign_concordance saturated invariant",
                   layers_of_run));
    manifest_output(manifest, EPOCHS);
    manifest_output(manifest, LAYERS);
    TRY(picture_finish(&pictures, "learning", learning_save(train)));
    manifest_output(manifest, CURVES);
    for (size_t k = 0; k < train->rules && train->plan.learner.layers > 1; k++)
        TRY(alignment_save(train, k, &pictures));
    runs_list(train, manifest);
    return OK;
}
