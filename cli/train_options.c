/* From argv to the runs of settle train.
 *
 * The data come first, since sizes that are not given follow them; then the plan that all runs
 * share, then a run for each rule and seed.  Every plan is tried once, so that a wrong one is told
 * before anything is written.  An option that says nothing to any of the rules is an error; where
 * some of them know it, the others leave it alone. */
#include "cli/train.h"

#include "base/nearest.h"
#include "cli/json.h"

#include <stdlib.h>
#include <string.h>

enum { HINT_MAX = 80, NAME_MAX_ = 64, HIDDEN_LAYERS = 4, HIDDEN_UNITS = 100 };
enum { EPOCHS_SHORT = 10, EPOCHS_LONG = 100, SMOKE_SAMPLES = 10000, BATCH = 100 };
enum { RUNS_MOST = 100000 };                         /* a kilobyte and two files each */
enum { DRAWN_SAMPLES = 60000, DRAWN_TESTS = 10000 }; /* as MNIST has them */

static const double ETA = 0.1, DROP = 1e-6;        /* Baldi, Sadowski, Lu (2018), section 6 */
static const double CHANNEL_RANGE = 1.0 / 8;       /* of quantised errors, there */
static const double UPDATE_RANGE = 1.0 / 64;       /* of quantised updates, there */
static const double TEST_SHARE = 1.0 / 5;          /* of the lines of a CSV file */
static const char DATA_VARIABLE[] = "SETTLE_DATA"; /* where --data is not given */

static const struct profile {
    const char *name;
    size_t epochs, samples; /* of files; 0: all */
    size_t drawn[2]; /* of each enum dataset_part; 0: as many as the data module thinks fit */
} profiles[] = {{"smoke", EPOCHS_SHORT, SMOKE_SAMPLES, {0, 0}},
                {"short", EPOCHS_SHORT, 0, {DRAWN_SAMPLES, DRAWN_TESTS}},
                {"paper", EPOCHS_LONG, 0, {DRAWN_SAMPLES, DRAWN_TESTS}}};

static const char *const profile_names[] = {"smoke", "short", "paper", NULL};
static const char *const loss_names[] = {[LOSS_CROSS_ENTROPY] = "cross-entropy",
                                         [LOSS_LOGISTIC] = "logistic",
                                         [LOSS_SQUARED] = "squared",
                                         [LOSS_SQUARED + 1] = NULL};
static const char *const rounding_names[] = {[ROUNDING_NONE] = "none",
                                             [ROUNDING_MID_RISE] = "mid-rise",
                                             [ROUNDING_MID_TREAD] = "mid-tread",
                                             [ROUNDING_STOCHASTIC] = "stochastic",
                                             [ROUNDING_STOCHASTIC + 1] = NULL};
static const char *const precision_names[] = {"float", "double", NULL};

/* --- names ----------------------------------------------------------------------------- */

/* The place of the option's text among names[], NULL-terminated; *chosen stays if not given. */
static enum status choose(const struct options *options, enum option_word option,
                          const char *const *names, size_t *chosen)
{
    const char *text = options->text[option];
    if (!text)
        return OK;
    struct nearest nearest = nearest_to(text);
    for (size_t k = 0; names[k]; k++) {
        if (strcmp(names[k], text) == 0) {
            *chosen = k;
            return OK;
        }
        nearest_offer(&nearest, names[k]);
    }
    char hint[HINT_MAX];
    return status_fail(UNKNOWN_NAME, "--%s: there is no '%.40s'%s", options_name(option), text,
                       nearest_hint(&nearest, sizeof hint, hint));
}

static enum status neuron_take(const struct options *options, enum option_word option,
                               const struct neuron **neuron)
{
    const char *text = options->text[option];
    if (!text)
        return OK;
    const struct neuron *known = neuron_named(text);
    struct nearest nearest = nearest_to(text);
    for (size_t k = 0; neuron_registry[k]; k++)
        nearest_offer(&nearest, neuron_registry[k]->name);
    char hint[HINT_MAX];
    if (!known)
        return status_fail(UNKNOWN_NAME,
                           "--%s: networks have no neuron '%.40s'%s (identity, logistic, relu, "
                           "shifted-logistic, tanh)",
                           options_name(option), text, nearest_hint(&nearest, sizeof hint, hint));
    *neuron = known;
    return OK;
}

