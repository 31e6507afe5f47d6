/* The map of basins for the page: the cells of `settle basin`, a second at a time.
 *
 * Cells are computed in spans by basin_cells_at(), which is what `settle basin` does with those at
 * boundaries; classes and their labels are found as there, from the cells that are known.  A span that
 * the clock has cut short is forgotten, since its trajectories are; only if not even the first few
 * cells of an answer are done in time, they count as undecided, so that no map is stuck. */
#include "cli/explore_line.h"

#include "base/number.h"
#include "base/progress.h"
#include "cli/basin.h"
#include "cli/json.h"
#include "plots/colour.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { MAPS_KEPT = 4, GRID_LENGTH = 32, SPAN_FIRST = 4, SPAN_GROWTH = 4 };
enum { CELL_UNDECIDED = -1, CELL_UNBOUNDED = -2, CELL_UNKNOWN = -3 }; /* as the page has them */

static const double SECONDS = 1;
static const double SPAN_SECONDS = 0.1;         /* what a late answer loses */
static const double QUANTILE[2] = {0.01, 0.99}; /* of the times between which shades differ */

/* ---- maps that are kept ---- */

struct kept {
    char *key; /* the command line; NULL: no map */
    size_t cells, reached, tiles;
    struct basin_record **tile; /* [tiles] */
    double used;                /* progress_clock() */
};

struct explore_maps {
    pthread_mutex_t lock;
    struct kept kept[MAPS_KEPT];
};

static void kept_clear(struct kept *kept)
{
    for (size_t k = 0; k < kept->tiles && kept->tile; k++)
        basin_record_free(kept->tile[k]);
    free(kept->tile);
    free(kept->key);
    *kept = (struct kept){.key = NULL};
}

struct explore_maps *explore_basin_maps(void)
{
    struct explore_maps *maps = calloc(1, sizeof *maps);
    if (maps)
        pthread_mutex_init(&maps->lock, NULL);
    return maps;
}

void explore_basin_free(struct explore_maps *maps)
{
    if (!maps)
        return;
    for (size_t k = 0; k < MAPS_KEPT; k++)
        kept_clear(&maps->kept[k]);
    pthread_mutex_destroy(&maps->lock);
    free(maps);
}

/* Takes the map with this key out of those that are kept; else *kept has no key. */
static void kept_take(struct explore_maps *maps, const char *key, struct kept *kept)
{
    *kept = (struct kept){.key = NULL};
    pthread_mutex_lock(&maps->lock);
    for (size_t k = 0; k < MAPS_KEPT && !kept->key; k++)
        if (maps->kept[k].key && strcmp(maps->kept[k].key, key) == 0) {
            *kept = maps->kept[k];
            maps->kept[k] = (struct kept){.key = NULL};
        }
    pthread_mutex_unlock(&maps->lock);
}

/* In the place of one with the same key, an empty one, or that which was not used for longest. */
static void kept_put(struct explore_maps *maps, struct kept *kept)
{
    size_t place = 0;
    kept->used = progress_clock();
    pthread_mutex_lock(&maps->lock);
    for (size_t k = 1; k < MAPS_KEPT; k++)
        if (maps->kept[k].used < maps->kept[place].used) /* 0: empty */
            place = k;
    for (size_t k = 0; k < MAPS_KEPT; k++)
        if (maps->kept[k].key && strcmp(maps->kept[k].key, kept->key) == 0)
            place = k;
    struct kept old = maps->kept[place];
    maps->kept[place] = *kept;
    pthread_mutex_unlock(&maps->lock);
    kept_clear(&old);
}

/* The words that the map depends on, one after the other. */
static char *key_make(const struct explore_stated *stated)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    if (!file)
        return NULL;
    for (int k = 0; k < stated->argc; k++)
        fprintf(file, "%s\n", stated->argv[k]);
    if (fclose(file) == 0)
        return text;
    free(text);
    return NULL;
}

