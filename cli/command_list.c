/* settle list: what there is, printed from the registries.
 *
 * Nothing can be registered and undocumented: every kind of thing is one record of `kinds`, which
 * prints it as text and as JSON from its registry. */
#include "cli/command.h"

#include "base/nearest.h"
#include "cli/columns.h"
#include "cli/json.h"
#include "cli/manual.h"
#include "cli/options.h"
#include "linear/channel_activation.h"
#include "linear/registry.h"
#include "networks/learning.h"
#include "nonlinear/activation.h"
#include "nonlinear/system.h"
#include "proofs-check/theorem.h"

#include <string.h>

enum { HINT_MAX = 80 };

struct kind {
    const char *name;
    const char *alignment; /* of its columns */
    const char *none;      /* printed if there is nothing of this kind */
    void (*lines)(struct columns *columns);
    json_t *(*array)(void);
    const char *also; /* NULL, or the key of another array in JSON */
    json_t *(*other)(void);
};

/* --- systems --------------------------------------------------------------------------- */

static void systems_of(const struct system *const *systems, struct columns *columns)
{
    for (size_t k = 0; systems[k]; k++) {
        const struct system *system = systems[k];
        columns_cell(columns, "  %s%s", system->name, system->linear ? " --activation" : "");
        columns_cell(columns, "%s", system->title);
        columns_cell(columns, "  ");
        columns_cell(columns, "%s", system->equation);
        columns_cell(columns, "  ");
        columns_cell(columns, "unknowns %s; options %s", system->unknowns, system->options);
        columns_cell(columns, "  ");
        columns_cell(columns, "%s; note %s", system->source, system->label);
    }
}

static void systems_lines(struct columns *columns)
{
    systems_of(registry_systems, columns);
    systems_of(system_registry, columns);
    columns_cell(columns, "  FILE.ode");
    columns_cell(columns, "equations of one's own, in a subset of XPP's format");
    columns_cell(columns, "  ");
    columns_cell(columns, "x' = f(x), ...; options --init --par; note OD1");
    columns_cell(columns, "  FILE.so --plugin");
    columns_cell(columns, "equations of one's own in C, which is executed");
    columns_cell(columns, "  ");
    columns_cell(columns, "options --init --par; note OD42");
}

static void systems_append(const struct system *const *systems, json_t *array)
{
    for (size_t k = 0; systems[k]; k++) {
        const struct system *system = systems[k];
        json_array_append_new(
            array, json_pack("{s:s, s:b, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b}", "name",
                             system->name, "activation", (int)(system->linear != NULL), "title",
                             system->title, "equation", system->equation, "unknowns",
                             system->unknowns, "options", system->options, "source", system->source,
                             "label", system->label, "takes_rule", (int)system->takes_rule,
                             "network", (int)(system->sizes != NULL)));
    }
}

static json_t *systems_array(void)
{
    json_t *array = json_array();
    systems_append(registry_systems, array);
    systems_append(system_registry, array);
    return array;
}

/* --- rules ----------------------------------------------------------------------------- */

static const char *const feedback_names[] = {[FEEDBACK_DIRECT] = "fixed",
                                             [FEEDBACK_FIXED] = "fixed",
                                             [FEEDBACK_TRANSPOSED] = "transposed forward weights",
                                             [FEEDBACK_SIGNS] = "signs of the forward weights",
                                             [FEEDBACK_ADAPTIVE] = "adaptive",
                                             [FEEDBACK_MIRROR] = "follows the forward weights"};

static const char *const channel_names[] = {
    [CHANNEL_LAYERED] = "layer by layer", [CHANNEL_SKIPPED] = "skipping layers"};

/* The four ways to build a learning channel (Baldi, Lu, Sadowski 2017). */
static const struct architecture {
    const char *name, *meaning;
} architectures[] = {
    {"bidirectional", "the forward units and connections themselves, used backwards"},
    {"conjoined", "the forward units, joined backwards by connections of their own"},
    {"twin", "a second unit beside every forward unit, with connections of their own"},
    {"distinct", "another network, free in size and depth, that projects to the forward units"}};

static const char *const topology_names[] = {[LEARNING_NONE] = "none",
                                             [LEARNING_LAYERED] = "layer by layer",
                                             [LEARNING_SKIPPED] = "skipping layers"};

static const char *const learning_flow_names[] = {
    [LEARNING_SMOOTH] = "small steps follow a smooth flow",
    [LEARNING_AVERAGED] = "small steps follow a flow on average",
    [LEARNING_DISCONTINUOUS] = "small steps follow a flow that jumps"};

