/* The summary of a map, as text and as JSON.
 *
 * Fractions are of the cells of the map, and the bounds on them, with 95 % confidence for random
 * starts, those of ode/basin_statistics.h; of a refined map both are those of areas, (T7).  A line
 * says which of these they are. */
#include "cli/basin_certified.h"
#include "cli/basin_finer.h"

#include "cli/columns.h"
#include "cli/json.h"

#include <assert.h>
#include <math.h>

enum { CLASSES_SHOWN = 24, TEXT_LENGTH = 1024, NUMBER_LENGTH = 64 };
static const double PERCENT = 100;

static double share(const struct basin_map *map, size_t cells)
{
    return (double)cells / (double)map->tally.cells;
}

static double rate_of(const struct basin_map *map)
{
    return map->trajectories > 0 ? (double)map->trajectories / map->seconds : NAN;
}

/* ---- text ---- */

static void grid_lines(struct columns *columns, const struct basin_map *map)
{
    const struct basin_grid *grid = &map->basin.grid;
    char text[TEXT_LENGTH];
    columns_cell(columns, "system");
    columns_cell(columns, "%s", map->given.flow->title);
    if (problem_parameters(&map->given, sizeof text, text)[0]) {
        columns_cell(columns, "parameters");
        columns_cell(columns, "%s", text);
    }
    for (size_t d = 0; d < grid->axes; d++) {
        columns_cell(columns, "%s", map->name[grid->axis[d]]);
        columns_cell(columns, "%g to %g, %zu cells", grid->window[2 * d], grid->window[2 * d + 1],
                     grid->size[d]);
    }
    if (basin_map_fixed(map, sizeof text, text)[0]) {
        columns_cell(columns, "fixed");
        columns_cell(columns, "%s", text);
    }
    if (grid->axes == 0) {
        columns_cell(columns, "random starts");
        columns_cell(columns, "%zu, normal, standard deviation %g, seed %llu", grid->size[0],
                     grid->scale, (unsigned long long)grid->seed);
    }
}

static void ending_lines(struct columns *columns, const struct basin_map *map)
{
    for (int k = 0; k < ENDING_COUNT; k++)
        if (map->tally.endings[k] > 0) {
            columns_cell(columns, "%s", ending_name((enum ending)k));
            columns_cell(columns, "%zu cells, %.4g %%", map->tally.endings[k],
                         PERCENT * share(map, map->tally.endings[k]));
        }
}

/* What a share is one of. */
static const char *whole_of(const struct basin_map *map)
{
    static const char *const measures[] = {"", "length", "area", "volume"};
    static_assert(sizeof measures / sizeof *measures == BASIN_AXES_MOST + 1, "one for each map");
    return measures[map->basin.grid.axes];
}

/* "49.96 % of the area"; on a grid that is not refined the cells are the area. */
static void share_text(const struct basin_map *map, size_t k, size_t size, char *text)
{
    const struct basin_share *share = &map->share[k];
    int length = snprintf(text, size, "%.4g %%", PERCENT * share->fraction);
    if (!isnan(share->low))
        length += snprintf(text + length, size - (size_t)length, " (%.4g to %.4g)",
                           PERCENT * share->low, PERCENT * share->high);
    if (map->finer)
        length += snprintf(text + length, size - (size_t)length, " of the %s", whole_of(map));
    if (map->basin.class[k].ending == ENDING_SADDLE)
        snprintf(text + length, size - (size_t)length, ", starts on a set of measure 0");
}

/* Of a refined map cells are those of the grid, shares are not. */
static void class_lines(struct columns *columns, const struct basin_map *map)
{
    char text[TEXT_LENGTH];
    for (size_t k = 0; k < map->basin.classes && k < CLASSES_SHOWN; k++) {
        const struct basin_class *class = &map->basin.class[k];
        share_text(map, k, sizeof text, text);
        columns_cell(columns, "class %zu", k);
        if (map->finer)
            columns_cell(columns, "%s: %s; %zu cells of the grid", class->label, text,
                         class->cells);
        else
            columns_cell(columns, "%s: %zu cells, %s", class->label, class->cells, text);
    }
    if (map->basin.classes > CLASSES_SHOWN) {
        columns_cell(columns, "...");
        columns_cell(columns, "%zu classes", map->basin.classes);
    }
    columns_cell(columns, "(low to high)");
    columns_cell(columns, "%s", basin_measure_bounds(map));
}

