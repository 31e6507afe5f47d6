/* The one place that includes FLINT and Arb.
 *
 * Exact rationals and polynomials are FLINT's, balls with rigorous radii are Arb's.  FLINT 3
 * contains Arb and keeps its headers under flint/; FLINT 2.9 has Arb beside it.  Both libraries end
 * the process where a precondition is broken, so callers check every one of them first: nonzero
 * denominators, nonzero polynomials, lengths. */
#ifndef EXACT_LIBRARY_H
#define EXACT_LIBRARY_H

#include <flint/flint.h>
#include <flint/fmpq.h>
#include <flint/fmpq_mat.h>
#include <flint/fmpq_mpoly.h>
#include <flint/fmpq_poly.h>
#include <flint/fmpq_vec.h>
#include <flint/fmpz.h>
#include <flint/fmpz_poly.h>
#include <flint/fmpz_poly_factor.h>
#include <flint/nmod_mat.h>
#include <flint/nmod_poly.h>
#include <flint/nmod_poly_factor.h>

#if __FLINT_RELEASE >= 30000
#include <flint/acb.h>
#include <flint/acb_calc.h>
#include <flint/acb_mat.h>
#include <flint/arb.h>
#include <flint/arb_fmpz_poly.h>
#include <flint/arb_mat.h>
#include <flint/arb_poly.h>
#else
#include <acb.h>
#include <acb_calc.h>
#include <acb_mat.h>
#include <arb.h>
#include <arb_fmpz_poly.h>
#include <arb_mat.h>
#include <arb_poly.h>
#endif

/* The versions that were loaded; Arb's is FLINT's where it is a part of it. */
const char *library_flint_version(void);
const char *library_arb_version(void);
const char *library_arb_version_built(void); /* that this was compiled against */

#endif