static enum status kept_begin(const struct basin_map *map, char *key, struct kept *kept)
{
    *kept = (struct kept){.key = key, .cells = basin_grid_cells(&map->basin.grid)};
    kept->tiles = basin_grid_tiles(&map->basin.grid);
    /* an array of pointers; NOLINTNEXTLINE(bugprone-sizeof-expression) */
    kept->tile = calloc(kept->tiles, sizeof *kept->tile);
    for (size_t k = 0; kept->tile && k < kept->tiles; k++) {
        kept->tile[k] = basin_record_create(map->columns);
        if (!kept->tile[k])
            return status_fail(NO_MEMORY, "no memory for %zu cells", kept->cells);
        basin_record_lay(kept->tile[k], basin_tile_count(&map->basin.grid, k));
    }
    return kept->tile ? OK : status_fail(NO_MEMORY, "no memory for %zu cells", kept->cells);
}

/* ---- cells ---- */

static void points_fill(const struct basin_grid *grid, size_t first, size_t count, double *point)
{
    for (size_t k = 0; k < count; k++) {
        double *at = point + grid->axes * k;
        at[0] = basin_grid_middle(grid, 0, (first + k) % grid->size[0]);
        if (grid->axes > 1)
            at[1] = basin_grid_middle(grid, 1, (first + k) / grid->size[0]);
    }
}

/* Work of one answer. */
struct filling {
    struct basin_map *map;
    struct kept *kept;
    struct explore_clock *clock;
    double *point;               /* [2 * BASIN_TILE_CELLS] */
    struct basin_record *record; /* of a span */
    bool is_first;               /* span of this answer */
};

/* From the first cell that is not known, within its tile; *done: were they kept? */
static enum status span_fill(struct filling *filling, size_t span, bool *done)
{
    struct kept *kept = filling->kept;
    const size_t tile = kept->reached / BASIN_TILE_CELLS, at = kept->reached % BASIN_TILE_CELLS;
    const size_t room = kept->tile[tile]->count - at, count = span < room ? span : room;
    points_fill(&filling->map->basin.grid, kept->reached, count, filling->point);
    TRY(basin_cells_at(filling->map, count, filling->point, filling->record));
    *done = !explore_clock_is_over(filling->clock) ||
            (filling->is_first && explore_clock_is_late(filling->clock));
    filling->is_first = false;
    if (!*done)
        return OK;
    basin_record_copy(filling->record, 0, kept->tile[tile], at, count);
    kept->reached += count;
    return OK;
}

static enum status cells_fill(struct filling *filling)
{
    size_t span = SPAN_FIRST;
    bool done = true;
    while (done && filling->kept->reached < filling->kept->cells &&
           !explore_clock_is_over(filling->clock)) {
        const double begun = progress_clock();
        TRY(span_fill(filling, span, &done));
        const double seconds = progress_clock() - begun;
        if (SPAN_GROWTH * seconds < SPAN_SECONDS && span * SPAN_GROWTH <= BASIN_TILE_CELLS)
            span *= SPAN_GROWTH;
        else if (seconds > SPAN_SECONDS && span > SPAN_FIRST)
            span /= 2;
    }
    return OK;
}

static enum status kept_fill(struct basin_map *map, struct explore_clock *clock, struct kept *kept)
{
    struct filling filling = {.map = map, .kept = kept, .clock = clock, .is_first = true};
    filling.point = calloc(2 * BASIN_TILE_CELLS, sizeof *filling.point);
    filling.record = basin_record_create(map->columns);
    const enum status status = filling.point && filling.record
                                   ? cells_fill(&filling)
                                   : status_fail(NO_MEMORY, "no memory for the cells of a map");
    free(filling.point);
    basin_record_free(filling.record);
    return status;
}

/* ---- classes ---- */

/* The classes of the cells that are known; class[reached]. */
static enum status classes_pass(struct basin_map *map, const struct kept *kept, uint16_t *class)
{
    for (size_t k = 0; k * BASIN_TILE_CELLS < kept->reached; k++) {
        const size_t first = basin_tile_first(k), rest = kept->reached - first;
        const size_t count = rest < kept->tile[k]->count ? rest : kept->tile[k]->count;
        basin_record_lay(map->record, count);
        basin_record_copy(kept->tile[k], 0, map->record, 0, count);
        TRY(basin_map_classes(map, map->record, first, class + first));
    }
    return OK;
}