static void refined_lines(struct columns *columns, const struct basin_map *map)
{
    if (!map->finer)
        return;
    columns_cell(columns, "refined");
    columns_cell(columns,
                 "%zu times at boundaries: %zu starts; the boundary is in %zu parts of cells, "
                 "%.3g %% of the %s",
                 (size_t)map->options->refine, map->finer->starts, map->finer->whole.pieces,
                 PERCENT * map->finer->whole.boundary, whole_of(map));
}

/* "0.55 +- 0.02"; of a few boxes, or boxes all alike, there is no error to tell, (T3). */
static const char *with_error(double value, double error, char text[NUMBER_LENGTH])
{
    if (isnan(error))
        snprintf(text, NUMBER_LENGTH, "%.4g (-: too few boxes for an error, or all alike)", value);
    else
        snprintf(text, NUMBER_LENGTH, "%.4g +- %.1g", value, error);
    return text;
}

/* From random starts, (T5). */
static void probe_lines(struct columns *columns, const struct basin_map *map)
{
    if (!options_given(map->options, OPTION_probe))
        return;
    columns_cell(columns, "random starts");
    if (isnan(map->probed.dimension))
        columns_cell(columns, "too few change their class for a dimension of the boundary");
    else
        columns_cell(columns, "dimension of the boundary %.4g +- %.1g, uncertainty exponent %.4g",
                     map->probed.dimension, map->probed.error, map->probed.exponent);
}

/* Both criteria are of ever finer grids, (T3), (T4). */
static void caution_line(struct columns *columns, const struct basin_map *map)
{
    const struct basin_exponent *line = &map->summary.exponent;
    const double smooth = (double)map->basin.grid.axes - 1;
    if (!(line->dimension - line->error > smooth) &&
        !basin_entropy_is_fractal(&map->summary.entropy))
        return;
    columns_cell(columns, "caution");
    columns_cell(columns,
                 "%zu distances; no proof of a fractal: smooth boundaries that touch have such "
                 "numbers, too, until cells are small enough; compare a finer grid",
                 line->scales);
}

static void boundary_lines(struct columns *columns, const struct basin_map *map)
{
    const struct basin_summary *summary = &map->summary;
    if (map->basin.grid.axes == 0)
        return;
    if (!isnan(summary->entropy.boundary)) {
        char of_all[NUMBER_LENGTH], of_boundary[NUMBER_LENGTH];
        columns_cell(columns, "basin entropy");
        columns_cell(
            columns, "%s nats; on the boundary %s",
            with_error(summary->entropy.entropy, summary->entropy.error, of_all),
            with_error(summary->entropy.boundary, summary->entropy.boundary_error, of_boundary));
    }
    columns_cell(columns, "boundary");
    if (isnan(summary->exponent.dimension))
        columns_cell(columns, "%zu cells, too few for a dimension", summary->boundary_cells);
    else
        columns_cell(columns, "%zu cells, dimension %.4g +- %.1g", summary->boundary_cells,
                     summary->exponent.dimension, summary->exponent.error);
    caution_line(columns, map);
}

static void work_lines(struct columns *columns, const struct basin_map *map)
{
    columns_cell(columns, "work");
    if (map->trajectories == 0)
        columns_cell(columns, "all cells were in the ledger; %zu decided by the referee",
                     map->tally.by_referee);
    else if (map->predicts)
        columns_cell(columns, "%zu predictions in %.3g s", map->trajectories, map->seconds);
    else
        columns_cell(
            columns,
            "%zu trajectories in %.3g s, %.4g a second; %zu cells decided by the referee%s",
            map->trajectories, map->seconds, rate_of(map), map->tally.by_referee,
            options_given(map->options, OPTION_resume) && map->trajectories >= map->tally.cells
                ? "; there was nothing to resume"
                : "");
    if (map->finer) {
        columns_cell(columns, "%s", "");
        columns_cell(columns, "%zu starts at boundaries in %.3g s", map->finer->starts,
                     map->finer_seconds);
    }
    if (options_given(map->options, OPTION_out)) {
        columns_cell(columns, "%s", "");
        columns_cell(columns, "tables and figures in %.3g s", map->files_seconds);
    }
    if (!map->checks)
        return;
    columns_cell(columns, "check");
    columns_cell(columns, "%zu cells as predicted, %zu not, %zu with nothing to compare",
                 map->agreement.agree, map->agreement.disagree, map->agreement.nothing);
}

