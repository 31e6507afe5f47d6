/* Clopper and Pearson's bounds are quantiles of beta distributions.
 *
 * With k hits in n trials, P(Bin(n, p) <= k) = P(Beta(k+1, n-k) > p), so the p at which k or fewer
 * hits have probability 1 - confidence is the quantile `confidence` of Beta(k+1, n-k).  The lower
 * bound is 1 minus the upper bound of the misses.  Rejected: Wald's and Wilson's intervals, which
 * cover less than they say where a class is rare, and rare classes are what maps are made for.
 * GSL's own quantiles of beta distributions are NaN for some arguments, 47 and 19954 among them;
 * here the distribution function is bisected. */
#include "ode/binomial.h"

#include <gsl/gsl_cdf.h>

enum { BISECTIONS = 1100 }; /* enough to reach the smallest double; ends where nothing is between */

/* P(Beta(a, b) <= p) = confidence */
static double beta_quantile(double confidence, double a, double b)
{
    double low = 0, high = 1;
    for (int k = 0; k < BISECTIONS; k++) {
        const double middle = low + (high - low) / 2;
        if (!(low < middle && middle < high))
            break;
        if (gsl_cdf_beta_P(middle, a, b) < confidence)
            low = middle;
        else
            high = middle;
    }
    return high;
}

double binomial_upper_bound(size_t hits, size_t trials, double confidence)
{
    if (hits >= trials)
        return 1;
    return beta_quantile(confidence, (double)hits + 1, (double)(trials - hits));
}

double binomial_lower_bound(size_t hits, size_t trials, double confidence)
{
    if (hits == 0)
        return 0;
    return 1 - beta_quantile(confidence, (double)(trials - hits) + 1, (double)hits);
}

struct binomial_interval binomial_interval(size_t hits, size_t trials, double confidence)
{
    const double each = 1 - (1 - confidence) / 2;
    return (struct binomial_interval){.low = binomial_lower_bound(hits, trials, each),
                                      .high = binomial_upper_bound(hits, trials, each)};
}
