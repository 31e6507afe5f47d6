/* A corner is made, decided, and asked; its field is in corner_field.c, the conditions under which
 * there is one in corner_unique.c.
 *
 * Which surface does what is a linear complementarity problem, complementarity.h; a pattern whose
 * inequalities are not strict is no answer, but for a surface that is still: one neighbouring piece
 * has w_k = 0 whatever happens, and the other pushes. */
#include "ode/corner_work.h"

#include "ode/vector.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* theta, and normal speeds over |f|, nearer to the end of their range than this are at it */
static const double GRAZES = 1e-9;
/* Sampling radius of slopes, relative */
static const double SAMPLING = 1e-6;
/* Corrections onto the planes: rounding of the first */
enum { CORRECTIONS = 3 };

/* ---- making one ---- */

static struct corner *allocate(const struct flow *base, size_t m)
{
    const size_t n = base->dim, r = base->conserved, s = base->switches + m;
    const size_t square = base->jacobian ? n * n : 0;
    const size_t doubles = /* of the table below */
        (6 + 2 * m + CORNER_MOST) * n + base->switches + 2 * square;
    struct corner *c =
        calloc(1, sizeof *c + doubles * sizeof(double) + r * sizeof(size_t) +
                      (r + m) * sizeof(struct claim) + s * sizeof(struct switch_surface) + s);
    if (!c)
        return NULL;
    double *next = c->storage;
    struct {
        double **array;
        size_t size;
    } const arrays[] = {
        {&c->f0, n},
        {&c->D, m * n},
        {&c->N, m * n},
        {&c->turned, n},
        {&c->point, n},
        {&c->work, 2 * n},
        {&c->rough, n},
        {&c->slope, CORNER_MOST * n},
        {&c->J_mix, square},
        {&c->J_turned, square},
        {&c->g, base->switches},
    };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i].array = next;
        next += arrays[i].size;
    }
    c->kept = (size_t *)(void *)next;
    c->claim = (struct claim *)(void *)(c->kept + r);
    c->surface = (struct switch_surface *)(void *)(c->claim + r + m);
    c->flow.side = (signed char *)(c->surface + s);
    c->base = base;
    return c;
}

/* -N N' */
static void products_of_normals(const struct corner *c, struct complementarity *p)
{
    p->m = c->m;
    for (size_t k = 0; k < c->m; k++)
        for (size_t l = 0; l < c->m; l++)
            p->G[k * CORNER_ROW + l] =
                -vector_dot(c->base->dim, corner_normal(c, k), corner_normal(c, l));
}

/* Can a state be put on all surfaces? */
static bool are_independent(const struct corner *c)
{
    struct complementarity products = {0};
    double ones[CORNER_MOST];
    for (size_t l = 0; l < c->m; l++)
        ones[l] = 1;
    products_of_normals(c, &products);
    return complementarity_is_definite(&products, ones);
}

struct flow *corner_create(const struct flow *flow, const int *at_zero, const double *x)
{
    size_t m = 0;
    for (size_t k = 0; k < flow->switches; k++)
        m += at_zero[k] != 0;
    struct corner *c = allocate(flow, m);
    if (!c)
        return NULL;
    c->flow.data = c;
    c->flow.dim = flow->dim;
    c->made = m > CORNER_MOST || !flow->jacobian ? CORNER_MANY : CORNER_GOES_ON;
    if (c->made != CORNER_GOES_ON)
        return &c->flow;
    for (size_t k = 0; k < flow->switches; k++) {
        if (!at_zero[k])
            continue;
        c->k[c->m] = k;
        c->low[c->m++] = -1;
        if (flow->surface && flow->surface[k].kind != SWITCH_JUMPS)
            c->made = CORNER_CURVED;
    }
    c->speeds.m = c->m;
    if (!corner_find_normals(c, x))
        c->made = CORNER_CURVED;
    else if (c->made == CORNER_GOES_ON && !are_independent(c))
        c->made = CORNER_PARALLEL;
    return &c->flow;
}

/* ---- deciding ---- */

