/* What the makers of a portrait's tables share.  Internal to the files plane_*.c.
 *
 * Shapes and errors: see plane.h. */
#ifndef CLI_PLANE_WORK_H
#define CLI_PLANE_WORK_H

#include "cli/plane.h"

#include "cli/orbit.h"
#include "cli/plane_sheet.h"
#include "plots/contour.h"

struct plane_work {
    const struct plane *plane;
    const struct plane_plan *plan;
    struct plane_view *view;
};

double plane_width(const struct plane *plane); /* of the window */
double plane_height(const struct plane *plane);
bool plane_contains(const struct plane *plane, double x, double y);

bool plane_mark(struct plane_view *view, double x, double y, enum portrait_mark mark);
bool plane_is_marked(const struct plane_work *work, double x, double y);

/* Looks for limit cycles round the marked points, and keeps them for the summary. */
enum status plane_cycles_find(const struct plane_work *work) MUST_CHECK;

void plane_point_write(struct plane_sheet *sheet, double x, double y);

int plane_by_value(const void *a, const void *b); /* qsort: doubles, increasing */

/* A function on the plane whose zeros are drawn. */
struct plane_level {
    const struct plane *plane;
    double (*of)(const struct plane_level *level, const double *state);
    size_t claim, component;
    double value;    /* the level */
    double *scratch; /* of `of`, if it needs some */
};

double plane_level_at(const struct plane_level *level, double x, double y);
enum status plane_level_trace(const struct plane_level *level, struct contour **contour) MUST_CHECK;

/* The curves of one level into a sheet that is there, or into one of their own. */
enum status plane_level_write(const struct plane_level *level, struct plane_sheet *sheet,
                              bool *any) MUST_CHECK;
enum status plane_level_sheet(const struct plane_work *work, const char *name,
                              const struct plane_level *level, bool *any) MUST_CHECK;

/* Trajectories being written. */
struct plane_tracks {
    const struct plane_work *work;
    struct plane_sheet *points, *heads, *limits;
};

/* Opens the sheets FIGURE-trajectories.tsv, -heads.tsv and -limits.tsv and lets make() fill them. */
typedef enum status plane_tracks_maker(void *context, const struct plane_tracks *tracks);
enum status plane_tracks_sheets(const struct plane_work *work, plane_tracks_maker *make,
                                void *context) MUST_CHECK;

/* The visible part of an orbit in the unknowns of the plane, its arrowhead, and its limit (NULL:
 * none), which is drawn where trajectories are projections or the figure wants limits. */
void plane_tracks_orbit(const struct plane_tracks *tracks, const struct orbit *orbit,
                        const double *limit);

/* The states of an orbit, thinned to what can be seen, into tracks->points. */
void plane_tracks_path(const struct plane_tracks *tracks, const struct orbit *orbit);

/* The sheets, one maker each. */
enum status plane_field_sheet(const struct plane_work *work) MUST_CHECK;
enum status plane_fixed_sheet(const struct plane_work *work) MUST_CHECK;
enum status plane_nullclines_sheet(const struct plane_work *work) MUST_CHECK;

/* Fixed points of the whole flow: into sheets of their own, or into those where the curve e = 0 of
 * a chain stands already. */
enum status plane_sets_sheet(const struct plane_work *work) MUST_CHECK;
enum status plane_sets_write(const struct plane_work *work, struct plane_sheet *attracting,
                             struct plane_sheet *repelling) MUST_CHECK;
void plane_isolated_mark(const struct plane_work *work);
enum status plane_invariant_sheet(const struct plane_work *work) MUST_CHECK;
enum status plane_sliding_sheet(const struct plane_work *work) MUST_CHECK;
enum status plane_leaves_sheet(const struct plane_work *work) MUST_CHECK;
enum status plane_tracks_sheet(const struct plane_work *work) MUST_CHECK;

#endif
