/* The curve of residual time of chains and fans, in balls: state and error over an interval of s
 * and a box of data.
 *
 *     chain: U_1 = s, a_i = a_i(0) + d_i U_i, U_(i+1) = U_i (a_i(0) + d_i U_i / 2), P = a_1...a_L
 *     fan:   a_i = a_i(0) + d_i s, b_i = b_i(0) + r_2 s (a_i(0) + d_i s / 2),       P = sum a_i b_i
 *     G = alpha - beta P
 *
 * Shapes:  data are numbered as in trees: beta, alpha, feedback, start; unknowns as in the premise.
 * Units:   a place is a modulus t >= 0, s = t or -t by the direction.
 * Memory:  curve_free() frees all; so does memory.h at the end of a check.
 * Errors:  balls that decide nothing; rejections where the work is more than any certificate needs.
 * Source:  notes/certificates.md, "Chains and fans in residual time". */
#ifndef CHECKER_CURVE_H
#define CHECKER_CURVE_H

#include "checker/ball.h"
#include "checker/premise.h"

enum curve_direction { CURVE_FORWARD, CURVE_BACKWARD };

/* Data between lo and hi; numbers where they are equal. */
struct curve_data {
    size_t count;
    mpq_t *lo, *hi;
};

/* Room for the data of a premise, and these. */
struct curve_data curve_data_of(const struct premise *premise);
void curve_data_copy(struct curve_data *to, const struct curve_data *from);
size_t curve_data_start(const struct premise *premise); /* the number of the first unknown */

struct curve;
struct jet_space;

/* A curve at a precision, with Taylor coefficients below `orders` (at least 2), and derivatives in
 * the data numbered parameter[parameters], in increasing order. */
struct curve_make {
    const struct premise *premise;
    mp_bitcnt_t bits;
    size_t orders;
    size_t parameters;
    const size_t *parameter;
};
struct curve *curve_create(const struct curve_make *make);
void curve_free(struct curve *curve);

/* From now on for all these data. */
void curve_set_data(struct curve *curve, const struct curve_data *data);

/* What is known for t in [lo, hi] and all data, until the next call:
 * coefficient j < orders - 1 of the Taylor series of G in s, so that 1 is dG/ds; the unknowns; and
 * their derivatives in s. */
void curve_enclose(struct curve *curve, enum curve_direction direction, const mpq_t lo,
                   const mpq_t hi);
const struct ball *curve_error(const struct curve *curve, size_t j);
const struct ball *curve_state(const struct curve *curve, size_t i);
const struct ball *curve_speed(const struct curve *curve, size_t i);

/* The Taylor series of G of the last curve_enclose(), all `orders` of it, for a curve without
 * parameters: over the whole interval, and at its middle. */
const struct ball *curve_series(const struct curve *curve);
const struct ball *curve_series_at_middle(const struct curve *curve);
const struct jet_space *curve_series_space(const struct curve *curve);

/* A statement about what curve_enclose() found: is it proved?  With the direction that it was
 * given. */
typedef bool curve_statement(struct curve *curve, const void *data);

curve_statement curve_is_positive; /* delta G > 0 */
curve_statement curve_is_negative; /* delta G < 0 */
curve_statement curve_is_falling;  /* dG/ds < 0 */

/* Is it proved for all t in [ends[0], ends[1]]?  An interval that is not decided is halved, 24
 * times at most, and only while the statement is proved of its middle. */
bool curve_prove(struct curve *curve, enum curve_direction direction, mpq_t *ends,
                 curve_statement *statement, const void *data);

/* An attempt to prove something of a curve: NULL, or the reason why not. */
typedef const char *curve_attempt(struct curve *curve, void *claim);

/* Attempts with more and more bits, `make->bits` being set here; rejects with the last reason. */
enum { CURVE_PRECISIONS = 3 };
extern const mp_bitcnt_t curve_precisions[CURVE_PRECISIONS];
void curve_decide(struct curve_make *make, const struct curve_data *data, curve_attempt *attempt,
                  void *claim);

/* For chains, at the place t: is d_i U_i (a_i(0) + d_i U_i / 2) > 0 proved for layer i?  That is half
 * of a_i^2 - a_i(0)^2, and both factors have the sign of a_i then.  grown[layers]: the sign of a_i
 * where it is proved, else 0.  To be asked after curve_enclose(curve, direction, t, t). */
void curve_growth(struct curve *curve, int *grown);

struct ball_context *curve_context(struct curve *curve);
size_t curve_unknowns(const struct curve *curve);

#endif
