/* The first real root of a function on the half line, decided in balls.
 *
 * The half line is cut into [0,1], [1,2], [2,4], ...  On a piece X with midpoint m the Taylor
 * enclosure
 *     G(X) in sum_{k<4} g_k(m) (X-m)^k + g_4(X) (X-m)^4
 * decides one of three things: G has no root in X; G' has none, so that the sign of G at the far
 * end tells whether there is exactly one root or none; or neither, and X is halved.  The far end
 * of a piece may be an *exact* root: then its multiplicity m is the number of Taylor coefficients
 * that are exactly zero, and g_m(X) != 0 proves that X holds no other root.  Halving makes dyadic
 * end points, so every dyadic multiple root is found; any other one ends as inconclusive, which is
 * the truth about it in this arithmetic.  A piece is given up at PIECE_HALVINGS halvings.
 *
 * Source: notes/chains.md, (C1), (C2), (C4); interval root isolation as in Moore (1966). */
#include "linear/clock.h"

#include <math.h>
#include <stddef.h>

enum {
    ENCLOSURE_ORDER =
        4, /* of the Taylor enclosure: excludes near pairs down to a gap of 1e-8 of a piece */
    PIECE_HALVINGS = 90, /* 2^-90 of a piece: below the resolution of double-double balls */
    PIECES_MOST =
        4000, /* in all: hundreds do for six layers; deep chains need more and are given up */
    DOUBLINGS_MOST = 1000 /* of the search interval: up to 2^1000, the range of doubles */
};

/* of a piece whose far end may be a root: short enough to stay monotone */
static const double LENGTHENING = 0x1p-10;

enum piece_verdict { PIECE_NONE, PIECE_ROOT, PIECE_UNDECIDED };

/* A search in one direction; `at` is measured along the direction, from the start. */
struct search {
    const struct clock *clock;
    int direction;
    int sign_before;  /* of G on the way to the root */
    int *pieces_left; /* what the search may still look at */
    struct clock_root *root;
};

static struct ball ball_on(int direction, double low, double high)
{
    return direction > 0 ? ball_between(low, high) : ball_between(-high, -low);
}

static struct ball point_on(int direction, double at)
{
    return ball_of(direction > 0 ? at : -at);
}

/* The Taylor enclosures over one piece: coefficients at its midpoint, and over all of it. */
struct enclosure {
    struct ball middle[ENCLOSURE_ORDER + 1], over[ENCLOSURE_ORDER + 1], offset;
};

static struct enclosure enclosure_of(const struct clock *clock, int direction, double low,
                                     double high)
{
    struct enclosure e;
    const struct ball piece = ball_on(direction, low, high);
    const struct ball middle = point_on(direction, low + (high - low) / 2);
    clock->jet(clock->self, middle, ENCLOSURE_ORDER, e.middle);
    clock->jet(clock->self, piece, ENCLOSURE_ORDER, e.over);
    e.offset = ball_sub(piece, middle);
    return e;
}

/* Encloses the derivative of order d (0, 1 or 2) over the piece. */
static struct ball enclosure_derivative(const struct enclosure *e, int d)
{
    struct ball sum = ball_of(0);
    for (int k = ENCLOSURE_ORDER; k >= d; k--) {
        double factor = 1; /* k (k-1) ... (k-d+1) */
        for (int j = 0; j < d; j++)
            factor *= k - j;
        const struct ball g = k == ENCLOSURE_ORDER ? e->over[k] : e->middle[k];
        sum = ball_add(ball_mul(ball_of(factor), g), ball_mul(sum, e->offset));
    }
    return sum;
}

/* Number of leading Taylor coefficients at the point that are exactly zero; *next is the first
 * other. */
static int exact_multiplicity(const struct clock *clock, struct ball point, struct ball *next)
{
    struct ball g[CLOCK_ORDER_MAX + 1];
    clock->jet(clock->self, point, 0, g);
    if (!ball_is_zero(g[0]))
        return 0;
    clock->jet(clock->self, point, CLOCK_ORDER_MAX, g);
    int m = 0;
    while (m <= CLOCK_ORDER_MAX && ball_is_zero(g[m]))
        m++;
    if (m > CLOCK_ORDER_MAX || ball_sign(g[m]) == 0)
        return -1; /* zero, but its multiplicity is beyond us */
    *next = g[m];
    return m;
}

static int sign_at(const struct search *search, double at)
{
    struct ball g[1];
    search->clock->jet(search->clock->self, point_on(search->direction, at), 0, g);
    return ball_sign(g[0]);
}

/* The simple root of the monotone piece [low, high], G(low) G(high) < 0, to the resolution of
 * balls: Newton from the middle, safeguarded by bisection, on double-double points. */
