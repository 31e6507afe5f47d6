/* First integrals and Darboux polynomials of polynomial fields: proofs.
 *
 *     L_V p = grad p . V = k p
 *
 * expanded in the ring and compared with zero, (FI1): a proof for all values of every generator,
 * the parameters of a symbolic field included.  p exp(q) is a first integral if and only if L_V p +
 * p L_V q = 0, (FI2).
 *
 * Shapes: f[count*unknowns], the fields one after the other; the ring has `variables` generators,
 * of which the first `unknowns` move.  Memory: nothing is owned; the ring and the fields are
 * borrowed.
 * Errors: none. */
#ifndef EXACT_INTEGRAL_H
#define EXACT_INTEGRAL_H

#include "base/progress.h"
#include "exact/field.h"

#include <signal.h>

/* Who may stop long work, and who is told of it; either may be NULL. */
struct integral_watch {
    const volatile sig_atomic_t *stop;
    struct progress *progress;
};

struct integral_fields {
    const fmpq_mpoly_ctx_struct *ring;
    size_t unknowns, variables, count;
    const fmpq_mpoly_struct *f;
    const fmpq_mpoly_struct *cofactor;  /* k of each field, [count]; NULL: 0 */
    const struct integral_watch *watch; /* NULL: nobody */
};

/* The one field of a network. */
struct integral_fields integral_fields_of(const struct field *field);

/* L_V p of field number i < count. */
void integral_derivative(const struct integral_fields *fields, size_t i, const fmpq_mpoly_t p,
                         fmpq_mpoly_t derivative);

/* L_V p = k p for every field?  remainder (or NULL): L_V p - k p of the first where it is not. */
bool integral_holds(const struct integral_fields *fields, const fmpq_mpoly_t p,
                    fmpq_mpoly_struct *remainder);

/* Is p exp(q) a first integral of every field?  The cofactor is not read. */
bool integral_exponential_holds(const struct integral_fields *fields, const fmpq_mpoly_t p,
                                const fmpq_mpoly_t q, fmpq_mpoly_struct *remainder);

/* Does it depend on the unknowns?  Constants are conserved and say nothing. */
bool integral_moves(const struct integral_fields *fields, const fmpq_mpoly_t p);

/* Integer coefficients without common factor, the first one positive. */
void integral_make_primitive(fmpq_mpoly_t p, const fmpq_mpoly_ctx_t ring);

/* Parameters replaced by values[variables - unknowns], in place. */
void integral_specialise(const struct integral_fields *fields, const fmpq *values, fmpq_mpoly_t p);

/* A rational modulo a prime; false where the denominator vanishes. */
bool integral_residue(const fmpq *value, nmod_t modulus, ulong *residue);

/* A point of small integers that looks drawn, the same for every call, and a prime of its own. */
struct integral_point {
    size_t variables;
    fmpq *value; /* [variables] */
    fmpq **at;
    nmod_t modulus;
};
struct integral_point integral_point_create(size_t variables);
void integral_point_clear(struct integral_point *point);

/* p there; false where the prime divides a denominator: whoever needs a rank leaves the whole row
 * out, which can only lower it. */
bool integral_point_residue(const struct integral_point *point,
                            const struct integral_fields *fields, const fmpq_mpoly_t p,
                            ulong *residue);

/* The rank of the gradients of p[count] with respect to the unknowns at that point: at most that at
 * almost every point, (FI4).  exponent (or NULL): exponent[i], not zero, makes number i stand for
 * p exp(q), whose gradient is a multiple of grad p + p grad q. */
size_t integral_rank(const struct integral_fields *fields, const fmpq_mpoly_struct *p,
                     const fmpq_mpoly_struct *exponent, size_t count);

bool integral_is_stopped(const struct integral_fields *fields);

/* "block 2 of 3: 3640 equations": done, all of them, and how large this one is. */
void integral_tell(const struct integral_fields *fields, const char *what, size_t done, size_t all,
                   size_t size);

#endif
