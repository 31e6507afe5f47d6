/* All trajectories for all data of a box: every cell of the tree settles, in the limit box and at
 * the rate. */
#include "checker/kind.h"
#include "checker/tree.h"

#include <stdio.h>

static void check(struct text *text, const struct premise *premise,
                  char sentence[KIND_SENTENCE_MAX])
{
    struct tree tree;
    mpq_t rate;
    mpq_init(rate);
    tree_read(text, premise, TREE_WORDS_SETTLED, &tree);
    struct crossing_box box = crossing_read_box(text, premise->dim);
    text_line(text, "rate");
    text_positive(text, rate);
    tree_prove(&tree, &(struct tree_demand){.box = &box, .rate = &rate});
    snprintf(sentence, KIND_SENTENCE_MAX,
             "every trajectory for all data in the box converges exponentially to a zero of the "
             "error in the limit box");
}

const struct kind kind_box = {
    .name = "box",
    .label = "CT1",
    .families = KIND_FAMILIES_SCALAR,
    .rules = KIND_RULES_FIXED,
    .freedom = {.intervals = DATA_SIGMA_II | DATA_SIGMA_TI | DATA_FEEDBACK | DATA_START},
    .check = check,
};
