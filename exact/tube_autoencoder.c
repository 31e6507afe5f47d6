/* A[N,1,N] with white inputs, N > 1: no march, (EX22) with (EX9).
 *
 * Whoever does not start on the half line A = x C, x < 0, settles at the one positive zero of g. */
#include "exact/tube.h"

/* Is A_i C_j - A_j C_i without 0 on the box, for some i < j? */
static bool is_off_line(const struct tube *tube, const arb_struct *A)
{
    arb_t minor;
    bool off = false;
    arb_init(minor);
    for (size_t i = 0; i < tube->size && !off; i++)
        for (size_t j = i + 1; j < tube->size && !off; j++) {
            arb_mul(minor, A + i, tube->c + j, TUBE_PREC);
            arb_submul(minor, A + j, tube->c + i, TUBE_PREC);
            off = tube_sign(minor) != 0;
        }
    arb_clear(minor);
    return off;
}

/* A_i C_i >= 0 and C_i != 0 for some i: then A = x C has x >= 0. */
static bool is_ahead(const struct tube *tube, const arb_struct *A)
{
    arb_t product;
    bool ahead = false;
    arb_init(product);
    for (size_t i = 0; i < tube->size && !ahead; i++) {
        arb_mul(product, A + i, tube->c + i, TUBE_PREC);
        ahead = tube_sign(tube->c + i) != 0 && arb_is_nonnegative(product);
    }
    arb_clear(product);
    return ahead;
}

static bool autoencoder_settles(const struct tube *tube, const struct tube_place *at)
{
    struct jet start;
    arb_ptr A = _arb_vec_init((slong)tube->size);
    jet_init(&start);
    for (size_t i = 0; i < tube->size; i++) {
        tube_start(tube, at, i, &start);
        arb_set(A + i, start.c + JET_V);
    }
    const bool settles = is_off_line(tube, A) || is_ahead(tube, A);
    jet_clear(&start);
    _arb_vec_clear(A, (slong)tube->size);
    return settles;
}

void tube_autoencoder_open(struct tube *tube)
{
    tube->settles = autoencoder_settles;
}
