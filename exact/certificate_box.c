/* The tree of a box, leaf by leaf, with the places in residual time at which its proof looked.
 *
 * The limit box and the rate are rounded outwards to few bits, so that the checker's enclosures,
 * which are others, have something to spare. */
#include "exact/certificate_box.h"

enum { LIMIT_BITS = 24, RATE_BITS = 16 };

/* ---- the tree ---- */

/* The place of a coordinate among the data that are intervals, from 1, in the order of the
 * premise, which is that of the question. */
static size_t interval_number(const struct box_question *q, size_t coordinate)
{
    size_t number = 0;
    for (size_t i = 0; i <= coordinate; i++)
        number += !fmpq_equal(q->low + i, q->high + i);
    return number;
}

static void put_place(struct certificate *c, double t)
{
    arf_t place;
    arf_init(place);
    arf_set_d(place, t);
    certificate_dyadic(c, place);
    arf_clear(place);
}

static void put_leaf(struct certificate *c, const struct box_node *leaf, size_t layers)
{
    char signs[PROBLEM_SIZES_MAX + 1] = "";
    for (size_t i = 0; i < layers && i < PROBLEM_SIZES_MAX; i++)
        signs[i] = leaf->sign[i] > 0 ? '+' : leaf->sign[i] < 0 ? '-' : '?';
    certificate_line(c, "leaf");
    certificate_word(c, leaf->direction > 0 ? "+" : "-");
    certificate_word(c, signs);
    for (size_t i = 0; i < leaf->breaks; i++)
        put_place(c, leaf->t[i]);
    put_place(c, leaf->breaks > 0 ? leaf->t[leaf->breaks - 1] : 0);
    put_place(c, leaf->v);
    certificate_end_line(c);
}

static void put_tree(struct certificate *c, const struct certificate_box_question *asked)
{
    const struct box *box = asked->box;
    certificate_line(c, "tree");
    certificate_end_line(c);
    for (size_t k = 0; k < box->nodes; k++) {
        const struct box_node *node = &box->node[k];
        if (node->kind == BOX_LEAF) {
            put_leaf(c, node, box->layers);
            continue;
        }
        certificate_line(c, "split");
        certificate_count(c, interval_number(asked->question, node->coordinate));
        certificate_end_line(c);
    }
}

static void put_claims(struct certificate *c, const struct box *box)
{
    arf_t rate;
    certificate_line(c, "limit");
    for (size_t i = 0; i < box->layers; i++)
        certificate_interval(c, box->limit + i, LIMIT_BITS);
    certificate_end_line(c);
    arf_init(rate);
    arf_set_round(rate, box->rate, RATE_BITS, ARF_RND_DOWN);
    certificate_line(c, "rate");
    certificate_dyadic(c, rate);
    certificate_end_line(c);
    arf_clear(rate);
}

static enum status write(const struct certificate_box_question *asked, struct certificate *c)
{
    TRY(certificate_open(
        &(struct certificate_head){
            .premise = asked->premise,
            .box = asked->question,
            .kind = "box",
            .sentence = "every trajectory for all data in the box converges exponentially to a "
                        "zero of the error in the limit box",
            .data = CERTIFICATE_STATED},
        c));
    put_tree(c, asked);
    put_claims(c, asked->box);
    return certificate_close(c);
}

enum status certificate_box(const struct certificate_box_question *asked, struct certificate *c)
{
    if (!asked->box->complete) {
        certificate_none("a part of the box is undecided", c);
        return OK;
    }
    if (box_question_intervals(asked->question) == 0) {
        certificate_none("the box is a point", c);
        return OK;
    }
    return write(asked, c);
}
