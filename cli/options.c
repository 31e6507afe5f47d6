/* The options of the command line.
 *
 * A record per option says how its value is read, where it goes and what it may be; the parser is
 * one loop over argv and knows no option by name.  Rejected: getopt_long (a negative list such as
 * -2,1 after an option that takes no value is taken for options, messages go to stderr by
 * themselves, and abbreviations make every new option a possible change of meaning of an old
 * command line) and argp (GNU only). */
#include "cli/options.h"

#include "base/nearest.h"
#include "base/number.h"
#include "cli/columns.h"
#include "exact/basin_tree.h"
#include "exact/integral_kernel.h"
#include "exact/limit.h"
#include "ode/basin_refine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HINT_MAX = 80, GRID_LEAST = 2, GRID_MOST = BASIN_SIDE_MOST, THREADS_MOST = 1024 };

/* A relative error above this is no accuracy at all; below, double precision has none left. */
static const double RTOL_MOST = 0.1, RTOL_LEAST = 1e-15;
static const double COUNT_MOST = 1e9; /* of trials and steps: weeks of work */
static const double DEPTH_MOST = PROBLEM_LIST_MAX;
static const double SIZE_MOST = 10000;    /* of a layer: its covariance has 10^8 numbers */
static const double LIST_MOST = 16777216; /* numbers of a matrix or a state: 128 MiB */
static const double CELLS_MOST = 1e12;    /* of a random ensemble: weeks of work */
static const double STARTS_MOST = 1000;   /* more lines than that are black paper */
static const double BATCH_MOST = 1e6;     /* signals of 10^4 units on 10^6 samples: 40 GB */
static const double BITS_MOST = 30;       /* more than a float has */
static const double PORT_MOST = 65535;
static const double OFFLINE_VALUES_MOST = 25;           /* pages above 8 MB help nobody */
static const double RATES_MOST = 64;                    /* learning rates to compare */
static const double SEED_MOST = 18446744073709551615.0; /* 2^64 - 1, rounded up to 2^64 */

struct option {
    const char *metavar; /* NULL: takes no value */
    const char *help;
    enum status (*parse)(const struct option *option, const char *text, void *value);
    size_t offset;      /* of the value in struct options */
    double least, most; /* of numbers and whole numbers; both 0: unlimited; of a list's length */
    const char *name;   /* where it is not the word of OPTIONS */
    const char *forms;  /* of a list, see options_list_read() */
};

/* --- how values are read --------------------------------------------------------------- */

static enum status parse_text(const struct option *option, const char *text, void *value)
{
    (void)value; /* options->text keeps it */
    if (!*text)
        return status_fail(BAD_ARGUMENT, "the value is empty; expected %s", option->metavar);
    return OK;
}

static enum status parse_number(const struct option *option, const char *text, void *value)
{
    double x;
    TRY(number_parse(text, &x));
    bool limited = option->least < option->most;
    if (limited && !(x >= option->least && x <= option->most))
        return status_fail(BAD_ARGUMENT, "'%s' is out of range; expected %g to %g", text,
                           option->least, option->most);
    *(double *)value = x;
    return OK;
}

static enum status parse_positive(const struct option *option, const char *text, void *value)
{
    double x = 0;
    TRY(parse_number(option, text, &x));
    if (!(x > 0))
        return status_fail(BAD_ARGUMENT, "'%s' is not positive; expected a number above 0", text);
    *(double *)value = x;
    return OK;
}

static enum status parse_share(const struct option *option, const char *text, void *value)
{
    double x = 0;
    TRY(parse_number(option, text, &x));
    if (!(x >= 0 && x <= 1))
        return status_fail(BAD_ARGUMENT, "'%s' is no share; expected a number from 0 to 1", text);
    *(double *)value = x;
    return OK;
}

static enum status parse_whole(const struct option *option, const char *text, void *value)
{
    unsigned long long n, most = UINT64_MAX;
    if (option->most < SEED_MOST)
        most = (unsigned long long)option->most;
    TRY(number_parse_whole(text, (unsigned long long)option->least, most, &n));
    *(uint64_t *)value = n;
    return OK;
}

static enum status parse_list(const struct option *option, const char *text, void *value)
{
    return options_list_read(text, option->forms ? option->forms : "", (size_t)option->most, value);
}

/* The end of a range; where there is no beginning, the name of a language, which options->text keeps. */
static enum status parse_to(const struct option *option, const char *text, void *value)
{
    struct options *options = value;
    if (options_are_taken(options->command, OPTION_from))
        return parse_number(option, text, &options->to);
    return parse_text(option, text, NULL);
}

/* N0,...,NL into options->sizes and options->size_count. */
static enum status parse_sizes(const struct option *option, const char *text, void *value)
{
    struct options *options = value;
    size_t count = 0;
    for (const char *at = text;; at += strcspn(at, ",") + 1) {
        char one[HINT_MAX];
        unsigned long long size;
        if (count == PROBLEM_SIZES_MAX)
            return status_fail(BAD_ARGUMENT, "more than %d sizes", PROBLEM_SIZES_MAX);
        snprintf(one, sizeof one, "%.*s", (int)strcspn(at, ","), at);
        TRY(number_parse_whole(one, (unsigned long long)option->least,
                               (unsigned long long)option->most, &size));
        options->sizes[count++] = (size_t)size;
        if (at[strcspn(at, ",")] == '\0')
            break;
    }
    if (count < 2)
        return status_fail(BAD_ARGUMENT, "'%s' is one size; expected %s, e.g. 3,2,3", text,
                           option->metavar);
    options->size_count = count;
    return OK;
}