/* Twice, since numbers are given out anew when classes are sorted: basin_map_classify(). */
static enum status classes_find(struct basin_map *map, const struct kept *kept, uint16_t *class)
{
    map->record = basin_record_create(map->columns);
    if (!map->record)
        return status_fail(NO_MEMORY, "no memory for the cells of a map");
    TRY(classes_pass(map, kept, class));
    for (size_t k = 0; k < kept->reached; k++)
        basin_classes_list(map->classes)[class[k]].cells++;
    TRY(basin_classes_sort(map->classes));
    TRY(classes_pass(map, kept, class));
    basin_map_list(map);
    return OK;
}

/* ---- the answer ---- */

static bool is_coloured(const struct basin_class *class)
{
    return class->paint == BASIN_PAINT_COLOUR || class->paint == BASIN_PAINT_HATCHED;
}

/* As in plots/map.c: the largest classes have colours of their own, in the order of the classes. */
static bool has_colour(const struct basin *basin, size_t k)
{
    size_t larger = 0;
    for (size_t m = 0; m < basin->classes; m++)
        larger += is_coloured(&basin->class[m]) &&
                  (basin->class[m].cells > basin->class[k].cells ||
                   (m < k && basin->class[m].cells == basin->class[k].cells));
    return larger < COLOUR_CLASSES;
}

static struct colour colour_of(const struct basin *basin, size_t k, size_t *next)
{
    const struct basin_class *class = &basin->class[k];
    if (class->paint == BASIN_PAINT_GREY)
        return colour_undecided;
    if (class->paint == BASIN_PAINT_WHITE)
        return colour_unbounded;
    return has_colour(basin, k) ? colour_of_class((*next)++) : colour_others;
}

static json_t *classes_json(const struct basin *basin)
{
    static const char *const paints[] = {[BASIN_PAINT_COLOUR] = "colour",
                                         [BASIN_PAINT_GREY] = "undecided",
                                         [BASIN_PAINT_WHITE] = "unbounded",
                                         [BASIN_PAINT_HATCHED] = "hatched"};
    json_t *array = json_array();
    size_t next = 0;
    for (size_t k = 0; k < basin->classes; k++) {
        const struct basin_class *class = &basin->class[k];
        const struct colour colour = colour_of(basin, k, &next);
        char middle[COLOUR_TEXT], dark[COLOUR_TEXT], light[COLOUR_TEXT];
        json_array_append_new(
            array, json_pack("{so ss sI ss ss ss}", "label", json_text(class->label), "paint",
                             paints[class->paint], "cells", (json_int_t) class->cells, "colour",
                             colour_text(colour, middle), "dark",
                             colour_text(colour_shade(colour, 0), dark), "light",
                             colour_text(colour_shade(colour, 1), light)));
    }
    return array;
}