static enum status rule_unknown(const char *name)
{
    struct nearest nearest = nearest_to(name);
    for (size_t k = 0; learning_registry[k]; k++)
        nearest_offer(&nearest, learning_registry[k]->name);
    nearest_offer(&nearest, "all");
    char hint[HINT_MAX];
    return status_fail(UNKNOWN_NAME,
                       "--rule: networks have no rule '%s'%s (`settle list rules` has them)", name,
                       nearest_hint(&nearest, sizeof hint, hint));
}

static enum status rule_add(struct train *train, const char *name)
{
    const struct learning_rule *rule = learning_named(name);
    if (strcmp(name, "all") == 0)
        return status_fail(BAD_ARGUMENT,
                           "--rule: 'all' stands alone: it has every rule, and no other beside it");
    if (!rule)
        return rule_unknown(name);
    for (size_t k = 0; k < train->rules; k++)
        if (train->rule[k] == rule)
            return status_fail(BAD_ARGUMENT, "--rule: %s is named twice", rule->name);
    if (train->rules == TRAIN_RULES_MAX)
        return status_fail(BAD_ARGUMENT, "--rule: more than %d rules", TRAIN_RULES_MAX);
    train->rule[train->rules++] = rule;
    return OK;
}

static enum status rules_take(struct train *train)
{
    const char *text = train->options->text[OPTION_rule];
    if (!text)
        text = "rbp";
    if (strcmp(text, "all") == 0) {
        for (size_t k = 0; learning_registry[k]; k++)
            TRY(rule_add(train, learning_registry[k]->name));
        return OK;
    }
    for (const char *at = text;; at += strcspn(at, ",") + 1) {
        char name[NAME_MAX_];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(at, ","), at);
        TRY(rule_add(train, name));
        if (at[strcspn(at, ",")] == '\0')
            return OK;
    }
}

/* --- data ------------------------------------------------------------------------------ */

/* The first samples that a profile wants, or all if there are fewer. */
static enum status parts_read(struct train *train, struct dataset_source *source)
{
    struct dataset *const train_part = &train->set[DATASET_TRAIN];
    struct dataset *const test_part = &train->set[DATASET_TEST];
    const enum status status = dataset_read(source, train_part, test_part);
    if (status != BAD_ARGUMENT || options_given(train->options, OPTION_samples) ||
        source->most[DATASET_TRAIN] == 0)
        return status;
    source->most[DATASET_TRAIN] = 0;
    return dataset_read(source, train_part, test_part);
}

/* Words before the message of a failure. */
static enum status blame(const char *whom, enum status status)
{
    char message[STATUS_MESSAGE_MAX];
    snprintf(message, sizeof message, "%s", status_message());
    return status_fail(status, "%s: %s", whom, message);
}

static enum status data_read(struct train *train, const struct profile *profile, enum loss loss)
{
    const struct options *options = train->options;
    const bool given = options_given(options, OPTION_data),
               counted = options_given(options, OPTION_samples);
    const char *path = given ? options->text[OPTION_data] : getenv(DATA_VARIABLE);
    train->path = path && *path ? path : NULL;
    struct dataset_source source = {
        .path = train->path, .test_share = TEST_SHARE, .seed = options->seed};
    if (train->path)
        source.most[DATASET_TRAIN] = profile->samples;
    else
        memcpy(source.most, profile->drawn, sizeof source.most);
    if (counted)
        source.most[DATASET_TRAIN] = (size_t)options->samples;
    if (loss == LOSS_SQUARED && options_given(options, OPTION_sizes))
        source.outputs = options->sizes[options->size_count - 1];
    const enum status status = parts_read(train, &source);
    if (status != OK)
        return blame(given ? "--data" : train->path ? DATA_VARIABLE : "generated digits", status);
    dataset_text(&train->set[DATASET_TRAIN], &train->set[DATASET_TEST], sizeof train->data,
                 train->data);
    return OK;
}