/* Does this pattern solve the problem, strictly?  still[k]: that w_k = 0 is no accident. */
static enum status fits(struct corner *c, const double *x, const enum complementarity_role *role,
                        bool *still, bool *fit)
{
    const size_t n = c->base->dim;
    double theta[CORNER_MOST] = {0}, w[CORNER_MOST] = {0}, speed = vector_norm(n, c->f0);
    *fit = complementarity_solve(&c->speeds, role, theta, w);
    for (size_t l = 0; l < c->m; l++)
        speed += vector_norm(n, c->D + l * n);
    for (size_t k = 0; k < c->m && *fit; k++) {
        still[k] = false;
        if (role[k] == ROLE_SLIDES)
            *fit = theta[k] > GRAZES && theta[k] < 1 - GRAZES;
        else if (fabs(w[k]) > GRAZES * speed * vector_norm(n, corner_normal(c, k)))
            *fit = (w[k] > 0) == (role[k] == ROLE_ABOVE);
        else {
            TRY(corner_is_still(c, x, role, k, &still[k]));
            *fit = still[k];
        }
    }
    return OK;
}

/* After corner_is_unique, whose last point was the state. */
static enum status find_pattern(struct corner *c, const double *x, enum complementarity_role *role,
                                bool *still, bool *found)
{
    size_t patterns = 1;
    for (size_t l = 0; l < c->m; l++)
        patterns *= ROLES;
    *found = false;
    for (size_t pattern = 0; pattern < patterns && !*found; pattern++) {
        complementarity_pattern(c->m, pattern, role);
        TRY(fits(c, x, role, still, found));
    }
    return OK;
}

/* Sets the sides of surfaces that are left, and puts those that slide first, the still ones last. */
static void sort_roles(struct corner *c, const enum complementarity_role *role, const bool *still)
{
    const size_t n = c->base->dim;
    const struct corner was = *c;
    double *copy = c->D; /* as large as N, and evaluated anew */
    memcpy(copy, c->N, was.m * n * sizeof *copy);
    c->m = c->slides = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t k = 0; k < was.m; k++) {
            const signed char side = role[k] == ROLE_ABOVE ? 1 : -1;
            if (role[k] != ROLE_SLIDES && !still[k]) {
                c->base->side[was.k[k]] = side;
                continue;
            }
            if ((role[k] == ROLE_SLIDES) != (pass == 0))
                continue;
            memcpy(c->N + c->m * n, copy + k * n, n * sizeof *copy);
            c->low[c->m] = side;
            c->k[c->m++] = was.k[k];
            c->slides += pass == 0;
        }
    c->speeds.m = c->m;
    c->decided = true;
}

/* Is base claim number `claim` continued across all surfaces with one gradient? */
static bool is_kept(const struct corner *c, size_t claim, const double *point)
{
    const struct flow *base = c->base;
    const size_t n = base->dim;
    corner_set_sides(c);
    base->gradient(base, claim, point, c->turned);
    bool kept = true;
    for (size_t l = 0; l < c->m && kept; l++) {
        base->side[c->k[l]] = (signed char)-c->low[l];
        base->gradient(base, claim, point, c->work);
        base->side[c->k[l]] = c->low[l];
        kept = vector_distance(n, c->turned, c->work) <=
               corner_agrees * (vector_norm(n, c->turned) + vector_norm(n, c->work));
    }
    return kept;
}

static void keep_claims(struct corner *c, const double *x)
{
    const struct flow *base = c->base;
    c->kept_count = 0;
    for (size_t claim = 0; claim < base->conserved; claim++) {
        bool kept = true;
        for (size_t i = 0; i < 2 && kept; i++) {
            vector_probe(c->base->dim, x, i == 0 ? 0 : vector_probe_size[0], i, c->point);
            corner_to_surfaces(&c->flow, c->point);
            kept = is_kept(c, claim, c->point);
        }
        if (kept) {
            c->claim[c->kept_count] = base->claim[claim];
            c->kept[c->kept_count++] = claim;
        }
    }
    for (size_t l = 0; l < c->m; l++) {
        struct claim *own = &c->claim[c->kept_count + l];
        *own = (struct claim){.kind = CLAIM_CONSERVED, .label = "E28"};
        snprintf(own->name, sizeof own->name, "%s", c->surface[c->k[l]].name);
    }
}

