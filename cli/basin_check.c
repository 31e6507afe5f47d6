/* Every cell beside its prediction.
 *
 * The ledger has how the cells ended; predictions are made anew, in parallel, and compared by the
 * rules for one run (agreement.h).  The list is in the order of the cells.  What the ledger does
 * not have is the state when a run ended, so that where a prediction is about the output P, the
 * output at the limit stands for both, and nothing is allowed for what was still to go. */
#include "cli/basin.h"

#include "base/progress.h"
#include "base/table.h"
#include "cli/interrupt.h"
#include "proofs-check/agreement.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

static const char CHECK[] = "check.tsv";
static const char FIXED_COLUMNS[] = "ending predicted deviation allowed reason";

/* Of one thread. */
struct judge {
    struct flow *flow;
    struct outcome *outcome;
    double *predicted, *output, *x0; /* [max(dim, outputs)], [outputs], [dim] */
};

/* Of one cell. */
struct finding {
    struct agreement agreement;
    enum ending predicted;
};

struct check {
    struct basin_map *map;
    const struct basin_record *record; /* of the tile at hand */
    size_t tile, threads;
    struct judge *judge;     /* [threads] */
    struct finding *finding; /* [BASIN_TILE_CELLS] */
    struct table *table;     /* NULL: no list */
    enum status failed;
    char message[STATUS_MESSAGE_MAX];
};

static void outcome_fill(const struct check *check, size_t at, struct outcome *outcome)
{
    const struct basin_map *map = check->map;
    const struct basin_record *record = check->record;
    outcome->ending = (enum ending)record->ending[at];
    outcome->has_limit = record->flags[at] & BASIN_HAS_LIMIT;
    outcome->distance_bound = *basin_record_at(record, map->bound_at, at);
    for (size_t i = 0; i < map->given.dim; i++)
        outcome->limit[i] = *basin_record_at(record, map->limit_at + i, at);
}

static enum status cell_judge(struct check *check, struct judge *judge, size_t at)
{
    const struct basin_map *map = check->map;
    struct prediction prediction;
    basin_grid_start(&map->basin.grid, basin_tile_first(check->tile) + at, judge->x0);
    TRY(problem_predict(&map->given.problem, judge->x0, judge->predicted, &prediction));
    outcome_fill(check, at, judge->outcome);
    if (judge->flow->output && judge->outcome->has_limit)
        judge->flow->output(judge->flow, judge->outcome->limit, judge->output);
    const struct agreement_case pair = {.flow = judge->flow,
                                        .outcome = judge->outcome,
                                        .prediction = &prediction,
                                        .predicted = judge->predicted,
                                        .output = judge->output,
                                        .output_last = judge->output};
    check->finding[at] =
        (struct finding){.agreement = agreement_of(&pair), .predicted = prediction.ending};
    return OK;
}

static void cell_check(struct check *check, struct judge *judge, size_t at)
{
    const enum status status = cell_judge(check, judge, at);
    progress_advance(check->map->progress, 1);
    if (status == OK)
        return;
#pragma omp critical(basin_check_failure)
    if (check->failed == OK) {
        check->failed = status;
        strncpy(check->message, status_message(), sizeof check->message - 1);
    }
}

/* ---- the list ---- */

static void row_write(struct check *check, size_t at)
{
    const struct basin_map *map = check->map;
    const struct finding *finding = &check->finding[at];
    const size_t number = basin_tile_first(check->tile) + at;
    double *x0 = check->judge[0].x0;
    basin_grid_start(&map->basin.grid, number, x0);
    table_number(check->table, (double)number);
    for (size_t i = 0; i < map->given.dim; i++)
        table_number(check->table, x0[i]);
    table_text(check->table, ending_name((enum ending)check->record->ending[at]));
    table_text(check->table, ending_name(finding->predicted));
    table_number(check->table, finding->agreement.deviation);
    table_number(check->table, finding->agreement.allowed);
    table_text(check->table, finding->agreement.reason);
    table_end_row(check->table);
}