/* --- the plan -------------------------------------------------------------------------- */

static enum status sizes_take(const struct train *train, struct learner_plan *plan)
{
    const struct options *options = train->options;
    const struct dataset *data = &train->set[DATASET_TRAIN];
    if (options_given(options, OPTION_sizes)) {
        plan->layers = options->size_count - 1;
        memcpy(plan->sizes, options->sizes, options->size_count * sizeof *plan->sizes);
    } else {
        plan->layers = HIDDEN_LAYERS + 1;
        plan->sizes[0] = data->inputs;
        for (size_t l = 1; l <= HIDDEN_LAYERS; l++)
            plan->sizes[l] = HIDDEN_UNITS;
        plan->sizes[plan->layers] = data->outputs;
    }
    if (plan->sizes[0] != data->inputs || plan->sizes[plan->layers] != data->outputs)
        return status_fail(BAD_ARGUMENT,
                           "--sizes: %zu inputs and %zu outputs; the data have %zu and %zu",
                           plan->sizes[0], plan->sizes[plan->layers], data->inputs, data->outputs);
    return OK;
}

static enum status batch_take(const struct train *train, struct training_plan *plan)
{
    const size_t count = train->set[DATASET_TRAIN].count;
    const bool given = options_given(train->options, OPTION_batch);
    plan->batch = given ? (size_t)train->options->batch : BATCH;
    if (given && plan->batch > count)
        return status_fail(BAD_ARGUMENT, "--batch: %zu of only %zu training samples", plan->batch,
                           count);
    if (plan->batch > count)
        plan->batch = count;
    plan->learner.batch = plan->batch;
    return OK;
}

/* One positive number. */
static enum status rate_take(const struct options *options, double *rate)
{
    if (!options_given(options, OPTION_eta))
        return OK;
    if (options->eta.form != OPTION_FORM_NUMBERS || options->eta.count != 1 ||
        !(options->eta.value[0] > 0))
        return status_fail(BAD_ARGUMENT, "--eta: '%.40s' is not one positive number",
                           options->text[OPTION_eta]);
    *rate = options->eta.value[0];
    return OK;
}

static enum status shares_check(const struct options *options)
{
    static const enum option_word below[] = {OPTION_channel_dropout, OPTION_drop, OPTION_momentum};
    const double value[] = {options->channel_dropout, options->drop, options->momentum};
    for (size_t k = 0; k < sizeof below / sizeof *below; k++)
        if (!(value[k] < 1))
            return status_fail(BAD_ARGUMENT, "--%s: 1 leaves nothing; expected a number below 1",
                               options_name(below[k]));
    return OK;
}

/* Steps are eta times an update: they lie in the range. */
static enum status quantisers_take(const struct options *options, double rate,
                                   struct learner_plan *plan)
{
    const bool channel = options_given(options, OPTION_bits);
    const bool update = options_given(options, OPTION_update_bits);
    size_t rounding = ROUNDING_MID_TREAD;
    TRY(choose(options, OPTION_rounding, rounding_names, &rounding));
    if (options_given(options, OPTION_rounding) && !channel && !update)
        return status_fail(BAD_ARGUMENT, "--rounding goes with --bits or --update-bits");
    if (rounding == ROUNDING_NONE && (channel || update))
        return status_fail(BAD_ARGUMENT,
                           "--rounding none would leave --%s without effect: leave both out",
                           options_name(channel ? OPTION_bits : OPTION_update_bits));
    if (channel)
        plan->channel_quantiser = (struct quantiser){.rounding = (enum rounding)rounding,
                                                     .bits = (unsigned)options->bits,
                                                     .range = CHANNEL_RANGE};
    if (update)
        plan->update_quantiser = (struct quantiser){.rounding = (enum rounding)rounding,
                                                    .bits = (unsigned)options->update_bits,
                                                    .range = UPDATE_RANGE / rate};
    return OK;
}