/* Into options->window and options->window_sides. */
static enum status parse_window(const struct option *option, const char *text, void *value)
{
    struct options *options = value;
    double side[WINDOW_SIDES_MOST] = {0};
    size_t count;
    if (number_parse_list(text, WINDOW_SIDES_MOST, side, &count) != OK || count % 2 != 0)
        return status_fail(
            BAD_ARGUMENT,
            "'%s' is not a window; expected four finite numbers %s (six in space, two on "
            "a line)",
            text, option->metavar);
    for (size_t k = 0; k < count; k += 2)
        if (!(side[k] < side[k + 1]))
            return status_fail(BAD_ARGUMENT,
                               "'%s' is an empty window; expected x0 < x1 and y0 < y1", text);
    for (size_t k = 0; k < count; k += 2)
        if (!isfinite(side[k + 1] - side[k]))
            return status_fail(BAD_ARGUMENT, "'%s' is wider than any number", text);
    memcpy(options->window, side, sizeof side);
    options->window_sides = count;
    return OK;
}

/* LOW,HIGH into a pair of numbers. */
static enum status parse_interval(const struct option *option, const char *text, void *value)
{
    double end[2] = {0};
    size_t count = 0;
    if (number_parse_list(text, 2, end, &count) != OK || count != 2 || !(end[0] < end[1]))
        return status_fail(BAD_ARGUMENT, "'%s' is not an interval; expected %s with LOW < HIGH",
                           text, option->metavar);
    memcpy(value, end, sizeof end);
    return OK;
}

/* WxH, or W or WxHxD, into options->grid and options->grid_sides. */
static enum status parse_grid(const struct option *option, const char *text, void *value)
{
    struct options *options = value;
    uint64_t side[GRID_SIDES_MOST] = {1, 1, 1};
    size_t count = 0;
    for (const char *at = text;; at += strcspn(at, "x") + 1) {
        char one[HINT_MAX];
        unsigned long long cells;
        const size_t length = strcspn(at, "x");
        if (count == GRID_SIDES_MOST || length == 0)
            return status_fail(BAD_ARGUMENT, "'%s' is not a grid; expected %s, e.g. 21x21", text,
                               option->metavar);
        snprintf(one, sizeof one, "%.*s", (int)length, at);
        TRY(number_parse_whole(one, GRID_LEAST, GRID_MOST, &cells));
        side[count++] = cells;
        if (at[length] == '\0')
            break;
    }
    memcpy(options->grid, side, sizeof side);
    options->grid_sides = count;
    return OK;
}

static const char *const method_names[] = {
    [METHOD_BDF] = "bdf", [METHOD_ADAMS] = "adams", [METHOD_RK8PD] = "rk8pd"};

static enum status parse_method(const struct option *option, const char *text, void *value)
{
    struct nearest nearest = nearest_to(text);
    for (size_t k = 0; k < sizeof method_names / sizeof *method_names; k++) {
        if (strcmp(method_names[k], text) == 0) {
            *(enum method *)value = (enum method)k;
            return OK;
        }
        nearest_offer(&nearest, method_names[k]);
    }
    char hint[HINT_MAX];
    return status_fail(UNKNOWN_NAME, "there is no method '%s'%s (%s)", text,
                       nearest_hint(&nearest, sizeof hint, hint), option->metavar);
}

/* --- the table ------------------------------------------------------------------------- */

#define AT(member) offsetof(struct options, member)

