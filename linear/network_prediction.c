/* Where a network of any depth goes, without integrating it: see notes/networks.md. */
#include "linear/network.h"

enum status network_predict(const struct problem *problem, const double *x0, double *limit,
                            struct prediction *prediction)
{
    (void)problem, (void)x0, (void)limit;
    *prediction = prediction_none("notes/networks.md", "no theorem covers this case");
    return OK;
}
