/* The tree of proved cells in the words of the format.
 *
 * A cell that is cut in four is cut across x, then both halves across y.  What the format cannot say
 * is `open`: that weights grow without blow-up, and cells around fixed points whose trap does not
 * close. */
#include "exact/certificate_basin.h"

#include "exact/tube.h"

#include <stdlib.h>
#include <string.h>

enum { CORNERS = 4, WORDS_MOST = 256, LETTERS_MOST = 130 };

static const char SENTENCE[] = "the trajectories from the marked cells end as the tree says";

/* Area of what has this sign word. */
struct share {
    char word[LETTERS_MOST];
    fmpq area;
};

struct work {
    const struct certificate_basin_question *question;
    struct certificate *certificate;
    struct tube *tube;
    size_t coordinate[2]; /* numbers of x and y among the intervals, from 1 */
    size_t letters;       /* of a sign word */
    size_t shares;
    struct share *share; /* [WORDS_MOST] */
    fmpq_t away, side;
    arf_ptr w; /* [dim] */
    bool is_full;
};

/* ---- the premise of the window ---- */

/* The middles and half widths of the window in the place of two numbers of the start. */
static enum status window_put(const struct certificate_basin_question *q)
{
    const size_t dim = q->premise->dim;
    fmpq *x0 = _fmpq_vec_init((slong)dim), *radius = _fmpq_vec_init((slong)dim);
    for (size_t i = 0; i < dim; i++)
        fmpq_set(x0 + i, q->premise->x0 + i);
    for (size_t d = 0; d < 2; d++) {
        const fmpq *low = q->tree->window + 2 * d, *high = low + 1;
        fmpq_add(x0 + q->axis[d], low, high);
        fmpq_div_2exp(x0 + q->axis[d], x0 + q->axis[d], 1);
        fmpq_sub(radius + q->axis[d], high, low);
        fmpq_div_2exp(radius + q->axis[d], radius + q->axis[d], 1);
    }
    enum status status = premise_replace(q->premise, PREMISE_X0, x0, dim);
    if (status == OK)
        status = premise_replace(q->premise, PREMISE_RADIUS, radius, dim);
    _fmpq_vec_clear(x0, (slong)dim);
    _fmpq_vec_clear(radius, (slong)dim);
    return status;
}

/* ---- leaves ---- */

static void word_of(const struct work *work, uint64_t positive, uint64_t negative, char *word)
{
    for (size_t i = 0; i < work->letters; i++)
        word[i] = i >= work->tube->signs ? '?'
                  : positive >> i & 1    ? '+'
                  : negative >> i & 1    ? '-'
                                         : '?';
    word[work->letters] = '\0';
}

/* 4^-level of the window */
static void area_of(const struct basin_tree_leaf *leaf, fmpq_t area)
{
    fmpq_one(area);
    fmpq_div_2exp(area, area, 2 * leaf->level);
}

static void share_add(struct work *work, const char *word, const struct basin_tree_leaf *leaf)
{
    size_t k = 0;
    while (k < work->shares && strcmp(work->share[k].word, word) != 0)
        k++;
    if (k == WORDS_MOST) {
        work->is_full = true;
        return;
    }
    if (k == work->shares)
        memcpy(work->share[work->shares++].word, word, work->letters + 1);
    area_of(leaf, work->side);
    fmpq_add(&work->share[k].area, &work->share[k].area, work->side);
}

static void put_modulus(struct certificate *c, double t)
{
    arf_t exact;
    arf_init(exact);
    arf_set_d(exact, t);
    certificate_dyadic(c, exact);
    arf_clear(exact);
}

/* A leaf as it is written: of the tree, or of a cell that had to be cut again. */
struct piece {
    struct basin_tree_leaf leaf;
    enum ending ending;
    uint64_t positive, negative;
    const double *at; /* [leaf.breaks] */
};

/* Those before `end`. */
static void put_breaks(const struct work *work, const struct piece *piece, double end)
{
    for (size_t k = 0; k < piece->leaf.breaks && piece->at[k] < end; k++)
        put_modulus(work->certificate, piece->at[k]);
}

static void put_settled(struct work *work, const struct piece *piece)
{
    struct certificate *c = work->certificate;
    char word[LETTERS_MOST];
    word_of(work, piece->positive, piece->negative, word);
    certificate_line(c, "leaf");
    certificate_word(c, piece->leaf.direction > 0 ? "+" : "-");
    certificate_word(c, word);
    put_breaks(work, piece, piece->leaf.near);
    if (piece->leaf.near > 0)
        put_modulus(c, piece->leaf.near); /* t_m, ... */
    put_modulus(c, piece->leaf.near);     /* ... which is u */
    put_modulus(c, piece->leaf.far);
    certificate_end_line(c);
    share_add(work, word, &piece->leaf);
}

