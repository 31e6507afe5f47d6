/* What statements for all data cost: leading terms of chains, the discriminant, all proofs of records,
 * and boxes of data.  Milliseconds of the process; the least of several runs. */
#include "exact/box.h"
#include "exact/discriminant.h"
#include "exact/leading.h"
#include "proofs-check/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { DEPTH_MOST = 24, REPEATS = 5, CELLS_MOST = 20000, PER_CENT = 100 };

static double milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

static void print_leading(size_t L)
{
    static const enum leading_layer layer[DEPTH_MOST] = {LEADING_MOVES};
    double least = 1e9, expanded = 1e9;
    for (int k = 0; k < REPEATS; k++) {
        struct leading *P;
        const double begun = milliseconds();
        if (leading_create(L, &P) != OK || leading_of_weights(layer, P) != OK)
            abort();
        const double spent = milliseconds() - begun;
        const bool agrees = L > LEADING_EXPANDED_MOST || leading_agrees_with_expansion(layer, P);
        const double all = milliseconds() - begun;
        least = spent < least ? spent : least;
        expanded = all < expanded ? all : expanded;
        if (!agrees || !leading_is_closed_form(P))
            abort();
        leading_free(P);
    }
    printf("leading term, L = %2zu         %8.4f ms", L, least);
    if (L <= LEADING_EXPANDED_MOST)
        printf("   with all terms %8.4f ms", expanded);
    printf("\n");
}

static void print_proofs(void)
{
    double sum = 0, longest = 0;
    size_t proofs = 0;
    for (size_t k = 0; theorem_chapters[k]; k++)
        for (size_t j = 0; j < theorem_chapters[k]->theorems; j++) {
            struct proof proof;
            struct verify_proof result;
            const double begun = milliseconds();
            if (verify_proof(&theorem_chapters[k]->theorem[j], &proof, &result) != OK)
                abort();
            const double spent = milliseconds() - begun;
            sum += spent;
            longest = spent > longest ? spent : longest;
            proofs += result.verdict != VERDICT_UNDECIDED;
        }
    printf("%zu proofs of records, with controls: %.3f ms, the longest %.3f ms\n", proofs, sum,
           longest);
}

/* All data 1, the start 1/2; per cent. */
static struct box_question *question_of(size_t layers, slong within)
{
    struct box_question *q;
    if (box_question_create(BOX_DIRECT, layers, layers - 1, &q) != OK)
        abort();
    for (size_t i = 0; i < q->count; i++) {
        const slong whole = i < BOX_FEEDBACK + q->c_count ? 2 : 1; /* halves */
        fmpq_set_si(q->low + i, whole * (PER_CENT - within), 2 * PER_CENT);
        fmpq_set_si(q->high + i, whole * (PER_CENT + within), 2 * PER_CENT);
    }
    return q;
}

static void print_box(size_t layers, slong within)
{
    double least = 1e9;
    struct box_question *q = question_of(layers, within);
    for (int k = 0; k < 2; k++) {
        struct box *box;
        const double begun = milliseconds();
        if (box_decide(q, CELLS_MOST, &box) != OK)
            abort();
        const double spent = milliseconds() - begun;
        least = spent < least ? spent : least;
        if (k > 0)
            printf(
                "box, L = %zu, %2zu data +-%2ld %%  %8.1f ms   %5zu cells, rate %.3f, open %.3g\n",
                layers, box_question_intervals(q), (long)within, least, box->leaves,
                arf_get_d(box->rate, ARF_RND_DOWN), box->open_share);
        box_free(box);
    }
    box_question_free(q);
}

int main(void)
{
    static const size_t depths[] = {2, 3, 4, 5, 8, 16, 24};
    static const struct {
        size_t layers;
        slong within;
    } boxes[] = {{2, 5}, {2, 10}, {2, 20}, {3, 5}, {3, 10}, {3, 20}, {4, 5}, {5, 1}, {5, 5}};
    for (size_t i = 0; i < sizeof depths / sizeof *depths; i++)
        print_leading(depths[i]);
    struct discriminant_step step[DISCRIMINANT_STEPS];
    const double begun = milliseconds();
    discriminant_prove(step);
    printf("discriminant of A[1,1,1]     %8.4f ms\n", milliseconds() - begun);
    print_proofs();
    for (size_t i = 0; i < sizeof boxes / sizeof *boxes; i++)
        print_box(boxes[i].layers, boxes[i].within);
    return 0;
}
