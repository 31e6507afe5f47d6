/* What a sweep found, as text and as JSON. */
#include "cli/sweep.h"

#include "cli/columns.h"
#include "cli/json.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { NAMES_SHOWN = 6, STATE_LENGTH = 512, NUMBERS_SHOWN = 10 };

/* The sign of the coefficient counts where it exceeds so many times its doubt. */
static const double CERTAIN = 10;

const char *sweep_hopf_kind(const struct branch_special *special)
{
    if (!(fabs(special->lyapunov) > CERTAIN * special->doubt))
        return "undecided";
    return special->lyapunov > 0 ? "subcritical" : "supercritical";
}

const char *sweep_parameters(const struct sweep *sweep, size_t size, char *text)
{
    char whole[PROBLEM_TEXT_MAX];
    *sweep->place = NAN; /* shown as such, and replaced */
    problem_parameters(&sweep->given, sizeof whole, whole);
    *sweep->place = sweep->standard;
    const char *nan = strstr(whole, "nan");
    if (nan)
        snprintf(text, size, "%.*svaried%s", (int)(nan - whole), whole, nan + strlen("nan"));
    else
        snprintf(text, size, "%s", whole);
    return text;
}

const struct branch_spectrum *sweep_spectrum(const struct branch *branch, size_t k)
{
    const struct branch_row *row = branch->row;
    const bool after = k + 1 < branch->count && row[k + 1].spectrum.neutral > 0;
    const bool before = k > 0 && row[k - 1].spectrum.neutral > 0;
    if (row[k].spectrum.neutral == 0 || after || before || branch->count < 2)
        return &row[k].spectrum;
    return k > 0 ? &row[k - 1].spectrum : &row[k + 1].spectrum;
}

/* ---- text ---- */

/* "a1 = 0.303618943, a2 = -0.759198639"; of many unknowns the first. */
static const char *state_text(const struct sweep *sweep, const double *x, char text[STATE_LENGTH])
{
    const struct flow *flow = sweep->given.flow;
    size_t length = 0;
    for (size_t k = 0; k < flow->dim && k < NAMES_SHOWN && length < STATE_LENGTH; k++)
        length += (size_t)snprintf(text + length, STATE_LENGTH - length, "%s%s = %.*g",
                                   k ? ", " : "", flow->names[k], NUMBERS_SHOWN, x[k]);
    if (flow->dim > NAMES_SHOWN && length < STATE_LENGTH)
        snprintf(text + length, STATE_LENGTH - length, ", ...");
    return text;
}

static void special_line(const struct sweep *sweep, struct columns *columns,
                         const struct branch_special *special)
{
    char state[STATE_LENGTH];
    columns_cell(columns, "%s", branch_kind_name(special->kind));
    state_text(sweep, special->state, state);
    if (special->kind == BRANCH_HOPF)
        columns_cell(columns, "%s = %.12g, omega = %.8g, %s (l1 = %.6g); %s", sweep->name,
                     special->value, special->omega, sweep_hopf_kind(special), special->lyapunov,
                     state);
    else
        columns_cell(columns, "%s = %.15g; %s", sweep->name, special->value, state);
}

/* "saddle, stable node, stable focus": one after the other along the branch. */
static const char *stabilities(const struct branch *branch, size_t dim, char text[STATE_LENGTH])
{
    const char *last = "";
    size_t length = 0;
    text[0] = '\0';
    for (size_t k = 0; k < branch->count && length < STATE_LENGTH; k++) {
        const char *word = branch_stability(sweep_spectrum(branch, k), dim);
        if (strcmp(word, last) != 0)
            length += (size_t)snprintf(text + length, STATE_LENGTH - length, "%s%s",
                                       *last ? ", " : "", word);
        last = word;
    }
    return text;
}

