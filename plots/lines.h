/* Long texts broken into lines.
 *
 * Width is counted in UTF-8 characters; a caller knows how many fit.  Lines break at blanks, or
 * inside a word that is wider than a line; a text that does not fit into
 * LINES_EACH_MOST lines, or into what is left of LINES_MOST, ends in "...".
 * Memory: plain data.  Errors: none. */
#ifndef PLOTS_LINES_H
#define PLOTS_LINES_H

#include <stddef.h>

enum { LINES_MOST = 9, LINES_EACH_MOST = 3, LINES_LENGTH = 256 };

struct lines {
    size_t count;
    char line[LINES_MOST][LINES_LENGTH];
};

/* Appends the lines of `text`, NULL or empty: none. */
void lines_add(struct lines *lines, const char *text, size_t width);

/* Characters of a text. */
size_t lines_width(const char *text);

#endif