static void network_rules_lines(struct columns *columns)
{
    columns_cell(columns, "of networks");
    columns_cell(columns, "trained by minibatches, `settle train --rule NAME`");
    for (size_t k = 0; learning_registry[k]; k++) {
        const struct learning_rule *rule = learning_registry[k];
        columns_cell(columns, "  %s", rule->name);
        columns_cell(columns, "%s%s%s%s", rule->title, rule->also ? " (also: " : "",
                     rule->also ? rule->also : "", rule->also ? ")" : "");
        columns_cell(columns, "  ");
        columns_cell(columns, "%s", rule->equation);
        columns_cell(columns, "  ");
        columns_cell(columns, "channel %s%s; %s", topology_names[rule->topology],
                     rule->feedback_learns ? ", its feedback learns" : "",
                     learning_flow_names[rule->flow]);
        columns_cell(columns, "  ");
        columns_cell(columns, "%s; note %s", rule->source, rule->label);
    }
}

static void rules_lines(struct columns *columns)
{
    for (size_t k = 0; registry_rules[k]; k++) {
        const struct rule *rule = registry_rules[k];
        columns_cell(columns, "  %s", rule->name);
        columns_cell(columns, "%s%s%s%s", rule->title, rule->also ? " (also: " : "",
                     rule->also ? rule->also : "", rule->also ? ")" : "");
        columns_cell(columns, "  ");
        columns_cell(columns, "%s", rule->equation);
        columns_cell(columns, "  ");
        columns_cell(columns, "feedback %s, %s%s%s; channel %s", feedback_names[rule->feedback],
                     channel_names[rule->channel], rule->product ? ", behind a fixed matrix R" : "",
                     rule->needs_decay ? "; needs --lambda" : "",
                     rule->architectures ? rule->architectures : "not said");
        columns_cell(columns, "  ");
        columns_cell(columns, "%s; note %s", rule->source, rule->label);
    }
    for (size_t k = 0; k < sizeof architectures / sizeof *architectures; k++) {
        columns_cell(columns, k ? " " : "channels");
        columns_cell(columns, "%s: %s", architectures[k].name, architectures[k].meaning);
    }
    network_rules_lines(columns);
}

static json_t *rules_array(void)
{
    json_t *array = json_array();
    for (size_t k = 0; registry_rules[k]; k++) {
        const struct rule *rule = registry_rules[k];
        json_array_append_new(
            array,
            json_pack("{s:s, s:s, s:s, s:s, s:s, s:s?, s:s?, s:s, s:s, s:b, s:b}", "name",
                      rule->name, "title", rule->title, "equation", rule->equation, "source",
                      rule->source, "label", rule->label, "also", rule->also, "architectures",
                      rule->architectures, "feedback", feedback_names[rule->feedback], "channel",
                      channel_names[rule->channel], "product", (int)rule->product, "needs_decay",
                      (int)rule->needs_decay));
    }
    return array;
}

/* Rules of minibatch networks; some of them are flows, too, and then in both arrays. */
static json_t *network_rules_array(void)
{
    json_t *array = json_array();
    for (size_t k = 0; learning_registry[k]; k++) {
        const struct learning_rule *rule = learning_registry[k];
        json_array_append_new(
            array, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s?, s:s, s:b, s:b, s:s}", "name",
                             rule->name, "title", rule->title, "equation", rule->equation, "source",
                             rule->source, "label", rule->label, "also", rule->also, "channel",
                             topology_names[rule->topology], "feedback_learns",
                             (int)rule->feedback_learns, "feedback_drawn",
                             (int)rule->feedback_drawn, "flow", learning_flow_names[rule->flow]));
    }
    return array;
}

/* --- theorems -------------------------------------------------------------------------- */

static void theorems_lines(struct columns *columns)
{
    for (size_t k = 0; theorem_chapters[k]; k++)
        for (size_t j = 0; j < theorem_chapters[k]->theorems; j++) {
            const struct theorem *theorem = &theorem_chapters[k]->theorem[j];
            columns_cell(columns, "  %s", theorem->id);
            columns_cell(columns, "%s", verdict_name(theorem->recorded));
            columns_paint(columns, terminal_paint_of(verdict_name(theorem->recorded)));
            columns_cell(columns, "%s", theorem->statement);
            columns_cell(columns, "  ");
            columns_cell(columns, " ");
            columns_cell(columns, "hypotheses: %s", theorem->hypotheses);
            columns_cell(columns, "  ");
            columns_cell(columns, " ");
            columns_cell(columns, "%s; note %s", theorem->source, theorem->label);
        }
}

