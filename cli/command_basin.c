/* settle basin: a map from starts to endings and limits.
 *
 * Steps: state the problem and the grid, open the ledger, compute the tiles that it has not, then
 * read all of them in their order: classes, check, files, summary.  Everything after the first step
 * is a function of the ledger, which is why an interrupted map ends with the same bytes. */
#include "cli/command.h"

#include "cli/basin.h"
#include "cli/interrupt.h"

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

static enum status ledger_open(struct basin_map *map, struct manifest *manifest)
{
    if (!manifest)
        return basin_ledger_create(NULL, map->parameters, &map->ledger);
    const char *directory = manifest_directory(manifest);
    parameters_set(map, manifest);
    if (options_given(map->options, OPTION_resume)) {
        TRY(basin_ledger_resume(directory, manifest_parameters(manifest), &map->ledger));
        basin_files_clear(directory);
        return OK;
    }
    manifest_clear(manifest);
    basin_files_clear(directory);
    return basin_ledger_create(directory, manifest_parameters(manifest), &map->ledger);
}

static enum status interrupted_fail(const struct basin_map *map)
{
    const size_t cells = basin_grid_cells(&map->basin.grid);
    size_t done;
    TRY(basin_ledger_count(map->ledger, &done));
    done = done * map->piece < cells ? done * map->piece : cells;
    if (!options_given(map->options, OPTION_out))
        return status_fail(INTERRUPTED, "interrupted; %zu of %zu cells done, none saved (no --out)",
                           done, cells);
    return status_fail(INTERRUPTED, "interrupted; %zu of %zu cells saved; --resume goes on", done,
                       cells);
}

static enum status results_make(struct basin_map *map, struct manifest *manifest)
{
    TRY(basin_map_classify(map));
    if (!map->interrupted)
        TRY(basin_measure(map));
    if (map->checks && !map->interrupted)
        TRY(basin_check(map, manifest));
    if (map->interrupted || !manifest)
        return OK;
    return basin_files_save(map, manifest);
}

/* The ledger is closed before it is listed, so that its digest is that of the whole file. */
static enum status ledger_list(struct basin_map *map, struct manifest *manifest)
{
    struct basin_ledger *ledger = map->ledger;
    map->ledger = NULL;
    TRY(basin_ledger_close(ledger));
    if (manifest)
        manifest_output(manifest, BASIN_LEDGER_FILE);
    return OK;
}

static enum status basin_make(struct basin_map *map, struct manifest *manifest)
{
    TRY(ledger_open(map, manifest));
    TRY(basin_cells_compute(map));
    if (!map->interrupted)
        TRY(results_make(map, manifest));
    if (map->interrupted)
        return interrupted_fail(map);
    TRY(ledger_list(map, manifest));
    return options_given(map->options, OPTION_json) ? basin_print_json(map, manifest, stdout)
                                                    : basin_print(map, stdout);
}

static enum status basin_with_manifest(struct basin_map *map)
{
    struct manifest *manifest = NULL;
    if (options_given(map->options, OPTION_out))
        TRY(manifest_create(map->options, map->options->text[OPTION_out], &manifest));
    const enum status status = basin_make(map, manifest);
    if (status == OK && manifest)
        return manifest_save(manifest);
    manifest_free(manifest);
    return status;
}

static enum status basin_run(const struct options *options, enum exit_code *exit_code)
{
    struct basin_map map;
    TRY(basin_map_prepare(options, &map));
    interrupt_watch();
    const enum status status = basin_with_manifest(&map);
    *exit_code = map.agreement.disagree > 0 ? EXIT_REFUTED : EXIT_HOLDS;
    basin_map_free(&map);
    return status;
}

const struct command command_basin = {
    .name = "basin",
    .title = "maps of starts: which trajectories end where",
    .arguments = "SYSTEM",
    .help =
        "Follows a trajectory from every cell of a plane (--plane, --window, --grid WxH), of a "
        "box\n"
        "(three names, WxHxD), of a line (one name, W) or of a random ensemble (--random N) and\n"
        "says how each ends.  Unknowns that do not vary stay at --init.  Cells are coloured by\n"
        "--class: branch (of the fixed points where they settle: isolated limits one by one; on a\n"
        "chain the components of P = rho, told apart by the signs of the weights), ending, or\n"
        "minimum (global, wrong).  Undecided cells (grey) and unbounded ones (white) are never\n"
        "mixed.\n"
        "--values: time (when the ending was decided), limit, loss (at the limit), sharpness\n"
        "(|transverse rate| there), alignment (cosine of feedback and forward weights there);\n"
        "path (length) and turns (sign changes of dP/dt) need every state on the way, which only\n"
        "the referee shows: about a hundred times slower.\n"
        "Most starts are followed by many lanes at once; --method, --rtol and --atol are those of "
        "the\n"
        "referee, which gets what is not plainly settled.\n"
        "--predict draws the map of the predictions, without integration; --check integrates and\n"
        "compares every cell with its prediction.\n"
        "With --out: basin.sqlite (the ledger, tile by tile), basin.tsv (up to 1000000 cells, or\n"
        "--tsv; columns: number, the start, ending, class, referee, values), classes.tsv,\n"
        "check.tsv and manifest.json; without it nothing is written.  An old\n"
        "ledger is replaced, unless --resume.  A kill loses at most the 4096 cells at work, 64\n"
        "where only the referee can follow them.\n"
        "Exit status: 0 done, 1 --check found a disagreement, 3 interrupted.\n"
        "\n"
        "example: a million starts of A[1,1,1] under random backpropagation\n"
        "  settle basin chain --c 1 --window=-3,3,-3,3 --grid 1000x1000 --out basin-a111\n"
        "then, with another colouring of the same cells,\n"
        "  settle basin chain --c 1 --window=-3,3,-3,3 --grid 1000x1000 --out basin-a111 --resume "
        "\\\n"
        "      --class minimum\n"
        "example: every cell of a longer chain beside its exact prediction\n"
        "  settle basin chain --depth 3 --plane a1,a2 --init 0,0,1 --check\n"
        "example: a random ensemble of a network\n"
        "  settle basin hidden --sizes 2,3,2 --c random:5 --random 1000 --init random:1:2\n",
    .options = "activation alpha atol beta biases c channel-activation check class data depth "
               "downsample gaussian grid horizon init inputs json labels lambda method mirror mu "
               "no-derivative out plane predict principal q quiet random rates resume rtol rule "
               "samples seed sigma-ii sigma-ti sizes steps targets teacher threads tsv values "
               "weights window",
    .least = 1,
    .most = 1,
    .run = basin_run,
};