static const struct option table[OPTION_COUNT] = {
    [OPTION_activation] = {.metavar = "NAMES",
                           .help = "activation of the hidden layers: tanh, or one each, "
                                   "power:3,power:2 (`settle list activations`)",
                           .parse = parse_text},
    [OPTION_against] = {.metavar = "flow|modified",
                        .help = "which order --json names first: of the distance to the flow "
                                "(default), or to the modified equation",
                        .parse = parse_text},
    [OPTION_alpha] = {.metavar = "X",
                      .help = "E[TI], mean of target times input (default 1)",
                      .parse = parse_number,
                      .offset = AT(alpha)},
    [OPTION_atol] = {.metavar = "X",
                     .help = "absolute local error of the integrator",
                     .parse = parse_positive,
                     .offset = AT(atol)},
    [OPTION_bash] = {.help = "print the completion of commands and options for bash"},
    [OPTION_batch] = {.metavar = "B",
                      .help = "samples of a batch",
                      .parse = parse_whole,
                      .offset = AT(batch),
                      .least = 1,
                      .most = BATCH_MOST},
    [OPTION_beta] = {.metavar = "X",
                     .help = "E[I^2] (default 1)",
                     .parse = parse_number,
                     .offset = AT(beta)},
    [OPTION_biases] = {.help = "with --activation: every layer has one more input, which is 1"},
    [OPTION_bits] = {.metavar = "B",
                     .help = "the learning channel carries numbers of B bits in [-1/8, 1/8]",
                     .parse = parse_whole,
                     .offset = AT(bits),
                     .least = 1,
                     .most = BITS_MOST},
    [OPTION_budget] =
        {.metavar = "SECONDS",
         .help =
             "how long to search (default 60); making what is found smaller comes on top, and what "
             "is found depends on the machine",
         .parse = parse_positive,
         .offset = AT(budget)},
    [OPTION_c] = {.metavar = "LIST",
                  .help = "feedback weights c1,c2,... or matrices row by row, C1 then C2 ... "
                          "(default all 1, identities); also @FILE, random:SEED[:SCALE]",
                  .parse = parse_list,
                  .offset = AT(c),
                  .most = LIST_MOST,
                  .forms = "random"},
    [OPTION_channel_activation] = {.name = "channel-activation",
                                   .metavar = "NAME",
                                   .help = "activation of the neurons in the learning channel of a "
                                           "chain (default none; `settle list activations`)",
                                   .parse = parse_text},
    [OPTION_certified] = {.help = "prove cells of the plane whole, and compare the map with them"},
    [OPTION_channel_dropout] =
        {.name = "channel-dropout",
         .metavar = "P",
         .help =
             "share of the units of the learning channel that are left out, anew for each sample",
         .parse = parse_share,
         .offset = AT(channel_dropout)},
    [OPTION_check] = {.help = "compare every cell with its prediction; list disagreements"},
    [OPTION_class] = {.metavar = "branch|component|ending|minimum",
                      .help = "what cells are coloured by (default branch: of the fixed points)",
                      .parse = parse_text},
    [OPTION_cofactor] = {.metavar = "POLYNOMIAL",
                         .help = "all Darboux polynomials p with p' = k p for this k in the names "
                                 "of the unknowns, up to --degree",
                         .parse = parse_text},
    [OPTION_data] = {.metavar = "FILE",
                     .help = "take the moments from samples: CSV, `inputs,targets` per line, or "
                             "images in IDX (also .gz; targets: the images, or --labels)",
                     .parse = parse_text},
    [OPTION_degree] = {.metavar = "D",
                       .help = "up to which degree polynomials are looked for (default 2)",
                       .parse = parse_whole,
                       .offset = AT(degree),
                       .least = 1,
                       .most = INTEGRAL_DEGREE_MOST},
    [OPTION_depth] = {.metavar = "L",
                      .help = "number of layers of a chain (default: as --init or "
                              "--c has it, else 2)",
                      .parse = parse_whole,
                      .offset = AT(depth),
                      .least = 1,
                      .most = DEPTH_MOST},
    [OPTION_digits] = {.metavar = "N",
                       .help =
                           "significant digits of the exact limit (default: it is not asked for)",
                       .parse = parse_whole,
                       .offset = AT(digits),
                       .least = 1,
                       .most = LIMIT_DIGITS_MOST},
    [OPTION_downsample] = {.metavar = "K",
                           .help = "take the means of K x K pixels of --data",
                           .parse = parse_whole,
                           .offset = AT(downsample),
                           .least = 1,
                           .most = SIZE_MOST},
    [OPTION_drop] = {.metavar = "D",
                     .help = "eta is multiplied by 1 - D after each step (default 1e-6)",
                     .parse = parse_share,
                     .offset = AT(drop)},
    [OPTION_epochs] = {.metavar = "N",
                       .help = "how often all training samples are seen (default: the profile's)",
                       .parse = parse_whole,
                       .offset = AT(epochs),
                       .least = 1,
                       .most = COUNT_MOST},
    [OPTION_eta] = {.metavar = "X",
                    .help = "learning rate, of the mean over a batch",
                    .parse = parse_list,
                    .offset = AT(eta),
                    .most = RATES_MOST},
    [OPTION_evaluations] = {.metavar = "N",
                            .help = "look at N instances instead: the same result on every machine",
                            .parse = parse_whole,
                            .offset = AT(evaluations),
                            .least = 1,
                            .most = COUNT_MOST},
    [OPTION_from] = {.metavar = "X",
                     .help = "the least value of the parameter that --over names",
                     .parse = parse_number,
                     .offset = AT(from)},
    [OPTION_gaussian] = {.metavar = "SIGMA",
                         .help = "with --activation: Gaussian inputs of this standard deviation",
                         .parse = parse_positive,
                         .offset = AT(gaussian)},
    [OPTION_grid] = {.metavar = "WxH",
                     .help = "arrows of the direction field (default 21x21), or cells of a basin "
                             "(default 200x200; W on a line, WxHxD in a box)",
                     .parse = parse_grid},
    [OPTION_horizon] = {.metavar = "T",
                        .help = "give up at this time",
                        .parse = parse_positive,
                        .offset = AT(horizon)},
    [OPTION_init] = {.metavar = "LIST",
                     .help = "initial state, in the order of `settle list systems` (default all "
                             "1/2, of matrices random:1); also @FILE, random:SEED[:SCALE]",
                     .parse = parse_list,
                     .offset = AT(init),
                     .most = LIST_MOST,
                     .forms = "random"},
    [OPTION_inputs] = {.metavar = "LIST",
                       .help = "with an activation: the inputs of the samples; also @FILE",
                       .parse = parse_list,
                       .offset = AT(inputs),
                       .most = LIST_MOST},
    [OPTION_integral] = {.metavar = "POLYNOMIAL",
                         .help = "is it conserved?  In the names of unknowns, data and feedback, "
                                 "as \"a1^2 - 2*c1*a2\"; also p*exp(q)",
                         .parse = parse_text},
    [OPTION_integrals] = {.help = "all polynomial first integrals up to --degree, with proofs"},
    [OPTION_interval] = {.metavar = "LOW,HIGH",
                         .help = "search for the fixed points of A[1,1,1] with an activation at a1 "
                                 "in this interval (default -10,10)",
                         .parse = parse_interval,
                         .offset = AT(interval)},
    [OPTION_json] = {.help = "print JSON"},
    [OPTION_labels] = {.metavar = "FILE",
                       .help = "the labels of the images of --data (IDX): targets are one-hot",
                       .parse = parse_text},
    [OPTION_lambda] = {.metavar = "X",
                       .help = "weight decay (default 0), or a list: layers, then adaptive C's",
                       .parse = parse_list,
                       .offset = AT(lambda),
                       .most = PROBLEM_LIST_MAX},
    [OPTION_loss] = {.metavar = "cross-entropy|squared|logistic",
                     .help = "with softmax (default), linear or logistic outputs",
                     .parse = parse_text},
    [OPTION_man] = {.help = "print the manual page settle(1), for man -l or groff -man"},
    [OPTION_markdown] = {.help = "print the theorems as a table in Markdown"},
    [OPTION_laws] = {.help = "how many independent quantities are conserved whatever the data are"},
    [OPTION_method] = {.metavar = "bdf|adams|rk8pd",
                       .help = "integrator: CVODE BDF (default), "
                               "CVODE Adams, GSL Prince-Dormand 8(9)",
                       .parse = parse_method,
                       .offset = AT(method)},
    [OPTION_mirror] = {.metavar = "X",
                       .help = "weight mirror: sigma^2, variance of the noise times its rate "
                               "(default 1)",
                       .parse = parse_positive,
                       .offset = AT(mirror)},
    [OPTION_momentum] = {.metavar = "M",
                         .help = "of the heavy ball (default 0: none)",
                         .parse = parse_share,
                         .offset = AT(momentum)},
    [OPTION_mu] = {.metavar = "LIST",
                   .help = "the exponents of a power activation, one or one a hidden layer",
                   .parse = parse_list,
                   .offset = AT(mu),
                   .most = PROBLEM_SIZES_MAX},
    [OPTION_no_biases] = {.name = "no-biases", .help = "layers without biases"},
    [OPTION_no_derivative] = {.name = "no-derivative",
                              .help = "with --activation: the learning channel leaves out the "
                                      "derivatives"},
    [OPTION_noise_pretraining] = {.name = "noise-pretraining",
                                  .metavar = "N",
                                  .help = "train on N batches of noise with random labels first",
                                  .parse = parse_whole,
                                  .offset = AT(noise_pretraining),
                                  .most = COUNT_MOST},
    [OPTION_of] = {.metavar = "A1|P|M",
                   .help = "the matrix whose eigenvalues are drawn: A1, the map P, or M = C1 A2 "
                           "(default: the first that is square)",
                   .parse = parse_text},
    [OPTION_offline] = {.metavar = "FILE",
                        .help = "write one page that needs no server, with tabulated answers, and "
                                "end",
                        .parse = parse_text},
    [OPTION_offline_values] = {.name = "offline-values",
                               .metavar = "N",
                               .help = "so many values of the first parameter in the offline page "
                                       "(default 9)",
                               .parse = parse_whole,
                               .offset = AT(offline_values),
                               .least = 1,
                               .most = OFFLINE_VALUES_MOST},
    [OPTION_open] = {.help = "show the page in the browser that xdg-open knows"},
    [OPTION_out] = {.metavar = "DIR",
                    .help = "write tables, figures and a manifest to this folder",
                    .parse = parse_text},
    [OPTION_over] = {.metavar = "NAME",
                     .help = "the parameter that is varied: c1, alpha, beta, lambda, mu, A, rho, "
                             "sigma, ..., or the constant K of a leaf",
                     .parse = parse_text},
    [OPTION_panels] = {.metavar = "NAME=X,Y,...",
                       .help = "portraits side by side at these values of a parameter, at most 4: "
                               "c1=1/2,1,2",
                       .parse = parse_text},
    [OPTION_par] = {.metavar = "NAME=X,...",
                    .help = "parameters of FILE.ode, in place of its own: a=1/2,b=2",
                    .parse = parse_text},
    [OPTION_part] = {.metavar = "K/N",
                     .help = "compute part K of N into a ledger of its own in --out, and nothing "
                             "else; --resume without it joins the parts",
                     .parse = parse_text},
    [OPTION_plane] = {.metavar = "a1,a2",
                      .help = "the two unknowns to draw (default: the first two; portrait "
                              "--view space: three); the others stay at --init",
                      .parse = parse_text},
    [OPTION_plugin] = {.help = "SYSTEM is a shared object of your own, whose code is executed: "
                               "equations/plugin.h"},
    [OPTION_port] = {.metavar = "N",
                     .help = "listen on this port of 127.0.0.1 (default: any that is free)",
                     .parse = parse_whole,
                     .offset = AT(port),
                     .least = 1,
                     .most = PORT_MOST},
    [OPTION_precision] = {.metavar = "float|double",
                          .help = "numbers of the networks (default float)",
                          .parse = parse_text},
    [OPTION_predict] = {.help = "draw the map of the predictions, without integrating"},
    [OPTION_principal] = {.metavar = "K",
                          .help = "keep the first K principal components of the inputs of --data",
                          .parse = parse_whole,
                          .offset = AT(principal),
                          .least = 1,
                          .most = SIZE_MOST},
    [OPTION_probe] = {.metavar = "N",
                      .help = "dimension of the boundary from N random starts at each of nine "
                              "distances",
                      .parse = parse_whole,
                      .offset = AT(probe),
                      .least = 1,
                      .most = COUNT_MOST},
    [OPTION_profile] =
        {.metavar = "smoke|short|paper",
         .help = "10 epochs of the first 10000 samples (default), 10 of all, or 100 of all",
         .parse = parse_text},
    [OPTION_q] = {.metavar = "LIST",
                  .help = "coefficients k0,k1,... of the polynomial flow",
                  .parse = parse_list,
                  .offset = AT(q),
                  .most = PROBLEM_LIST_MAX},
    [OPTION_quiet] = {.help = "no progress and no notes; results and errors all the same"},
    [OPTION_random] = {.metavar = "N",
                       .help = "a random ensemble: N starts by the law --init "
                               "random:SEED[:SCALE], all unknowns at once",
                       .parse = parse_whole,
                       .offset = AT(random),
                       .least = 1,
                       .most = CELLS_MOST},
    [OPTION_radius] = {.metavar = "R",
                       .help = "a box of starts, within R of --init in every coordinate",
                       .parse = parse_positive,
                       .offset = AT(radius)},
    [OPTION_rates] = {.metavar = "LIST",
                      .help = "learning rate of each layer, then of each adaptive C (default all "
                              "1)",
                      .parse = parse_list,
                      .offset = AT(rates),
                      .most = PROBLEM_LIST_MAX},
    [OPTION_recheck] = {.metavar = "X",
                        .help = "share of the instances that the sweeper settles, trials apart, "
                                "which the referee runs, too (default 1/200)",
                        .parse = parse_share,
                        .offset = AT(recheck)},
    [OPTION_latex] = {.help = "write LaTeX, report.tex, instead of the page"},
    [OPTION_levels] = {.metavar = "N",
                       .help = "with --certified: the smallest cells are 2^-N of the window wide "
                               "(default: as the grid)",
                       .parse = parse_whole,
                       .offset = AT(levels),
                       .least = 1,
                       .most = BASIN_TREE_LEVELS_MOST},
    [OPTION_refine] = {.metavar = "DEPTH",
                       .help = "halve the cells at the boundaries of a map so many times",
                       .parse = parse_whole,
                       .offset = AT(refine),
                       .least = 1,
                       .most = BASIN_DEPTH_MOST},
    [OPTION_replace] = {.help = "begin anew where --out has the work of an earlier command"},
    [OPTION_resume] = {.help = "go on with what is saved in --out"},
    [OPTION_rounding] =
        {.metavar = "mid-rise|mid-tread|stochastic",
         .help =
             "of --bits and --update-bits: without 0, with 0 (default), or up and down at random",
         .parse = parse_text},
    [OPTION_rtol] = {.metavar = "X",
                     .help = "relative local error of the integrator",
                     .parse = parse_number,
                     .offset = AT(rtol),
                     .least = RTOL_LEAST,
                     .most = RTOL_MOST},
    [OPTION_rule] = {.metavar = "NAME",
                     .help = "learning rule (default rbp; `settle list rules`)",
                     .parse = parse_text},
    [OPTION_samples] = {.metavar = "N",
                        .help = "use only the first N samples of --data",
                        .parse = parse_whole,
                        .offset = AT(samples),
                        .least = 1,
                        .most = COUNT_MOST},
    [OPTION_sampling] = {.metavar = "independent|reshuffled|ordered|all",
                         .help = "how batches are drawn: anew each step (default), in epochs, "
                                 "shuffled or in file order, or full batches only",
                         .parse = parse_text},
    [OPTION_seed] = {.metavar = "N",
                     .help = "seed of all random streams (default 1)",
                     .parse = parse_whole,
                     .offset = AT(seed),
                     .most = SEED_MOST},
    [OPTION_sigma_ii] = {.name = "sigma-ii",
                         .metavar = "LIST",
                         .help = "Sigma_II = E[I I'], row by row (default identity); also "
                                 "identity, diag:d1,d2,..., @FILE",
                         .parse = parse_list,
                         .offset = AT(sigma_ii),
                         .most = LIST_MOST,
                         .forms = "diag identity"},
    [OPTION_sigma_ti] = {.name = "sigma-ti",
                         .metavar = "LIST",
                         .help = "Sigma_TI = E[T I'], row by row (default: targets T = I); also "
                                 "identity, diag:d1,d2,..., zero, @FILE",
                         .parse = parse_list,
                         .offset = AT(sigma_ti),
                         .most = LIST_MOST,
                         .forms = "diag identity zero"},
    [OPTION_sizes] = {.metavar = "N0,...,NL",
                      .help = "sizes of the layers of a network, inputs first",
                      .parse = parse_sizes,
                      .least = 1,
                      .most = SIZE_MOST},
    [OPTION_sparse] = {.metavar = "N",
                       .help = "random feedback of zeros and ones, on average N ones a unit",
                       .parse = parse_positive,
                       .offset = AT(sparse)},
    [OPTION_starts] = {.metavar = "N",
                       .help = "trajectories drawn from other starts than --init",
                       .parse = parse_whole,
                       .offset = AT(starts),
                       .most = STARTS_MOST},
    [OPTION_steps] = {.metavar = "N",
                      .help = "give up after this many steps of the integrator",
                      .parse = parse_whole,
                      .offset = AT(steps),
                      .least = 1,
                      .most = COUNT_MOST},
    [OPTION_sweep] = {.metavar = "N",
                      .help = "instances for the sweeper, of theorems that it can follow (default: "
                              "a number for each trial, by the theorem; 0: none)",
                      .parse = parse_whole,
                      .offset = AT(sweep),
                      .most = COUNT_MOST},
    [OPTION_targets] = {.metavar = "LIST",
                        .help = "with an activation: the targets of the samples; also @FILE",
                        .parse = parse_list,
                        .offset = AT(targets),
                        .most = LIST_MOST},
    [OPTION_teacher] = {.metavar = "NAME[,A[,RHO]]",
                        .help = "with --activation: targets T = RHO g(A I), g any activation or "
                                "`sign` (default A = RHO = 1)",
                        .parse = parse_text},
    [OPTION_threads] = {.metavar = "N",
                        .help = "threads (default 0: all, under mpirun a fair share for each "
                                "rank); results do not depend on it",
                        .parse = parse_whole,
                        .offset = AT(threads),
                        .most = THREADS_MOST},
    [OPTION_to] = {.metavar = "Y",
                   .help = "the largest value of the parameter that --over names",
                   .parse = parse_to},
    [OPTION_trials] = {.metavar = "N",
                       .help =
                           "instances per theorem that the referee runs, traps of each kind of a "
                           "self-test (default: each its own)",
                       .parse = parse_whole,
                       .offset = AT(trials),
                       .least = 1,
                       .most = COUNT_MOST},
    [OPTION_tsv] = {.help = "write basin.tsv, however large"},
    [OPTION_unknown] = {.metavar = "NAME",
                        .help = "the unknown that the figure shows (default: the first)",
                        .parse = parse_text},
    [OPTION_update_bits] = {.name = "update-bits",
                            .metavar = "B",
                            .help =
                                "each sample's step eta D X' is rounded to B bits in [-1/64, 1/64]",
                            .parse = parse_whole,
                            .offset = AT(update_bits),
                            .least = 1,
                            .most = BITS_MOST},
    [OPTION_values] = {.metavar = "LIST",
                       .help = "what is kept of each cell: time, limit, loss, sharpness, rate, "
                               "path, turns, alignment (default time, and limit up to 16 unknowns)",
                       .parse = parse_text},
    [OPTION_verbose] = {.help = "say on stderr which BLAS runs, and as what CPU"},
    [OPTION_view] = {.metavar = "NAME",
                     .help = "plane (default), panels, space, leaf, directions or eigenvalues",
                     .parse = parse_text},
    [OPTION_weight_norm] = {.name = "weight-norm",
                            .metavar = "RHO",
                            .help =
                                "the weights of a neuron stay within RHO times their first norm",
                            .parse = parse_positive,
                            .offset = AT(weight_norm)},
    [OPTION_weights] = {.metavar = "LIST",
                        .help = "with --activation: weights of the samples (default: equal, of "
                                "sum 1); also @FILE",
                        .parse = parse_list,
                        .offset = AT(weights),
                        .most = LIST_MOST},
    [OPTION_window] = {.metavar = "x0,x1,y0,y1",
                       .help = "part of the plane to draw; portrait --view space: z0,z1 too",
                       .parse = parse_window},
    [OPTION_within] = {.metavar = "SHARE",
                       .help = "every number of c, init, alpha and beta up to this share of itself "
                               "larger or smaller, e.g. 1/5; zeros stay zero",
                       .parse = parse_text},
};

