/* The records of neurons and their registry.
 *
 * A record is a name and a kind; f and f' themselves are loops of array_body.inc, once for each
 * arithmetic, because a call for each number would cost more than the function.  A neuron is added
 * by a line here, a word in enum neuron_kind and a block of array_body.inc in the same order. */
#include "networks/neuron.h"

#include <stddef.h>
#include <string.h>

static const struct neuron identity = {NEURON_IDENTITY, "identity", "f(s) = s"};
static const struct neuron logistic = {NEURON_LOGISTIC, "logistic", "f(s) = 1/(1 + exp(-s))"};
static const struct neuron relu = {NEURON_RELU, "relu", "f(s) = max(s, 0)"};
static const struct neuron shifted_logistic = {NEURON_SHIFTED_LOGISTIC, "shifted-logistic",
                                               "f(s) = 1/(1 + exp(-s)) - 1/2"};
static const struct neuron hyperbolic = {NEURON_TANH, "tanh", "f(s) = tanh(s)"};

const struct neuron *const neuron_registry[] = {&identity,         &logistic,   &relu,
                                                &shifted_logistic, &hyperbolic, NULL};

const struct neuron *neuron_named(const char *name)
{
    for (const struct neuron *const *neuron = neuron_registry; *neuron; neuron++)
        if (strcmp((*neuron)->name, name) == 0)
            return *neuron;
    return NULL;
}
