/* From the options to a map: the grid, the columns, what the cells depend on. */
#include "cli/basin_certified.h"

#include "base/nearest.h"
#include "cli/json.h"
#include "cli/terminal.h"
#include "cli/versions.h"
#include "cli/view.h"
#include "linear/chain.h"
#include "nonlinear/activation.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HINT_MAX = 80, LINE_STANDARD = 1000, PLANE_STANDARD = 200, BOX_STANDARD = 40 };
enum { PIECE_SLOW = 64 };
enum { LIMIT_STANDARD = 16 }; /* so many unknowns are given out unless others are asked for */

static const double WINDOW_SCALES = 3;  /* half width of the window, in units of rho^(1/L) */
static const double RANDOM_SCALE = 0.5; /* as of --init random:SEED */
static const double CELLS_MOST = 1e12;  /* cells: the numbers of a ledger's rows, and of progress */

/* ---- the grid ---- */

static size_t names_count(const char *text)
{
    size_t count = 1;
    for (; *text; text++)
        count += *text == ',';
    return count;
}

/* How many axes --plane, --grid and --window speak of; 0: none of them does. */
static enum status axes_count(const struct options *options, size_t *axes)
{
    const size_t said[] = {
        options_given(options, OPTION_plane) ? names_count(options->text[OPTION_plane]) : 0,
        options_given(options, OPTION_grid) ? options->grid_sides : 0,
        options_given(options, OPTION_window) ? options->window_sides / 2 : 0};
    static const char *const names[] = {"--plane", "--grid", "--window"};
    size_t by = 0;
    *axes = 0;
    for (size_t k = 0; k < sizeof said / sizeof *said; k++) {
        if (said[k] > 0 && *axes > 0 && said[k] != *axes)
            return status_fail(BAD_ARGUMENT, "%s speaks of %zu unknown%s, %s of %zu", names[by],
                               *axes, *axes == 1 ? "" : "s", names[k], said[k]);
        if (said[k] > 0 && *axes == 0) {
            *axes = said[k];
            by = k;
        }
    }
    return OK;
}

static void window_choose(const struct basin_map *map, struct basin_grid *grid)
{
    const struct problem *problem = &map->given.problem;
    if (options_given(map->options, OPTION_window)) {
        memcpy(grid->window, map->options->window, sizeof grid->window);
        return;
    }
    const double rho = problem->beta != 0 ? problem->alpha / problem->beta : 0;
    double half = WINDOW_SCALES * fmax(1, pow(fabs(rho), 1 / (double)grid->dim));
    for (size_t d = 0; d < grid->axes; d++) /* the start has to be seen */
        half = fmax(half, ceil(fabs(map->given.x0[grid->axis[d]])));
    for (size_t d = 0; d < grid->axes; d++) {
        grid->window[2 * d] = -half;
        grid->window[2 * d + 1] = half;
    }
}

static enum status grid_of_axes(struct basin_map *map, struct basin_grid *grid)
{
    static const size_t standard[BASIN_AXES_MOST + 1] = {0, LINE_STANDARD, PLANE_STANDARD,
                                                         BOX_STANDARD};
    const struct options *options = map->options;
    TRY(axes_count(options, &grid->axes));
    if (grid->axes == 0)
        grid->axes = grid->dim < 2 ? grid->dim : 2;
    if (grid->axes > BASIN_AXES_MOST || grid->axes > grid->dim)
        return status_fail(BAD_ARGUMENT,
                           "%s has %zu unknown%s; a map varies up to %zu of them, not %zu",
                           map->given.flow->title, grid->dim, grid->dim == 1 ? "" : "s",
                           grid->dim < BASIN_AXES_MOST ? grid->dim : BASIN_AXES_MOST, grid->axes);
    TRY(view_unknowns(options, map->given.flow, grid->axes, grid->axis));
    for (size_t d = 0; d < grid->axes; d++)
        grid->size[d] =
            options_given(options, OPTION_grid) ? (size_t)options->grid[d] : standard[grid->axes];
    memcpy(map->base, map->given.x0, grid->dim * sizeof *map->base);
    window_choose(map, grid);
    if (!(grid->window[0] < grid->window[1]))
        return status_fail(BAD_ARGUMENT, "the window is empty");
    return OK;
}

