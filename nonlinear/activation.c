/* The registry of activations, and what holds of all of them. */
#include "nonlinear/activation.h"

#include "base/number.h"

#include <math.h>
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

double activation_third(const struct neurons *neurons, double x)
{
    return neurons->activation->third(neurons->parameter, x);
}

enum activation_regularity activation_smooth(double p)
{
    (void)p;
    return ACTIVATION_SMOOTH;
}

double activation_monomial(double mu, int order, double x)
{
    double factor = 1;
    for (int k = 0; k < order; k++)
        factor *= mu - k;
    if (factor == 0) /* not 0 times infinity at x = 0 */
        return 0;
    const double exponent = mu - order, size = fabs(x);
    if (exponent == 1)
        return factor * size;
    if (exponent == 2)
        return factor * size * size;
    return factor * pow(size, exponent);
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
    char number[NUMBER_TEXT_MAX];
    if (neurons->activation->parameter)
        snprintf(text, size, "%s:%s", neurons->activation->name,
                 number_shortest(neurons->parameter, number));
    else
        snprintf(text, size, "%s", neurons->activation->name);
    return text;
}

const char *activation_list_text(const struct problem *problem, size_t size, char *text)
{
    text[0] = '\0';
    for (size_t i = 0, length = 0; i < problem->neuron_count && length + 1 < size; i++) {
        if (i > 0)
            text[length++] = ',';
        activation_text(&problem->neurons[i], size - length, text + length);
        length += strlen(text + length);
    }
    return text;
}

const char *activation_teacher_text(const struct teacher *teacher, size_t size, char *text)
{
    char argument[NUMBER_TEXT_MAX], scale[NUMBER_TEXT_MAX];
    activation_text(&teacher->neurons, size, text);
    const size_t length = strlen(text);
    snprintf(text + length, size - length, ",%s,%s", number_shortest(teacher->argument, argument),
             number_shortest(teacher->scale, scale));
    return text;
}
