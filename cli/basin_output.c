/* The HDF5 file and the figures of a map, with what was computed as their attributes and captions.
 *
 * Neither knows of the options: with the same cells they have the same bytes, whether these were
 * computed at once or after interruptions, by one thread or by many. */
#include "cli/basin_finer.h"
#include "cli/basin_hdf5.h"
#include "cli/basin_picture.h"
#include "cli/view.h"

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

static enum status figures_save(const struct basin_map *map, struct manifest *manifest)
{
    char parameters[TEXT_MAX], numerics[TEXT_MAX], cells[TEXT_MAX];
    const struct basin_grid *grid = &map->basin.grid;
    int length = snprintf(cells, sizeof cells, "%zu×%zu cells by %s", grid->size[0], grid->size[1],
                          map->basin.colouring);
    if (map->finer)
        snprintf(cells + length, sizeof cells - (size_t)length,
                 "; cells at boundaries halved %zu times, shares of areas",
                 (size_t)map->options->refine);
    return basin_picture_save(
        &map->basin,
        &(struct basin_picture){
            .share = map->share,
            .finer = map->finer,
            .caption = {problem_parameters(&map->given, sizeof parameters, parameters), cells,
                        map->predicts
                            ? "exact predictions, no integration"
                            : view_numerics(&map->plan, grid->seed, sizeof numerics, numerics)}},
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
