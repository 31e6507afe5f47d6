/* Random traps: chains with dyadic data at, and near, ties, double roots and fixed points.
 *
 * Every draw is a chain of depth 1 to 4 under bp, rbp or srbp, with unequal rates and vanishing
 * feedback weights among them, moved off a degenerate case by delta = 0 or +-2^-4 ... 2^-51.
 * Shapes: start[depth].  Memory: none.  Errors: fail the running test. */
#ifndef TESTS_TRAPS_H
#define TESTS_TRAPS_H

#include "tests/chains.h"

enum { SEED = 2018 };
enum kind { KIND_GENERIC, KIND_DOUBLE_ROOT, KIND_TIE, KIND_FIXED_POINT, KINDS };

struct draw {
    struct problem problem;
    double start[4], delta;
    enum kind kind;
};

static inline double draw_delta(struct stream *stream)
{
    const double size = ldexp(1, -4 - (int)stream_below(stream, 48));
    const uint64_t sign = stream_below(stream, 9);
    return sign == 0 ? 0 : sign < 5 ? size : -size;
}

static inline void draw_chain(struct stream *stream, struct draw *draw, const char *rule)
{
    const size_t L = (draw->kind == KIND_GENERIC || draw->kind == KIND_FIXED_POINT ? 1 : 2) +
                     stream_below(stream, draw->kind == KIND_GENERIC ? 4 : 3);
    struct problem *problem = &draw->problem;
    *problem = chain_of(rule, L);
    problem->alpha = eighths(stream, 24);
    problem->beta = ldexp(1, (int)stream_below(stream, 3) - 1);
    for (size_t i = 0; i < L; i++)
        draw->start[i] = eighths(stream, 16);
    if (strcmp(rule, "bp") != 0) {
        problem->c_count = L;
        for (size_t i = 0; i < L; i++)
            problem->c[i] = eighths(stream, 16);
        problem->c[L - 1] = 1.0 / 8 + fabs(problem->c[L - 1]);
    }
    if (stream_below(stream, 3) == 0) {
        problem->rate_count = L;
        for (size_t i = 0; i < L; i++)
            problem->rates[i] = ldexp(1, 2 * (int)stream_below(stream, 3) - 2);
    }
}

/* alpha = beta P + delta at a turning point of P ahead or behind; false if there is none near. */
static inline bool aim_at_double_root(struct stream *stream, struct draw *draw)
{
    static const double STEP = 1.0 / 64, FAR = 6;
    struct flow *flow = flow_of(&draw->problem);
    struct chain_clock clock;
    double a[4], error, before = chain_sensitivity(flow, draw->start);
    const double direction = stream_below(stream, 2) ? 1 : -1;
    uint64_t skipped = stream_below(stream, 2);
    bool found = false;
    chain_clock_init(&clock, &draw->problem, flow, draw->start);
    for (double s = STEP; s < FAR && !found; s += STEP) {
        chain_at_clock(&clock, ball_of(direction * s), a, &error);
        const double here = chain_sensitivity(flow, a);
        if (here * before >= 0 || skipped-- > 0) {
            before = here;
            continue;
        }
        double low = s - STEP, high = s;
        for (double middle; (middle = low + (high - low) / 2) > low && middle < high;) {
            chain_at_clock(&clock, ball_of(direction * middle), a, &error);
            if (chain_sensitivity(flow, a) * before > 0)
                low = middle;
            else
                high = middle;
        }
        draw->problem.alpha = draw->problem.beta * chain_product(flow, a) + draw->delta;
        found = true;
    }
    flow_free(flow);
    return found;
}

/* All |a_i|/sqrt(eta_i) equal, but some, and one moved by delta. */
static inline void aim_at_tie(struct stream *stream, struct draw *draw)
{
    const double b = 1.0 / 8 + fabs(eighths(stream, 16));
    const size_t L = draw->problem.depth;
    for (size_t i = 0; i < L; i++) {
        const double scale = draw->problem.rate_count > 0 ? sqrt(draw->problem.rates[i]) : 1;
        if (stream_below(stream, 4) > 0)
            draw->start[i] = (stream_below(stream, 2) ? b : -b) * scale;
    }
    draw->start[stream_below(stream, L)] += draw->delta;
}

static inline void aim_at_fixed_point(struct draw *draw)
{
    double P = 1;
    for (size_t i = 0; i < draw->problem.depth; i++)
        P *= draw->start[i];
    draw->problem.alpha = draw->problem.beta * P + draw->delta;
}

static inline struct draw draw_of_kind(struct stream *stream, enum kind kind)
{
    static const char *const rules[] = {"bp", "rbp", "srbp"};
    struct draw draw = {.kind = kind};
    do {
        draw.delta = draw_delta(stream);
        draw_chain(stream, &draw,
                   kind == KIND_TIE           ? "bp"
                   : kind == KIND_DOUBLE_ROOT ? rules[1 + stream_below(stream, 2)]
                                              : rules[stream_below(stream, 3)]);
    } while (kind == KIND_DOUBLE_ROOT && !aim_at_double_root(stream, &draw));
    if (kind == KIND_TIE)
        aim_at_tie(stream, &draw);
    if (kind == KIND_FIXED_POINT)
        aim_at_fixed_point(&draw);
    return draw;
}

static inline struct draw draw_trap(uint64_t index)
{
    struct stream stream = stream_at(SEED, stream_key("traps"), index);
    return draw_of_kind(&stream, (enum kind)(index % KINDS));
}

#endif
