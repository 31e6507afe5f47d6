/* What a command may do on a terminal: a progress line, colours.
 *
 * Progress: on stderr where that is a terminal, unless --quiet is given or TERM is dumb.  Colours:
 * where the stream is a terminal, unless NO_COLOR (https://no-color.org) is set to anything but
 * nothing, or TERM is dumb or not set.  A colour repeats what a word says, and never stands for it.
 * Memory: progress_free().  Errors: none; out of memory there is no progress. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include "base/progress.h"
#include "cli/options.h"

#include <stdio.h>

enum terminal_paint { TERMINAL_PLAIN, TERMINAL_GOOD, TERMINAL_DOUBT, TERMINAL_BAD };

/* Is there to be a progress line? */
bool terminal_shows_progress(const struct options *options);
struct progress *terminal_progress(const struct options *options);
struct progress *terminal_progress_log(bool visible); /* progress_create_log() */

/* A line for one long step, with the time that it takes. */
struct progress *terminal_wait_begin(const struct options *options, const char *what);
void terminal_wait_end(struct progress *progress);

bool terminal_has_colours(FILE *file);

/* Of the first word of a verdict or finding: supported, proved, certified, holds; undecided; refuted
 * as recorded is a doubt that has been settled, and is painted like one. */
enum terminal_paint terminal_paint_of(const char *verdict);

/* ECMA-48: what is written before a word in that paint, and after it. */
const char *terminal_paint_begin(enum terminal_paint paint);
extern const char terminal_paint_end[];

/* Before a line that is not the progress line, where one is shown: to column 1, erase to the end. */
extern const char terminal_erase[];

#endif