/* What all rules share of the learner. */
static enum status learner_take(struct train *train, struct learner_plan *plan, enum loss loss)
{
    static const struct arithmetic *const arithmetics[] = {&array_float, &array_double};
    const struct options *options = train->options;
    size_t precision = 0;
    TRY(choose(options, OPTION_precision, precision_names, &precision));
    plan->arithmetic = arithmetics[precision];
    plan->neuron = neuron_named("tanh");
    TRY(neuron_take(options, OPTION_activation, &plan->neuron));
    TRY(neuron_take(options, OPTION_channel_activation, &plan->channel_neuron));
    plan->loss = loss;
    plan->biases = !options_given(options, OPTION_no_biases);
    plan->no_derivative = options_given(options, OPTION_no_derivative);
    plan->channel_dropout = options->channel_dropout;
    if (options_given(options, OPTION_weight_norm)) {
        plan->normalisation = NORMALISATION_CAP;
        plan->rho = options->weight_norm;
    }
    TRY(quantisers_take(options, train->plan.rate, plan));
    return sizes_take(train, plan);
}

static enum status plan_take(struct train *train, const struct profile *profile, enum loss loss)
{
    const struct options *options = train->options;
    struct training_plan *plan = &train->plan;
    *plan = (struct training_plan){.learner = learner_defaults(train->rule[0]),
                                   .epochs = profile->epochs,
                                   .sampling = SAMPLING_RESHUFFLED,
                                   .rate = ETA,
                                   .schedule = SCHEDULE_GEOMETRIC,
                                   .drop = DROP,
                                   .momentum = options->momentum,
                                   .noise_batches = (size_t)options->noise_pretraining};
    if (options_given(options, OPTION_epochs))
        plan->epochs = (size_t)options->epochs;
    if (options_given(options, OPTION_drop))
        plan->drop = options->drop;
    TRY(rate_take(options, &plan->rate));
    TRY(shares_check(options));
    TRY(learner_take(train, &plan->learner, loss));
    return batch_take(train, plan);
}

/* --- the runs -------------------------------------------------------------------------- */

static enum status decay_read(const struct options *options, double *decay)
{
    const struct option_list *list = &options->lambda;
    if (list->form != OPTION_FORM_NUMBERS || list->count != 1 || !(list->value[0] >= 0))
        return status_fail(BAD_ARGUMENT, "--lambda: '%.40s' is not one number, at least 0",
                           options->text[OPTION_lambda]);
    *decay = list->value[0];
    return OK;
}

static bool rule_draws(const struct learning_rule *rule)
{
    return rule->feedback_drawn;
}

/* Do errors reach the hidden layers in a channel that can be changed? */
static bool rule_has_channel(const struct learning_rule *rule)
{
    return !rule->weight_field;
}

/* Are updates products of two signals? */
static bool rule_multiplies(const struct learning_rule *rule)
{
    return !rule->weight_field || rule->topology == LEARNING_NONE;
}

static const struct modifier {
    enum option_word option;
    bool (*known)(const struct learning_rule *rule);
    const char *rules;
} modifiers[] = {{OPTION_sparse, rule_draws, "that draw their feedback once"},
                 {OPTION_channel_activation, rule_has_channel, "with a learning channel"},
                 {OPTION_channel_dropout, rule_has_channel, "with a learning channel"},
                 {OPTION_bits, rule_has_channel, "with a learning channel"},
                 {OPTION_update_bits, rule_multiplies, "of one signal a neuron"}};

static bool some_rule_knows(const struct train *train, const struct modifier *modifier)
{
    for (size_t k = 0; k < train->rules; k++)
        if (modifier->known(train->rule[k]))
            return true;
    return false;
}

static enum status modifiers_check(const struct train *train)
{
    for (size_t k = 0; k < sizeof modifiers / sizeof *modifiers; k++)
        if (options_given(train->options, modifiers[k].option) &&
            !some_rule_knows(train, &modifiers[k]))
            return status_fail(BAD_ARGUMENT, "--%s goes with rules %s, not with %s",
                               options_name(modifiers[k].option), modifiers[k].rules,
                               train->rule[0]->name);
    return OK;
}