static json_t *cells_json(const struct basin *basin, const struct kept *kept, const uint16_t *class)
{
    json_t *array = json_array();
    for (size_t k = 0; k < kept->cells; k++) {
        json_int_t code = CELL_UNKNOWN;
        if (k < kept->reached)
            code = basin->class[class[k]].paint == BASIN_PAINT_GREY    ? CELL_UNDECIDED
                   : basin->class[class[k]].paint == BASIN_PAINT_WHITE ? CELL_UNBOUNDED
                                                                       : (json_int_t) class[k];
        json_array_append_new(array, json_integer(code));
    }
    return array;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double time_of(const struct kept *kept, size_t column, size_t k)
{
    return *basin_record_at(kept->tile[k / BASIN_TILE_CELLS], column, k % BASIN_TILE_CELLS);
}

/* Two quantiles of the positive times; false: there are none, or they are one. */
static bool times_range(const struct kept *kept, size_t column, double *sorted, double range[2])
{
    size_t count = 0;
    for (size_t k = 0; k < kept->reached; k++) {
        const double t = time_of(kept, column, k);
        if (isfinite(t) && t > 0)
            sorted[count++] = t;
    }
    if (count == 0)
        return false;
    qsort(sorted, count, sizeof *sorted, by_value);
    for (size_t side = 0; side < 2; side++)
        range[side] = sorted[(size_t)lround(QUANTILE[side] * (double)(count - 1))];
    return range[0] < range[1];
}

/* 0 to 1 on the logarithm of the settling time; null where there is none. */
static json_t *shades_json(const struct kept *kept, size_t column, double *sorted)
{
    double range[2] = {1, 1};
    json_t *array = json_array();
    const bool any = times_range(kept, column, sorted, range);
    for (size_t k = 0; k < kept->cells; k++) {
        const double t = any && k < kept->reached ? time_of(kept, column, k) : NAN;
        const double u = log(t / range[0]) / log(range[1] / range[0]);
        json_array_append_new(array,
                              any ? json_finite(t > 0 ? fmin(fmax(u, 0), 1) : t) : json_null());
    }
    return array;
}

static size_t time_column(const struct basin_map *map)
{
    size_t column = 0;
    while (map->column[column].quantity != BASIN_TIME)
        column++;
    return column;
}

static json_t *map_json(const struct basin_map *map, const struct kept *kept, const uint16_t *class,
                        double *sorted)
{
    const struct basin_grid *grid = &map->basin.grid;
    json_t *object =
        json_pack("{sI sI}", "w", (json_int_t)grid->size[0], "h", (json_int_t)grid->size[1]);
    json_object_set_new(object, "cells", cells_json(&map->basin, kept, class));
    json_object_set_new(object, "shade", shades_json(kept, time_column(map), sorted));
    json_object_set_new(object, "classes", classes_json(&map->basin));
    json_object_set_new(object, "complete", json_boolean(kept->reached == kept->cells));
    json_object_set_new(object, "from", json_integer((json_int_t)kept->reached));
    return object;
}

static enum status kept_answer(struct basin_map *map, const struct kept *kept, json_t **answer)
{
    uint16_t *class = calloc(kept->cells, sizeof *class);
    double *sorted = calloc(kept->cells, sizeof *sorted);
    enum status status = status_fail(NO_MEMORY, "no memory for a map");
    if (class && sorted) {
        status = classes_find(map, kept, class);
        if (status == OK)
            *answer = map_json(map, kept, class, sorted);
    }
    free(class);
    free(sorted);
    return status;
}

/* Goes on with what is kept, or begins. */
static enum status map_answer(const struct explore_question *question, struct basin_map *map,
                              json_t **answer)
{
    struct kept kept;
    enum status status = OK;
    char *key = key_make(question->stated);
    if (!key)
        return status_fail(NO_MEMORY, "no memory for a map");
    kept_take(question->maps, key, &kept);
    if (kept.key)
        free(key);
    else
        status = kept_begin(map, key, &kept);
    if (status == OK)
        status = kept_fill(map, question->clock, &kept);
    if (status == OK)
        status = kept_answer(map, &kept, answer);
    if (status == OK)
        kept_put(question->maps, &kept);
    else
        kept_clear(&kept);
    return status;
}

/* Where the page thinks that the map ends: the server knows better. */
static enum status from_read(const struct explore_query *query)
{
    const char *text = explore_query_value(query, "from");
    unsigned long long from;
    if (!text)
        return OK;
    if (number_parse_whole(text, 0, EXPLORE_SIDE_MOST * EXPLORE_SIDE_MOST, &from) != OK)
        return status_fail(BAD_ARGUMENT, "from: '%s' is not the number of a cell", text);
    return OK;
}

static enum status basin_answer(const struct explore_question *question, json_t **answer)
{
    const struct explore_stated *stated = question->stated;
    struct options options = stated->options; /* its lists are not freed here */
    struct basin_map map;
    char grid[GRID_LENGTH];
    TRY(from_read(question->query));
    snprintf(grid, sizeof grid, "%zux%zu", stated->width, stated->height);
    options.text[OPTION_grid] = grid;
    options.text[OPTION_quiet] = "";
    options.grid[0] = stated->width;
    options.grid[1] = stated->height;
    options.grid_sides = explore_line_is(&stated->given) ? 1 : 2;
    if (explore_line_is(&stated->given) && options.window_sides)
        options.window_sides = 2; /* of a line */
    TRY(basin_map_prepare(&options, &map));
    map.plan.stop = explore_clock_stop;
    map.plan.context = question->clock;
    const enum status status = map_answer(question, &map, answer);
    basin_map_free(&map);
    if (status == OK)
        json_object_set_new(*answer, "window", json_vector(WINDOW_SIDES, stated->plane.window));
    if (status == OK)
        json_object_set_new(*answer, "milliseconds",
                            json_finite(explore_clock_milliseconds(question->clock)));
    return status;
}

const struct explore_kind explore_kind_basin = {
    .name = "basin", .own = "from", .seconds = SECONDS, .answer = basin_answer};
