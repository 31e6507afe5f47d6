/* Looking for a proof of convergence.
 *
 * Piece by piece: expand, bound the strain on a tube, take the least growth that Gauss's elimination
 * accepts, bound the defect, cross.  From the first piece on the trap is tried where K attracts and the
 * error is small enough, because what is neutral widens for ever: early is better.  After the trap has
 * closed once the orbit goes on until the limit has its digits; the last trap is the one that is
 * kept.  A walk that widens too much for the digits, or for any trap, is taken up again with more
 * bits, unless it is the box of starts that is too wide. */
#include "exact/trap.h"

#include "exact/definite.h"
#include "exact/trap_frame.h"
#include "exact/trap_norm.h"
#include "exact/trap_obstacle.h"
#include "exact/trap_orbit.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    PIECES_MOST = 1 << 14,
    GROWTH_STEPS = 8,  /* bisections of the growth */
    GROWTH_PLACES = 6, /* bits behind the point that a growth has */
    TUBE_TRIALS = 8,
    TUBE_BITS = 8,
    FRAME_EVERY = 4, /* pieces: then another frame is thought of */
    BOX_ORDER = 12,  /* its pieces are short */
    BOX_BITS = 64,   /* of the pieces from a box of starts */
    BOX_SHIFT = 5,   /* on a piece from a box no unknown varies by more than 2^-BOX_SHIFT */
    WIDTH_TRIALS = 8,
    SPARE_BITS = 32,
    TRIALS = 3,       /* numbers of bits without any trap */
    FAR = 40,         /* an orbit beyond 2^FAR is given up */
    FIRST_GUARD = 96, /* bits beyond the digits, at first */
    SHORT = 64
};

static const double POINT_MARGIN = 4, BOX_MARGIN = 1.0625, WIDTH_MARGIN = 1.25;
/* Claims are made with something to spare, because whoever checks them may round in another order:
 * shares of the radii of the strain, and of the widths. */
static const double GROWTH_SPARE = 0.0625, WIDTH_SPARE = 1.0625, WIDTH_CLAIM = 1.03;
/* Where the trap is looked for: shares of the least eigenvalue; ways longer than this are not tried. */
static const double SHARES[] = {0.9, 0.6, 0.3};
enum { SHARE_COUNT = sizeof SHARES / sizeof *SHARES };
static const double WAY_MOST = 4;
static const double PATIENCE = 0.7; /* share of the time that the missing digits take, by then */
static const double MU_SHARES[] = {0.999, 0.98, 0.9, 0.7, 0.4}; /* of the shift of the norm */
enum { MU_COUNT = sizeof MU_SHARES / sizeof *MU_SHARES };
static const double BITS_OF_DIGIT = 3.3219280948873626;

/* One attempt with a number of bits. */
struct search {
    struct trap *trap;
    const struct trap_options *options;
    struct trap_orbit *orbit;
    struct trap_walk *walk;
    arb_mat_t G;
    double time, next_try; /* of the trap */
    double *K, *J;         /* [k*k], [n*n]: K and Df at the end of the last piece */
    double *next_frame;    /* of the next piece; NULL: the present one */
    double least;          /* real part of its eigenvalues, where the trap closed last */
    struct trap_ways ways;
    slong needs_bits; /* more than there are; 0: none */
    const char *reason;
};

/* ---- memory ---- */

static void clear_pieces(struct trap *t)
{
    for (size_t j = 0; j < t->count; j++) {
        _fmpz_vec_clear(t->piece[j].c, (slong)t->program->n * (t->order + 1));
        arf_clear(t->piece[j].tube);
    }
    t->count = 0;
    for (size_t j = 0; j < t->frames; j++)
        free(t->frame[j]);
    free(t->frame);
    t->frame = NULL;
    t->frames = 0;
}

void trap_free(struct trap *t)
{
    if (!t)
        return;
    if (t->program) {
        clear_pieces(t);
        _arb_vec_clear(t->limit, (slong)t->program->n);
    }
    arf_clear(t->radius);
    free(t->piece);
    free(t->end.V);
    free(t->end.width);
    program_free(t->program);
    free(t);
}