static void refine_simple(const struct search *search, double low, double high)
{
    enum { NEWTON_MOST = 200 };
    const struct clock *clock = search->clock;
    struct ball g[2], s = point_on(search->direction, low + (high - low) / 2);
    double step = high - low;

    for (int i = 0; i < NEWTON_MOST; i++) {
        clock->jet(clock->self, s, 1, g);
        const int sign = ball_sign(g[0]);
        const double at = search->direction * ball_centre(s);
        if (sign == search->sign_before)
            low = fmax(low, at);
        else if (sign == -search->sign_before)
            high = fmin(high, at);
        const double correction = -(g[0].hi + g[0].lo) / (g[1].hi + g[1].lo);
        struct ball next = ball_add(s, ball_of(correction));
        next.radius = 0;
        const double next_at = search->direction * ball_centre(next);
        if (!(next_at >= low && next_at <= high))
            next = point_on(search->direction, low + (high - low) / 2);
        const bool stalled = fabs(correction) >= step / 2 && sign == 0;
        step = fabs(correction);
        s = next;
        if (correction == 0 || stalled || step < 0x1p-104 * fabs(s.hi))
            break;
    }
    clock->jet(clock->self, s, 1, g);
    /* |s - s*| <= |G(s)| / min |G'|, with G' constant to leading order on so short a piece;
     * doubled */
    const double slope = fabs(g[1].hi) - g[1].radius;
    s.radius = slope > 0 ? 2 * ball_magnitude(g[0]) / slope + 0x1p-104 * fabs(s.hi) : high - low;
    clock->jet(clock->self, s, 1, g);
    *search->root = (struct clock_root){.verdict = CLOCK_ROOT,
                                        .direction = search->direction,
                                        .s = s,
                                        .multiplicity = 1,
                                        .derivative = g[1]};
}

/* G' has no root in [low, high]: the sign of G at the far end tells all.  Where it is undecided
 * because the root lies at that very end, the piece is lengthened a little. */
static enum piece_verdict search_monotone_piece(const struct search *search, double low,
                                                double high)
{
    int far = sign_at(search, high);
    if (far == 0) {
        high += (high - low) * LENGTHENING;
        const struct enclosure e = enclosure_of(search->clock, search->direction, low, high);
        far = ball_sign(enclosure_derivative(&e, 1)) != 0 ? sign_at(search, high) : 0;
    }
    if (far == 0)
        return PIECE_UNDECIDED;
    if (far == search->sign_before)
        return PIECE_NONE;
    refine_simple(search, low, high);
    return PIECE_ROOT;
}

static enum piece_verdict search_piece(const struct search *search, double low, double high,
                                       int halvings);

/* The far end of the piece is an exact root of multiplicity m: is it the first one? */
static enum piece_verdict search_before_exact_root(const struct search *search, double low,
                                                   double high, int m, struct ball derivative,
                                                   int halvings)
{
    struct ball over[CLOCK_ORDER_MAX + 1];
    search->clock->jet(search->clock->self, ball_on(search->direction, low, high), m, over);
    if (ball_sign(over[m]) != 0) { /* G = g_m(xi) (s - root)^m on the piece: no other root */
        *search->root = (struct clock_root){.verdict = CLOCK_ROOT,
                                            .direction = search->direction,
                                            .s = point_on(search->direction, high),
                                            .multiplicity = m,
                                            .derivative = derivative};
        return PIECE_ROOT;
    }
    if (halvings == 0)
        return PIECE_UNDECIDED;
    const double middle = low + (high - low) / 2;
    const enum piece_verdict left = search_piece(search, low, middle, halvings - 1);
    if (left != PIECE_NONE)
        return left;
    return search_before_exact_root(search, middle, high, m, derivative, halvings - 1);
}

/* The first root in (low, high]; G(low) is known not to be zero. */
static enum piece_verdict search_piece(const struct search *search, double low, double high,
                                       int halvings)
{
    struct ball derivative;
    if ((*search->pieces_left)-- <= 0)
        return PIECE_UNDECIDED;
    const struct enclosure e = enclosure_of(search->clock, search->direction, low, high);
    if (ball_sign(enclosure_derivative(&e, 0)) != 0)
        return PIECE_NONE;

    const int m = exact_multiplicity(search->clock, point_on(search->direction, high), &derivative);
    if (m > 0)
        return search_before_exact_root(search, low, high, m, derivative, halvings);
    if (m < 0)
        return PIECE_UNDECIDED;

    if (ball_sign(enclosure_derivative(&e, 1)) != 0) {
        const enum piece_verdict verdict = search_monotone_piece(search, low, high);
        if (verdict != PIECE_UNDECIDED)
            return verdict;
    }
    const double middle = low + (high - low) / 2;
    if (halvings == 0 || !(middle > low && middle < high))
        return PIECE_UNDECIDED;
    const enum piece_verdict left = search_piece(search, low, middle, halvings - 1);
    return left != PIECE_NONE ? left : search_piece(search, middle, high, halvings - 1);
}

/* Nothing was found up to `at`: is it proved that nothing follows? */
static bool no_root_beyond(const struct search *search, double at)
{
    const struct clock *clock = search->clock;
    if (clock->degree <= 0)
        return true; /* constant, and not zero at the start */
    if (clock->rootless_beyond &&
        clock->rootless_beyond(clock->self, search->direction * at, search->direction))
        return true;
    if (!clock->monotone_beyond(clock->self, search->direction * at, search->direction))
        return false;
    /* from here |G - G(at)| grows without bound: no root iff G moves away from zero */
    struct ball here[1], further[1];
    clock->jet(clock->self, point_on(search->direction, at), 0, here);
    clock->jet(clock->self, point_on(search->direction, 2 * at), 0, further);
    return ball_sign(here[0]) == search->sign_before &&
           ball_sign(ball_sub(further[0], here[0])) == search->sign_before;
}

