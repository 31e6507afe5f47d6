/* The tree of proved cells, and every start of the numerical map beside it.
 *
 * Numbers are those of the command line, as rationals; the starts of the map are doubles, and lie in
 * the closed cells that contain them exactly.  A start in a proved cell has to end as is proved, in
 * the class that the map calls by the same name; what the map has left undecided contradicts
 * nothing, (EX25). */
#include "cli/basin_certified.h"

#include "base/progress.h"
#include "base/table.h"
#include "cli/exact_from_options.h"
#include "cli/interrupt.h"
#include "exact/rational.h"
#include "exact/tube.h"
#include "nonlinear/activation.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

enum { CORNERS = 4, NAME_ROOM = 40 };

static const char CONTRADICTIONS[] = "contradictions.tsv";

/* ---- what is asked ---- */

static enum status options_fit(const struct basin_map *map)
{
    const struct options *options = map->options;
    if (map->basin.grid.axes != 2)
        return status_fail(BAD_ARGUMENT, "--certified proves cells of a plane: two unknowns vary");
    if (options_given(options, OPTION_part))
        return status_fail(BAD_ARGUMENT, "--certified is for the whole map, not for a --part");
    if (map->colouring == BASIN_BY_BRANCH && strcmp(map->given.problem.system->name, "chain") == 0)
        return status_fail(BAD_ARGUMENT, "--certified does not count the roots of leaves; "
                                         "--class component, ending or minimum");
    return OK;
}

/* The unknowns, the window and the depth; the grid has them as doubles. */
static enum status window_take(const struct basin_map *map, struct basin_certified *certified)
{
    const struct options *options = map->options;
    size_t count = CORNERS;
    if (options_given(options, OPTION_window))
        return rational_read_list(options->text[OPTION_window], CORNERS, &certified->window,
                                  &count);
    certified->window = _fmpq_vec_init(CORNERS);
    arf_t exact;
    arf_init(exact);
    for (size_t k = 0; k < CORNERS; k++) {
        arf_set_d(exact, map->basin.grid.window[k]);
        arf_get_fmpq(certified->window + k, exact);
    }
    arf_clear(exact);
    return OK;
}

/* As fine as the grid. */
static unsigned levels_of(const struct basin_map *map)
{
    const size_t *size = map->basin.grid.size, longer = size[0] > size[1] ? size[0] : size[1];
    unsigned levels = 0;
    if (options_given(map->options, OPTION_levels))
        return (unsigned)map->options->levels;
    while (levels < BASIN_TREE_LEVELS_MOST && (size_t)1 << levels < longer)
        levels++;
    return levels;
}

static enum status refuse(const char *why)
{
    return status_fail(BAD_ARGUMENT, "--certified: %s", why);
}

/* The first activation of the chain for whose cells there is no proof, or NULL. */
static const struct activation *activation_without(const struct problem *problem)
{
    for (size_t k = 0; k < problem->neuron_count; k++)
        if (strcmp(problem->neurons[k].activation->name, "identity") != 0 &&
            strcmp(problem->neurons[k].activation->name, "power") != 0)
            return problem->neurons[k].activation;
    return NULL;
}

/* Is there a proof for this system at all? */
static enum status system_fits(const struct basin_map *map, struct basin_certified *certified)
{
    const char *why = NULL;
    struct tube *tube = NULL;
    const struct activation *activation = activation_without(&map->given.problem);
    if (activation)
        return status_fail(BAD_ARGUMENT, "--certified: cells are not proved for %s",
                           activation->name);
    TRY(exact_from_options(map->options, &map->given, &certified->statement, &why));
    if (!certified->statement)
        return refuse(why);
    TRY(tube_create(certified->statement, map->basin.grid.axis, &tube, &why));
    tube_free(tube);
    return tube ? OK : refuse(why);
}

static enum status certified_fill(const struct basin_map *map, struct basin_certified *certified)
{
    TRY(options_fit(map));
    TRY(window_take(map, certified));
    certified->levels = levels_of(map);
    return system_fits(map, certified);
}

enum status basin_certified_open(const struct basin_map *map, struct basin_certified **out)
{
    *out = NULL;
    if (!options_given(map->options, OPTION_certified))
        return options_given(map->options, OPTION_levels)
                   ? status_fail(BAD_ARGUMENT, "--levels is for --certified")
                   : OK;
    struct basin_certified *certified = calloc(1, sizeof *certified);
    if (!certified)
        return status_fail(NO_MEMORY, "a certified map");
    const enum status status = certified_fill(map, certified);
    if (status == OK)
        *out = certified;
    else
        basin_certified_free(certified);
    return status;
}

