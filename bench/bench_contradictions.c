/* Exact endings against integrated ones against certificates, on random rational cases.
 *
 *     bench_contradictions [CASES [SETTLE_CHECK [KIND]]]     SETTLE_CHECK "": no certificates
 *
 * Chains of two to five layers and fans, under fixed and adaptive feedback and under bp.  Data and
 * starts are dyadic numbers of small height, which doubles hold exactly, so that all see the same
 * numbers; zeros, equal weights and ties are frequent, and a part of the starts lies on the leaves of
 * planted double zeros.  Every case is decided in exact arithmetic and by the sweeper with its
 * referee; a certificate of every CERTIFIED_EVERY-th one that has a kind is judged by settle-check.
 * A contradiction is a pair of different endings both of which claim to be decided, limits that
 * differ by more than the integration says of itself, or a certificate that is rejected.  Undecided
 * is no contradiction, and is counted.  Exit status 1: there was one. */
#include "base/folder.h"
#include "base/stream.h"
#include "cli/certificate_file.h"
#include "exact/certificate_limit.h"
#include "exact/certificate_stability.h"
#include "exact/certificate_trap.h"
#include "exact/statement_problem.h"
#include "linear/registry.h"
#include "ode/sweep.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    SEED = 2028,
    CASES_STANDARD = 2000,
    CASES_OF_A_PROBLEM = 40,
    DIM_MAX = 9,
    DIGITS = 20,
    CERTIFIED_EVERY = 5,
    TRAPPED_EVERY = 100, /* certificates by an orbit and a trap, of rules without fixed feedback */
    BATCH = 200,         /* files for one run of settle-check */
    SHOWN_MOST = 5,      /* contradictions of each kind; rejected certificates */
    LAYERS_MOST = 5,
    FAN_MOST = 3,
    SIZES_OF_FAN = 3,
    NUMBERS = 24, /* units: data are k/1, k/2, k/4 or k/8 with |k| <= 3 of them */
    SIDE = 3,
    NAME_LENGTH = 32,
    PATH_LENGTH = 4096
};

/* Starts on planted leaves are no farther out: beyond, few of their numbers are doubles. */
static const double FAR = 4096;

/* Of limits, relative to 1 + |x|: what is left of the referee's default tolerances. */
static const double CLOSE = 1e-8;

struct kind {
    const char *name, *system, *rule;
    size_t depth, coefficients, hidden; /* hidden: N of a fan */
    bool planted;
    double weight; /* share of the cases */
};

