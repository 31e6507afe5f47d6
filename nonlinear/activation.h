/* Activations f of the neurons O = f(S), with what flows, predictions and quadrature need of them.
 *
 * Shapes: scalars; `p` is the activation's parameter (ignored where it has none).  Units: none.
 * Accuracy: every value within a few units in its last place, far into saturation too; only a
 * third derivative next to its own zeros is no better than that of its terms.
 * Memory: records are constants.  Errors: none; an unknown name gives NULL.  At a point where f',
 * f'' or f''' does not exist the functions give the value from the right, or infinity.
 * Source: notes/nonlinear.md. */
#ifndef NONLINEAR_ACTIVATION_H
#define NONLINEAR_ACTIVATION_H

#include "linear/problem.h"

#include <stdbool.h>

/* What f is at zero, the only place where one of ours is not analytic. */
enum activation_regularity {
    ACTIVATION_SMOOTH,        /* f is analytic on the real line */
    ACTIVATION_LIPSCHITZ,     /* f' exists and is Lipschitz at 0: solutions are unique there */
    ACTIVATION_KINK,          /* f' jumps at 0: Filippov */
    ACTIVATION_NOT_LIPSCHITZ, /* f' is continuous, but not Lipschitz: solutions branch at 0 */
    ACTIVATION_SINGULAR       /* f' is infinite at 0: solutions cross it at infinite speed */
};

struct activation {
    const char *name, *title;
    const char *equation; /* plain mathematics */
    const char *source, *label;
    const char *parameter;        /* what it is called, e.g. "mu"; NULL: it has none */
    double standard, least, most; /* of the parameter: default, and between what it may be */
    bool odd;                     /* f(-x) = -f(x) for every parameter */
    bool teacher_only;            /* makes targets; no layer can learn through it */
    double (*value)(double p, double x);
    double (*slope)(double p, double x);     /* f' */
    double (*curvature)(double p, double x); /* f'' */
    double (*third)(double p, double x);     /* f''' */
    enum activation_regularity (*at_zero)(double p);
    /* The degree m of f(a x) = a^m f(x) for all a > 0; NULL: f is not homogeneous. */
    double (*degree)(double p);
};

/* One alphabetical list of words. */
#define ACTIVATIONS(X)                                                                             \
    X(erf)                                                                                         \
    X(identity)                                                                                    \
    X(leaky_relu)                                                                                  \
    X(logistic)                                                                                    \
    X(odd_power)                                                                                   \
    X(odd_root)                                                                                    \
    X(power)                                                                                       \
    X(relu)                                                                                        \
    X(sign)                                                                                        \
    X(tanh)
#define X(name) extern const struct activation activation_##name;
ACTIVATIONS(X)
#undef X

/* NULL-terminated. */
extern const struct activation *const activation_registry[];

const struct activation *activation_named(const char *name); /* NULL if unknown */

double activation_value(const struct neurons *neurons, double x);
double activation_slope(const struct neurons *neurons, double x);
double activation_curvature(const struct neurons *neurons, double x);
double activation_third(const struct neurons *neurons, double x);

/* For records: at_zero() of those that are analytic whatever their parameter. */
enum activation_regularity activation_smooth(double p);

/* For records: the derivative of order `order` of x^mu, at |x|. */
double activation_monomial(double mu, int order, double x);

/* The neurons of hidden layer i, 0 <= i < layers - 1, of a problem; the top layer is linear. */
struct neurons activation_of_layer(const struct problem *problem, size_t layer);

/* BAD_ARGUMENT where the parameter is out of range, or the activation makes targets only. */
enum status activation_check(const struct neurons *neurons) MUST_CHECK;

enum { ACTIVATION_TEXT_MAX = 512 };

/* As the command line has them, with all digits: "power:3", "power:3,power:2", "tanh,1.5,2";
 * text[size]. */
const char *activation_text(const struct neurons *neurons, size_t size, char *text);
const char *activation_list_text(const struct problem *problem, size_t size, char *text);
const char *activation_teacher_text(const struct teacher *teacher, size_t size, char *text);

#endif