/* base = 0: calloc made it so. */
static enum status grid_of_numbers(struct basin_map *map, struct basin_grid *grid)
{
    static const enum option_word not [] = {OPTION_grid, OPTION_plane, OPTION_window};
    const struct options *options = map->options;
    for (size_t k = 0; k < sizeof not / sizeof *not ; k++)
        if (options_given(options, not [k]))
            return status_fail(BAD_ARGUMENT, "--random and --%s exclude each other",
                               options_name(not [k]));
    if (options_given(options, OPTION_init) && options->init.form != OPTION_FORM_RANDOM)
        return status_fail(BAD_ARGUMENT, "--random draws its starts; expected --init "
                                         "random:SEED[:SCALE]");
    grid->size[0] = (size_t)options->random;
    grid->seed = options->seed;
    grid->scale = RANDOM_SCALE;
    if (options_given(options, OPTION_init)) {
        grid->seed = map->given.start_seed;
        grid->scale = map->given.start_scale;
    }
    return OK;
}

static enum status grid_choose(struct basin_map *map)
{
    struct basin_grid *grid = &map->basin.grid;
    *grid = (struct basin_grid){.dim = map->given.dim, .size = {1, 1, 1}, .base = map->base};
    if (options_given(map->options, OPTION_random))
        TRY(grid_of_numbers(map, grid));
    else
        TRY(grid_of_axes(map, grid));
    if ((double)grid->size[0] * (double)grid->size[1] * (double)grid->size[2] > CELLS_MOST)
        return status_fail(BAD_ARGUMENT, "%zu x %zu x %zu cells; at most %g are possible",
                           grid->size[0], grid->size[1], grid->size[2], CELLS_MOST);
    return OK;
}

/* ---- columns ---- */

static enum status quantity_named(const char *name, size_t length, enum basin_quantity *quantity)
{
    char text[HINT_MAX], hint[HINT_MAX];
    snprintf(text, sizeof text, "%.*s", (int)length, name);
    struct nearest nearest = nearest_to(text);
    for (int k = 0; k < BASIN_BOUND; k++) {
        if (strcmp(text, basin_values_name((enum basin_quantity)k)) == 0) {
            *quantity = (enum basin_quantity)k;
            return OK;
        }
        nearest_offer(&nearest, basin_values_name((enum basin_quantity)k));
    }
    return status_fail(UNKNOWN_NAME,
                       "--values: there is no value '%s'%s (time, limit, loss, sharpness, rate, "
                       "path, turns, alignment, time_error, path_error)",
                       text, nearest_hint(&nearest, sizeof hint, hint));
}

static enum status quantities_choose(const struct basin_map *map, bool wanted[BASIN_QUANTITIES])
{
    const bool few = map->given.dim <= LIMIT_STANDARD;
    const char *text = options_given(map->options, OPTION_values)
                           ? map->options->text[OPTION_values]
                       : map->predicts ? "limit"
                       : few           ? "time,limit"
                                       : "time";
    for (const char *at = text;; at += strcspn(at, ",") + 1) {
        enum basin_quantity quantity = BASIN_TIME;
        TRY(quantity_named(at, strcspn(at, ","), &quantity));
        if (wanted[quantity])
            return status_fail(BAD_ARGUMENT, "--values: '%s' names one value twice", text);
        TRY(basin_values_fit(map, quantity));
        wanted[quantity] = true;
        if (at[strcspn(at, ",")] == '\0')
            return OK;
    }
}

