/* The zeros of the error of a chain while one of its data varies: a bifurcation diagram, exactly.
 *
 * e(s, p) is a polynomial in residual time s and in the varied number p.  Where p passes no critical value,
 * a real zero of disc_s(e) times the leading coefficient, the real zeros of e neither meet nor leave to
 * infinity, so that their number and their order stay: (EX26).
 *
 * Varied are alpha, beta, a feedback weight c_i, with the start as it is, or the constant
 * K_i = c_i a_(i+1) - c_(i+1) a_i^2/2 of the leaf, with a_1 at the start and the other constants as they are.
 *
 * Shapes: critical[count] by growing value.  Memory: zeros_family_create(), zeros_family_free(); the
 * statement is the caller's, and must stay.  Errors: NO_MEMORY; BAD_ARGUMENT for other families than chains
 * under fixed feedback, for K_i where c_i = 0, and where e has a double zero for all values. */
#ifndef EXACT_ZEROS_FAMILY_H
#define EXACT_ZEROS_FAMILY_H

#include "exact/zeros.h"

enum zeros_letter { ZEROS_ALPHA, ZEROS_BETA, ZEROS_FEEDBACK, ZEROS_LEVEL };

enum { ZEROS_FAMILY_LAYERS_MOST = 3 }; /* with four the discriminant takes minutes */

struct zeros_family {
    const struct statement *statement;
    enum zeros_letter letter;
    size_t index; /* of the weight or the constant, from 0 */
    size_t count;
    double *critical;
};

enum status zeros_family_create(const struct statement *statement, enum zeros_letter letter,
                                size_t index, struct zeros_family **family) MUST_CHECK;
void zeros_family_free(struct zeros_family *family);

/* The zeros at one value; the value of the statement itself. */
enum status zeros_family_at(const struct zeros_family *family, double value,
                            struct zeros **zeros) MUST_CHECK;
double zeros_family_standard(const struct zeros_family *family);

#endif
