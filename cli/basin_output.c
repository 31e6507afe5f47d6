/* The HDF5 file and the figures of a map, with what was computed as their attributes and captions.
 *
 * Neither knows of the options: with the same cells they have the same bytes, whether these were
 * computed at once or after interruptions, by one thread or by many. */
#include "cli/basin_certified.h"
#include "cli/basin_finer.h"
#include "cli/basin_hdf5.h"
#include "cli/basin_histogram.h"
#include "cli/basin_picture.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char FILE_NAME[] = "basin.h5";

enum { TEXT_MAX = 512, SEED_TEXT = 24 };

static enum status hdf5_save(const struct basin_map *map, struct manifest *manifest,
                             const char *parameters)
{
    const struct problem *problem = &map->given.problem;
    char seed[SEED_TEXT];
    snprintf(seed, sizeof seed, "%" PRIu64, map->basin.grid.seed);
    const struct basin_hdf5_attribute attributes[] = {
        {.name = "system", .text = problem->system->name},
        {.name = "rule", .text = problem->rule ? problem->rule->name : ""},
        {.name = "equation", .text = problem->system->equation},
        {.name = "parameters", .text = parameters},
        {.name = "seed", .text = seed},
        {.name = "method", .text = options_method_title(map->plan.method)},
        {.name = "rtol", .number = map->plan.rtol},
        {.name = "atol", .number = map->plan.atol},
        {.name = "horizon", .number = map->plan.horizon}};
    const struct basin_hdf5 file = {.directory = manifest_directory(manifest),
                                    .name = FILE_NAME,
                                    .attributes = sizeof attributes / sizeof *attributes,
                                    .attribute = attributes,
                                    .more = map->finer ? basin_finer_hdf5 : NULL,
                                    .context = map->finer};
    TRY(basin_hdf5_save(&map->basin, &file));
    manifest_output(manifest, FILE_NAME);
    return OK;
}

/* Which cells these are: "60×60×20 cells by branch, layer 11: a3 = 0.1". */
static const char *cells_text(const struct basin_map *map, size_t size, char *text)
{
    const struct basin_grid *grid = &map->basin.grid;
    const size_t layer = grid->size[2] / 2;
    if (grid->axes == 0) {
        snprintf(text, size, "%zu random starts, standard deviation %g, seed %" PRIu64 "; %s",
                 grid->size[0], grid->scale, grid->seed, basin_measure_bounds(map));
        return text;
    }
    int length = snprintf(text, size, "%zu×%zu", grid->size[0], grid->size[1]);
    if (grid->axes == BASIN_AXES_MOST)
        length += snprintf(text + length, size - (size_t)length, "×%zu", grid->size[2]);
    length += snprintf(text + length, size - (size_t)length, " cells by %s", map->basin.colouring);
    if (grid->axes == BASIN_AXES_MOST)
        length += snprintf(text + length, size - (size_t)length,
                           "; layer %zu, %s = %.4g; shares of "
                           "the whole box",
                           layer + 1, map->name[grid->axis[2]], basin_grid_middle(grid, 2, layer));
    if (map->finer)
        length += snprintf(text + length, size - (size_t)length, "; halved %zu times at boundaries",
                           map->finer->depth);
    snprintf(text + length, size - (size_t)length, "; %s", basin_measure_bounds(map));
    return text;
}

/* How they were computed. */
static const char *numerics_text(const struct basin_map *map, size_t size, char *text)
{
    const size_t referee = map->tally.by_referee;
    if (map->predicts)
        snprintf(text, size, "exact predictions, no integration");
    else if (referee == 0)
        snprintf(text, size, "all cells settled in lanes");
    else
        snprintf(text, size, "%s%zu cell%s by %s, rtol %g, atol %g%s",
                 referee < map->tally.cells ? "" : "all ", referee, referee == 1 ? "" : "s",
                 options_method_title(map->plan.method), map->plan.rtol, map->plan.atol,
                 referee < map->tally.cells ? "; the others settled in lanes" : "");
    return text;
}

/* Those of the problem, and what does not vary. */
static void parameters_text(const struct basin_map *map, size_t size, char *text)
{
    char fixed[TEXT_MAX];
    problem_parameters(&map->given, size, text);
    basin_map_fixed(map, sizeof fixed, fixed);
    const size_t length = strlen(text);
    snprintf(text + length, size - length, "%s%s", length && fixed[0] ? "; " : "", fixed);
}

/* How it was proved, in two lines. */
static void proofs_text(const struct basin_map *map, char text[2][TEXT_MAX])
{
    const struct basin_tree *tree = map->certified->tree;
    snprintf(text[0], TEXT_MAX,
             "outside the grey every start is proved to end as coloured; shares of the area are "
             "proved bounds");
    snprintf(text[1], TEXT_MAX, "%zu cells down to 1/%u, outlines down to 1/64",
             tree->leaves - tree->undecided, 1u << tree->levels);
}

static enum status figures_save(const struct basin_map *map, struct manifest *manifest)
{
    char parameters[2 * TEXT_MAX], numerics[TEXT_MAX], cells[TEXT_MAX];
    char proofs[2][TEXT_MAX];
    parameters_text(map, sizeof parameters, parameters);
    const char *const caption[] = {parameters, cells_text(map, sizeof cells, cells),
                                   numerics_text(map, sizeof numerics, numerics)};
    const struct basin_histogram histogram = {.share = map->share,
                                              .caption = {caption[0], caption[1], caption[2]}};
    TRY(basin_histogram_save(&map->basin, &histogram, manifest));
    if (map->certified) {
        proofs_text(map, proofs);
        TRY(basin_certified_picture(map, (const char *const[]){parameters, proofs[0], proofs[1]},
                                    manifest));
    }
    return basin_picture_save(
        &map->basin,
        &(struct basin_picture){.share = map->share,
                                .finer = map->finer,
                                .layer = map->basin.grid.size[2] / 2,
                                .caption = {caption[0], caption[1], caption[2]}},
        manifest);
}

enum status basin_output_save(const struct basin_map *map, struct manifest *manifest)
{
    char *parameters = json_dumps(manifest_parameters(manifest), JSON_COMPACT | JSON_SORT_KEYS);
    if (!parameters)
        return status_fail(NO_MEMORY, "no memory for the parameters of %s", FILE_NAME);
    const enum status status = hdf5_save(map, manifest, parameters);
    free(parameters);
    TRY(status);
    return figures_save(map, manifest);
}