void basin_certified_free(struct basin_certified *certified)
{
    if (!certified)
        return;
    statement_free(certified->statement);
    if (certified->window)
        _fmpq_vec_clear(certified->window, CORNERS);
    basin_tree_free(certified->tree);
    for (size_t k = 0; k < certified->classes; k++) {
        fmpq_clear(&certified->class[k].low);
        fmpq_clear(&certified->class[k].high);
    }
    free(certified->class);
    free(certified->of_tree);
    free(certified->column);
    free(certified->row);
    free(certified);
}

/* ---- classes by the names of the map ---- */

/* "a1 > 0, a2 < 0", as ode/basin_classes.c has it */
static void signs_label(const struct basin_map *map, const struct basin_tree_class *class,
                        size_t signs, char label[BASIN_LABEL_MAX])
{
    size_t length = 0;
    for (size_t i = 0; i < signs; i++) {
        if (length + UNKNOWN_NAME_MAX + NAME_ROOM >= BASIN_LABEL_MAX) {
            snprintf(label + length, BASIN_LABEL_MAX - length, ", ...");
            return;
        }
        length += (size_t)snprintf(label + length, BASIN_LABEL_MAX - length, "%s%s %s 0",
                                   length ? ", " : "", map->name[i],
                                   class->positive >> i & 1   ? ">"
                                   : class->negative >> i & 1 ? "<"
                                                              : "=");
    }
}

/* At a zero of a scalar error the loss is least; the limit of an autoencoder is its best one of
 * rank one. */
static void label_of(const struct basin_map *map, const struct basin_tree_class *class,
                     char label[BASIN_LABEL_MAX])
{
    const size_t signs = map->certified->tree->signs;
    label[0] = '\0';
    if (class->ending != ENDING_SETTLED || map->colouring == BASIN_BY_ENDING)
        snprintf(label, BASIN_LABEL_MAX, "%s", ending_name(class->ending));
    else if (map->colouring == BASIN_BY_MINIMUM || signs == 0)
        snprintf(label, BASIN_LABEL_MAX, "global minimum");
    else
        signs_label(map, class, signs, label);
}

static size_t class_number(const struct basin_certified *certified, const char *label)
{
    size_t k = 0;
    while (k < certified->classes && strcmp(certified->class[k].label, label) != 0)
        k++;
    return k;
}

const struct basin_certified_class *basin_certified_named(const struct basin_certified *certified,
                                                          const char *label)
{
    const size_t k = class_number(certified, label);
    return k < certified->classes ? &certified->class[k] : NULL;
}

static enum status classes_make(struct basin_map *map)
{
    struct basin_certified *certified = map->certified;
    const struct basin_tree *tree = certified->tree;
    certified->class = calloc(tree->classes + 1, sizeof *certified->class);
    certified->of_tree = calloc(tree->classes + 1, sizeof *certified->of_tree);
    if (!certified->class || !certified->of_tree)
        return status_fail(NO_MEMORY, "%zu classes of a certified map", tree->classes);
    for (size_t c = 0; c < tree->classes; c++) {
        char label[BASIN_LABEL_MAX];
        label_of(map, &tree->class[c], label);
        const size_t k = class_number(certified, label);
        struct basin_certified_class *class = &certified->class[k];
        if (k == certified->classes) {
            certified->classes++;
            memcpy(class->label, label, sizeof label);
            class->ending = tree->class[c].ending;
            fmpq_init(&class->low);
            fmpq_init(&class->high);
            basin_tree_undecided(tree, &class->high);
        }
        fmpq_add(&class->low, &class->low, &tree->class[c].area);
        fmpq_add(&class->high, &class->high, &tree->class[c].area);
        class->leaves += tree->class[c].leaves;
        certified->of_tree[c] = k;
    }
    return OK;
}

double basin_certified_number(const fmpq_t share)
{
    enum { BITS = 53 };
    arf_t value;
    arf_init(value);
    arf_set_fmpq(value, share, BITS, ARF_RND_NEAR);
    const double number = arf_get_d(value, ARF_RND_NEAR);
    arf_clear(value);
    return number;
}

/* ---- beside the map ---- */

static enum status places_make(const struct basin_map *map, struct basin_certified *certified)
{
    const struct basin_grid *grid = &map->basin.grid;
    certified->column = calloc(grid->size[0], sizeof *certified->column);
    certified->row = calloc(grid->size[1], sizeof *certified->row);
    if (!certified->column || !certified->row)
        return status_fail(NO_MEMORY, "%zu columns", grid->size[0]);
    for (size_t i = 0; i < grid->size[0]; i++)
        certified->column[i] =
            basin_tree_index_of_double(certified->tree, 0, basin_grid_middle(grid, 0, i));
    for (size_t j = 0; j < grid->size[1]; j++)
        certified->row[j] =
            basin_tree_index_of_double(certified->tree, 1, basin_grid_middle(grid, 1, j));
    return OK;
}