static void put_open(struct certificate *c)
{
    certificate_line(c, "open");
    certificate_end_line(c);
}

/* Balls with the sides of a cell. */
static void sides_of(const struct work *work, const struct basin_tree_leaf *leaf, arb_t x, arb_t y)
{
    arb_t end;
    fmpq *box = _fmpq_vec_init(CORNERS);
    arb_init(end);
    basin_tree_box(work->question->tree, leaf, box);
    arb_set_fmpq(x, box, TUBE_PREC);
    arb_set_fmpq(end, box + 1, TUBE_PREC);
    arb_union(x, x, end, TUBE_PREC);
    arb_set_fmpq(y, box + 2, TUBE_PREC);
    arb_set_fmpq(end, box + CORNERS - 1, TUBE_PREC);
    arb_union(y, y, end, TUBE_PREC);
    arb_clear(end);
    _fmpq_vec_clear(box, CORNERS);
}

static void put_split(struct work *work, size_t axis)
{
    certificate_line(work->certificate, "split");
    certificate_count(work->certificate, work->coordinate[axis]);
    certificate_end_line(work->certificate);
}

static void put_piece(struct work *work, const struct piece *piece);

/* A quarter of a cell whose trap does not close, proved anew. */
static void put_quarter(struct work *work, const struct basin_tree_leaf *whole, uint32_t k)
{
    struct tube_verdict verdict;
    arb_t x, y;
    struct piece piece = {.leaf = {.i = 2 * whole->i + (k & 1),
                                   .j = 2 * whole->j + (k >> 1),
                                   .level = whole->level + 1}};
    arb_init(x);
    arb_init(y);
    sides_of(work, &piece.leaf, x, y);
    tube_prove(work->tube, x, y, &verdict);
    piece.ending = verdict.ending;
    piece.positive = verdict.positive;
    piece.negative = verdict.negative;
    piece.at = verdict.at;
    piece.leaf.breaks = verdict.breaks;
    piece.leaf.direction = verdict.direction;
    piece.leaf.near = verdict.near;
    piece.leaf.far = verdict.far;
    arb_clear(x);
    arb_clear(y);
    put_piece(work, &piece);
}

static void put_quarters(struct work *work, const struct basin_tree_leaf *whole)
{
    put_split(work, 0);
    for (uint32_t upper = 0; upper < 2; upper++) {
        put_split(work, 1);
        put_quarter(work, whole, upper);
        put_quarter(work, whole, upper + 2);
    }
}

static void put_trap(struct work *work, const struct basin_tree_leaf *leaf,
                     const struct tube_verdict *signs)
{
    struct certificate *c = work->certificate;
    char word[LETTERS_MOST];
    word_of(work, signs->positive, signs->negative, word);
    certificate_line(c, "near");
    certificate_word(c, word);
    for (size_t i = 0; i < work->tube->dim; i++)
        certificate_dyadic(c, work->w + i);
    certificate_end_line(c);
    share_add(work, word, leaf);
}

static bool signs_are_known(const struct work *work, const struct tube_verdict *signs)
{
    bool known = true;
    for (size_t i = 0; i < work->tube->signs; i++)
        known = known && ((signs->positive | signs->negative) >> i & 1);
    return known;
}

/* The trap closes on smaller cells than (EX20.2): they are cut until it does, or are as small as any. */
static void put_near(struct work *work, const struct piece *piece)
{
    struct tube_verdict signs;
    arb_t x, y;
    arb_init(x);
    arb_init(y);
    sides_of(work, &piece->leaf, x, y);
    const bool last = piece->leaf.level >= work->question->tree->levels;
    if (tube_trap(work->tube, x, y, work->w, &signs) && (last || signs_are_known(work, &signs)))
        put_trap(work, &piece->leaf, &signs);
    else if (!last)
        put_quarters(work, &piece->leaf);
    else
        put_open(work->certificate);
    arb_clear(x);
    arb_clear(y);
}

static void put_away(struct work *work, const struct piece *piece)
{
    struct certificate *c = work->certificate;
    certificate_line(c, "away");
    certificate_word(c, piece->leaf.direction > 0 ? "+" : "-");
    for (size_t k = 0; k < piece->leaf.breaks; k++)
        put_modulus(c, piece->at[k]);
    certificate_end_line(c);
    area_of(&piece->leaf, work->side);
    fmpq_add(work->away, work->away, work->side);
}

