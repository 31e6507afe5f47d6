/* Equations as a flow: compiled formulas behind the callbacks of struct flow.
 *
 * With the parameters known, each place where a formula is not smooth is looked at.  Where the range of
 * g excludes 0 there is none: 1 + x^2 may be divided by.  Where abs, heav, max, min or sign turn, g
 * must be linear in the unknowns, and the flow has a switch there, notes/endings.md, (E16); others are
 * refused.  Where the right-hand side ends or is not Lipschitz (x/0, sqrt and ln at 0, asin at 1, tan)
 * the flow declares SWITCH_NOT_UNIQUE, and runs that come there end undecided, (E24): notes/own-flows.md,
 * (OD5).  Two formulas with the same plane share a switch. */
#include "equations/code.h"
#include "equations/equations_parts.h"
#include "equations/range.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double SAME_PLANE = 16 * DBL_EPSILON; /* of unit normals and distances: rounding */

/* One switch of the flow. */
struct plane {
    bool linear, ends; /* g = normal x + offset; the field ends there */
    uint32_t g;        /* else g and its gradient, by code */
    const uint32_t *gradient;
    double normal[EQUATIONS_UNKNOWNS_MOST], offset; /* |normal| = 1, its first number positive */
};

struct own_flow {
    struct flow flow;
    const struct equations *equations;
    bool saturates;
    size_t dim, conserved, planes, sides;
    struct code *field, *jacobian, *integrals, *gradients, *curved;
    double *scratch; /* results of one state */
    signed char *side;
    double parameters[EQUATIONS_PARAMETERS_MOST];
    char (*names)[UNKNOWN_NAME_MAX];
    struct claim *claim;
    struct switch_surface surface[EQUATIONS_SURFACES_MOST];
    struct plane plane[EQUATIONS_SURFACES_MOST];
    struct code_side side_of[EQUATIONS_SURFACES_MOST];
};

static const struct own_flow *own_of(const struct flow *flow)
{
    return flow->data;
}

/* ---- callbacks ---- */

static enum status own_field(const struct flow *flow, size_t n, const double *x, double *dx)
{
    code_run(own_of(flow)->field, n, x, dx);
    return OK;
}

static enum status own_jacobian(const struct flow *flow, const double *x, double *J)
{
    code_run(own_of(flow)->jacobian, 1, x, J);
    return OK;
}

static void own_rounding(const struct flow *flow, const double *x, double *bound)
{
    code_bound(own_of(flow)->field, 1, x, bound);
}

static double own_observe(const struct flow *flow, size_t claim, const double *x)
{
    const struct own_flow *own = own_of(flow);
    code_run(own->integrals, 1, x, own->scratch);
    return own->scratch[claim];
}

static void own_gradient(const struct flow *flow, size_t claim, const double *x, double *g)
{
    const struct own_flow *own = own_of(flow);
    code_run(own->gradients, 1, x, own->scratch);
    memcpy(g, own->scratch + claim * own->dim, own->dim * sizeof *g);
}

static void lanes_jacobian(const struct flow *flow, size_t n, const double *x, double *J)
{
    code_run(own_of(flow)->jacobian, n, x, J);
}

static void lanes_integrals(const struct flow *flow, size_t n, const double *x, double *I,
                            double *G)
{
    if (!own_of(flow)->integrals)
        return;
    code_run(own_of(flow)->integrals, n, x, I);
    code_run(own_of(flow)->gradients, n, x, G);
}

static void lanes_rounding(const struct flow *flow, size_t n, const double *x, double *bound)
{
    code_bound(own_of(flow)->field, n, x, bound);
}

static const struct flow_lanes own_lanes = {
    .jacobian = lanes_jacobian, .integrals = lanes_integrals, .rounding = lanes_rounding};

/* g over the length of its gradient: nearly the distance, where the gradient does not vanish. */
static double curved_distance(const struct own_flow *own, const double *g)
{
    double square = 0;
    for (size_t j = 0; j < own->dim; j++)
        square += g[1 + j] * g[1 + j];
    return g[0] / fmax(sqrt(square), DBL_MIN);
}

static void own_switching(const struct flow *flow, const double *x, double *switching)
{
    const struct own_flow *own = own_of(flow);
    size_t curved = 0;
    if (own->curved)
        code_run(own->curved, 1, x, own->scratch);
    for (size_t k = 0; k < own->planes; k++) {
        const struct plane *plane = &own->plane[k];
        if (!plane->linear) {
            switching[k] = curved_distance(own, own->scratch + (own->dim + 1) * curved++);
            continue;
        }
        switching[k] = plane->offset;
        for (size_t j = 0; j < own->dim; j++)
            switching[k] += plane->normal[j] * x[j];
    }
}

