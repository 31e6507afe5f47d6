/* A plane of two unknowns through the state space of a flow, and what is to be seen in it.
 *
 * The other unknowns stay at the start of the problem.  Curves are exact for the plane itself:
 * fixed points are those in the plane, while trajectories of flows with more unknowns leave it and
 * are projected.
 *
 * Shapes: window {x0, x1, y0, y1}; state[dim].
 * Memory: points into the problem; plane_free() frees the work space, plane_view_free() marks and tables.
 * Errors: as documented. */
#ifndef CLI_PLANE_H
#define CLI_PLANE_H

#include "cli/options.h"
#include "cli/plane_sheet.h"
#include "cli/problem_from_options.h"
#include "ode/cycle.h"
#include "plots/portrait.h"

struct plane {
    const struct problem_given *given;
    size_t axis[2]; /* the two unknowns */
    double window[WINDOW_SIDES];
    size_t cells; /* of contours, along each side */
    /* True: it takes too long, and what is found from now on is worth nothing.  NULL: never. */
    bool (*stop)(void *context, double t);
    void *context;
    double *work; /* rows of dim numbers, one for each user below that may be at work */
};

/* Who uses the work space; a user may call those before it. */
enum plane_row {
    PLANE_ROW_FIELD,
    PLANE_ROW_FIELD_AT,
    PLANE_ROW_LEVEL,
    PLANE_ROW_CALLER,
    PLANE_ROW_GRADIENT,
    PLANE_ROWS
};
double *plane_row(const struct plane *plane, enum plane_row row);

/* So that bends of a curve stay below a dot of the PNG. */
enum { PLANE_CELLS = 320 };

/* From --plane and --window, with PLANE_CELLS; BAD_ARGUMENT for a flow with one unknown, UNKNOWN_NAME, NO_MEMORY. */
enum status plane_from_options(const struct options *options, const struct problem_given *given,
                               struct plane *plane) MUST_CHECK;
void plane_free(struct plane *plane);

/* The whole state of the point (x, y) of the plane. */
void plane_state(const struct plane *plane, double x, double y, double *state);

/* Has this flow a curve of fixed points e = 0? */
bool plane_has_error(const struct plane *plane);

/* Are separatrices and limit cycles looked for: two unknowns, and no jumps? */
bool plane_has_curves(const struct plane *plane);

bool plane_is_late(const struct plane *plane);

/* The components of the field in the plane; false if they are not finite. */
bool plane_field(const struct plane *plane, double x, double y, double f[2]);

/* How the picture is to be made. */
struct plane_plan {
    size_t arrows_across, arrows_up;
    size_t starts;    /* trajectories from the border of the window */
    uint64_t seed;    /* shifts the starts along the border */
    bool from_init;   /* one more trajectory, from the start of the problem */
    struct plan plan; /* of the integrator */
};

enum { PLANE_CYCLES_MOST = 8 };

/* Cells along each side in which isolated fixed points are looked for. */
enum { PLANE_SEARCH_CELLS = 60 };

/* A focus, and how the last search for a cycle round it ended. */
struct plane_miss {
    double x, y;
    char reason[REASON_MAX];
};

/* What is to be seen: the tables of plots/portrait.h in memory, and the figure's description, without
 * texts. */
struct plane_view {
    struct plane_sheets sheets;
    struct portrait_figure figure;
    struct portrait_point *mark;           /* mark[figure.points] */
    const struct claim *leaf;              /* the first integral whose levels are drawn, or NULL */
    struct cycle cycle[PLANE_CYCLES_MOST]; /* limit cycles that are drawn */
    double inside[PLANE_CYCLES_MOST][2];   /* a state inside each, where a trajectory is shown */
    size_t cycles;
    struct plane_miss miss[PLANE_CYCLES_MOST]; /* foci round which none is found */
    size_t misses;
    size_t failed; /* trajectories whose integration failed */
    bool cycles_sought;
};

enum status plane_compute(const struct plane *plane, const struct plane_plan *plan,
                          struct plane_view *view) MUST_CHECK;

/* The same, and writes the tables into the directory. */
enum status plane_tables_save(const struct plane *plane, const struct plane_plan *plan,
                              const char *directory, struct plane_view *view) MUST_CHECK;
void plane_view_free(struct plane_view *view);

#endif
