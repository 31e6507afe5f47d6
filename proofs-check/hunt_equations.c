/* Equations of one's own as a claim.
 *
 * The hunter knows claims, so a file is made one: its space is a box in the place of architectures and
 * hypotheses, its conclusion and margin are those of the convergence theorems.  The box is about the
 * start of the file, as people write a start where something happens, and contains 0, since zeros and
 * signs are the boundary cases.  Rejected: heavy tails, as for theorems, since the statement is about
 * the window that was asked for, and the bound on the measure of violations is then a share of it. */
#include "proofs-check/hunt_equations.h"

#include "base/nearest.h"
#include "equations/equations.h"
#include "proofs-check/conclude.h"

#include <math.h>
#include <stdio.h>

static const double HALF_WIDTH = 3; /* of the interval of a start, in units of max(1, |x0|) */

enum { HINT_MAX = 80, ENTRY_MAX = 2 * UNKNOWN_NAME_MAX + 80 };

enum status hunt_equations_init(const struct problem *problem, const double *x0, size_t dim,
                                struct hunt_equations *own)
{
    if (dim > INSTANCE_DIM_MAX)
        return status_fail(BAD_ARGUMENT, "%zu unknowns; at most %d can be hunted", dim,
                           INSTANCE_DIM_MAX);
    *own = (struct hunt_equations){.box = {.origin = {.problem = *problem, .dim = dim}}};
    own->box.count = dim;
    for (size_t i = 0; i < dim; i++) {
        const double half = HALF_WIDTH * fmax(1, fabs(x0[i]));
        own->box.origin.x0[i] = x0[i];
        own->box.number[i] = (struct hunt_number){.group = HUNT_START, .index = i};
        hunt_equations_window(own, i, x0[i] - half, x0[i] + half);
    }
    return OK;
}

void hunt_equations_window(struct hunt_equations *own, size_t i, double from, double to)
{
    own->box.from[i] = from;
    own->box.to[i] = to;
}

static enum status name_unknown(const struct equations *equations, const char *name)
{
    char hint[HINT_MAX];
    struct nearest nearest = nearest_to(name);
    for (size_t k = 0; k < equations->unknowns; k++)
        nearest_offer(&nearest, equations->unknown[k].name);
    for (size_t k = 0; k < equations->parameters; k++)
        nearest_offer(&nearest, equations->parameter[k].name);
    return status_fail(UNKNOWN_NAME, "%.200s has neither an unknown nor a parameter '%.40s'%s",
                       equations->path, name, nearest_hint(&nearest, sizeof hint, hint));
}

/* The place of a parameter in the box: a new one, if it was not free. */
static enum status place_of(struct hunt_box *box, size_t parameter, size_t *place)
{
    size_t k = box->origin.dim;
    while (k < box->count && box->number[k].index != parameter)
        k++;
    if (k == HUNT_NUMBERS_MOST)
        return status_fail(BAD_ARGUMENT, "more than %d free numbers", HUNT_NUMBERS_MOST);
    if (k == box->count)
        box->number[box->count++] =
            (struct hunt_number){.group = HUNT_PARAMETER, .index = parameter};
    *place = k;
    return OK;
}

enum status hunt_equations_over(struct hunt_equations *own, const char *name, double from,
                                double to)
{
    const struct equations *equations = own->box.origin.problem.equations;
    size_t place = equations_unknown(equations, name);
    const size_t parameter = equations_parameter(equations, name);
    if (place == SIZE_MAX && parameter == SIZE_MAX)
        return name_unknown(equations, name);
    if (place == SIZE_MAX)
        TRY(place_of(&own->box, parameter, &place));
    hunt_equations_window(own, place, from, to);
    return OK;
}

/* "x in [-3, 3], a in [0, 1]"; cut behind a whole entry where there are many. */
static void hypotheses_write(struct hunt_equations *own)
{
    const struct hunt_box *box = &own->box;
    const struct equations *equations = box->origin.problem.equations;
    size_t length = 0;
    for (size_t k = 0; k < box->count; k++) {
        const size_t index = box->number[k].index;
        const struct equations_number *number = box->number[k].group == HUNT_START
                                                    ? &equations->unknown[index]
                                                    : &equations->parameter[index];
        char entry[ENTRY_MAX];
        const int more = snprintf(entry, sizeof entry, "%s%s in [%g, %g]", k > 0 ? ", " : "",
                                  number->name, box->from[k], box->to[k]);
        const bool fits = length + (size_t)more + sizeof ", ..." < sizeof own->hypotheses;
        length += (size_t)snprintf(own->hypotheses + length, sizeof own->hypotheses - length, "%s",
                                   fits ? entry : ", ...");
        if (!fits)
            return;
    }
}

void hunt_equations_state(struct hunt_equations *own)
{
    static const struct hunt_architecture blank = {.rule = NULL};
    const struct problem *problem = &own->box.origin.problem;
    hypotheses_write(own);
    own->claim = (struct hunt_claim){.id = problem->system->name,
                                     .source = problem->system->equation,
                                     .statement = "from every start the unknowns converge",
                                     .label = "HU10",
                                     .hypotheses = own->hypotheses,
                                     .conclude = conclude_converges,
                                     .space = {.system = problem->system,
                                               .architecture = &blank,
                                               .architectures = 1,
                                               .box = &own->box},
                                     .margin = &hunt_margin_convergence,
                                     .swept = !problem->equations->plugin};
}