static void branch_line(const struct sweep *sweep, struct columns *columns,
                        const struct branch *branch)
{
    char words[STATE_LENGTH];
    const size_t last = branch->count - 1, dim = sweep->family.dim;
    columns_cell(columns, "branch");
    columns_cell(columns, "%s from %.6g (%s) to %.6g (%s), %zu points: %s", sweep->name,
                 branch->row[0].value, branch_end_reason(branch->end[0]), branch->row[last].value,
                 branch_end_reason(branch->end[1]), branch->count, stabilities(branch, dim, words));
}

/* The cycles of one Hopf point: how many, and the last. */
static void cycle_lines(const struct sweep *sweep, struct columns *columns)
{
    size_t count = 0;
    for (size_t k = 0; k < sweep->cycles; k++) {
        const struct sweep_cycle *cycle = &sweep->cycle[k];
        const bool last = k + 1 == sweep->cycles || sweep->cycle[k + 1].hopf != cycle->hopf;
        count++;
        if (!last)
            continue;
        columns_cell(columns, "%s cycles", cycle->attracts ? "stable" : "unstable");
        columns_cell(columns, "%zu from the Hopf point at %.6g to %s = %.6g, there of period %.6g",
                     count - 1, sweep->set->special[cycle->hopf].value, sweep->name, cycle->value,
                     cycle->period);
        count = 0;
    }
}

static void head_lines(const struct sweep *sweep, struct columns *columns)
{
    char parameters[PROBLEM_TEXT_MAX];
    columns_cell(columns, "system");
    columns_cell(columns, "%s", sweep->given.flow->title);
    columns_cell(columns, "parameters");
    columns_cell(columns, "%s", sweep_parameters(sweep, sizeof parameters, parameters));
    columns_cell(columns, "varied");
    columns_cell(columns, "%s from %.10g to %.10g", sweep->name, sweep->family.from,
                 sweep->family.to);
    if (!sweep->scanned)
        return;
    columns_cell(columns, "searched");
    columns_cell(columns, "all fixed points with %s in [%g, %g]%s", sweep->given.flow->names[0],
                 sweep->interval[0], sweep->interval[1],
                 sweep->doubts ? "; double roots are in doubt" : "");
}

static void tail_lines(const struct sweep *sweep, struct columns *columns)
{
    columns_cell(columns, "seeds");
    columns_cell(columns,
                 "%zu fixed points, %zu of them not isolated; seed %" PRIu64 " of random starts",
                 sweep->seeds, sweep->continua, sweep->options->seed);
    if (!options_given(sweep->options, OPTION_out))
        return;
    columns_cell(columns, "files");
    columns_cell(columns, "%s/sweep.gp, .pdf, .png, .svg, tables, manifest.json",
                 sweep->options->text[OPTION_out]);
}

enum status sweep_print(const struct sweep *sweep, FILE *file)
{
    const struct branch_set *set = sweep->set;
    struct columns *columns = columns_create("ll");
    if (options_given(sweep->options, OPTION_quiet) && options_given(sweep->options, OPTION_out)) {
        columns_free(columns);
        return OK;
    }
    head_lines(sweep, columns);
    for (size_t k = 0; k < set->branches; k++)
        branch_line(sweep, columns, &set->branch[k]);
    for (size_t k = 0; k < set->specials; k++)
        special_line(sweep, columns, &set->special[k]);
    cycle_lines(sweep, columns);
    if (set->branches == 0) {
        columns_cell(columns, "branches");
        columns_cell(columns, "none: no fixed point was found");
    }
    tail_lines(sweep, columns);
    const enum status status = columns_print(columns, file);
    columns_free(columns);
    return status;
}

/* ---- JSON ---- */

