/* Decade by decade of |x|, with escape_implicit.h.
 *
 * Time itself is the variable for growth.  In that of escape.c, d sigma = (|f|/|x|) dt, no explicit
 * step fits (where weights grow like t the rates across the way grow like t^2), and an implicit one
 * fails, too: |f| there is what the least offset from the way makes of it, so that Newton's
 * iteration has to know the offset better than doubles do.  Without blow-up nothing forbids t: it
 * goes as |x|^(-m).  For blow-up the variable is tau, d tau = |x|^k dt with k > m.
 *
 * The exponent is not read off J: the tiny speeds across the way, which are rounding, meet the
 * large rates there.  As nu = x.f/|x|^2 is proportional to |x|^m under the law, m is the slope of
 * log nu over log |x| from one decade to the next. */
#include "ode/escape_stiff.h"

#include "ode/escape_implicit.h"
#include "ode/vector.h"

#include <math.h>

enum { STEPS_MOST = 20000 };
/* Of |x|, or of the time where that is longer: from where the law set in, and followed here */
static const double DECADES_LEAST = 6, DECADES_HERE = 3;
enum { SLOPES_LEAST = 2 }; /* decades of |x| at least: a drift of m needs two of them */
static const double DECADE = 10;
static const double FAR = 1e100;  /* of |x|: fixed points beyond are not seen */
static const double LATE = 1e250; /* of t: at rest; h grows without bound there */
/* Tolerances, in turn: the finer one follows where weights cancel least, the coarser one passes
 * the noise of cancelling weights */
static const double RELATIVE[] = {1e-8, 1e-6};
enum { TOLERANCES = sizeof RELATIVE / sizeof *RELATIVE };
static const double LAW_DRIFT = 0.02;    /* of m over the last decade, ... */
static const double SMALL_POWER = 0.5;   /* ... absolutely for smaller |m| */
static const double SAME_LAW = 0.1;      /* of m, against the run so far: it is younger there */
static const double LEAST_POWER = 0.05;  /* m above: blow-up */
static const double EXPONENTIAL = 0.001; /* |m| below: exponential growth */
/* |x| is looked at whenever it has grown by this: then a fixed point is not farther than that from
 * the last look, and takes nu there below the law by ... */
static const double LOOK = 1.1;
static const double LAST_FACTOR = 2; /* ... more than this, if nu falls like 1 - (|x|/X)^k, k < 7 */

/* Blow-up: tau for every m below this, or one more than the slope says */
static const double POWER = 4;
/* Of |x|, where products of weights still fit; fixed points beyond are not seen */
static const double FAR_BLOW_UP = 1e30;
/* Two tolerances: their difference is the error of the coarser one, and bounds that of the finer */
struct patience {
    double rtol;
    int steps_most; /* to FAR_BLOW_UP; measured on power chains: 25000 and 80000 */
};
static const struct patience COARSE = {1e-7, 50000}, FINE = {1e-9, 200000};

/* What is followed: the solution from x. */
struct stiff_start {
    const struct flow *flow;
    const double *x;
    struct escape_patience *patience;
};

/* ---- the law ---- */

/* What was seen on the way. */
struct way {
    int decades;
    double size, rate; /* |x| and nu at the last decade, */
    double m, drift;   /* the slope of that decade, and its change from the one before */
    double t;          /* when it was reached */
};

static void note_decade(struct way *way, double size, double rate)
{
    const double m = log(rate / way->rate) / log(size / way->size);
    *way = (struct way){
        .decades = way->decades + 1, .size = size, .rate = rate, .m = m, .drift = fabs(m - way->m)};
}

/* One law: kept by m at every decade. */
static bool keeps_law(const struct way *way)
{
    return way->decades < SLOPES_LEAST || way->drift <= LAW_DRIFT * fmax(fabs(way->m), SMALL_POWER);
}

static bool near_law(const struct way *way, double size, double rate)
{
    return fabs(log(rate / way->rate) - way->m * log(size / way->size)) <= log(LAST_FACTOR);
}

/* Has |x| grown by the law until now, `elapsed` after the last decade?  What has come to rest has
 * not, however sharply the law ends: (1 - (|x|/X)^20) is 0.85 at the last look before X. */
static bool has_kept_growing(const struct way *way, double size, double elapsed)
{
    if (!(way->m < -EXPONENTIAL))
        return true;
    const double expected = log1p(-way->m * way->rate * elapsed) / -way->m;
    return expected - log(size / way->size) <= log(LAST_FACTOR);
}

/* Follows x as far as it grows under one law, or can be followed; false if the law ended. */
static bool follow(struct escape_implicit *implicit, size_t n, struct way *way)
{
    const double *x = escape_implicit_state(implicit);
    double rate = escape_implicit_rate(implicit, x), size = vector_norm(n, x);
    const double scale = 1 / rate;
    bool broken = false;
    *way = (struct way){.size = size, .rate = rate, .m = NAN};
    for (int step = 0; step < STEPS_MOST && escape_implicit_time(implicit) < LATE; step++) {
        if (way->size >= FAR || !escape_implicit_step(implicit, scale, &broken))
            break;
        const double now = vector_norm(n, x);
        if (now < LOOK * size)
            continue;
        size = now;
        rate = escape_implicit_rate(implicit, x);
        if (size >= DECADE * way->size) {
            note_decade(way, size, rate);
            way->t = escape_implicit_time(implicit);
        }
        if (way->decades > 0 && !(way->m <= LEAST_POWER))
            return false;
    }
    return !broken && near_law(way, size, rate) &&
           has_kept_growing(way, vector_norm(n, x), escape_implicit_time(implicit) - way->t);
}