static const struct kind kinds[] = {
    {"chain 2 rbp", "chain", "rbp", 2, 2, 0, false, 2},
    {"chain 2 srbp planted", "chain", "srbp", 2, 2, 0, true, 1},
    {"chain 3 srbp", "chain", "srbp", 3, 3, 0, false, 2},
    {"chain 3 rbp planted", "chain", "rbp", 3, 3, 0, true, 1},
    {"chain 4 rbp", "chain", "rbp", 4, 4, 0, false, 2},
    {"chain 4 srbp planted", "chain", "srbp", 4, 4, 0, true, 1},
    {"chain 5 srbp", "chain", "srbp", 5, 5, 0, false, 2},
    {"fan 2 rbp", "fan", "rbp", 0, 2, 2, false, 1},
    {"fan 3 srbp", "fan", "srbp", 0, 3, 3, false, 1},
    {"chain 2 bp", "chain", "bp", 2, 0, 0, false, 1},
    {"chain 3 bp", "chain", "bp", 3, 0, 0, false, 1},
    {"chain 4 bp", "chain", "bp", 4, 0, 0, false, 1},
    {"chain 5 bp", "chain", "bp", 5, 0, 0, false, 1},
    {"fan 2 bp", "fan", "bp", 0, 0, 2, false, 0.5},
    {"chain 2 arbp", "chain", "arbp", 2, 0, 0, false, 1},
    {"chain 3 arbp", "chain", "arbp", 3, 0, 0, false, 0.5},
    {"fan 2 arbp", "fan", "arbp", 0, 0, 2, false, 0.5},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

struct tally {
    size_t pairs[ENDING_COUNT][ENDING_COUNT]; /* exact, integrated */
    size_t cases, certified, accepted, without;
    size_t contradictions, rejections, shown;
    double deviation; /* the largest, relative to 1 + |x| */
};

struct ensemble {
    const struct kind *kind;
    struct problem problem;
    size_t number, dim, count;
    double starts[CASES_OF_A_PROBLEM][DIM_MAX];
    struct tally *tally;
    const char *checker;            /* NULL: certificates are not judged */
    const char *directory;          /* of the batch */
    size_t files, trappable, shown; /* contradictions of this kind */
};

/* ---- numbers ---- */

/* k/unit with |k/unit| <= SIDE; zero is drawn as often as any other. */
static double draw_number(struct stream *stream, unsigned unit)
{
    return (double)stream_below(stream, 2 * SIDE * unit + 1) / unit - SIDE;
}

static double draw_nonzero(struct stream *stream, unsigned unit)
{
    const double size = (double)(1 + stream_below(stream, SIDE * unit)) / unit;
    return stream_below(stream, 2) ? size : -size;
}

static void draw_problem(struct ensemble *e, struct stream *stream, unsigned unit)
{
    struct problem *p = &e->problem;
    *p = problem_defaults(registry_system(e->kind->system), registry_rule(e->kind->rule));
    p->depth = e->kind->depth;
    if (e->kind->hidden) {
        p->size_count = SIZES_OF_FAN;
        p->sizes[0] = p->sizes[2] = 1;
        p->sizes[1] = e->kind->hidden;
    }
    p->c_count = e->kind->coefficients;
    for (size_t k = 0; k < p->c_count; k++)
        p->c[k] = stream_below(stream, NUMBERS) ? draw_nonzero(stream, unit) : 0;
    p->alpha = draw_number(stream, unit);
    p->beta = stream_below(stream, NUMBERS) ? fabs(draw_nonzero(stream, unit))
                                            : draw_number(stream, unit);
}

static void draw_start(const struct ensemble *e, struct stream *stream, unsigned unit, double *x0)
{
    for (size_t i = 0; i < e->dim; i++)
        x0[i] = draw_number(stream, unit);
    if (e->dim > 1 && stream_below(stream, SIDE) == 0)
        x0[1] = stream_below(stream, 2) ? x0[0] : -x0[0];
}

/* ---- planted double zeros ---- */

/* Sums and products that say whether they were rounded: within a rounding of a double zero, doubles
 * cannot tell what happens, and such cases are not used. */
struct exactly {
    bool rounded;
};

static double times(struct exactly *x, double a, double b)
{
    const double p = a * b;
    x->rounded = x->rounded || fma(a, b, -p) != 0;
    return p;
}

static double plus(struct exactly *x, double a, double b)
{
    const double sum = a + b, of_b = sum - a;
    x->rounded = x->rounded || (a - (sum - of_b)) + (b - of_b) != 0;
    return sum;
}

/* The feedback of a chain as it acts on the layers, (N3). */
static void direct_weights(const struct ensemble *e, struct exactly *x, double *d)
{
    const bool layered = strcmp(e->kind->rule, "rbp") == 0;
    double above = 1;
    for (size_t i = e->kind->depth; i-- > 0;) {
        above = times(x, above, e->problem.c[i]);
        d[i] = layered ? above : e->problem.c[i];
    }
}

/* a_L with dP/ds = 0 at a: -d_L A^2/X, X = sum_(i<L) d_i A_(i-1)^2 prod_(i<k<L) a_k. */
static bool plant(struct exactly *x, const double *d, size_t L, double *a)
{
    double A = 1, X = 0;
    for (size_t i = 0; i + 1 < L; i++) {
        X = plus(x, times(x, X, a[i]), times(x, d[i], times(x, A, A)));
        A = times(x, A, a[i]);
    }
    if (X == 0 || A == 0)
        return false;
    const double top = times(x, -d[L - 1], times(x, A, A));
    a[L - 1] = top / X;
    x->rounded = x->rounded || fma(a[L - 1], X, -top) != 0;
    return true;
}

/* a(s) of the orbit in residual time. */
static void move_along(struct exactly *x, const double *d, size_t L, double s, double *a)
{
    double U = s;
    for (size_t i = 0; i < L; i++) {
        const double change = times(x, d[i], U), begin = a[i];
        a[i] = plus(x, begin, change);
        U = times(x, U, plus(x, begin, change / 2));
    }
}

/* alpha such that a is a zero of e. */
static void plant_target(struct ensemble *e, struct exactly *x, const double *a)
{
    e->problem.alpha = e->problem.beta;
    for (size_t i = 0; i < e->kind->depth; i++)
        e->problem.alpha = times(x, e->problem.alpha, a[i]);
}

/* Starts on the leaf of a double zero, on both sides of it; false: the draw has none. */
static bool draw_planted(struct ensemble *e, struct stream *stream, unsigned unit)
{
    const size_t L = e->kind->depth, count = e->count;
    double d[LAYERS_MOST], zero[LAYERS_MOST];
    struct exactly x = {false};
    direct_weights(e, &x, d);
    for (size_t i = 0; i < L; i++)
        zero[i] = draw_number(stream, unit);
    if (!plant(&x, d, L, zero))
        return false;
    plant_target(e, &x, zero);
    e->count = 0;
    for (size_t k = 0; k < count && !x.rounded; k++) { /* |x| <= FAR: small heights */
        struct exactly moved = {false};
        memcpy(e->starts[e->count], zero, L * sizeof *zero);
        move_along(&moved, d, L, draw_number(stream, 2 * unit) / 2, e->starts[e->count]);
        for (size_t i = 0; i < L; i++)
            moved.rounded = moved.rounded || fabs(e->starts[e->count][i]) > FAR;
        e->count += !moved.rounded;
    }
    return e->count > 0;
}

/* ---- exact ---- */

static void fail(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, status_message());
    exit(2);
}