/* Where an option says something else to a command than to the others; metavar NULL: the same. */
static const struct variant {
    const char *command;
    enum option_word option;
    const char *metavar, *help;
} variants[] = {
    {"compare", OPTION_batch, NULL, "samples of a batch (default 1)"},
    {"compare", OPTION_eta, "LIST",
     "learning rates, of the mean over a batch, each as T/n with the nearest whole n"},
    {"compare", OPTION_from, NULL, "the least eta"},
    {"compare", OPTION_horizon, NULL,
     "the time T up to which steps and flow are followed (default 2)"},
    {"compare", OPTION_inputs, NULL, "the inputs of the samples; also @FILE"},
    {"compare", OPTION_steps, NULL, "so many values of eta between --from and --to (default 6)"},
    {"compare", OPTION_targets, NULL, "the targets of the samples; also @FILE"},
    {"compare", OPTION_to, NULL, "the largest eta"},
    {"compare", OPTION_trials, NULL, "runs for each eta, of their own seeds (default 100)"},
    {"explore", OPTION_grid, "WxH", "cells of the map of basins (default 60x60)"},
    {"export", OPTION_to, "LANGUAGE",
     "ode (XPPAUT, settle), vf (VFGEN), python (SciPy), julia (DifferentialEquations.jl)"},
    {"hunt", OPTION_over, "NAME=FROM:TO,...",
     "of a file: intervals of unknowns and of parameters, which are then free, e.g. mu=0:2"},
    {"hunt", OPTION_threads, NULL,
     "threads (default 2); with --evaluations results do not depend on it"},
    {"hunt", OPTION_window, "FROM,TO",
     "of a file: starts are drawn from here; for all unknowns, or two numbers for each of up to "
     "three (default: x0 -+ 3 max(1, |x0|))"},
    {"prove", OPTION_digits, NULL,
     "significant digits of the limit (default 50, 10 where a trap proves it)"},
    {"train", OPTION_activation, "NAME",
     "of all hidden layers: identity, logistic, relu, shifted-logistic, tanh (default)"},
    {"train", OPTION_batch, NULL, "samples of a batch (default 100)"},
    {"train", OPTION_channel_activation, "NAME",
     "activation of the neurons in the learning channel, named as those of --activation (default "
     "identity: none)"},
    {"train", OPTION_data, "DIR|FILE",
     "a folder as MNIST or CIFAR-10 has it, or a CSV file (default: SETTLE_DATA, else digits drawn "
     "here)"},
    {"train", OPTION_eta, NULL, "learning rate, of the mean over a batch (default 0.1)"},
    {"train", OPTION_lambda, NULL, "weight decay (default: the rule's own, mostly 0)"},
    {"train", OPTION_no_derivative, NULL, "the learning channel leaves out the derivatives"},
    {"train", OPTION_rule, "NAMES",
     "learning rule (default rbp; `settle list rules`), or several, bp,rbp, or all"},
    {"train", OPTION_samples, NULL, "use only the first N training samples"},
    {"train", OPTION_sizes, NULL,
     "sizes of the layers, inputs first (default: four hidden layers of 100)"},
    {"train", OPTION_threads, NULL,
     "runs side by side (default 0: as many as there are processors); results do not depend on it"},
    {"train", OPTION_trials, NULL, "runs of each rule, with seed, seed + 1, ... (default 1)"},
};