static enum status trap_create(const struct premise *premise, struct trap **trap)
{
    struct program *program;
    TRY(program_create(premise, &program));
    struct trap *t = calloc(1, sizeof *t);
    if (!t) {
        program_free(program);
        return status_fail(NO_MEMORY, "a trap");
    }
    t->premise = premise;
    t->program = program;
    arf_init(t->radius);
    t->limit = _arb_vec_init((slong)program->n);
    t->end.V = calloc(program->k * program->k, sizeof *t->end.V);
    t->end.width = calloc(program->n, sizeof *t->end.width);
    if (!t->end.V || !t->end.width) {
        trap_free(t);
        return status_fail(NO_MEMORY, "a trap of %zu unknowns", program->n);
    }
    *trap = t;
    return OK;
}

/* A new piece at the end of the list, its coefficients zero. */
static struct trap_piece *add_piece(struct trap *t)
{
    if (t->count == t->room) {
        const size_t room = 2 * t->room + SHORT;
        struct trap_piece *piece = realloc(t->piece, room * sizeof *piece);
        if (!piece)
            return NULL;
        t->piece = piece;
        t->room = room;
    }
    struct trap_piece *piece = t->piece + t->count++;
    *piece = (struct trap_piece){.shift = 0};
    piece->c = _fmpz_vec_init((slong)t->program->n * (t->order + 1));
    arf_init(piece->tube);
    return piece;
}

/* ---- one piece ---- */

/* The largest lower bound and the least upper bound of the growth that are read off at once. */
static void growth_range(const arb_mat_t G, double *low, double *high)
{
    const slong n = arb_mat_nrows(G);
    arf_t bound;
    arf_init(bound);
    *low = *high = -INFINITY;
    for (slong i = 0; i < n; i++) {
        double row = 0;
        for (slong j = 0; j < n; j++) {
            arb_get_abs_ubound_arf(bound, arb_mat_entry(G, i, j), SHORT);
            row += i == j ? 0 : arf_get_d(bound, ARF_RND_UP);
        }
        arb_get_ubound_arf(bound, arb_mat_entry(G, i, i), SHORT);
        const double diagonal = arf_get_d(bound, ARF_RND_UP);
        *low = fmax(*low, diagonal);
        *high = fmax(*high, diagonal + row);
    }
    arf_clear(bound);
}

static double rounded_up(double value)
{
    return ldexp(floor(ldexp(value, GROWTH_PLACES)) + 1, -GROWTH_PLACES);
}

/* The least growth, to its places; INFINITY: none. */
static double least_growth(const arb_mat_t G)
{
    double low, high;
    growth_range(G, &low, &high);
    if (!isfinite(low) || !isfinite(high))
        return INFINITY;
    high = rounded_up(high);
    if (!trap_walk_is_bound(G, high))
        return INFINITY;
    for (int k = 0; k < GROWTH_STEPS; k++) {
        const double middle = rounded_up((low + high) / 2);
        if (middle >= high)
            break;
        if (trap_walk_is_bound(G, middle))
            high = middle;
        else
            low = middle;
    }
    return high;
}

/* At least -1/h, as the bound of theta asks. */
static double growth_allowed(double growth, slong shift)
{
    const double least = -ldexp(1, (int)shift);
    return growth < least ? least : growth;
}

static void first_tube(const struct search *s, struct trap_piece *piece)
{
    arf_t least;
    arf_init(least);
    arf_set_si_2exp_si(least, 1, FIRST_GUARD / 2 - s->trap->scale);
    arf_max(piece->tube, s->walk->radius, least);
    arf_clear(least);
}

/* tube := somewhat more than max(1, theta) (radius + defect h), a short number.  The growth of a box
 * of starts depends on it; what else is wide is so by choice. */