/* The start itself: at rest, undecided, or moving (returns true). */
static bool starts_moving(const struct clock *clock, struct clock_root *root)
{
    struct ball g[1], derivative = ball_of(0);
    *root = (struct clock_root){.verdict = CLOCK_INCONCLUSIVE, .s = ball_of(0)};
    if (clock->degree < 0) { /* G is identically zero */
        root->verdict = CLOCK_REST;
        return false;
    }
    const int m = exact_multiplicity(clock, ball_of(0), &derivative);
    if (m != 0) {
        if (m > 0)
            *root = (struct clock_root){.verdict = CLOCK_REST,
                                        .s = ball_of(0),
                                        .multiplicity = m,
                                        .derivative = derivative};
        return false;
    }
    clock->jet(clock->self, ball_of(0), 0, g);
    root->direction = ball_sign(g[0]);
    return root->direction != 0;
}

void clock_first_root(const struct clock *clock, struct clock_root *root)
{
    int pieces_left = PIECES_MOST;
    if (!starts_moving(clock, root))
        return;
    const struct search search = {.clock = clock,
                                  .direction = root->direction,
                                  .sign_before = root->direction,
                                  .pieces_left = &pieces_left,
                                  .root = root};
    double low = 0, high = 1;
    for (int i = 0; i < DOUBLINGS_MOST; i++, low = high, high *= 2) {
        if (search_piece(&search, low, high, PIECE_HALVINGS) != PIECE_NONE)
            return; /* a root, or inconclusive as set by starts_moving() */
        if (no_root_beyond(&search, high)) {
            root->verdict = CLOCK_NO_ROOT;
            return;
        }
    }
}

/* A piece with the known signs of G' at its ends. */
struct turning_piece {
    double low, high;
    int first, last;
};

/* Sign changes of G' on the piece, where it has an exact zero at a dyadic point: of multiplicity m, and
 * G' = (m + 1) g_{m+1}(xi) (s - zero)^m has no other one.  -1 if there is none. */
static int turns_at_exact_zero(const struct clock *clock, int direction, struct turning_piece piece)
{
    const double step = exp2(floor(log2(piece.high - piece.low))); /* two or three of them fit */
    const double first = ceil(piece.low / step) * step;
    for (int k = 0; first + k * step <= piece.high; k++) {
        const double at = first + k * step;
        struct ball g[CLOCK_ORDER_MAX + 1];
        int m = 0;
        clock->jet(clock->self, point_on(direction, at), CLOCK_ORDER_MAX, g);
        while (m + 1 < CLOCK_ORDER_MAX && ball_is_zero(g[m + 1]))
            m++;
        if (m == 0)
            continue;
        clock->jet(clock->self, ball_on(direction, piece.low, piece.high), m + 1, g);
        return ball_sign(g[m + 1]) != 0 ? m % 2 : -1;
    }
    return -1;
}

/* Sign changes of G' on the piece; -1 if undecided. */
static int turning_points_on(const struct clock *clock, int direction, struct turning_piece piece,
                             int halvings)
{
    /* not one half: turning points of symmetric problems lie at dyadic points */
    static const double CUT = 0.4785714;
    struct ball g[2];
    const struct enclosure e = enclosure_of(clock, direction, piece.low, piece.high);
    if (ball_sign(enclosure_derivative(&e, 1)) != 0)
        return 0;
    if (ball_sign(enclosure_derivative(&e, 2)) != 0)
        return piece.first != piece.last;
    const double middle = piece.low + CUT * (piece.high - piece.low);
    if (halvings == 0 || !(middle > piece.low && middle < piece.high))
        return turns_at_exact_zero(clock, direction, piece);
    clock->jet(clock->self, point_on(direction, middle), 1, g);
    const int here = ball_sign(g[1]);
    if (here == 0)
        return turns_at_exact_zero(clock, direction, piece);
    const struct turning_piece near = {piece.low, middle, piece.first, here};
    const struct turning_piece far = {middle, piece.high, here, piece.last};
    const int left = turning_points_on(clock, direction, near, halvings - 1);
    const int right = turning_points_on(clock, direction, far, halvings - 1);
    return left < 0 || right < 0 ? -1 : left + right;
}

int clock_turning_points(const struct clock *clock, double end)
{
    const int direction = end > 0 ? 1 : -1;
    struct ball first[2], last[2];
    clock->jet(clock->self, ball_of(0), 1, first);
    clock->jet(clock->self, ball_of(end), 1, last);
    const struct turning_piece piece = {
        .low = 0, .high = fabs(end), .first = ball_sign(first[1]), .last = ball_sign(last[1])};
    if (piece.first == 0 || piece.last == 0)
        return -1;
    return turning_points_on(clock, direction, piece, PIECE_HALVINGS);
}