/* Is what was seen from |x| = size on, and before that since |x| = since, one law for long? */
static bool is_evidence(const struct way *way, double size, const struct escape_law *before)
{
    const double length = fmax(1, -way->m);
    const bool same = fabs(way->m - before->m) <= SAME_LAW * fmax(fabs(way->m), SMALL_POWER);
    const double since = same ? fmin(size, before->since) : size;
    if (way->m >= EXPONENTIAL) /* faster than exponential: without blow-up, or with it? */
        return false;
    return way->decades >= SLOPES_LEAST && keeps_law(way) &&
           log10(way->size / size) * length >= DECADES_HERE &&
           log10(way->size / since) * length >= DECADES_LEAST;
}

static enum status confirm_growth(const struct stiff_start *start, const struct escape_law *before,
                                  struct way *way, struct escape *escape)
{
    const size_t n = start->flow->dim;
    struct escape_implicit *implicit;
    TRY(escape_implicit_create(start->flow, 0, start->patience, &implicit));
    enum status status = OK;
    for (int k = 0; k < TOLERANCES && status == OK && escape->verdict == ESCAPE_NEITHER; k++) {
        status = escape_implicit_start(implicit, start->x, RELATIVE[k]);
        if (status == OK && follow(implicit, n, way) &&
            is_evidence(way, vector_norm(n, start->x), before))
            *escape =
                (struct escape){.verdict = ESCAPE_GROWS,
                                .time_to_go = NAN,
                                .error = NAN,
                                .exponent = fabs(way->m) < EXPONENTIAL ? INFINITY : -1 / way->m,
                                .log_slope = NAN};
    }
    escape_implicit_free(implicit);
    return status;
}

/* ---- blow-up, (E33) ---- */

/* Follows x to FAR_BLOW_UP and notes the decades; false if it does not get there by blow-up, as
 * where a fixed point stops it. */
static bool follow_blow_up(struct escape_implicit *implicit, size_t n, int steps_most,
                           struct way *way)
{
    const double *x = escape_implicit_state(implicit);
    double size = vector_norm(n, x), rate = escape_implicit_rate(implicit, x);
    const double scale = pow(size, POWER) / rate; /* an e-fold of |x| */
    bool broken = false;
    *way = (struct way){.size = size, .rate = rate, .m = NAN};
    for (int step = 0; step < steps_most && way->size < FAR_BLOW_UP; step++) {
        if (!escape_implicit_step(implicit, scale, &broken))
            break;
        size = vector_norm(n, x);
        rate = escape_implicit_rate(implicit, x);
        if (way->decades >= SLOPES_LEAST && !near_law(way, size, rate)) /* it comes to an end */
            return false;
        if (size < DECADE * way->size)
            continue;
        note_decade(way, size, rate);
        way->t = escape_implicit_time(implicit);
        if (!(way->m > LEAST_POWER))
            return false;
    }
    return !broken && way->size >= FAR_BLOW_UP && keeps_law(way);
}

/* The time to the singularity from x, with this tolerance; NAN if that is not confirmed. */
static enum status time_to_blow_up(struct escape_implicit *implicit, size_t n, const double *x,
                                   const struct patience *patience, struct escape *escape)
{
    struct way way;
    TRY(escape_implicit_start(implicit, x, patience->rtol));
    *escape = (struct escape){
        .verdict = ESCAPE_NEITHER, .time_to_go = NAN, .exponent = NAN, .log_slope = NAN};
    if (!follow_blow_up(implicit, n, patience->steps_most, &way) || way.decades < DECADES_LEAST)
        return OK;
    const double to_go = 1 / (way.rate * way.m);
    escape->verdict = ESCAPE_BLOWS_UP;
    escape->time_to_go = way.t + to_go;
    escape->error = to_go * (way.drift / way.m + LAW_DRIFT);
    return OK;
}

static enum status confirm_blow_up(const struct stiff_start *start, double power,
                                   struct escape *escape)
{
    const size_t n = start->flow->dim;
    struct escape_implicit *implicit;
    struct escape coarse = {.verdict = ESCAPE_NEITHER}, fine = {.verdict = ESCAPE_NEITHER};
    TRY(escape_implicit_create(start->flow, power, start->patience, &implicit));
    enum status status = time_to_blow_up(implicit, n, start->x, &COARSE, &coarse);
    if (status == OK && coarse.verdict == ESCAPE_BLOWS_UP)
        status = time_to_blow_up(implicit, n, start->x, &FINE, &fine);
    escape_implicit_free(implicit);
    if (status == OK && fine.verdict == ESCAPE_BLOWS_UP) {
        fine.error += fabs(fine.time_to_go - coarse.time_to_go) + COARSE.rtol * fine.time_to_go;
        *escape = fine;
    }
    return status;
}

enum status escape_stiff_confirm(const struct flow *flow, const double *x,
                                 const struct escape_law *before, struct escape_patience *patience,
                                 struct escape *escape)
{
    const struct stiff_start start = {.flow = flow, .x = x, .patience = patience};
    struct way way = {.m = NAN};
    *escape = (struct escape){.verdict = ESCAPE_NEITHER};
    if (flow_is_large(flow))
        return OK;
    TRY(confirm_growth(&start, before, &way, escape));
    const double m = isnan(way.m) ? before->m : way.m; /* in time, no decade before it ends */
    if (escape->verdict != ESCAPE_NEITHER || !(m > LEAST_POWER))
        return OK;
    return confirm_blow_up(&start, m < POWER ? POWER : m + 1, escape);
}
