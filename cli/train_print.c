/* What settle train prints: for one run a line an epoch, for several a line a rule.
 *
 * JSON has the keys of one run at the top, those of the first run where there are several, and all
 * runs in `runs`, so that a reader of one run need not know of the others; `summary` has means and
 * standard deviations over the seeds of each rule. */
#include "cli/train.h"

#include "cli/columns.h"
#include "cli/json.h"

#include <math.h>
#include <string.h>

enum { CELL = 64, LIST = 256 };

static const double PERCENT = 100, THOUSAND = 1000;

/* --- text ------------------------------------------------------------------------------------ */

/* "97.26", "97.26 +- 0.12" or "-". */
static void spread_cell(struct columns *columns, struct train_spread spread)
{
    if (spread.count == 0)
        columns_cell(columns, "-");
    else if (spread.count == 1)
        columns_cell(columns, "%.2f", spread.mean);
    else
        columns_cell(columns, "%.2f +- %.2f", spread.mean, spread.deviation);
}

/* "78 80 78 36", of the hidden layers; "-" where there are none. */
static void angles_cell(struct columns *columns, const double *angle, size_t layers)
{
    char list[LIST] = "";
    for (size_t l = 1; l < layers && strlen(list) + CELL < sizeof list; l++)
        if (isfinite(angle[l]))
            snprintf(list + strlen(list), CELL, "%s%.0f", l > 1 ? " " : "", angle[l]);
        else
            snprintf(list + strlen(list), CELL, "%s-", l > 1 ? " " : "");
    columns_cell(columns, "%s", *list ? list : "-");
}

static void run_angles(struct columns *columns, const struct train *train,
                       const struct training_record *record, train_number *number)
{
    double angle[LEARNER_LAYERS_MAX + 1];
    const size_t layers = train->plan.learner.layers;
    for (size_t l = 1; l < layers; l++)
        angle[l] = number(record, l);
    angles_cell(columns, angle, layers);
}

static void rule_angles(struct columns *columns, const struct train *train, size_t rule,
                        train_number *number)
{
    double angle[LEARNER_LAYERS_MAX + 1];
    const size_t layers = train->plan.learner.layers;
    for (size_t l = 1; l < layers; l++)
        angle[l] = train_spread(train, rule, TRAIN_LAST, number, l).mean;
    angles_cell(columns, angle, layers);
}

static bool has_labels(const struct train *train)
{
    return train->set[DATASET_TRAIN].label != NULL;
}

static void percent_cell(struct columns *columns, double share)
{
    if (isfinite(share))
        columns_cell(columns, "%.2f", PERCENT * share);
    else
        columns_cell(columns, "-");
}

static void epoch_line(struct columns *columns, const struct train *train,
                       const struct training_record *record)
{
    columns_cell(columns, "%zu", record->epoch);
    columns_cell(columns, "%.5f", record->loss[DATASET_TRAIN]);
    columns_cell(columns, "%.5f", record->loss[DATASET_TEST]);
    percent_cell(columns, record->accuracy[DATASET_TRAIN]);
    percent_cell(columns, record->accuracy[DATASET_TEST]);
    run_angles(columns, train, record, train_weight_angle);
    run_angles(columns, train, record, train_delta_angle);
}

static enum status epochs_print(const struct train *train, const struct train_run *run, FILE *file)
{
    static const char *const names[] = {"epoch",  "train loss", "test loss",  "train %",
                                        "test %", "C, W (deg)", "D, BP (deg)"};
    struct columns *columns = columns_create("rrrrrll");
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        columns_cell(columns, "%s", names[k]);
    for (size_t k = 0; k < run->records; k++)
        if (train_is_whole(train, &run->record[k]))
            epoch_line(columns, train, &run->record[k]);
    const enum status status = columns_print(columns, file);
    columns_free(columns);
    return status;
}

static void rule_line(struct columns *columns, const struct train *train, size_t rule)
{
    double seconds = 0;
    size_t steps = 0;
    for (size_t j = 0; j < train->trials; j++) {
        seconds += train->run[rule * train->trials + j].seconds;
        steps += train->run[rule * train->trials + j].seconds_steps;
    }
    columns_cell(columns, "%s", train->rule[rule]->name);
    columns_cell(columns, "%zu", train->trials);
    columns_cell(columns, "%zu", train_diverged(train, rule));
    spread_cell(columns, train_spread(train, rule, TRAIN_LAST, train_test_percent, 0));
    spread_cell(columns, train_spread(train, rule, TRAIN_LAST, train_percent, 0));
    columns_cell(columns, "%.5f", train_spread(train, rule, TRAIN_LAST, train_loss, 0).mean);
    rule_angles(columns, train, rule, train_weight_angle);
    rule_angles(columns, train, rule, train_delta_angle);
    if (steps > 0)
        columns_cell(columns, "%.3f", THOUSAND * seconds / (double)steps);
    else
        columns_cell(columns, "-");
}