static void column_add(struct basin_map *map, enum basin_quantity quantity)
{
    const size_t count = quantity == BASIN_LIMIT ? map->given.dim : 1;
    if (quantity == BASIN_LIMIT)
        map->limit_at = map->columns;
    if (quantity == BASIN_BOUND)
        map->bound_at = map->columns;
    for (size_t i = 0; i < count; i++)
        map->column[map->columns++] = (struct basin_column){.quantity = quantity, .unknown = i};
}

static void value_describe(const struct basin_map *map, struct basin_column column,
                           struct basin_value *value)
{
    static const char *const titles[BASIN_QUANTITIES] = {
        /* equations of one's own learn nothing: the first words alone */
        [BASIN_TIME] = "settling time (learning time)",
        [BASIN_LOSS] = "loss at the limit, above its minimum where that is known",
        [BASIN_SHARPNESS] = "sharpness of the loss at the limit",
        [BASIN_RATE] = "rate at which the flow nears the limit",
        [BASIN_PATH] = "length of the path to the limit",
        [BASIN_TURNS] = "sign changes of dP/dt",
        [BASIN_TIME_ERROR] = "error of the settling time",
        [BASIN_PATH_ERROR] = "error of the length of the path",
        [BASIN_ALIGNMENT] = "cosine between feedback and forward weights at the limit"};
    if (column.quantity == BASIN_LIMIT) {
        const char *name = map->name[column.unknown];
        snprintf(value->name, sizeof value->name, "limit_%s", name);
        snprintf(value->title, sizeof value->title, "limit of %s", name);
        return;
    }
    snprintf(value->name, sizeof value->name, "%s", basin_values_name(column.quantity));
    const bool own = column.quantity == BASIN_TIME && map->given.equations;
    snprintf(value->title, sizeof value->title, "%s",
             own ? "settling time" : titles[column.quantity]);
}

/* What was asked for in the order of the enum, then limit and bound if they are not among it. */
static enum status columns_choose(struct basin_map *map)
{
    bool wanted[BASIN_QUANTITIES] = {false};
    TRY(quantities_choose(map, wanted));
    map->column = calloc(map->given.dim + BASIN_QUANTITIES, sizeof *map->column);
    map->value = calloc(map->given.dim + BASIN_QUANTITIES, sizeof *map->value);
    if (!map->column || !map->value)
        return status_fail(NO_MEMORY, "columns of %zu unknowns", map->given.dim);
    for (int k = 0; k < BASIN_BOUND; k++)
        if (wanted[k])
            column_add(map, (enum basin_quantity)k);
    map->basin.values = map->columns;
    if (!wanted[BASIN_LIMIT])
        column_add(map, BASIN_LIMIT);
    column_add(map, BASIN_BOUND);
    for (size_t k = 0; k < map->basin.values; k++)
        value_describe(map, map->column[k], &map->value[k]);
    map->basin.value = map->value;
    return OK;
}

/* ---- classes ---- */

static enum status colouring_choose(struct basin_map *map)
{
    char hint[HINT_MAX];
    map->colouring =
        options_given(map->options, OPTION_certified) ? BASIN_BY_COMPONENT : BASIN_BY_BRANCH;
    map->basin.colouring = basin_colouring_name(map->colouring);
    if (!options_given(map->options, OPTION_class))
        return OK;
    const char *text = map->options->text[OPTION_class];
    struct nearest nearest = nearest_to(text);
    for (int k = 0; k < BASIN_COLOURINGS; k++) {
        const char *name = basin_colouring_name((enum basin_colouring)k);
        nearest_offer(&nearest, name);
        if (strcmp(name, text) == 0) {
            map->colouring = (enum basin_colouring)k;
            map->basin.colouring = name;
            return OK;
        }
    }
    return status_fail(UNKNOWN_NAME,
                       "--class: there is no '%s'%s (branch, component, ending, minimum)", text,
                       nearest_hint(&nearest, sizeof hint, hint));
}

