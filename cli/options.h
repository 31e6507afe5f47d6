/* The options of the command line.
 *
 * One table drives parsing and the text of --help; a command names the options that it takes in its
 * record.  Options are long, `--name value` or `--name=value`; a value may begin with one dash
 * (-2,1);
 * `--` ends the options.  An option given twice, unknown, or not taken by the command is an error.
 *
 * Shapes: lists value[count].  An option was given iff text[OPTION_name] is not NULL; the text is
 * kept because exact arithmetic reads it as a rational.
 * Memory: texts point into argv; lists are freed by options_free(), also after a failure.
 * Errors: BAD_ARGUMENT, NOT_A_NUMBER, UNKNOWN_NAME; CANNOT_READ, BAD_DATA for lists in files. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/status.h"
#include "cli/command.h"
#include "linear/problem.h"
#include "ode/trajectory.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* One alphabetical list of words. */
#define OPTIONS(X)                                                                                 \
    X(activation)                                                                                  \
    X(against)                                                                                     \
    X(alpha)                                                                                       \
    X(atol)                                                                                        \
    X(bash)                                                                                        \
    X(batch)                                                                                       \
    X(beta)                                                                                        \
    X(biases)                                                                                      \
    X(bits)                                                                                        \
    X(budget)                                                                                      \
    X(c)                                                                                           \
    X(channel_activation)                                                                          \
    X(certified)                                                                                   \
    X(channel_dropout)                                                                             \
    X(check)                                                                                       \
    X(class)                                                                                       \
    X(cofactor)                                                                                    \
    X(data)                                                                                        \
    X(degree)                                                                                      \
    X(depth)                                                                                       \
    X(digits)                                                                                      \
    X(downsample)                                                                                  \
    X(drop)                                                                                        \
    X(epochs)                                                                                      \
    X(eta)                                                                                         \
    X(evaluations)                                                                                 \
    X(from)                                                                                        \
    X(gaussian)                                                                                    \
    X(grid)                                                                                        \
    X(horizon)                                                                                     \
    X(init)                                                                                        \
    X(inputs)                                                                                      \
    X(integral)                                                                                    \
    X(integrals)                                                                                   \
    X(interval)                                                                                    \
    X(json)                                                                                        \
    X(labels)                                                                                      \
    X(lambda)                                                                                      \
    X(latex)                                                                                       \
    X(laws)                                                                                        \
    X(levels)                                                                                      \
    X(loss)                                                                                        \
    X(man)                                                                                         \
    X(markdown)                                                                                    \
    X(method)                                                                                      \
    X(mirror)                                                                                      \
    X(momentum)                                                                                    \
    X(mu)                                                                                          \
    X(no_biases)                                                                                   \
    X(no_derivative)                                                                               \
    X(noise_pretraining)                                                                           \
    X(of)                                                                                          \
    X(offline)                                                                                     \
    X(offline_values)                                                                              \
    X(open)                                                                                        \
    X(out)                                                                                         \
    X(over)                                                                                        \
    X(panels)                                                                                      \
    X(par)                                                                                         \
    X(part)                                                                                        \
    X(plane)                                                                                       \
    X(plugin)                                                                                      \
    X(port)                                                                                        \
    X(precision)                                                                                   \
    X(predict)                                                                                     \
    X(principal)                                                                                   \
    X(probe)                                                                                       \
    X(profile)                                                                                     \
    X(q)                                                                                           \
    X(quiet)                                                                                       \
    X(radius)                                                                                      \
    X(random)                                                                                      \
    X(rates)                                                                                       \
    X(recheck)                                                                                     \
    X(refine)                                                                                      \
    X(replace)                                                                                     \
    X(resume)                                                                                      \
    X(rounding)                                                                                    \
    X(rtol)                                                                                        \
    X(rule)                                                                                        \
    X(samples)                                                                                     \
    X(sampling)                                                                                    \
    X(seed)                                                                                        \
    X(sigma_ii)                                                                                    \
    X(sigma_ti)                                                                                    \
    X(sizes)                                                                                       \
    X(sparse)                                                                                      \
    X(starts)                                                                                      \
    X(steps)                                                                                       \
    X(sweep)                                                                                       \
    X(targets)                                                                                     \
    X(teacher)                                                                                     \
    X(threads)                                                                                     \
    X(to)                                                                                          \
    X(trials)                                                                                      \
    X(tsv)                                                                                         \
    X(unknown)                                                                                     \
    X(update_bits)                                                                                 \
    X(values)                                                                                      \
    X(verbose)                                                                                     \
    X(view)                                                                                        \
    X(weight_norm)                                                                                 \
    X(weights)                                                                                     \
    X(window)                                                                                      \
    X(within)