static void own_release(struct flow *flow)
{
    struct own_flow *own = (struct own_flow *)flow;
    code_free(own->field);
    code_free(own->jacobian);
    code_free(own->integrals);
    code_free(own->gradients);
    code_free(own->curved);
    free(own->scratch);
    free(own->side);
    free(own->names);
    free(own->claim);
}

/* ---- surfaces ---- */

static struct code_plan plan_of(const struct own_flow *own, size_t roots, const uint32_t *root)
{
    return (struct code_plan){.arena = own->equations->arena,
                              .parameters = own->parameters,
                              .unknowns = own->dim,
                              .sides = own->sides,
                              .side_of = own->side_of,
                              .side = own->side,
                              .roots = roots,
                              .root = root};
}

static void surface_text(const struct own_flow *own, uint32_t g, size_t size, char *text)
{
    static const char EQUALS[] = " = 0", CUT[] = "...";
    char *formula = equations_text(own->equations, g);
    const size_t length = formula ? strlen(formula) : 0, room = size - sizeof EQUALS;
    if (length <= room)
        snprintf(text, size, "%.*s%s", (int)room, formula ? formula : "g", EQUALS);
    else
        snprintf(text, size, "%.*s%s%s", (int)(room - strlen(CUT)), formula, CUT, EQUALS);
    free(formula);
}

static enum status refuse_kink(const struct own_flow *own, const struct equations_surface *surface)
{
    char text[STATUS_MESSAGE_MAX / 4];
    surface_text(own, surface->g, sizeof text, text);
    return status_fail(
        BAD_ARGUMENT,
        "%.200s: abs, heav, max, min and sign turn where %s, which is no plane; only "
        "what is linear in the unknowns can be followed across",
        own->equations->path, text);
}

/* Normal and offset of a g whose gradient is constant; false: it is not. */
static enum status plane_of(const struct own_flow *own, const struct equations_surface *surface,
                            struct plane *plane)
{
    const struct expressions *arena = own->equations->arena;
    const struct code_plan plan = plan_of(own, 1, &surface->g);
    double zero[EQUATIONS_UNKNOWNS_MOST] = {0};
    struct code *code = NULL;
    plane->linear = true;
    for (size_t j = 0; j < own->dim && plane->linear; j++) {
        plane->linear = !expression_at(arena, surface->gradient[j])->moves;
        if (plane->linear)
            TRY(code_constant(&plan, surface->gradient[j], &plane->normal[j]));
    }
    if (!plane->linear)
        return OK;
    TRY(code_create(&plan, &code));
    code_run(code, 1, zero, &plane->offset);
    code_free(code);
    return OK;
}

/* |normal| = 1 with a positive first number; returns what g was turned by, 0: it has no normal. */
static int plane_normalise(struct plane *plane, size_t dim)
{
    double norm = 0, turn = 0;
    for (size_t j = 0; j < dim; j++)
        norm = hypot(norm, plane->normal[j]);
    if (!(norm > 0))
        return 0;
    for (size_t j = 0; j < dim && turn == 0; j++)
        turn = (plane->normal[j] > 0) - (plane->normal[j] < 0);
    for (size_t j = 0; j < dim; j++)
        plane->normal[j] *= turn / norm;
    plane->offset *= turn / norm;
    return (int)turn;
}

static bool planes_are_one(const struct plane *a, const struct plane *b, size_t dim)
{
    if (!a->linear || !b->linear ||
        !(fabs(a->offset - b->offset) <= SAME_PLANE * (1 + fabs(a->offset))))
        return false;
    for (size_t j = 0; j < dim; j++)
        if (!(fabs(a->normal[j] - b->normal[j]) <= SAME_PLANE))
            return false;
    return true;
}

/* The number of the switch on this plane, which is new or another formula's. */
static size_t plane_add(struct own_flow *own, const struct plane *plane)
{
    for (size_t k = 0; k < own->planes; k++)
        if (planes_are_one(&own->plane[k], plane, own->dim)) {
            own->plane[k].ends = own->plane[k].ends || plane->ends;
            return k;
        }
    own->plane[own->planes] = *plane;
    surface_text(own, plane->g, UNKNOWN_NAME_MAX, own->surface[own->planes].name);
    return own->planes++;
}

static void side_add(struct own_flow *own, const struct code_side *side)
{
    own->side_of[own->sides++] = *side;
}