/* What the option is to the command: metavar and help. */
static struct option option_of(const struct command *command, enum option_word option)
{
    struct option record = table[option];
    for (size_t k = 0; k < sizeof variants / sizeof *variants; k++)
        if (variants[k].option == option && strcmp(variants[k].command, command->name) == 0) {
            record.help = variants[k].help;
            if (variants[k].metavar)
                record.metavar = variants[k].metavar;
        }
    return record;
}

#define X(name) #name,
static const char *const words[] = {OPTIONS(X)};
#undef X

const char *options_name(enum option_word option)
{
    return table[option].name ? table[option].name : words[option];
}

const char *options_method_name(enum method method)
{
    return method_names[method];
}

const char *options_method_title(enum method method)
{
    static const char *const titles[] = {
        [METHOD_BDF] = "CVODE BDF", [METHOD_ADAMS] = "CVODE Adams", [METHOD_RK8PD] = "GSL rk8pd"};
    return titles[method];
}

/* --- parsing --------------------------------------------------------------------------- */

/* Is `word`, of the given length, one of the blank-separated words of `list`? */
static bool is_listed(const char *list, const char *word, size_t length)
{
    for (const char *at = list; *at;) {
        size_t span = strcspn(at, " ");
        if (span == length && strncmp(at, word, length) == 0)
            return true;
        at += span;
        at += strspn(at, " ");
    }
    return false;
}

