/* The table of the leaves: boxes as exact rationals, level, ending, class, direction of residual time;
 * and the certificate, whose premise is read from the command line by a way of its own. */
#include "cli/basin_certified.h"

#include "base/table.h"
#include "cli/certificate_file.h"
#include "cli/premise_from_options.h"
#include "exact/certificate_basin.h"

#include <stdlib.h>

static const char LEAVES[] = "certified.tsv", CERTIFICATE[] = "basin.certificate";

enum { CORNERS = 4, DECIMAL = 10 };

static void leaf_write(const struct basin_certified *certified, const struct basin_tree_leaf *leaf,
                       fmpq *box, struct table *table)
{
    const struct basin_certified_class *class =
        leaf->class == BASIN_TREE_UNDECIDED ? NULL
                                            : &certified->class[certified->of_tree[leaf->class]];
    basin_tree_box(certified->tree, leaf, box);
    for (size_t k = 0; k < CORNERS; k++) {
        char *text = fmpq_get_str(NULL, DECIMAL, box + k);
        table_text(table, text);
        flint_free(text);
    }
    table_number(table, leaf->level);
    table_text(table, class ? ending_name(class->ending) : "undecided");
    table_text(table, class ? class->label : "undecided");
    table_number(table, leaf->direction);
    table_end_row(table);
}

/* ---- the certificate ---- */

static enum status certificate_make(const struct basin_map *map, struct certificate *certificate)
{
    const struct basin_certified *certified = map->certified;
    struct premise *premise = NULL;
    const char *why_not = NULL;
    TRY(premise_from_options(map->options, &map->given, &premise, &why_not));
    if (!premise) {
        certificate_none(why_not, certificate);
        return OK;
    }
    const struct certificate_basin_question question = {
        .premise = premise,
        .statement = certified->statement,
        .tree = certified->tree,
        .axis = {map->basin.grid.axis[0], map->basin.grid.axis[1]}};
    const enum status status = certificate_basin(&question, certificate);
    premise_free(premise);
    return status;
}

static enum status certificate_save(const struct basin_map *map, struct manifest *manifest)
{
    struct certificate certificate = {.kind = NULL};
    enum status status = certificate_make(map, &certificate);
    if (status == OK && certificate.text) {
        status = certificate_file_save_as(&certificate, manifest_directory(manifest), CERTIFICATE);
        if (status == OK)
            manifest_output(manifest, CERTIFICATE);
    }
    certificate_free(&certificate);
    return status;
}

enum status basin_certified_save(const struct basin_map *map, struct manifest *manifest)
{
    const struct basin_certified *certified = map->certified;
    struct table *table = NULL;
    if (!certified)
        return OK;
    TRY(table_open(manifest_directory(manifest), LEAVES, "x0 x1 y0 y1 level ending class direction",
                   &table));
    fmpq *box = _fmpq_vec_init(CORNERS);
    for (size_t k = 0; k < certified->tree->leaves; k++)
        leaf_write(certified, certified->tree->leaf + k, box, table);
    _fmpq_vec_clear(box, CORNERS);
    TRY(table_close(table));
    manifest_output(manifest, LEAVES);
    return certificate_save(map, manifest);
}