static void fitting_tube(const struct search *s, const arf_t defect, struct trap_piece *piece)
{
    arf_t added;
    arf_init(added);
    arf_mul_2exp_si(added, defect, -piece->shift);
    arf_add(added, added, s->walk->radius, SHORT, ARF_RND_UP);
    const double theta = fmax(1, exp(ldexp(piece->growth, -(int)piece->shift)));
    arf_t factor;
    arf_init(factor);
    arf_set_d(factor, theta * (s->trap->premise->radius ? BOX_MARGIN : POINT_MARGIN));
    arf_mul(added, added, factor, TUBE_BITS, ARF_RND_UP);
    if (arf_is_normal(added))
        arf_set(piece->tube, added);
    arf_clear(added);
    arf_clear(factor);
}

/* The growth for the tube that the piece has; false: there is none, or the piece is too long. */
static bool grow(struct search *s, struct trap_piece *piece)
{
    trap_walk_strain(s->walk, piece, s->G);
    const double spare = GROWTH_SPARE * definite_reach(s->G);
    piece->growth = growth_allowed(rounded_up(least_growth(s->G) + spare), piece->shift);
    return piece->growth <= ldexp(1, (int)piece->shift);
}

/* Growth, tube and step that go together; false: too long, or too wide. */
static bool cross_piece(struct search *s, struct trap_piece *piece)
{
    arf_t defect;
    arf_init(defect);
    first_tube(s, piece);
    bool good = grow(s, piece), crossed = false;
    if (good)
        trap_walk_defect(s->walk, piece, defect);
    for (int k = 0; k < TUBE_TRIALS && good && !crossed; k++) {
        fitting_tube(s, defect, piece);
        good = grow(s, piece);
        crossed = good && trap_walk_cross(s->walk, piece, defect);
    }
    arf_clear(defect);
    return crossed;
}

/* ---- the trap ---- */

static void read_transverse(struct search *s)
{
    const struct program *p = s->trap->program;
    const slong n = (slong)p->n, k = (slong)p->k;
    arb_ptr room = _arb_vec_init(n * n + 2 * n * k + k * k);
    const struct program_matrices m = {room, room + n * n, room + n * n + n * k,
                                       room + n * n + 2 * n * k};
    program_matrices_at(p, s->walk->x, SHORT, &m);
    for (slong i = 0; i < k * k; i++)
        s->K[i] = arf_get_d(arb_midref(m.K + i), ARF_RND_NEAR);
    for (slong i = 0; i < n * n; i++)
        s->J[i] = arf_get_d(arb_midref(m.Df + i), ARF_RND_NEAR);
    _arb_vec_clear(room, n * n + 2 * n * k + k * k);
}

static double upper(arb_srcptr value)
{
    arf_t bound;
    arf_init(bound);
    arb_get_ubound_arf(bound, value, SHORT);
    const double number = arf_get_d(bound, ARF_RND_UP);
    arf_clear(bound);
    return number;
}

/* The rest of the path in the Euclidean norm. */
static double way_length(const struct search *s)
{
    double sum = 0;
    for (size_t i = 0; i < s->trap->program->n; i++)
        sum += pow(upper(s->ways.way + i), 2);
    return sqrt(sum);
}

/* Widths from what was found with the last ones; false: they are long enough already. */
static bool widen(struct search *s)
{
    bool grew = false;
    double *width = s->trap->end.width;
    for (size_t i = 0; i < s->trap->program->n; i++) {
        const double needed = upper(s->ways.entry + i) + upper(s->ways.way + i);
        const bool fits = needed * WIDTH_SPARE < width[i];
        grew = grew || !fits;
        if (!fits)
            width[i] = WIDTH_MARGIN * needed + ldexp(1, -(int)fmin(1000, (double)s->trap->scale));
    }
    return grew;
}

/* Widths for this norm and mu. */
static bool close_with(struct search *s, double mu)
{
    struct trap_end *end = &s->trap->end;
    end->mu = mu;
    memset(end->width, 0, s->trap->program->n * sizeof *end->width);
    for (int trial = 0; trial < WIDTH_TRIALS; trial++) {
        if (!trap_walk_ways(s->walk, end, &s->ways) || !(way_length(s) < WAY_MOST))
            return false;
        if (!widen(s))
            return true;
    }
    return false;
}

