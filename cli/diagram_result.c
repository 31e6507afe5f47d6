/* What a diagram of branches holds, as text and as JSON. */
#include "cli/diagram.h"

#include "cli/columns.h"
#include "cli/json.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { NAMES_SHOWN = 6, STATE_LENGTH = 512, NUMBERS_SHOWN = 10 };

/* The sign of the coefficient counts where it exceeds so many times its doubt. */
static const double CERTAIN = 10;

const char *diagram_hopf_kind(const struct branch_special *special)
{
    if (!(fabs(special->lyapunov) > CERTAIN * special->doubt))
        return "undecided";
    return special->lyapunov > 0 ? "subcritical" : "supercritical";
}

const char *diagram_parameters(const struct diagram *diagram, size_t size, char *text)
{
    char whole[PROBLEM_TEXT_MAX];
    *diagram->place = NAN; /* shown as such, and replaced */
    problem_parameters(&diagram->given, sizeof whole, whole);
    *diagram->place = diagram->standard;
    const char *nan = strstr(whole, "nan");
    if (nan)
        snprintf(text, size, "%.*svaried%s", (int)(nan - whole), whole, nan + strlen("nan"));
    else
        snprintf(text, size, "%s", whole);
    return text;
}

const struct branch_spectrum *diagram_spectrum(const struct branch *branch, size_t k)
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
static const char *state_text(const struct diagram *diagram, const double *x,
                              char text[STATE_LENGTH])
{
    const struct flow *flow = diagram->given.flow;
    size_t length = 0;
    for (size_t k = 0; k < flow->dim && k < NAMES_SHOWN && length < STATE_LENGTH; k++)
        length += (size_t)snprintf(text + length, STATE_LENGTH - length, "%s%s = %.*g",
                                   k ? ", " : "", flow->names[k], NUMBERS_SHOWN, x[k]);
    if (flow->dim > NAMES_SHOWN && length < STATE_LENGTH)
        snprintf(text + length, STATE_LENGTH - length, ", ...");
    return text;
}

/* 0 where the value is its own uncertainty, or rounding of the interval's ends. */
static double special_value(const struct diagram *diagram, const struct branch_special *special)
{
    const double size = fmax(fabs(diagram->family.from), fabs(diagram->family.to));
    return fabs(special->value) <= fmax(special->error, DBL_EPSILON * size) ? 0 : special->value;
}

static void special_line(const struct diagram *diagram, struct columns *columns,
                         const struct branch_special *special)
{
    char state[STATE_LENGTH];
    const double value = special_value(diagram, special);
    columns_cell(columns, "%s", branch_kind_name(special->kind));
    state_text(diagram, special->state, state);
    if (special->kind == BRANCH_HOPF)
        columns_cell(columns, "%s = %.12g, omega = %.8g, %s (l1 = %.6g); %s", diagram->name, value,
                     special->omega, diagram_hopf_kind(special), special->lyapunov, state);
    else if (special->kind == BRANCH_CONTINUUM)
        columns_cell(columns, "%s = %.15g: fixed points are not isolated there, as at %s",
                     diagram->name, value, state);
    else
        columns_cell(columns, "%s = %.15g; %s", diagram->name, value, state);
}

/* "saddle, stable node, stable focus": one after the other along the branch. */
static const char *stabilities(const struct branch *branch, size_t dim, char text[STATE_LENGTH])
{
    const char *last = "";
    size_t length = 0;
    text[0] = '\0';
    for (size_t k = 0; k < branch->count && length < STATE_LENGTH; k++) {
        const char *word = branch_stability(diagram_spectrum(branch, k), dim);
        if (strcmp(word, last) != 0)
            length += (size_t)snprintf(text + length, STATE_LENGTH - length, "%s%s",
                                       *last ? ", " : "", word);
        last = word;
    }
    return text;
}

enum { EXTENT_LENGTH = 160 };

/* "from 0 (...) to 30 (...)"; of a branch that turns back beyond both ends how far it goes. */
static const char *extent_text(const struct branch *branch, char text[EXTENT_LENGTH])
{
    const double first = branch->row[0].value, last = branch->row[branch->count - 1].value;
    const char *begins = branch_end_reason(branch->end[0]),
               *ends = branch_end_reason(branch->end[1]);
    double low = first, high = first;
    for (size_t k = 0; k < branch->count; k++) {
        low = fmin(low, branch->row[k].value);
        high = fmax(high, branch->row[k].value);
    }
    const bool dips = low<fmin(first, last), rises = high> fmax(first, last);
    if (branch->count == 1)
        snprintf(text, EXTENT_LENGTH, "at %.6g alone (%s)", first, begins);
    else if (dips && rises)
        snprintf(text, EXTENT_LENGTH, "from %.6g (%s) to %.6g (%s), turning back at %.6g and %.6g",
                 first, begins, last, ends, low, high);
    else if (dips || rises)
        snprintf(text, EXTENT_LENGTH, "from %.6g (%s) %s to %.6g and back to %.6g (%s)", first,
                 begins, dips ? "down" : "up", dips ? low : high, last, ends);
    else
        snprintf(text, EXTENT_LENGTH, "from %.6g (%s) to %.6g (%s)", first, begins, last, ends);
    return text;
}

