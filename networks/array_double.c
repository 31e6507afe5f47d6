/* Arrays of double: what comparisons with a flow use.  The loops are in array_body.inc. */
#include <float.h>

#define REAL       double
#define NAME       "double"
#define EPSILON    DBL_EPSILON
#define EXP        exp
#define TANH       tanh
#define PRODUCT    blas_double
#define ARITHMETIC array_double
#include "networks/array_body.inc"
