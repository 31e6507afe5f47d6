/* The prediction that says nothing: where every other one starts. */
#include "linear/prediction.h"

#include <math.h>

struct prediction prediction_none(const char *source, const char *reason)
{
    return (struct prediction){.ending = ENDING_HORIZON,
                               .rate = NAN,
                               .error = NAN,
                               .exponent = NAN,
                               .escape_time = NAN,
                               .period = NAN,
                               .clock = NAN,
                               .global_minimum = NAN,
                               .loss = NAN,
                               .source = source,
                               .reason = reason};
}
