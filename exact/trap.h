/* Convergence proved: an orbit with a bounded defect that ends in a trap; notes/trap.md, (TR1)-(TR6).
 *
 * The orbit, its tubes, the norm and the widths are found here, by trial; what is proved is proved by
 * trap_walk.h from the numbers that stand in the result, and trap_check() walks through all of them
 * once more from nothing else.
 *
 * Shapes: limit[n]; far[n]; pieces in order.  Units: time, 1/time for rate.
 * Memory: trap_prove() makes a trap even where nothing is proved, trap_free(); it borrows the premise.
 * Errors: NO_MEMORY, INTERRUPTED. */
#ifndef EXACT_TRAP_H
#define EXACT_TRAP_H

#include "exact/trap_walk.h"

struct trap_options {
    slong digits;   /* of the limit, of its largest component */
    double horizon; /* no longer than this */
    /* Stop?  Called now and then; NULL: never. */
    bool (*stop)(void *data, double t, size_t pieces);
    void *data;
};

/* The first time when the trap closed. */
struct trap_entry {
    double time, rate, way; /* rate: at least; way: the length of the rest of the path, at most */
    size_t pieces;
};

struct trap {
    bool proved;
    const char *reason; /* NULL: proved */
    const struct premise *premise;
    struct program *program;
    slong scale, order;
    size_t count, room;
    struct trap_piece *piece;
    double **frame; /* those that the pieces point to */
    size_t frames;
    struct trap_end end; /* at the end of the last piece */
    arb_ptr limit;       /* [n], balls */
    struct trap_entry entry;
    double time;  /* of the end */
    arf_t radius; /* of the error there */
};

enum status trap_prove(const struct premise *premise, const struct trap_options *options,
                       struct trap **trap) MUST_CHECK;
void trap_free(struct trap *trap);

/* All that is claimed, once more. */
enum status trap_check(const struct trap *trap, bool *holds) MUST_CHECK;

/* Digits of the limit that are certain, of the largest component. */
double trap_digits(const struct trap *trap);

#endif