static struct statement *statement_of(const struct ensemble *e, const double *x0)
{
    struct statement_numbers numbers;
    struct statement *statement = NULL;
    const char *why = NULL;
    statement_problem_numbers(&e->problem, x0, e->dim, &numbers);
    if (statement_problem_make(&e->problem, &numbers, &statement, &why) != OK || !statement)
        fail("statement");
    statement_problem_free(&numbers);
    return statement;
}

static struct limit *limit_of(const struct statement *statement)
{
    struct limit *limit = limit_create(statement);
    if (!limit || limit_decide(statement, DIGITS, limit) != OK)
        fail("limit");
    return limit;
}

/* ---- certificates ---- */

static void run_checker(struct ensemble *e)
{
    char line[2 * PATH_LENGTH];
    size_t accepted = 0;
    if (e->files == 0)
        return;
    snprintf(line, sizeof line, "'%s' %s/*.certificate; rm -f %s/*.certificate", e->checker,
             e->directory, e->directory);
    FILE *out = popen(line, "r");
    if (!out)
        fail("settle-check");
    while (fgets(line, sizeof line, out)) {
        accepted += strncmp(line, "accepted ", strlen("accepted ")) == 0;
        if (strncmp(line, "rejected ", strlen("rejected ")) == 0 && ++e->tally->shown <= SHOWN_MOST)
            printf("REJECTED: %s", line);
    }
    pclose(out);
    e->tally->accepted += accepted;
    e->tally->rejections += e->files - accepted;
    e->files = 0;
}

static void save_certificate(struct ensemble *e, size_t k, const struct certificate *c)
{
    char name[NAME_LENGTH];
    if (!c->text) {
        e->tally->without++;
        return;
    }
    snprintf(name, sizeof name, "%zu-%zu.certificate", e->number, k);
    if (certificate_file_save_as(c, e->directory, name) != OK)
        fail("certificate");
    e->tally->certified++;
    if (++e->files == BATCH)
        run_checker(e);
}

static enum status certify_orbit(const struct premise *premise, struct certificate *c)
{
    static const double HORIZON = 1e3;
    enum { TRAP_DIGITS = 10 };
    const struct trap_options asked = {.digits = TRAP_DIGITS, .horizon = HORIZON};
    struct trap *trap = NULL;
    TRY(trap_prove(premise, &asked, &trap));
    enum status status = OK;
    if (trap->proved)
        status = certificate_trap(trap, c);
    trap_free(trap);
    return status;
}

/* By the kind of the exact limit, and now and then by an orbit that ends in a trap. */
static enum status certify_limit(struct ensemble *e, const struct certificate_question *question,
                                 struct certificate *c)
{
    const struct limit *limit = question->limit;
    TRY(certificate_limit(question, c));
    if (!c->text && limit->ending == ENDING_SETTLED && limit->minimum &&
        ++e->trappable % (TRAPPED_EVERY / CERTIFIED_EVERY) == 0)
        return certify_orbit(question->premise, c);
    return OK;
}

