/* The equations of (MB74) as one flow of the unknowns theta, E, m and P, along the same trajectory.
 *
 * f' is the flow's Jacobian, f'' : P is the sum over j of the central differences of f' P_j in
 * direction j, of fourth order like flow_jacobian_by_differences(): a polynomial field of degree five
 * has no truncation error in it, and 1e-9 is left of rounding.  Sigma is summed over the fields of
 * single samples, by the learner. */
#include "proofs-check/comparison_noise.h"

#include "proofs-check/comparison_path.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Differences leave noise of 1e-10 in the field of P and m; a golden digit more than is asked. */
static const double TOLERANCE = 1e-9;

struct equations {
    struct flow flow;
    const struct comparison_system *system;
    struct comparison_walker *walker;
    double batch;
    double *J, *shifted, *f, *g, *point; /* [dim*dim] twice, [dim] */
};

/* y = theta, E, m, P */
static size_t unknowns(size_t dim)
{
    return 3 * dim + dim * dim;
}

/* Jv += scale J v */
static void add_product(size_t dim, double scale, const double *J, const double *v, double *Jv)
{
    for (size_t i = 0; i < dim; i++)
        for (size_t j = 0; j < dim; j++)
            Jv[i] += scale * J[i * dim + j] * v[j];
}

/* dP += Sigma / B, by one pass for the mean, which is f, and one for the squares about it. */
static void add_covariance(const struct equations *e, const double *theta, double *dP)
{
    const size_t dim = e->system->flow->dim, count = e->system->count;
    comparison_walker_place(e->walker, theta);
    for (size_t k = 0; k < count; k++) {
        comparison_walker_batch(e->walker, 1, &k);
        comparison_walker_field(e->walker, e->g);
        for (size_t i = 0; i < dim; i++)
            e->g[i] -= e->f[i];
        for (size_t i = 0; i < dim; i++)
            for (size_t j = 0; j < dim; j++)
                dP[i * dim + j] += e->g[i] * e->g[j] / ((double)count * e->batch);
    }
}

/* dP = J P + P J' */
static void propagate(size_t dim, const double *J, const double *P, double *dP)
{
    for (size_t i = 0; i < dim; i++)
        for (size_t j = 0; j < dim; j++) {
            double sum = 0;
            for (size_t k = 0; k < dim; k++)
                sum += J[i * dim + k] * P[k * dim + j] + P[i * dim + k] * J[j * dim + k];
            dP[i * dim + j] = sum;
        }
}

/* dm += sum_j d/dx_j (f' P_j) / 2, where P_j is row j of P */
static enum status add_curvature(const struct equations *e, const double *theta, const double *P,
                                 double *dm)
{
    const struct flow *flow = e->system->flow;
    const size_t dim = flow->dim;
    static const struct {
        double steps, weight;
    } stencil[] = {{1, 8.0 / 12}, {-1, -8.0 / 12}, {2, -1.0 / 12}, {-2, 1.0 / 12}};
    memcpy(e->point, theta, dim * sizeof *theta);
    for (size_t j = 0; j < dim; j++) {
        const double h = pow(DBL_EPSILON, 1.0 / 5) * fmax(1, fabs(theta[j]));
        for (size_t s = 0; s < sizeof stencil / sizeof *stencil; s++) {
            e->point[j] = theta[j] + stencil[s].steps * h;
            TRY(flow->jacobian(flow, e->point, e->shifted));
            add_product(dim, stencil[s].weight / h / 2, e->shifted, P + j * dim, dm);
        }
        e->point[j] = theta[j];
    }
    return OK;
}

static enum status field_of_one(const struct equations *e, const double *y, double *dy)
{
    const struct flow *flow = e->system->flow;
    const size_t dim = flow->dim;
    const double *theta = y, *E = y + dim, *m = y + 2 * dim, *P = y + 3 * dim;
    double *dE = dy + dim, *dm = dy + 2 * dim, *dP = dy + 3 * dim;
    TRY(flow->field(flow, 1, theta, e->f));
    TRY(flow->jacobian(flow, theta, e->J));
    memset(dE, 0, 2 * dim * sizeof *dE);
    memcpy(dy, e->f, dim * sizeof *dy);
    add_product(dim, 1, e->J, E, dE);
    add_product(dim, -1.0 / 2, e->J, e->f, dE);
    add_product(dim, 1, e->J, m, dm);
    TRY(add_curvature(e, theta, P, dm));
    propagate(dim, e->J, P, dP);
    add_covariance(e, theta, dP);
    return OK;
}

/* comparison_path_follow() asks for one state at a time. */
static enum status field(const struct flow *flow, size_t n, const double *y, double *dy)
{
    if (n != 1)
        return status_fail(BAD_ARGUMENT, "the equations of noise have no lanes");
    return field_of_one(flow->data, y, dy);
}

static enum status integrate(struct equations *e, const struct comparison_noise_plan *plan,
                             const double *x0, struct comparison_noise *noise)
{
    const size_t dim = e->system->flow->dim;
    const struct comparison_path_plan path_plan = {
        .horizon = plan->horizon, .steps = plan->steps, .tolerance = TOLERANCE};
    struct comparison_path *path = NULL;
    memcpy(noise->mean, x0, dim * sizeof *x0);
    TRY(comparison_path_follow(&e->flow, &path_plan, noise->mean, &path));
    memcpy(noise->mean, path->x + path->steps * e->flow.dim, e->flow.dim * sizeof(double));
    comparison_path_free(path);
    return OK;
}

static struct equations *equations_create(const struct comparison_system *system, size_t batch)
{
    enum { VECTORS = 3 };
    const size_t dim = system->flow->dim;
    struct equations *e = calloc(1, sizeof *e + (2 * dim * dim + VECTORS * dim) * sizeof(double));
    if (!e)
        return NULL;
    e->system = system;
    e->batch = (double)batch;
    e->J = (double *)(void *)(e + 1);
    e->shifted = e->J + dim * dim;
    e->f = e->shifted + dim * dim;
    e->g = e->f + dim;
    e->point = e->g + dim;
    e->flow = (struct flow){.dim = unknowns(dim), .title = "noise", .field = field, .data = e};
    return e;
}

static struct comparison_noise *noise_create(size_t dim)
{
    struct comparison_noise *noise = calloc(1, sizeof *noise + unknowns(dim) * sizeof(double));
    if (!noise)
        return NULL;
    noise->dim = dim;
    noise->mean = (double *)(void *)(noise + 1);
    noise->E = noise->mean + dim;
    noise->m = noise->E + dim;
    noise->P = noise->m + dim;
    return noise;
}

void comparison_noise_free(struct comparison_noise *noise)
{
    free(noise);
}

enum status comparison_noise_create(const struct comparison_system *system,
                                    const struct comparison_noise_plan *plan, const double *x0,
                                    struct comparison_noise **noise)
{
    const struct flow *flow = system->flow;
    if (flow->dim > COMPARISON_NOISE_MOST || !flow->jacobian)
        return status_fail(BAD_ARGUMENT, "the equations of noise are for at most %d unknowns",
                           COMPARISON_NOISE_MOST);
    struct equations *e = equations_create(system, plan->batch);
    struct comparison_noise *made = noise_create(flow->dim);
    enum status status = e && made ? OK : status_fail(NO_MEMORY, "%zu unknowns", flow->dim);
    if (status == OK)
        status = comparison_walker_create(system, 1, &e->walker);
    if (status == OK)
        status = integrate(e, plan, x0, made);
    if (e)
        comparison_walker_free(e->walker);
    free(e);
    if (status == OK)
        *noise = made;
    else
        comparison_noise_free(made);
    return status;
}
