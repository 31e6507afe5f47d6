/* Enclosures of the error of a chain and of its slope over a cell of data.  Internal to box*.c.
 *
 * Shapes: z[count] balls of the data, gradient[count + 1] with the residual time last.
 * Memory: box_program_create(), box_program_free(); nothing is allocated in between. */
#ifndef EXACT_BOX_PARTS_H
#define EXACT_BOX_PARTS_H

#include "exact/box.h"

enum { BOX_PRECISION = 64 };

enum box_functional {
    BOX_ERROR, /* G = alpha - beta P */
    BOX_SLOPE  /* dG/ds */
};

struct box_program {
    const struct box_question *question;
    arb_ptr block;                  /* all balls below */
    arb_ptr d, a, half, U, P, S;    /* [L], [L], [L], [L + 1], [L + 1], [L + 1] */
    arb_ptr D, c, rate;             /* products of feedback weights [L + 1]; weights, rates [L] */
    arb_ptr z, middle, gradient;    /* [count], [count], [count + 1] */
    arb_ptr adjoint;                /* [L] of d */
    arb_t s, value, whole, u, v, w; /* room */
    mag_t error, influence;
    size_t strongest; /* the coordinate of the last enclosure that matters most; count: time */
};

enum status box_program_create(const struct box_question *question,
                               struct box_program **program) MUST_CHECK;
void box_program_free(struct box_program *program);

/* Sets z, and the middle. */
void box_program_cell(struct box_program *program, arb_srcptr z);

/* The sign of the functional for all data of the cell and all s in the ball; 0: not decided. */
int box_program_sign(struct box_program *program, enum box_functional functional, const arb_t s);

/* An enclosure of the functional, and of the state a[layers], over the cell and the ball s. */
void box_program_range(struct box_program *program, enum box_functional functional, const arb_t s,
                       arb_t range);
void box_program_state(struct box_program *program, const arb_t s, arb_ptr a);

#endif
