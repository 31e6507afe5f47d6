/* Branches of isolated fixed points while one parameter varies, and where their stability changes.
 *
 *     f(x, p) = 0,   p between `from` and `to`
 *
 * A branch is a curve in the space of (x, p).  It is followed by pseudo-arclength continuation, so
 * that it may turn back; along it folds (p turns back), crossings (two branches meet), and Hopf
 * points (a pair of eigenvalues +-i omega) are located, and branches that begin at a crossing are
 * followed, too.  Which branches exist is not decided here: only those that a seed lies on, or that
 * cross such a branch, are found.  Statements: notes/equilibria.md, (B17)-(B19).
 *
 * Shapes:  state[dim]; point k of a branch has the state x[k*dim ...].  Units: those of the flow;
 *          rates and frequencies are 1/time.
 * Memory:  a set owns all it holds; branch_set_free(NULL) is allowed.
 * Errors:  BAD_ARGUMENT (an empty interval, more than FLOW_DENSE_MOST unknowns), NO_MEMORY, those
 *          of the family's flow_at at a seed; a point that cannot be reached ends its branch.
 * Source:  Keller, in Applications of Bifurcation Theory (1977); Kuznetsov, Elements of Applied
 *          Bifurcation Theory (2004), sections 5.4, 10.1 and 10.2. */
#ifndef ODE_BRANCH_H
#define ODE_BRANCH_H

#include "ode/flow.h"

/* One flow for each value of the parameter; all of one dimension. */
struct branch_family {
    size_t dim;
    double from, to; /* from < to */
    enum status (*flow_at)(void *context, double value, struct flow **flow);
    void *context;
};

/* The eigenvalues of a fixed point, by the signs of their real parts. */
struct branch_spectrum {
    size_t unstable, neutral; /* how many have a real part above, and not to be told from, zero */
    double rate, frequency;   /* of the eigenvalue whose real part is largest: that, and |Im| */
};

struct branch_row {
    double value; /* of the parameter */
    struct branch_spectrum spectrum;
};

/* Why a branch ends, at either end. */
enum branch_end {
    BRANCH_END_INTERVAL, /* the parameter left its interval */
    BRANCH_END_CLOSED,   /* it came back to its beginning */
    BRANCH_END_FAR,      /* the state grew beyond BRANCH_FAR */
    BRANCH_END_LOST,     /* the corrector failed at every step length */
    BRANCH_END_KINK,     /* it came to a surface where the field is not smooth */
    BRANCH_END_NEAR,     /* another branch is so near that the corrector jumps to it */
    BRANCH_END_LONG,     /* more points than BRANCH_POINTS_MOST */
    BRANCH_ENDS
};

struct branch {
    size_t count;
    struct branch_row *row; /* row[count] */
    double *x;              /* x[count*dim] */
    enum branch_end end[2]; /* at the first and at the last point */
    size_t capacity;
};

enum branch_kind {
    BRANCH_FOLD,
    BRANCH_HOPF,
    BRANCH_CROSSING,   /* two branches meet, or an eigenvalue zero is multiple */
    BRANCH_UNRESOLVED, /* the number of unstable directions changes, and it is not known how */
    BRANCH_CONTINUUM,  /* at this value fixed points are not isolated; reported once a value */
    BRANCH_KINDS
};

struct branch_special {
    enum branch_kind kind;
    double value, error;    /* of the parameter: where, and how far apart the last two points */
    double omega;           /* Hopf */
    double lyapunov, doubt; /* Hopf: first Lyapunov coefficient, and a bound on its error */
    double *state;          /* state[dim] */
    size_t branch;          /* of the set */
};

struct branch_set {
    const struct branch_family *family;
    size_t branches, specials;
    struct branch *branch;          /* branch[branches] */
    struct branch_special *special; /* special[specials] */
    size_t branch_room, special_room;
    /* Asked after every point of a branch, if not NULL; true: stop with what there is. */
    bool (*stop)(void *context);
    void *context;
};

extern const double branch_far;
enum { BRANCH_POINTS_MOST = 20000 };

/* Where the seed went. */
enum branch_seed {
    BRANCH_SEED_NEW,      /* a branch was followed */
    BRANCH_SEED_KNOWN,    /* it lies on a branch that is known */
    BRANCH_SEED_NONE,     /* Newton's method found no fixed point from there */
    BRANCH_SEED_ALONE,    /* no step leads away from it, as where f jumps with p */
    BRANCH_SEED_CONTINUUM /* the fixed point is not isolated, at this p or at all p near */
};

enum status branch_set_create(const struct branch_family *family,
                              struct branch_set **set) MUST_CHECK;
void branch_set_free(struct branch_set *set);

/* Newton's method from state[dim] at `value`, then the branch through the fixed point that it
 * finds, both ways, and the branches that cross it. */
enum status branch_set_follow(struct branch_set *set, const double *state, double value,
                              enum branch_seed *seed) MUST_CHECK;

/* Kuznetsov's (5.62): the first Lyapunov coefficient of the flow at its fixed point x[dim] with the
 * eigenvalues +-i *omega, the pair nearest to the imaginary axis; derivatives of the Jacobian are
 * by differences, and *doubt is what halving their step changes.  Negative: supercritical. */
enum status branch_lyapunov(const struct flow *flow, const double *x, double *omega,
                            double *lyapunov, double *doubt) MUST_CHECK;

/* l1 over the sum of the moduli of the three terms of (5.62), and its doubt: between -1 and 1, and the
 * same whatever the units of x and t are, so that it can be compared between flows.  Where the real
 * part of the pair is not zero it is that of a flow nearby. */
enum status branch_lyapunov_share(const struct flow *flow, const double *x, double *share,
                                  double *doubt) MUST_CHECK;

/* "stable node", "stable focus", "saddle", "unstable node", "unstable focus", "undecided" */
const char *branch_stability(const struct branch_spectrum *spectrum, size_t dim);
const char *branch_kind_name(enum branch_kind kind);
const char *branch_end_reason(enum branch_end end);

#endif
