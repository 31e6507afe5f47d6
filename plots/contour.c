/* The curves value(x, y) = 0 in a window, by marching squares (Lorensen and Cline 1987, in the
 * plane).
 *
 * Every edge of the grid whose ends differ in sign carries one point.  A cell joins its crossed
 * edges in pairs, so that each crossed edge has at most two neighbours, one per cell beside it; the
 * curves are the paths of this graph.  Paths that begin at the window's border are walked first,
 * what remains are closed curves.  Joining matters: dashes drawn on loose segments do not show.
 * Rejected: gnuplot's own contours, which cannot be split where the stability changes. */
#include "plots/contour.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

enum { BISECTIONS = 48 }; /* a cell's edge to double precision */

static const size_t NONE = SIZE_MAX;

/* Edges: horizontal ones (i, j)-(i+1, j) first, then vertical ones (i, j)-(i, j+1). */
struct grid {
    const struct contour_plan *plan;
    size_t across, up; /* nodes */
    size_t edges;      /* 2 * across * up; some on the border do not exist and are never crossed */
    double *value;     /* [across * up] */
    size_t (*neighbour)[2]; /* [edges]; NONE where there is none */
    bool *crossed, *walked; /* [edges] */
    size_t crossings;
};

static double node_x(const struct grid *grid, size_t i)
{
    const double *w = grid->plan->window;
    return w[0] + (w[1] - w[0]) * (double)i / (double)grid->plan->width;
}

static double node_y(const struct grid *grid, size_t j)
{
    const double *w = grid->plan->window;
    return w[2] + (w[3] - w[2]) * (double)j / (double)grid->plan->height;
}

static bool is_above(const struct grid *grid, size_t i, size_t j)
{
    return grid->value[j * grid->across + i] >= 0;
}

static size_t edge_right(const struct grid *grid, size_t i, size_t j)
{
    return j * grid->across + i;
}

static size_t edge_up(const struct grid *grid, size_t i, size_t j)
{
    return grid->across * grid->up + j * grid->across + i;
}

static void values_take(struct grid *grid)
{
    const struct contour_plan *plan = grid->plan;
    for (size_t j = 0; j < grid->up; j++)
        for (size_t i = 0; i < grid->across; i++)
            grid->value[j * grid->across + i] =
                plan->value(plan->context, node_x(grid, i), node_y(grid, j));
}

static void edges_join(struct grid *grid, size_t p, size_t q)
{
    grid->neighbour[p][grid->neighbour[p][0] == NONE ? 0 : 1] = q;
    grid->neighbour[q][grid->neighbour[q][0] == NONE ? 0 : 1] = p;
}

/* Joins the crossed edges of the cell whose lower left node is (i, j). */
static void cell_join(struct grid *grid, size_t i, size_t j)
{
    const size_t around[4] = {edge_right(grid, i, j), edge_up(grid, i + 1, j),
                              edge_right(grid, i, j + 1), edge_up(grid, i, j)};
    const bool above[4] = {is_above(grid, i, j), is_above(grid, i + 1, j),
                           is_above(grid, i + 1, j + 1), is_above(grid, i, j + 1)};
    size_t crossed[4] = {0}, count = 0;
    for (size_t k = 0; k < 4; k++)
        if (above[k] != above[(k + 1) % 4])
            crossed[count++] = around[k];
    for (size_t k = 0; k < count; k++)
        grid->crossed[crossed[k]] = true;
    if (count == 2)
        edges_join(grid, crossed[0], crossed[1]);
    if (count < 4)
        return;
    const struct contour_plan *plan = grid->plan;
    double x = (node_x(grid, i) + node_x(grid, i + 1)) / 2;
    double y = (node_y(grid, j) + node_y(grid, j + 1)) / 2;
    /* the corner (i, j) is cut off iff the centre is on the other side */
    bool cut = (plan->value(plan->context, x, y) >= 0) != above[0];
    edges_join(grid, crossed[0], crossed[cut ? 3 : 1]);
    edges_join(grid, crossed[2], crossed[cut ? 1 : 3]);
}

static void cells_join(struct grid *grid)
{
    for (size_t k = 0; k < grid->edges; k++)
        grid->neighbour[k][0] = grid->neighbour[k][1] = NONE;
    for (size_t j = 0; j + 1 < grid->up; j++)
        for (size_t i = 0; i + 1 < grid->across; i++)
            cell_join(grid, i, j);
    for (size_t k = 0; k < grid->edges; k++)
        grid->crossings += grid->crossed[k];
}