static void certify(struct ensemble *e, size_t k, const struct statement *statement,
                    const struct limit *limit)
{
    struct premise *premise = NULL;
    struct certificate c = {0};
    const char *why = NULL;
    if (premise_of_problem(&e->problem, e->starts[k], &premise, &why) != OK || !premise)
        fail("premise");
    const struct certificate_question question = {
        .premise = premise, .statement = statement, .limit = limit, .digits = DIGITS};
    const enum status status = certificate_stability_is_asked(premise)
                                   ? certificate_stability(premise, &c)
                                   : certify_limit(e, &question, &c);
    if (status != OK)
        fail("certificate");
    save_certificate(e, k, &c);
    certificate_free(&c);
    premise_free(premise);
}

/* ---- one case ---- */

static bool is_decided(enum ending ending)
{
    return ending != ENDING_HORIZON && ending != ENDING_FAILED;
}

static double or_zero(double x)
{
    return isnan(x) ? 0 : x;
}

/* Largest distance of the limits in units of what is allowed. */
static double disagreement(const struct ensemble *e, const struct limit *exact,
                           const struct sweep_result *result)
{
    const double known = or_zero(result->integration_error) + or_zero(result->distance_bound);
    double worst = 0;
    for (size_t i = 0; i < e->dim; i++) {
        const double x = arf_get_d(arb_midref(exact->x + i), ARF_RND_NEAR);
        const double away = fabs(x - result->limit[i]);
        if (exact->ending == ENDING_SETTLED && !(away / (1 + fabs(x)) <= e->tally->deviation))
            e->tally->deviation = away / (1 + fabs(x));
        worst = fmax(worst, away / (CLOSE * (1 + fabs(x)) + known));
    }
    return worst;
}

static void show(struct ensemble *e, const double *x0, const struct limit *exact,
                 const struct sweep_result *result)
{
    const struct problem *p = &e->problem;
    if (++e->shown > SHOWN_MOST)
        return;
    printf("CONTRADICTION: %s: %s exactly (%s), %s%s integrated: --alpha %.17g --beta %.17g --c ",
           e->kind->name, ending_name(exact->ending), exact->theorem, ending_name(result->ending),
           result->by_referee ? " by the referee" : "", p->alpha, p->beta);
    for (size_t k = 0; k < p->c_count; k++)
        printf("%s%.17g", k ? "," : "", p->c[k]);
    printf(" --init ");
    for (size_t i = 0; i < e->dim; i++)
        printf("%s%.17g", i ? "," : "", x0[i]);
    printf("; integrated rate %.3g, limit", result->transverse_rate);
    for (size_t i = 0; i < e->dim && result->has_limit; i++)
        printf(" %.9g", result->limit[i]);
    printf("\n");
}

static enum status compare(void *context, size_t k, const double *x0,
                           const struct sweep_result *result)
{
    struct ensemble *e = context;
    struct statement *statement = statement_of(e, x0);
    struct limit *exact = limit_of(statement);
    e->tally->cases++;
    e->tally->pairs[exact->ending][result->ending]++;
    if (is_decided(exact->ending) && is_decided(result->ending) &&
        (exact->ending != result->ending ||
         (exact->has_limit && result->has_limit && !(disagreement(e, exact, result) <= 1)))) {
        e->tally->contradictions++;
        show(e, x0, exact, result);
    }
    if (e->checker && k % CERTIFIED_EVERY == 0)
        certify(e, k, statement, exact);
    limit_free(exact);
    statement_free(statement);
    return OK;
}

/* ---- one kind ---- */

static enum status new_flow(void *context, struct flow **flow)
{
    return problem_flow(&((struct ensemble *)context)->problem, flow);
}

static void start(const void *context, size_t k, double *x0)
{
    const struct ensemble *e = context;
    memcpy(x0, e->starts[k], e->dim * sizeof *x0);
}

