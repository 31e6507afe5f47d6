/* A problem and its plan as JSON: the effective values, defaults filled in.
 *
 * Lists of more numbers than a reader would type are told by their length: the command line has
 * them from a file, whose digest is given. */
#include "cli/problem_json.h"

#include "cli/digest.h"
#include "cli/json.h"
#include "linear/channel_activation.h"
#include "linear/registry.h"
#include "nonlinear/activation.h"

enum { ENTRIES_MOST = 65536 };

json_t *problem_json_plan(const struct plan *plan)
{
    json_t *object = json_object();
    json_object_set_new(object, "method", json_string(options_method_name(plan->method)));
    json_object_set_new(object, "rtol", json_finite(plan->rtol));
    json_object_set_new(object, "atol", json_finite(plan->atol));
    json_object_set_new(object, "horizon", json_finite(plan->horizon));
    json_object_set_new(object, "steps_most", json_integer((json_int_t)plan->steps_most));
    return object;
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
static void data_set(json_t *object, const struct problem_given *given)
{
    char text[PROBLEM_TEXT_MAX], hex[DIGEST_TEXT];
    if (given->moments.count == 0)
        return;
    json_object_set_new(object, "data", json_text(problem_data(given, sizeof text, text)));
    if (digest_file(given->source.data, hex) == OK)
        json_object_set_new(object, "data_sha256", json_string(hex));
    if (given->source.labels && digest_file(given->source.labels, hex) == OK)
        json_object_set_new(object, "labels_sha256", json_string(hex));
}

static void neurons_set(json_t *object, const struct problem *problem)
{
    char text[ACTIVATION_TEXT_MAX];
    if (problem->neuron_count == 0)
        return;
    json_object_set_new(object, "activation",
                        json_text(activation_list_text(problem, sizeof text, text)));
    json_object_set_new(object, "no_derivative", json_boolean(problem->no_derivative));
    json_object_set_new(object, "biases", json_boolean(problem->biases));
    json_object_set_new(object, "gaussian", json_finite(problem->gaussian));
    json_object_set_new(object, "weights", entries_array(&problem->sample_weights));
    if (problem->teacher.neurons.activation)
        json_object_set_new(
            object, "teacher",
            json_text(activation_teacher_text(&problem->teacher, sizeof text, text)));
}

/* Equations of one's own: what the file says, and its digest. */
static json_t *equations_json(const struct problem_given *given)
{
    const struct problem *problem = &given->problem;
    json_t *object = json_object(), *parameters = json_object();
    char hex[DIGEST_TEXT];
    for (size_t k = 0; k < problem->parameter_count; k++)
        json_object_set_new(parameters, problem->equations->parameter[k].name,
                            json_finite(problem->parameters[k]));
    json_object_set_new(object, "system", json_text(problem->system->name));
    json_object_set_new(object, "rule", json_null());
    json_object_set_new(object, "equation", json_text(problem->system->equation));
    if (digest_file(problem->equations->path, hex) == OK)
        json_object_set_new(object, "equation_sha256", json_string(hex));
    json_object_set_new(object, "par", parameters);
    json_object_set_new(object, "init", json_vector(given->dim, given->x0));
    return object;
}

json_t *problem_json(const struct problem_given *given)
{
    const struct problem *problem = &given->problem;
    if (problem->equations)
        return equations_json(given);
    json_t *object = json_object();
    json_object_set_new(object, "system", json_text(problem->system->name));
    json_object_set_new(object, "rule", json_text(problem->rule ? problem->rule->name : NULL));
    json_object_set_new(object, "depth",
                        registry_system_reads(problem->system, "depth")
                            ? json_integer((json_int_t)problem->depth)
                            : json_null());
    json_object_set_new(object, "sizes", sizes_array(problem));
    json_object_set_new(object, "alpha", json_finite(problem->alpha));
    json_object_set_new(object, "beta", json_finite(problem->beta));
    json_object_set_new(object, "sigma_ii", entries_array(&problem->sigma_ii));
    json_object_set_new(object, "sigma_ti", entries_array(&problem->sigma_ti));
    json_object_set_new(
        object, "channel_activation",
        json_text(problem->channel_activation ? problem->channel_activation->name : NULL));
    neurons_set(object, problem);
    json_object_set_new(object, "inputs", entries_array(&problem->inputs));
    json_object_set_new(object, "targets", entries_array(&problem->targets));
    json_object_set_new(object, "lambda", json_finite(problem->lambda));
    json_object_set_new(object, "decays", json_vector(problem->decay_count, problem->decays));
    json_object_set_new(object, "mirror", json_finite(problem->mirror));
    json_object_set_new(object, "c", json_vector(problem->c_count, problem_feedback(problem)));
    json_object_set_new(object, "rates", json_vector(problem->rate_count, problem->rates));
    json_object_set_new(object, "q", json_vector(problem->q_count, problem->q));
    json_object_set_new(object, "init", json_vector(given->dim, given->x0));
    data_set(object, given);
    return object;
}
