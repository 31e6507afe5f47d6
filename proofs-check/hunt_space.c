/* From hypotheses to instances.
 *
 * An instance is the template of its architecture with one list of numbers put in its places.  A
 * hypothesis about single numbers is met by folding the line onto its domain (|x| for positive
 * numbers), which keeps the density of what is searched; a predicate is met by leaving out what does
 * not meet it.  Folding keeps zeros, since zeros are where statements fail: a number that must not be
 * zero and is leaves the instance out.
 *
 * Equations of one's own have a box in the place of all this; what is outside is left out, too. */
#include "proofs-check/hunt_space.h"

#include "nonlinear/system.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

static const double DEGREES_OF_FREEDOM = 3; /* heavy tails, yet a finite variance */

static const struct hunt_architecture *chosen(const struct hunt_place *place)
{
    return &place->space->architecture[place->architecture];
}

/* ---- templates ---- */

static enum status template_of(const struct hunt_place *place, struct instance *instance)
{
    const struct hunt_architecture *a = chosen(place);
    const struct system *system = place->space->system;
    if (a->activation)
        system = system_with_activation(system);
    *instance = (struct instance){.problem = problem_defaults(system, a->rule)};
    struct problem *p = &instance->problem;
    if (a->depth > 0)
        p->depth = a->depth;
    p->size_count = a->size_count;
    memcpy(p->sizes, a->sizes, sizeof a->sizes);
    p->c_count = a->feedback;
    for (size_t i = 0; i < a->feedback; i++)
        p->c[i] = 1;
    if (a->activation) {
        p->neuron_count = 1;
        p->neurons[0] = (struct neurons){.activation = a->activation, .parameter = a->parameter};
    }
    p->inputs.count = p->targets.count = a->samples;
    return problem_dim(p, &instance->dim);
}

/* Where the numbers of a group stand in an instance; NULL: it has none. */
static double *group_of(struct instance *instance, enum hunt_group group, size_t *count)
{
    struct problem *p = &instance->problem;
    *count = 1;
    switch (group) {
    case HUNT_ALPHA:
        return &p->alpha;
    case HUNT_BETA:
        return &p->beta;
    case HUNT_FEEDBACK:
        *count = p->c_count;
        return p->c;
    case HUNT_DECAY:
        return &p->lambda;
    case HUNT_DECAYS:
        *count = p->decay_count;
        return p->decays;
    case HUNT_MIRROR:
        return &p->mirror;
    case HUNT_INPUT:
        *count = p->inputs.count;
        return p->inputs.near;
    case HUNT_TARGET:
        *count = p->targets.count;
        return p->targets.near;
    case HUNT_MAP:
        *count = p->sigma_ti.count;
        return p->sigma_ti.near;
    case HUNT_START:
        *count = instance->dim;
        return instance->x0;
    default:
        *count = 0;
        return NULL;
    }
}

/* Lists that the template leaves to their defaults, where the statement leaves them free. */
static void lists_open(const struct hunt_place *place, struct instance *instance)
{
    struct problem *p = &instance->problem;
    if (place->space->varies[HUNT_MAP])
        p->sigma_ti.count = p->sizes[0] * p->sizes[p->size_count - 1];
    if (place->space->varies[HUNT_DECAYS])
        p->decay_count = instance->dim;
}

static enum status blank(const struct hunt_place *place, struct instance *instance)
{
    TRY(template_of(place, instance));
    if (instance->dim > INSTANCE_DIM_MAX)
        return status_fail(BAD_ARGUMENT, "a space of %zu unknowns", instance->dim);
    lists_open(place, instance);
    return OK;
}

/* ---- boxes ---- */

/* Number k of the box in an instance. */
static double *box_at(const struct hunt_box *box, size_t k, struct instance *instance)
{
    const size_t index = box->number[k].index;
    return box->number[k].group == HUNT_START ? &instance->x0[index]
                                              : &instance->problem.parameters[index];
}

static bool box_contains(const struct hunt_box *box, const struct instance *instance)
{
    struct instance copy = *instance; /* box_at() is for writing, too */
    for (size_t k = 0; k < box->count; k++) {
        const double value = *box_at(box, k, &copy);
        if (!(value >= box->from[k] && value <= box->to[k]))
            return false;
    }
    return true;
}

static void box_instance(const struct hunt_box *box, const double *value, struct instance *instance)
{
    *instance = box->origin;
    for (size_t k = 0; k < box->count; k++)
        *box_at(box, k, instance) = value[k];
}

/* ---- numbers ---- */