bool options_are_taken(const struct command *command, enum option_word option)
{
    return is_listed(command->options, options_name(option), strlen(options_name(option)));
}

static enum status option_unknown(const struct command *command, const char *name)
{
    struct nearest nearest = nearest_to(name);
    for (size_t k = 0; k < OPTION_COUNT; k++)
        if (options_are_taken(command, (enum option_word)k))
            nearest_offer(&nearest, options_name((enum option_word)k));
    if (nearest.name)
        return status_fail(UNKNOWN_NAME, "%s takes no option --%s; did you mean --%s?",
                           command->name, name, nearest.name);
    return status_fail(UNKNOWN_NAME, "%s takes no option --%s (settle %s --help lists them)",
                       command->name, name, command->name);
}

/* Finds the option named by `argument`, "--name" or "--name=value". */
static enum status option_find(const struct command *command, const char *argument,
                               enum option_word *option)
{
    const char *name = argument + strlen("--");
    size_t length = strcspn(name, "=");
    for (size_t k = 0; k < OPTION_COUNT; k++) {
        const char *known = options_name((enum option_word)k);
        if (strlen(known) == length && strncmp(known, name, length) == 0 &&
            options_are_taken(command, (enum option_word)k)) {
            *option = (enum option_word)k;
            return OK;
        }
    }
    char typed[HINT_MAX];
    snprintf(typed, sizeof typed, "%.*s", (int)(length < sizeof typed ? length : sizeof typed),
             name);
    return option_unknown(command, typed);
}

