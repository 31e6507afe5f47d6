/* Where the trajectories from the cells of a box of starts end, and the volumes of the cells that
 * end alike. */
#include "checker/kind.h"
#include "checker/reject.h"
#include "checker/tree.h"

#include <stdio.h>
#include <string.h>

/* The lines `share`, one for each word of signs, and the line `away`. */
static void read_shares(struct text *text, const struct tree *tree)
{
    mpq_t volume;
    mpq_init(volume);
    for (size_t k = 0; k < tree->shares; k++) {
        size_t length;
        text_line(text, "share");
        const char *signs = text_token(text, &length);
        reject_unless(length == tree->unknowns && !memcmp(signs, tree->share[k].signs, length),
                      "not the signs whose share comes next");
        text_number(text, volume);
        reject_unless(mpq_equal(volume, tree->share[k].volume),
                      "the share is not that of the tree");
    }
    text_line(text, "away");
    text_number(text, volume);
    reject_unless(mpq_equal(volume, tree->away), "the share is not that of the tree");
    mpq_clear(volume);
}

static void check(struct text *text, const struct premise *premise,
                  char sentence[KIND_SENTENCE_MAX])
{
    struct tree tree;
    tree_read(text, premise, TREE_WORDS_ALL, &tree);
    tree_prove(&tree, &(struct tree_demand){.box = NULL});
    read_shares(text, &tree);
    snprintf(sentence, KIND_SENTENCE_MAX,
             "the trajectories from the marked cells end as the tree says");
}

const struct kind kind_basin = {
    .name = "basin",
    .label = "CT1",
    .families = KIND_FAMILIES_SCALAR,
    .rules = KIND_RULES_FIXED,
    .freedom = {.intervals = DATA_START},
    .check = check,
};
