/* settle run: one trajectory, its ending with the evidence, and what theory says of it.
 *
 * Steps: state the problem, predict (no integration), integrate, compare, print, save.  The exit
 * status is the verdict on the prediction: holds, refuted, or undecided at the horizon. */
#include "cli/command.h"

#include "base/table.h"
#include "cli/drawing.h"
#include "cli/exact_from_options.h"
#include "cli/exact_result.h"
#include "cli/interrupt.h"
#include "cli/json.h"
#include "cli/manifest.h"
#include "cli/orbit_view.h"
#include "cli/run_course.h"
#include "cli/run_work.h"
#include "cli/terminal.h"
#include "cli/view.h"
#include "linear/chain.h"
#include "linear/matrix.h"
#include "linear/registry.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    TEXT_LENGTH = 1024,
    HEADER_LENGTH = (PROBLEM_LIST_MAX + EQUATIONS_NAMES_MOST) * (UNKNOWN_NAME_MAX + 1) + 64
};

static const char TABLE[] = "trajectory.tsv";

/* Everything of one run. */
struct run {
    struct problem_given given;
    struct run_work work;
    double *row;        /* [orbit.dim] */
    bool keeps_orbit;   /* only --out needs the states */
    size_t shown;       /* unknowns in the table and the figure, the first ones */
    size_t axis[2];     /* of --plane; both 0: not given */
    struct orbit orbit; /* rows of the table without t */
    size_t steps;       /* so far */
    struct progress *progress;
    bool has_end;       /* a horizon was asked for */
    double begun;       /* of the integration */
    bool exact_differs; /* the exact limit of --digits is another one */
};

static bool is_chain(const struct run *run)
{
    return chain_is_scalar(&run->given.problem);
}

/* `aux` of an .ode file. */
static size_t auxiliaries_of(const struct run *run)
{
    return run->given.equations ? run->given.equations->auxiliaries : 0;
}

/* The columns of the table: the unknowns, and what is made from all of them. */
static size_t row_length(const struct run *run)
{
    enum { OF_CHAIN = 3 };
    const struct flow *flow = run->given.flow;
    return run->shown + (flow->loss != NULL) + (run->shown < flow->dim) +
           (is_chain(run) ? OF_CHAIN : 0) + auxiliaries_of(run);
}

static void row_fill(const struct run *run, const double *x, double *row)
{
    const struct flow *flow = run->given.flow;
    memcpy(row, x, run->shown * sizeof *row);
    row += run->shown;
    if (flow->loss)
        *row++ = flow->loss(flow, x);
    if (run->shown < flow->dim)
        *row++ = matrix_norm(flow->dim, x);
    if (is_chain(run)) {
        *row++ = chain_product(flow, x);
        *row++ = chain_error(flow, x);
        *row++ = chain_sensitivity(flow, x);
    }
    if (run->work.auxiliaries)
        code_run(run->work.auxiliaries, 1, x, row);
}

/* Every accepted step: struct plan's `visit`. */
static void run_visit(void *context, double t, const double *x)
{
    struct run *run = context;
    if (!run->keeps_orbit)
        return;
    row_fill(run, x, run->row);
    orbit_visit(&run->orbit, t, run->row);
}

/* With a horizon, how long the way to it takes at the speed so far; the end may come before it. */
static void run_note(const struct run *run, double t)
{
    enum { NOTE_LENGTH = 160 };
    char text[NOTE_LENGTH], left[NOTE_LENGTH / 2] = "";
    const double seconds = progress_clock() - run->begun;
    if (run->has_end && t > 0)
        snprintf(left, sizeof left, " of %.4g, %.0f s left at most", run->work.plan.horizon,
                 seconds * fmax(0, run->work.plan.horizon / t - 1));
    snprintf(text, sizeof text, "t = %.4g%s, %zu steps, %.0f/s", t, left, run->steps,
             seconds > 0 ? (double)run->steps / seconds : 0);
    progress_note(run->progress, text);
}

/* The line of progress, and whether the user has had enough: struct plan's `stop`. */
static bool run_stop(void *context, double t)
{
    struct run *run = context;
    run->steps++;
    if (progress_is_visible(run->progress))
        run_note(run, t);
    return *interrupt_flag() != 0;
}

