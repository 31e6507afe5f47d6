/* Where branches begin: fixed points at five values of the parameter.
 *
 * For A[1,1,1] with an activation all of them on an interval of a1 (nonlinear/equilibria.h).  For
 * every flow: Newton's method, and the limit of a trajectory, from the start that is given and from
 * random ones; Newton's method also finds what repels.  A branch that none of the five values meets
 * and that crosses no other is missed, which --help says. */
#include "cli/diagram.h"

#include "base/stream.h"
#include "cli/interrupt.h"
#include "linear/registry.h"
#include "nonlinear/equilibria.h"
#include "nonlinear/system.h"
#include "ode/trajectory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SEED_VALUES = 5, CELLS = 2000 };

static enum status seed_follow(struct diagram *diagram, const double *x, double value)
{
    enum branch_seed seed = BRANCH_SEED_NONE;
    TRY(branch_set_follow(diagram->set, x, value, &seed));
    diagram->seeds += seed != BRANCH_SEED_NONE;
    diagram->continua += seed == BRANCH_SEED_CONTINUUM;
    diagram->alone += seed == BRANCH_SEED_ALONE;
    return OK;
}

/* ---- A[1,1,1] ---- */

static bool is_planar_neuron(const struct problem *problem)
{
    return problem->neuron_count > 0 && problem->rule && problem->depth == 2 &&
           problem->system == system_with_activation(&system_chain);
}

static enum status scan_at(struct diagram *diagram, double value)
{
    struct equilibria *found = NULL;
    *diagram->place = value;
    if (equilibria_find(&diagram->given.problem, diagram->interval, CELLS, &found) != OK)
        return OK; /* adaptive feedback or decay: the other seeds are all there is */
    enum status status = OK;
    diagram->scanned = true;
    diagram->doubts += found->doubts;
    diagram->continua += found->constant;
    diagram->seeds += found->constant;
    for (size_t k = 0; k < found->count && status == OK; k++) {
        const double x[2] = {found->point[k].a1, found->point[k].a2};
        status = seed_follow(diagram, x, value);
    }
    equilibria_free(found);
    return status;
}

/* ---- any flow ---- */

/* The limit of the trajectory, if it has one; failures of the integrator only cost a seed. */
static enum status limit_follow(struct diagram *diagram, const double *start, double value)
{
    struct flow *flow;
    TRY(diagram->family.flow_at(diagram->family.context, value, &flow));
    struct outcome *outcome = outcome_create(flow);
    enum status status = OK;
    if (!outcome)
        status = status_fail(NO_MEMORY, "no memory for %zu unknowns", flow->dim);
    else if (trajectory_run(flow, &diagram->plan, start, outcome) == OK && outcome->has_limit)
        status = seed_follow(diagram, outcome->limit, value);
    outcome_free(outcome);
    flow_free(flow);
    return status;
}

/* Number 0 is the given start; the others are normal, with at least its mean square. */
static void start_draw(const struct diagram *diagram, size_t number, double *start)
{
    const size_t dim = diagram->given.dim;
    double square = 0;
    memcpy(start, diagram->given.x0, dim * sizeof *start);
    if (number == 0)
        return;
    for (size_t k = 0; k < dim; k++)
        square += start[k] * start[k];
    struct stream stream =
        stream_at(diagram->options->seed, stream_key("sweep starts"), (uint64_t)number);
    stream_normals(&stream, dim, fmax(1, sqrt(square / (double)dim)), start);
}

static enum status value_seeds(struct diagram *diagram, double value, double *start)
{
    const volatile sig_atomic_t *stop = interrupt_flag();
    if (is_planar_neuron(&diagram->given.problem))
        TRY(scan_at(diagram, value));
    for (size_t k = 0; k <= diagram->starts && !*stop; k++) {
        start_draw(diagram, k, start);
        TRY(seed_follow(diagram, start, value));
        TRY(limit_follow(diagram, start, value));
        progress_advance(diagram->progress, 1);
    }
    return OK;
}

enum status diagram_seeds(struct diagram *diagram)
{
    const struct branch_family *family = &diagram->family;
    enum status status = OK;
    double *start = calloc(diagram->given.dim, sizeof *start);
    if (!start)
        return status_fail(NO_MEMORY, "no memory for %zu unknowns", diagram->given.dim);
    progress_begin(diagram->progress, diagram->name, SEED_VALUES * (diagram->starts + 1));
    for (int k = 0; k < SEED_VALUES && status == OK; k++) {
        const double share = (double)k / (SEED_VALUES - 1);
        status = value_seeds(diagram, family->from + share * (family->to - family->from), start);
    }
    progress_end(diagram->progress);
    free(start);
    return status;
}
