/* settle portrait: pictures of a flow.  Steps: choose the view, state the problem, let it draw. */
#include "cli/command.h"

#include "cli/view.h"

static enum status portrait_run(const struct options *options, enum exit_code *exit_code)
{
    struct problem_given given;
    const struct view *view;
    TRY(view_chosen(options, &view));
    TRY(problem_from_options(options, &given));
    enum status status = view->run(options, &given);
    problem_given_free(&given);
    *exit_code = EXIT_HOLDS;
    return status;
}

const struct command command_portrait = {
    .name = "portrait",
    .title = "phase portrait in a plane of two unknowns",
    .arguments = "SYSTEM",
    .help =
        "Draws the direction field (colour: speed), the fixed points of the plane (solid where\n"
        "they attract, dashed where they repel, half-filled where they are semistable), the set\n"
        "S = 0 where the product P of the weights stops following the error, the leaves of a\n"
        "first integral, and trajectories from the border of the window.  The picture comes as\n"
        "PDF, PNG and SVG with its gnuplot script and tables.  With --init the trajectory from\n"
        "there is drawn too.\n"
        "\n"
        "example: the network A[1,1,1], whose product P turns twice on the way from (-2, 1)\n"
        "  settle portrait chain --c 1 --init -2,1 --out portrait-a111\n"
        "example: a plane of a longer chain, with a3 = 1/2 fixed\n"
        "  settle portrait chain --depth 3 --rule srbp --plane a1,a2 --out portrait-a1111\n"
        "example: a plane of the network A[2,2,2], two entries of its first matrix\n"
        "  settle portrait deep --sizes 2,2,2 --rule bp --plane A1_1_1,A1_2_2 --out portrait-222\n",
    .options = "alpha atol beta c channel-activation data depth downsample grid horizon init "
               "inputs labels lambda method mirror of out "
               "plane principal q quiet rates rtol rule samples seed sigma-ii sigma-ti sizes starts "
               "steps targets view window",
    .least = 1,
    .most = 1,
    .run = portrait_run,
};
