/* The registry of activations, and what holds of all of them. */
#include "nonlinear/activation.h"

#include <stdio.h>
#include <string.h>

#define X(name) &activation_##name,
const struct activation *const activation_registry[] = {ACTIVATIONS(X) NULL};
#undef X

const struct activation *activation_named(const char *name)
{
    for (size_t i = 0; activation_registry[i]; i++)
        if (strcmp(activation_registry[i]->name, name) == 0)
            return activation_registry[i];
    return NULL;
}

double activation_value(const struct neurons *neurons, double x)
{
    return neurons->activation->value(neurons->parameter, x);
}

double activation_slope(const struct neurons *neurons, double x)
{
    return neurons->activation->slope(neurons->parameter, x);
}

double activation_curvature(const struct neurons *neurons, double x)
{
    return neurons->activation->curvature(neurons->parameter, x);
}

struct neurons activation_of_layer(const struct problem *problem, size_t layer)
{
    return problem->neurons[problem->neuron_count > 1 ? layer : 0];
}

enum status activation_check(const struct neurons *neurons)
{
    const struct activation *f = neurons->activation;
    if (f->teacher_only)
        return status_fail(BAD_ARGUMENT, "no layer learns through %s; it makes targets only",
                           f->name);
    if (f->parameter && !(neurons->parameter >= f->least && neurons->parameter <= f->most))
        return status_fail(BAD_ARGUMENT, "%s: %s = %g; expected %g to %g", f->name, f->parameter,
                           neurons->parameter, f->least, f->most);
    return OK;
}

const char *activation_text(const struct neurons *neurons, size_t size, char *text)
{
    if (neurons->activation->parameter)
        snprintf(text, size, "%s:%.10g", neurons->activation->name, neurons->parameter);
    else
        snprintf(text, size, "%s", neurons->activation->name);
    return text;
}
