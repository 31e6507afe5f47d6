/* What a request to the explorer speaks of: a problem, and a plane through its states.
 *
 * The request's options take the place of those with which the explorer was started, and both are
 * read as a command line is: by options_parse(), problem_from_options(), plane_from_options().
 * A flow of one unknown has a line in place of a plane: explore_line.h.
 * Bounds, so that no request takes the machine: EXPLORE_UNKNOWNS_MOST unknowns of a flow,
 * EXPLORE_WIDTH_MOST units of a layer, EXPLORE_DEPTH_MOST layers, EXPLORE_SIDE_MOST cells along a side.
 * Memory: explore_stated_free().  Errors: those of reading; BAD_ARGUMENT beyond the bounds. */
#ifndef CLI_EXPLORE_STATED_H
#define CLI_EXPLORE_STATED_H

#include "cli/explore_query.h"
#include "cli/plane.h"

#include <jansson.h>

enum {
    EXPLORE_UNKNOWNS_MOST = 128,
    EXPLORE_WIDTH_MOST = 64,
    EXPLORE_DEPTH_MOST = 32,
    EXPLORE_SIDE_MOST = 200,
    EXPLORE_SIDE_STANDARD = 60
};

struct explore_stated {
    int argc;
    char **argv;   /* as if typed */
    char *storage; /* of argv */
    struct options options;
    struct problem_given given;
    struct plane plane;
    size_t width, height; /* cells of a map of basins */
};

enum status explore_stated_make(const struct options *start, const struct explore_query *query,
                                struct explore_stated *stated) MUST_CHECK;
void explore_stated_free(struct explore_stated *stated);

/* "settle run chain --rule rbp ...": the options that the command takes, as a shell reads them, of
 * which `without` is left out (OPTION_COUNT: none).  NULL: out of memory; else freed by the caller. */
char *explore_stated_command(const struct explore_stated *stated, const struct command *command,
                             enum option_word without);

#endif
