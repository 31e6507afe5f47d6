/* A sweep over leaves: the fixed points that share the leaf of the start while one number varies.
 *
 * Without decay the fixed points of a chain under fixed feedback are not isolated but one or more on each
 * leaf (notes/chains.md, (L6)).  On the leaf they are zeros of a polynomial, which are isolated exactly; the
 * values at which they meet are zeros of its discriminant (notes/exact.md, (EX26)), so that no fold is
 * missed.  Part of `settle sweep`: leaf_diagram_files.c writes tables and the figure.
 *
 * Shapes: see the struct.  Memory: leaf_diagram_free().
 * Errors: UNKNOWN_NAME, BAD_ARGUMENT, those of exact/zeros_family.h. */
#ifndef CLI_LEAF_DIAGRAM_H
#define CLI_LEAF_DIAGRAM_H

#include "cli/manifest.h"
#include "cli/problem_from_options.h"
#include "exact/zeros_family.h"

enum leaf_event { LEAF_FOLD, LEAF_CROSSING, LEAF_EVENTS };

/* Where zeros meet. */
struct leaf_special {
    enum leaf_event event;
    double value, s;
    double *state; /* [dim] */
};

/* Between two critical values the zeros keep their number and order. */
struct leaf_piece {
    double from, to, margin[2]; /* zeros are followed from `from` + margin[0] to `to` - margin[1] */
    size_t count, points;
    double *value;                    /* [points] */
    double *s;                        /* s[k * count + j]: zero j at value[k] */
    double *state;                    /* state[(k * count + j) * dim + i] */
    bool *attracts;                   /* [count], along the leaf */
    size_t first_event[2], events[2]; /* at either end: special[first .. first + events) */
};

struct leaf_diagram {
    const struct options *options;
    struct problem_given given;
    struct statement *statement;
    struct zeros_family *family;
    size_t dim, unknown; /* the ordinate */
    size_t pieces, specials, special_room;
    struct leaf_piece *piece;
    struct leaf_special *special;
};

/* Does the command line ask for one: a chain with leaves, or a constant K of a leaf?  Then
 * diagram->statement is set.  The options must outlive it. */
enum status leaf_diagram_prepare(const struct options *options,
                                 struct leaf_diagram *diagram) MUST_CHECK;
enum status leaf_diagram_compute(struct leaf_diagram *diagram) MUST_CHECK;
enum status leaf_diagram_print(const struct leaf_diagram *diagram, FILE *file) MUST_CHECK;
enum status leaf_diagram_print_json(const struct leaf_diagram *diagram, FILE *file) MUST_CHECK;
enum status leaf_diagram_save(struct leaf_diagram *diagram, struct manifest *manifest) MUST_CHECK;
void leaf_diagram_free(struct leaf_diagram *diagram);

extern const char *const leaf_event_name[LEAF_EVENTS]; /* "fold", "crossing" */

#endif