static json_t *branch_json(const struct sweep *sweep, const struct branch *branch)
{
    const size_t dim = sweep->family.dim;
    json_t *points = json_array();
    for (size_t k = 0; k < branch->count; k++) {
        const struct branch_row *row = &branch->row[k];
        json_array_append_new(points,
                              json_pack("{so so ss so so si}", "value", json_finite(row->value),
                                        "state", json_vector(dim, branch->x + k * dim), "stability",
                                        branch_stability(&row->spectrum, dim), "rate",
                                        json_finite(row->spectrum.rate), "frequency",
                                        json_finite(row->spectrum.frequency), "unstable",
                                        (int)row->spectrum.unstable));
    }
    return json_pack("{s[ss] so}", "ends", branch_end_reason(branch->end[0]),
                     branch_end_reason(branch->end[1]), "points", points);
}

static json_t *special_json(const struct sweep *sweep, const struct branch_special *special)
{
    json_t *object = json_pack("{so so so}", "value", json_finite(special->value), "error",
                               json_finite(special->error), "state",
                               json_vector(sweep->family.dim, special->state));
    if (special->kind != BRANCH_HOPF)
        return object;
    json_object_set_new(object, "omega", json_finite(special->omega));
    json_object_set_new(object, "lyapunov", json_finite(special->lyapunov));
    json_object_set_new(object, "doubt", json_finite(special->doubt));
    json_object_set_new(object, "kind", json_string(sweep_hopf_kind(special)));
    return object;
}

static json_t *specials_json(const struct sweep *sweep, enum branch_kind kind)
{
    json_t *array = json_array();
    for (size_t k = 0; k < sweep->set->specials; k++)
        if (sweep->set->special[k].kind == kind)
            json_array_append_new(array, special_json(sweep, &sweep->set->special[k]));
    return array;
}

static json_t *cycles_json(const struct sweep *sweep)
{
    json_t *array = json_array();
    for (size_t k = 0; k < sweep->cycles; k++) {
        const struct sweep_cycle *cycle = &sweep->cycle[k];
        json_array_append_new(array, json_pack("{sf sf sf sf sf sb sf}", "value", cycle->value,
                                               "low", cycle->low, "high", cycle->high, "period",
                                               cycle->period, "multiplier", cycle->multiplier,
                                               "attracts", (int)cycle->attracts, "hopf_value",
                                               sweep->set->special[cycle->hopf].value));
    }
    return array;
}

static json_t *names_json(const struct flow *flow)
{
    json_t *array = json_array();
    for (size_t k = 0; k < flow->dim; k++)
        json_array_append_new(array, json_string(flow->names[k]));
    return array;
}

enum status sweep_print_json(const struct sweep *sweep, FILE *file)
{
    static const char *const keys[BRANCH_KINDS] = {[BRANCH_FOLD] = "folds",
                                                   [BRANCH_HOPF] = "hopf",
                                                   [BRANCH_CROSSING] = "crossings",
                                                   [BRANCH_UNRESOLVED] = "unresolved"};
    const struct problem *problem = &sweep->given.problem;
    json_t *branches = json_array();
    for (size_t k = 0; k < sweep->set->branches; k++)
        json_array_append_new(branches, branch_json(sweep, &sweep->set->branch[k]));
    json_t *object =
        json_pack("{ss so ss so so so so}", "system", problem->system->name, "rule",
                  json_text(problem->rule ? problem->rule->name : NULL), "parameter", sweep->name,
                  "from", json_finite(sweep->family.from), "to", json_finite(sweep->family.to),
                  "names", names_json(sweep->given.flow), "branches", branches);
    for (int kind = 0; kind < BRANCH_KINDS; kind++)
        json_object_set_new(object, keys[kind], specials_json(sweep, (enum branch_kind)kind));
    json_object_set_new(object, "cycles", cycles_json(sweep));
    json_object_set_new(object, "seeds", json_integer((json_int_t)sweep->seeds));
    json_object_set_new(object, "not_isolated", json_integer((json_int_t)sweep->continua));
    json_object_set_new(object, "doubts", json_integer((json_int_t)sweep->doubts));
    json_object_set_new(object, "seconds", json_finite(sweep->seconds));
    return json_print(object, file);
}
