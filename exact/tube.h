/* The error along the orbits from a box of starts, in residual time: what proves a cell of a map.
 *
 * All starts of the box begin at s = 0, so that "ahead" means the same for each of them.  A tube
 * gives the error, or a function with the same sign and the same simple zeros, over a stretch of s and
 * the whole box at once, with its derivatives; tube_prove() marches over it, (EX20)-(EX23) of
 * notes/exact.md.
 *
 *   tube_chain.c        chains under fixed feedback, any depth
 *   tube_fan.c          fans under fixed feedback
 *   tube_pair.c         two layers and fans under bp, arbp and asrbp, in residual time, w = e^s
 *   tube_skipped.c      asrbp chains of three layers and more
 *   tube_autoencoder.c  A[N,1,N], where no march is needed
 *
 * Units: residual time.  Memory: tube_create(), tube_free(); many threads may read one tube.
 * Errors: NO_MEMORY; a system that is not covered gives *tube = NULL and says why. */
#ifndef EXACT_TUBE_H
#define EXACT_TUBE_H

#include "exact/jet.h"
#include "exact/statement.h"
#include "ode/ending.h"

#include <stdint.h>

enum { TUBE_PREC = 64, TUBE_BREAKS_MOST = 64, TUBE_SIGNS_MOST = 64 };

/* Where the error is asked for: balls, or their middles. */
struct tube_place {
    arb_struct s, x, y;
    struct jet_parts parts;
    const struct jet *from; /* [dim] the state where s = 0, if it is not the start; NULL */
};

struct tube {
    /* e there, and the state in jets weight[states]; NULL: not wanted. */
    void (*error)(const struct tube *tube, const struct tube_place *at, struct jet *e,
                  struct jet *weight);
    /* What becomes of all starts whose s goes on in `direction` from the point at->s, where e has
     * the sign of the direction: escaped or unbounded if it is proved, else horizon. */
    enum ending (*beyond)(const struct tube *tube, const struct tube_place *at, int direction);
    /* Instead of all that: does the whole box settle?  NULL: march. */
    bool (*settles)(const struct tube *tube, const struct tube_place *at);
    double end[2]; /* where the orbit ends below and above, as moduli; INFINITY: nowhere */
    size_t signs;  /* the first unknowns whose signs tell branches apart; their product is P */
    size_t states; /* jets of a state: at least `signs`, or 0 */
    bool restarts; /* is the orbit from a state on it the same orbit?  Then states = dim. */
    size_t size, dim, c_count;
    size_t axis[2];    /* unknowns that vary */
    arb_ptr x0, c;     /* [dim] at the start, of those that do not vary; [c_count] feedback */
    arb_t alpha, beta; /* as balls */
    int sign_of_P;     /* where e = 0 */
    slong degree;      /* of e in s where no layer is dead; -1: no polynomial */
};

/* axis: two different unknowns of x0. */
enum status tube_create(const struct statement *statement, const size_t axis[2], struct tube **tube,
                        const char **why_not) MUST_CHECK;
void tube_free(struct tube *tube);

/* What is proved of every start of a closed box. */
struct tube_verdict {
    enum ending ending;          /* settled, escaped, unbounded; horizon: nothing is proved */
    uint64_t positive, negative; /* bit i: the sign of weight i at the limit; neither: it is 0 */
    int direction;               /* of s; 0: e changes its sign on the box */
    /* Moduli of s, dyadic, from 0 on: on each stretch up to at[steps - 1] e has no zero, on each one
     * from there to at[breaks - 1] it falls in the direction, and at the last one it has the other sign:
     * exactly one zero, a simple one, for each start.  With direction 0, e falls from -at[0] to at[0],
     * positive at the former and negative at the latter.  Escaped: only steps. */
    size_t steps, breaks;
    double at[TUBE_BREAKS_MOST];
    double near, far; /* moduli: the zeros lie between, where the signs hold, piece by piece */
    size_t looks;     /* how often the error was enclosed */
};

/* The box: x and y as balls. */
void tube_prove(const struct tube *tube, const arb_t x, const arb_t y,
                struct tube_verdict *verdict);

/* The mean-value forms of e and of its derivative by s, for s from low to high, at all starts of the
 * box: dyadic ends. */
struct tube_stretch {
    double low, high;
    const arb_struct *x, *y;
};
void tube_enclose(const struct tube *tube, const struct tube_stretch *stretch, arb_t value,
                  arb_t slope);

/* Widths w[dim] of a box around the given one in which every start stays that settles by a trap,
 * theorem B of notes/certificates.md (kind basin, near) with k = 1; signs of the first unknowns on it.
 * false: no such box was found. */
bool tube_trap(const struct tube *tube, const arb_t x, const arb_t y, arf_ptr w,
               struct tube_verdict *signs) MUST_CHECK;

/* ---- internal to tube*.c ---- */

/* Unknown i at the start. */
void tube_start(const struct tube *tube, const struct tube_place *at, size_t i, struct jet *f);
/* f += unknown i at the start */
void tube_add_start(const struct tube *tube, const struct tube_place *at, size_t i, struct jet *f);
/* P := alpha - beta P */
void tube_error_of(const struct tube *tube, const struct jet_parts *parts, struct jet *P);
int tube_sign(const arb_t x); /* 0: not proved */

void tube_chain_open(struct tube *tube);
void tube_fan_open(struct tube *tube);
void tube_pair_open(const struct statement *statement, struct tube *tube);
void tube_skipped_open(struct tube *tube);
void tube_autoencoder_open(struct tube *tube);

#endif