#define X(name) OPTION_##name,
enum option_word { OPTIONS(X) OPTION_COUNT };
#undef X

enum { OPTIONS_WORDS_MAX = 256, WINDOW_SIDES = 4, WINDOW_SIDES_MOST = 6, GRID_SIDES_MOST = 3 };

/* What a list says: its numbers, or how to make them once the shape is known. */
enum option_form {
    OPTION_FORM_NUMBERS,  /* 1,2,3 or @FILE */
    OPTION_FORM_DIAGONAL, /* diag:1,2,3 */
    OPTION_FORM_IDENTITY, /* identity, rectangular where the matrix is */
    OPTION_FORM_RANDOM,   /* random:SEED or random:SEED:SCALE */
    OPTION_FORM_ZERO      /* zero */
};

struct option_list {
    enum option_form form;
    size_t count;  /* 0 for forms that give no numbers */
    double *value; /* [count] */
    uint64_t seed; /* of a random list */
    double scale;  /* its standard deviation; 0: the option's default */
};

struct options {
    const struct command *command;
    int argc; /* as the program was called, for the manifest */
    char *const *argv;
    const char *word[OPTIONS_WORDS_MAX]; /* arguments that are not options */
    size_t words;
    const char *text[OPTION_COUNT]; /* as typed; NULL: not given; "" for --json and the like */

    double alpha, beta, budget, gaussian, mirror, rtol, atol, horizon, radius, recheck;
    double channel_dropout, drop, momentum, sparse, weight_norm;
    uint64_t seed, degree, depth, digits, evaluations, threads, trials, sweep, starts, steps,
        samples, downsample, principal;
    uint64_t batch, bits, epochs, noise_pretraining, update_bits;
    uint64_t port, offline_values;
    struct option_list c, eta, init, inputs, lambda, mu, q, rates, sigma_ii, sigma_ti, targets,
        weights;
    size_t size_count, sizes[PROBLEM_SIZES_MAX];
    double from, to;                  /* of the parameter that a sweep varies */
    double interval[2];               /* of a1: where fixed points are searched for */
    double window[WINDOW_SIDES_MOST]; /* x0, x1, y0, y1, z0, z1: on a line, in a plane, in space */
    size_t window_sides;
    uint64_t grid[GRID_SIDES_MOST]; /* W, H, D */
    size_t grid_sides;
    uint64_t random; /* how many random starts */
    uint64_t probe;  /* random starts at each distance */
    uint64_t refine; /* halvings of cells at boundaries */
    uint64_t levels; /* halvings of the window, of cells that are proved */
    enum method method;
};

/* Parses everything after the name of the command: argv[2..argc-1]. */
enum status options_parse(int argc, char *const *argv, const struct command *command,
                          struct options *options) MUST_CHECK;

void options_free(struct options *options);

bool options_given(const struct options *options, enum option_word option);

/* Is it one of the command's? */
bool options_are_taken(const struct command *command, enum option_word option);

/* The plan of the referee: defaults, changed by what was given. */
struct plan options_plan(const struct options *options);

/* The option's name without dashes, as in the table. */
const char *options_name(enum option_word option);

const char *options_method_name(enum method method);  /* "bdf", ... */
const char *options_method_title(enum method method); /* "CVODE BDF", ... */

/* A list as the command line has it: numbers, @FILE (numbers separated by blanks, commas or line
 * ends), or one of the words of `forms` (diag, identity, random, zero; separated by blanks).  At
 * most `most` numbers.  The list is the caller's to free; untouched on failure. */
enum status options_list_read(const char *text, const char *forms, size_t most,
                              struct option_list *list) MUST_CHECK;

/* An option as a command's --help has it. */
struct option_text {
    const char *name, *metavar, *help; /* metavar NULL: it takes no value */
};

/* False if the command does not take it. */
bool options_describe(const struct command *command, enum option_word option,
                      struct option_text *text);

/* The lines of --help for the options that a command takes. */
enum status options_help(const struct command *command, FILE *file) MUST_CHECK;

#endif