/* The forward weights of a chain: the components of a1 ... aL = rho are told by their signs. */
static size_t signs_of(const struct problem_given *given)
{
    const bool chain = strcmp(given->problem.system->name, "chain") == 0;
    if (!chain)
        return 0;
    return given->problem.depth < given->dim ? given->problem.depth : given->dim;
}

/* ---- pieces ---- */

/* Will lanes follow the starts, so that a tile takes milliseconds?  Else rows of the ledger are
 * short, since a kill loses the one at work. */
static bool is_quick(const struct basin_map *map)
{
    const struct flow *flow = map->given.flow;
    return !map->predicts && flow->switches == 0 && !flow->regular && !flow_is_large(flow) &&
           flow->conserved + 1 >= flow->dim;
}

/* ---- what the cells depend on ---- */

static json_t *sizes_json(size_t count, const size_t *list)
{
    json_t *array = json_array();
    for (size_t k = 0; k < count; k++)
        json_array_append_new(array, json_integer((json_int_t)list[k]));
    return array;
}

static json_t *seed_json(uint64_t seed)
{
    char text[HINT_MAX];
    snprintf(text, sizeof text, "%" PRIu64, seed);
    return json_string(text);
}

static json_t *columns_json(const struct basin_map *map)
{
    json_t *array = json_array();
    for (size_t k = 0; k < map->columns; k++)
        if (map->column[k].quantity != BASIN_LIMIT || map->column[k].unknown == 0)
            json_array_append_new(array, json_string(basin_values_name(map->column[k].quantity)));
    return array;
}

static json_t *axes_json(const struct basin_map *map)
{
    json_t *array = json_array();
    for (size_t d = 0; d < map->basin.grid.axes; d++)
        json_array_append_new(array, json_text(map->name[map->basin.grid.axis[d]]));
    return array;
}

static void put(json_t *object, const char *name, json_t *value)
{
    json_object_set_new(object, name, value); /* a lack of memory shows in parameters_check() */
}

static void grid_parameters(const struct basin_map *map, json_t *object)
{
    const struct basin_grid *grid = &map->basin.grid;
    put(object, "plane", axes_json(map));
    put(object, "grid", sizes_json(BASIN_AXES_MOST, grid->size));
    put(object, "window", json_vector(2 * grid->axes, grid->window));
    if (grid->axes == 0) {
        put(object, "seed", seed_json(grid->seed));
        put(object, "scale", json_finite(grid->scale));
    } else {
        double *others = map->base;
        for (size_t d = 0; d < grid->axes; d++)
            others[grid->axis[d]] = 0; /* of these the grid has its own */
        put(object, "init", json_vector(grid->dim, others));
    }
}

static enum status parameters_make(struct basin_map *map)
{
    static const int BYTE_ORDER_MARK = 1;
    struct version version[VERSIONS_COUNT];
    json_t *object = map->parameters = json_object();
    versions_loaded(version);
    put(object, "ledger", json_integer(2)); /* version of its layout */
    put(object, "little_endian", json_boolean(*(const char *)&BYTE_ORDER_MARK == 1));
    put(object, "settle", json_string(version[0].number));
    put(object, "depth", json_integer((json_int_t)map->given.problem.depth));
    put(object, "mode", json_string(map->predicts ? "predict" : "integrate"));
    put(object, "values", columns_json(map));
    put(object, "tile", json_integer((json_int_t)map->piece));
    grid_parameters(map, object);
    put(object, "method", json_string(options_method_name(map->plan.method)));
    put(object, "rtol", json_finite(map->plan.rtol));
    put(object, "atol", json_finite(map->plan.atol));
    put(object, "horizon", json_finite(map->plan.horizon));
    put(object, "steps_most", json_integer((json_int_t)map->plan.steps_most));
    return object ? OK : status_fail(NO_MEMORY, "no memory for the parameters");
}

/* ---- the whole ---- */