static enum status run_compute(struct run *run)
{
    run->work.plan.visit = run_visit;
    run->work.plan.stop = run_stop;
    run->work.plan.context = run;
    run->begun = progress_clock();
    progress_begin(run->progress, run->given.flow->title, 0);
    const enum status status = run_work_compute(&run->work);
    progress_end(run->progress);
    TRY(status);
    return orbit_check(&run->orbit);
}

/* --- files ----------------------------------------------------------------------------- */

static void header_compose(const struct run *run, char header[HEADER_LENGTH])
{
    const struct flow *flow = run->given.flow;
    size_t length = (size_t)snprintf(header, HEADER_LENGTH, "t");
    for (size_t k = 0; k < run->shown; k++)
        length += (size_t)snprintf(header + length, HEADER_LENGTH - length, " %s", flow->names[k]);
    length += (size_t)snprintf(header + length, HEADER_LENGTH - length, "%s%s%s",
                               flow->loss ? " loss" : "", run->shown < flow->dim ? " norm" : "",
                               is_chain(run) ? " P e S" : "");
    for (size_t k = 0; k < auxiliaries_of(run); k++)
        length += (size_t)snprintf(header + length, HEADER_LENGTH - length, " %s",
                                   run->given.equations->auxiliary[k].name);
}

static enum status table_save(const struct run *run, const char *directory)
{
    char header[HEADER_LENGTH];
    struct table *table;
    const struct orbit *orbit = &run->orbit;
    header_compose(run, header);
    TRY(table_open(directory, TABLE, header, &table));
    for (size_t k = 0; k < orbit->count; k++) {
        table_number(table, orbit->t[k]);
        for (size_t i = 0; i < orbit->dim; i++)
            table_number(table, orbit->x[k * orbit->dim + i]);
        table_end_row(table);
    }
    return table_close(table);
}

/* The texts of all figures. */
struct run_texts {
    char parameters[TEXT_LENGTH], title[TEXT_LENGTH], numerics[TEXT_LENGTH], marks[TEXT_LENGTH];
};

/* What thin lines mean. */
static void marks_compose(const struct run *run, char text[TEXT_LENGTH])
{
    const struct outcome *outcome = run->work.outcome;
    text[0] = '\0';
    if (outcome->ending == ENDING_CYCLING)
        snprintf(text, TEXT_LENGTH, "The period is %.9g; at most four are shown.", outcome->period);
    else if (isfinite(outcome->blowup_time))
        snprintf(text, TEXT_LENGTH, "Dashed: blow-up, at %.9g.", outcome->blowup_time);
    else if (outcome->has_limit && run->shown <= TRAJECTORY_LIMITS_MOST)
        snprintf(text, TEXT_LENGTH, "Dashed: the limits.");
}

static void texts_compose(const struct run *run, struct run_texts *texts)
{
    problem_parameters(&run->given, sizeof texts->parameters, texts->parameters);
    snprintf(texts->title, sizeof texts->title, "%s: %s", run->given.flow->title,
             ending_name(run->work.outcome->ending));
    snprintf(texts->numerics, sizeof texts->numerics, "%s, rtol %g, atol %g",
             options_method_title(run->work.plan.method), run->work.plan.rtol, run->work.plan.atol);
    marks_compose(run, texts->marks);
}

static void figure_compose(const struct run *run, const struct run_texts *texts,
                           struct trajectory_figure *figure)
{
    *figure = (struct trajectory_figure){
        .title = texts->title,
        .caption = {texts->parameters, texts->numerics, texts->marks},
        .unknowns = run->shown,
        .what = run->given.equations ? "unknowns" : "weights",
        .has_loss = run->given.flow->loss != NULL,
        .whole_loss = run->given.flow->whole_loss,
        .limit = run->work.outcome->has_limit ? run->work.outcome->limit : NULL,
        .blowup_time = run->work.outcome->blowup_time};
    const size_t loss[2] = {run->shown, run->shown + 1};
    orbit_view(&run->orbit, run->work.outcome, run->shown, figure);
    if (figure->has_loss)
        orbit_range(&run->orbit, loss, trajectory_loss_least, figure->loss);
}