static void branch_line(const struct diagram *diagram, struct columns *columns,
                        const struct branch *branch)
{
    char words[STATE_LENGTH], extent[EXTENT_LENGTH];
    columns_cell(columns, "branch");
    columns_cell(columns, "%s %s, %zu point%s: %s", diagram->name, extent_text(branch, extent),
                 branch->count, branch->count == 1 ? "" : "s",
                 stabilities(branch, diagram->family.dim, words));
}

const char *diagram_cycles_reason(enum diagram_cycles_end end)
{
    static const char *const reasons[DIAGRAM_CYCLES_ENDS] = {
        [DIAGRAM_CYCLES_INTERVAL] = "end of the interval",
        [DIAGRAM_CYCLES_STOPPED] = "interrupted",
        [DIAGRAM_CYCLES_POINT] = "the fixed point inside is lost",
        [DIAGRAM_CYCLES_UNSEEN] = "a start inside comes to none",
        [DIAGRAM_CYCLES_UNCERTAIN] = "a cycle is seen, but its return map cannot be bracketed",
        [DIAGRAM_CYCLES_DISAGREE] = "a cycle is seen, but its multiplier is rounding",
        [DIAGRAM_CYCLES_ELSEWHERE] = "the cycle found does not surround the fixed point"};
    return reasons[end];
}

/* The cycles of one Hopf point: how many, the last, and why there are no more. */
static void cycle_line(const struct diagram *diagram, struct columns *columns,
                       const struct diagram_cycles *cycles, const struct diagram_cycle *last)
{
    const double born = diagram->set->special[cycles->hopf].value;
    const char *reason = diagram_cycles_reason(cycles->end);
    /* a cycle that repels is looked for where it attracts */
    const char *when = cycles->end == DIAGRAM_CYCLES_UNSEEN && !last->attracts
                           ? " backwards in time, where an unstable one would attract"
                           : "";
    columns_cell(columns, "%s cycles", last->attracts ? "stable" : "unstable");
    if (cycles->count == 0)
        columns_cell(columns, "none certified beside the Hopf point at %.6g: at %.6g %s%s%s%s",
                     born, cycles->tried, reason, when, cycles->search[0] ? ": " : "",
                     cycles->search);
    else if (cycles->end == DIAGRAM_CYCLES_INTERVAL)
        columns_cell(columns,
                     "%zu from the Hopf point at %.6g to %s = %.6g (%s), there of period %.6g",
                     cycles->count, born, diagram->name, last->value, reason, last->period);
    else
        columns_cell(columns,
                     "%zu from the Hopf point at %.6g to %s = %.6g, there of period %.6g and "
                     "multiplier %.3g; at %.6g %s%s%s%s",
                     cycles->count, born, diagram->name, last->value, last->period,
                     last->multiplier, cycles->tried, reason, when, cycles->search[0] ? ": " : "",
                     cycles->search);
}

static void cycle_lines(const struct diagram *diagram, struct columns *columns)
{
    size_t first = 0;
    for (size_t k = 0; k < diagram->families; k++) {
        const struct diagram_cycles *cycles = &diagram->family_of_cycles[k];
        first += cycles->count + 1; /* with the Hopf point itself */
        cycle_line(diagram, columns, cycles, &diagram->cycle[first - 1]);
    }
}

static void head_lines(const struct diagram *diagram, struct columns *columns)
{
    char parameters[PROBLEM_TEXT_MAX];
    columns_cell(columns, "system");
    columns_cell(columns, "%s", diagram->given.flow->title);
    if (diagram_parameters(diagram, sizeof parameters, parameters)[0]) {
        columns_cell(columns, "parameters");
        columns_cell(columns, "%s", parameters);
    }
    columns_cell(columns, "varied");
    columns_cell(columns, "%s from %.10g to %.10g", diagram->name, diagram->family.from,
                 diagram->family.to);
    if (!diagram->scanned)
        return;
    columns_cell(columns, "searched");
    columns_cell(columns, "all fixed points with %s in [%g, %g]%s", diagram->given.flow->names[0],
                 diagram->interval[0], diagram->interval[1],
                 diagram->doubts ? "; double roots are in doubt" : "");
}

static void tail_lines(const struct diagram *diagram, struct columns *columns)
{
    columns_cell(columns, "seeds");
    columns_cell(
        columns,
        "%zu fixed points, %zu of them not isolated, %zu alone at their value; seed %" PRIu64
        " of random starts",
        diagram->seeds, diagram->continua, diagram->alone, diagram->options->seed);
    if (!options_given(diagram->options, OPTION_out))
        return;
    columns_cell(columns, "files");
    columns_cell(columns, "%s/sweep.gp, .pdf, .png, .svg, tables, manifest.json",
                 diagram->options->text[OPTION_out]);
}