const struct basin_tree_leaf *basin_certified_leaf(const struct basin_certified *certified,
                                                   size_t i, size_t j)
{
    return basin_tree_find(certified->tree, certified->column[i], certified->row[j]);
}

static void contradiction_write(const struct basin_map *map, const struct basin_tile *cells,
                                size_t k, const struct basin_certified_class *proved,
                                struct table *table)
{
    const struct basin_grid *grid = &map->basin.grid;
    const size_t number = cells->first + k;
    table_number(table, (double)number);
    table_number(table, basin_grid_middle(grid, 0, number % grid->size[0]));
    table_number(table, basin_grid_middle(grid, 1, number / grid->size[0]));
    table_text(table, ending_name((enum ending)cells->ending[k]));
    table_text(table, map->basin.class[cells->class[k]].label);
    table_text(table, ending_name(proved->ending));
    table_text(table, proved->label);
    table_end_row(table);
}

static void cell_compare(const struct basin_map *map, const struct basin_tile *cells, size_t k,
                         struct table *table)
{
    struct basin_certified *certified = map->certified;
    const size_t number = cells->first + k, width = map->basin.grid.size[0];
    const enum ending ending = (enum ending)cells->ending[k];
    const struct basin_tree_leaf *leaf =
        basin_certified_leaf(certified, number % width, number / width);
    if (leaf->class == BASIN_TREE_UNDECIDED) {
        certified->open++;
        return;
    }
    if (ending == ENDING_HORIZON || ending == ENDING_FAILED) {
        certified->nothing++;
        return;
    }
    const struct basin_certified_class *proved = &certified->class[certified->of_tree[leaf->class]];
    if (ending == proved->ending &&
        strcmp(map->basin.class[cells->class[k]].label, proved->label) == 0) {
        certified->agree++;
        return;
    }
    certified->disagree++;
    if (table)
        contradiction_write(map, cells, k, proved, table);
}

static enum status tile_compare(struct basin_map *map, size_t tile, struct basin_tile *cells,
                                struct table *table)
{
    TRY(basin_read(&map->basin, tile, cells));
    for (size_t k = 0; k < cells->count; k++)
        cell_compare(map, cells, k, table);
    return OK;
}

static enum status tiles_compare(struct basin_map *map, struct table *table)
{
    struct basin_tile *cells = basin_tile_create(map->basin.values);
    enum status status = OK;
    if (!cells)
        return status_fail(NO_MEMORY, "a tile of cells");
    for (size_t tile = 0; status == OK && tile < basin_grid_tiles(&map->basin.grid); tile++)
        status = tile_compare(map, tile, cells, table);
    basin_tile_free(cells);
    return status;
}

static enum status cells_compare(struct basin_map *map, struct manifest *manifest)
{
    struct table *table = NULL;
    if (manifest)
        TRY(table_open(manifest_directory(manifest), CONTRADICTIONS,
                       "number x y ending class proved_ending proved_class", &table));
    const enum status status = tiles_compare(map, table);
    if (status != OK) {
        table_discard(table);
        return status;
    }
    TRY(table_close(table));
    if (manifest)
        manifest_output(manifest, CONTRADICTIONS);
    return OK;
}

static enum status tree_make(struct basin_map *map)
{
    struct basin_certified *certified = map->certified;
    const char *why = NULL;
    const struct basin_tree_question question = {
        .statement = certified->statement,
        .axis = {map->basin.grid.axis[0], map->basin.grid.axis[1]},
        .window = certified->window,
        .levels = certified->levels,
        .threads = map->options->threads > 0 ? (size_t)map->options->threads
                                             : (size_t)omp_get_max_threads(),
        .stop = interrupt_flag(),
        .progress = map->progress};
    const double begun = progress_clock();
    const enum status status = basin_tree_create(&question, &certified->tree, &why);
    map->interrupted = status == INTERRUPTED;
    if (map->interrupted)
        return OK;
    TRY(status);
    certified->seconds = progress_clock() - begun;
    return certified->tree ? OK : refuse(why);
}

enum status basin_certified_make(struct basin_map *map, struct manifest *manifest)
{
    if (!map->certified)
        return OK;
    TRY(tree_make(map));
    if (map->interrupted)
        return OK;
    TRY(classes_make(map));
    TRY(places_make(map, map->certified));
    return cells_compare(map, manifest);
}