/* The figures of the whole states. */
static enum status course_save(const struct run *run, const struct run_texts *texts,
                               const struct trajectory_figure *figure, struct manifest *manifest)
{
    const struct run_course course = {.given = &run->given,
                                      .plan = &run->work.plan,
                                      .outcome = run->work.outcome,
                                      .prediction = &run->work.prediction,
                                      .predicted = run->work.limit,
                                      .orbit = &run->orbit,
                                      .title = texts->title,
                                      .parameters = texts->parameters,
                                      .numerics = texts->numerics,
                                      .points = figure->points,
                                      .first_time = figure->log_time ? figure->first_time : NAN,
                                      .axis = {run->axis[0], run->axis[1]}};
    if (run->shown < run->given.flow->dim)
        return OK;
    TRY(run_law_save(&course, manifest));
    TRY(run_drift_save(&course, manifest));
    return run_orbit_save(&course, manifest);
}

static enum status figures_save(const struct run *run, struct manifest *manifest)
{
    struct run_texts texts;
    struct trajectory_figure figure;
    const char *names[PROBLEM_LIST_MAX];
    for (size_t k = 0; k < run->shown; k++)
        names[k] = run->given.flow->names[k];
    texts_compose(run, &texts);
    figure_compose(run, &texts, &figure);
    figure.directory = manifest_directory(manifest);
    figure.name = names;
    TRY(drawing_finish(manifest, "trajectory", trajectory_draw(&figure)));
    return course_save(run, &texts, &figure, manifest);
}

static enum status files_save(const struct run *run, struct manifest *manifest)
{
    TRY(table_save(run, manifest_directory(manifest)));
    manifest_output(manifest, TABLE);
    TRY(figures_save(run, manifest));
    manifest_plan(manifest, &run->work.plan);
    manifest_problem(manifest, &run->given);
    return OK;
}

/* --- the command ----------------------------------------------------------------------- */

static enum status result_print(const struct run *run, const struct options *options,
                                const struct exact_result *exact)
{
    struct run_result result = run_work_result(&run->work);
    result.exact = exact;
    if (options_given(options, OPTION_json))
        return run_result_print_json(&result, stdout);
    return run_result_print(&result, stdout);
}

static enum status exact_print(struct run *run, const struct options *options,
                               const struct statement *statement, const char *why_not)
{
    struct limit *limit = NULL;
    struct exact_result exact = {.given = &run->given,
                                 .statement = statement,
                                 .why_not = why_not,
                                 .digits = (slong)options->digits};
    if (statement)
        TRY(exact_result_decide(&exact, &limit));
    run->exact_differs = exact_result_agreement(&exact, run->work.outcome).kind == AGREEMENT_FAILS;
    const enum status status = result_print(run, options, &exact);
    limit_free(limit);
    return status;
}

/* With the exact limit beside it, where --digits asks for it. */
static enum status results_print(struct run *run, const struct options *options)
{
    struct statement *statement = NULL;
    const char *why_not = NULL;
    if (!options_given(options, OPTION_digits))
        return result_print(run, options, NULL);
    TRY(exact_from_options(options, &run->given, &statement, &why_not));
    const enum status status = exact_print(run, options, statement, why_not);
    statement_free(statement);
    return status;
}

static enum exit_code verdict_of(const struct run *run)
{
    if (run->work.outcome->ending == ENDING_FAILED)
        return EXIT_FAILED;
    if (run->work.outcome->ending == ENDING_HORIZON)
        return EXIT_UNDECIDED;
    const bool differs =
        run->exact_differs || run_work_agreement(&run->work).kind == AGREEMENT_FAILS;
    return differs ? EXIT_REFUTED : EXIT_HOLDS;
}

/* Files first: what is printed is then also saved. */
static enum status run_finish(struct run *run, const struct options *options,
                              struct manifest *manifest)
{
    TRY(run_compute(run));
    if (manifest)
        TRY(files_save(run, manifest));
    return results_print(run, options);
}

static enum status run_with_manifest(struct run *run, const struct options *options)
{
    struct manifest *manifest = NULL;
    if (!options_given(options, OPTION_out))
        return run_finish(run, options, NULL);
    TRY(manifest_create(options, options->text[OPTION_out], &manifest));
    manifest_clear(manifest);
    enum status status = run_finish(run, options, manifest);
    if (status == OK)
        return manifest_save(manifest);
    manifest_free(manifest);
    return status;
}

