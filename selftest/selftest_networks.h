/* Traps for matrix systems: saddles that symmetry reaches bit for bit, centers, slow skew rotation,
 * feedback without full rank, degenerate starts.
 *
 * Nothing knows the answer of a random case beforehand, so `settled` is judged by what it means: the
 * limit must be a zero of the field whose spectrum has nothing on the right, and trajectories from
 * starts moved by a random 1e-6 must come to the neighbourhood of the same limit, which is false
 * wherever the start lies in the stable manifold of a saddle.  Families whose starts lie there by
 * construction must not settle at all.
 * Shapes: start[dim].  Memory: none.  Errors: those of problem_flow(). */
#ifndef SELFTEST_SELFTEST_NETWORKS_H
#define SELFTEST_SELFTEST_NETWORKS_H

#include "base/stream.h"
#include "selftest/selftest_run.h"

struct selftest_network {
    struct problem problem;
    double start[SELFTEST_DIM_MOST];
    size_t dim;
    bool never_settles; /* by construction */
    bool never_rests;   /* at a point that does not attract, by construction */
};

struct selftest_networks_family {
    const char *name;
    void (*make)(struct stream *stream, struct selftest_network *network);
};
extern const struct selftest_networks_family selftest_networks_families[]; /* ends with name NULL */

/* Runs trial t of a family and judges its ending. */
enum status selftest_networks_try(const struct selftest_networks_family *family, uint64_t t,
                                  struct selftest_finding *finding) MUST_CHECK;

#endif
