/* settle sweep: fixed points followed while a parameter varies, and where their stability changes.
 *
 * Here are the order of things (files first: what is printed is then also saved), the exit status and
 * the help; the work is in diagram.h. */
#include "cli/command.h"

#include "cli/diagram.h"
#include "cli/interrupt.h"
#include "cli/leaf_diagram.h"

static enum status diagram_finish(struct diagram *diagram, struct manifest *manifest)
{
    TRY(diagram_compute(diagram));
    if (manifest)
        TRY(diagram_save(diagram, manifest));
    return options_given(diagram->options, OPTION_json) ? diagram_print_json(diagram, stdout)
                                                        : diagram_print(diagram, stdout);
}

static enum status diagram_with_manifest(struct diagram *diagram)
{
    struct manifest *manifest = NULL;
    if (!options_given(diagram->options, OPTION_out))
        return diagram_finish(diagram, NULL);
    TRY(manifest_create(diagram->options, diagram->options->text[OPTION_out], &manifest));
    manifest_clear(manifest);
    const enum status status = diagram_finish(diagram, manifest);
    if (status == OK)
        return manifest_save(manifest);
    manifest_free(manifest);
    return status;
}

/* ---- over leaves ---- */

static enum status leaves_finish(struct leaf_diagram *diagram, struct manifest *manifest)
{
    const struct options *options = diagram->options;
    TRY(leaf_diagram_compute(diagram));
    if (manifest)
        TRY(leaf_diagram_save(diagram, manifest));
    if (options_given(options, OPTION_json))
        return leaf_diagram_print_json(diagram, stdout);
    return leaf_diagram_print(diagram, stdout);
}

static enum status leaves_with_manifest(struct leaf_diagram *diagram)
{
    struct manifest *manifest = NULL;
    if (!options_given(diagram->options, OPTION_out))
        return leaves_finish(diagram, NULL);
    TRY(manifest_create(diagram->options, diagram->options->text[OPTION_out], &manifest));
    manifest_clear(manifest);
    const enum status status = leaves_finish(diagram, manifest);
    if (status == OK)
        return manifest_save(manifest);
    manifest_free(manifest);
    return status;
}

/* ---- */

static enum status diagram_run(const struct options *options, enum exit_code *exit_code)
{
    struct leaf_diagram leaves;
    struct diagram diagram;
    TRY(leaf_diagram_prepare(options, &leaves));
    if (leaves.statement) {
        const enum status exact = leaves_with_manifest(&leaves);
        leaf_diagram_free(&leaves);
        *exit_code = EXIT_HOLDS;
        return exact;
    }
    TRY(diagram_prepare(options, &diagram));
    interrupt_watch();
    const enum status status = diagram_with_manifest(&diagram);
    const bool whole = *interrupt_flag() == 0 && diagram.set->branches > 0;
    *exit_code = whole ? EXIT_HOLDS : EXIT_UNDECIDED;
    diagram_free(&diagram);
    return status;
}

const struct command command_sweep = {
    .name = "sweep",
    .title = "fixed points followed while a parameter varies: folds, crossings, Hopf points",
    .arguments = "SYSTEM|FILE.ode|FILE.so",
    .help =
        "Varies one parameter and follows the isolated fixed points of the flow by "
        "pseudo-arclength\n"
        "continuation, with their stability.  Folds, crossings of branches and Hopf points are\n"
        "located; a Hopf point is subcritical (an unstable cycle is born) or supercritical by its\n"
        "first Lyapunov coefficient.  In the plane its limit cycles are followed, too.  Branches "
        "begin at the fixed points that are found at five\n"
        "values of the parameter: all with a1 in --interval for A[1,1,1] with an activation, else\n"
        "by Newton's method and by trajectories from --init and from --starts random states\n"
        "(default 8).  A branch that meets none of the five values and crosses no other is "
        "missed.\n"
        "Fixed points of chains under rbp and srbp without decay are not isolated, but one or more "
        "on each\n"
        "leaf: there the sweep is exact, on the leaf of --init, and over alpha, beta, a weight, or "
        "the\n"
        "constant K of the leaf (K1, K2, ... of deeper chains: K_i = c_i a_(i+1) - c_(i+1) "
        "a_i^2/2).\n"
        "With --out: tables and the diagram as PDF, PNG and SVG with its gnuplot script.\n"
        "Exit status: 0 branches were found, 3 none, or interrupted.\n"
        "\n"
        "example: tanh, random backpropagation: a wrong fixed point that is stable for small c1\n"
        "  settle sweep chain --activation tanh --inputs 0.61,3.21,3.91 \\\n"
        "      --targets -1.47,0.86,-1.63 --over c1 --from 0.1 --to 2 --out hopf\n"
        "prints, beside the branches, the Hopf point c1 = 0.983283, omega = 0.455141, "
        "subcritical.\n"
        "\n"
        "example: Kolen-Pollack on three layers: the learned solution disappears in a fold\n"
        "  settle sweep chain --depth 3 --rule kolen-pollack --lambda 0.2 --init 1,1,1,1,1 \\\n"
        "      --over lambda --from 0.05 --to 0.6 --out fold\n"
        "prints the fold at lambda = 0.47247039371057...\n"
        "\n"
        "example: the leaf of A[1,1,1] on which two fixed points are born, at K = -3/2\n"
        "  settle sweep chain --over K --from -3 --to 1 --out leaves\n"
        "\n"
        "example: two layers: a pitchfork at lambda = |alpha|\n"
        "  settle sweep chain --rule kolen-pollack --lambda 0.2 --over lambda --from 0.1 --to "
        "1.5\n",
    .options = "activation alpha atol beta biases c channel-activation data depth "
               "downsample from gaussian horizon init inputs interval json labels lambda "
               "method mirror mu no-derivative out over par plugin principal q quiet "
               "rates rtol rule samples seed sigma-ii sigma-ti sizes starts steps "
               "targets teacher to unknown weights window",
    .least = 1,
    .most = 1,
    .run = diagram_run,
};