enum status diagram_print(const struct diagram *diagram, FILE *file)
{
    const struct branch_set *set = diagram->set;
    struct columns *columns = columns_create("ll");
    head_lines(diagram, columns);
    for (size_t k = 0; k < set->branches; k++)
        branch_line(diagram, columns, &set->branch[k]);
    for (size_t k = 0; k < set->specials; k++)
        special_line(diagram, columns, &set->special[k]);
    cycle_lines(diagram, columns);
    if (set->branches == 0) {
        columns_cell(columns, "branches");
        columns_cell(columns, "none: no fixed point was found");
    }
    tail_lines(diagram, columns);
    const enum status status = columns_print(columns, file);
    columns_free(columns);
    return status;
}

/* ---- JSON ---- */

static json_t *branch_json(const struct diagram *diagram, const struct branch *branch)
{
    const size_t dim = diagram->family.dim;
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

static json_t *special_json(const struct diagram *diagram, const struct branch_special *special)
{
    json_t *object = json_pack("{so so so}", "value", json_finite(special->value), "error",
                               json_finite(special->error), "state",
                               json_vector(diagram->family.dim, special->state));
    if (special->kind != BRANCH_HOPF)
        return object;
    json_object_set_new(object, "omega", json_finite(special->omega));
    json_object_set_new(object, "lyapunov", json_finite(special->lyapunov));
    json_object_set_new(object, "doubt", json_finite(special->doubt));
    json_object_set_new(object, "kind", json_string(diagram_hopf_kind(special)));
    return object;
}

static json_t *specials_json(const struct diagram *diagram, enum branch_kind kind)
{
    json_t *array = json_array();
    for (size_t k = 0; k < diagram->set->specials; k++)
        if (diagram->set->special[k].kind == kind)
            json_array_append_new(array, special_json(diagram, &diagram->set->special[k]));
    return array;
}

static json_t *cycles_json(const struct diagram *diagram)
{
    json_t *array = json_array();
    for (size_t k = 0; k < diagram->cycles; k++) {
        const struct diagram_cycle *cycle = &diagram->cycle[k];
        json_array_append_new(array, json_pack("{sf sf sf sf sf sb sf}", "value", cycle->value,
                                               "low", cycle->low, "high", cycle->high, "period",
                                               cycle->period, "multiplier", cycle->multiplier,
                                               "attracts", (int)cycle->attracts, "hopf_value",
                                               diagram->set->special[cycle->hopf].value));
    }
    return array;
}

static json_t *families_json(const struct diagram *diagram)
{
    json_t *array = json_array();
    for (size_t k = 0; k < diagram->families; k++) {
        const struct diagram_cycles *cycles = &diagram->family_of_cycles[k];
        json_array_append_new(array, json_pack("{sf sI sf ss ss}", "hopf_value",
                                               diagram->set->special[cycles->hopf].value, "count",
                                               (json_int_t)cycles->count, "tried", cycles->tried,
                                               "reason", diagram_cycles_reason(cycles->end),
                                               "search", cycles->search));
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

enum status diagram_print_json(const struct diagram *diagram, FILE *file)
{
    static const char *const keys[BRANCH_KINDS] = {[BRANCH_FOLD] = "folds",
                                                   [BRANCH_HOPF] = "hopf",
                                                   [BRANCH_CROSSING] = "crossings",
                                                   [BRANCH_UNRESOLVED] = "unresolved",
                                                   [BRANCH_CONTINUUM] = "continua"};
    const struct problem *problem = &diagram->given.problem;
    json_t *branches = json_array();
    for (size_t k = 0; k < diagram->set->branches; k++)
        json_array_append_new(branches, branch_json(diagram, &diagram->set->branch[k]));
    json_t *object =
        json_pack("{ss so ss so so so so}", "system", problem->system->name, "rule",
                  json_text(problem->rule ? problem->rule->name : NULL), "parameter", diagram->name,
                  "from", json_finite(diagram->family.from), "to", json_finite(diagram->family.to),
                  "names", names_json(diagram->given.flow), "branches", branches);
    for (int kind = 0; kind < BRANCH_KINDS; kind++)
        json_object_set_new(object, keys[kind], specials_json(diagram, (enum branch_kind)kind));
    json_object_set_new(object, "cycles", cycles_json(diagram));
    json_object_set_new(object, "cycle_ends", families_json(diagram));
    json_object_set_new(object, "seeds", json_integer((json_int_t)diagram->seeds));
    json_object_set_new(object, "not_isolated", json_integer((json_int_t)diagram->continua));
    json_object_set_new(object, "alone", json_integer((json_int_t)diagram->alone));
    json_object_set_new(object, "doubts", json_integer((json_int_t)diagram->doubts));
    json_object_set_new(object, "seconds", json_finite(diagram->seconds));
    return json_print(object, file);
}
