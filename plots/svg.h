/* A vector figure made fit to stand inside a page: SVG of which every element and attribute is known.
 *
 * Scripts, styles, links, frames and anything else that could act, load or break out of the figure
 * are not on the list, and a figure that has them is refused as a whole.  Ids get a prefix, so that
 * two figures do not meet.  Titles and descriptions are left out; what can be read in the figure is
 * collected as its description.
 *
 * Memory: freed by svg_free().  Errors: BAD_DATA with what is not understood; NO_MEMORY. */
#ifndef PLOTS_SVG_H
#define PLOTS_SVG_H

#include "base/status.h"

#include <stddef.h>

enum { SVG_WORDS_MAX = 800, SVG_SIZE_MAX = 64 };

struct svg {
    char *body;                                                        /* of the element svg */
    char width[SVG_SIZE_MAX], height[SVG_SIZE_MAX], box[SVG_SIZE_MAX]; /* its attributes */
    char words[SVG_WORDS_MAX]; /* what is written in it: texts of two words and more */
};

enum status svg_read(const char *text, const char *prefix, struct svg *svg) MUST_CHECK;
void svg_free(struct svg *svg);

#endif
