/* Limits of chains and polynomials with 16 to 25 digits.
 *
 * 51 reference cases, 40-digit arithmetic: the ones of this layer, by their ids.  A limit was found as
 * the next root of the clock polynomial (gradient descent: of the monotone equation in the smallest
 * square; decay: of the cubic of the equilibrium) with exact rational data; `rate` is the transverse
 * eigenvalue there, NAN where the source has none.  Each was confirmed by an integration with an
 * explicit method of order 8 at rtol 1e-13, to at worst 9.4e-14 where the rate is not zero.
 *
 * Shapes: limit[depth], init[depth] (1 for polynomials). */
#ifndef TESTS_REFERENCE_CASES_H
#define TESTS_REFERENCE_CASES_H

#include "ode/ending.h"

#include <math.h>
#include <stddef.h>

enum { REFERENCE_DEPTH_MAX = 6 };

struct reference_case {
    const char *id;
    const char *rule; /* NULL: a polynomial */
    size_t depth, c_count, rate_count, q_count;
    double c[REFERENCE_DEPTH_MAX], rates[REFERENCE_DEPTH_MAX], q[REFERENCE_DEPTH_MAX];
    double alpha, beta, lambda;
    double init[REFERENCE_DEPTH_MAX];
    enum ending ending;
    double limit[REFERENCE_DEPTH_MAX];
    double rate;
    unsigned multiplicity; /* 0: not known to the source */
    double global_minimum; /* 1 or 0; NAN: meaningless */
};