static enum status rules_print(const struct train *train, FILE *file)
{
    static const char *const names[] = {"rule",       "seeds",       "diverged",
                                        "test %",     "train %",     "train loss",
                                        "C, W (deg)", "D, BP (deg)", "ms/step"};
    struct columns *columns = columns_create("lrrrrrllr");
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        columns_cell(columns, "%s", names[k]);
    for (size_t k = 0; k < train->rules; k++)
        rule_line(columns, train, k);
    const enum status status = columns_print(columns, file);
    columns_free(columns);
    return status;
}

static const char *outputs_text(enum loss loss)
{
    static const char *const texts[] = {[LOSS_CROSS_ENTROPY] = "softmax and cross-entropy",
                                        [LOSS_LOGISTIC] = "logistic outputs and their entropy",
                                        [LOSS_SQUARED] = "linear outputs and squared error"};
    return texts[loss];
}

static void heading_print(const struct train *train, FILE *file)
{
    const struct training_plan *plan = &train->plan;
    const unsigned long long seed = (unsigned long long)train->options->seed;
    fprintf(file, "data      %s%s\n", train->data,
            train->path ? "" : " (neither --data nor SETTLE_DATA is given)");
    fprintf(file, "network   %s, %s, %s, %s\n", train->scale, plan->learner.neuron->name,
            outputs_text(plan->learner.loss), plan->learner.arithmetic->name);
    const size_t batches = train_steps_of_epoch(train);
    fprintf(file, "training  profile %s: %zu epoch%s of %zu batch%s of %zu, eta = %g",
            train->profile, plan->epochs, plan->epochs == 1 ? "" : "s", batches,
            batches == 1 ? "" : "es", plan->batch, plan->rate);
    if (plan->drop > 0)
        fprintf(file, " (1 - %g)^n", plan->drop);
    fprintf(file, train->trials > 1 ? "; seeds %llu to %llu\n" : "; seed %llu\n", seed,
            seed + train->trials - 1);
}

static void ending_print(const struct train *train, const struct train_run *run, FILE *file)
{
    if (run->diverged)
        fprintf(file, "ending    diverged: %s, seed %llu: the loss is not finite after step %zu\n",
                run->plan.learner.rule->name, (unsigned long long)run->plan.learner.seed,
                run->steps);
    else if (train->runs == 1)
        fprintf(file, "ending    trained\n");
}

static double images_per_second(const struct train_run *run)
{
    return run->seconds > 0 ? (double)(run->seconds_steps * run->plan.batch) / run->seconds : NAN;
}

enum status train_print(const struct train *train, FILE *file)
{
    heading_print(train, file);
    if (train->runs == 1) {
        const struct learning_rule *rule = train->rule[0];
        fprintf(file, "rule      %s: %s; %s\n\n", rule->name, rule->title, rule->equation);
        TRY(epochs_print(train, &train->run[0], file));
    } else {
        fputc('\n', file);
        TRY(rules_print(train, file));
    }
    fprintf(file,
            "\nC, W: between the feedback of each hidden layer and what backpropagation has there; "
            "D, BP: between the error\nsignals; 90 degrees: unrelated%s\n",
            has_labels(train) ? "" : "; targets are real numbers: there is no accuracy");
    for (size_t k = 0; k < train->runs; k++)
        ending_print(train, &train->run[k], file);
    if (train->runs == 1 && train->run[0].seconds_steps > 0)
        fprintf(file, "speed     %.3f ms a step, %.0f samples/s\n",
                THOUSAND * train->run[0].seconds / (double)train->run[0].seconds_steps,
                images_per_second(&train->run[0]));
    return OK;
}

/* --- JSON ------------------------------------------------------------------------------------ */

static json_t *angles_array(const struct train *train, const struct training_record *record,
                            train_number *number)
{
    json_t *array = json_array();
    for (size_t l = 1; l < train->plan.learner.layers; l++)
        json_array_append_new(array, json_finite(number(record, l)));
    return array;
}

static json_t *norms_array(const struct train *train, const struct training_record *record)
{
    json_t *array = json_array();
    for (size_t l = 1; l <= train->plan.learner.layers; l++)
        json_array_append_new(array, json_finite(record->layer[l].weight_norm));
    return array;
}

