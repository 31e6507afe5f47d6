/* The page of the explorer in one file: with answers for some values of one parameter, and for a
 * lattice of starts, in place of a server.
 *
 * Data: {"parameter":{...}|null, "values":[...], "starts":{"w","h","x":[...],"y":[...]},
 *        "frames":[{"model","portrait","basin","forward":[...],"backward":[...]}]}, a frame for each
 * value, its trajectories start after start, row by row from the bottom left.  Coordinates have
 * OFFLINE_DIGITS digits, limits and times all.
 * Errors: those of the answers; CANNOT_WRITE, NO_MEMORY, INTERRUPTED. */
#ifndef CLI_EXPLORE_OFFLINE_H
#define CLI_EXPLORE_OFFLINE_H

#include "cli/explore_answer.h"

enum status explore_offline_write(const struct options *options, const char *path) MUST_CHECK;

#endif
