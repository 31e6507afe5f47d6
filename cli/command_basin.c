/* settle basin: a map from starts to endings and limits.
 *
 * Steps: state the problem and the grid, open the ledger, compute the tiles that it has not, then
 * read all of them in their order: classes, check, files, summary.  Everything after the first step
 * is a function of the ledger, which is why an interrupted map ends with the same bytes. */
#include "cli/command.h"

#include "base/progress.h"
#include "cli/basin_certified.h"
#include "cli/basin_finer.h"
#include "cli/interrupt.h"
#include "cli/ranks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Problem and plan, then what the map adds or knows better; seed and threads change no cell. */
static void parameters_set(const struct basin_map *map, struct manifest *manifest)
{
    const char *name;
    json_t *value;
    manifest_problem(manifest, &map->given);
    json_object_foreach(map->parameters, name, value)
    {
        manifest_parameter(manifest, name, json_incref(value));
    }
}

static bool is_part(const struct basin_map *map)
{
    return options_given(map->options, OPTION_part);
}

/* Beside others in the same folder, whose files it leaves alone. */
static enum status ledger_of_part(struct basin_map *map, const char *directory, json_t *parameters)
{
    char name[BASIN_PART_NAME_MAX];
    const char *file = basin_part_file(&map->own_part, name);
    return options_given(map->options, OPTION_resume)
               ? basin_ledger_resume(directory, file, parameters, &map->ledger)
               : basin_ledger_create(directory, file, parameters, &map->ledger);
}

/* Hours of work are not removed unasked. */
static enum status old_cells_stay(const struct basin_map *map, const char *directory)
{
    if (options_given(map->options, OPTION_replace) ||
        !basin_ledger_has_cells(directory, BASIN_LEDGER_FILE))
        return OK;
    return status_fail(BAD_ARGUMENT,
                       "--out: %s has the cells of an earlier map; --resume goes on with them, "
                       "--replace begins anew, or give another --out",
                       directory);
}

static enum status ledger_of_map(struct basin_map *map, struct manifest *manifest)
{
    const char *directory = manifest_directory(manifest);
    json_t *parameters = manifest_parameters(manifest);
    if (!options_given(map->options, OPTION_resume)) {
        TRY(old_cells_stay(map, directory));
        manifest_clear(manifest);
        basin_files_clear(directory);
        return basin_ledger_create(directory, BASIN_LEDGER_FILE, parameters, &map->ledger);
    }
    TRY(basin_part_compare(directory, parameters)); /* before a ledger of other ones is begun */
    TRY(basin_ledger_resume(directory, BASIN_LEDGER_FILE, parameters, &map->ledger));
    basin_files_clear(directory);
    return basin_part_join(directory, parameters, map->ledger);
}

static enum status ledger_open(struct basin_map *map, struct manifest *manifest)
{
    if (!manifest)
        return basin_ledger_create(NULL, BASIN_LEDGER_FILE, map->parameters, &map->ledger);
    parameters_set(map, manifest);
    if (is_part(map))
        return ledger_of_part(map, manifest_directory(manifest), manifest_parameters(manifest));
    return ledger_of_map(map, manifest);
}

static enum status interrupted_fail(const struct basin_map *map)
{
    const size_t all = basin_grid_cells(&map->basin.grid);
    const size_t mine = basin_part_count(&map->own_part) * map->piece,
                 cells = mine < all ? mine : all;
    size_t done;
    TRY(basin_ledger_count(map->ledger, &done));
    done = done * map->piece < cells ? done * map->piece : cells;
    if (!options_given(map->options, OPTION_out))
        return status_fail(INTERRUPTED, "interrupted; %zu of %zu cells done, none saved (no --out)",
                           done, cells);
    return status_fail(INTERRUPTED, "interrupted; %zu of %zu cells saved; --resume goes on", done,
                       cells);
}

/* Results are whole or not there. */
static enum status files_make(struct basin_map *map, struct manifest *manifest)
{
    const double begun = progress_clock();
    const enum status status = basin_files_save(map, manifest);
    map->files_seconds = progress_clock() - begun;
    if (*interrupt_flag() == 0)
        return status;
    map->interrupted = true; /* if this has made anything fail, it is no failure */
    manifest_withdraw(manifest);
    basin_files_clear(manifest_directory(manifest));
    return OK;
}

static enum status results_make(struct basin_map *map, struct manifest *manifest)
{
    TRY(basin_map_classify(map));
    if (!map->interrupted)
        TRY(basin_finer_make(map));
    if (!map->interrupted)
        TRY(basin_finer_probe(map));
    if (!map->interrupted)
        TRY(basin_measure(map));
    if (map->checks && !map->interrupted)
        TRY(basin_check(map, manifest));
    if (!map->interrupted)
        TRY(basin_certified_make(map, manifest));
    return map->interrupted || !manifest ? OK : files_make(map, manifest);
}