static void name_switches(struct corner *c)
{
    const struct flow *base = c->base;
    for (size_t j = 0; j < base->switches + c->slides; j++) {
        const size_t of = j < base->switches ? j : c->k[j - base->switches];
        c->surface[j].kind = SWITCH_HANDS_OVER;
        if (base->surface)
            snprintf(c->surface[j].name, sizeof c->surface[j].name, "%s", base->surface[of].name);
        else
            snprintf(c->surface[j].name, sizeof c->surface[j].name, "switch %zu", of);
        c->flow.side[j] = j < base->switches ? base->side[j] : 1;
    }
    for (size_t l = 0; l < c->m; l++)
        c->flow.side[c->k[l]] = 1;
}

/* Once the roles are known. */
static enum status become_flow(struct corner *c, const double *x)
{
    TRY(corner_parts_at(c, x, c->m));
    for (size_t l = 0; l < c->m; l++)
        c->push[l] = fabs(c->speeds.G[l * CORNER_ROW + l]);
    name_switches(c);
    keep_claims(c, x);
    corner_fill_flow(c);
    return OK;
}

enum status corner_decide(struct flow *corner, const double *x, enum corner_verdict *verdict)
{
    struct corner *c = corner_of(corner);
    enum complementarity_role role[CORNER_MOST] = {ROLE_BELOW};
    bool still[CORNER_MOST] = {false}, found = false;
    const size_t met = c->m;
    TRY(corner_is_unique(corner, x, verdict));
    if (*verdict != CORNER_GOES_ON)
        return OK;
    TRY(find_pattern(c, x, role, still, &found));
    if (!found) {
        *verdict = CORNER_HARDLY;
        return OK;
    }
    sort_roles(c, role, still);
    if (c->m < met) /* along fewer surfaces the structure is that of a larger intersection */
        TRY(corner_is_unique(corner, x, verdict));
    return become_flow(c, x);
}

/* ---- questions ---- */

const char *corner_reason(enum corner_verdict verdict)
{
    static const char *const reasons[] = {
        [CORNER_GOES_ON] = "goes on",
        [CORNER_MANY] = "too many of them, or no Jacobian",
        [CORNER_CURVED] = "not all of them are planes across which the field jumps",
        [CORNER_ENTANGLED] = "the field is not affine in its switches",
        [CORNER_NOT_UNIQUE] = "solutions are not proved unique there",
        [CORNER_PARALLEL] = "their planes are nearly parallel",
        [CORNER_HARDLY] = "a side hardly pushes",
        [CORNER_STIRS] = "a side that moved nothing begins to",
    };
    return reasons[verdict];
}

size_t corner_count(const struct flow *corner)
{
    return corner_of(corner)->m;
}

size_t corner_slides(const struct flow *corner)
{
    return corner_of(corner)->slides;
}

size_t corner_surface(const struct flow *corner, size_t l)
{
    return corner_of(corner)->k[l];
}

size_t corner_claim(const struct flow *corner, size_t claim)
{
    const struct corner *c = corner_of(corner);
    return claim < c->kept_count ? c->kept[claim] : SIZE_MAX;
}

size_t corner_exit(const struct flow *corner, size_t at, signed char *side)
{
    const struct corner *c = corner_of(corner);
    *side = 1;
    if (at >= c->base->switches)
        return at - c->base->switches;
    for (size_t l = 0; l < c->m; l++)
        if (c->k[l] == at) {
            *side = l < c->slides ? -1 : 0;
            return l;
        }
    return c->m;
}

/* |d G|, over all that slide, and |grad G_ll| of one that is still; after velocity_at. */
static enum status change_of_products(struct corner *c, const double *x, double *change)
{
    const struct flow *base = c->base;
    const size_t n = base->dim;
    memset(change, 0, CORNER_MOST * sizeof *change);
    corner_set_sides(c);
    TRY(base->jacobian(base, x, c->J_mix));
    for (size_t l = 0; l < c->m; l++) {
        base->side[c->k[l]] = (signed char)-c->low[l];
        const enum status status = base->jacobian(base, x, c->J_turned);
        base->side[c->k[l]] = c->low[l];
        TRY(status);
        for (size_t k = 0; k < c->m; k++) {
            if (l >= c->slides ? k != l : k >= c->slides)
                continue;
            for (size_t j = 0; j < n; j++) {
                double slope = 0;
                for (size_t i = 0; i < n; i++)
                    slope +=
                        corner_normal(c, k)[i] * (c->J_turned[i * n + j] - c->J_mix[i * n + j]);
                change[l] += slope * slope;
            }
        }
    }
    return OK;
}

