/* The table of the leaves: boxes as exact rationals, level, ending, class, direction of residual time. */
#include "cli/basin_certified.h"

#include "base/table.h"

#include <stdlib.h>

static const char LEAVES[] = "certified.tsv";

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
    return OK;
}