static enum status names_take(struct basin_map *map)
{
    const struct problem_given *given = &map->given;
    /* an array of pointers; NOLINTNEXTLINE(bugprone-sizeof-expression) */
    map->name = calloc(given->dim, sizeof *map->name);
    map->base = calloc(given->dim, sizeof *map->base);
    if (!map->name || !map->base)
        return status_fail(NO_MEMORY, "a map of %zu unknowns", given->dim);
    for (size_t k = 0; k < given->dim; k++)
        map->name[k] = given->flow->names[k];
    map->basin.name = map->name;
    map->basin.title = given->flow->title;
    return OK;
}

static enum status options_fit(const struct options *options)
{
    if (options_given(options, OPTION_resume) && !options_given(options, OPTION_out))
        return status_fail(BAD_ARGUMENT, "--resume needs --out, the folder with the ledger");
    if (options_given(options, OPTION_resume) && options_given(options, OPTION_replace))
        return status_fail(BAD_ARGUMENT, "--resume and --replace exclude each other");
    if (options_given(options, OPTION_replace) && !options_given(options, OPTION_out))
        return status_fail(BAD_ARGUMENT, "--replace needs --out, the folder with the ledger");
    if (options_given(options, OPTION_tsv) && !options_given(options, OPTION_out))
        return status_fail(BAD_ARGUMENT, "--tsv needs --out, the folder to write to");
    if (options_given(options, OPTION_part) && !options_given(options, OPTION_out))
        return status_fail(BAD_ARGUMENT, "--part needs --out, the folder of all parts");
    if (options_given(options, OPTION_random) &&
        (options_given(options, OPTION_refine) || options_given(options, OPTION_probe)))
        return status_fail(BAD_ARGUMENT, "--%s needs a grid: random starts have no boundaries",
                           options_given(options, OPTION_refine) ? "refine" : "probe");
    if (options_given(options, OPTION_predict) && options_given(options, OPTION_check))
        return status_fail(BAD_ARGUMENT, "--predict and --check exclude each other");
    return OK;
}

static enum status map_fill(struct basin_map *map)
{
    TRY(names_take(map));
    TRY(colouring_choose(map));
    TRY(grid_choose(map));
    TRY(columns_choose(map));
    TRY(basin_certified_open(map, &map->certified));
    map->piece = is_quick(map) ? BASIN_TILE_CELLS : PIECE_SLOW;
    TRY(basin_part_read(map->options->text[OPTION_part], basin_map_pieces(map), &map->own_part));
    TRY(parameters_make(map));
    map->classes = basin_classes_create(map->given.flow, map->colouring, signs_of(&map->given));
    if (!map->classes)
        return status_fail(NO_MEMORY, "classes of %zu unknowns", map->given.dim);
    if (ranks_count() > 1) /* a launcher may hide the terminal, or have none */
        map->progress =
            terminal_progress_log(!options_given(map->options, OPTION_quiet) && !ranks_is_helper());
    else
        map->progress = terminal_progress(map->options);
    return OK;
}

enum status basin_map_prepare(const struct options *options, struct basin_map *map)
{
    *map = (struct basin_map){.options = options,
                              .plan = options_plan(options),
                              .predicts = options_given(options, OPTION_predict),
                              .checks = options_given(options, OPTION_check)};
    TRY(options_fit(options));
    TRY(problem_from_options(options, &map->given));
    const enum status status = map_fill(map);
    if (status != OK)
        basin_map_free(map);
    return status;
}

void basin_map_free(struct basin_map *map)
{
    const enum status ignored = basin_ledger_close(map->ledger); /* closed before, if whole */
    (void)ignored;
    basin_classes_free(map->classes);
    basin_certified_free(map->certified);
    basin_record_free(map->record);
    basin_record_free(map->part);
    progress_free(map->progress);
    json_decref(map->parameters);
    free(map->name);
    free(map->base);
    free(map->column);
    free(map->share);
    free(map->value);
    problem_given_free(&map->given);
    *map = (struct basin_map){.options = NULL};
}
