/* settle portrait: pictures of a flow.
 *
 * Steps: choose the view, state the problem, let it draw.  A view is a record (view.h); what is
 * common to all of them is the help below and the folder with its manifest. */
#include "cli/command.h"

#include "cli/view.h"

static enum status portrait_run(const struct options *options, enum exit_code *exit_code)
{
    struct problem_given given;
    const struct view *view;
    TRY(view_chosen(options, &view));
    TRY(problem_from_options(options, &given));
    struct progress *progress = terminal_wait_begin(options, given.flow->title);
    const enum status status = view->run(options, &given, progress);
    terminal_wait_end(progress);
    problem_given_free(&given);
    *exit_code = EXIT_HOLDS;
    return status;
}

const struct command command_portrait = {
    .name = "portrait",
    .title = "pictures: phase portraits in a plane and in space, directions, eigenvalues",
    .arguments = "SYSTEM|FILE.ode|FILE.so",
    .help =
        "Draws a flow.  Every picture comes as PDF, PNG and SVG with its gnuplot script and "
        "tables.\n"
        "\n"
        "--view plane (default): the direction field (colour: speed), the fixed points of the "
        "whole\n"
        "flow that lie in the plane (solid where they attract, dashed where they repel, "
        "half-filled\n"
        "where that changes), nullclines, or for chains the set S = 0 where the product P of the\n"
        "weights stops following the error, the leaves of a first integral, and trajectories; "
        "with\n"
        "--init the one from there, too.  Of a flow with more unknowns a slice is drawn.\n"
        "--view space, or --plane with three names: a box of three unknowns with the surfaces and\n"
        "curves of fixed points.\n"
        "--view directions: A of A[N0,1,N2] in the plane of its feedback C W and its start, with\n"
        "the levels of the potential that it descends.\n"
        "--view eigenvalues: the spectrum of A1, of P or of M = C1 A2 (--of) over time, and the\n"
        "entries of A1 and A2.\n"
        "--view leaf: the flow on the leaf of --init, of a chain under rbp or srbp, as a phase "
        "line: the "
        "error\n"
        "over residual time s with its zeros, isolated exactly, and the starts that go to each; of "
        "a\n"
        "polynomial flow dx/dt over x.\n"
        "\n"
        "example: the network A[1,1,1], whose product P turns twice on the way from (-2, 1)\n"
        "  settle portrait chain --c 1 --init -2,1 --out portrait-a111\n"
        "example: a plane of a longer chain, with a3 = 1/2 fixed\n"
        "  settle portrait chain --depth 3 --rule srbp --plane a1,a2 --out portrait-a1111\n"
        "example: a plane of the network A[2,2,2], two entries of its first matrix\n"
        "  settle portrait deep --sizes 2,2,2 --rule bp --plane A1_1_1,A1_2_2 --out portrait-222\n"
        "example: adaptive feedback; the trajectory from --init ends on the line of saddles\n"
        "  settle portrait chain --depth 2 --rule arbp --plane a1,a2,c1 --init 1/2,1/4,-1/2 --out "
        "space\n"
        "example: an autoencoder that has a saddle at a negative multiple of C\n"
        "  settle portrait autoencoder --sizes 2,1,2 --c 1,0 --init -2,0,-1,0.7 --view directions "
        "--out dirs\n"
        "example: a leaf of three layers with seven fixed points\n"
        "  settle portrait chain --depth 3 --rule srbp --alpha 1/10 --init=-3,3/2,-11/8 --view "
        "leaf "
        "--out leaf\n"
        "example: the eigenvalues of A1 from six starts\n"
        "  settle portrait hidden --sizes 2,2,2 --c 1,-2,1.5,0.5 --view eigenvalues --starts 5 "
        "--out "
        "spectra\n",
    .options = "activation alpha atol beta biases c channel-activation data depth "
               "downsample gaussian grid horizon init inputs labels lambda method mirror "
               "mu no-derivative of out panels par plane plugin principal q quiet rates "
               "rtol rule samples seed sigma-ii sigma-ti sizes starts steps targets "
               "teacher view weights window",
    .least = 1,
    .most = 1,
    .run = portrait_run,
};
