/* Outcomes: one block each. */
#include "ode/outcome.h"

#include "ode/switch.h"

#include <math.h>
#include <stdlib.h>

/* The struct and its arrays are one block. */
struct outcome_block {
    struct outcome outcome;
    double storage[];
};

struct outcome *outcome_create(const struct flow *flow)
{
    const size_t n = flow->dim, doubles = 4 * n + flow->conserved;
    struct outcome_block *block = calloc(1, sizeof *block + doubles * sizeof(double));
    if (!block)
        return NULL;
    block->outcome.last = block->storage;
    block->outcome.limit = block->storage + n;
    block->outcome.spectrum = block->storage + 2 * n;
    block->outcome.error = block->storage + 3 * n;
    block->outcome.drift = block->storage + 4 * n;
    return &block->outcome;
}

void outcome_free(struct outcome *outcome)
{
    free(outcome);
}

void outcome_clear(const struct flow *flow, const double *x0, struct outcome *outcome)
{
    *outcome = (struct outcome){.ending = ENDING_HORIZON,
                                .residual = NAN,
                                .residual_floor = NAN,
                                .transverse_rate = NAN,
                                .distance_bound = NAN,
                                .integration_error = NAN,
                                .measured_rate = NAN,
                                .exponent = NAN,
                                .log_slope = NAN,
                                .blowup_time = NAN,
                                .blowup_error = NAN,
                                .period = NAN,
                                .return_distance = NAN,
                                .sliding = SWITCH_NONE,
                                .stop = SWITCH_NONE,
                                .last = outcome->last,
                                .limit = outcome->limit,
                                .drift = outcome->drift,
                                .error = outcome->error,
                                .spectrum = outcome->spectrum};
    for (size_t i = 0; i < flow->dim; i++) {
        outcome->last[i] = x0[i];
        outcome->limit[i] = outcome->spectrum[i] = outcome->error[i] = NAN;
    }
    for (size_t k = 0; k < flow->conserved; k++)
        outcome->drift[k] = 0;
}