/* The value of an option: after '=', or argument[1], the next one, or NULL; *used tells how many arguments it took.
 */
static enum status option_value(const struct command *command, enum option_word option,
                                const char *const argument[2], const char **value, int *used)
{
    const char *equals = strchr(argument[0], '='), *next = argument[1];
    const struct option record = option_of(command, option);
    *used = 1;
    *value = equals ? equals + 1 : "";
    if (!record.metavar)
        return equals ? status_fail(BAD_ARGUMENT, "--%s takes no value", options_name(option)) : OK;
    if (equals)
        return OK;
    if (!next || strncmp(next, "--", 2) == 0)
        return status_fail(BAD_ARGUMENT, "--%s expects a value, %s%s%s", options_name(option),
                           record.metavar, next ? "; found " : "", next ? next : "");
    *value = next;
    *used = 2;
    return OK;
}

/* Puts the option's name before the message of a failure. */
static enum status option_blame(enum option_word option, enum status status)
{
    char message[STATUS_MESSAGE_MAX];
    snprintf(message, sizeof message, "%s", status_message());
    return status_fail(status, "--%s: %s", options_name(option), message);
}

static enum status option_take(struct options *options, const char *argument, const char *next,
                               int *used)
{
    enum option_word option = OPTION_COUNT;
    const char *value = NULL;
    TRY(option_find(options->command, argument, &option));
    if (options->text[option])
        return status_fail(BAD_ARGUMENT, "--%s is given twice", options_name(option));
    TRY(option_value(options->command, option, (const char *const[2]){argument, next}, &value,
                     used));
    const struct option *record = &table[option];
    if (record->parse) {
        enum status status = record->parse(record, value, (char *)options + record->offset);
        if (status != OK)
            return option_blame(option, status);
    }
    options->text[option] = value;
    return OK;
}

