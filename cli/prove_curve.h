/* The bifurcation curve of A[1,1,1] in the plane of K and alpha, c1 = beta = 1: table and figure.
 *
 * Every number of equilibria is counted in exact rationals.  Errors: those of tables and figures.
 * */
#ifndef CLI_PROVE_CURVE_H
#define CLI_PROVE_CURVE_H

#include "cli/manifest.h"

enum status prove_curve_save(struct manifest *manifest) MUST_CHECK;

#endif