static bool draw(struct ensemble *e)
{
    struct stream stream = stream_at(SEED, stream_key(e->kind->name), e->number);
    const unsigned unit = 1U << stream_below(&stream, SIDE + 1);
    draw_problem(e, &stream, unit);
    if (problem_dim(&e->problem, &e->dim) != OK || e->dim > DIM_MAX)
        fail("problem");
    if (e->kind->planted)
        return draw_planted(e, &stream, unit);
    for (size_t k = 0; k < e->count; k++)
        draw_start(e, &stream, unit, e->starts[k]);
    return true;
}

static void sweep_problem(struct ensemble *e)
{
    struct sweep_plan plan = sweep_plan_defaults();
    plan.threads = 1;
    const struct sweep_task task = {
        .count = e->count, .flow = new_flow, .start = start, .result = compare, .context = e};
    if (sweep_run(&plan, &task, NULL) != OK)
        fail(e->kind->name);
}

/* Problem after problem until the share of the cases is done. */
static void sweep_kind(const struct kind *kind, size_t cases, struct ensemble *e)
{
    const size_t before = e->tally->cases;
    e->kind = kind;
    e->shown = 0;
    for (e->number = 0; e->tally->cases < before + cases; e->number++) {
        const size_t left = before + cases - e->tally->cases;
        e->count = left < CASES_OF_A_PROBLEM ? left : CASES_OF_A_PROBLEM;
        if (draw(e))
            sweep_problem(e);
    }
    run_checker(e);
}

/* ---- all ---- */

static void print_pairs(const struct tally *t)
{
    for (int i = 0; i < ENDING_COUNT; i++)
        for (int j = 0; j < ENDING_COUNT; j++)
            if (t->pairs[i][j])
                printf("  %-10s exactly, %-10s integrated: %zu\n",
                       i == ENDING_HORIZON ? "undecided" : ending_name((enum ending)i),
                       j == ENDING_HORIZON ? "undecided" : ending_name((enum ending)j),
                       t->pairs[i][j]);
}

static void print_tally(const struct tally *t, double seconds)
{
    print_pairs(t);
    printf("  %zu cases, %zu contradictions; limits differ by at most %.2g (1 + |x|)\n", t->cases,
           t->contradictions, t->deviation);
    printf("  %zu certificates, %zu accepted, %zu rejected; %zu cases without a kind\n",
           t->certified, t->accepted, t->rejections, t->without);
    printf("  %.0f s\n", seconds);
}

static double seconds_now(void)
{
    static const double NANOSECONDS = 1e-9;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + NANOSECONDS * (double)now.tv_nsec;
}

static double weight_of_all(void)
{
    double sum = 0;
    for (size_t k = 0; k < KINDS; k++)
        sum += kinds[k].weight;
    return sum;
}

/* Kind by kind; `only`: of this one all cases, or NULL. */
static void sweep_all(size_t cases, const char *only, struct ensemble *e)
{
    const double all = weight_of_all(), begun = seconds_now();
    double weight = 0;
    for (size_t k = 0; k < KINDS; k++) {
        const double kind_begun = seconds_now();
        const size_t before = e->tally->cases, contradictions = e->tally->contradictions;
        weight += kinds[k].weight;
        if (only && strcmp(only, kinds[k].name) != 0)
            continue;
        sweep_kind(&kinds[k], only ? cases : (size_t)(weight / all * (double)cases) - before, e);
        printf("%-22s %6zu cases, %zu contradictions, %.1f s\n", kinds[k].name,
               e->tally->cases - before, e->tally->contradictions - contradictions,
               seconds_now() - kind_begun);
        fflush(stdout);
    }
    print_tally(e->tally, seconds_now() - begun);
}

int main(int argc, char **argv)
{
    enum { KIND_GIVEN = 3 };
    char directory[] = "/tmp/contradictions.XXXXXX";
    struct tally tally = {.cases = 0};
    struct ensemble e = {.tally = &tally};
    const size_t cases = argc > 1 ? (size_t)strtoul(argv[1], NULL, 0) : CASES_STANDARD;
    if (argc > 2 && *argv[2]) {
        if (!mkdtemp(directory))
            return 2;
        e.checker = argv[2];
        e.directory = directory;
    }
    sweep_all(cases, argc > KIND_GIVEN ? argv[KIND_GIVEN] : NULL, &e);
    if (e.checker)
        remove(directory);
    return tally.contradictions || tally.rejections || tally.cases < cases ? 1 : 0;
}