/* What the rule does not know is left to the others of the list. */
static void modifiers_leave(const struct learning_rule *rule, struct learner_plan *plan)
{
    const struct learner_plan own = learner_defaults(rule);
    if (!rule_has_channel(rule)) {
        plan->channel_neuron = NULL;
        plan->channel_dropout = 0;
        plan->channel_quantiser = own.channel_quantiser;
    }
    if (!rule_multiplies(rule))
        plan->update_quantiser = own.update_quantiser;
}

/* The shared plan with what is the rule's own. */
static enum status rule_plan(const struct train *train, const struct learning_rule *rule,
                             struct training_plan *plan)
{
    const struct options *options = train->options;
    const struct learner_plan own = learner_defaults(rule);
    *plan = train->plan;
    struct learner_plan *learner = &plan->learner;
    learner->rule = rule;
    learner->decay = own.decay;
    learner->mirror = own.mirror;
    learner->mirror_samples = own.mirror_samples;
    learner->product_ratio = own.product_ratio;
    modifiers_leave(rule, learner);
    if (options_given(options, OPTION_lambda))
        TRY(decay_read(options, &learner->decay));
    if (options_given(options, OPTION_sparse) && rule_draws(rule)) {
        learner->law = FEEDBACK_SPARSE;
        learner->sparse = options->sparse;
    }
    return OK;
}

/* Can such a run be made? */
static enum status plan_try(const struct train *train, const struct training_plan *plan)
{
    struct training *training = NULL;
    const enum status status =
        training_create(plan, &train->set[DATASET_TRAIN], &train->set[DATASET_TEST], &training);
    training_free(training);
    return status;
}

static enum status runs_make(struct train *train)
{
    train->trials = options_given(train->options, OPTION_trials) ? train->options->trials : 1;
    if (train->trials > RUNS_MOST / train->rules)
        return status_fail(BAD_ARGUMENT, "--trials: %zu of each rule; at most %d runs are possible",
                           train->trials, RUNS_MOST);
    train->runs = train->rules * train->trials;
    train->run = calloc(train->runs, sizeof *train->run);
    if (!train->run)
        return status_fail(NO_MEMORY, "%zu runs", train->runs);
    for (size_t k = 0; k < train->rules; k++) {
        struct training_plan plan;
        TRY(rule_plan(train, train->rule[k], &plan));
        for (size_t j = 0; j < train->trials; j++) {
            plan.learner.seed = train->options->seed + j;
            train->run[k * train->trials + j].plan = plan;
        }
        TRY(plan_try(train, &plan));
    }
    return OK;
}

static void scale_write(struct train *train)
{
    const struct learner_plan *plan = &train->plan.learner;
    size_t at = 0;
    for (size_t l = 0; l <= plan->layers && at < sizeof train->scale; l++)
        at += (size_t)snprintf(train->scale + at, sizeof train->scale - at, "%s%zu", l ? "-" : "",
                               plan->sizes[l]);
}

static enum status folder_options_check(const struct options *options)
{
    static const enum option_word words[] = {OPTION_resume, OPTION_replace};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (options_given(options, words[k]) && !options_given(options, OPTION_out))
            return status_fail(BAD_ARGUMENT, "--%s needs --out", options_name(words[k]));
    if (options_given(options, OPTION_resume) && options_given(options, OPTION_replace))
        return status_fail(BAD_ARGUMENT, "--resume and --replace exclude each other");
    return OK;
}

enum status train_prepare(const struct options *options, struct train *train)
{
    *train = (struct train){.options = options, .directory = options->text[OPTION_out]};
    size_t profile = 0, loss = LOSS_CROSS_ENTROPY;
    TRY(folder_options_check(options));
    TRY(choose(options, OPTION_profile, profile_names, &profile));
    TRY(choose(options, OPTION_loss, loss_names, &loss));
    train->profile = profiles[profile].name;
    TRY(rules_take(train));
    TRY(modifiers_check(train));
    TRY(data_read(train, &profiles[profile], (enum loss)loss));
    TRY(plan_take(train, &profiles[profile], (enum loss)loss));
    scale_write(train);
    return runs_make(train);
}

void train_free(struct train *train)
{
    for (size_t k = 0; k < train->runs && train->run; k++)
        free(train->run[k].record);
    free(train->run);
    dataset_free(&train->set[DATASET_TRAIN]);
    dataset_free(&train->set[DATASET_TEST]);
}

