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

/* The ring's index of the step `back` steps before the next one. */
static size_t step_at(const struct tail *tail, size_t back)
{
    return (tail->count - back) % TAIL_LENGTH;
}

double tail_rate(const struct tail *tail, double least, double most)
{
    const size_t kept = tail->count < TAIL_LENGTH ? tail->count : TAIL_LENGTH;
    size_t back = 1;
    while (back <= kept && tail->log_f[step_at(tail, back)] < log(least))
        back++;
    if (back > kept)
        return NAN;
    const size_t last = step_at(tail, back);
    size_t first = last;
    for (back++; back <= kept; back++) {
        const size_t k = step_at(tail, back);
        if (!(tail->log_f[k] > tail->log_f[first] && tail->log_f[k] <= log(most)))
            break;
        first = k;
    }
    const double fall = tail->log_f[first] - tail->log_f[last];
    return fall >= log(LEAST_FALL) ? -fall / (tail->t[last] - tail->t[first]) : NAN;
}