/* Room for what depends on the size of the problem. */
static enum status run_prepare(struct run *run)
{
    enum { TABLE_WHOLE = PROBLEM_LIST_MAX, TABLE_SHOWN = 16 };
    const struct flow *flow = run->given.flow;
    run->shown = flow->dim > TABLE_WHOLE ? TABLE_SHOWN : flow->dim;
    run->orbit.dim = row_length(run);
    run->row = calloc(run->orbit.dim, sizeof *run->row);
    if (!run->row)
        return status_fail(NO_MEMORY, "no memory for %zu unknowns", flow->dim);
    return run_work_open(&run->work);
}

static enum status run_run(const struct options *options, enum exit_code *exit_code)
{
    struct run run = {.work = {.plan = options_plan(options)}};
    TRY(problem_from_options(options, &run.given));
    run.work.given = &run.given;
    run.keeps_orbit = options_given(options, OPTION_out);
    run.progress = terminal_progress(options);
    run.has_end = options_given(options, OPTION_horizon);
    interrupt_watch();
    enum status status = run_prepare(&run);
    if (status == OK && options_given(options, OPTION_plane))
        status = view_unknowns(options, run.given.flow, 2, run.axis);
    if (status == OK) {
        status = run_with_manifest(&run, options);
        *exit_code = status == OK ? verdict_of(&run) : EXIT_FAILED;
    }
    run_work_close(&run.work);
    free(run.row);
    orbit_free(&run.orbit);
    progress_free(run.progress);
    problem_given_free(&run.given);
    return status;
}

const struct command command_run = {
    .name = "run",
    .title = "one trajectory: where it ends, the evidence, and what theory predicts",
    .arguments = "SYSTEM|FILE.ode|FILE.so",
    .help =
        "Integrates one trajectory, says how it ends and why, and compares this with the\n"
        "prediction, which is made from the start without integration, and, with --digits, with "
        "the\n"
        "exact limit.  Exit status: 0 they\n"
        "agree (or there is nothing to compare), 1 they disagree, 3 undecided at the horizon,\n"
        "4 the integrator failed.  Numbers may be written 0.25, 1e-3 or -1/2.\n"
        "\n"
        "example: two layers under random backpropagation, from the start (-2, 1)\n"
        "  settle run chain --rule rbp --c 1 --alpha 1 --beta 1 --init -2,1 --out two-layers\n"
        "prints `settled`, the limit (1.769..., 0.565...), and leaves trajectory.tsv, its plot\n"
        "and manifest.json in two-layers/.  With --digits 50 the exact limit stands beside it\n"
        "(settle prove --help), and whether they agree.  The other figures of --out are law (the\n"
        "distance to the limit, or the growth, with its local rate or exponent beside the "
        "predicted\n"
        "one), drift (of the first integrals) and, where the trajectory cycles or --plane names "
        "two\n"
        "unknowns, orbit (its path in their plane), each with its table.\n"
        "\n"
        "example: a linear network with three inputs, two hidden units and two outputs\n"
        "  settle run deep --sizes 3,2,2 --rule rbp --c random:5 --sigma-ii diag:2,1,1/2 \\\n"
        "      --sigma-ti 1,0,1/2,0,1,0 --init random:7\n"
        "Feedback matrices in --c and states in --init are row by row, C1 then C2, A1 then A2;\n"
        "@FILE reads numbers from a file, and --data takes both Sigma from samples.\n"
        "\n"
        "example: equations of one's own, notes/own-flows.md; what is conserved is found and "
        "proved\n"
        "  printf \"par c=1\\nx'=c*(1-x*y)\\ny'=x*(1-x*y)\\ninit x=-2,y=1\\n\" > my.ode\n"
        "  settle run my.ode --par c=1/2\n"
        "and as a plug-in, C in a shared object, which unlike a file is code that is executed, and "
        "of\n"
        "which nothing exact is known\n"
        "  settle run my.so --plugin\n"
        "\n"
        "example: an autoencoder of the first sixteen principal components of images\n"
        "  settle run autoencoder --sizes 16,1,16 --rule bp --data images-idx3-ubyte.gz \\\n"
        "      --principal 16\n",
    .options = "activation alpha atol beta biases c channel-activation data depth digits "
               "downsample gaussian horizon init inputs json labels lambda method mirror "
               "mu no-derivative out par plane plugin principal q quiet rates rtol rule "
               "samples sigma-ii sigma-ti sizes steps targets teacher weights",
    .least = 1,
    .most = 1,
    .run = run_run,
};
