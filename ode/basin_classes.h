/* Classes: what the cells of a map are coloured by.
 *
 *   by ending    the eight endings
 *   by minimum   settled cells by what their limit is: global minimum, wrong minimum; else endings
 *   by branch    settled cells by the fixed point on their leaf, "root 1 of 3", where the caller
 *                says which; else by component
 *   by component settled cells by the part of the fixed-point set that they end on; else endings
 *
 * Components: limits that are isolated (J has full rank there) are one branch each; two limits within
 * their distance bounds are the same one.  Where limits form continua, they are told apart by the
 * signs of the first `signs` unknowns.  For chains, whose fixed points e = 0 solve a1 ... aL = rho,
 * these are the connected components, if rho is not 0.  Where `signs` is 0, continua are one branch
 * if the limits are global minima, another if they are wrong ones.
 *
 * Cells are given in the order of their numbers; classes come in the order of their first cells
 * until they are sorted by what they are, so that maps of one plane can be compared: branches by
 * their signs or limits, roots by number, minima, then endings.  Those found later come last.
 * A second pass over the same cells finds the same classes.
 * The label of a root names the signs that all its limits share: P is rho at each of them.
 *
 * Shapes: limit[dim].  Memory: one object; it keeps the limits of isolated branches.
 * Errors: NO_MEMORY, failures of the Jacobian. */
#ifndef ODE_BASIN_CLASSES_H
#define ODE_BASIN_CLASSES_H

#include "ode/basin.h"
#include "ode/flow.h"

enum basin_colouring {
    BASIN_BY_BRANCH,
    BASIN_BY_COMPONENT,
    BASIN_BY_ENDING,
    BASIN_BY_MINIMUM,
    BASIN_COLOURINGS
};

/* What a limit is to the loss. */
enum basin_minimum {
    BASIN_MINIMUM_UNKNOWN, /* no limit, no loss, or one that is not 0 and of which no less is seen */
    BASIN_MINIMUM_GLOBAL,
    BASIN_MINIMUM_WRONG
};

/* Is the limit of the trajectory from x0 a global minimum?  limit NULL: unknown.  Where the least
 * loss is not known, a state of less loss, the start or one beside the limit, proves that it is not. */
enum basin_minimum basin_classes_minimum(const struct flow *flow, const double *x0,
                                         const double *limit);

/* How a cell ended. */
struct basin_end {
    enum ending ending;
    enum basin_minimum minimum;
    double distance_bound; /* on the limit; NAN: not known */
    unsigned root, roots;  /* which fixed point of its leaf the limit is, of how many; 0: unknown */
    const double *limit;   /* NULL: there is none */
};

struct basin_classes; /* opaque */

/* The flow must outlive the object; NULL: out of memory. */
struct basin_classes *basin_classes_create(const struct flow *flow, enum basin_colouring colouring,
                                           size_t signs);
void basin_classes_free(struct basin_classes *classes); /* NULL is allowed */

/* The class of cell `number`; a new one, if it fits none.  Its cells are counted by the caller. */
enum status basin_classes_find(struct basin_classes *classes, size_t number,
                               const struct basin_end *end, uint16_t *found) MUST_CHECK;

/* Once, after the first pass: numbers that were given out before are void. */
enum status basin_classes_sort(struct basin_classes *classes) MUST_CHECK;

/* Labels of roots, which depend on all cells so far, are brought up to date. */
void basin_classes_describe(struct basin_classes *classes);

size_t basin_classes_count(const struct basin_classes *classes);
struct basin_class *basin_classes_list(struct basin_classes *classes); /* [count] */

const char *basin_colouring_name(enum basin_colouring colouring); /* "branch", ... */

#endif