/* Feedback weights: direct for srbp, layer to layer for rbp. */
static const struct reference_case reference_cases[] = {
    {.id = "T1-1", .depth = 1, .q = {1, -1, 0, -1}, .q_count = 4, .init = {1.5},
     .ending = ENDING_SETTLED, .limit = {0.6823278038280193273694837}, .rate = -2.39671369563030408,
     .multiplicity = 1, .global_minimum = NAN},
    {.id = "T1-2", .depth = 1, .q = {0, 2, 0, -1}, .q_count = 4, .init = {0.25},
     .ending = ENDING_SETTLED, .limit = {1.414213562373095048801689}, .rate = -4.0,
     .multiplicity = 1, .global_minimum = NAN},
    {.id = "T1-3", .depth = 1, .q = {0, 0, -1, 1}, .q_count = 4, .init = {0.5},
     .ending = ENDING_CREEPING, .limit = {0}, .rate = 0, .multiplicity = 2, .global_minimum = NAN},
    {.id = "T1-4", .depth = 1, .q = {6, -5, -2, 1}, .q_count = 4, .init = {-0.5},
     .ending = ENDING_SETTLED, .limit = {1}, .rate = -6, .multiplicity = 1, .global_minimum = NAN},
    {.id = "T1-5", .depth = 1, .q = {2, 0, 0, 0, 0, -1}, .q_count = 6, .init = {0},
     .ending = ENDING_SETTLED, .limit = {1.148698354997035006798627}, .rate = -8.7055056329612413914,
     .multiplicity = 1, .global_minimum = NAN},

    {.id = "A111-1", .rule = "srbp", .depth = 2, .c = {1, 1}, .c_count = 2, .alpha = 1, .beta = 1,
     .init = {0.5, 0.5}, .ending = ENDING_SETTLED,
     .limit = {1.06338466590519561687282, 0.9403934738411522507174617},
     .rate = -2.0711804215234567522, .multiplicity = 1, .global_minimum = 1},
    {.id = "A111-2", .rule = "srbp", .depth = 2, .c = {1, 1}, .c_count = 2, .alpha = 1, .beta = 1,
     .init = {-2, 1}, .ending = ENDING_SETTLED,
     .limit = {1.769292354238631415240409, 0.565197717383639396437528},
     .rate = -3.6955931521509181893, .multiplicity = 1, .global_minimum = 1},
    {.id = "A111-3", .rule = "srbp", .depth = 2, .c = {1, 1}, .c_count = 2, .alpha = 1, .beta = 1,
     .init = {-1.5, -3}, .ending = ENDING_SETTLED,
     .limit = {-2.742391190661329614482119, -0.3646452786915674413394614},
     .rate = -7.156064163925297676, .multiplicity = 1, .global_minimum = 1},
    {.id = "A111-4", .rule = "srbp", .depth = 2, .c = {-2, 1}, .c_count = 2, .alpha = 1.5,
     .beta = 1.25, .init = {0.25, -3}, .ending = ENDING_SETTLED,
     .limit = {-0.3968583198569697506148076, -3.02374913150992422776502},
     .rate = -7.7562434863244317082, .multiplicity = 1, .global_minimum = 1},
    {.id = "A111-5", .rule = "srbp", .depth = 2, .c = {1, 1}, .c_count = 2, .alpha = 1, .beta = 1,
     .init = {0, 0}, .ending = ENDING_SETTLED,
     .limit = {1.259921049894873164767211, 0.7937005259840997373758528},
     .rate = -2.3811015779522992121, .multiplicity = 1, .global_minimum = 1},
    {.id = "A111-6", .rule = "srbp", .depth = 2, .c = {1, 1}, .c_count = 2, .alpha = 1, .beta = 1,
     .init = {-2, 0.5}, .ending = ENDING_CREEPING, .limit = {-1, -1}, .rate = 0, .multiplicity = 2,
     .global_minimum = 1},
    {.id = "A111-7", .rule = "srbp", .depth = 2, .c = {1, 1}, .c_count = 2, .alpha = 1, .beta = 1,
     .init = {-9.0 / 8, -111.0 / 128}, .ending = ENDING_CREEPING, .limit = {-1, -1}, .rate = 0,
     .multiplicity = 2, .global_minimum = 1},
    {.id = "A111-8", .rule = "srbp", .depth = 2, .c = {1, 1}, .c_count = 2, .alpha = 1, .beta = 1,
     .init = {-7.0 / 8, -143.0 / 128}, .ending = ENDING_SETTLED, .limit = {2, 0.5}, .rate = -4.5,
     .multiplicity = 1, .global_minimum = 1},
    {.id = "A111-9", .rule = "srbp", .depth = 2, .c = {1, 1}, .c_count = 2, .alpha = 0, .beta = 1,
     .init = {1.5, -0.5}, .ending = ENDING_SETTLED, .limit = {1.802775637731994646559611, 0},
     .rate = -3.25, .multiplicity = 1, .global_minimum = 1},

    {.id = "A1111-1", .rule = "srbp", .depth = 3, .c = {1, 1, 1}, .c_count = 3, .alpha = 1,
     .beta = 1, .init = {0.5, 0.5, 0.5}, .ending = ENDING_SETTLED,
     .limit = {1.124708977521650072376526, 1.007485142058897783890638, 0.8825131557347187241682793},
     .rate = -3.2894499310282111357, .multiplicity = 1, .global_minimum = 1},
    {.id = "A1111-2", .rule = "srbp", .depth = 3, .c = {1.5, -0.5, 1}, .c_count = 3, .alpha = 2,
     .beta = 0.5, .init = {-1, 0.5, 0.75}, .ending = ENDING_SETTLED,
     .limit = {3.485625104975704488710767, -1.358263728739481822803911,
               -0.8448803568092806594065857},
     .rate = -14.634176561483503795, .multiplicity = 1, .global_minimum = 1},
    {.id = "A1111-3", .rule = "rbp", .depth = 3, .c = {1.5, -0.5}, .c_count = 2, .alpha = 2,
     .beta = 0.5, .init = {-1, 0.5, 0.75}, .ending = ENDING_SETTLED,
     .limit = {-2.014201735574367688099973, 1.519002877196931671042569, -1.307369740932556678810941},
     .rate = -6.7512239577921857623, .multiplicity = 1, .global_minimum = 1},
    {.id = "A1111-4", .rule = "srbp", .depth = 3, .c = {1, 1, 1}, .c_count = 3, .alpha = 0.1,
     .beta = 1, .init = {-3, 1.5, -11.0 / 8}, .ending = ENDING_SETTLED,
     .limit = {-3.234148458272236937105253, 2.229858125072343552386655,
               -0.01386637102442632941663781},
     .rate = -51.832546291625168228, .multiplicity = 1, .global_minimum = 1},
    {.id = "A1111-5", .rule = "srbp", .depth = 3, .c = {1, 1, 1}, .c_count = 3, .alpha = 7,
     .beta = 1, .init = {-33.0 / 10, 489.0 / 200, 39121.0 / 80000}, .ending = ENDING_SETTLED,
     .limit = {3.339040126313271536972772, 2.574594482565074170334849, 0.8142683748272610030244848},
     .rate = -85.077651628643911113, .multiplicity = 1, .global_minimum = 1},
    {.id = "A1111-6", .rule = "srbp", .depth = 3, .c = {1.5, -0.5, 1}, .c_count = 3,
     .rates = {1.0 / 3, 2, 5}, .rate_count = 3, .alpha = 2, .beta = 0.5, .init = {-1, 0.5, 0.75},
     .ending = ENDING_SETTLED,
     .limit = {1.635727601066960601983549, -1.175604784892273810692616, -2.080116525654023444431128},
     .rate = -12.638659908160063071, .multiplicity = 1, .global_minimum = 1},
    {.id = "A1111-7", .rule = "srbp", .depth = 3, .c = {1, 0, 1}, .c_count = 3, .alpha = 1,
     .beta = 1, .init = {0.5, 0, 0.5}, .ending = ENDING_UNBOUNDED, .limit = {NAN, NAN, NAN},
     .rate = NAN, .global_minimum = NAN},

    {.id = "CH4-1", .rule = "srbp", .depth = 4, .c = {1, 1, 1, 1}, .c_count = 4, .alpha = 1,
     .beta = 1, .init = {0.5, 0.5, 0.5, 0.5}, .ending = ENDING_SETTLED,
     .limit = {1.182246871089545956122456, 1.073853832100510746940486, 0.9515810263584759627642744,
               0.8277532248627252625078185},
     .rate = -4.7404246200111021808, .multiplicity = 1, .global_minimum = 1},
    {.id = "CH4-2", .rule = "srbp", .depth = 4, .c = {1, -2, 0.5, 1}, .c_count = 4, .alpha = 1.5,
     .beta = 1, .init = {-0.5, 0.75, 1, -0.25}, .ending = ENDING_SETTLED,
     .limit = {1.64737486316508548824315, -1.713843939788184136182949, 0.7031548687564143836440714,
               -0.7555732305441496632587405},
     .rate = -4.7239586425865749672, .multiplicity = 1, .global_minimum = 1},
    {.id = "CH5-1", .rule = "srbp", .depth = 5, .c = {1, -2, 0.5, -1, 1}, .c_count = 5,
     .alpha = 1.5, .beta = 1, .init = {-0.5, 0.75, 1, -0.25, 0.5}, .ending = ENDING_SETTLED,
     .limit = {2.327223584207561908380798, -4.415969610891890992690761, -1.367285950540084892388217,
               -1.119470870544303470631033, -0.09535751499861032995947497},
     .rate = -274.13226275086301404, .multiplicity = 1, .global_minimum = 1},
    {.id = "CH6-1", .rule = "srbp", .depth = 6, .c = {1, 1, 1, 1, 1, 1}, .c_count = 6, .alpha = 1,
     .beta = 1, .init = {0.5, 0.5, 0.5, 0.5, 0.5, 0.5}, .ending = ENDING_SETTLED,
     .limit = {1.281275477035234250166062, 1.195833424025933545188879, 1.090008789008794088140012,
               0.9690595800582088938638926, 0.8445382348512960862417024,
               0.7316224150628714716480316},
     .rate = -8.7655770859384772091, .multiplicity = 1, .global_minimum = 1},

    {.id = "BP-1", .rule = "bp", .depth = 2, .alpha = 1, .beta = 1, .init = {0.5, -0.25},
     .ending = ENDING_SETTLED, .limit = {1.047919327763002151361401, 0.9542719305833439065687837},
     .rate = -2.008769834998524663, .multiplicity = 1, .global_minimum = 1},
    {.id = "BP-2", .rule = "bp", .depth = 3, .alpha = 1, .beta = 1, .init = {0.5, -0.25, 1.5},
     .ending = ENDING_SETTLED,
     .limit = {0.8417590156014027716859869, 0.7218436398183768958288742, 1.645769801748179676079512},
     .rate = -3.699687961142820783, .multiplicity = 1, .global_minimum = 1},
    {.id = "BP-3", .rule = "bp", .depth = 2, .alpha = 1, .beta = 1, .init = {0.5, -0.5},
     .ending = ENDING_SADDLE, .limit = {0, 0}, .rate = NAN, .global_minimum = 0},
    {.id = "BP-4", .rule = "bp", .depth = 4, .alpha = -2, .beta = 0.5,
     .init = {0.5, -0.75, 1.5, 0.25}, .ending = ENDING_SETTLED,
     .limit = {1.270085135896365381161613, -1.387665756738591902509231, 1.900819889527908143328758,
               1.193991730467547634466789},
     .rate = -16.939622618951352704, .multiplicity = 1, .global_minimum = 1},
    {.id = "BP-5", .rule = "bp", .depth = 3, .alpha = 1, .beta = 1, .init = {0.5, -0.5, 1.5},
     .ending = ENDING_SADDLE, .limit = {0, 0, 1.414213562373095048801689}, .rate = NAN,
     .global_minimum = 0},

    {.id = "DEC-1", .rule = "rbp", .depth = 2, .c = {1}, .c_count = 1, .alpha = 1, .beta = 1,
     .lambda = 0.125, .init = {0.5, 0.25}, .ending = ENDING_SETTLED,
     .limit = {0.9583584482351547968430265, 0.9184509153036938763397741}, .rate = NAN,
     .multiplicity = 1, .global_minimum = 0},
};

#endif