/* The inequalities of corner_holds at one point. */
static enum status holds_at(struct corner *c, const double *x, double radius, size_t except,
                            bool *holds, double *margin)
{
    const size_t n = c->base->dim;
    double change[CORNER_MOST], of_inverse = 0, of_products = 0;
    TRY(corner_velocity_at(c, x, c->m, c->turned));
    TRY(corner_slopes_at(c, x));
    TRY(change_of_products(c, x, change));
    for (size_t l = 0; l < c->slides; l++) {
        const double inside = fmin(c->theta[l], 1 - c->theta[l]);
        of_products += change[l];
        for (size_t k = 0; k < c->slides; k++)
            of_inverse += c->inverse[l * CORNER_ROW + k] * c->inverse[l * CORNER_ROW + k];
        if (l == except)
            continue;
        *margin = fmin(*margin, inside);
        *holds = *holds && inside > 2 * radius * vector_norm(n, c->slope + l * n);
    }
    *holds = *holds && 2 * radius * sqrt(of_inverse * of_products) < 1;
    for (size_t l = c->slides; l < c->m; l++)
        *holds = *holds && -c->speeds.G[l * CORNER_ROW + l] > 2 * radius * sqrt(change[l]);
    return OK;
}

enum status corner_holds(const struct flow *corner, const double *x, double radius, size_t except,
                         bool *holds, double *margin)
{
    struct corner *c = corner_of(corner);
    const size_t n = corner->dim;
    double *point = c->work; /* not used by the parts of the field */
    *holds = true;
    *margin = 1;
    for (int sample = 0; sample < 2; sample++) {
        for (size_t j = 0; j < n; j++)
            point[j] = x[j] + (sample ? SAMPLING * (1 + vector_norm(n, x)) : 0);
        TRY(holds_at(c, point, radius, except, holds, margin));
    }
    return OK;
}

enum status corner_letting_go(const struct flow *corner, const double *x, size_t l,
                              struct corner_rate *rate)
{
    struct corner *c = corner_of(corner);
    const size_t n = corner->dim;
    TRY(corner_velocity_at(c, x, c->slides, c->turned));
    TRY(corner_slopes_at(c, x));
    const double change = vector_dot(n, c->slope + l * n, c->turned);
    *rate = (struct corner_rate){
        .relative = change / (vector_norm(n, c->slope + l * n) * vector_norm(n, c->turned)),
        .growth =
            change / fabs(c->inverse[l * CORNER_ROW + l]) / vector_norm(n, corner_normal(c, l))};
    return OK;
}

/* By least corrections, to where g_l = value[l]: N N' is solved once, the rest is rounding. */
static void move_to(struct corner *c, const double *value, double *x)
{
    const size_t n = c->base->dim;
    struct complementarity products = {0};
    double inverse[CORNER_ROW * CORNER_ROW];
    products_of_normals(c, &products);
    if (!complementarity_invert(c->m, products.G, inverse)) /* corner_create has made sure */
        return;
    for (int i = 0; i < CORRECTIONS; i++) {
        c->base->switching(c->base, x, c->g);
        for (size_t k = 0; k < c->m; k++)
            for (size_t l = 0; l < c->m; l++)
                for (size_t j = 0; j < n; j++)
                    x[j] += corner_normal(c, k)[j] * inverse[k * CORNER_ROW + l] *
                            (c->g[c->k[l]] - value[l]);
    }
}

void corner_to_surfaces(const struct flow *corner, double *x)
{
    static const double zero[CORNER_MOST] = {0};
    move_to(corner_of(corner), zero, x);
}

void corner_to_still_side(const struct flow *corner, double distance, double *x)
{
    struct corner *c = corner_of(corner);
    double value[CORNER_MOST] = {0};
    for (size_t l = c->slides; l < c->m; l++) /* unequal, so that no drifts cancel */
        value[l] = c->low[l] * distance * vector_norm(c->base->dim, corner_normal(c, l)) /
                   (double)(1 + l - c->slides);
    move_to(c, value, x);
}
