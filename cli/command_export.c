/* settle export: the equations of a system, for other programs.
 *
 * Steps: state the problem as `run` does; its graph of formulas, from the file or made for the built-in
 * system; the text, on standard output.  Nothing is integrated.  Rationals that were typed
 * are found again among the options, since a problem holds doubles. */
#include "cli/command.h"

#include "cli/problem_from_options.h"
#include "export/export.h"
#include "export/language.h"

#include "base/number.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* What is typed as p/q. */
struct typed {
    size_t count, room;
    struct export_number *number;
    char *text; /* all texts, one after the other */
};

/* Options whose numbers are those of the problem. */
static const enum option_word number_options[] = {
    OPTION_alpha,  OPTION_beta, OPTION_c,     OPTION_init,     OPTION_inputs,   OPTION_lambda,
    OPTION_mirror, OPTION_q,    OPTION_rates, OPTION_sigma_ii, OPTION_sigma_ti, OPTION_targets};

enum { NUMBER_OPTIONS = sizeof number_options / sizeof *number_options };

/* The fractions of one option, a list or diag:LIST, cut out of a copy of it. */
static void fractions_take(char *copy, struct typed *typed)
{
    char *colon = strchr(copy, ':');
    for (char *at = colon ? colon + 1 : copy; at;) {
        char *comma = strchr(at, ',');
        double value = 0;
        if (comma)
            *comma = '\0';
        if (strchr(at, '/') && number_parse(at, &value) == OK)
            typed->number[typed->count++] = (struct export_number){.value = value, .text = at};
        at = comma ? comma + 1 : NULL;
    }
}

static enum status typed_take(const struct options *options, struct typed *typed)
{
    size_t length = 0, most = 0;
    for (size_t k = 0; k < NUMBER_OPTIONS; k++) {
        const char *text = options->text[number_options[k]];
        length += text ? strlen(text) + 1 : 0;
        for (const char *at = text; at && *at; at++)
            most += *at == '/';
    }
    typed->number = calloc(most + 1, sizeof *typed->number);
    typed->text = malloc(length + 1);
    if (!typed->number || !typed->text)
        return status_fail(NO_MEMORY, "the numbers of the command line");
    char *next = typed->text;
    for (size_t k = 0; k < NUMBER_OPTIONS; k++) {
        const char *text = options->text[number_options[k]];
        if (!text)
            continue;
        memcpy(next, text, strlen(text) + 1);
        if (*text != '@')
            fractions_take(next, typed);
        next += strlen(text) + 1;
    }
    return OK;
}

/* A word as a shell reads it back. */
static void word_print(const char *word, FILE *file)
{
    bool plain = *word;
    for (const char *at = word; *at; at++)
        plain = plain && (isalnum((unsigned char)*at) || strchr("-_=+,./:@%", *at));
    if (plain) {
        fputs(word, file);
        return;
    }
    fputc('\'', file);
    for (; *word; word++)
        if (*word == '\'')
            fputs("'\\''", file);
        else
            fputc(*word, file);
    fputc('\'', file);
}

/* "settle export chain --to ode"; the caller frees it. */
static char *command_line(const struct options *options)
{
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    if (!file)
        return NULL;
    fputs("settle", file);
    for (int k = 1; k < options->argc; k++) {
        fputc(' ', file);
        word_print(options->argv[k], file);
    }
    if (fclose(file) == 0)
        return text;
    free(text);
    return NULL;
}

static enum status text_print(const struct options *options, const struct problem_given *given,
                              const struct language *language, const struct equations *equations)
{
    char *command = command_line(options);
    if (!command)
        return status_fail(NO_MEMORY, "the command line");
    const struct language_head head = {.title = given->flow->title,
                                       .equation = given->problem.system->equation,
                                       .command = command};
    const enum status status = language_write(language, equations, &head, stdout);
    free(command);
    return status;
}

/* Of a file, or made here. */
static enum status equations_export(const struct options *options, struct problem_given *given,
                                    const struct language *language,
                                    const struct export_source *source)
{
    struct equations *made = NULL;
    if (given->equations) {
        TRY(export_start(source, given->equations));
        return text_print(options, given, language, given->equations);
    }
    TRY(export_equations(source, &made));
    const enum status status = text_print(options, given, language, made);
    equations_free(made);
    return status;
}

static enum status given_export(const struct options *options, struct problem_given *given,
                                const struct language *language)
{
    struct typed typed = {.count = 0};
    enum status status = typed_take(options, &typed);
    const struct export_source source = {.problem = &given->problem,
                                         .flow = given->flow,
                                         .x0 = given->x0,
                                         .typed = typed.count,
                                         .number = typed.number};
    if (status == OK)
        status = equations_export(options, given, language, &source);
    free(typed.number);
    free(typed.text);
    return status;
}

static enum status export_run(const struct options *options, enum exit_code *exit_code)
{
    struct problem_given given;
    const struct language *language = NULL;
    if (!options_given(options, OPTION_to))
        return status_fail(BAD_ARGUMENT, "export needs --to ode, vf, python or julia");
    TRY(language_named(options->text[OPTION_to], &language));
    TRY(problem_from_options(options, &given));
    const enum status status = given_export(options, &given, language);
    problem_given_free(&given);
    *exit_code = EXIT_HOLDS;
    return status;
}

const struct command command_export = {
    .name = "export",
    .title = "the equations of a system as a file for other programs",
    .arguments = "SYSTEM|FILE.ode",
    .help =
        "Prints the right-hand sides, the start and the numbers of a system as a file for\n"
        "  ode     XPPAUT, and settle itself: settle run FILE.ode\n"
        "  vf      VFGEN, which writes those of AUTO, MATCONT, CVODE and others\n"
        "  python  SciPy: field, Jacobian, x0 and parameters for solve_ivp\n"
        "  julia   DifferentialEquations.jl: field!, jacobian!, and an ODEProblem\n"
        "Formulas, not code, are what is exported: of every linear system under every rule, of "
        "networks\n"
        "with activations on samples, and of equations of one's own, up to 64 unknowns.  Gaussian "
        "inputs are\n"
        "integrals and have no formula.  Where the right-hand side jumps, the file says so: other\n"
        "programs step across where settle stops and looks.  notes/own-flows.md.\n"
        "\n"
        "example: two layers under random backpropagation, to t = 10 by SciPy\n"
        "  settle export chain --c 1/2 --init -2,1 --to python > chain.py\n"
        "  python3 chain.py 10\n"
        "example: one hidden layer for XPPAUT, and back\n"
        "  settle export hidden --sizes 2,2,2 --rule arbp --to ode > hidden.ode\n"
        "  settle run hidden.ode\n",
    .options = "activation alpha beta biases c channel-activation data depth downsample gaussian "
               "init inputs labels lambda mirror mu no-derivative par principal q quiet rates rule "
               "samples sigma-ii sigma-ti sizes targets teacher to weights",
    .least = 1,
    .most = 1,
    .run = export_run,
};
