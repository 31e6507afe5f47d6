/* Progress of long work, on stderr, only when it is a terminal and the caller wants it visible.
 *
 *     verify t4-converges   1200/4000  30 %  812/s  3 s left
 *
 * or, where the end is not known (total 0), a note and the time since the beginning.  At most ten
 * updates a second, two where nothing advances; cut to the width of the terminal; the line is erased
 * at the end.  Thread-safe: any thread may advance. */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

struct progress; /* opaque */

struct progress *progress_create(bool visible); /* NULL (harmless below) if out of memory */

/* For a launcher that hides the terminal, or has none: whole lines to whatever stderr is, after ten
 * seconds and then each time a tenth of the time has been added. */
struct progress *progress_create_log(bool visible);
void progress_begin(struct progress *progress, const char *what, size_t total);
void progress_advance(struct progress *progress, size_t count);
bool progress_is_visible(const struct progress *progress); /* is anybody looking? */

/* The columns of a terminal that does not say how many it has; before progress_begin(). */
void progress_columns(struct progress *progress, size_t columns);

/* A line for work whose end is not known: shown from the second update on. */
void progress_note(struct progress *progress, const char *text);
void progress_end(struct progress *progress); /* a second time it does nothing */
void progress_free(struct progress *progress);

/* Seconds on a clock that nobody sets. */
double progress_clock(void);

#endif
