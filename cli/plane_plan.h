/* What the views of a plane share: the plan from the options, tables in the manifest, the summary.
 * Errors: none. */
#ifndef CLI_PLANE_PLAN_H
#define CLI_PLANE_PLAN_H

#include "cli/columns.h"
#include "cli/manifest.h"
#include "cli/plane.h"

/* By default the cells of the direction field are square on paper. */
struct plane_plan plane_plan_from(const struct options *options, const struct plane *plane);

const char *plane_plan_mark(enum portrait_mark mark); /* "attracting fixed point", ... */

/* The tables of a portrait, in a folder of the manifest's: "" or "1/". */
void plane_plan_outputs(struct manifest *manifest, const char *folder);

/* Marks and cycles in the picture, a line each. */
void plane_plan_print(struct columns *columns, const struct plane *plane,
                      const struct plane_view *view);

#endif