static json_t *theorems_array(void)
{
    json_t *array = json_array();
    for (size_t k = 0; theorem_chapters[k]; k++)
        for (size_t j = 0; j < theorem_chapters[k]->theorems; j++) {
            const struct theorem *theorem = &theorem_chapters[k]->theorem[j];
            json_array_append_new(
                array,
                json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "id", theorem->id, "chapter",
                          theorem_chapters[k]->title, "source", theorem->source, "hypotheses",
                          theorem->hypotheses, "statement", theorem->statement, "label",
                          theorem->label, "recorded", verdict_name(theorem->recorded), "control",
                          theorem->control.what));
        }
    return array;
}

/* Letters that Markdown would read as markup. */
static void markdown_print(const char *text, FILE *file)
{
    for (; *text; text++) {
        if (strchr("\\`*_|<>[]", *text))
            fputc('\\', file);
        fputc(*text, file);
    }
}

/* The table that the notes show between two marks; scripts/check-theorems compares them. */
static void theorems_markdown(FILE *file)
{
    fputs("| theorem | on record | hypotheses | statement | source | note |\n"
          "|---|---|---|---|---|---|\n",
          file);
    for (size_t k = 0; theorem_chapters[k]; k++)
        for (size_t j = 0; j < theorem_chapters[k]->theorems; j++) {
            const struct theorem *theorem = &theorem_chapters[k]->theorem[j];
            const char *const cell[] = {theorem->id,         verdict_name(theorem->recorded),
                                        theorem->hypotheses, theorem->statement,
                                        theorem->source,     theorem->label};
            for (size_t i = 0; i < sizeof cell / sizeof *cell; i++) {
                fputs("| ", file);
                markdown_print(cell[i], file);
                fputc(' ', file);
            }
            fputs("|\n", file);
        }
}

/* --- activations and commands ---------------------------------------------------------- */

static void activations_lines(struct columns *columns)
{
    for (size_t k = 0; activation_registry[k]; k++) {
        const struct activation *f = activation_registry[k];
        columns_cell(columns, "  %s%s%s", f->name, f->parameter ? ":" : "",
                     f->parameter ? f->parameter : "");
        columns_cell(columns, "%s%s", f->teacher_only ? "--teacher only: " : "", f->equation);
    }
    columns_cell(columns, "  of the channel");
    columns_cell(columns, "--channel-activation, neurons that carry errors back");
    for (size_t k = 0; channel_activations[k]; k++) {
        columns_cell(columns, "  %s", channel_activations[k]->name);
        columns_cell(columns, "%s", channel_activations[k]->title);
    }
}

static json_t *activations_array(void)
{
    json_t *array = json_array();
    for (size_t k = 0; activation_registry[k]; k++) {
        const struct activation *f = activation_registry[k];
        json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:s?, s:s, s:s, s:s}", "name",
                                               f->name, "title", f->title, "equation", f->equation,
                                               "parameter", f->parameter, "of",
                                               f->teacher_only ? "teacher" : "hidden layers",
                                               "source", f->source, "label", f->label));
    }
    for (size_t k = 0; channel_activations[k]; k++)
        json_array_append_new(array,
                              json_pack("{s:s, s:s, s:s}", "name", channel_activations[k]->name,
                                        "title", channel_activations[k]->title, "of", "channel"));
    return array;
}

static void commands_lines(struct columns *columns)
{
    for (size_t k = 0; command_registry[k]; k++) {
        columns_cell(columns, "  %s %s", command_registry[k]->name, command_registry[k]->arguments);
        columns_cell(columns, "%s", command_registry[k]->title);
    }
}

static json_t *commands_array(void)
{
    json_t *array = json_array();
    for (size_t k = 0; command_registry[k]; k++)
        json_array_append_new(
            array, json_pack("{s:s, s:s, s:s, s:s}", "name", command_registry[k]->name, "arguments",
                             command_registry[k]->arguments, "title", command_registry[k]->title,
                             "options", command_registry[k]->options));
    return array;
}