static bool close_in_norm(struct search *s, double shift)
{
    const size_t k = s->trap->program->k;
    struct trap_end *end = &s->trap->end;
    if (!trap_norm_propose(k, s->K, shift, end->V))
        return false;
    for (size_t j = 0; j < MU_COUNT; j++)
        if (close_with(s, MU_SHARES[j] * shift))
            return true;
    return false;
}

/* x within the width, which is more than is proved, and never nothing. */
static void put_limit(const struct search *s, size_t i)
{
    arf_t width;
    arf_init(width);
    arf_set_d(width, s->trap->end.width[i]);
    arb_set(s->trap->limit + i, s->walk->x + i);
    arb_add_error_arf(s->trap->limit + i, width);
    arf_clear(width);
}

/* Does the trap close here?  Then end and limit are set. */
static bool close_here(struct search *s)
{
    struct trap *t = s->trap;
    const slong n = (slong)t->program->n;
    const double least = trap_norm_least(t->program->k, s->K);
    if (!(least > 0))
        return false;
    bool closed = false;
    for (int j = 0; j < SHARE_COUNT && !closed; j++)
        closed = close_in_norm(s, SHARES[j] * least);
    if (!closed)
        return false;
    s->least = least;
    arf_struct *far = calloc((size_t)n, sizeof *far);
    for (slong i = 0; i < n && far; i++)
        arf_init(far + i);
    for (slong i = 0; i < n; i++)
        t->end.width[i] /= WIDTH_CLAIM;
    closed = far && trap_walk_close(s->walk, &t->end, far);
    for (slong i = 0; i < n && far; i++) {
        if (closed)
            put_limit(s, (size_t)i);
        arf_clear(far + i);
    }
    free(far);
    return closed;
}

/* ---- the search ---- */

static double largest(const struct trap *t)
{
    double most = 0;
    for (size_t i = 0; i < t->program->n; i++)
        most = fmax(most, fabs(arf_get_d(arb_midref(t->limit + i), ARF_RND_NEAR)));
    return most;
}

static double widest(const struct trap *t)
{
    double most = 0;
    for (size_t i = 0; i < t->program->n; i++)
        most = fmax(most, mag_get_d(arb_radref(t->limit + i)));
    return most;
}

double trap_digits(const struct trap *t)
{
    const double size = largest(t);
    return -log10(widest(t) / (size > 0 ? size : 1));
}

/* How many bits would have made the radius at the entry small beside what is asked for. */
static slong missing_bits(const struct search *s, double entry)
{
    const double size = fmax(largest(s->trap), ldexp(1, -FAR));
    const double goal = size * pow(10, -(double)s->options->digits);
    const double bits = log2(entry / goal) + SPARE_BITS;
    return bits > SPARE_BITS && isfinite(bits) ? (slong)bits : SPARE_BITS;
}

/* After the trap has closed: done, or when to try again? */
static bool is_done(struct search *s)
{
    struct trap *t = s->trap;
    const double digits = trap_digits(t), missing = (double)s->options->digits - digits;
    if (t->entry.pieces == 0)
        t->entry = (struct trap_entry){s->time, t->end.mu, way_length(s), t->count};
    t->proved = true;
    if (missing <= 0 || t->premise->radius)
        return true;
    double entry = 0, way = 0;
    for (size_t i = 0; i < t->program->n; i++) {
        entry = fmax(entry, upper(s->ways.entry + i));
        way = fmax(way, upper(s->ways.way + i));
    }
    if (entry > way) { /* the orbit itself is not known any better */
        s->needs_bits = missing_bits(s, entry);
        return true;
    }
    s->next_try = s->time + PATIENCE * missing * log(10) / s->least;
    return false;
}

static bool is_far(const struct search *s)
{
    for (size_t i = 0; i < s->trap->program->n; i++)
        if (arf_cmpabs_2exp_si(arb_midref(s->walk->x + i), FAR) > 0)
            return true;
    return false;
}

/* At the end of an orbit that nothing trapped. */
static const char *why_no_trap(struct search *s)
{
    if (s->trap->count >= PIECES_MOST)
        return "no trap within 16384 pieces";
    if (!s->walk->started)
        return "no trap before the horizon";
    return trap_norm_least(s->trap->program->k, s->K) > 0
               ? "no trap before the horizon, where the error is still too large"
               : "no trap before the horizon: K does not attract there";
}