static enum status word_take(struct options *options, const char *word)
{
    size_t most = options->command->most;
    if (options->words == most || options->words == OPTIONS_WORDS_MAX) {
        if (most == 0)
            return status_fail(BAD_ARGUMENT, "unexpected '%s'; %s takes options only", word,
                               options->command->name);
        return status_fail(BAD_ARGUMENT,
                           "unexpected '%s' after %zu argument%s; usage: settle %s %s", word,
                           options->words, options->words == 1 ? "" : "s", options->command->name,
                           options->command->arguments);
    }
    options->word[options->words++] = word;
    return OK;
}

static enum status arguments_take(struct options *options)
{
    bool only_words = false;
    int used;
    for (int k = 2; k < options->argc; k += used) {
        const char *argument = options->argv[k];
        used = 1;
        if (!only_words && strcmp(argument, "--") == 0) {
            only_words = true;
        } else if (!only_words && strncmp(argument, "--", 2) == 0) {
            const char *next = k + 1 < options->argc ? options->argv[k + 1] : NULL;
            TRY(option_take(options, argument, next, &used));
        } else if (!only_words && argument[0] == '-') {
            return status_fail(BAD_ARGUMENT, "unexpected '%s'; options begin with two dashes",
                               argument);
        } else {
            TRY(word_take(options, argument));
        }
    }
    return OK;
}

enum status options_parse(int argc, char *const *argv, const struct command *command,
                          struct options *options)
{
    static const uint64_t SEED_STANDARD = 1;
    *options = (struct options){.command = command,
                                .argc = argc,
                                .argv = argv,
                                .alpha = 1,
                                .beta = 1,
                                .mirror = 1,
                                .seed = SEED_STANDARD};
    TRY(arguments_take(options));
    if (options->words < command->least)
        return status_fail(BAD_ARGUMENT, "%s needs a %s; usage: settle %s %s [OPTIONS]",
                           command->name, command->arguments, command->name, command->arguments);
    return OK;
}

static void list_free(struct option_list *list)
{
    free(list->value);
    *list = (struct option_list){.count = 0};
}

void options_free(struct options *options)
{
    list_free(&options->c);
    list_free(&options->eta);
    list_free(&options->init);
    list_free(&options->inputs);
    list_free(&options->lambda);
    list_free(&options->mu);
    list_free(&options->q);
    list_free(&options->rates);
    list_free(&options->sigma_ii);
    list_free(&options->sigma_ti);
    list_free(&options->targets);
    list_free(&options->weights);
}

bool options_given(const struct options *options, enum option_word option)
{
    return options->text[option] != NULL;
}

struct plan options_plan(const struct options *options)
{
    struct plan plan = plan_defaults();
    if (options_given(options, OPTION_method))
        plan.method = options->method;
    if (options_given(options, OPTION_rtol))
        plan.rtol = options->rtol;
    if (options_given(options, OPTION_atol))
        plan.atol = options->atol;
    if (options_given(options, OPTION_horizon))
        plan.horizon = options->horizon;
    if (options_given(options, OPTION_steps))
        plan.steps_most = (size_t)options->steps;
    return plan;
}

bool options_describe(const struct command *command, enum option_word option,
                      struct option_text *text)
{
    if (!options_are_taken(command, option))
        return false;
    const struct option record = option_of(command, option);
    *text = (struct option_text){options_name(option), record.metavar, record.help};
    return true;
}

static enum status options_lines(struct columns *lines, const struct command *command, FILE *file)
{
    struct option_text text;
    for (size_t k = 0; k < OPTION_COUNT; k++)
        if (options_describe(command, (enum option_word)k, &text)) {
            columns_cell(lines, "  --%s%s%s", text.name, text.metavar ? " " : "",
                         text.metavar ? text.metavar : "");
            columns_cell(lines, "%s", text.help);
        }
    columns_cell(lines, "  --help");
    columns_cell(lines, "print this text");
    return columns_print(lines, file);
}

enum status options_help(const struct command *command, FILE *file)
{
    struct columns *lines = columns_create("ll");
    enum status status = options_lines(lines, command, file);
    columns_free(lines);
    return status;
}