static void put_piece(struct work *work, const struct piece *piece)
{
    if (piece->ending == ENDING_SETTLED && piece->leaf.direction != 0)
        put_settled(work, piece);
    else if (piece->ending == ENDING_SETTLED)
        put_near(work, piece);
    else if (piece->ending == ENDING_ESCAPED)
        put_away(work, piece);
    else
        put_open(work->certificate);
}

static void put_leaf(struct work *work, const struct basin_tree_leaf *leaf)
{
    const struct basin_tree *tree = work->question->tree;
    struct piece piece = {
        .leaf = *leaf, .ending = ENDING_HORIZON, .at = tree->at + leaf->first_break};
    if (leaf->class != BASIN_TREE_UNDECIDED) {
        const struct basin_tree_class *class = tree->class + leaf->class;
        piece.ending = class->ending;
        piece.positive = class->positive;
        piece.negative = class->negative;
    }
    put_piece(work, &piece);
}

/* ---- the tree ---- */

static void put_node(struct work *work, size_t node)
{
    const struct basin_tree *tree = work->question->tree;
    const size_t child = tree->node[node].child;
    if (child == 0) {
        put_leaf(work, tree->leaf + tree->node[node].leaf);
        return;
    }
    put_split(work, 0);
    for (size_t upper = 0; upper < 2; upper++) {
        put_split(work, 1);
        put_node(work, child + upper);
        put_node(work, child + upper + 2);
    }
}

static int compare_words(const void *a, const void *b)
{
    const struct share *left = a, *right = b;
    return strcmp(left->word, right->word);
}

static void put_shares(struct work *work)
{
    struct certificate *c = work->certificate;
    qsort(work->share, work->shares, sizeof *work->share, compare_words);
    for (size_t k = 0; k < work->shares; k++) {
        certificate_line(c, "share");
        certificate_word(c, work->share[k].word);
        certificate_number(c, &work->share[k].area);
        certificate_end_line(c);
    }
    certificate_line(c, "away");
    certificate_number(c, work->away);
    certificate_end_line(c);
}

/* ---- the whole ---- */

static enum status body_put(struct work *work)
{
    struct certificate *c = work->certificate;
    const struct certificate_head head = {.premise = work->question->premise,
                                          .kind = "basin",
                                          .sentence = SENTENCE,
                                          .data = CERTIFICATE_STATED};
    TRY(window_put(work->question));
    TRY(certificate_open(&head, c));
    certificate_line(c, "tree");
    certificate_end_line(c);
    put_node(work, 0);
    put_shares(work);
    TRY(certificate_close(c));
    if (work->is_full)
        certificate_none("there are more sign words than a certificate is written for", c);
    return OK;
}

static enum status work_do(struct work *work)
{
    const struct certificate_basin_question *q = work->question;
    work->coordinate[0] = q->axis[0] < q->axis[1] ? 1 : 2;
    work->coordinate[1] = q->axis[0] < q->axis[1] ? 2 : 1;
    work->letters = q->premise->dim;
    work->share = calloc(WORDS_MOST, sizeof *work->share);
    if (!work->share)
        return status_fail(NO_MEMORY, "shares of a certificate");
    for (size_t k = 0; k < WORDS_MOST; k++)
        fmpq_init(&work->share[k].area);
    work->w = calloc(work->tube->dim, sizeof *work->w);
    if (!work->w) {
        free(work->share);
        return status_fail(NO_MEMORY, "widths of a certificate");
    }
    for (size_t i = 0; i < work->tube->dim; i++)
        arf_init(work->w + i);
    fmpq_init(work->away);
    fmpq_init(work->side);
    const enum status status = body_put(work);
    fmpq_clear(work->away);
    fmpq_clear(work->side);
    for (size_t i = 0; i < work->tube->dim; i++)
        arf_clear(work->w + i);
    free(work->w);
    for (size_t k = 0; k < WORDS_MOST; k++)
        fmpq_clear(&work->share[k].area);
    free(work->share);
    return status;
}

static bool has_kind(const struct certificate_basin_question *q)
{
    const struct statement *s = q->statement;
    return s->rule == STATEMENT_DIRECT && q->premise->dim < LETTERS_MOST &&
           (s->family == STATEMENT_CHAIN || s->family == STATEMENT_FAN);
}

enum status certificate_basin(const struct certificate_basin_question *question,
                              struct certificate *certificate)
{
    struct work work = {.question = question, .certificate = certificate};
    const char *why_not = NULL;
    if (!has_kind(question)) {
        certificate_none("maps have certificates for chains and fans under rbp and srbp",
                         certificate);
        return OK;
    }
    TRY(tube_create(question->statement, question->axis, &work.tube, &why_not));
    if (!work.tube) {
        certificate_none(why_not, certificate);
        return OK;
    }
    const enum status status = work_do(&work);
    tube_free(work.tube);
    return status;
}