static bool is_stopped(struct search *s)
{
    const struct trap_options *o = s->options;
    return o->stop && o->stop(o->data, s->time, s->trap->count);
}

/* The largest change of an unknown over the piece, about. */
static double variation(const struct trap *t, const struct trap_piece *piece)
{
    double most = 0;
    for (size_t i = 0; i < t->program->n; i++) {
        const fmpz *c = piece->c + (slong)i * (t->order + 1);
        double sum = 0;
        for (slong j = 1; j <= t->order; j++)
            sum += ldexp(fabs(fmpz_get_d(c + j)), -(int)t->scale);
        most = fmax(most, sum);
    }
    return most;
}

/* A shift for a box of starts: the hull of the piece is not much wider than the box. */
static slong short_shift(struct search *s, struct trap_piece *piece)
{
    slong shift = trap_orbit_expand(s->orbit);
    for (; shift < TRAP_ORBIT_SHIFT_MOST; shift++) {
        trap_orbit_piece(s->orbit, shift, piece->c);
        if (variation(s->trap, piece) < ldexp(1, -BOX_SHIFT))
            break;
    }
    return shift;
}

/* A frame of its own; NULL: there is none that is better, or no memory for it. */
static double *better_frame(const struct search *s, double growth)
{
    struct trap *t = s->trap;
    const size_t n = t->program->n;
    const struct trap_frame_question question = {
        .n = n, .J = s->J, .B = s->walk->frame, .growth = growth};
    double **frames = realloc(t->frame, (t->frames + 1) * sizeof *frames);
    double *frame = malloc(n * n * sizeof *frame);
    t->frame = frames ? frames : t->frame;
    if (frames && frame && trap_frame_propose(&question, frame))
        return t->frame[t->frames++] = frame;
    free(frame);
    return NULL;
}

/* One more piece; false: the search is over, with the reason or with bits wanted. */
static enum status advance(struct search *s, bool *on)
{
    struct trap *t = s->trap;
    *on = false;
    struct trap_piece *piece = add_piece(t);
    if (!piece)
        return status_fail(NO_MEMORY, "piece %zu", t->count);
    piece->frame = s->next_frame;
    slong shift = t->premise->radius ? short_shift(s, piece) : trap_orbit_expand(s->orbit);
    bool crossed = false;
    for (bool joined = false; shift <= TRAP_ORBIT_SHIFT_MOST && !crossed; shift++) {
        piece->shift = shift;
        trap_orbit_piece(s->orbit, shift, piece->c);
        if (!joined && !trap_walk_join(s->walk, piece))
            break;
        joined = true;
        crossed = cross_piece(s, piece);
        if (shift > t->scale / 4) // NOLINT: shorter steps have no digits left
            break;
    }
    if (!crossed) {
        s->needs_bits = t->scale;
        s->reason = "the bounds on the orbit widen too much";
        return OK;
    }
    trap_orbit_move(s->orbit, piece->c);
    s->time += ldexp(1, -(int)piece->shift);
    read_transverse(s);
    s->next_frame = NULL;
    if (!t->premise->radius && t->count % FRAME_EVERY == 0)
        s->next_frame = better_frame(s, piece->growth);
    *on = true;
    return OK;
}

static enum status walk_on(struct search *s)
{
    struct trap *t = s->trap;
    for (bool on = true; on;) {
        const bool entered = t->entry.pieces > 0; /* then only digits are wanted */
        if (t->count >= PIECES_MOST || (!entered && s->time >= s->options->horizon)) {
            s->reason = why_no_trap(s);
            return OK;
        }
        if (is_far(s)) {
            s->reason = "the orbit goes too far away for a trap";
            return OK;
        }
        if (is_stopped(s))
            return status_fail(INTERRUPTED, "a proof of convergence, at t = %g", s->time);
        TRY(advance(s, &on));
        if (on && s->time >= s->next_try && close_here(s))
            on = !is_done(s);
    }
    return OK;
}

