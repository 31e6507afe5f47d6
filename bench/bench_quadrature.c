/* What the moments of a neuron over Gaussian inputs cost: M1, M2 and three derivatives of each at
 * one weight, against the quadrature that a user would take for E[f(aI)^2] alone,
 * gsl_integration_qagi at the same accuracy, and its error. */
#include "nonlinear/activation.h"
#include "nonlinear/response.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { REPEATS = 2000, PIECES = 1000 };
static const double RELATIVE = 1e-13; /* what is asked of GSL */
static const double PI = 3.14159265358979323846;

struct square {
    const struct activation *f;
    double a;
};

static double integrand(double t, void *context)
{
    const struct square *square = context;
    const double f = square->f->value(square->f->standard, square->a * t);
    return f * f * exp(-t * t / 2) / sqrt(2 * PI);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void compare(const struct response *response, struct square square,
                    gsl_integration_workspace *workspace)
{
    struct response_values values;
    double adaptive = NAN, error, start = seconds();
    for (int k = 0; k < REPEATS; k++)
        response_at(response, square.a, &values);
    const double ours = (seconds() - start) / REPEATS;
    gsl_function f = {integrand, &square};
    start = seconds();
    for (int k = 0; k < REPEATS / 10; k++)
        gsl_integration_qagi(&f, 0, RELATIVE, PIECES, workspace, &adaptive, &error);
    const double theirs = (seconds() - start) / (REPEATS / 10.);
    printf("%-10s %8g %10.2f %10.2f %8.1f %10.1e\n", square.f->name, square.a, 1e6 * ours,
           1e6 * theirs, theirs / ours, fabs(adaptive / values.m2[0] - 1));
}

int main(void)
{
    static const char *const names[] = {"tanh", "logistic", "erf", "relu"};
    gsl_set_error_handler_off();
    gsl_integration_workspace *workspace = gsl_integration_workspace_alloc(PIECES);
    printf("%-10s %8s %10s %10s %8s %10s\n", "neuron", "a", "ours, us", "qagi, us", "ratio",
           "qagi error");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct problem problem = problem_defaults(NULL, NULL);
        problem.neuron_count = 1;
        problem.neurons[0].activation = activation_named(names[i]);
        problem.gaussian = 1;
        problem.teacher = (struct teacher){{activation_named("tanh"), 0}, 1, 1};
        struct response *response;
        if (response_create(&problem, &response) != OK)
            return EXIT_FAILURE;
        for (double a = 1; a < 1e7; a *= 100)
            compare(response, (struct square){problem.neurons[0].activation, a}, workspace);
        response_free(response);
    }
    gsl_integration_workspace_free(workspace);
    return EXIT_SUCCESS;
}
