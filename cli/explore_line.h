/* One unknown x: its phase line, with x' over x above it.
 *
 * The page has a plane in which the second axis is x', no unknown of the flow: plane->axis[1] is then
 * beyond the last one.  Everything else is as for a plane.
 * Errors: BAD_ARGUMENT, NO_MEMORY. */
#ifndef CLI_EXPLORE_LINE_H
#define CLI_EXPLORE_LINE_H

#include "cli/explore_answer.h"

bool explore_line_is(const struct problem_given *given);

/* From --window, of two numbers, or of four where the page has them all; freed by plane_free(). */
enum status explore_line_plane(const struct options *options, const struct problem_given *given,
                               struct plane *plane) MUST_CHECK;

/* Arrows on the line, fixed points with their stability, and the graph of x'. */
json_t *explore_line_portrait(const struct plane *plane);

#endif