size_t train_steps_of_epoch(const struct train *train)
{
    const size_t batch = train->plan.batch;
    return (train->set[DATASET_TRAIN].count + batch - 1) / batch;
}

/* --- what the results are the results of ------------------------------------------------- */

static json_t *numbers_array(size_t count, const size_t *number)
{
    json_t *array = json_array();
    for (size_t k = 0; k < count; k++)
        json_array_append_new(array, json_integer((json_int_t)number[k]));
    return array;
}

static json_t *rules_array(const struct train *train)
{
    json_t *array = json_array();
    for (size_t k = 0; k < train->rules; k++)
        json_array_append_new(array, json_string(train->rule[k]->name));
    return array;
}

static json_t *quantiser_object(const struct quantiser *quantiser)
{
    if (quantiser->rounding == ROUNDING_NONE)
        return json_null();
    return json_pack("{s:s, s:i, s:f}", "rounding", rounding_names[quantiser->rounding], "bits",
                     (int)quantiser->bits, "range", quantiser->range);
}

static void learner_parameters_set(const struct train *train, struct manifest *manifest)
{
    const struct learner_plan *plan = &train->plan.learner;
    const struct options *options = train->options;
    const char *channel = plan->channel_neuron ? plan->channel_neuron->name : "identity";
    const bool normed = plan->normalisation != NORMALISATION_NONE;
    manifest_parameter(manifest, "sizes", numbers_array(plan->layers + 1, plan->sizes));
    manifest_parameter(manifest, "activation", json_string(plan->neuron->name));
    manifest_parameter(manifest, "loss", json_string(loss_names[plan->loss]));
    manifest_parameter(manifest, "biases", json_boolean(plan->biases));
    manifest_parameter(manifest, "precision", json_string(plan->arithmetic->name));
    manifest_parameter(manifest, "no_derivative", json_boolean(plan->no_derivative));
    manifest_parameter(manifest, "channel_activation", json_string(channel));
    manifest_parameter(manifest, "channel_dropout", json_real(plan->channel_dropout));
    manifest_parameter(manifest, "channel_quantiser", quantiser_object(&plan->channel_quantiser));
    manifest_parameter(manifest, "update_quantiser", quantiser_object(&plan->update_quantiser));
    manifest_parameter(manifest, "weight_norm", normed ? json_real(plan->rho) : json_null());
    manifest_parameter(manifest, "sparse",
                       options_given(options, OPTION_sparse) ? json_real(options->sparse)
                                                             : json_null());
    manifest_parameter(manifest, "lambda",
                       options_given(options, OPTION_lambda) ? json_real(options->lambda.value[0])
                                                             : json_null());
}

/* Of the samples that are used, so that other samples of the same shapes are seen. */
static json_t *data_digest(const struct train *train)
{
    const uint64_t digest =
        training_digest_of_data(&train->set[DATASET_TRAIN], &train->set[DATASET_TEST]);
    return json_sprintf("%016llx", (unsigned long long)digest);
}

void train_parameters_set(const struct train *train, struct manifest *manifest)
{
    const struct training_plan *plan = &train->plan;
    manifest_parameter(manifest, "rules", rules_array(train));
    manifest_parameter(manifest, "trials", json_integer((json_int_t)train->trials));
    manifest_parameter(manifest, "seed", json_seed(train->options->seed));
    manifest_parameter(manifest, "data", json_text(train->data));
    manifest_parameter(manifest, "data_digest", data_digest(train));
    learner_parameters_set(train, manifest);
    manifest_parameter(manifest, "epochs", json_integer((json_int_t)plan->epochs));
    manifest_parameter(manifest, "batch", json_integer((json_int_t)plan->batch));
    manifest_parameter(manifest, "eta", json_real(plan->rate));
    manifest_parameter(manifest, "drop", json_real(plan->drop));
    manifest_parameter(manifest, "momentum", json_real(plan->momentum));
    manifest_parameter(manifest, "noise_pretraining",
                       json_integer((json_int_t)plan->noise_batches));
}