enum status hunt_space_numbers(const struct hunt_place *place, size_t *count,
                               struct hunt_number *number)
{
    struct instance instance;
    const struct hunt_box *box = place->space->box;
    *count = box ? box->count : 0;
    if (box) {
        memcpy(number, box->number, box->count * sizeof *number);
        return OK;
    }
    TRY(blank(place, &instance));
    for (int g = 0; g < HUNT_GROUPS; g++) {
        size_t members = 0;
        if (!place->space->varies[g] || !group_of(&instance, (enum hunt_group)g, &members))
            continue;
        if (*count + members > HUNT_NUMBERS_MOST)
            return status_fail(BAD_ARGUMENT, "a space of more than %d numbers", HUNT_NUMBERS_MOST);
        for (size_t i = 0; i < members; i++)
            number[(*count)++] = (struct hunt_number){.group = (enum hunt_group)g, .index = i};
    }
    return OK;
}

enum status hunt_space_instance(const struct hunt_place *place, const double *value,
                                struct instance *instance)
{
    if (place->space->box) {
        box_instance(place->space->box, value, instance);
        return OK;
    }
    TRY(blank(place, instance));
    for (int g = 0; g < HUNT_GROUPS; g++) {
        size_t members = 0;
        double *at = group_of(instance, (enum hunt_group)g, &members);
        if (!place->space->varies[g] || !at)
            continue;
        memcpy(at, value, members * sizeof *value);
        value += members;
    }
    return OK;
}

/* ---- hypotheses ---- */

static bool speaks_of(const struct hunt_hypothesis *hypothesis, size_t index, size_t members)
{
    if (hypothesis->index == HUNT_EVERY)
        return true;
    return index == (hypothesis->index == HUNT_LAST ? members - 1 : (size_t)hypothesis->index);
}

static double fold(enum hunt_domain domain, double x)
{
    switch (domain) {
    case HUNT_POSITIVE:
    case HUNT_NOT_NEGATIVE:
        return fabs(x);
    case HUNT_NEGATIVE:
        return -fabs(x);
    case HUNT_ZERO:
        return 0;
    case HUNT_ONE:
        return 1;
    default:
        return x;
    }
}

static bool is_in(enum hunt_domain domain, double x)
{
    switch (domain) {
    case HUNT_NOT_ZERO:
        return x != 0;
    case HUNT_POSITIVE:
        return x > 0;
    case HUNT_NOT_NEGATIVE:
        return x >= 0;
    case HUNT_NEGATIVE:
        return x < 0;
    case HUNT_ZERO:
        return x == 0;
    case HUNT_ONE:
        return x == 1;
    default:
        return true;
    }
}

static size_t members_of(enum hunt_group group, size_t count, const struct hunt_number *number)
{
    size_t members = 0;
    for (size_t k = 0; k < count; k++)
        members += number[k].group == group;
    return members;
}

void hunt_space_fold(const struct hunt_place *place, size_t count, const struct hunt_number *number,
                     double *value)
{
    for (size_t h = 0; h < place->space->hypotheses; h++) {
        const struct hunt_hypothesis *hypothesis = &place->space->hypothesis[h];
        if (hypothesis->meets || (int)h == place->dropped)
            continue;
        const size_t members = members_of(hypothesis->group, count, number);
        for (size_t k = 0; k < count; k++)
            if (number[k].group == hypothesis->group &&
                speaks_of(hypothesis, number[k].index, members))
                value[k] = fold(hypothesis->domain, value[k]);
    }
}

bool hunt_space_holds(const struct hunt_hypothesis *hypothesis, const struct instance *instance)
{
    if (hypothesis->meets)
        return hypothesis->meets(instance);
    struct instance copy = *instance; /* group_of() is for writing, too */
    size_t members = 0;
    const double *at = group_of(&copy, hypothesis->group, &members);
    for (size_t i = 0; i < members; i++)
        if (speaks_of(hypothesis, i, members) && !is_in(hypothesis->domain, at[i]))
            return false;
    return true;
}

bool hunt_space_meets(const struct hunt_place *place, const struct instance *instance)
{
    for (size_t h = 0; h < place->space->hypotheses; h++)
        if ((int)h != place->dropped && !hunt_space_holds(&place->space->hypothesis[h], instance))
            return false;
    return !place->space->box || box_contains(place->space->box, instance);
}

double hunt_space_quantile(const struct hunt_space *space, double u)
{
    const double scale = space->scale > 0 ? space->scale : 1;
    return scale * gsl_cdf_tdist_Pinv(u, DEGREES_OF_FREEDOM);
}

double hunt_space_value(const struct hunt_space *space, size_t k, double u)
{
    const struct hunt_box *box = space->box;
    return box ? box->from[k] + u * (box->to[k] - box->from[k]) : hunt_space_quantile(space, u);
}