/* The point of the curve on an edge: bisection between its ends. */
static void edge_point(const struct grid *grid, size_t edge, double *x, double *y)
{
    size_t nodes = grid->across * grid->up, at = edge % nodes;
    size_t i = at % grid->across, j = at / grid->across;
    bool right = edge < nodes, above = is_above(grid, i, j);
    double x0 = node_x(grid, i), y0 = node_y(grid, j), low = 0, high = 1;
    double dx = right ? node_x(grid, i + 1) - x0 : 0, dy = right ? 0 : node_y(grid, j + 1) - y0;
    for (int k = 0; k < BISECTIONS; k++) {
        double middle = (low + high) / 2;
        double value = grid->plan->value(grid->plan->context, x0 + middle * dx, y0 + middle * dy);
        if ((value >= 0) == above)
            low = middle;
        else
            high = middle;
    }
    *x = x0 + (low + high) / 2 * dx;
    *y = y0 + (low + high) / 2 * dy;
}

static void point_append(struct contour *contour, const struct grid *grid, size_t edge)
{
    edge_point(grid, edge, &contour->x[contour->points], &contour->y[contour->points]);
    contour->points++;
}

/* Walks from an edge along its neighbours until the path ends or closes. */
static void curve_walk(struct contour *contour, struct grid *grid, size_t first)
{
    contour->start[contour->curves++] = contour->points;
    size_t edge = first, next = first;
    while (next != NONE) {
        edge = next;
        grid->walked[edge] = true;
        point_append(contour, grid, edge);
        next = NONE;
        for (size_t side = 0; side < 2; side++) {
            size_t neighbour = grid->neighbour[edge][side];
            if (neighbour != NONE && !grid->walked[neighbour])
                next = neighbour;
        }
    }
    bool closed = edge != first &&
                  (grid->neighbour[edge][0] == first || grid->neighbour[edge][1] == first) &&
                  grid->neighbour[first][1] != NONE;
    if (closed)
        point_append(contour, grid, first);
    contour->start[contour->curves] = contour->points;
}

static void curves_walk(struct contour *contour, struct grid *grid)
{
    for (size_t k = 0; k < grid->edges; k++)
        if (grid->crossed[k] && !grid->walked[k] && grid->neighbour[k][1] == NONE)
            curve_walk(contour, grid, k);
    for (size_t k = 0; k < grid->edges; k++)
        if (grid->crossed[k] && !grid->walked[k])
            curve_walk(contour, grid, k);
}

/* Room for every crossing, and for the repeated first point of every closed curve. */
static struct contour *contour_create(size_t crossings)
{
    struct contour *contour = calloc(1, sizeof *contour);
    if (!contour)
        return NULL;
    contour->start = calloc(crossings + 1, sizeof *contour->start);
    contour->x = calloc(2 * crossings + 1, sizeof *contour->x);
    contour->y = calloc(2 * crossings + 1, sizeof *contour->y);
    if (contour->start && contour->x && contour->y)
        return contour;
    contour_free(contour);
    return NULL;
}

static enum status grid_trace(struct grid *grid, struct contour **contour)
{
    values_take(grid);
    cells_join(grid);
    struct contour *made = contour_create(grid->crossings);
    if (!made)
        return status_fail(NO_MEMORY, "no memory for a curve of %zu points", grid->crossings);
    curves_walk(made, grid);
    *contour = made;
    return OK;
}

enum status contour_trace(const struct contour_plan *plan, struct contour **contour)
{
    struct grid grid = {.plan = plan, .across = plan->width + 1, .up = plan->height + 1};
    grid.edges = 2 * grid.across * grid.up;
    grid.value = calloc(grid.across * grid.up, sizeof *grid.value);
    grid.neighbour = calloc(grid.edges, sizeof *grid.neighbour);
    grid.crossed = calloc(grid.edges, sizeof *grid.crossed);
    grid.walked = calloc(grid.edges, sizeof *grid.walked);
    enum status status;
    if (grid.value && grid.neighbour && grid.crossed && grid.walked)
        status = grid_trace(&grid, contour);
    else
        status = status_fail(NO_MEMORY, "no memory for a grid of %zu by %zu cells", plan->width,
                             plan->height);
    free(grid.value);
    free(grid.neighbour);
    free(grid.crossed);
    free(grid.walked);
    return status;
}

void contour_free(struct contour *contour)
{
    if (!contour)
        return;
    free(contour->start);
    free(contour->x);
    free(contour->y);
    free(contour);
}