/* A surface that its range does not exclude. */
static enum status surface_take(struct own_flow *own, const struct equations_surface *surface)
{
    struct plane plane = {.ends = !surface->jumps, .g = surface->g, .gradient = surface->gradient};
    TRY(plane_of(own, surface, &plane));
    if (!plane.linear && surface->jumps)
        return refuse_kink(own, surface);
    const int turn = plane.linear ? plane_normalise(&plane, own->dim) : 1;
    if (turn == 0) /* a constant: its sign is seen by the code, and 1/0 by the integrator */
        return OK;
    const size_t at = plane_add(own, &plane);
    if (surface->jumps)
        side_add(own,
                 &(struct code_side){.g = surface->g, .surface = at, .turn = (signed char)turn});
    return OK;
}

static enum status surfaces_take(struct own_flow *own, const struct range *range)
{
    const struct equations *e = own->equations;
    for (size_t k = 0; k < e->surfaces; k++) {
        const struct equations_surface *surface = &e->surface[k];
        const bool above = range_is_positive(&range[surface->g]);
        if (!above && !range_is_negative(&range[surface->g]))
            TRY(surface_take(own, surface));
        else if (surface->jumps)
            side_add(own,
                     &(struct code_side){.g = surface->g, .turn = above ? 1 : -1, .fixed = true});
    }
    for (size_t k = 0; k < own->planes; k++)
        own->surface[k].kind = own->plane[k].ends ? SWITCH_NOT_UNIQUE : SWITCH_JUMPS;
    return OK;
}

static enum status surfaces_find(struct own_flow *own)
{
    const struct equations *e = own->equations;
    const size_t nodes = expression_count(e->arena);
    if (e->surfaces == 0)
        return OK;
    bool *wanted = calloc(nodes, sizeof *wanted);
    struct range *range = calloc(nodes, sizeof *range);
    if (!wanted || !range) {
        free(wanted);
        free(range);
        return status_fail(NO_MEMORY, "%zu parts of formulas", nodes);
    }
    for (size_t k = 0; k < e->surfaces; k++)
        expression_reach(e->arena, 1, &e->surface[k].g, wanted);
    range_compute(e->arena, own->parameters, wanted, range);
    const enum status status = surfaces_take(own, range);
    free(wanted);
    free(range);
    return status;
}

/* ---- codes ---- */

static enum status make_code(const struct own_flow *own, size_t roots, const uint32_t *root,
                             struct code **code)
{
    const struct code_plan plan = plan_of(own, roots, root);
    return code_create(&plan, code);
}

/* g and its gradient for each surface that is no plane. */
static enum status make_curved(struct own_flow *own)
{
    const size_t n = own->dim;
    size_t count = 0;
    uint32_t *root = calloc(own->planes * (n + 1) + 1, sizeof *root);
    if (!root)
        return status_fail(NO_MEMORY, "surfaces");
    for (size_t k = 0; k < own->planes; k++) {
        if (own->plane[k].linear)
            continue;
        root[count++] = own->plane[k].g;
        for (size_t j = 0; j < n; j++)
            root[count++] = own->plane[k].gradient[j];
    }
    const enum status status = count ? make_code(own, count, root, &own->curved) : OK;
    free(root);
    return status;
}

/* Were the claims proved for these parameters? */
static bool claim_holds(const struct own_flow *own, const struct equations_claim *claim)
{
    const struct equations *e = own->equations;
    bool same = true;
    for (size_t k = 0; k < e->parameters; k++)
        same = same && e->claims_at[k] == own->parameters[k];
    return same || claim->for_all;
}

static enum status make_claims(struct own_flow *own)
{
    const struct equations *e = own->equations;
    const size_t n = own->dim;
    uint32_t *root = calloc(e->claims * (n + 1) + 1, sizeof *root), *slope = root + e->claims;
    if (!root)
        return status_fail(NO_MEMORY, "%zu claims", e->claims);
    for (size_t k = 0; k < e->claims; k++) {
        if (!claim_holds(own, &e->claim[k]))
            continue;
        struct claim *claim = &own->claim[own->conserved];
        *claim = (struct claim){.kind = CLAIM_CONSERVED, .label = "FI1"};
        memcpy(claim->name, e->claim[k].name, sizeof claim->name);
        root[own->conserved] = e->claim[k].node;
        memcpy(slope + own->conserved * n, e->claim[k].gradient, n * sizeof *slope);
        own->conserved++;
    }
    enum status status = OK;
    if (own->conserved)
        status = make_code(own, own->conserved, root, &own->integrals);
    if (own->conserved && status == OK)
        status = make_code(own, own->conserved * n, slope, &own->gradients);
    free(root);
    return status;
}