static json_t *record_object(const struct train *train, const struct training_record *record)
{
    json_t *object = json_object();
    json_object_set_new(object, "epoch", json_integer((json_int_t)record->epoch));
    json_object_set_new(object, "loss", json_finite(record->loss[DATASET_TRAIN]));
    json_object_set_new(object, "train_accuracy", json_finite(record->accuracy[DATASET_TRAIN]));
    json_object_set_new(object, "test_accuracy", json_finite(record->accuracy[DATASET_TEST]));
    json_object_set_new(object, "alignment_degrees",
                        angles_array(train, record, train_weight_angle));
    json_object_set_new(object, "signal_degrees", angles_array(train, record, train_delta_angle));
    json_object_set_new(object, "update_degrees", json_finite(record->total_gradient_angle));
    json_object_set_new(object, "weight_norms", norms_array(train, record));
    json_object_set_new(object, "test_loss", json_finite(record->loss[DATASET_TEST]));
    json_object_set_new(object, "steps", json_integer((json_int_t)record->steps));
    json_object_set_new(object, "time", json_finite(record->time));
    return object;
}

static json_t *sizes_array(const struct train *train)
{
    json_t *array = json_array();
    for (size_t l = 0; l <= train->plan.learner.layers; l++)
        json_array_append_new(array, json_integer((json_int_t)train->plan.learner.sizes[l]));
    return array;
}

/* The keys of one run into an object. */
static void run_set(const struct train *train, const struct train_run *run, json_t *object)
{
    json_t *epochs = json_array();
    for (size_t k = 0; k < run->records; k++)
        if (run->record[k].epoch > 0 && train_is_whole(train, &run->record[k]))
            json_array_append_new(epochs, record_object(train, &run->record[k]));
    const double step =
        run->seconds_steps > 0 ? THOUSAND * run->seconds / (double)run->seconds_steps : NAN;
    json_object_set_new(object, "rule", json_string(run->plan.learner.rule->name));
    json_object_set_new(object, "sizes", sizes_array(train));
    json_object_set_new(object, "epochs", epochs);
    json_object_set_new(object, "milliseconds_per_step", json_finite(step));
    json_object_set_new(object, "images_per_second", json_finite(images_per_second(run)));
    json_object_set_new(object, "seed", json_seed(run->plan.learner.seed));
    json_object_set_new(object, "ending", json_string(run->diverged ? "diverged" : "trained"));
    json_object_set_new(object, "steps", json_integer((json_int_t)run->steps));
}

static json_t *spread_object(struct train_spread spread)
{
    json_t *object = json_object();
    json_object_set_new(object, "mean", json_finite(spread.mean));
    json_object_set_new(object, "deviation", json_finite(spread.deviation));
    json_object_set_new(object, "least", json_finite(spread.least));
    json_object_set_new(object, "most", json_finite(spread.most));
    return object;
}

static json_t *angle_means(const struct train *train, size_t rule, train_number *number)
{
    json_t *array = json_array();
    for (size_t l = 1; l < train->plan.learner.layers; l++)
        json_array_append_new(array,
                              json_finite(train_spread(train, rule, TRAIN_LAST, number, l).mean));
    return array;
}

static json_t *summary_object(const struct train *train, size_t rule)
{
    json_t *object = json_object();
    json_object_set_new(object, "rule", json_string(train->rule[rule]->name));
    json_object_set_new(object, "trials", json_integer((json_int_t)train->trials));
    json_object_set_new(object, "diverged", json_integer((json_int_t)train_diverged(train, rule)));
    json_object_set_new(
        object, "test_percent",
        spread_object(train_spread(train, rule, TRAIN_LAST, train_test_percent, 0)));
    json_object_set_new(object, "train_percent",
                        spread_object(train_spread(train, rule, TRAIN_LAST, train_percent, 0)));
    json_object_set_new(object, "loss",
                        spread_object(train_spread(train, rule, TRAIN_LAST, train_loss, 0)));
    json_object_set_new(object, "alignment_degrees", angle_means(train, rule, train_weight_angle));
    json_object_set_new(object, "signal_degrees", angle_means(train, rule, train_delta_angle));
    return object;
}

enum status train_print_json(const struct train *train, const struct manifest *manifest, FILE *file)
{
    json_t *object = json_object(), *runs = json_array(), *summary = json_array();
    run_set(train, &train->run[0], object);
    for (size_t k = 0; k < train->runs; k++) {
        json_t *run = json_object();
        run_set(train, &train->run[k], run);
        json_array_append_new(runs, run);
    }
    for (size_t k = 0; k < train->rules; k++)
        json_array_append_new(summary, summary_object(train, k));
    json_object_set_new(object, "data", json_text(train->data));
    json_object_set_new(object, "generated", json_boolean(train->path == NULL));
    json_object_set_new(object, "profile", json_string(train->profile));
    json_object_set_new(object, "seconds", json_finite(train->seconds));
    json_object_set_new(object, "summary", summary);
    json_object_set_new(object, "runs", runs);
    json_object_set_new(object, "files", manifest ? manifest_files(manifest) : json_array());
    return json_print(object, file);
}
