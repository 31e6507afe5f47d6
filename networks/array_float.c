/* Arrays of float: what training uses.  The loops are in array_body.inc. */
#include <float.h>

#define REAL       float
#define NAME       "float"
#define EPSILON    FLT_EPSILON
#define EXP        expf
#define TANH       tanhf
#define PRODUCT    blas_float
#define ARITHMETIC array_float
#include "networks/array_body.inc"