/* Is there a function of the unknowns, or a power with one in its exponent? */
static enum status see_saturation(struct own_flow *own)
{
    const struct equations *e = own->equations;
    const size_t count = expression_count(e->arena);
    bool *reached = calloc(count, sizeof *reached);
    if (!reached)
        return status_fail(NO_MEMORY, "%zu parts", count);
    expression_reach(e->arena, own->dim, e->right, reached);
    for (size_t k = 0; k < count; k++) {
        const struct expression *part = expression_at(e->arena, (uint32_t)k);
        const bool grows =
            part->kind == EXPRESSION_POWER && expression_at(e->arena, part->right)->moves;
        if (reached[k] && part->moves && (part->kind == EXPRESSION_CALL || grows))
            own->saturates = true;
    }
    free(reached);
    return OK;
}

static enum status make_codes(struct own_flow *own)
{
    const struct equations *e = own->equations;
    const size_t n = own->dim;
    TRY(make_code(own, n, e->right, &own->field));
    TRY(make_code(own, n * n, e->jacobian, &own->jacobian));
    TRY(make_curved(own));
    TRY(see_saturation(own));
    return make_claims(own);
}

/* ---- the flow ---- */

static enum status make_room(struct own_flow *own)
{
    const struct equations *e = own->equations;
    const size_t rows = e->claims > e->surfaces ? e->claims : e->surfaces;
    own->names = calloc(own->dim, sizeof *own->names);
    own->claim = calloc(e->claims + 1, sizeof *own->claim);
    own->side = calloc(EQUATIONS_SURFACES_MOST, 1);
    own->scratch = calloc((rows + 1) * (own->dim + 1), sizeof *own->scratch);
    if (!own->names || !own->claim || !own->side || !own->scratch)
        return status_fail(NO_MEMORY, "a flow of %zu unknowns", own->dim);
    for (size_t k = 0; k < own->dim; k++)
        memcpy(own->names[k], e->unknown[k].name, sizeof own->names[k]);
    return OK;
}

static void fill_record(struct own_flow *own)
{
    const bool smooth = own->planes == 0;
    const char *slash = strrchr(own->equations->path, '/');
    own->flow = (struct flow){.dim = own->dim,
                              .title = slash && slash[1] ? slash + 1 : own->equations->path,
                              .names = (const char(*)[UNKNOWN_NAME_MAX])own->names,
                              .field = own_field,
                              .jacobian = own_jacobian,
                              .rounding = own_rounding,
                              .saturates = own->saturates,
                              .switches = own->planes,
                              .surface = smooth ? NULL : own->surface,
                              .switching = smooth ? NULL : own_switching,
                              .side = smooth ? NULL : own->side,
                              .lanes = smooth ? &own_lanes : NULL,
                              .claims = own->conserved,
                              .conserved = own->conserved,
                              .claim = own->claim,
                              .observe = own_observe,
                              .gradient = own_gradient,
                              .release = own_release,
                              .data = own};
}

static enum status make_all(struct own_flow *own)
{
    TRY(make_room(own));
    TRY(surfaces_find(own));
    TRY(make_codes(own));
    fill_record(own);
    return OK;
}

enum status equations_dim(const struct problem *problem, size_t *dim)
{
    *dim = problem->equations->unknowns;
    return OK;
}

enum status equations_flow(const struct problem *problem, struct flow **out)
{
    struct own_flow *own = calloc(1, sizeof *own);
    if (!own)
        return status_fail(NO_MEMORY, "a flow");
    own->equations = problem->equations;
    own->dim = problem->equations->unknowns;
    memcpy(own->parameters, problem->parameters,
           problem->parameter_count * sizeof *own->parameters);
    const enum status status = make_all(own);
    if (status == OK) {
        *out = &own->flow;
        return OK;
    }
    own_release(&own->flow);
    free(own);
    return status;
}

/* At one state at a time: signs are those of the state, whichever side a run is on. */
enum status equations_auxiliaries(const struct problem *problem, struct code **code)
{
    const struct equations *e = problem->equations;
    *code = NULL;
    if (!e || e->auxiliaries == 0)
        return OK;
    uint32_t *root = calloc(e->auxiliaries, sizeof *root);
    if (!root)
        return status_fail(NO_MEMORY, "%zu auxiliary quantities", e->auxiliaries);
    for (size_t k = 0; k < e->auxiliaries; k++)
        root[k] = e->auxiliary[k].node;
    const struct code_plan plan = {.arena = e->arena,
                                   .parameters = problem->parameters,
                                   .unknowns = e->unknowns,
                                   .roots = e->auxiliaries,
                                   .root = root};
    const enum status status = code_create(&plan, code);
    free(root);
    return status;
}

/* Of equations that anyone may write, theory says nothing. */
enum status equations_predict(const struct problem *problem, const double *x0, double *limit,
                              struct prediction *prediction)
{
    (void)x0;
    *prediction =
        prediction_none("notes/own-flows.md, (OD3)", "no prediction for one's own equations");
    for (size_t k = 0; k < problem->equations->unknowns; k++)
        limit[k] = NAN;
    return OK;
}
