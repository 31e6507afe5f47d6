/* A ring of samples, read backwards. */
#include "ode/tail.h"

#include <math.h>

static const double LEAST_FALL = 10; /* of |f| over which a rate is measured */

void tail_step(struct tail *tail, double t, double size_f)
{
    const size_t k = tail->count++ % TAIL_LENGTH;
    tail->t[k] = t;
    tail->log_f[k] = log(size_f);
}

double tail_rate(const struct tail *tail, double least, double most)
{
    const size_t kept = tail->count < TAIL_LENGTH ? tail->count : TAIL_LENGTH;
    const size_t none = TAIL_LENGTH;
    size_t last = none, first = none;
    for (size_t back = 1; back <= kept; back++) {
        const size_t k = (tail->count - back) % TAIL_LENGTH;
        if (tail->log_f[k] < log(least))
            continue;
        if (tail->log_f[k] > log(most) || (first != none && tail->log_f[k] <= tail->log_f[first]))
            break;
        last = last == none ? k : last;
        first = k;
    }
    if (first == none || tail->log_f[first] - tail->log_f[last] < log(LEAST_FALL))
        return NAN;
    return (tail->log_f[last] - tail->log_f[first]) / (tail->t[last] - tail->t[first]);
}
