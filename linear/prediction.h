/* What theory says of the limit of one trajectory.
 *
 * A prediction never integrates the flow: it is an algebraic statement about the start, so that it
 * and an integration are independent.  Predictions of this layer are made in double-double balls
 * and say `ending = ENDING_HORIZON` with a reason when the balls cannot decide; an exact engine
 * can take their place behind the same struct.
 *
 * Shapes:  limit[max(dim, outputs)] belongs to the caller.  Units: rate 1/time, escape_time time.
 * Absent numbers are NAN; `reason` is a static string or NULL. */
#ifndef LINEAR_PREDICTION_H
#define LINEAR_PREDICTION_H

#include "ode/flow.h"

/* What `limit` holds. */
enum prediction_about {
    PREDICTION_STATE, /* the limit of the state, limit[dim] */
    PREDICTION_OUTPUT /* that of the flow's output, limit[outputs]: the weights are not known */
};

struct prediction {
    enum prediction_about about;
    enum ending ending; /* settled, saddle, creeping, escaped, unbounded; horizon = inconclusive */
    double rate;        /* transverse eigenvalue at the limit (negative: attracts) */
    unsigned multiplicity; /* of the root that is the limit; 0 if there is no limit */
    double error;          /* bound on |limit - exact limit|, largest component */
    /* creeping: |x - limit| ~ t^exponent; unbounded: |x| ~ t^exponent (INFINITY: exponential; 0:
     * more slowly than every power, as log t); escaped: |x| ~ (T - t)^exponent, T the blow-up time */
    double exponent;
    double escape_time;    /* escaped: the blow-up time */
    double period;         /* cycling */
    double clock;          /* s* of the clock reduction, if there is one */
    double global_minimum; /* 1 yes, 0 no, NAN unknown or meaningless */
    double loss;           /* excess loss at the limit, NAN if none */
    const char *source;    /* paper and theorem, or note label */
    const char *reason;    /* why it is inconclusive, or NULL */
};

/* The reason where a blow-up is certain and its time is not. */
#define PREDICTION_NO_TIME "blow-up, but the integral for its time cannot be computed in doubles"

/* All numbers absent, ending horizon. */
struct prediction prediction_none(const char *source, const char *reason);

#endif