/* The ledger is closed before it is listed, so that its digest is that of the whole file, and
 * before those are removed whose tiles it has taken over. */
static enum status ledger_list(struct basin_map *map, struct manifest *manifest)
{
    struct basin_ledger *ledger = map->ledger;
    map->ledger = NULL;
    TRY(basin_ledger_close(ledger));
    if (!manifest || is_part(map))
        return OK;
    manifest_output(manifest, BASIN_LEDGER_FILE);
    return options_given(map->options, OPTION_resume)
               ? basin_part_clear(manifest_directory(manifest))
               : OK;
}

static enum status basin_make(struct basin_map *map, struct manifest *manifest)
{
    TRY(basin_cells_compute(map));
    if (map->interrupted)
        return interrupted_fail(map);
    ranks_end(); /* results are made by rank 0 */
    if (!is_part(map))
        TRY(results_make(map, manifest));
    if (map->interrupted)
        return interrupted_fail(map);
    TRY(ledger_list(map, manifest));
    if (is_part(map))
        return basin_print_part(map, stdout);
    return options_given(map->options, OPTION_json) ? basin_print_json(map, manifest, stdout)
                                                    : basin_print(map, stdout);
}

/* Parts may share a folder: each has a ledger of its own. */
static enum status results_open(struct basin_map *map, struct manifest **manifest)
{
    if (options_given(map->options, OPTION_out))
        TRY((is_part(map) ? manifest_create_shared : manifest_create)(
            map->options, map->options->text[OPTION_out], manifest));
    return ledger_open(map, *manifest);
}

static enum status basin_lead(struct basin_map *map)
{
    struct manifest *manifest = NULL;
    enum status status = ranks_agree(results_open(map, &manifest));
    if (status == OK)
        status = basin_make(map, manifest);
    if (status == OK && manifest && !is_part(map))
        return manifest_save(manifest);
    manifest_free(manifest);
    return status;
}

static enum status basin_help(struct basin_map *map)
{
    TRY(ranks_agree(OK));
    return basin_cells_compute(map);
}

/* The same field, bit by bit, at the first start and the last, which ranks with other data or on
 * other processors may not have. */
static enum status field_agree(const struct basin_map *map)
{
    const size_t n = map->given.dim;
    const struct flow *flow = map->given.flow;
    double *x = calloc(4 * n, sizeof *x);
    enum status status = x ? OK : status_fail(NO_MEMORY, "starts of %zu unknowns", n);
    if (status == OK) {
        basin_grid_start(&map->basin.grid, 0, x);
        basin_grid_start(&map->basin.grid, basin_grid_cells(&map->basin.grid) - 1, x + n);
    }
    for (size_t k = 0; status == OK && k < 2; k++)
        status = flow->field(flow, 1, x + k * n, x + (2 + k) * n);
    status = ranks_agree(status == RETRY_SHORTER ? OK : status);
    if (status == OK)
        status = ranks_agree_on("starts and fields", 4 * n * sizeof *x, x);
    free(x);
    return status;
}

/* Do all ranks compute the same map? */
static enum status map_agree(const struct basin_map *map)
{
    if (ranks_count() == 1)
        return OK;
    char *text = json_dumps(map->parameters, JSON_COMPACT | JSON_SORT_KEYS);
    enum status status =
        ranks_agree(text ? OK : status_fail(NO_MEMORY, "the parameters of the map"));
    if (status == OK && text)
        status = ranks_agree_on("parameters", strlen(text), text);
    free(text);
    TRY(status);
    return field_agree(map);
}

/* Has a start in a proved cell ended otherwise? */
static bool is_refuted(const struct basin_map *map)
{
    return map->certified && map->certified->disagree > 0;
}

static enum status basin_run(const struct options *options, enum exit_code *exit_code)
{
    struct basin_map map;
    enum status status = ranks_agree(basin_map_prepare(options, &map));
    if (status == OK)
        status = map_agree(&map);
    interrupt_watch();
    if (status == OK)
        status = ranks_is_helper() ? basin_help(&map) : basin_lead(&map);
    *exit_code = map.agreement.disagree > 0 || is_refuted(&map) ? EXIT_REFUTED : EXIT_HOLDS;
    basin_finer_free(map.finer);
    basin_map_free(&map);
    return status;
}