static const struct kind kinds[] = {
    {.name = "systems", .alignment = "ll", .lines = systems_lines, .array = systems_array},
    {.name = "rules",
     .alignment = "ll",
     .lines = rules_lines,
     .array = rules_array,
     .also = "network_rules",
     .other = network_rules_array},
    {.name = "theorems", .alignment = "lll", .lines = theorems_lines, .array = theorems_array},
    {.name = "activations",
     .alignment = "ll",
     .lines = activations_lines,
     .array = activations_array,
     .none = "  of the hidden layers, --activation; then those of a chain's learning channel"},
    {.name = "commands", .alignment = "ll", .lines = commands_lines, .array = commands_array},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

static enum status kind_print(const struct kind *kind)
{
    printf("%s\n", kind->name);
    if (kind->none)
        printf("%s\n", kind->none);
    struct columns *columns = columns_create(kind->alignment);
    if (columns)
        kind->lines(columns);
    enum status status = columns_print(columns, stdout);
    columns_free(columns);
    return status;
}

static enum status kind_by_name(const char *name, const struct kind **kind)
{
    struct nearest nearest = nearest_to(name);
    for (size_t k = 0; k < KINDS; k++) {
        if (strcmp(kinds[k].name, name) == 0) {
            *kind = &kinds[k];
            return OK;
        }
        nearest_offer(&nearest, kinds[k].name);
    }
    char hint[HINT_MAX];
    return status_fail(UNKNOWN_NAME,
                       "there is no list of '%s'%s "
                       "(systems, rules, theorems, activations, commands)",
                       name, nearest_hint(&nearest, sizeof hint, hint));
}

/* All kinds from first to last, with an empty line between them. */
static enum status kinds_print(const struct kind *first, const struct kind *last)
{
    for (const struct kind *kind = first; kind <= last; kind++) {
        if (kind != first)
            putchar('\n');
        TRY(kind_print(kind));
    }
    return OK;
}

static enum status kinds_print_json(const struct kind *first, const struct kind *last)
{
    json_t *object = json_object();
    for (const struct kind *kind = first; kind <= last; kind++) {
        json_object_set_new(object, kind->name, kind->array());
        if (kind->also)
            json_object_set_new(object, kind->also, kind->other());
    }
    return json_print(object, stdout);
}

/* Other forms, each of one kind. */
static const struct form {
    enum option_word option;
    const char *kind;
    void (*print)(FILE *file);
} forms[] = {{OPTION_bash, "commands", manual_completion_print},
             {OPTION_man, "commands", manual_print},
             {OPTION_markdown, "theorems", theorems_markdown}};

enum { FORMS = sizeof forms / sizeof *forms };

/* NULL: the usual one. */
static enum status form_chosen(const struct options *options, const struct form **form)
{
    size_t count = options_given(options, OPTION_json);
    *form = NULL;
    for (size_t k = 0; k < FORMS; k++)
        if (options_given(options, forms[k].option)) {
            *form = &forms[k];
            count++;
        }
    if (count > 1)
        return status_fail(BAD_ARGUMENT, "--json, --bash, --man and --markdown exclude each other");
    if (*form && (options->words == 0 || strcmp(options->word[0], (*form)->kind) != 0))
        return status_fail(BAD_ARGUMENT, "--%s is a form of one list: settle list %s --%s",
                           options_name((*form)->option), (*form)->kind,
                           options_name((*form)->option));
    return OK;
}

static enum status list_run(const struct options *options, enum exit_code *exit_code)
{
    const struct kind *first = &kinds[0], *last = &kinds[KINDS - 1];
    const struct form *form;
    if (options->words) {
        TRY(kind_by_name(options->word[0], &first));
        last = first;
    }
    TRY(form_chosen(options, &form));
    *exit_code = EXIT_HOLDS;
    if (form) {
        form->print(stdout);
        return OK;
    }
    if (options_given(options, OPTION_json))
        return kinds_print_json(first, last);
    return kinds_print(first, last);
}

const struct command command_list = {
    .name = "list",
    .title = "what there is: systems, rules, theorems, activations, commands",
    .arguments = "[systems|rules|theorems|activations|commands]",
    .help =
        "Prints the registries: every system with its equation and the order of its unknowns,\n"
        "every learning rule, of flows and of networks, every theorem with the verdict on\n"
        "record, every command.\n"
        "\n"
        "example: which theorems are known to be false as published?\n"
        "  settle list theorems --json |\n"
        "      jq -r '.theorems[] | select(.recorded == \"refuted\") | .id'\n"
        "example: the rules, with what their learning channels are made of\n"
        "  settle list rules\n"
        "example: the table of theorems of notes/theorems.md\n"
        "  settle list theorems --markdown\n"
        "example: the manual page, and completion in this shell (`make install` installs both)\n"
        "  settle list commands --man | man -l -\n"
        "  source <(settle list commands --bash)\n",
    .options = "bash json man markdown",
    .least = 0,
    .most = 1,
    .run = list_run,
};
