/* What becomes of a figure. */
#include "cli/drawing.h"

#include "plots/figure.h"

#include <stdio.h>

enum status drawing_finish(struct manifest *manifest, const char *name, enum status drawn)
{
    if (drawn != OK && drawn != NO_PROGRAM)
        return drawn;
    if (drawn == NO_PROGRAM && manifest_undrawn(manifest))
        fprintf(stderr, "settle: %s; tables and scripts are in %s\n", status_message(),
                manifest_directory(manifest));
    char file[FIGURE_FORMATS + 1][FIGURE_NAME_MAX];
    figure_files(name, file);
    size_t count = drawn == OK ? FIGURE_FORMATS + 1 : 1; /* an old picture is not this figure */
    for (size_t k = 0; k < count; k++)
        manifest_output(manifest, file[k]);
    return OK;
}