/* What pictures leave out: a line has none, and of many values the first ones are drawn. */
static void pictures_line(struct columns *columns, const struct basin_map *map)
{
    const bool line = map->basin.grid.axes == 1;
    if (!options_given(map->options, OPTION_out) ||
        (!line && map->basin.values <= BASIN_FIGURES_MOST))
        return;
    columns_cell(columns, "figures");
    if (line)
        columns_cell(columns, "none of a line; tables and basin.h5 have its cells");
    else
        columns_cell(columns, "of the first %d of %zu values; tables and basin.h5 have all",
                     (int)BASIN_FIGURES_MOST, map->basin.values);
}

enum status basin_print(const struct basin_map *map, FILE *file)
{
    struct columns *columns = columns_create("ll");
    grid_lines(columns, map);
    columns_cell(columns, "cells");
    columns_cell(columns, "%zu%s", map->tally.cells,
                 map->predicts ? ", as predicted without integration" : "");
    ending_lines(columns, map);
    class_lines(columns, map);
    refined_lines(columns, map);
    boundary_lines(columns, map);
    probe_lines(columns, map);
    basin_certified_lines(map, columns);
    work_lines(columns, map);
    pictures_line(columns, map);
    const enum status status = columns_print(columns, file);
    columns_free(columns);
    return status;
}

/* ---- a part ---- */

static enum status part_print_json(const struct basin_map *map, const char *ledger, FILE *file)
{
    json_t *object = json_object();
    json_object_set_new(object, "system", json_text(map->given.problem.system->name));
    json_object_set_new(object, "part", json_integer((json_int_t)map->own_part.number + 1));
    json_object_set_new(object, "parts", json_integer((json_int_t)map->own_part.parts));
    json_object_set_new(object, "trajectories",
                        json_integer((json_int_t)(map->predicts ? 0 : map->trajectories)));
    json_object_set_new(object, "seconds", json_finite(map->seconds));
    json_object_set_new(object, "trajectories_per_second",
                        json_finite(map->predicts ? NAN : rate_of(map)));
    json_object_set_new(object, "files", json_pack("[s]", ledger));
    return json_print(object, file);
}

enum status basin_print_part(const struct basin_map *map, FILE *file)
{
    char name[BASIN_PART_NAME_MAX];
    const char *ledger = basin_part_file(&map->own_part, name);
    if (options_given(map->options, OPTION_json))
        return part_print_json(map, ledger, file);
    struct columns *columns = columns_create("ll");
    grid_lines(columns, map);
    columns_cell(columns, "part");
    columns_cell(columns, "%zu of %zu, in %s", map->own_part.number + 1, map->own_part.parts,
                 ledger);
    columns_cell(columns, "work");
    columns_cell(columns, "%zu cells in %.3g s", map->trajectories, map->seconds);
    const enum status status = columns_print(columns, file);
    columns_free(columns);
    return status;
}

/* ---- JSON ---- */

static json_t *endings_json(const struct basin_map *map)
{
    json_t *object = json_object();
    for (int k = 0; k < ENDING_COUNT; k++)
        json_object_set_new(object, ending_name((enum ending)k),
                            json_integer((json_int_t)map->tally.endings[k]));
    return object;
}

static json_t *classes_json(const struct basin_map *map)
{
    json_t *array = json_array();
    for (size_t k = 0; k < map->basin.classes; k++) {
        const struct basin_class *class = &map->basin.class[k];
        const struct basin_share *bounds = &map->share[k];
        json_t *object = json_object();
        json_object_set_new(object, "label", json_text(class->label));
        json_object_set_new(object, "ending", json_string(ending_name(class->ending)));
        json_object_set_new(object, "cells", json_integer((json_int_t) class->cells));
        json_object_set_new(object, "fraction", json_finite(bounds->fraction));
        json_object_set_new(object, "low", json_finite(bounds->low));
        json_object_set_new(object, "high", json_finite(bounds->high));
        json_array_append_new(array, object);
    }
    return array;
}