const struct command command_basin = {
    .name = "basin",
    .title = "maps of starts: which trajectories end where",
    .arguments = "SYSTEM|FILE.ode|FILE.so",
    .help =
        "Follows a trajectory from every cell of a plane (--plane, --window, --grid WxH), of a "
        "box\n"
        "(three names, WxHxD), of a line (one name, W) or of a random ensemble (--random N,\n"
        "normal numbers times SCALE of --init random:SEED[:SCALE], 1/2 unless given) and\n"
        "says how each ends.  Unknowns that do not vary stay at --init.  Cells are coloured by\n"
        "--class: branch (of the fixed points where they settle: on a chain with fixed feedback "
        "which\n"
        "root of its leaf; isolated limits one by one; else by component), component (on a chain "
        "the\n"
        "parts of P = rho, told apart by the signs of the weights), ending, or minimum (global,\n"
        "wrong).  Undecided cells (grey) and unbounded ones (white) are never mixed.\n"
        "--values: time (from when on |x - limit| < 1e-6 (1 + |limit|)), limit, loss (at the "
        "limit),\n"
        "sharpness (largest eigenvalue of the Hessian of the loss there), rate (at which the flow\n"
        "nears it, at saddles negative; under bp with one direction across the minima it is the\n"
        "sharpness), alignment (cosine of feedback and forward weights\n"
        "there), path (length of the way), turns (sign changes of dP/dt on the way, of a chain),\n"
        "time_error and path_error (estimates); nan where there is no limit.\n"
        "Fast where starts settle: chains, fans, networks, smooth activations.  The referee, "
        "thousands\n"
        "of times slower, decides the rest: unbounded starts, cycles, networks, and chains with "
        "neurons,\n"
        "with --values time (the standard) or path, fields that jump (relu), roots of unknowns, "
        "more\n"
        "than 64 unknowns.  A long map says so. --method, --rtol and --atol are the "
        "referee's.\n"
        "--predict draws the map of the predictions, without integration; --check integrates and\n"
        "compares every cell with its prediction.\n"
        "--refine DEPTH halves the cells at boundaries DEPTH times, and follows what it meets "
        "there;\n"
        "shares are then those of areas, and their bounds come from what is left of the boundary.\n"
        "--probe N moves N random starts by each of nine distances: the dimension of the boundary\n"
        "from how many change their class.\n"
        "--certified proves cells of the plane whole (a quadtree, --levels): every start in one "
        "ends\n"
        "alike.  Classes are then components unless --class says ending or minimum, shares have "
        "proved\n"
        "bounds, and each start of the map is compared with the proof of its cell: notes/exact.md, "
        "(EX20).\n"
        "With --out: basin.sqlite (the ledger, tile by tile), basin.tsv (up to 1000000 cells, or\n"
        "--tsv; columns: number, the start, ending, class, referee, values), classes.tsv,\n"
        "refined.tsv (with --refine: corners of the cells, level, ending, class, referee, whether\n"
        "the boundary passes there, values), basin.h5, figures (maps; of random starts "
        "histograms),\n"
        "check.tsv, certified.tsv, contradictions.tsv, basin.certificate (for settle-check; of\n"
        "chains and fans under rbp and srbp) and manifest.json; without it nothing is written.  A\n"
        "ledger that has cells is gone on with (--resume) or made anew (--replace).  A kill loses\n"
        "at most the 4096 cells at work, 64 where only the referee can follow them.\n"
        "Built with `make MPI=1`, `mpirun -n 4 settle basin ...` computes the cells on 4 ranks, "
        "and\n"
        "rank 0 makes the results, which are the same to the byte.  --threads are those of each\n"
        "rank; not given, the ranks of a machine share the cores that mpirun binds them to.\n"
        "In a job array each task computes --part K/N into the same --out, and a last run with\n"
        "--resume instead joins the parts (notes/basins.md).\n"
        "Exit status: 0 done, 1 --check found a disagreement or --certified a contradiction, 3 "
        "interrupted.\n"
        "\n"
        "example: a million starts of A[1,1,1] under random backpropagation\n"
        "  settle basin chain --c 1 --window=-3,3,-3,3 --grid 1000x1000 --out basin-a111\n"
        "then with --resume --class minimum coloured otherwise, with --resume --refine 5 finer at "
        "boundaries,\n"
        "with --resume --check beside predictions, and with --resume --certified beside proofs\n"
        "example: on the ranks of a job, and in parts\n"
        "  mpirun settle basin chain --c 1 --grid 20000x20000 --out basin-large\n"
        "  settle basin chain --c 1 --grid 20000x20000 --out basin-large --part 3/16\n"
        "example: a random ensemble of a network\n"
        "  settle basin hidden --sizes 2,3,2 --c random:5 --random 1000 --init random:1:2\n",
    .options = "activation alpha atol beta biases c certified channel-activation check "
               "class data depth downsample gaussian grid horizon init inputs json "
               "labels lambda levels method mirror mu no-derivative out par part plane "
               "plugin predict principal probe q quiet random rates refine replace "
               "resume rtol rule samples seed sigma-ii sigma-ti sizes steps targets "
               "teacher threads tsv values weights window",
    .least = 1,
    .most = 1,
    .on_all_ranks = true,
    .run = basin_run,
};
