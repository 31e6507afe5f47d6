/* Norms of vectors and matrices of balls in the frame of a matrix B, |x|_B = |B^-1 x|_2, and the
 * definiteness of symmetric matrices of wide balls.
 *
 * Shapes: x[n]; matrices of ball.h.  Memory: memory.h's, through GMP.
 * Errors: norms are unbounded, or false is returned, where nothing is known; a rejection of too
 * much work. */
#ifndef CHECKER_FRAME_H
#define CHECKER_FRAME_H

#include "checker/ball.h"

/* Adds so many products of balls to reject_work(). */
void frame_work(const struct ball_context *c, size_t products);

struct frame {
    size_t n;
    struct ball_matrix B, inverse;
};

void frame_init(struct frame *frame, size_t n); /* zeros: no frame yet */

/* After B was set: its inverse, by Gauss's elimination with the largest pivots; false: none was found. */
bool frame_invert(struct ball_context *c, struct frame *frame);

void frame_norm(struct ball_context *c, const struct frame *frame, const struct ball *x,
                struct ball *norm);

/* |row i of B|_2: |d_i| is at most this times |d|_B. */
void frame_row_norm(struct ball_context *c, const struct frame *frame, size_t i, struct ball *norm);

/* |x|_2, as upper bound. */
void frame_length(struct ball_context *c, size_t n, const struct ball *x, struct ball *norm);

/* Is every symmetric matrix in A positive definite?  Proved for the midpoints less the largest row sum of the radii,
 * which no eigenvalue moves by more (Weyl); A is changed. */
bool frame_is_definite(struct ball_context *c, struct ball_matrix *A);

#endif