/* Entropies in nats; the dimension that of the boundary between decided cells. */
static json_t *boundary_json(const struct basin_map *map)
{
    const struct basin_summary *summary = &map->summary;
    if (map->basin.grid.axes == 0)
        return json_null(); /* random starts have no neighbours */
    json_t *object = json_object();
    json_object_set_new(object, "cells", json_integer((json_int_t)summary->boundary_cells));
    json_object_set_new(object, "entropy", json_finite(summary->entropy.entropy));
    json_object_set_new(object, "entropy_error", json_finite(summary->entropy.error));
    json_object_set_new(object, "boundary_entropy", json_finite(summary->entropy.boundary));
    json_object_set_new(object, "boundary_entropy_error",
                        json_finite(summary->entropy.boundary_error));
    json_object_set_new(object, "exponent", json_finite(summary->exponent.exponent));
    json_object_set_new(object, "dimension", json_finite(summary->exponent.dimension));
    json_object_set_new(object, "dimension_error", json_finite(summary->exponent.error));
    return object;
}

static json_t *refined_json(const struct basin_map *map)
{
    const struct basin_finer *finer = map->finer;
    if (!finer)
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "depth", json_integer((json_int_t)map->options->refine));
    json_object_set_new(object, "starts", json_integer((json_int_t)finer->starts));
    json_object_set_new(object, "cells", json_integer((json_int_t)finer->leaves));
    json_object_set_new(object, "boundary_cells", json_integer((json_int_t)finer->whole.pieces));
    json_object_set_new(object, "boundary", json_finite(finer->whole.boundary));
    json_object_set_new(object, "undecided", json_finite(finer->whole.undecided));
    return object;
}

static json_t *probe_json(const struct basin_map *map)
{
    if (!options_given(map->options, OPTION_probe))
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "starts", json_integer((json_int_t)map->options->probe));
    json_object_set_new(object, "scales", json_integer((json_int_t)map->probed.scales));
    json_object_set_new(object, "exponent", json_finite(map->probed.exponent));
    json_object_set_new(object, "dimension", json_finite(map->probed.dimension));
    json_object_set_new(object, "dimension_error", json_finite(map->probed.error));
    json_object_set_new(object, "dimension_with_undecided",
                        json_finite(map->probed_with_all.dimension));
    json_object_set_new(object, "dimension_with_undecided_error",
                        json_finite(map->probed_with_all.error));
    return object;
}

static json_t *check_json(const struct basin_map *map)
{
    if (!map->checks)
        return json_null();
    return json_pack("{s:I,s:I,s:I,s:I}", "compared", (json_int_t)map->agreement.compared, "agree",
                     (json_int_t)map->agreement.agree, "disagree",
                     (json_int_t)map->agreement.disagree, "nothing_to_compare",
                     (json_int_t)map->agreement.nothing);
}

enum status basin_print_json(const struct basin_map *map, const struct manifest *manifest,
                             FILE *file)
{
    json_t *object = json_object();
    json_object_set_new(object, "system", json_text(map->given.problem.system->name));
    json_object_set_new(object, "cells", json_integer((json_int_t)map->tally.cells));
    json_object_set_new(object, "trajectories",
                        json_integer((json_int_t)(map->predicts ? 0 : map->tally.cells)));
    json_object_set_new(object, "seconds", json_finite(map->seconds));
    json_object_set_new(object, "trajectories_per_second",
                        json_finite(map->predicts ? NAN : rate_of(map)));
    json_object_set_new(object, "by_referee", json_integer((json_int_t)map->tally.by_referee));
    json_object_set_new(object, "endings", endings_json(map));
    json_object_set_new(object, "colouring", json_string(map->basin.colouring));
    json_object_set_new(object, "classes", classes_json(map));
    json_object_set_new(object, "undecided_fraction", json_finite(basin_measure_undecided(map)));
    json_object_set_new(object, "boundary", boundary_json(map));
    json_object_set_new(object, "refined", refined_json(map));
    json_object_set_new(object, "probe", probe_json(map));
    json_object_set_new(object, "check", check_json(map));
    json_object_set_new(object, "certified", basin_certified_json(map));
    json_object_set_new(object, "files", manifest ? manifest_files(manifest) : json_array());
    return json_print(object, file);
}
