/* Ranks over the rationals: E = Sigma_TI - Q_L Sigma_II vanishes only if the rows of Sigma_TI are
 * combinations of those of Sigma_II, and no layer is narrower than their rank. */
#include "exact/trap_obstacle.h"

/* Of the first rows of Sigma_II and, below them, those of Sigma_TI: so many of each. */
static slong rank_of_rows(const struct premise *p, slong squares, slong others)
{
    const slong N0 = (slong)p->sizes[0];
    fmpq_mat_t A;
    fmpq_mat_init(A, squares + others, N0);
    for (slong j = 0; j < squares * N0; j++)
        fmpq_set(fmpq_mat_entry(A, j / N0, j % N0), p->sigma_ii + j);
    for (slong j = 0; j < others * N0; j++)
        fmpq_set(fmpq_mat_entry(A, squares + j / N0, j % N0), p->sigma_ti + j);
    const slong rank = fmpq_mat_rref(A, A);
    fmpq_mat_clear(A);
    return rank;
}

const char *trap_obstacle(const struct premise *p)
{
    const slong N0 = (slong)p->sizes[0], NL = (slong)p->sizes[p->layers];
    const slong rank = rank_of_rows(p, 0, NL);
    for (size_t i = 0; i <= p->layers; i++)
        if ((slong)p->sizes[i] < rank)
            return "a layer is narrower than the rank of Sigma_TI, so that the error vanishes "
                   "nowhere (TR8)";
    if (rank_of_rows(p, N0, NL) > rank_of_rows(p, N0, 0))
        return "the rows of Sigma_TI are no combinations of those of Sigma_II, so that the error "
               "vanishes nowhere (TR8)";
    return NULL;
}