static enum status search_with(struct search *s)
{
    struct trap *t = s->trap;
    TRY(trap_orbit_create(t->program, t->premise->x0, t->scale, t->order, &s->orbit));
    TRY(trap_walk_create(t->premise, t->program, t->scale, t->order, &s->walk));
    TRY(walk_on(s));
    arf_set(t->radius, s->walk->radius);
    t->time = s->time;
    return OK;
}

/* One attempt with t->scale bits; *more of them may help; 0: not. */
static enum status attempt(struct trap *t, const struct trap_options *options, slong *more)
{
    const slong n = (slong)t->program->n, k = (slong)t->program->k;
    struct search s = {.trap = t, .options = options};
    clear_pieces(t);
    t->order = t->premise->radius ? BOX_ORDER : trap_orbit_order(t->scale);
    t->entry = (struct trap_entry){0};
    arb_mat_init(s.G, n, n);
    s.ways = (struct trap_ways){_arb_vec_init(n), _arb_vec_init(n), _arb_vec_init(1)};
    s.K = calloc((size_t)(k * k + n * n), sizeof *s.K);
    s.J = s.K ? s.K + k * k : NULL;
    enum status status = s.K ? search_with(&s) : status_fail(NO_MEMORY, "a trap");
    t->reason = t->proved ? NULL : s.reason;
    *more = s.needs_bits;
    trap_orbit_free(s.orbit);
    trap_walk_free(s.walk);
    arb_mat_clear(s.G);
    _arb_vec_clear(s.ways.entry, n);
    _arb_vec_clear(s.ways.way, n);
    _arb_vec_clear(s.ways.zeta, 1);
    free(s.K);
    return status;
}

static enum status attempts(struct trap *t, const struct trap_options *options)
{
    const bool box = t->premise->radius;
    slong more = 1;
    t->scale = box ? BOX_BITS : FIRST_GUARD + (slong)(BITS_OF_DIGIT * (double)options->digits);
    for (int trial = 1; more > 0; trial++, t->scale += more) {
        t->proved = false;
        TRY(attempt(t, options, &more));
        const bool hopeless = t->entry.pieces == 0 && trial == TRIALS;
        if (more == 0 || hopeless || t->scale + more > TRAP_ORBIT_SCALE_MOST || box)
            return OK;
    }
    return OK;
}

enum status trap_prove(const struct premise *premise, const struct trap_options *options,
                       struct trap **trap)
{
    struct trap *t = NULL;
    TRY(trap_create(premise, &t));
    assert(t);
    t->reason = trap_obstacle(premise);
    const enum status status = t->reason ? OK : attempts(t, options);
    if (status != OK)
        trap_free(t);
    else
        *trap = t;
    return status;
}

/* ---- once more ---- */

static bool walk_again(const struct trap *t, struct trap_walk *walk, arf_struct *far)
{
    for (size_t j = 0; j < t->count; j++)
        if (!trap_walk_piece(walk, t->piece + j))
            return false;
    if (!trap_walk_close(walk, &t->end, far))
        return false;
    arb_t place;
    arb_init(place);
    bool inside = true;
    for (slong i = 0; i < (slong)t->program->n; i++) {
        arb_set(place, walk->x + i);
        arb_add_error_arf(place, far + i);
        inside = inside && arb_contains(t->limit + i, place);
    }
    arb_clear(place);
    return inside;
}

enum status trap_check(const struct trap *t, bool *holds)
{
    struct trap_walk *walk;
    const slong n = (slong)t->program->n;
    TRY(trap_walk_create(t->premise, t->program, t->scale, t->order, &walk));
    arf_struct *far = calloc((size_t)n, sizeof *far);
    for (slong i = 0; i < n && far; i++)
        arf_init(far + i);
    *holds = far && walk_again(t, walk, far);
    for (slong i = 0; i < n && far; i++)
        arf_clear(far + i);
    const bool failed = !far;
    free(far);
    trap_walk_free(walk);
    return failed ? status_fail(NO_MEMORY, "a check of %ld unknowns", (long)n) : OK;
}