static void cell_count(struct check *check, size_t at)
{
    struct basin_agreement *sum = &check->map->agreement;
    switch (check->finding[at].agreement.kind) {
    case AGREEMENT_NONE:
        sum->nothing++;
        return;
    case AGREEMENT_HOLDS:
        sum->agree++;
        break;
    case AGREEMENT_FAILS:
        sum->disagree++;
        if (check->table)
            row_write(check, at);
        break;
    }
    sum->compared++;
}

/* ---- tiles ---- */

static enum status tile_check(struct check *check)
{
    struct basin_map *map = check->map;
    struct basin_record *record = map->record;
    check->record = record;
    TRY(basin_map_load(map, check->tile));
#pragma omp parallel for schedule(dynamic, 1) num_threads((int)check->threads)
    for (long k = 0; k < (long)record->count; k++)
        cell_check(check, &check->judge[omp_get_thread_num()], (size_t)k);
    if (check->failed != OK)
        return status_fail(check->failed, "%s", check->message);
    for (size_t k = 0; k < record->count; k++)
        cell_count(check, k);
    return OK;
}

static enum status tiles_check(struct check *check)
{
    struct basin_map *map = check->map;
    for (; check->tile < basin_grid_tiles(&map->basin.grid); check->tile++) {
        map->interrupted = map->interrupted || *interrupt_flag();
        if (map->interrupted)
            return OK;
        TRY(tile_check(check));
    }
    return OK;
}

static enum status judge_open(struct judge *judge, const struct basin_map *map)
{
    TRY(problem_flow(&map->given.problem, &judge->flow));
    const size_t n = map->given.dim, outputs = judge->flow->outputs;
    judge->outcome = outcome_create(judge->flow);
    judge->predicted = calloc((n > outputs ? n : outputs) + outputs + n, sizeof(double));
    if (!judge->outcome || !judge->predicted)
        return status_fail(NO_MEMORY, "a prediction of %zu unknowns", n);
    judge->output = judge->predicted + (n > outputs ? n : outputs);
    judge->x0 = judge->output + outputs;
    return OK;
}

static enum status check_open(struct check *check)
{
    check->judge = calloc(check->threads, sizeof *check->judge);
    check->finding = calloc(BASIN_TILE_CELLS, sizeof *check->finding);
    if (!check->judge || !check->finding)
        return status_fail(NO_MEMORY, "the comparison of a tile");
    for (size_t k = 0; k < check->threads; k++)
        TRY(judge_open(&check->judge[k], check->map));
    return tiles_check(check);
}

static enum status check_run(struct check *check)
{
    progress_begin(check->map->progress, "check", check->map->tally.cells);
    const enum status status = check_open(check);
    progress_end(check->map->progress);
    for (size_t k = 0; check->judge && k < check->threads; k++) {
        flow_free(check->judge[k].flow);
        outcome_free(check->judge[k].outcome);
        free(check->judge[k].predicted);
    }
    free(check->judge);
    free(check->finding);
    return status;
}

static enum status list_open(const struct basin_map *map, const char *directory,
                             struct table **table)
{
    const size_t room =
        map->given.dim * (UNKNOWN_NAME_MAX + 1) + sizeof "number" + sizeof FIXED_COLUMNS;
    char *header = calloc(1, room);
    if (!header)
        return status_fail(NO_MEMORY, "no memory for the header of a table");
    size_t length = (size_t)sprintf(header, "number");
    for (size_t k = 0; k < map->given.dim; k++)
        length += (size_t)sprintf(header + length, " %s", map->name[k]);
    sprintf(header + length, " %s", FIXED_COLUMNS);
    const enum status status = table_open(directory, CHECK, header, table);
    free(header);
    return status;
}

enum status basin_check(struct basin_map *map, struct manifest *manifest)
{
    struct check check = {.map = map, .threads = (size_t)map->options->threads, .failed = OK};
    check.threads = check.threads > 0 ? check.threads : (size_t)omp_get_max_threads();
    if (manifest)
        TRY(list_open(map, manifest_directory(manifest), &check.table));
    const enum status status = check_run(&check);
    if (status != OK || map->interrupted) {
        table_discard(check.table);
        return status;
    }
    TRY(table_close(check.table));
    if (manifest)
        manifest_output(manifest, CHECK);
    return OK;
}
